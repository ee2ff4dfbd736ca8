#!/bin/sh
# Summaries and pools as sites and statisticians use them, and attacks on what leaves.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests no_rules=$(pwd)/${BUILD:-build}/tests/no_rules
cohort=$(cd "${RADIOMILL_DATA:-../shared/data}" 2>/dev/null && pwd)/cohort/sts_features.csv
python3 "$tests/support/cohort.py" "$work" 4 60 12
cd "$work" || exit 1
cat >study.yaml <<'X'
study: generated
patient: patient
features: [f*]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  stage: {levels: [I, II, III, IV]}
outcomes:
  response: {levels: ["no", "yes"]}
groups: [sex, response]
tables: [[sex, stage], [response, stage]]
variables:
  "f*": {grid: {relative: 0.01}}
covariance: [f0000, f0001, f0003, f0007, age]
X
sed -i '/^  "f\*": {grid/r steps' study.yaml
# A study that differs from it: old text, new text.
variant() {
    python3 -c "
import sys
text = open('study.yaml').read()
assert sys.argv[2] in text, sys.argv[2]
open(sys.argv[1], 'w').write(text.replace(sys.argv[2], sys.argv[3]))" "$@"
}
summarise() { # table, key, then options
    table=$1 key=$2
    shift 2
    "$run" summarise "$table" --study study.yaml --key "$key.key" --withhold "$@"
}

check 'study check' expect 0 '' "$run" study check study.yaml
check 'it says what it asks for' grep -q 'stage: 4 levels' out
for s in 1 2 3 4; do
    check "keys of site $s" expect 0 '' "$run" keygen "s$s"
done
check 'a secret key is for its owner' sh -c 'test "$(stat -c %a s1.key)" = 600'
check 'keys are not overwritten' expect_line 5 'never overwritten' "$run" keygen s1
cat s?.pub >keys
check 'a preview' summarise s1.csv s1 --preview
summarise s1.csv s1 --preview >preview 2>/dev/null
check 'it says what leaves' grep -q 'What would leave site s1 for study generated: sums over 60 patients' preview
check 'and what the rules are' grep -q 'minimum_cell 10 (default)' preview
check 'and writes nothing' sh -c '! ls ./*.radsum 2>/dev/null && ! grep -l study "$RADIOMILL_STATE"/*.ledger'
for s in 1 2 3 4; do
    check "summary of site $s" expect 0 '' summarise "s$s.csv" "s$s"
done
check 'no name of a patient leaves, nor stands in a ledger' sh -c '! grep -l "S[1-4]-0" ./*.radsum "$RADIOMILL_STATE"/*.ledger'
check 'a pool' expect 0 '' "$run" pool study.yaml s1.radsum s2.radsum s3.radsum s4.radsum -k keys -o p
check 'another order of files, one thread' expect 0 '' "$run" pool study.yaml s4.radsum s2.radsum s1.radsum s3.radsum -k keys -o q -t 1
check 'gives the same bytes' diff -r p q
check 'rows of tables are as long as their heads' python3 "$tests/support/cells.py" p/report.html
check 'tables that programs read' python3 -c "
import csv, json, math
rows = list(csv.DictReader(open('all.csv')))
near = lambda a, b, step: abs(a - b) <= step / 2 * 1.01 + 1e-12 * abs(b) # docs/numerics.md
steps = {v['name']: v['step'] for v in json.load(open('p/pooled.json'))['variables']}
assert steps['f0003'] == 2.0**26 and steps['f0007'] == 2.0**-30 and steps['f0000'] == 2.0**-16, steps
moments = {r['variable']: r for r in csv.DictReader(open('p/moments.csv'))}
for name in ['f0001', 'f0003', 'f0007', 'age']:
    x = [float(r[name]) for r in rows if r[name]]
    mean = sum(x) / len(x)
    assert int(moments[name]['n']) == len(x) and int(moments[name]['missing']) == 240 - len(x)
    assert near(float(moments[name]['mean']), mean, steps[name]), name
    assert near(float(moments[name]['variance'])**0.5, (sum((v - mean) ** 2 for v in x) / (len(x) - 1))**0.5, steps[name]), name
groups = {(r['variable'], r['group'], r['level']): r for r in csv.DictReader(open('p/moments_by_group.csv'))}
x = [float(r['age']) for r in rows if r['sex'] == 'F']
assert near(float(groups['age', 'sex', 'F']['mean']), sum(x) / len(x), 0) and int(groups['age', 'sex', 'F']['n']) == len(x)
pairs = {(r['a'], r['b']): r for r in csv.DictReader(open('p/covariance.csv'))}
x = [(float(r['f0003']), float(r['f0007'])) for r in rows if r['f0003'] and r['f0007']]
assert int(pairs['f0003', 'f0007']['n']) == len(x)
counts = {(r['variable'], r['level']): int(r['count']) for r in csv.DictReader(open('p/counts.csv'))}
assert counts['sex', 'F'] == sum(r['sex'] == 'F' for r in rows) and counts['stage', 'IV'] == 0
assert counts['stage', 'II'] == sum(r['stage'] == 'II' for r in rows)
pooled = json.load(open('p/pooled.json'))
assert pooled['patients'] == 240 and len(pooled['sites']) == 4
assert all(s['check'].startswith('digital_phantom: 482 of 482') for s in pooled['sites'])
for r in csv.DictReader(open('p/histograms.csv')):
    assert int(r['count']) >= 10
for r in csv.DictReader(open('p/quantiles.csv')):
    x = sorted(float(q[r['variable']]) for q in rows if q[r['variable']])
    if len(x) == int(r['n']):
        h = (len(x) - 1) * float(r['quantile'])
        v = x[math.floor(h)] + (h - math.floor(h)) * (x[math.ceil(h)] - x[math.floor(h)])
        assert float(r['low']) <= v * (1 + 1e-6 * (1 if v > 0 else -1)) and v * (1 - 1e-6 * (1 if v > 0 else -1)) <= float(r['high']), r"
