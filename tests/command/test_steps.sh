#!/bin/sh
# Last bits of what a site released tell of no patient: with the steps that are, with a centre and with a step that an
# analyst picks. Steps that sites or studies cannot have.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests
for picked in '' 1 -0.5 '0 1e-12' '1 1e-11' '0 0.001'; do
    # shellcheck disable=SC2086 # words
    check "last bits: ${picked:-as they are}" python3 "$tests/support/last_bits.py" "$run" $picked
done
cd "$work" || exit 1
printf 'study: a\nfeatures: [f0, "g_*", vol]\ncovariates: {age: {unit: years, step: 1}, bmi: number}\nvariables: {"*_energy": {step: 10}, vol: {step: 10}}\nanalyses: [moments]\n' >said.yaml
check 'study check says the steps' sh -c "'$run' study check said.yaml | grep -q '^  steps       age 1; bmi 1.52588e-05; f0 1.52588e-05; vol 8; [*]_energy a power of two not above 10; others by default'"
printf 'study: s\nfeatures: [f]\nvariables: {f: {step: 0}}\n' >zero.yaml
check 'a step of 0' expect_line 4 'step: a number from' "$run" study check zero.yaml
printf 'study: s\nfeatures: [f]\ncovariates: {age: {unit: years, step: 1e40}}\n' >large.yaml
check 'a step beyond all' expect_line 4 'step: a number from' "$run" study check large.yaml
report steps
