#!/bin/sh
# Masks as programs write them, by value: channels, a file for each organ, frames, odd headers.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
trap 'rm -rf "$work"' EXIT
made=$work/made
mkdir "$made"
printf 'families: [stat]\ndiagnostics: yes\n' >"$work/stat.yaml"
/usr/bin/python3 tests/support/masks.py "$made" || exit 1
values() { # ROI, voxels, mean, minimum, maximum
    python3 -c "
import json, sys
roi, *want = sys.argv[1:]
v = next(r for r in json.load(open('$work/o.json'))['rows'] if r['roi'] == roi)['values']
got = [v['original_int_mask_vox_count_reseg_roi'], v['original_stat_mean'], v['original_stat_min'], v['original_stat_max']]
for g, w in zip(got, map(float, want)):
    assert abs(g - w) <= 1e-12 * abs(w), (roi, got, want)" "$@"
}
written() { # image, mask, options, exit code, text, warnings, ROI, voxels, mean, minimum, maximum
    image=$made/$1 mask=$made/$2 options=$3 code=$4 words=$5 warnings=$6 roi=$7
    shift 7
    rm -f "$work/o.json"
    # shellcheck disable=SC2086 # options are words
    expect_line "$code" "$words" "$run" extract "$image" "$mask" -c "$work/stat.yaml" $options -o "$work/o.json" || return 1
    [ "$warnings" = - ] || [ "$(grep 'radiomill: warning' "$work/err" | grep -vcE 'ROI .*: (border|size): ')" -eq "$warnings" ] || { cat "$work/err" && return 1; }
    [ "$1" = - ] || values "$roi" "$@"
}
unit=$(printf '\037')
set -f # patterns are for the command
while IFS=$unit read -r name image mask options code words warnings roi voxels mean low high; do
    check "$name" written "$image" "$mask" "$options" "$code" "$words" "$warnings" "$roi" "$voxels" "$mean" "$low" "$high"
done <"$made/cases.txt"
set +f
check 'info of a folder of organs' expect 0 '' sh -c "'$run' info '$made/organs' | grep -q '4 *spleen_left'"
check 'info of channels' expect 0 '' sh -c "'$run' info '$made/channels.nii.gz' | grep -Eq '^frames +3'"
check 'labels of channels' expect 0 '' sh -c "'$run' info -l '$made/channels.nii.gz' | grep -q 'channel:2'"
printf 'case,image,mask,volume\na,%s/movie.nii.gz,%s/corner.nii,2\nb,%s/movie.nii.gz,%s/corner.nii,1\n' "$made" "$made" "$made" "$made" >"$work/cases.csv"
check 'volumes of a batch' expect 0 '2 done' "$run" batch "$work/cases.csv" -c "$work/stat.yaml" -o "$work/run"
check 'each has its own' python3 -c "
import csv
mean = {r['case']: float(r['original_stat_mean']) for r in csv.DictReader(open('$work/run/features.csv'))}
assert mean['b'] == 0 and mean['a'] > 100, mean"
check 'organs of a batch' expect 0 '1 done' sh -c "printf 'image,mask\n$made/image.nii,$made/organs\n' >'$work/organs.csv' && '$run' batch '$work/organs.csv' -c '$work/stat.yaml' -o '$work/run2'"
report odd_masks
