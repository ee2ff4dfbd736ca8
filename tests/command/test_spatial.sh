#!/bin/sh
# `spatial: no` leaves out what takes all pairs of voxels, columns and all; every other byte is that of `spatial: yes`.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
case=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)/values/outliers_with_range
. tests/support/checks.sh
[ -d "$case" ] || { echo 'skipped: no cases' && echo '100%: Checks: 0, Failures: 0, Errors: 0' && exit; }

features() { # settings, table
    printf '%s\n' "$1" >"$work/s.yaml"
    "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$work/s.yaml" -o "$work/$2.csv"
}
features 'images: [{square: {families: [morph, stat]}}]' unsaid
features 'images: [{square: {families: [morph, stat]}}]
spatial: yes' with
features 'images: [{square: {families: [morph, stat]}}]
spatial: no' without
check 'yes is what nothing says' cmp "$work/unsaid.csv" "$work/with.csv"
check 'no leaves out four columns of two images, and no other byte' python3 -c "
import csv
rows = {word: list(csv.reader(open('$work/%s.csv' % word))) for word in ('with', 'without')}
out = {'%s_morph_%s' % (image, name) for image in ('original', 'square') for name in ('moran_i', 'geary_c')}
assert out < set(rows['with'][0]), out
kept = [i for i, name in enumerate(rows['with'][0]) if name not in out]
assert [[row[i] for i in kept] for row in rows['with']] == rows['without'] and len(rows['without']) == 2"
printf 'spatial: some\n' >"$work/s.yaml"
check 'the word is a truth' expect_line 4 'must be yes or no' "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$work/s.yaml"
counted() { # settings, how many features of morphology a run says
    printf 'families: morph\n%s\n' "$1" >"$work/s.yaml"
    printf 'case,image,mask\na,%s,%s\n' "$case/image.nii.gz" "$case/mask.nii.gz" >"$work/m.csv"
    rm -rf "$work/run"
    "$run" batch "$work/m.csv" -c "$work/s.yaml" -o "$work/run" && "$run" methods "$work/run" | tr -d '\n' | grep -qF "Morphology ($2)"
}
check 'methods count what was computed' counted 'spatial: no' 27
check 'methods count all' counted 'spatial: yes' 29
report spatial
