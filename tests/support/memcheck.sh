#!/bin/sh
# Reads of undefined memory, bad addresses and leaks, by valgrind, from the command as it ships: the digital phantom, then
# a piece of a real case with every family and every filter. The piece is small on purpose: blocks of a megabyte come from
# the kernel as zeros, where nothing undefined can be seen.
set -eu
run=${BUILD:-build}/radiomill
phantom=$RADIOMILL_DATA/ibsi1/ct_phantom/nifti
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
memcheck() {
    valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,possible --error-exitcode=1 \
        --suppressions=tests/support/valgrind.supp "$@"
}

filters=$("$run" filter none none 2>&1 | sed -n 's/.*the filters are //p' | tr -d ,)
for filter in ${filters:?no list of filters}; do
    grep -q "^  - $filter\>" tests/support/every.yaml || { echo "tests/support/every.yaml: no $filter" && exit 1; }
done
memcheck "$run" validate --only digital_phantom --threads 1 >/dev/null
if [ -d "$phantom" ]; then
    python3 tests/support/crop.py "$phantom/image.nii.gz" "$phantom/mask.nii.gz" "$work" 20
    memcheck "$run" extract "$work/image.nii" "$work/mask.nii" -c tests/support/every.yaml -o "$work/checked.csv" --threads 1
    "$run" extract "$work/image.nii" "$work/mask.nii" -c tests/support/every.yaml -o "$work/plain.csv"
    cmp "$work/plain.csv" "$work/checked.csv"
else
    echo 'skipped: no reference data'
fi
echo 'memcheck: fine'
