#!/bin/sh
# Numbers that sites compute, within the default rules, against R on the pooled rows: Spearman's correlations of each site
# and over the sites, linear models and ComBat with a natural cubic spline of the age.
set -eu
run=$(pwd)/${BUILD:-build}/radiomill oracle=$(pwd)/tests/oracle
. tests/support/checks.sh
python3 tests/support/cohort.py "$work" 4 150 26 5
cd "$work"
cat >study.yaml <<X
study: computed
patient: patient
features: [f0000, f0001, f0002, f0003, f0004, f0005, f0006, f0008, f0009, f0010, f0011, f0012, f0013, f0014]
covariates: {age: {unit: years, step: 1}, sex: {levels: [F, M]}}
derived:
  f0000_rank: rank of f0000
  f0003_rank: rank of f0003
  f0008_rank: rank of f0008
  age_rank: rank of age
  age_s: {of: age, spline: [38, 57, 76]}
covariance: ["*_rank"]
model: [age, age_s1, sex]
analyses: [moments, covariance, model]
variables:
$(cat steps)
X
for s in 1 2 3 4; do
    RADIOMILL_STATE="$work/state$s" "$run" keygen "S$s" >/dev/null
    RADIOMILL_STATE="$work/state$s" "$run" summarise "s$s.csv" -s study.yaml -k "S$s.key" >/dev/null 2>said || { cat said && exit 1; }
done
cat ./*.pub >trusted
"$run" pool study.yaml ./*.radsum -k trusted -o pooled >/dev/null
Rscript "$oracle/computed.R" all.csv pooled spline.csv
for s in 1 2 3 4; do
    "$run" harmonise "s$s.csv" -s study.yaml -m pooled/harmonisation.json --site "S$s" 2>/dev/null |
        if [ $s -eq 1 ]; then cat; else sed 1d; fi
done >adjusted.csv
Rscript "$oracle/combat.R" spline.csv pooled adjusted.csv age,age_s1,sex 4
