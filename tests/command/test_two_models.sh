#!/bin/sh
# Two models that are nearly the same, of two studies: what one tells beyond the other is of few, and stays at home. Rounding
# hides nothing of it: of those who are in both alike, both sums are rounded alike.
set -u
run=$(pwd)/${BUILD:-build}/radiomill tests=$(pwd)/tests
. tests/support/checks.sh
cd "$work" || exit 1
says() { # what is said, which differ, in how many, digits
    said=$1
    shift
    rm -rf site && mkdir site && python3 "$tests/support/rounds.py" site 150 1 || return 1
    python3 "$tests/support/two_models.py" "$run" site "$@" >out 2>&1 && grep -q "^$said" out || { cat out && return 1; }
}
for digits in -30 -4 -3 -2; do
    for few in 1 3; do check "columns, $few differ, 2^$digits" says refused columns $few $digits; done
    check "outcomes, one differs, 2^$digits" says refused responses 1 $digits
    for kind in columns responses; do check "$kind, 60 differ, 2^$digits" says answered $kind 60 $digits; done
done
for digits in -30 -4; do check "outcomes, three differ, 2^$digits" says refused responses 3 $digits; done
for few in 1 3; do
    check "ranks that were told, $few differ" says refused order $few -26
    check "ranks that were not, $few differ" says answered unordered $few -26
done
check 'ranks that were told, 60 differ' says answered order 60 -26

# One patient far out: the refusal names the term, and what to do. A term alone: with the sums of its squares, which leave in
# every release, the furthest patient would be told.
. "$tests/support/rounds.sh"
far() { # the value of f3 of one patient
    python3 "$tests/support/rounds.py" . 150 && make_study far '  m: {family: logistic, response: response, terms: [f1, f3]}' &&
        awk -F, -v OFS=, -v value="$1" 'NR == 9 { $4 = value } { print }' A.csv >far.csv && mv far.csv A.csv && make_keys && rounds far m >out
}
stands_out() {
    far 14 && return 1
    grep -q 'refused (minimum_cell): .* f3 has a value [5-9]\.[0-9] deviations from its mean' out && grep -q 'public bounds in the table, or leave it out' out ||
        { cat out && return 1; }
}
check 'who stands out, by what' stands_out
check 'cut off at public bounds he does not' far 3
alone() {
    python3 "$tests/support/rounds.py" . 300 4 2 && make_study alone '  m: {family: logistic, response: response, terms: [f1]}' && make_keys || return 1
    rounds alone m >out && return 1
    grep -q 'refused (minimum_cell): at the coefficients of round [0-9]* of model m' out
}
check 'a term alone, with its squares' alone
report two_models
