#!/bin/sh
# The page of a pool in a real browser: pools of many kinds are made, tests/support/report.py opens their pages.
set -eu
build=$(pwd)/${BUILD:-build}
tests=$(pwd)/tests no_rules=$build/tests/no_rules run=$build/radiomill
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RADIOMILL_STATE="$work/state" # rows that left with keys of before are refused
shots=$build/report
mkdir -p "$shots"
python3 "$tests/support/cohort.py" "$work" 4 60 24

# Everything that a study can ask for: repeats, times to events, a model, a panel with names.
python3 -c "
import csv, random
rng = random.Random(7)
rows = list(csv.DictReader(open('$work/all.csv')))
out = csv.DictWriter(open('$work/whole.csv', 'w'), ['session'] + list(rows[0]) + ['risk'])
out.writeheader()
for i, r in enumerate(rows):
    event, censored = rng.expovariate(0.02 if r['sex'] == 'F' else 0.05), rng.uniform(0, 70)
    r.update(months=round(min(event, censored) * 2) / 2, relapse=int(event < censored))
    r.update(risk='%.3f' % min(0.95, max(0.05, rng.gauss(0.55 if r['response'] == 'yes' else 0.35, 0.2))))
    for session in ('a', 'b'):
        new = dict(r, session=session)
        for name in r:
            if name[0] == 'f' and r[name] and session == 'b':
                new[name] = repr(float(r[name]) * (1 + rng.gauss(0, 0.02 * (1 + int(name[1:])))))
        out.writerow(new)"
cat >"$work/whole.yaml" <<'X'
study: whole-1
title: Texture and relapse of a generated cohort
patient: patient
repeats: {occasion: session, levels: [a, b]}
features: [f*]
covariates: {age: {unit: years}, risk: {step: 0.001}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60], groups: [sex, stage, class]}
derived: {class: {of: risk, cuts: [0.35, 0.5], levels: [low, middle, high]}}
performance:
  signature: {score: risk, outcome: response, event: "yes", scale: probability, cuts: [0.2, 0.35, 0.5, 0.65, 0.8]}
  one feature: {score: f0000, outcome: response, event: "yes", cuts: [0, 1]}
  prognosis: {score: risk, outcome: relapse}
groups: [sex, stage, response]
tables: [[sex, stage], [sex, response]]
covariance: [f*, age]
redundancy: 0.4
model: [age, sex, stage]
models:
  plain: {family: gaussian, response: f0000, terms: [f0001, f0003, f0005, age, sex]}
  lasso: {family: gaussian, response: f0010, terms: [f0000, f0001, f0002, f0003, f0004, f0005, f0006, f0008, f0009, f0011, age],
    penalty: {kind: lasso, path: 20, ratio: 0.01}, validate: leave-one-site-out}
  random: {family: mixed, response: f0000, terms: [f0001, f0003]}
variables:
  age: {centre: 60}
  "f000?": {grid: {relative: 0.01}}
  f0004: {transform: log}
X
cat "$work/steps" >>"$work/whole.yaml"
"$no_rules" "$work/whole.yaml" "$work/whole.csv" 4 "$work/whole"

# Names that are markup.
python3 -c "
text = open('$work/all.csv').read().replace(',M,', ',<script>alert(1)</script>,').replace(',F,', ',\"\"\"&\",')
open('$work/hostile.csv', 'w').write(text.replace('f0002', '<img src=x onerror=alert(1)>', 1))"
cat >"$work/hostile.yaml" <<'X'
study: hostile
title: "</h1><script>alert(3)</script> & more"
patient: patient
features: [f000?, "<img*"]
covariates: {age: {unit: "</text><script>x(4)</script>"}, sex: {levels: ["\"&", "<script>alert(1)</script>"]}}
outcomes: {relapse: {time: months, event: relapse, unit: "<b>months", grid: [0, 6, 12, 24, 36, 60], groups: [sex]}}
groups: [sex]
covariance: [f000?, age, "<img*"]
model: [sex]
variables:
  "<img*": {step: 1e8}