check 'small cells of tables are held back, never alone' python3 -c "
import csv, json
hidden = 0
for s in '1234':
    rows = list(csv.DictReader(open('s%s.csv' % s)))
    levels = {'sex': ['F', 'M', ''], 'stage': ['I', 'II', 'III', 'IV', ''], 'response': ['no', 'yes', '']}
    for table, (a, b) in zip(json.load(open('s%s.radsum' % s))['tables'], [('sex', 'stage'), ('response', 'stage')]):
        true = [[sum(r[a] == x and r[b] == y for r in rows) for y in levels[b]] for x in levels[a]]
        assert all(c is None or c == t and (c == 0 or c >= 10) for l, m in zip(table, true) for c, t in zip(l, m)), table
        for shown, counts in list(zip(table, true)) + list(zip(zip(*table), zip(*true))):
            alone = [t for c, t in zip(shown, counts) if c is None]
            hidden += len(alone)
            assert len(alone) != 1 or alone[0] >= 10 or not any(counts), (table, true)
assert hidden > 4"

check 'evidence beside every result' python3 -c "
import csv, hashlib, json, os
decision = {}
pooled = json.load(open('p/pooled.json'))
assert sorted(os.listdir('p/evidence')) == sorted(f + '.json' for f in pooled['files'])
for name in pooled['files']:
    e = json.load(open('p/evidence/%s.json' % name))
    assert e['result'] == name and e['study'] == pooled['study'], e
    decision[name] = e['decision']
    assert e['digest'] == hashlib.blake2b(open('p/' + name, 'rb').read(), digest_size=32).hexdigest()
    assert [r['rule'] for r in e['rules']][:2] == ['minimum_cell', 'minimum_sites'] and e['rules'][0]['value'] == '10'
    assert [s['digest'] for s in e['sites']] == [s['digest'] for s in pooled['sites']]
    assert all(s['met'] and (s['fewest_patients'] >= 10 or not s['fewest_patients']) for s in e['sites']), name
rows = lambda name: [r['rule'] for r in json.load(open('p/evidence/%s.json' % name))['rules']]
def stands(name): # what the table itself says of its rows
    rows = list(csv.DictReader(open('p/' + name)))
    some = [int(r['sites']) for r in rows if r['patients']]
    return 'empty' if not some else 'pass' if len(some) == len(rows) and set(some) == {4} else 'review'
for name in 'moments moments_by_group counts tables table_tests covariance tests site_effects meta components clusters histograms quantiles'.split():
    assert decision[name + '.csv'] == stands(name + '.csv'), (name, decision[name + '.csv'])
assert decision['tables.csv'] == decision['report.html'] == 'review' and decision['sites.csv'] == 'pass', decision
assert rows('covariance.csv') == ['minimum_cell', 'minimum_sites', 'dominance', 'parameters']
assert rows('tables.csv') == ['minimum_cell', 'minimum_sites', 'round']"

# The same again, newer, older.
check 'the same summary again' expect 0 '' summarise s1.csv s1 -o again.radsum
check 'is the same file' cmp s1.radsum again.radsum
check 'with the same release' grep -q 'release 1 .* as before' out
check 'given twice it counts once' expect 0 'counts once' "$run" pool study.yaml again.radsum s1.radsum s2.radsum s3.radsum s4.radsum -k keys -o p
check 'with the same tables' diff p/moments.csv q/moments.csv
python3 "$tests/support/cohort.py" "$work" 4 75 12 2 # other patients: all have changed
check 'a newer release' expect 0 'release 2' sh -c "'$run' summarise s1.csv --study study.yaml --key s1.key --withhold -o new.radsum >&2"
check 'replaces the older' expect 0 'release 1 of site s1: a newer release counts' "$run" pool study.yaml s1.radsum s2.radsum new.radsum s3.radsum -k keys -o r
check 'both are named' grep -q '"a newer release counts"' r/pooled.json
check 'an older one, replayed' expect_line 12 'release 2 was pooled before' "$run" pool study.yaml s1.radsum s2.radsum s3.radsum -k keys -o r
rm "$(ledger_of s1)"
check 'a ledger that was thrown away' expect_line 12 'is not there, so what left with it is not known' summarise s1.csv s1 -o other.radsum
check 'and begun anew' expect 0 'a new ledger begins' summarise s1.csv s1 -o other.radsum --begin-ledger
check 'is seen by the pool' expect_line 12 'a different file before' "$run" pool study.yaml other.radsum s2.radsum s3.radsum -k keys -o p
check 'two files of one release' expect_line 12 'say that they are release 1, and differ' "$run" pool study.yaml other.radsum s1.radsum s2.radsum s3.radsum -k keys -o t

# Who signs, and what.
python3 "$tests/support/cohort.py" "$work" 4 60 12
check 'a changed byte' expect_line 12 'changed after it was signed' sh -c "sed 's/\"patients\":60/\"patients\":61/' s2.radsum >bad.radsum && '$run' pool study.yaml bad.radsum s1.radsum s3.radsum -k keys -o t"
check 'no signature' expect_line 12 'is not signed' sh -c "head -c 3000 s2.radsum >bad.radsum && '$run' pool study.yaml bad.radsum s1.radsum s3.radsum -k keys -o t"
check 'a key that is not trusted' expect_line 12 'not in the list of trusted keys' sh -c "cat s1.pub s3.pub s4.pub >few && '$run' pool study.yaml s1.radsum s2.radsum s3.radsum -k few -o t"
check 'the key of another site' expect_line 12 'signed with the key of s9' sh -c "sed 's/^s2 /s9 /' keys >wrong && '$run' pool study.yaml s1.radsum s2.radsum s3.radsum -k wrong -o t"
check 'no keys' expect_line 2 '--trusted KEYS is needed' "$run" pool study.yaml s1.radsum s2.radsum s3.radsum
check 'a list that is none' expect_line 3 'a name, once, and its public key' "$run" pool study.yaml s1.radsum s2.radsum s3.radsum -k study.yaml
check 'two sites' expect_line 10 'with fewer each site could subtract itself' "$run" pool study.yaml s1.radsum s2.radsum -k keys -o t
check 'nothing was written' test ! -e t
variant other.yaml 'relative: 0.01' 'relative: 0.1'
check 'another text of the study' expect_line 4 'a different text of study generated' "$run" pool other.yaml s1.radsum s2.radsum s3.radsum -k keys -o t
variant edge.yaml 'study: generated' 'study: edge
quantiles: [0.01]'
for s in 2 3 4; do
    "$run" summarise "s$s.csv" --study edge.yaml --key "s$s.key" --withhold -o "e$s.radsum" >/dev/null 2>&1
done
check 'a quantile at the edge' expect_line 10 'quantile 0.01 of f0000: fewer than 10 of 180 patients lie beyond it' "$run" pool edge.yaml e2.radsum e3.radsum e4.radsum -k keys -o t
check 'nothing was written' test ! -e t
check 'or left out' expect 0 '' "$run" pool edge.yaml e2.radsum e3.radsum e4.radsum -k keys -o t --withhold
check 'and counted' grep -q '"quantiles_refused": 13' t/pooled.json

