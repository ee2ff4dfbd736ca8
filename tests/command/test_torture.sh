#!/bin/sh
# Short memory and failing system calls: tests/torture.py. EVERY=--every: all of them, which takes hours. Also a table under
# limits of memory, which has all rows or none.
set -u
build=${BUILD:-build}
. tests/support/checks.sh
case=${RADIOMILL_CASES:-../shared/cases}/reliability/rows_lost_when_memory_is_short
whole_or_nothing() {
    RADIOMILL=$(pwd)/$build/radiomill sh "$case/run.sh" >"$work/limits" && cat "$work/limits" &&
        grep -q right "$work/limits" && ! grep -q WRONG "$work/limits"
}
if [ -n "${SANITIZE:-}${LLVM_PROFILE_FILE:-}" ]; then
    check 'skipped: sanitizers and profiles allocate and write themselves' true
    report torture
fi
[ -e "$case" ] || echo 'a table under limits of memory: skipped: no cases'
[ ! -e "$case" ] || check 'a table of 1,000 rows under limits of memory' whole_or_nothing
mkdir "$work/torture"
# shellcheck disable=SC2086 # nothing, or a word
check 'each failure ends well' /usr/bin/python3 tests/support/torture.py "$build/radiomill" "$build/tests/failing.so" "$work/torture" ${EVERY:-} --show
report torture
