#!/bin/sh
# ROIs that lose all voxels, have few grey levels, lie near NaN or on one slice: reasons and warnings, wherever they are read.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
values=$(cd "${RADIOMILL_CASES:-../shared/cases}/values" 2>/dev/null && pwd)
. tests/support/checks.sh
python3 tests/support/rois.py "$work/r"
rois=$work/r
settings() { # name, then lines
    name=$1
    shift
    printf '%s\n' "$@" >"$work/$name.yaml"
}
extract() { # settings, image, mask, then options
    s=$work/$1.yaml image=$rois/$2 mask=$rois/$3
    shift 3
    "$run" extract "$image" "$mask" -c "$s" "$@"
}
rows() { # of a table of CSV: the ROIs
    python3 -c "import csv, sys; print(*[r['roi'] for r in csv.DictReader(open(sys.argv[1]))])" "$1"
}
cell() { # table, ROI, column
    python3 -c "import csv, sys; print(*[r[sys.argv[3]] for r in csv.DictReader(open(sys.argv[1])) if r['roi'] == sys.argv[2]])" "$@"
}
lines() { # standard error has so many lines with the text
    [ "$(grep -cF -- "$2" "$work/err")" -eq "$1" ] || { cat "$work/err" && return 1; }
}

# No voxel on the grid of the features; no voxel in the range; none near the mean.
settings coarse 'interpolation: {spacing: 3}' 'families: [morph, stat]'
settings range 'resegmentation: {range: [-10, 10]}' 'families: [morph, stat]'
settings high 'resegmentation: {range: [90, .inf]}' 'families: [morph]'
settings outliers 'resegmentation: {outliers: 0.5}' 'families: [stat]'
check 'lost on a coarse grid' expect 20 'ROI 4: no voxel is left on the grid of 3 mm' extract coarse image.nii mask.nii -o "$work/a.csv"
check 'no row of it' test "$(rows "$work/a.csv")" = '1 2 3'
check 'the only one' expect_line 3 'ROI 4: no voxel is left on the grid of 3 mm' extract coarse image.nii mask.nii -r 4 -o "$work/b.csv"
check 'no file of it' test ! -e "$work/b.csv"
check 'out of range' expect 20 'ROI 2: re-segmentation leaves none of its 210 voxels, with intensities 0..100: none is in the range 1..10' \
    sh -c "sed 's/-10, 10/1, 10/' '$work/range.yaml' >'$work/near.yaml'; '$run' extract '$rois/image.nii' '$rois/mask.nii' -c '$work/near.yaml' -o '$work/c.json'"
check 'JSON has the reason' python3 -c "
import json
rows = {r['roi']: r for r in json.load(open('$work/c.json'))['rows']}
assert 'ROI 2: re-segmentation leaves none' in rows['2']['error'] and 'values' not in rows['2'] and rows['3']['values'], rows"
check 'out of a half-open range' expect 20 'ROI 3: re-segmentation leaves none of its 210 voxels, with intensities 7..7: none is in the range 90..inf' extract high image.nii mask.nii
check 'outliers all' expect 3 'none is in the range -inf..inf and within 0.5 standard deviations of the mean' extract outliers image.nii mask.nii -r 2
check 'a batch of them' expect 20 '0 done, 2 partly, 1 failed' "$run" batch "$rois/cases.csv" -c "$work/near.yaml" -o "$work/run"
check 'each in its row' python3 -c "
import csv
rows = {r['case']: r for r in csv.DictReader(open('$work/run/cases.csv'))}
assert (rows['all']['status'], rows['all']['rois'], rows['all']['rois_failed']) == ('partial', '4', str(rows['all']['reason'].count(': ROI '))), rows['all']
assert 'ROI 2: re-segmentation leaves none of its 210' in rows['all']['reason'], rows['all']
assert rows['one']['status'] == 'failed' and 'ROI 2: re-segmentation leaves none' in rows['one']['reason'], rows['one']
assert rows['many']['reason'].count('ROI ') == 2 and 'resegmentation: ' in rows['many']['warnings'] and 'voxels are left' in rows['many']['warnings'], rows['many']
assert {r['roi'] for r in csv.DictReader(open('$work/run/features.csv')) if r['case'] == 'all'} == {'1', '3'}"
check 'a dry run says it before' expect 20 'ROI 4: no voxel is left on the grid of 3 mm' sh -c "'$run' batch '$rois/cases.csv' -c '$work/coarse.yaml' --dry-run >&2"