# Differencing: one patient less, under any name.
release() { # table, study, options: of site s2
    table=$1 study=$2
    shift 2
    "$run" summarise "$table" --study "$study" --key s2.key --withhold -o d.radsum "$@"
}
rm -f d.radsum
head -n 60 s2.csv >less.csv
check 'without one patient' expect_line 10 'the cohort differs by 1 patient from that of study generated' release less.csv study.yaml
variant named.yaml 'study: generated' 'study: another'
check 'by another study' expect_line 10 'differs by 1 patient' release less.csv named.yaml
mkdir -p elsewhere
sed 's/^S2-0/Z/' less.csv >elsewhere/copy.csv
check 'by other names of patients, in another place' expect_line 10 'differs by 1 patient' release elsewhere/copy.csv named.yaml
sed 's/,f0002,/,other,/' elsewhere/copy.csv >elsewhere/renamed.csv
variant panel.yaml 'features: [f*]' 'features: [f0000, f0001, f0003, f0007]'
check 'by another panel' expect_line 10 'differs by 1 patient' release elsewhere/renamed.csv panel.yaml
check 'with nothing written' test ! -e d.radsum
head -n 51 s2.csv >ten.csv
check 'ten patients less: groups differ by fewer' expect_line 10 'refused (differencing): groups' release ten.csv study.yaml
variant plain.yaml 'groups: [sex, response]' 'analyses: [moments, histograms]'
check 'ten patients less: fewer have a value of f0007' expect_line 10 'refused (differencing): groups or patients with values' release ten.csv plain.yaml
head -n 36 s2.csv >half.csv
check 'a cohort that differs enough' expect 0 '' release half.csv plain.yaml
# A group that differs from an earlier one by one patient.
awk -F, -v OFS=, 'NR == 2 { $3 = $3 == "F" ? "M" : "F" } { print }' s3.csv >moved.csv
check 'a group with one patient moved' expect_line 10 'refused (differencing): groups' "$run" summarise moved.csv --study study.yaml --key s3.key --withhold -o d.radsum
# Counts on a grid that is shifted a little, sums of another transform.
sed 's/^study: .*/study: shifted/; s/relative: 0.01/relative: 0.1/' study.yaml >shifted.yaml
check 'the same patients on another grid' expect_line 10 'f0000 left before with another transform, centre, step or grid, for study generated' "$run" summarise s3.csv --study shifted.yaml --key s3.key --withhold -o d.radsum
# Covariances in blocks.
variant blocks.yaml 'covariance: [f0000, f0001, f0003, f0007, age]' 'covariance: [f0002, f0004, f0005]'
check 'covariances in blocks' expect_line 11 '5 other columns of a covariance of these patients left before' "$run" summarise s3.csv --study blocks.yaml --key s3.key --withhold -o d.radsum
# Models in blocks: 3 columns of 60 patients then, 2 others now.
for block in 'one|[age, stage]' 'two|[sex, age2]'; do
    printf 'study: %s\npatient: patient\nfeatures: [f0001]\ncovariates: {age: number, age2: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}\noutcomes: {response: {levels: ["no", "yes"]}}\nmodel: %s\nanalyses: [model]\nthresholds: {parameters: 0.08}\n' "${block%|*}" "${block#*|}" >"${block%|*}.yaml"
done
awk -F, -v OFS=, 'NR == 1 { print $0, "age2"; next } { print $0, $2 * $2 }' s4.csv >models.csv
check 'a model' expect 0 '' beside m.ledger "$run" summarise models.csv --study one.yaml --key s4.key -o d.radsum --withhold
check 'models in blocks' expect_line 11 '3 other columns of a model of these patients left before; with 2 more they are above the 4 that 60 patients allow' beside m.ledger "$run" summarise models.csv --study two.yaml --key s4.key -o d.radsum --withhold
check 'a changed ledger' expect_line 12 'line 2 was changed' sh -c "cp $(ledger_of s4) keep && sed -i 's/\"patients\":60/\"patients\":59/' $(ledger_of s4) && '$run' summarise s4.csv --study study.yaml --key s4.key --withhold -o d.radsum"
check 'a line lost' expect_line 12 'does not follow the line before' sh -c "sed 1d keep >$(ledger_of s4) && '$run' summarise s4.csv --study study.yaml --key s4.key --withhold -o d.radsum"
check 'the ledger of another key' expect_line 12 'signed with another key' sh -c "cp $(ledger_of s1) $(ledger_of s4) && '$run' summarise s4.csv --study study.yaml --key s4.key --withhold -o d.radsum"
check 'a line that was never finished' expect 0 'as before' sh -c "cp keep $(ledger_of s4) && printf '{\"entry\":9' >>$(ledger_of s4) && '$run' summarise s4.csv --study edge.yaml --key s4.key --withhold -o d.radsum >&2"
mv keep "$(ledger_of s4)"
check 'a ledger in use' expect_line 5 'another summary is being written' flock "$(ledger_of s4)" "$run" summarise s4.csv --study study.yaml --key s4.key --withhold -o d.radsum
check 'a summary that cannot be written' expect_line 5 'cannot be written' beside lost.ledger "$run" summarise s4.csv --study study.yaml --key s4.key --withhold -o nowhere/d.radsum
check 'has its release all the same' expect 0 'as before' sh -c "RADIOMILL_STATE=lost.ledger '$run' summarise s4.csv --study study.yaml --key s4.key --withhold -o d.radsum >&2"

# Rules on one release.
lone() { # what a study with that in place of the panel says, and an exit code
    code=$1 words=$2
    shift 2
    rm -rf lone.ledger d.radsum
    expect_line "$code" "$words" beside lone.ledger "$run" summarise "$@" --key s1.key -o d.radsum
}
python3 -c "
import csv
rows = list(csv.DictReader(open('s1.csv')))
for i, r in enumerate(rows):
    r.update(one_hot=int(i == 7), five=5 if i == 7 else 1, nearly=1 if i == 7 else 1e-4 * i / 60, few=int(i < 9), ten=int(i < 10), half=int(i % 2), twin=int(i % 2 or i == 4), copy=float(r['f0000'] or 1) + (i == 7), apart=float(r['f0000'] or 1) + (i < 10), moved='FM'[(r['sex'] == 'M') != (i == 3)], code=int((r['sex'] == 'M') != (i == 3)),
             far=1e9 + float(r['age']) / 10, third=r['age'] if i < 6 else '', constant=7.5, nothing='')
    r['patient'] = 'Q%d' % i
