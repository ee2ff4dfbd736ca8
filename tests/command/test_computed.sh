#!/bin/sh
# Numbers that sites compute of others: ranks leave where nobody or enough are tied, their products where the order of one
# is not told by the other; splines where enough patients lie between knots; a study that names them wrongly is refused.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cd "$work" || exit 1

study() { # name, derived, what follows
    printf '%s\n' "study: $1" 'features: [f, g, h]' 'covariates: {age: {step: 1}, sex: {levels: [F, M]}}' "derived: $2" \
        'analyses: [moments, covariance, model]' "$3" >"$1.yaml"
}
table() { # Python: rows of f, g, age; sex turns with the row
    python3 -c "
import random
rng = random.Random(4)
def turned(n, runs):
    order, at = list(range(n)), 0
    for run in runs:
        order[at:at + run] = order[at:at + run][::-1]
        at += run
    return order
f, g, age = (lambda n: $1)($2)
print('case,f,g,h,age,sex')
for i, (x, y, z) in enumerate(zip(f, g, age)):
    print('P%d,%r,%r,%r,%d,%s' % (i, x, y, rng.gauss(0, 1), z, 'FM'[i % 2]))" >rows.csv
}
site() { # study, options
    of=$1
    shift
    rm -rf state S.key S.pub S.radsum
    RADIOMILL_STATE=state "$run" keygen S -o . >/dev/null && RADIOMILL_STATE=state "$run" summarise rows.csv -s "$of.yaml" -k S.key -o S.radsum "$@"
}
shows() { # how many products of the panel leave, how many are withheld (a size of 65535)
    python3 -c "
import base64, json, struct
data, at, shown, withheld = base64.b64decode(json.load(open('S.radsum'))['covariance']['products']), 0, 0, 0
while at < len(data):
    size = struct.unpack_from('<H', data, at + 2)[0]
    withheld += size == 65535
    shown += size != 65535
    at += 4 + (0 if size == 65535 else size)
print(shown, withheld)"
}
spread='[rng.gauss(0, 1) for _ in range(n)]'
ages='[25 + i % 60 for i in range(n)]'

# Ties: the sum of squares of ranks tells how many there are.
study ranks '{f_rank: rank of f, g_rank: "rank of g"}' 'covariance: ["*_rank"]'
for tied in 0 9 10; do
    table "([0.5] * $tied + $spread[$tied:], $spread, $ages)" 60
    case $tied in 9) expected=10 ;; *) expected=0 ;; esac
    check "$tied who are tied" expect "$expected" '' site ranks
done
table "([0.5] * 9 + $spread[9:], $spread, $ages)" 60
check 'it says why' expect 10 'f_rank is of ranks, and a few patients have the value of another' site ranks
check 'and can be left out' site ranks --withhold
check 'alone' [ "$(shows)" = '1 0' ]

# Two orders: what one patient does who has the first place in one and the last in the other is the least by which they
# differ, n (n - 1). Of 30 patients 870: runs of 13, 7, 4, 3 and 2 turned round are it, without the last it is 868.
for runs in '13, 7, 4, 3, 2' '13, 7, 4, 3'; do
    case $runs in *2) expected='3 0' ;; *) expected='2 1' ;; esac
    for sign in '' -; do
        table "(list(range(n)), [$sign float(x) for x in turned(n, [$runs])], $ages)" 30
        check "runs of $runs $sign" site ranks
        check 'products' [ "$(shows)" = "$expected" ]
    done
done

# So it is beyond as many ties: of 60 patients with two values 59 pairs out of order, where the order tells the values.
for places in '0 1' '0 2'; do
    case $places in *1) expected='3 0' ;; *) expected='2 1' ;; esac
    table "(list(range(n)), [float(i in (0, 1 + ${places#* }) or i > 31) for i in range(n)], $ages)" 60
    check "two values, $places" site ranks
    check 'products' [ "$(shows)" = "$expected" ]
done
# Another column tells the order as ranks do; what is of the same source has it in public.
study beside '{f_rank: rank of f}' 'covariance: [f_rank, f, g]'
for power in 1 3; do
    table "([x for x in [rng.gauss(0, 1) for _ in range(n)]], $spread, $ages)" 60
    [ $power -eq 1 ] || python3 -c "
rows = [line.split(',') for line in open('rows.csv').read().split()]
for r in rows[1:]: r[2] = repr(float(r[1]) ** 3 + float(r[1]))
open('rows.csv', 'w').write('\n'.join(','.join(r) for r in rows) + '\n')"
    case $power in 1) expected='6 0' ;; *) expected='5 1' ;; esac
    check "a column beside ranks, $power" site beside
    check 'products' [ "$(shows)" = "$expected" ]