# Few grey levels: one line for each discretisation, however many ROIs and response maps.
settings bins 'discretisation: [fbs900, fbn32, fbs40]' 'families: [ih]' 'resegmentation: {range: [-200, .inf]}'
settings two 'discretisation: [fbn2, fbn3]' 'families: [cm]'
settings maps 'families: []' 'images:' '  - mean: {size: [3, 5, 7]}' '  - log: {sigma: [1, 1.5]}' 'filter_families: [cm]' 'filter_discretisation: [fbs5000, fbn8]'
check 'bins wider than ROIs' expect 0 'ROI 1: discretisation fbs900: intensities -197..199 fall into 1 grey level; textures say nothing; choose narrower bins (fbs10) or fbn32; the same for ROI 2, 3, 4' \
    extract bins image.nii mask.nii -o "$work/d.json"
check 'two values, one value' lines 1 'ROI 2: discretisation fbn32: intensities 0..100 fall into 2 grey levels; textures say little; the same for ROI 3, 4'
check 'a line each' lines 3 'discretisation '
check 'and one of the ROI of one voxel' lines 4 'radiomill: warning: '
check 'JSON has warnings' python3 -c "
import json
w = json.load(open('$work/d.json'))['warnings']
assert len(w) == 4 and w[0].startswith('ROI 1: discretisation fbs900: '), w"
check 'as few bins as are asked for' expect 0 '' extract two image.nii mask.nii -r 1 -r 2 -o "$work/e.csv"
check 'are no surprise, but where there are fewer' lines 1 'ROI 2: discretisation fbn3: intensities 0..100 fall into 2 grey levels; textures say little'
check 'nor is there another' lines 1 warning
check 'response maps' expect 0 'discretisation fbs5000: responses' extract maps image.nii many.nii -o "$work/f.csv"
check 'all in one line' lines 1 '30 response maps in all'
check 'and no other, but of their one slice' lines 2 'warning'
settings ivh 'ivh: fbs300' 'families: [ivh]'
check 'bins of the volume histogram' expect 0 'ROI 2: ivh fbs300: intensities 0..100 are narrower than one bin; the volume histogram says little; choose narrower bins (fbs3) or fbn32; the same for ROI 3, 4' \
    extract ivh image.nii mask.nii -o "$work/v.csv"
check 'one line of it' lines 1 'ivh fbs300'
check 'a batch has them' expect 0 '' "$run" batch "$rois/cases.csv" -c "$work/bins.yaml" -o "$work/bins" -q
check 'in its cases' python3 -c "
import csv
rows = {r['case']: r for r in csv.DictReader(open('$work/bins/cases.csv'))}
assert rows['all']['warnings'].count(' | ') == 3 and 'fbs900' in rows['one']['warnings'] and 'and ' not in rows['all']['warnings'][-12:], rows
assert 'the same for ROI' in rows['many']['warnings'], rows['many']"

