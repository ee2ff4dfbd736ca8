#!/bin/sh
# Runs the suites named as arguments and adds up what Check reports; the last line counts all tests.
set -u
passed=0 failed=0 broken=
for suite in "$@"; do
    case $suite in
    *.sh) report=$(sh "$suite" 2>&1) ;; # whatever its mode
    *) report=$("$suite" 2>&1) ;;
    esac
    code=$?
    echo "$report"
    counts=$(echo "$report" | sed -n 's/.*Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p')
    # shellcheck disable=SC2086 # three numbers
    set -- ${counts:-1 0 1}
    passed=$((passed + $1 - $2 - $3))
    failed=$((failed + $2 + $3))
    [ $code -eq 0 ] || broken="$broken $suite"
done
[ -z "$broken" ] || echo "failed:$broken"
echo "$passed passed, $failed failed"
[ -z "$broken" ] && [ $failed -eq 0 ] && [ $passed -gt 0 ] # a case that does not exist runs nothing
