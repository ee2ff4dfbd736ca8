#!/bin/sh
# What people do with a study: they write, check and rehearse it, look at what would leave, and approve it.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
trap 'rm -rf "$work"' EXIT
tests=$(pwd)/tests
cd "$work" || exit 1
# With so many seconds of the processor's time, whoever else it works for.
within() {
    (ulimit -t "$1" && shift && "$@")
}

# Long studies: compared by pairs they take minutes; there is room for sanitizers, which take ten times as long.
python3 "$tests/support/long_studies.py" "$work" 60000
"$run" keygen wide >/dev/null
for study in features where values covariance patterns; do
    check "a study of a megabyte: $study" within 5 expect 0 '' "$run" study check "$study.yaml"
done
check '60,000 features by name' within 30 expect 0 '' "$run" summarise wide.csv -s wide.yaml -k wide.key -t 1
sed 's/^study: wide/study: wider/' wide.yaml >wider.yaml
check 'and against a ledger' within 30 expect 0 '' "$run" summarise wide.csv -s wider.yaml -k wide.key -t 1

report people
