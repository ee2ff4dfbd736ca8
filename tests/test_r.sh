#!/bin/sh
# Pooled tables against R on the pooled rows (below the rules of disclosure: they are tested elsewhere).
set -eu
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/cohort.py "$work" 4 60 40
cat >"$work/study.yaml" <<'X'
study: generated
patient: patient
features: [f*]
covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex, stage]
tables: [[sex, stage], [sex, response]]
covariance: [f*, age]
redundancy: 0.5
volume: f0001
model: [age, sex, stage]
variables: {age: {centre: 60}}
X
"$build/tests/unruled" "$work/study.yaml" "$work/all.csv" 4 "$work/generated"
Rscript tests/pool.R "$work/all.csv" "$work/generated"
Rscript tests/relations.R "$work/all.csv" "$work/generated" f0001
table=$RADIOMILL_DATA/cohort/sts_features.csv
if [ ! -e "$table" ]; then
    echo "no $table: the cohort of 51 patients is left out"
    exit 0
fi
cat >"$work/sts.yaml" <<'X'
study: sts
patient: patient
features: ["*"]
variables: {"*_original_stat_energy": {transform: log}}
X
"$build/tests/unruled" "$work/sts.yaml" "$table" 4 "$work/sts"
Rscript tests/pool.R "$table" "$work/sts"
