#!/bin/sh
# Runs the fuzzers named as arguments, FUZZ_SECONDS or FUZZ_RUNS each, and says what they executed and covered.
set -eu
cd "$(dirname "$0")/../.."
status=0
if [ "${FUZZ_RUNS:--1}" -gt 0 ]; then bound=-runs=$FUZZ_RUNS; else bound=-max_total_time=$FUZZ_SECONDS; fi
export LSAN_OPTIONS=suppressions=tests/fuzz/lsan.supp:print_suppressions=0
# little is kept of what was freed: inputs are small, and caches count
export ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=4:detect_stack_use_after_return=0
# codecs run in a process of their own, which is not what is fuzzed here
export RADIOMILL_DECODER=/nowhere
for name in "$@"; do
    found=$BUILD/corpus/$name log=$BUILD/$name.log words=
    mkdir -p "$found"
    [ ! -e "tests/fuzz/$name.dict" ] || words=-dict=tests/fuzz/$name.dict
    if ! "$BUILD/tests/fuzz/fuzz_$name" "$bound" $words -timeout=60 -detect_leaks="${FUZZ_LEAKS:-0}" -reload=0 \
        -rss_limit_mb=3000 -max_len="${FUZZ_LENGTH:-8192}" -print_final_stats=1 -artifact_prefix="$BUILD/$name-" \
        "$found" "tests/fuzz/$name" 2> "$log"; then
        status=1
        echo "$name: FAILED, see $log"
        tail -n 30 "$log"
        continue
    fi
    printf '%s: %s executions, %s a second, %s edges, %s inputs kept\n' "$name" \
        "$(sed -n 's/^stat::number_of_executed_units: //p' "$log")" \
        "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
        "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)" "$(find "$found" -type f | wc -l)"
done
exit $status