done
study within '{f_rank: rank of f}' 'model: [f_rank, sex]'
check 'ranks in the model' expect 10 'is of ranks, whose sums by levels' site within

# Sums of ranks are 0, those of squares of n patients (n^3 - n) / 3: nothing of a patient.
table "($spread, $spread, $ages)" 60
check 'summary' site ranks
check 'of all' python3 -c "
import json
f = [v for v in json.load(open('S.radsum'))['variables'] if v['name'] == 'f_rank'][0]['sets'][0]
value = lambda text: int(text.split('p')[0], 16) * 2 ** int((text.split('p') + ['0'])[1])
assert f[0] == 60 and value(f[1]) == 0 and value(f[2]) == (60 ** 3 - 60) // 3, f"
check 'no sums by sex, no histogram' python3 -c "
import json
s = json.load(open('S.radsum'))
for v in s['variables']:
    if v['name'].endswith('_rank'): assert len(v['sets']) == 1 and not v.get('histogram'), v"
check 'the page says it' sh -c "RADIOMILL_STATE=state '$run' summarise rows.csv -s ranks.yaml -k S.key --preview p.html >said 2>&1 && grep -q f_rank p.html"

# A spline: between two knots ten beyond the five values that are most frequent there, of both sexes.
study spline '{age_s: {of: age, spline: [30, 50, 70]}}' 'model: [age, age_s1]'
# Five years of two and 10 of one between knots; and 9.
for single in 10 9; do
    table "($spread, $spread, ([31 + i % 5 for i in range(10)] + [36 + i for i in range($single)] + [51 + i % 5 for i in range(10)] + [56 + i for i in range(10)] + [20 + i % 10 for i in range(50)] + [71 + i % 10 for i in range(50)])[:n])" 200
    case $single in 9) expected=10 ;; *) expected=0 ;; esac
    check "$single between knots" expect "$expected" '' site spline
done
check 'it says why' expect 10 'age_s1 is a spline' site spline
# With third and fourth powers of the source a combination could rest on those beyond the outer knots.
powers() { # how many powers leave of each number
    python3 -c "
import json
print(*(v['name'] + str(len(v['sets'][0]) - 1) for v in json.load(open('S.radsum'))['variables'] if v['name'] not in 'fgh'))"
}
table "($spread, $spread, [20 + (i * 7) % 60 for i in range(n)])" 240
for derived in '{r: rank of age}' '{age_s: {of: age, spline: [30, 50, 70]}}'; do
    study powers "$derived" 'model: [age]'
    sed -i 's/moments,/moments, skewness,/' powers.yaml
    case $derived in *rank*) expected='age4 r2' ;; *) expected='age2 age_s12' ;; esac
    check "powers of $derived" site powers
    check 'as many' [ "$(powers)" = "$expected" ]
done
study sexes '{age_s: {of: age, spline: [30, 50, 70]}}' 'model: [age, age_s1, sex]'
table "($spread, $spread, [20 + (i * 7) % 60 for i in range(n)])" 240
check 'of both sexes' site sexes
table "($spread, $spread, [(15 if i % 2 else 40) + (i * 7) % 40 for i in range(n)])" 240 # the one sex is older
check 'of one sex' expect 10 'or of a level of the model' site sexes
study small '{age_s: {of: age, spline: [30, 50, 70]}}' 'model: [age, age_s1]'
table "($spread, $spread, [30 + i % 41 for i in range(n)])" 60
check 'of few patients' site small

# What a study may not say.
wrong() { # derived, what it says
    study wrong "$1" ''
    check "$1" expect_line 4 "$2" "$run" study check wrong.yaml
}
wrong '{r: rank of nothing}' 'nothing is not a number of the study'
wrong '{r: "rank of "}' 'rank of NAME'
wrong '{r: rank of sex}' 'sex is not a number'
wrong '{f: rank of g}' 'f is given twice'
wrong '{r: rank of f, q: rank of r}' 'r is not a number of the study'
wrong '{s: {of: age, spline: [1, 2]}}' 'a list of 3 to 10 rising knots'
wrong '{s: {of: age, spline: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}}' 'a list of 3 to 10 rising knots'
wrong '{s: {of: age, spline: [1, 3, 3]}}' 'knots must rise'
wrong '{s: {spline: [1, 2, 3]}}' 'of: age, spline'
wrong '{s: {of: age, spline: [1, 2, 1e13]}}' 'knots lie between'
wrong '{age_s: {of: age, spline: [1, 2, 3]}, age_s1: rank of f}' 'age_s1 is given twice'
study fine '{s: {of: age, spline: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}' ''
check 'ten knots' "$run" study check fine.yaml
report computed
