#!/bin/sh
# Runs the suites named as arguments, SUITES_AT_ONCE (one a processor) at a time, and adds up what Check reports; a
# report comes out whole when its suite ends, and the last line counts all tests.
set -u
[ $# -gt 0 ] || { echo 'run.sh: no suite is named' >&2; exit 1; }
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
trap 'exit 1' HUP INT TERM
export reports

number=0
for suite in "$@"; do
    number=$((number + 1))
    printf '%s\0%s\0' "$number" "$suite"
done | xargs -0 -n 2 -P "${SUITES_AT_ONCE:-$(nproc)}" sh -c '
    case $2 in
    *.sh) sh "$2" ;; # whatever its mode
    *) "$2" ;;
    esac > "$reports/$1" 2>&1 < /dev/null
    echo $? > "$reports/$1.code"
    flock "$reports" cat "$reports/$1"' one

passed=0 failed=0 broken= number=0
for suite in "$@"; do
    number=$((number + 1))
    counts=$(sed -n 's/.*Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' "$reports/$number")
    # shellcheck disable=SC2086 # three numbers
    set -- ${counts:-1 0 1}
    passed=$((passed + $1 - $2 - $3))
    failed=$((failed + $2 + $3))
    [ "$(cat "$reports/$number.code")" = 0 ] || broken="$broken $suite"
done
[ -z "$broken" ] || echo "failed:$broken"
echo "$passed passed, $failed failed"
[ -z "$broken" ] && [ $failed -eq 0 ] && [ $passed -gt 0 ] # a case that does not exist runs nothing
