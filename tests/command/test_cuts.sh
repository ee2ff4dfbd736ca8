#!/bin/sh
# What a power cut leaves of a batch: the same command again ends with the tables of a run that nothing stopped. CUTS: how many states
# of each run are tried (default 20).
set -u
run=$(pwd)/${BUILD:-build}/radiomill
sanitize=${SANITIZE:-} # slower, and fewer states
cuts=${CUTS:-$([ -z "$sanitize" ] && echo 20 || echo 4)}
export run
. tests/support/checks.sh
replay=$(pwd)/tests/support/powercut.py
needs_trace cuts
python3 tests/support/batch.py "$work/c" 4
cd "$work" || exit 1
head -n 3 c/cases.csv >c/some.csv
"$run" batch c/cases.csv -o gold -q -t 1
"$run" batch c/cases.csv -o gold_c -q -t 1 -c ibsi-c
export gold="$work/gold" cases="$work/c/cases.csv" settings=ibsi-a
cat >asks <<'END_OF_ASKS'
exec 2>&1
tables() { cmp run/features.csv "$want/features.csv" && cmp run/columns.json "$want/columns.json" && cmp run/settings.yaml "$want/settings.yaml"; }
if [ "$POWERCUT_DONE" = 1 ]; then
    tables || exit 1
    "$run" batch ${again% --force} -o run | grep ' 0 computed now' || { echo 'what was reported is not known' && exit 1; }
fi
"$run" batch $again -o run -q -t 1 || { echo "exit code $?" && exit 1; }
tables && [ "$(grep -c ',done,' run/cases.csv)" -eq 4 ]
END_OF_ASKS
cut() { # what the table must be, the command of the check, then the command
    export want="$work/$1" again="$2"
    shift 2
    python3 "$replay" site --most "$cuts" --check ". '$work/asks'" -- "$@"
}
mkdir site
check 'a first run' cut gold "$cases" "$run" batch "$cases" -o run -q -t 1
rm -rf site && mkdir site && "$run" batch c/some.csv -o site/run -q -t 1
check 'one that goes on' cut gold "$cases" "$run" batch "$cases" -o run -q -t 2
check 'other settings, forced' cut gold_c "$cases -c ibsi-c --force" "$run" batch "$cases" -o run -q -t 1 -c ibsi-c --force
# A journal with a torn page, which the run repairs.
rm -rf site && mkdir site && cp -r gold site/run && printf 'torn' | dd of=site/run/journal.db bs=1 seek=20480 conv=notrunc 2>/dev/null
check 'a repair' cut gold "$cases" "$run" batch "$cases" -o run -q -t 1

report cuts