out = csv.DictWriter(open('odd.csv', 'w'), rows[0].keys())
out.writeheader()
out.writerows(rows)"
odd() { # features
    printf 'study: odd\npatient: patient\nfeatures: [%s]\n' "$1" >odd.yaml
}
odd one_hot && check 'one for one patient' lone 10 'is the same for all but a few patients' odd.csv --study odd.yaml
odd five && check 'five for one patient, one for the others' lone 10 'is the same for all but a few patients' odd.csv --study odd.yaml
odd nearly && check 'almost nothing for the others' lone 10 'refused (dominance): nearly has a sum or a sum of squares of which two patients make up 0.9' odd.csv --study odd.yaml
odd few && check 'one for nine patients' lone 10 'is the same for all but a few patients' odd.csv --study odd.yaml
odd ten && check 'one for ten patients' lone 0 '' odd.csv --study odd.yaml
odd 'f0000, copy' && check 'a column and its copy but for one' lone 10 'refused (minimum_cell): copy is the same as f0000 for all but a few patients' odd.csv --study odd.yaml
odd 'f0000, apart' && check 'but for ten' lone 0 '' odd.csv --study odd.yaml
odd 'half, f0000' && check 'a code of two values' lone 0 '' odd.csv --study odd.yaml
odd 'half, twin, f0000' && check 'two codes that differ for one patient' lone 10 'twin is the same as half for all but a few patients' odd.csv --study odd.yaml
odd f0000 && printf 'covariates: {sex: {levels: [F, M]}, moved: {levels: [F, M]}}\ngroups: [sex]\nmodel: [moved]\n' >>odd.yaml
check 'a model that parts the patients almost as a group' lone 10 'refused (minimum_cell): model tells of fewer than 10 patients' odd.csv --study odd.yaml
odd f0000 && printf 'covariates: {sex: {levels: [F, M]}, code: number}\ngroups: [sex]\nmodel: [code]\n' >>odd.yaml
check 'a model by a code that does' lone 10 'refused (minimum_cell): model tells of fewer than 10 patients' odd.csv --study odd.yaml
odd f0000 && printf 'covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}\noutcomes: {response: {levels: ["no", "yes"]}}\nmodel: [age, sex, stage, response]\n' >>odd.yaml
check 'a model of too many columns' lone 10 '(here 7 columns with the intercept for 60 patients)' odd.csv --study odd.yaml
odd third && check 'values of six patients' lone 10 '(here 6 have values)' odd.csv --study odd.yaml
odd far && check 'far from 0 and close together' lone 4 'Name a larger `step` under `variables`, a public `centre`' odd.csv --study odd.yaml
printf 'variables: {far: {centre: 1000000000}}\n' >>odd.yaml
check 'with a centre' lone 0 '' odd.csv --study odd.yaml
odd 'constant, nothing' && check 'constant and empty features' lone 0 '' odd.csv --study odd.yaml
odd 'f000*' && { echo variables: && cat steps; } >>odd.yaml
check 'more columns than patients allow' lone 10 '(here 10 variables for 60 patients; at most 6)' odd.csv --study odd.yaml
odd 'f0000, f0001'
head -n 10 s1.csv >nine.csv
check 'a cohort of nine' lone 10 'cohort has 9 patients; 10 are needed' nine.csv --study odd.yaml
check 'also with --withhold' lone 10 'cohort has 9 patients; 10 are needed' nine.csv --study odd.yaml --withhold
printf 'minimum_cell: 70\n' >policy.yaml
check 'a policy that is stricter' lone 10 '60 patients; 70 are needed' odd.csv --study odd.yaml --policy policy.yaml
printf 'minimum_cell: 3\n' >policy.yaml
check 'a policy that is not' lone 10 '10 are needed' nine.csv --study odd.yaml --policy policy.yaml
sed 's/^study: odd/study: mild/' odd.yaml >mild.yaml
printf 'thresholds: {mode: datashield}\n' >>mild.yaml
check 'a study that asks for less than the standard, at a site without a policy' lone 10 '9 patients; 10 are needed' nine.csv --study mild.yaml
check 'is told' lone 10 'warning: the study asks for weaker rules (minimum_cell 3, where this site has 10; parameters 0.33, where this site has 0.1; rows 0.4, where this site has 0.2)' nine.csv --study mild.yaml
check 'at a site that allows it' lone 0 '' nine.csv --study mild.yaml --policy policy.yaml --withhold
printf 'mode: datashield\n' >policy.yaml
check 'by the mode, too' lone 0 '' nine.csv --study mild.yaml --policy policy.yaml --withhold
printf 'minimum_sell: 3\n' >policy.yaml
check 'a policy with a slip' lone 4 'did you mean minimum_cell' nine.csv --study odd.yaml --policy policy.yaml
printf 'minimum_cell: 2\n' >policy.yaml
check 'a policy below what is possible' lone 4 'minimum_cell' nine.csv --study odd.yaml --policy policy.yaml

# Repeats: a difference that only one patient has stays at home.
python3 -c "
import csv, random
rng = random.Random(3)
out = csv.writer(open('repeats.csv', 'w'))
out.writerow(['case', 'session', 'f_same', 'f_noise', 'f_later'])
for i in range(40):
    f, g = rng.gauss(5, 1), rng.gauss(0, 1)
    h = [rng.gauss(0, 1) for _ in 'abc']
    out.writerow([i, 'a', f, g, h[0]])
    out.writerow([i, 'b', f + (i == 7), g + rng.gauss(0, 0.1), h[1]])
    out.writerow([i, 'c', f + (i == 7), g + rng.gauss(0, 0.1), h[1] + (i == 9)])"
printf 'study: repeats\nfeatures: [f*]\nrepeats: {occasion: session, levels: [a, b, c]}\nanalyses: [reliability]\n' >repeats.yaml
check 'repeats' lone 0 '' repeats.csv --study repeats.yaml
check 'those that one patient tells apart are held back' python3 -c "
import json
assert [r is None for r in json.load(open('d.radsum'))['repeats']] == [True, False, True]"
sed 's/,b,/,d,/' repeats.csv >third.csv
check 'an occasion that the study does not know' lone 4 'which is not one of the occasions' third.csv --study repeats.yaml

