#!/bin/sh
# What numbers of a pool stand on: minimum_sites and minimum_cell of each number, sites and patients of each row, evidence and
# coverage, where sites hold back levels, variables, pairs and curves.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)/federation/one-site-passes
cd "$work" || exit 1
numbers() { # folder: every row of every table
    python3 "$tests/support/stand_on.py" "$1"
}

# Five sites. E has few women, and a value of f2 that makes up its sum; C, D and E have few values of f3; D and E few that have both f1
# and f4; stage III is at A and B only.
cat >make.py <<'PY'
import csv, random
rng = random.Random(3)
for s, site in enumerate("ABCDE"):
    with open(site + ".csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["case", "f1", "f2", "f3", "f4", "sex", "stage", "response", "months", "event"])
        for i in range(80):
            sex = "F" if (i < 4 if site == "E" else rng.random() < 0.5) else "M"
            stage = rng.choice(["I", "II", "III"] if site in "AB" else ["I", "II"])
            response = "yes" if rng.random() < (0.35 if stage == "I" else 0.6) else "no"
            f2 = 1e6 if site == "E" and i == 5 else rng.gauss(10, 2)
            f3 = rng.gauss(0, 1) if site in "AB" or i < 5 else ""
            f4 = rng.gauss(3, 1) if site in "ABC" or i < 75 else ""
            time, censored = rng.expovariate(0.05), rng.uniform(0, 60)
            few = site in "CDE"  # four events, in the first weeks: too few for a curve
            time = 1 if few and i < 4 else time + 2 if few else time
            censored = censored + 2 if few else censored
            out.writerow(["%s%02d" % (site, i), rng.gauss(5 + s / 4, 1), f2, f3, f4, sex, stage, response,
                          round(min(time, censored), 1), int(i < 4 if few else time < censored)])
PY
python3 make.py
cat >study.yaml <<'X'
study: numbers
features: [f1, f2, f3, f4]
covariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: event, unit: months, grid: [0, 6, 12, 24, 36, 60], groups: [sex]}
groups: [sex, stage]
tables: [[sex, response], [sex, stage]]
covariance: [f1, f2, f3, f4]
model: [sex, stage]
analyses: [moments, groups, histograms, tables, covariance, model, survival]
X
for s in A B C D E; do
    "$run" keygen $s >/dev/null
    check "summary of $s" expect 0 '' "$run" summarise $s.csv -s study.yaml -k $s.key --withhold
done
cat ./?.pub >trusted
check 'a pool' expect 0 'does not say "pass"' "$run" pool study.yaml A.radsum B.radsum C.radsum D.radsum E.radsum -k trusted -o p --withhold
check 'every number stands on enough' numbers p
check 'the page says that some are of fewer sites' sh -c "tr '\\n' ' ' <p/report.html | tr -s ' ' | grep -q 'those of the pooled rows of the sites that show them'"
twin() {
    printf 'moments all\nmoments fewer\nmoments empty\nmoments_by_group fewer\nmoments_by_group empty\ntests fewer\ntables at_least\ncounts known\ntable_tests fewer\nquantiles all\nleave_one_out fewer\n' |
        python3 "$tests/support/twin.py" p A=A.csv=A.radsum B=B.csv=B.radsum C=C.csv=C.radsum D=D.csv=D.radsum E=E.csv=E.radsum
}
check 'and is that of the rows of the sites that show it' twin
check 'a variable that three sites withhold' python3 -c "
import csv
rows = {r['variable']: r for r in csv.DictReader(open('p/moments.csv'))}
assert rows['f3']['sites'] == '2' and not any(rows['f3'][k] for k in ('n', 'missing', 'mean', 'patients')), rows['f3']
assert rows['f2']['sites'] == '4' and rows['f2']['patients'] == '320', rows['f2']
meta = [r for r in csv.DictReader(open('p/meta.csv')) if r['variable'] == 'f3' and r['estimate_of'] == 'mean']
assert len(meta) == 3 and all(r['sites'] == '2' and not r['estimate'] and not r['patients'] for r in meta), meta
quantiles = [r for r in csv.DictReader(open('p/quantiles.csv')) if r['variable'] == 'f3']
assert quantiles and all(r['sites'] == '2' and not r['n'] and not r['low'] for r in quantiles), quantiles
assert not [r for r in csv.DictReader(open('p/histograms.csv')) if r['variable'] == 'f3']"
check 'pairs of fewer sites' python3 -c "
import base64, csv, json, struct
rows = {(r['a'], r['b']): r for r in csv.DictReader(open('p/covariance.csv'))}
def pairs_of(told): # which pairs a file shows: of the panel, lower triangle
    c, out, at = told['covariance'], {}, 0
    data = base64.b64decode(c['products'])
    names = [told['variables'][i]['name'] for i in c['panel']]
    for j, b in enumerate(names):
        for a in names[:j + 1]:
            size = struct.unpack_from('<hH', data, at)[1]
            at += 4 + (0 if size == 65535 else size)
            out[a, b] = size != 65535
    return out
