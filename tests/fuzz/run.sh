#!/bin/sh
# Runs the fuzzers named as arguments, FUZZ_SECONDS each, and says what they executed and covered.
set -eu
cd "$(dirname "$0")/../.."
status=0
export LSAN_OPTIONS=suppressions=tests/fuzz/lsan.supp:print_suppressions=0
for name in "$@"; do
    found=$BUILD/corpus/$name log=$BUILD/$name.log
    mkdir -p "$found"
    if ! "$BUILD/tests/fuzz/fuzz_$name" -max_total_time="$FUZZ_SECONDS" -timeout=10 \
        -rss_limit_mb=3000 -max_len=65536 -print_final_stats=1 -artifact_prefix="$BUILD/$name-" \
        "$found" "tests/fuzz/$name" 2> "$log"; then
        status=1
        echo "$name: FAILED, see $log"
        tail -n 30 "$log"
        continue
    fi
    printf '%s: %s executions, %s edges, %s inputs kept\n' "$name" \
        "$(sed -n 's/^stat::number_of_executed_units: //p' "$log")" \
        "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)" "$(find "$found" -type f | wc -l)"
done
exit $status