# Survival: what leaves in the intervals of the grid, and what a reader could subtract.
python3 -c "
import csv, random
rng = random.Random(9)
for s in '123':
    out = csv.writer(open('t%s.csv' % s, 'w'), lineterminator='\n')
    out.writerow(['case', 'f', 'sex', 'stage', 'months', 'died'])
    for i in range(300):
        sex, stage = rng.choice('FM'), rng.choice(['I', 'I', 'I', 'II', 'II', 'III'] + ['IV'] * (i < 60))
        event, last = rng.expovariate(0.02 if sex == 'F' else 0.04), rng.uniform(6, 90)
        out.writerow(['T%s-%d' % (s, i), rng.gauss(0, 1), sex, stage, '%.1f' % min(event, last), int(event < last)])"
grid='0, 6, 12, 18, 24, 36, 48, 60, 72'
printf 'study: survival\nfeatures: [f]\ncovariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}\noutcomes: {death: {time: months, event: died, unit: months, grid: [%s]}}\ngroups: [sex, stage]\nanalyses: [survival]\n' "$grid" >times.yaml
timed() { # table, study: of site 1
    beside t1.ledger "$run" summarise "$1" -s "$2" -k s1.key -o t.radsum
}
for s in 1 2 3; do
    check "life tables of site $s" expect 0 '' beside t$s.ledger "$run" summarise t$s.csv -s times.yaml -k s$s.key -o t$s.radsum
done
check 'ten leave in every interval of every stratum, and of the rest, and by the event nobody or ten' python3 -c "
import csv, json
grid, strata, hidden, cuts = [$grid], [('sex', 'FM'), ('stage', ['I', 'II', 'III', 'IV'])], 0, 0
for s in '123':
    rows = list(csv.DictReader(open('t%s.csv' % s)))
    beyond = [r for r in rows if float(r['months']) > grid[-1]]
    for r in beyond if len(beyond) < 10 else []: r.update(months=grid[-1], died='0')  # the few are last seen at the end
    tables = iter(json.load(open('t%s.radsum' % s))['survival'][0])
    def count(rows, edges):
        out = []
        for a, b in zip(edges, edges[1:]):
            inside = [r for r in rows if (a < float(r['months']) or a == 0 == float(r['months'])) and float(r['months']) <= b]
            died = sum(r['died'] == '1' for r in inside)
            out += [len(inside)] if b == 1e9 else [died, len(inside) - died]
        return out
    def fine(counts, strict):
        assert not any(0 < x < 10 for x in counts), counts
        n = [sum(counts[i:i + 2]) for i in range(0, len(counts), 2)]
        died = sum(counts[:-1:2])
        pair = [died, sum(counts) - died]
        assert not sum(n) or all(x >= 10 for x in n[:-1]) and (n[-1] == 0 or n[-1] >= 10), (n, counts)
        assert not sum(counts) or all(x >= 10 or (x == 0 and not strict) for x in pair), pair
    def edges_of(table):
        return [grid[e] for e in table['edges']] + [1e9]
    whole = next(tables)
    cuts += len(whole['edges']) - 2
    assert whole['counts'] == count(rows, edges_of(whole)), whole
    fine(whole['counts'], False)
    for name, levels in strata:
        got = [(level, table) for level, table in zip(levels, tables) if table]
        hidden += len(levels) - len(got)
        edges = edges_of(got[0][1])
        assert set(edges) <= set(edges_of(whole))
        rest = count(rows, edges)
        for level, table in got:
            assert edges_of(table) == edges and table['counts'] == count([r for r in rows if r[name] == level], edges), (name, level)
            fine(table['counts'], True)
            rest = [a - b for a, b in zip(rest, table['counts'])]
        fine(rest, True)
assert hidden and cuts >= 15, (hidden, cuts)"
check 'a pool of them' expect 0 '' "$run" pool times.yaml t1.radsum t2.radsum t3.radsum -k keys -o times
check 'its curve is that of the rows' python3 -c "
import csv
rows = [r for s in '123' for r in csv.DictReader(open('t%s.csv' % s))]
curve = [r for r in csv.DictReader(open('times/survival.csv')) if not r['group']]
assert len(curve) >= 4 and curve[0]['at_risk'] == '900' and {r['sites'] for r in curve} == {'3'}, curve
survival = 1
for a, b in zip(curve, curve[1:]):
    risk = [r for r in rows if float(r['months']) > float(a['time']) or float(a['time']) == 0]
    died = [r for r in risk if float(r['months']) <= float(b['time']) and r['died'] == '1']
    survival *= 1 - len(died) / len(risk)
    assert int(b['at_risk']) == len(risk) and int(b['events']) == len(died) and abs(float(b['survival']) - survival) < 1e-12, b"
