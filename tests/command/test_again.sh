#!/bin/sh
# What left before, in other units or with values that were put right, while patients come, go and change groups.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cd "$work" || exit 1
python3 -c "
import random
rng = random.Random(5)
n = 60
x, y = ([rng.gauss(100, 15) for _ in range(n)] for _ in range(2))
half = [str(i % 2) for i in range(n)]
odd = [h if i != 7 else str(1 - int(h)) for i, h in enumerate(half)]  # one patient is in the other half
def write(name, columns, rows=range(n)):
    head = ['case', 'half'] + [c for c, _ in columns]
    open(name, 'w').write('\n'.join([','.join(head)] + [','.join(['P%02d' % i, half[i]] + [str(v[i]) for _, v in columns]) for i in rows]) + '\n')
mm, y = ['%.7g' % v for v in x], ['%.7g' % v for v in y]
cm, squared = ['%.9g' % (float(v) / 10) for v in mm], ['%.9g' % (1e6 / float(v)) for v in mm]
write('mm.csv', [('mm', mm), ('odd', odd), ('y', y)])
write('cm.csv', [('cm', cm), ('odd', odd), ('y', y)])
write('inverse.csv', [('inverse', squared), ('odd', odd), ('y', y)])
write('other.csv', [('other', y), ('odd', odd)])
# two groupings that differ in fourteen patients, of whom 2 have values that were put right
cross = [str(1 - int(h)) if i in (7, 8) or (i >= 24 and i % 3 == 0) else h for i, h in enumerate(half)]
same = [str(1 - int(h)) if i >= 24 and i % 3 == 0 else h for i, h in enumerate(half)]
right = ['%.7g' % (float(v) * 1.3) if i < 24 else v for i, v in enumerate(mm)]
write('before.csv', [('mm', mm), ('cross', cross), ('same', same)])
write('right.csv', [('mm', right), ('cross', cross), ('same', same)])
grade = [str(i % 3) for i in range(n)]  # its sum is that of those of 1 or more, and of 2, but for one patient
low, high = [str(int((i % 3 > 0) != (i == 7))) for i in range(n)], [str(int(i % 3 == 2)) for i in range(n)]
write('grade.csv', [('mm', mm), ('grade', grade), ('low', low), ('true', [str(int(i % 3 > 0)) for i in range(n)]), ('high', high)])
"
keygen() {
    "$run" keygen "$1" >/dev/null
}
keygen A
study() { # id, feature, group
    printf 'study: %s\nfeatures: [%s]\ncovariates: {%s: {levels: ["0", "1"]}}\ngroups: [%s]\nanalyses: [moments, groups]\n' "$1" "$2" "$3" "$3" >"$1.yaml"
}
release() { # exit code, words, table, study, then options
    code=$1 words=$2 table=$3 study=$4
    shift 4
    expect_line "$code" "$words" "$run" summarise "$table" -s "$study.yaml" -k A.key -o out.radsum "$@"
}
study first mm half
study second cm odd
study third inverse odd
study fourth other odd
study fifth cm half
check 'a release in mm' release 0 '' mm.csv first
check 'in cm, by a group that differs in one patient' release 10 'refused (differencing)' cm.csv second --preview
check 'which the screen names, with the set that it differs from' grep -q '(here odd [01], by 1 from a set of [23][0-9] patients of study first)' err
check 'the inverse' release 10 'refused (differencing)' inverse.csv third --preview
check 'another column is another' release 0 '' other.csv fourth --preview
check 'in cm, by the same group' release 0 '' cm.csv fifth
check 'and then in cm by the other' release 10 'refused (differencing)' cm.csv second --preview
forget
both() { # id, the other group
    printf 'study: %s\nfeatures: [mm]\ncovariates: {half: {levels: ["0", "1"]}, %s: {levels: ["0", "1"]}}\ngroups: [half, %s]\nanalyses: [moments, groups]\n' "$1" "$2" "$2" >"$1.yaml"
}
both sixth cross
both seventh cross
both eighth same
both ninth same
check 'two groupings' release 0 '' before.csv sixth
check 'values put right, of which two are in other groups' release 10 'refused (differencing): mm has other values than before for some patients' right.csv seventh --preview
forget
check 'two other groupings' release 0 '' before.csv eighth
check 'values put right, of which none is' release 0 '' right.csv ninth --preview
forget
printf 'study: graded\nfeatures: [mm]\ncovariates: {grade: {step: 1}}\nmodel: [grade]\nanalyses: [moments, model]\n' >graded.yaml
for low in low true; do
    printf 'study: %s\nfeatures: [mm]\ncovariates: {%s: {levels: ["0", "1"]}, high: {levels: ["0", "1"]}}\ngroups: [%s, high]\nanalyses: [moments, groups]\n' $low $low $low >$low.yaml
