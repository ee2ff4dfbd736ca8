#!/bin/sh
# What leaves is little: no count of a few patients, in whatever place; no end of the last patient; no third powers that
# nobody asked for.
set -u
run=$(pwd)/${BUILD:-build}/radiomill counts=$(pwd)/tests/support/counts.py
. tests/support/checks.sh
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}/federation" 2>/dev/null && pwd)
cd "$work" || exit 1
export XDG_STATE_HOME="$work/state"

# A table of 60 patients: x, y that the first `missing` of them miss, sex, stage and times.
table() { # name, patients, who misses y, who has no sex, who is of another region
    python3 -c "
import random
rng = random.Random($2)
with open('$1.csv', 'w') as out:
    out.write('case,roi,sex,stage,months,event,x,y\n')
    for i in range($2):
        sex = '' if i < $4 else 'FM'[i % 2]
        out.write('p%d,%s,%s,%s,%.2f,%d,%.4f,%s\n' % (i, 'b' if i >= $2 - $5 else 'a', sex, 'I II III'.split()[i % 3],
                  rng.expovariate(0.05), rng.random() < 0.6, 1 + rng.random(), '' if i < $3 else '%.4f' % (1 + rng.random())))"
}
study() { # name, then lines of the study
    name=$1
    shift
    printf 'study: %s\nfeatures: [x, y]\n' "$name" >"$name.yaml"
    printf '%s\n' "$@" >>"$name.yaml"
}
summarise() { # table, study, then options: as a site without a ledger
    table=$1 study=$2
    shift 2
    rm -rf site state "$RADIOMILL_STATE"
    mkdir site
    "$run" keygen S -o site >/dev/null && "$run" summarise "$table.csv" -s "$study.yaml" -k site/S.key -o out.radsum "$@"
}
none_small() { # the factors that are groups
    python3 "$counts" out.radsum 10 "$@"
}
says() { # a line of Python on s, the summary
    python3 -c "
import json
s = json.load(open('out.radsum'))
assert $1, $1 if isinstance($1, (bool, list, dict)) else s['cohort']"
}

# Missing values: how many patients have a variable is no difference of a few to how many there are.
study plain 'analyses: [moments, histograms]'
for missing in 1 9; do
    table t 60 $missing 0 0
    check "$missing miss a variable: refused by name" expect_line 10 "refused (minimum_cell): y is missing of a few patients" summarise t plain
    check 'with how many on the screen' grep -qF "(here $missing miss it)" err
    check 'left out' expect 0 "y is missing of a few patients" summarise t plain --withhold
    check 'and nothing tells' none_small
    check 'as null' says "s['variables'][1]['sets'] == [None] and s['variables'][0]['sets'][0][0] == 60"
    study complete 'missing: complete' 'analyses: [moments, histograms]'
    check 'or these patients are' expect 0 '' summarise t complete
    check 'which tells of nobody' none_small
    check 'as few' says "s['cohort']['incomplete'] is None and s['cohort']['patients'] == 60 - $missing"
done
table t 60 10 0 0
check 'ten miss it' expect 0 '' summarise t plain
check 'which is no small count' says "s['variables'][1]['sets'][0][0] == 50"
check 'as the scan says' none_small

# Of few patients who have it, the words say nothing either.
table t 60 51 0 0
check 'nine have a variable' expect 0 '(here 9 have values)' summarise t plain --withhold
check 'whose words have no number' none_small
table t 60 49 0 0
check 'eleven have it' expect 0 '' summarise t plain

# By group: 12 miss y, of whom 6 are women: how many women have it would tell.
study groups 'covariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}' 'groups: [sex, stage]' 'analyses: [moments, groups]'
table t 90 12 0 0
check 'missing by group' expect 0 '' summarise t groups
check 'is not told' none_small 0 1
check 'but that of all is' says "s['variables'][1]['sets'][0][0] == 78 and s['variables'][0]['sets'][1][0] == 45"
table t 150 60 0 0
check 'many miss it in each group' expect 0 '' summarise t groups
check 'and each group has its sums' says "None not in s['variables'][1]['sets']"
check 'with no small count' none_small 0 1
for none in 1 3 9; do
    table t 60 0 $none 0
    check "$none without a sex" expect 0 '' summarise t groups
    check 'are not counted' none_small 0 1
    check 'nor followed from the others' says "s['levels'][0].count(None) == 2"
done