check 'the same patients on a shifted grid' expect_line 10 'refused (differencing)' sh -c "sed 's/^study: .*/study: shift/; s/ 12, / 13, /' times.yaml >shift.yaml && RADIOMILL_STATE=t1.ledger '$run' summarise t1.csv -s shift.yaml -k s1.key -o t.radsum"
check 'by another outcome of the same columns' expect_line 10 'refused (differencing)' sh -c "sed 's/^study: .*/study: other/; s/death/end/; s/ 12, / 11, /; s/groups: .*/groups: [sex]/' times.yaml >shift.yaml && RADIOMILL_STATE=t1.ledger '$run' summarise t1.csv -s shift.yaml -k s1.key -o t.radsum"
check 'of the same times by another event' expect_line 10 'refused (differencing)' sh -c "sed 's/^study: .*/study: status/; s/event: died/event: lost/; s/ 12, / 13, /' times.yaml >shift.yaml && awk -F, -v OFS=, 'NR == 1 { print \$0, \"lost\"; next } { print \$0, 1 - \$6 }' t1.csv >lost.csv && RADIOMILL_STATE=t1.ledger '$run' summarise lost.csv -s shift.yaml -k s1.key -o t.radsum"
beside two.ledger true
check 'two grids of the same times in one study' expect_line 10 'refused (minimum_cell): again would, with the outcomes before it, reveal fewer than 10 patients' sh -c "sed 's/^study: .*/study: two/; s/^outcomes: {\(death: \(.*\)\)}$/outcomes: {\1, again: \2}/; s/ 12, / 13, /2' times.yaml >two.yaml && grep -q 'again.* 13, ' two.yaml && RADIOMILL_STATE=two.ledger '$run' summarise t1.csv -s two.yaml -k s1.key -o t.radsum"
check 'the same grid twice' expect 0 '' sh -c "sed 's/ 13, / 12, /' two.yaml >same.yaml && RADIOMILL_STATE=two.ledger '$run' summarise t1.csv -s same.yaml -k s1.key -o t.radsum"
awk -F, -v OFS=, 'NR > 1 && $5 < 30 && !moved++ { $5 += 12 } { print }' t1.csv >later.csv
check 'one patient followed up for longer' expect_line 10 'refused (differencing)' timed later.csv times.yaml
awk -F, -v OFS=, 'NR > 1 && $5 < 30 && !moved++ { $6 = 1 - $6 } { print }' t1.csv >status.csv
check 'one patient of another status' expect_line 10 'refused (differencing)' timed status.csv times.yaml
head -n 288 t1.csv >less.csv
check 'thirteen patients less: fewer of them in each interval' expect_line 10 'refused (differencing)' timed less.csv times.yaml
check 'the same again' expect 0 'as before' sh -c "RADIOMILL_STATE=t1.ledger '$run' summarise t1.csv -s times.yaml -k s1.key -o t.radsum >&2"
awk -F, -v OFS=, 'NR > 1 { $6 = NR < 7 } { print }' t1.csv >rare.csv
check 'five events, which a table would hide' expect_line 10 'refused (minimum_cell): death has no time of its grid by which 10 patients had the event' beside rare.ledger "$run" summarise rare.csv -s times.yaml -k s1.key -o t.radsum
check 'or left out' expect 0 'left out (minimum_cell): death' beside rare.ledger "$run" summarise rare.csv -s times.yaml -k s1.key -o t.radsum --withhold
check 'with nothing of it' python3 -c "
import json
assert json.load(open('t.radsum'))['survival'] == [[None] * 7]"
check 'pooled with others' expect 0 '' "$run" pool times.yaml t.radsum t2.radsum t3.radsum -k keys -o rare
check 'two are too few for a curve' python3 -c "
import csv
assert not list(csv.DictReader(open('rare/survival.csv')))
medians = list(csv.DictReader(open('rare/survival_medians.csv')))
assert medians[0]['sites'] == '2' and not any(r[k] for r in medians for k in ('n', 'events', 'median_low', 'median_high', 'patients')), medians"
beside none.ledger true
check 'what would leave, in words' sh -c "RADIOMILL_STATE=none.ledger '$run' summarise t2.csv -s times.yaml -k s2.key --preview | grep -q 'death: how many had the event, and how many were last seen without, by 6'"
for slip in '5s/,[^,]*,[01]$/,-1,0/|times must be 0 or more' '5s/,[01]$/,2/|events 0 or 1' '5s/,[01]$/,yes/|a number is needed'; do
    sed "${slip%|*}" t1.csv >fault.csv
    check "a time that is none: ${slip#*|}" expect_line 4 "${slip#*|}" beside rare.ledger "$run" summarise fault.csv -s times.yaml -k s1.key -o t.radsum
done
for slip in 'grid: [0, 6|grid: [1, 6|times of the grid start at 0 and rise' 'grid: [0, 6|grid: [0, 9, 6|times of the grid start at 0 and rise' \
    'event: died|event: died, groups: [size]|size is not a covariate or outcome with levels' 'event: died, |evnt: died, |evnt is not a key of death'; do
    IFS='|' read -r from to words <<X
$slip
X
    python3 -c "
import sys
text = open('times.yaml').read()
assert sys.argv[1] in text
open('slip.yaml', 'w').write(text.replace(sys.argv[1], sys.argv[2]))" "$from" "$to"
    check "a study with $to" expect_line 4 "$words" "$run" study check slip.yaml
done

# Harmonisation: a site that joins with the rows that the pool had gets what the pool gave it.
printf 'study: harmonise\npatient: patient\nfeatures: [f000?]\ncovariates: {age: number, sex: {levels: [F, M]}}\nmodel: [age, sex]\nanalyses: [model]\nvariables:\n%s\n' "$(cat steps)" >harmonise.yaml
for s in 1 2 3; do
    expect 0 '' beside "h$s.ledger" "$run" summarise "s$s.csv" -s harmonise.yaml -k "s$s.key" -o "h$s.radsum" --withhold
done
check 'a pool with a model' expect 0 '' "$run" pool harmonise.yaml h1.radsum h2.radsum h3.radsum -k keys -o h
harmonise() {
    "$run" harmonise "$1" -s harmonise.yaml -m h/harmonisation.json "$2" "$3" -o "$4"
}
check 'a site of the pool' expect 0 '' harmonise s1.csv --site s1 own.csv
check 'joins as it was' expect 0 '' harmonise s1.csv --site=new --join joined.csv
check 'with the same rows' python3 -c "
import csv
a, b = (list(csv.reader(open(f))) for f in ('own.csv', 'joined.csv'))
raw = {r['patient']: r for r in csv.DictReader(open('s1.csv'))}
assert a[0] == b[0] and len(a) == len(b) == 61 and len(a[0]) >= 8, a[0]
moved = 0
for x, y in zip(a[1:], b[1:]):
    assert x[0] == y[0]
    for name, p, q in zip(a[0][1:], x[1:], y[1:]):
        assert p == q == '' or abs(float(p) - float(q)) <= 1e-7 * abs(float(p)), (x[0], name, p, q)
        moved += p != '' and abs(float(p) - float(raw[x[0]][name])) > 1e-3 * abs(float(p))
assert moved > 200, moved"
head -n 10 s1.csv >nine.csv
check 'a site of nine patients cannot join' expect_line 10 '9 patients have all columns of the model, and the study asks for 10 per site' harmonise nine.csv --site=new --join x.csv
check 'a site that the pool does not know' expect_line 4 'has no site s9; a new one, or one that was left out, is harmonised with --join' harmonise s1.csv --site s9 x.csv
check 'a file that is none' expect_line 3 'cannot be read' "$run" harmonise s1.csv -s harmonise.yaml -m keys --site s1
check 'another study' expect_line 4 'with a different text of the study' "$run" harmonise s1.csv -s study.yaml -m h/harmonisation.json --site s1

mkdir small
if mount -t tmpfs -o size=24k radiomill small 2>/dev/null; then
    check 'disk full' expect_line 5 'No space left on device' "$run" pool harmonise.yaml h1.radsum h2.radsum h3.radsum -k keys -o small/h
    check 'what is there is whole, and no pool' sh -c 'test ! -e small/h/pooled.json && ! find small -name "*.tmp" | grep . && for f in small/h/*.csv; do test "$(tail -c 1 "$f" | wc -l)" -eq 1 || exit 1; done'
    umount small