# NaN: where it has no weight, where it stands beside the ROI, and in it.
settings linear 'interpolation: {spacing: 2}' 'families: [stat]'
settings cubic 'interpolation: {spacing: 2, method: cubic}' 'families: [stat]'
check 'NaN without weight' expect 0 '' extract linear odd.nii mask.nii -r 2 -o "$work/g.csv"
check 'nothing' expect 0 '' extract linear image.nii mask.nii -r 2 -o "$work/h.csv"
check 'the same values' test "$(cell "$work/g.csv" 2 original_stat_mean)" = "$(cell "$work/h.csv" 2 original_stat_mean)"
for way in linear cubic; do
    check "$way: NaN beside the ROI is named" expect_line 3 ", 11, " extract $way beside.nii mask.nii -r 1
    check "$way: so is its reason" lines 1 "$way interpolation needs finite intensities: correct the image, or use --nan"
    check "$way: a number in its place" expect 0 '' extract $way beside.nii mask.nii -r 1 --nan 50 --case x -o "$work/i.csv"
    check "$way: is that number" expect 0 '' extract $way filled.nii mask.nii -r 1 --case x -o "$work/j.csv"
    check "$way: to the last bit" cmp "$work/i.csv" "$work/j.csv"
    check "$way: NaN in the ROI" expect_line 3 'voxels of the ROI are NaN or infinite' extract $way within.nii mask.nii -r 1 --nan 50
    check "$way: with and without --nan" expect_line 3 'voxels of the ROI are NaN or infinite' extract $way within.nii mask.nii -r 1
done

# An axis of one voxel stays as it is.
settings cube 'interpolation: {spacing: 2}' 'families: [morph]'
check 'one slice' expect 0 '' extract cube slice.nii slice_mask.nii -o "$work/k.csv"
check 'keeps its thickness' python3 -c "
import csv
v = float(next(csv.DictReader(open('$work/k.csv')))['original_morph_vol_approx'])
assert v % 20 == 0 and 0.8 < v / (sum((x - 12) ** 2 + (y - 10) ** 2 <= 50 for x in range(24) for y in range(20)) * 5) < 1.2, v"

# Cases of known outcome.
if [ -d "$values/mask_finer_than_the_image" ]; then
    case=$values/mask_finer_than_the_image
    check 'a finer mask' expect 0 '' "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" --resample-mask -c "$case/settings.yaml" -o "$work/l.csv"
    check 'keeps its volume' near "$(cell "$work/l.csv" 1 original_morph_vol_approx)" 175.6 0.02
    case=$values/roi_lost_by_resampling
    check 'a lost ROI' expect 20 'ROI 2: no voxel is left on the grid of 3 mm' "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$case/settings.yaml" -o "$work/m.csv"
    check 'has no row' test "$(rows "$work/m.csv") $(cell "$work/m.csv" 3 original_morph_vol_approx)" = '3 216'
    check 'a lost ROI in a batch' expect 20 '' "$run" batch "$case/cases.csv" -c "$case/settings.yaml" -o "$work/lost" -q
    check 'has its reason' python3 -c "
import csv
r = next(csv.DictReader(open('$work/lost/cases.csv')))
assert r['status'] == 'partial' and r['rois_failed'] == '1' and 'ROI 2: no voxel is left on the grid of 3 mm' in r['reason'], r"
    case=$values/bin_width_wider_than_the_roi
    check 'wide bins' expect 0 'discretisation fbs25: intensities 0.000' "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$case/settings.yaml" -o "$work/n.csv"
    check 'give one level' lines 1 'fall into 1 grey level; textures say nothing; choose narrower bins (fbs'
    check 'and the values of one' test "$(cell "$work/n.csv" 1 original_ih_max_fbs25) $(cell "$work/n.csv" 1 original_cm_contrast_3D_comb_fbs25)" = '1 0'
    check 'wide bins in a batch' expect 0 '' "$run" batch "$case/cases.csv" -c "$case/settings.yaml" -o "$work/wide" -q
    check 'are a warning' grep -q ',done,.*fall into 1 grey level; textures say nothing' "$work/wide/cases.csv"
    case=$values/nan_far_from_the_roi_cubic
    check 'NaN far away' expect_line 3 'voxel (0, 0, 0) is nan; cubic interpolation needs finite intensities: correct the image, or use --nan' \
        "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$case/settings.yaml"
    for nan in 0:99.15376581 100:99.15378511; do
        check "NaN as ${nan%:*}" expect 0 '' "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$case/settings.yaml" --nan "${nan%:*}" -o "$work/o.csv"
        check "is NaN as ${nan%:*}" near "$(cell "$work/o.csv" 1 original_stat_mean)" "${nan#*:}" 1e-10
    done
else
    echo 'skipped: no cases'
fi
report rois