done
check 'a model of a score' release 0 '' grade.csv graded
check 'which left' sh -c "python3 -c 'import json; assert json.load(open(\"out.radsum\"))[\"models\"][0]'"
check 'its dichotomies, of which one is another in one patient' release 10 'refused (differencing)' grade.csv low --preview
check 'and where none is' release 0 '' grade.csv true --preview

# Of patients who come or go: histograms of a few of them, and products of which so many combinations rest on few.
forget
python3 - <<'X'
import random
r = random.Random(3)
rows = [['P%03d' % i] + ['%.4f' % r.gauss(20, 4) for _ in range(5)] for i in range(100)]
for name, some in (('all', rows), ('less', rows[12:]), ('far', rows[30:])):
    with open(name + '.csv', 'w') as f:
        f.write('case,f0,n0,n1,n2,n3\n' + ''.join(','.join(x) + '\n' for x in some))
X
for id in weighed weighed_less weighed_far; do
    printf 'study: %s\nfeatures: [f0]\ncovariates: {n0: number, n1: number, n2: number, n3: number}\ncovariance: [f0, n0, n1, n2, n3]\nanalyses: [moments, covariance]\n' $id >$id.yaml
done
check 'products of five numbers' release 0 '' all.csv weighed
check 'again of the same patients' release 0 '' all.csv weighed_less --preview
check 'without twelve: five combinations of each leave few of them' release 10 'refused (differencing): sums of products' less.csv weighed_less --preview
check 'without thirty' release 0 '' far.csv weighed_far --preview
forget
for id in counted counted_less counted_same; do
    printf 'study: %s\nfeatures: [f0]\nanalyses: [moments, histograms]\n' $id >$id.yaml
done
intervals() { # of the summary that left last
    python3 -c 'import json; v = json.load(open("out.radsum"))["variables"][0]["histogram"]; print(len(v) if v else "none")'
}
check 'a histogram' release 0 '' all.csv counted
some=$(intervals)
check 'again of the same patients' release 0 '' all.csv counted_same
check 'is the same' [ "$(intervals)" = "$some" ]
check 'without twelve it stays at home' release 0 'histograms that stay at home: 1;' less.csv counted_less
check 'and so it does not leave' [ "$(intervals)" = none ]
check 'the same again' release 0 '' less.csv counted_less
check 'is the same release' grep -q 'as before' out

# One number in two forms: the other way round, with other ends of its grid.
forget
python3 - <<'X'
import random
r = random.Random(5)
with open('forms.csv', 'w') as f:
    f.write('case,mm,inverse,other\n')
    for i in range(120):
        x = round(r.gauss(20, 4), 3)
        f.write('P%03d,%.3f,%.9f,%.3f\n' % (i, x, 1 / x, r.gauss(20, 4)))
X
for id in mm,inverse mm,other; do
    printf 'study: %s\nfeatures: [%s]\nanalyses: [moments, histograms]\nvariables: {mm: {grid: {from: 0, to: 40, cells: 43}}, inverse: {step: 0.000001}}\n' "$(echo $id | tr , _)" $id |
        if [ $id = mm,other ]; then sed 's/, inverse: {step: 0.000001}//'; else cat; fi >"$(echo $id | tr , _).yaml"
done
which_intervals() { python3 -c 'import json; print(*[bool(v["histogram"]) for v in json.load(open("out.radsum"))["variables"]])'; }
check 'a number and its inverse' release 0 '' forms.csv mm_inverse
check 'the first of them has a histogram' [ "$(which_intervals)" = 'True False' ]
forget
check 'two numbers' release 0 '' forms.csv mm_other
check 'both have one' [ "$(which_intervals)" = 'True True' ]
report again