else
    echo 'disk full: skipped: no small file system can be mounted here'
fi

# Sites below the minimum of the harmonisation.
head -n 31 s3.csv >small.csv
for what in refuse merge; do
    sed "s/^study: .*/study: $what/" harmonise.yaml >$what.yaml
    echo "batches: {minimum: 40, small: $what}" >>$what.yaml
    for s in 1 2 3 4; do
        table=s$s.csv
        [ $s -ne 3 ] || table=small.csv
        expect 0 '' beside "$what$s.ledger" "$run" summarise $table -s $what.yaml -k "s$s.key" -o "$what$s.radsum" --withhold
    done
done
check 'a site that is too small for harmonisation' expect_line 10 'harmonisation: site s3 has 30 patients with all columns of the model, and 40 are needed' "$run" pool refuse.yaml refuse1.radsum refuse2.radsum refuse3.radsum refuse4.radsum -k keys -o refused
check 'nothing is written' test ! -e refused
check 'or left out' expect 0 '' "$run" pool refuse.yaml refuse1.radsum refuse2.radsum refuse3.radsum refuse4.radsum -k keys -o refused --withhold
check 'of the harmonisation, not of the rest' python3 -c "
import csv, json
rows = list(csv.DictReader(open('refused/harmonisation.csv')))
assert {r['site'] for r in rows} == {'s1', 's2', 's4'} and {r['sites'] for r in rows} == {'3'}, rows
assert [s['site'] for s in json.load(open('refused/harmonisation.json'))['sites']] == ['s1', 's2', 's4']
assert json.load(open('refused/pooled.json'))['patients'] == 210"
check 'two that are left are too few to harmonise' expect 0 '2 sites are large enough, and the rules require 3' "$run" pool refuse.yaml refuse1.radsum refuse2.radsum refuse3.radsum -k keys -o two --withhold
check 'each would know the other' python3 -c "
import csv, json
assert not list(csv.DictReader(open('two/harmonisation.csv')))
assert json.load(open('two/evidence/harmonisation.csv.json'))['decision'] == 'empty'"
check 'or merged' expect 0 '' "$run" pool merge.yaml merge1.radsum merge2.radsum merge3.radsum -k keys -o merged
check 'with the next smallest' python3 -c "
import csv
assert {(r['site'], r['batch']) for r in csv.DictReader(open('merged/harmonisation.csv'))} == {('s1', 's1'), ('s2', 's2'), ('s3', 's1')}"
for slip in '{minimum: 1}|a whole number of patients, at least 2' '{small: drop}|refuse or merge is expected' '{least: 3}|least is not a key of batches' '20|batches: {minimum: 20, small: merge} is expected'; do
    sed "s/^batches: .*/batches: ${slip%|*}/" merge.yaml >slip.yaml
    check "batches: $slip" expect_line 4 "${slip#*|}" "$run" study check slip.yaml
done

# What is a function of sums is the same, digit by digit, however the rows are split (below the rules).
mkdir split
python3 "$tests/support/cohort.py" split 1 51 12 4
python3 -c "
import csv, random
rng = random.Random(2)
rows = list(csv.DictReader(open('split/all.csv')))
out = csv.DictWriter(open('split.csv', 'w'), ['session'] + list(rows[0]))
out.writeheader()
for r in rows:
    r['months'] = round(min(float(r['months']), rng.uniform(0, 60)), 1)
    for session in 'ab':
        out.writerow(dict(r, session=session, f0001=float(r['f0001']) * rng.uniform(0.9, 1.1)))"
cat >split.yaml <<'X'
study: split
patient: patient
features: [f*]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}, relapse: {time: months, event: relapse, grid: [0, 6, 12, 24, 36, 60]}}
repeats: {occasion: session, levels: [a, b]}
groups: [sex, stage]
tables: [[sex, stage], [sex, response]]
volume: f0001
redundancy: 0.5
model: [age, sex]
variables:
X
cat split/steps >>split.yaml
for sites in 1 2 4 51; do
    "$no_rules" split.yaml split.csv $sites split$sites
done
check 'one, two, four and 51 sites: the same tables' python3 -c "
import csv
def read(sites, name):
    rows = [{k: v for k, v in r.items() if k != 'sites'} for r in csv.DictReader(open('split%d/%s.csv' % (sites, name)))]
    return [r for r in rows if r.get('adjusted_for') != 'site']
total = 0
for name in 'moments moments_by_group covariance components loadings clusters partial tests table_tests counts models reliability survival survival_medians logrank logrank_levels quantiles'.split():
    whole = read(1, name)
    if name not in ('counts', 'tables'): assert any(v for r in whole for v in r.values()), name
    for sites in (2, 4, 51):
        rows = read(sites, name)
        if name == 'counts': rows, whole = ([{k: r[k] for k in ('variable', 'level', 'count')} for r in x] for x in (rows, whole))
        assert rows == whole, (name, sites, [(a, b) for a, b in zip(rows, whole) if a != b][:1])
        total += len(rows)
assert total > 1000, total"

# What a site can get wrong.
fault() { # exit code, words, change of the table by sed
    sed "$3" s1.csv >fault.csv
    lone "$1" "$2" fault.csv --study study.yaml
}
check 'a level that the study does not know' fault 4 'sex is X; which is not one of the levels' '3s/,[FM],/,X,/'
check 'a word for a number' fault 4 'a number is needed' '3s/,[0-9]*,/,old,/'
check 'a patient twice' fault 4 'a patient has more than one row (rows 1 and 2)' '3s/^[^,]*/S1-0000/'
check 'a column that is missing' fault 4 'no column is called stage' '1s/stage/Stage/'
check 'two columns of one name' fault 3 'two columns are called f0001' '1s/f0002/f0001/'
check 'a row cut short' fault 3 'a row of' '3s/,[^,]*$//'
check 'no table' lone 3 'cannot be read' nowhere.csv --study study.yaml
check 'no study' lone 3 'cannot be read' s1.csv --study nowhere.yaml
check 'a key that is none' expect_line 3 'is not a secret key' "$run" summarise s1.csv --study study.yaml --key keys
for slip in 'patient: patient|pacient: patient|is not a key of a study' 'relative: 0.01|relative: 9|a number from' \
    'groups: [sex, response]|groups: [sex, size]|size is not a covariate or outcome with levels' 'features: [f*]|features: f*|a list of 1 or more' \
    'levels: [F, M]|levels: [F, F]|F is given twice' 'study: generated|study: a/b|an id of letters' '[[sex, stage]|[[sex, sex]|a variable with itself'; do
    IFS='|' read -r from to words <<X
