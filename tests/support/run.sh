#!/bin/sh
# Runs the suites named as arguments, SUITES_AT_ONCE (one a processor) at a time, and adds up what Check reports; a
# report comes out whole when its suite ends, and the last line counts all tests. TIMES, a file, has for each suite the
# seconds that it took, those of the processor, and its name; the longest of the run before begin, or where there was none,
# those of the file LIKE, so that no processor waits long for the last suite.
set -u
[ $# -gt 0 ] || { echo 'run.sh: no suite is named' >&2; exit 1; }
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
trap 'exit 1' HUP INT TERM
export reports

if [ -n "${TIMES:-}" ]; then
    before=$(ls "$TIMES" "${LIKE:-$TIMES}" 2>/dev/null | head -n 1)
    # shellcheck disable=SC2046 # names without spaces
    set -- $(printf '%s\n' "$@" | awk -v before="$before" '
        BEGIN { while (before != "" && (getline line < before) > 0) { split(line, word, " "); took[word[3]] = word[1] } }
        { name = $1; sub(".*/", "", name); print (name in took) ? took[name] : 100000 - NR, $1 }' | sort -rn | cut -d " " -f 2)
fi
number=0
for suite in "$@"; do
    number=$((number + 1))
    printf '%s\0%s\0' "$number" "$suite"
done | xargs -0 -n 2 -P "${SUITES_AT_ONCE:-$(nproc)}" sh -c '
    began=$(date +%s%N)
    case $2 in
    *.sh) sh "$2" ;; # whatever its mode
    *) "$2" ;;
    esac > "$reports/$1" 2>&1 < /dev/null
    echo $? > "$reports/$1.code"
    echo $(($(date +%s%N) - began)) "${2##*/}" > "$reports/$1.times"
    times >> "$reports/$1.times"
    flock "$reports" cat "$reports/$1"' one

if [ -n "${TIMES:-}" ]; then
    # of children: the last line of each file, minutes and seconds of the user and the system
    awk '
        FNR == 1 { took = $1 / 1e9; name = $2 }
        FNR == 3 { split($1 "m" $2, part, /[ms]+/); printf "%.1f %.1f %s\n", took, part[1] * 60 + part[2] + part[3] * 60 + part[4], name }' "$reports"/*.times |
        cat - "$TIMES" 2>/dev/null | awk '!seen[$3]++' | sort -rn > "$reports/all"
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
