#!/bin/sh
# Masks as programs write them, by value: channels, a file for each organ, frames, odd headers.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
made=$work/made
mkdir "$made"
printf 'families: [stat]\ndiagnostics: yes\n' >"$work/stat.yaml"
/usr/bin/python3 tests/support/masks.py "$made" || exit 1
as_expected "$made" "$work/stat.yaml"
check 'info of a folder of organs' expect 0 '' sh -c "'$run' info '$made/organs' | grep -q '4 *spleen_left'"
check 'info of channels' expect 0 '' sh -c "'$run' info '$made/channels.nii.gz' | grep -Eq '^frames +3'"
check 'labels of channels' expect 0 '' sh -c "'$run' info -l '$made/channels.nii.gz' | grep -q 'channel:2'"
check 'names of labels' expect 0 '' sh -c "'$run' info -l '$made/sub-1_dseg.nii.gz' | grep -q 'liver'"
printf 'image,mask\n%s/image.nii,%s/numbers.nii.gz\n' "$made" "$made" >"$work/named.csv"
check 'names of a batch' expect 0 '1 done' "$run" batch "$work/named.csv" -c "$work/stat.yaml" -o "$work/named"
printf '{"1": "spleen", "2": "node"}' >"$made/numbers.json"
check 'another name is another case' expect 0 '1 done' "$run" batch "$work/named.csv" -c "$work/stat.yaml" -o "$work/named"
check 'it has the name' grep -q ',spleen,' "$work/named/features.csv"
printf 'case,image,mask,volume\na,%s/movie.nii.gz,%s/corner.nii,2\nb,%s/movie.nii.gz,%s/corner.nii,1\n' "$made" "$made" "$made" "$made" >"$work/cases.csv"
check 'volumes of a batch' expect 0 '2 done' "$run" batch "$work/cases.csv" -c "$work/stat.yaml" -o "$work/run"
check 'each has its own' python3 -c "
import csv
mean = {r['case']: float(r['original_stat_mean']) for r in csv.DictReader(open('$work/run/features.csv'))}
assert mean['b'] == 0 and mean['a'] > 100, mean"
check 'organs of a batch' expect 0 '1 done' sh -c "printf 'image,mask\n$made/image.nii,$made/organs\n' >'$work/organs.csv' && '$run' batch '$work/organs.csv' -c '$work/stat.yaml' -o '$work/run2'"
report odd_masks