# Rows that are left out.
study where 'where: {roi: a}' 'analyses: [moments]'
for other in 1 9 10; do
    table t 60 0 0 $other
    check "$other rows of another region" expect 0 '' summarise t where
    check 'are counted from ten on' none_small
    check 'else they are few' says "s['cohort']['excluded'] == (10 if $other == 10 else None)"
    check 'which is on the screen' expect 0 '' summarise t where --preview
    check 'as they are' grep -q "Rows left out: $other not of the study" out
done
table t 60 0 0 0
check 'none left out' expect 0 '' summarise t where
check 'is said' says "s['cohort']['excluded'] == 0"
study clinical 'covariates: {age: {unit: years}}' 'analyses: [moments]'
for more in 1 9 10; do
    python3 -c "print('case,age\n' + '\n'.join('p%d,%d' % (i, 40 + i % 30) for i in range(60 + $more)))" >clinical.csv
    check "$more clinical rows without features" expect 0 '' summarise t clinical --clinical clinical.csv
    check 'are counted from ten on' none_small
    check 'else they are few' says "s['cohort']['unmatched'] == (10 if $more == 10 else None)"
done

# Repeats: neither few that there are, nor few that there are not.
study repeats 'repeats: {occasion: session, levels: [first, second]}' 'analyses: [moments]'
for second in 0 1 9 10 50 51 59 60; do
    python3 -c "
for i, line in enumerate(open('t.csv').read().split()):
    for session in ('first', 'second'):
        if i == 0 and session == 'first': print('session,' + line)
        if i and (session == 'first' or i <= $second): print(session + ',' + line)" >r.csv
    check "$second of 60 have a repeat" expect 0 '' summarise r repeats
    check 'few have it, or have it not' none_small
    check 'is told of many' says "s['cohort']['repeats'] == ($second if $second in (0, 10, 50, 60) else None)"
done

# Histograms: what lies beyond the tenth value from either end changes nothing of the file but the sums.
ends() { # lines of the study; then the values of two tables, as lines of Python on i of 60 patients
    study ends "$1" 'analyses: [moments, histograms]'
    sed -i 's/^features: .*/features: [x]/' ends.yaml
    for one in "$2" "$3"; do
        python3 -c "
print('case,x')
for i in range(60): print('p%d,%r' % (i, $one))" >e.csv
        summarise e ends >/dev/null 2>&1
        python3 -c "import json; print(json.load(open('out.radsum'))['variables'][0]['histogram'])" >"${seen:-first}"
        seen=second
    done
    unset seen
    cmp first second && ! grep -q None first
}
for grid in '{from: 88, to: 94, cells: 6}' '{from: 0, to: 120, cells: 120}' '{from: 50, to: 60, cells: 7}' '{relative: 0.01}' '{relative: 0.5}'; do
    line="variables: {x: {grid: $grid}}"
    check "the last one, $grid" ends "$line" '50 + i / 2.0 + i / 100' '50 + (i if i < 59 else 100) / 2.0 + min(i, 59) / 100'
    check "the first one, $grid" ends "$line" '50 + i / 2.0' '50 + i / 2.0 if i else 7.25'
    check "nine on either side, $grid" ends "$line" '50 + i / 2.0' '50 + i / 2.0 if 9 <= i < 51 else 80 + i if i > 9 else 20 + i'
done

# Life tables: enough leave in every interval, of every stratum.
grid=$(python3 -c 'print([k / 4 for k in range(200)])')
study life "outcomes: {relapse: {time: months, event: event, grid: $grid}}" 'covariates: {sex: {levels: [F, M]}}' 'groups: [sex]' 'analyses: [moments, survival]'
leave() { # a line of Python on i and rng for the time of patient i, of 60
    python3 -c "
import csv, random
rng = random.Random(7)
rows = list(csv.DictReader(open('t.csv')))
out = csv.DictWriter(open('times.csv', 'w'), list(rows[0]))
out.writeheader()
for i, r in enumerate(rows):
    r['months'] = $1
    out.writerow(r)"
}
for when in 'rng.expovariate(0.05)' '4.06 if i < 1 else 20 + rng.random()' '[3, 9, 15, 21, 27, 33][i % 6]' '20' 'rng.uniform(0, 100)'; do
    leave "$when"
    summarise times life --withhold >/dev/null 2>&1
    check "times by $when" none_small
    check 'with nobody in no interval' says "all(not t or all(sum(t['counts'][i:i + 2]) >= 10 for i in range(0, len(t['counts']) - 1, 2)) for t in s['survival'][0])"
