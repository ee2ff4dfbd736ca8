#!/bin/sh
# Runs the suites named as arguments, SUITES_AT_ONCE (one a processor) at a time, and adds up what Check reports; a
# report comes out whole when its suite ends, and the last line counts all tests. TIMES, a file, keeps the seconds of each
# suite: the longest of runs before begin (of LIKE, such a file, those that TIMES does not know), so that no processor waits
# long for the last one.
set -u
[ $# -gt 0 ] || { echo 'run.sh: no suite is named' >&2; exit 1; }
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
trap 'exit 1' HUP INT TERM
export reports

if [ -n "${TIMES:-}" ]; then
    # shellcheck disable=SC2046 # names without spaces
    set -- $({ cat "$TIMES" "${LIKE:-$TIMES}" 2>/dev/null; printf '%s\n' "$@"; } | awk '
        NF == 2 { if (!($2 in took)) took[$2] = $1; next }
        NF == 1 { name = $1; sub(".*/", "", name); print (name in took) ? took[name] : 100000 - NR, $1 }' | sort -rn | cut -d " " -f 2)
fi
number=0
for suite in "$@"; do
    number=$((number + 1))
    printf '%s\0%s\0' "$number" "$suite"
done | xargs -0 -n 2 -P "${SUITES_AT_ONCE:-$(nproc)}" sh -c '
    began=$(($(date +%s%N) / 1000000))
    case $2 in
    *.sh) sh "$2" ;; # whatever its mode
    *) "$2" ;;
    esac > "$reports/$1" 2>&1 < /dev/null
    echo $? > "$reports/$1.code"
    echo $(($(date +%s%N) / 1000000 - began)) "${2##*/}" > "$reports/$1.times"
    flock "$reports" cat "$reports/$1"' one

if [ -n "${TIMES:-}" ]; then
    { awk '{ printf "%.1f %s\n", $1 / 1000, $2 }' "$reports"/*.times; cat "$TIMES" 2>/dev/null; } |
        awk 'NF == 2 && !seen[$2]++' | sort -rn > "$reports/all"
    cp "$reports/all" "$TIMES"
fi

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
