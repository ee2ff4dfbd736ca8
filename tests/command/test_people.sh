#!/bin/sh
# What people do with a study: they write, check and rehearse it, look at what would leave, and approve it.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
trap 'rm -rf "$work"' EXIT
tests=$(pwd)/tests
cd "$work" || exit 1
# With so many seconds of the processor's time, whoever else it works for.
within() {
    (ulimit -t "$1" && shift && "$@")
}

# Long studies: compared by pairs they take minutes; there is room for sanitizers, which take ten times as long.
python3 "$tests/support/long_studies.py" "$work" 60000
"$run" keygen wide >/dev/null
check 'a study of a megabyte: where' within 5 expect_line 4 'more than 64 columns' "$run" study check where.yaml
for study in features values covariance patterns; do
    check "a study of a megabyte: $study" within 5 expect 0 '' "$run" study check "$study.yaml"
done
check '60,000 features by name' within 30 expect 0 '' "$run" summarise wide.csv -s wide.yaml -k wide.key -t 1
sed 's/^study: wide/study: wider/' wide.yaml >wider.yaml
check 'and against a ledger' within 30 expect 0 '' "$run" summarise wide.csv -s wider.yaml -k wide.key -t 1

# A study against sizes of sites, before anyone has looked at a row.
cat >study.yaml <<'X'
study: sized
patient: patient
features: [f0000, f0001]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}
groups: [sex]
tables: [[sex, stage]]
model: [age, sex]
X
check 'sizes of sites' expect 0 '' "$run" study check study.yaml --sites 9,61,143 --share sex=0.3,0.7
check 'a site too small for a summary' grep -Eq 'a summary.* minimum_cell +refused +fits +fits' out
check 'a model of three columns' grep -Eq 'model of 3 .* parameters +refused +fits +fits' out
check 'a pool of two sites' grep -Eq 'a pool .* minimum_sites +refused +refused +refused +2 of 3 sites' out
check 'sizes that are none' expect_line 2 'is not a list' "$run" study check study.yaml --sites 9,x
check 'shares of what has no levels' expect_line 2 'does not name' "$run" study check study.yaml --sites 9 --share age=1
check 'shares without sizes' expect_line 2 'goes with --sites' "$run" study check study.yaml --share sex=0.3,0.7

report people