shown = [pairs_of(t) for t in (json.load(open(s + '.radsum')) for s in 'ABCDE') if t['covariance']]
fewer = 0
for key, row in rows.items():
    behind = sum(s.get(key, False) for s in shown)
    assert int(row['sites']) == behind, (row, behind)
    assert (behind >= 3) == bool(row['covariance']) == bool(row['n']) == bool(row['patients']), row
    fewer += 3 <= behind < 5
assert rows['f1', 'f1']['sites'] == '5' and fewer, rows
components = list(csv.DictReader(open('p/components.csv')))
kept = {r['variable'] for r in csv.DictReader(open('p/clusters.csv'))}
least = min(int(r['patients']) for k, r in rows.items() if set(k) <= kept)
assert components and all(r['mixed'] == 'yes' and int(r['patients']) == least for r in components), components"
check 'a curve of two sites' python3 -c "
import csv, json
assert not [r for r in csv.DictReader(open('p/survival.csv'))]
medians = list(csv.DictReader(open('p/survival_medians.csv')))
assert medians[0]['sites'] == '2' and not any(r['n'] or r['events'] or r['median_low'] or r['median_high'] for r in medians), medians
assert {r['site'] for r in csv.DictReader(open('p/survival_by_site.csv'))} == {'A', 'B'}
assert all(not r['p'] and not r['n'] for r in csv.DictReader(open('p/logrank.csv')))
e = json.load(open('p/evidence/survival.csv.json'))
assert e['decision'] == 'empty' and e['patients'] is None and 'relapse' in e['numbers']['less_than_all'][0], e"
check 'a level of two sites in a model' python3 -c "
import csv
rows = [r for r in csv.DictReader(open('p/models.csv')) if r['variable'] == 'f1']
third = [r for r in rows if r['term'] == 'stage=III']
assert len(third) == 2 and all(int(r['sites']) <= 2 and not r['estimate'] and not r['p'] for r in third), third
assert all(r['estimate'] for r in rows if r['term'] == 'stage=II'), rows"
check 'coverage: parts of each analysis by site' python3 -c "
import csv, json
rows = list(csv.DictReader(open('p/coverage.csv')))
at = {(r['analysis'], r['part'], r['site']): r for r in rows}
for s in 'ABCDE':
    told = json.load(open(s + '.radsum'))
    assert at['moments', '', s]['shown'] == str(sum(bool(v['sets'][0]) for v in told['variables'])), s
    assert at['histograms', '', s]['shown'] == str(sum(bool(v['histogram']) for v in told['variables'])), s
    assert at['survival', 'relapse by sex', s]['parts'] == '2'
    assert at['survival', 'relapse', s]['shown'] == str(int(bool(told['survival'][0][0]))), s
    cells = [c for line in told['tables'][0] for c in line]
    assert at['tables', 'sex x response', s]['shown'] == str(sum(c is not None for c in cells)), s
    assert at['reliability', '', s]['asked'] == 'no' and at['moments', '', s]['asked'] == 'yes'
