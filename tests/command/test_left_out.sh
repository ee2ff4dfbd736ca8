#!/bin/sh
# Counts of rows that are left out: of how many patients they are, and what follows from two of them.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cd "$work" || exit 1
export XDG_STATE_HOME="$work/state"

summarise() { # table, study, then options: as a site without a ledger
    table=$1 study=$2
    shift 2
    rm -rf site state "$RADIOMILL_STATE"
    mkdir site
    "$run" keygen S -o site >/dev/null && "$run" summarise "$table.csv" -s "$study.yaml" -k site/S.key -o out.radsum "$@"
}
says() { # a line of Python on c, the rows that were left out
    python3 -c "
import json
c = json.load(open('out.radsum'))['cohort']
assert $1, c"
}
rows() { # patients, how many of them are of another region, how many miss y, clinical rows of nobody
    python3 -c "
with open('t.csv', 'w') as t, open('clinical.csv', 'w') as c:
    t.write('case,roi,x,y\n')
    c.write('case,age\n')
    for i in range($1 + $4):
        c.write('p%d,%d\n' % (i, 40 + i % 30))
    for i in range($1):
        y = '' if $2 <= i < $2 + $3 else '%.4f' % ((i * 7919 % 1000) / 999)
        t.write('p%d,%s,%.4f,%s\n' % (i, 'b' if i < $2 else 'a', (i * 6007 % 1000) / 999, y))"
}
printf 'study: s\nwhere: {roi: a}\nfeatures: [x, y]\nmissing: complete\ncovariates: {age: {unit: years, step: 1}}\nanalyses: [moments]\n' >s.yaml

# Whoever knows that 12 rows of the clinical table have no features has what is left of its rows without a match.
for other in 0 1 9 10; do
    rows 90 $other 0 12
    check "$other patients of another region, 12 without features" expect 0 '' summarise t s --clinical clinical.csv
    case $other in 0 | 10) want=$((12 + other)) ;; *) want=None ;; esac
    check 'clinical rows without a match, where nobody follows' says "c['unmatched'] == $want"
done
# Whoever knows how large the clinical table is has how many were incomplete.
for miss in 0 1 9 10; do
    rows 90 0 $miss 12
    check "$miss are incomplete" expect 0 '' summarise t s --clinical clinical.csv
    case $miss in 0 | 10) want=12 ;; *) want=None ;; esac
    check 'clinical rows without a match, where nobody follows' says "c['unmatched'] == $want and c['patients'] == 90 - $miss"
done
check 'the screen has the number' expect 0 '' summarise t s --clinical clinical.csv --preview
check 'as it is' grep -q '10 incomplete; 12 clinical rows' out

# Rows are not patients: each patient of another region has six rows.
for patients in 1 9 10; do
    python3 -c "
print('case,roi,x,y')
for i in range(60 + $patients):
    for k in range(1 if i < 60 else 6):
        print('p%d,%s,%.4f,%.4f' % (i, 'a' if i < 60 else 'b%d' % k, (i * 6007 % 1000) / 999, (i * 7919 % 1000) / 999))" >many.csv
    printf 'study: m\nwhere: {roi: a}\nfeatures: [x, y]\nanalyses: [moments]\n' >m.yaml
    check "$patients patients with six rows of another region" expect 0 '' summarise many m
    check 'are few, or counted' says "c['excluded'] == (60 if $patients == 10 else None)"
done
# All but a few have a second region.
for without in 0 1 9 10; do
    python3 -c "
print('case,roi,x,y')
for i in range(60):
    for roi in 'ab' if i >= $without else 'a':
        print('p%d,%s,%.4f,%.4f' % (i, roi, (i * 6007 % 1000) / 999, (i * 7919 % 1000) / 999))" >many.csv
    check "$without have no second region" expect 0 '' summarise many m
    case $without in 0 | 10) want=$((60 - without)) ;; *) want=None ;; esac
    check 'which follows of nobody, or of ten' says "c['excluded'] == $want"
done

# Further occasions: of few patients, each with many; of few beside those who have a value on all of them.
printf 'study: r\nfeatures: [x, y]\nrepeats: {occasion: at, levels: [a, b, c, d]}\nanalyses: [moments]\n' >r.yaml
for again in 1 9 10; do
    python3 -c "
print('case,at,x,y')
for i in range(60):
    for at in 'abcd' if i < $again else 'a':
        print('p%d,%s,%.4f,%.4f' % (i, at, (i * 6007 % 1000) / 999, (i * 7919 % 1000 + ord(at)) / 999))" >r.csv
    check "$again patients come four times" expect 0 '' summarise r r
    check 'they are few, or counted' says "c['repeats'] == (30 if $again == 10 else None)"
done
printf 'study: r\nfeatures: [y]\nrepeats: {occasion: at, levels: [a, b]}\nanalyses: [moments, reliability]\n' >r.yaml
for less in 0 1 9 10; do
    python3 -c "
print('case,at,y')
for i in range(60):
    for at in 'ab' if i < 40 else 'a':
        y = '' if at == 'b' and i < $less else '%.4f' % ((i * 7919 % 1000 + 9 * (at == 'b') * (i * 31 % 11)) / 999)
        print('p%d,%s,%s' % (i, at, y))" >r.csv
    check "$less of 40 miss a value when they come again" expect 0 '' summarise r r --withhold
    case $less in 0 | 10) want=40 ;; *) want=None ;; esac
    check 'how many come again follows from no other number' says "c['repeats'] == $want"
done

report left_out