X
cat "$work/steps" >>"$work/hostile.yaml"
"$no_rules" "$work/hostile.yaml" "$work/hostile.csv" 3 "$work/hostile"

# The rules of disclosure hold much back.
cat >"$work/ruled.yaml" <<'X'
study: ruled
patient: patient
features: [f000?]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {relapse: {time: months, event: relapse, unit: months, grid: [0, 12, 24, 36, 60]}}
groups: [sex, stage]
tables: [[sex, stage]]
model: [age, sex]
variables:
X
cat "$work/steps" >>"$work/ruled.yaml"
for s in 1 2 3; do
    "$run" keygen "S$s" -o "$work" >/dev/null
    "$run" summarise "$work/s$s.csv" -s "$work/ruled.yaml" -k "$work/S$s.key" -o "$work/s$s.radsum" --withhold >/dev/null 2>&1
done
cat "$work"/S?.pub >"$work/trusted"
"$run" pool "$work/ruled.yaml" "$work"/s?.radsum -k "$work/trusted" -o "$work/ruled" --withhold >/dev/null

# One site alone, of which nothing between sites can be said.
"$no_rules" "$work/hostile.yaml" "$work/hostile.csv" 1 "$work/alone"

# Some analyses only.
sed -e 's/^study: .*/study: some/' -e '/^models:/,/^variables:/{/^variables:/!d}' \
    -e '$a analyses: [groups, model]' "$work/whole.yaml" >"$work/some.yaml"
"$no_rules" "$work/some.yaml" "$work/whole.csv" 4 "$work/some"

# Fifty sites; a thousand features.
mkdir "$work/fifty" "$work/thousand"
python3 "$tests/support/cohort.py" "$work/fifty" 50 30 12
cat >"$work/fifty.yaml" <<'X'
study: fifty
patient: patient
features: [f*]
covariates: {age: {unit: years}, sex: {levels: [F, M]}}
groups: [sex]
model: [age, sex]
variables:
X
cp "$work/fifty.yaml" "$work/thousand.yaml"
cat "$work/fifty/steps" >>"$work/fifty.yaml"
"$no_rules" "$work/fifty.yaml" "$work/fifty/all.csv" 50 "$work/many"
python3 "$tests/support/cohort.py" "$work/thousand" 6 60 1000
sed -i -e 's/^study: fifty/study: thousand/' -e 's/groups: .*/groups: [sex, stage]/' \
    -e 's/\[F, M\]}/&, stage: {levels: [I, II, III]}/' -e "/^variables:/r $work/thousand/steps" "$work/thousand.yaml"
echo 'redundancy: 0.5' >>"$work/thousand.yaml"
"$no_rules" "$work/thousand.yaml" "$work/thousand/all.csv" 6 "$work/large"

kinds='whole hostile ruled alone some many large'
if [ $# -gt 0 ]; then # a folder: the pools are kept there, to look at
    mkdir -p "$1"
    for kind in $kinds; do cp -r "$work/$kind" "$1/"; done
    exit 0
fi
for kind in $kinds; do set -- "$@" "$kind=$work/$kind"; done
/usr/bin/python3 "$tests/support/report.py" "$shots" "$@"

# Pages of models in rounds.
mkdir "$work/fitted"
(
    cd "$work/fitted"
    maker=$tests/support/rounds.py
    . "$tests/support/rounds.sh"
    . "$tests/support/fitted.sh"
    make_fitted 600
)
/usr/bin/python3 "$tests/support/fitted_browser.py" "$shots" "$work/fitted"

# The page of a run.
cd "$work"
python3 "$tests/support/batch.py" c 12
"$run" batch c/cases.csv -o run --pictures -q
/usr/bin/python3 "$tests/support/run_browser.py" "$shots" run
/usr/bin/python3 "$tests/support/run_large.py" "$run" "$work/five"