$slip
X
    variant slip.yaml "$from" "$to"
    check "a study with $to" expect_line 4 "$words" "$run" study check slip.yaml
done
check 'minimum asked for as a quantile' sh -c "printf 'study: a\nfeatures: [b]\nquantiles: [0]\n' >slip.yaml; '$run' study check slip.yaml 2>&1 | grep -q 'minimum and maximum are single patients'"

# From runs: settings, definitions, failed cases. Their patients are named by another column than those before.
forget
python3 "$tests/support/batch.py" runs 60 >/dev/null
python3 -c "
rows = open('runs/cases.csv').read().split('\n')
for s in range(3):
    open('runs/c%d.csv' % s, 'w').write('\n'.join([rows[0]] + rows[1 + 20 * s:21 + 20 * s] + ['no.nii,no.nii,broken%d,x' % s][:1 if s == 0 else 0]) + '\n')"
printf 'study: runs\nfeatures: [original_stat_mean, original_stat_var]\nwhere: {roi: "1"}\nanalyses: [moments, histograms]\nvariables: {original_stat_var: {transform: log}}\n' >runs.yaml
for s in 0 1 2; do
    "$run" batch "runs/c$s.csv" -o "run$s" -q 2>/dev/null
    check "summary of run $s" expect 0 '' "$run" summarise "run$s" --study runs.yaml --key "s$((s + 1)).key" -o "run$s.radsum"
done
check 'a pool of runs' expect 0 '' "$run" pool runs.yaml run0.radsum run1.radsum run2.radsum -k keys -o runpool
check 'with units and settings' python3 -c "
import csv, json
p = json.load(open('runpool/pooled.json'))
assert p['patients'] == 60 and len(p['settings']) == 32, p
assert [s['failed'] for s in p['sites']] == [None, 0, 0], p['sites'] # one is too few to be told"
"$run" batch runs/c1.csv -o other -c ibsi-c -q 2>/dev/null
forget
check 'a site with other settings' expect 0 '' "$run" summarise other --study runs.yaml --key s2.key -o other.radsum
check 'does not fit' expect_line 4 'extracted with other settings' "$run" pool runs.yaml run0.radsum other.radsum run2.radsum -k keys -o t2
sed -i 's/"UHIW"/"UHIX"/; s/"Q4LE"/"Q4LF"/' run1/columns.json
forget
check 'a site with another definition' expect 0 '' "$run" summarise run1 --study runs.yaml --key s2.key -o other.radsum
check 'does not fit either' expect_line 4 'is another feature by its definition' "$run" pool runs.yaml run0.radsum other.radsum run2.radsum -k keys -o t2
sed -i 's/^study: runs/study: runs\nsettings: 0123/' runs.yaml
check 'settings that the study asks for' expect_line 4 '; the study asks for settings 0123' "$run" summarise run1 --study runs.yaml --key s2.key -o t.radsum

# A real cohort of 51 patients as four sites, by command; the tables are those of the pooled rows, digit by digit.
if [ -e "$cohort" ]; then
    cat >sts.yaml <<'X'
study: sts-statistics
patient: patient
features: ["*_original_stat_*", "*_mean5_stat_*"]
variables:
  "*_energy": {transform: log}
  "*_var": {transform: log}
covariance: [CT_original_stat_mean, MR_T1_original_stat_mean, PET_original_stat_mean]
analyses: [moments, skewness, histograms, covariance]
thresholds: {mode: datashield}
X
    forget
    echo 'mode: datashield' >small.yaml # a site decides what its few patients are shown by
    for s in 1 2 3 4; do
        awk -v s=$s 'NR == 1 || (NR > 13 * (s - 1) + 1 && NR <= 13 * s + 1)' "$cohort" >sts$s.csv
        check "patients of site $s" expect 0 '' "$run" summarise sts$s.csv --study sts.yaml --key s$s.key --policy small.yaml --withhold -o sts$s.radsum
    done
    check 'four sites pooled' expect 0 '' "$run" pool sts.yaml sts1.radsum sts2.radsum sts3.radsum sts4.radsum -k keys -o sts --withhold
    check 'all rows as one' expect 0 '' "$no_rules" sts.yaml "$cohort" 1 whole
    check 'the same tables' python3 -c "
import csv
read = lambda f: list(csv.DictReader(open(f)))
whole = {r['variable']: r for r in read('whole/moments.csv')}
full = [r for r in read('sts/moments.csv') if r['sites'] == '4']
assert len(full) > 90 and sum(r['kurtosis'] != '' for r in full) > 10, len(full)
for r in full:
    for k in ('n', 'missing', 'mean', 'variance', 'sd', 'skewness', 'kurtosis'):
        assert r[k] == whole[r['variable']][k] or (r[k] == '' and k in ('skewness', 'kurtosis')), (r, k)
pairs = {(r['a'], r['b']): r for r in read('whole/covariance.csv')}
mine = read('sts/covariance.csv')
assert len(mine) == 6 and all(r == dict(pairs[r['a'], r['b']], sites='4') for r in mine), mine
rows = read('$cohort')
seen = 0
for r in read('sts/quantiles.csv'):
    x = sorted(float(q[r['variable']]) for q in rows)
    if r['n'] == '51' and not r['scale']:
        h = 50 * float(r['quantile'])
        v = x[int(h)] + (h - int(h)) * (x[min(int(h) + 1, 50)] - x[int(h)])
        assert float(r['low']) - 1e-6 * abs(v) <= v <= float(r['high']) + 1e-6 * abs(v), (r, v)
        seen += 1
for name in set(r['variable'] for r in read('sts/histograms.csv')):
    assert sum(int(r['count']) for r in read('sts/histograms.csv') if r['variable'] == name) <= 51
assert seen > 200, seen"
    sed 's/^study: .*/study: four/; s/^covariance: \[/covariance: [CT_original_stat_median, /' sts.yaml >four.yaml
    check 'one more column is too many' expect 10 '(here 4 variables for 12 patients; at most 3)' "$run" summarise sts4.csv --study four.yaml --key s4.key --policy small.yaml -o four.radsum
else
    echo "no $cohort: the cohort of 51 patients is left out"
fi
report pool
