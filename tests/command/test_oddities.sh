#!/bin/sh
# What computes and is seldom meant, what fails, and what tells who a patient is: the same words on the screen and in cases.csv.
set -u
. tests/support/checks.sh
PYTHONPATH=tests/support python3 tests/support/oddities.py "${BUILD:-build}/radiomill" "$work/odd" >"$work/log" 2>"$work/log.err"
check 'all were tried' test ! -s "$work/log.err" -a "$(wc -l <"$work/log")" -gt 25
while read -r outcome what; do
    check "$what" test "$outcome" = ok
done <"$work/log"
report oddities