done
for stay in 1 9 10; do
    leave "60 if i < $stay else rng.uniform(0, 49)"
    check "$stay stay beyond the grid" expect 0 '' summarise times life
    check 'and are told from ten on' none_small
    check 'of the end of the grid' says "s['survival'][0][0]['edges'][-1] == 199 and s['survival'][0][0]['counts'][-1] == (10 if $stay == 10 else 0)"
    leave "'' if i < $stay else rng.uniform(0, 49)"
    summarise times life --withhold >/dev/null 2>err
    check "$stay have no time" none_small
    check 'and the outcome is refused where they are few' says "(s['survival'][0][0] is None) == ($stay < 10)"
done

# The pool leaves empty what it does not know.
table t 60 0 0 3
for s in A B C; do
    rm -rf "$RADIOMILL_STATE" # the same patients at each
    "$run" keygen $s >/dev/null
    "$run" summarise t.csv -s where.yaml -k $s.key >/dev/null 2>&1
done
cat ./?.pub >trusted
check 'a pool of what is few' expect 0 '' "$run" pool where.yaml A.radsum B.radsum C.radsum -k trusted -o pooled
check 'has empty counts' python3 -c "
import csv, json
rows = list(csv.DictReader(open('pooled/sites.csv')))
assert all(r['excluded'] == '' and r['incomplete'] == '0' and r['patients'] == '57' for r in rows), rows"

# Third and fourth powers.
study shape 'covariates: {sex: {levels: [F, M]}}' 'groups: [sex]' 'analyses: [moments, skewness, groups]'
table t 60 0 0 0
check 'without skewness' expect 0 '' summarise t groups
check 'two powers' says "{len(m) for v in s['variables'] for m in v['sets']} == {3}"
check 'with skewness' expect 0 '' summarise t shape
check 'four, of all patients only' says "{(k, len(m)) for v in s['variables'] for k, m in enumerate(v['sets'])} == {(0, 5), (1, 3), (2, 3)}"

# The cases.
case_of() { # name: its files, as a site without a ledger
    rm -rf ./state here
    cp -r "$cases/$1" here && cd here && "$run" keygen A >/dev/null
}
if [ -n "$cases" ]; then
    case_of small-counts
    check 'small counts' expect 0 '(here 1 has values)' "$run" summarise A.csv -s study.yaml -k A.key --withhold -o out.radsum
    check 'in no place' none_small
    sed 's/^features: .*/&\ncovariates: {hiv: {levels: [neg, pos]}}/' where.yaml >declared.yaml
    rm -rf "$RADIOMILL_STATE" && "$run" keygen B >/dev/null
    check 'where of a declared variable' expect 0 '' "$run" summarise A.csv -s declared.yaml -k B.key -o out.radsum
    check 'says nothing of the one' none_small
    cd ..
    case_of oldest-patient
    check 'the oldest patient' expect 0 '' "$run" summarise A.csv -s study.yaml -k A.key -o out.radsum
    cp A.csv full.csv
    python3 -c "
import csv
rows = list(csv.DictReader(open('full.csv')))
last = max(range(len(rows)), key=lambda i: float(rows[i]['age']))
assert float(rows[last]['age']) == 92
out = csv.DictWriter(open('A.csv', 'w'), list(rows[0]))
out.writeheader()
for i, r in enumerate(rows): out.writerow(dict(r, age=84 if i == last else r['age']))"
    rm -rf "$RADIOMILL_STATE" && "$run" keygen B >/dev/null
    check 'as one of 84' expect 0 '' "$run" summarise A.csv -s study.yaml -k B.key -o other.radsum
    check 'leaves the same counts' python3 -c "
import json
one, other = ([v['histogram'] for v in json.load(open(f))['variables']] for f in ('out.radsum', 'other.radsum'))
assert one == other and one[-1], (one, other)"
    cd ..
    case_of empty-intervals
    check 'empty intervals' expect 0 '' "$run" summarise A.csv -s study.yaml -k A.key -o A.radsum
    cp A.radsum out.radsum
    check 'of nobody' none_small
    check 'of whom nothing is found' sh -c 'found=$(python3 recover.py) && [ -z "$found" ]'
    cd ..
    case_of few-differ-in-a-group
    "$run" summarise A.csv -s study.yaml -k A.key --withhold -o out.radsum >/dev/null 2>&1
    check 'no third powers of a group' python3 -c "
import json, os
if os.path.exists('out.radsum'):
    assert all(m is None or len(m) == 3 for v in json.load(open('out.radsum'))['variables'] for m in v['sets'])"
    cd ..
else
    echo 'no ../shared/cases: they are left out'
fi
report less
