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
report two_models
