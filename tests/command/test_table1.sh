#!/bin/sh
# Table 1 and the flow of patients of a pool: what sites hold back is empty there, and nothing else is.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh
cd "$work" || exit 1
python3 -c "
import random
rng = random.Random(5)
for k, site in enumerate('ABC'):
    with open(site + '.csv', 'w') as out, open(site + '_clinical.csv', 'w') as clinical:
        out.write('patient,roi,f\n')
        clinical.write('patient,age,sex,stage\n')
        for i in range(90):
            out.write('%s%d,%s,%.4f\n' % (site, i, 'b' if i < (20, 4, 0)[k] else 'a', rng.gauss(0, 1)))
            sex = 'F' if i % 2 else 'M'
            # at C few women have stage III
            stage = 'I' if i % 3 == 0 else 'II' if i % 3 == 1 or (site == 'C' and sex == 'F' and i > 20) else 'III'
            clinical.write('%s%d,%s,%s,%s\n' % (site, i, '' if site == 'B' and i > 40 and i % 2 else rng.randint(40, 80), sex, stage))
        for i in range((0, 12, 3)[k]):
            clinical.write('none%d,50,F,I\n' % i)"
cat >study.yaml <<'X'
study: table1
patient: patient
where: {roi: a}
features: [f]
covariates: {age: {step: 1, unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
derived: {old: "age >= 65"}
groups: [sex]
tables: [[sex, stage], [old, sex]]
analyses: [moments, groups, histograms, tables]
X
for s in A B C; do
    "$run" keygen $s >/dev/null
    "$run" summarise $s.csv -s study.yaml -k $s.key --clinical ${s}_clinical.csv 2>/dev/null || exit 1
done >/dev/null
cat ./*.pub >trusted
check 'a pool' expect 0 '' "$run" pool study.yaml A.radsum B.radsum C.radsum -k trusted -o pooled
check 'rows that were read, where they are told' python3 -c "
import csv
flow = {r['site']: r for r in csv.DictReader(open('pooled/flow.csv'))}
assert [flow[s]['excluded'] for s in 'ABC'] == ['20', '', '0'], flow
assert [flow[s]['rows'] for s in 'ABC'] == ['90', '', '90'] and flow['']['rows'] == flow['']['excluded'] == ''
assert [flow[s]['patients'] for s in ('A', 'B', 'C', '')] == ['70', '86', '90', '246']
assert [flow[s]['unmatched'] for s in 'ABC'] == ['20', '', ''], flow # of B's 16 four are excluded"
check 'numbers, counts, shares; what is held back is empty' python3 -c "
import csv
rows = list(csv.DictReader(open('pooled/table1.csv')))
of = lambda g, l, v, x: next(r for r in rows if (r['group'], r['group_level'], r['variable'], r['level']) == (g, l, v, x))
age = of('', '', 'age', '')
assert age['n'] == '221' and age['missing'] == '25' and age['unit'] == 'years' and float(age['mean']) and not age['q3'] # which is not certain enough
assert of('', '', 'sex', 'F')['count'] == '123' and of('', '', 'sex', 'F')['percent'] == '50'
women = of('sex', 'F', 'stage', 'III')
assert women['count'] == women['percent'] == women['patients'] == '' and women['sites'] == '2', women
assert of('sex', 'F', 'age', '')['missing'] == '25' and of('sex', 'M', 'age', '')['missing'] == '0'
smd = {(r['group'], r['variable']): r for r in csv.DictReader(open('pooled/table1_smd.csv'))}
assert smd['sex', 'age']['smd'] and smd['sex', 'age']['sites'] == '3' and not smd['sex', 'stage']['smd'] and smd['sex', 'stage']['sites'] == '2', smd
assert not any(r['variable'] == 'f' for r in rows)
assert all(not r['count'] or int(r['count']) == 0 or int(r['count']) >= 10 for r in rows)"
check 'of sites, for the coordinator' python3 -c "
import csv, json
rows = list(csv.DictReader(open('pooled/table1_by_site.csv')))
assert {r['site'] for r in rows} == set('ABC')
b = next(r for r in rows if r['site'] == 'B' and r['variable'] == 'age')
assert (b['n'], b['missing']) == ('61', '25'), b
for name, reader in (('table1', 'readers'), ('table1_by_site', 'coordinator'), ('flow', 'coordinator')):
    assert json.load(open('pooled/evidence/%s.csv.json' % name))['for'] == reader, name"
check 'the page has them' sh -c "grep -q '<caption>Patients by sex</caption>' pooled/report.html && grep -q '<caption>Flow of patients</caption>' pooled/report.html &&
    grep -q '<caption>Patients by site</caption>' pooled/report.html"
report table1