assert all(int(r['parts']) == int(r['shown']) + int(r['withheld']) for r in rows)
assert all(bool(r['rules']) == (r['withheld'] != '0') for r in rows)
assert 'dominance' in at['moments', '', 'E']['rules'] and 'minimum_cell' in at['moments', '', 'C']['rules']"
check 'and on the page' sh -c "grep -q 'What the numbers stand on' p/report.html && grep -q 'survival: relapse' p/report.html"
check 'pooled.json does not tell either' python3 -c "
import json
f3 = [v for v in json.load(open('p/pooled.json'))['variables'] if v['name'] == 'f3'][0]
assert f3['n'] is None and f3['mean'] is None and f3['sums'] == [] and f3['sites'] == 2, f3"

# Three sites.
check 'three sites' expect 0 '' "$run" pool study.yaml C.radsum D.radsum E.radsum -k trusted -o three --withhold
check 'stand on enough as well' numbers three
check 'none can be left out' python3 -c "
import csv, json
rows = list(csv.DictReader(open('three/leave_one_out.csv')))
assert rows and all(int(r['sites']) <= 2 and not r['n'] and not r['mean'] and not r['distance'] for r in rows)
assert json.load(open('three/evidence/leave_one_out.csv.json'))['decision'] == 'empty'"

# The strictest site counts, for each number.
printf 'minimum_sites: 5\n' >policy.yaml
sed '2,$s/^A/G/' A.csv >G.csv
RADIOMILL_STATE=g "$run" keygen G >/dev/null # it has the patients of another
check 'a stricter site' expect 0 '' env RADIOMILL_STATE=g "$run" summarise G.csv -s study.yaml -k G.key --policy policy.yaml --withhold
cat G.pub >>trusted
check 'its rule holds for the pool' expect 0 '' "$run" pool study.yaml G.radsum B.radsum C.radsum D.radsum E.radsum -k trusted -o strict --withhold
check 'for each number' numbers strict
check 'those of four sites are gone' python3 -c "
import csv
rows = {r['variable']: r for r in csv.DictReader(open('strict/moments.csv'))}
assert rows['f1']['mean'] and rows['f2']['sites'] == '4' and not rows['f2']['mean'], rows"

# The known case: two sites are too small, and what came out as pooled was the third.
if [ -d "$cases" ]; then
    mkdir case
    cp "$cases"/* case
    cd case || exit 1
    for s in A B C; do
        "$run" keygen $s >/dev/null && "$run" summarise $s.csv -s study.yaml -k $s.key --withhold >/dev/null 2>&1
    done
    cat ./*.pub >trusted
    check 'one site passes: a pool' "$run" pool study.yaml A.radsum B.radsum C.radsum -k trusted -o pooled
    check 'nothing of it is of one site' numbers pooled
    check 'no curve, count or test either' python3 -c "
import csv, json
read = lambda name: list(csv.DictReader(open('pooled/' + name)))
assert all(int(r['sites']) >= 3 for r in read('survival.csv'))
assert all(not r['n'] for r in read('survival_medians.csv') if r['group'])
hidden = [r for r in read('tables.csv') if r['sites_hiding'] != '0']
assert len(hidden) > 10 and all(r['count'] == '' and r['at_least'] == '' for r in hidden), hidden
assert all(not r['p'] and not r['n'] for r in read('table_tests.csv'))
for name in ('survival.csv', 'tables.csv', 'survival_medians.csv'):
    assert json.load(open('pooled/evidence/%s.json' % name))['decision'] != 'pass', name"
    cd ..
else
    echo "no $cases: left out"
fi

# Three sites that hold back nothing: nobody is sent to look why, though no site can be left out, and there are no pairs and no
# volume.
cat >whole.yaml <<'X'
study: whole
features: [f1]
covariates: {sex: {levels: [F, M]}}
groups: [sex]
analyses: [moments, groups, histograms, tables]
X
for s in A B C; do
    awk -F, -v OFS=, '{ print $1, $2, $6 }' $s.csv >whole_$s.csv
    "$run" summarise whole_$s.csv -s whole.yaml -k $s.key -o whole_$s.radsum >/dev/null 2>&1
done
quiet() { # summaries
    rm -rf w && "$run" pool whole.yaml "$@" -k trusted -o w >out 2>err && ! grep -q evidence err
}
check 'three whole sites: nothing to look at' quiet whole_A.radsum whole_B.radsum whole_C.radsum
check 'their evidence says that nobody could be left out' grep -q '"decision": "empty"' w/evidence/leave_one_out.csv.json
report coverage
