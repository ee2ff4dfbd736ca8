#!/bin/sh
# Settings that studies need, through files: normalisation by a ROI or by a reference ROI, re-segmentation by percentiles,
# origins of bins, ROIs that are too small. What is right is computed here from the voxels.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh
PYTHONPATH=tests/support python3 - "$work" <<'PY'
import sys
from nifti import nifti
size, signs = (8, 8, 6), (-1, -1, 1)
at = [(i % 8, i // 8 % 8, i // 64) for i in range(8 * 8 * 6)]
nifti(sys.argv[1] + '/image.nii', 4, 16, 'h', size, [5 if z == 4 else (x * x * 7 + y * 13 + z * 29 * x) % 97 - 20 for x, y, z in at],
      signs=signs)
nifti(sys.argv[1] + '/mask.nii', 2, 8, 'B', size,
      [((1 if x < 4 else 2) if z < 4 else 3) if 1 <= x <= 6 and 1 <= y <= 6 and 1 <= z <= 4 else 0 for x, y, z in at], signs=signs)
PY
cd "$work" || exit 1
with() { # settings, then more arguments
    printf '%b' "families: [stat, ih, morph]\n$1" >settings.yaml
    shift
    "$run" extract image.nii mask.nii -c settings.yaml -o out.json "$@"
}
# v[label]: its voxels in order; value(roi, tag): of out.json.
right() { # what must be true
    python3 - "$1" <<'PY'
import json, statistics, struct, sys
from math import floor
x = struct.unpack('<384h', open('image.nii', 'rb').read()[352:])
m = open('mask.nii', 'rb').read()[352:]
v = {r: sorted(a for a, b in zip(x, m) if b == r) for r in (1, 2, 3)}
rows = {r['roi']: r for r in json.load(open('out.json'))['rows']}
def value(roi, tag): return rows[str(roi)]['values']['original_' + tag]
def near(a, b): return abs(a - b) <= 1e-12 * max(1, abs(b))
def rank(s, part):
    at = part * (len(s) - 1)
    return s[floor(at)] + (at - floor(at)) * (s[min(floor(at) + 1, len(s) - 1)] - s[floor(at)])
mean, deviation = statistics.fmean, statistics.stdev
assert eval(sys.argv[1])
PY
}
normalise() { # keys of normalisation, then more arguments
    what=$1
    shift
    with "normalisation: {$what}\n" "$@"
}
check 'z-scores of a reference' normalise 'method: z-score, of: reference, reference: 1'
check 'it has mean 0' right 'near(value(1, "stat_mean"), 0) and near(value(1, "stat_var"), (len(v[1]) - 1) / len(v[1]))'
check 'others have its scale' right 'near(value(2, "stat_mean"), (mean(v[2]) - mean(v[1])) / deviation(v[1]))'
check 'it need not be chosen' normalise 'method: z-score, of: reference, reference: 1' --roi 2
check 'and is not computed then' right 'list(rows) == ["2"] and near(value(2, "stat_mean"), (mean(v[2]) - mean(v[1])) / deviation(v[1]))'
check 'percentiles of it, clipped, times 100' normalise 'method: percentile, percentiles: [10, 80], of: reference, reference: 1, clip: 1, scale: 100' --roi 2
check 'are its own' right 'near(value(2, "stat_mean"), mean(100 * min(1, max(0, (a - rank(v[1], .1)) / (rank(v[1], .8) - rank(v[1], .1)))) for a in v[2]))'
check 'range of it' normalise 'method: range, of: reference, reference: 2' --roi 1
check 'is from end to end' right 'near(value(1, "stat_max"), (v[1][-1] - v[2][0]) / (v[2][-1] - v[2][0]))'
check 'a reference that varies by nothing' expect_line 3 'reference ROI 3: normalisation needs intensities that differ' \
    normalise 'method: z-score, of: reference, reference: 3'
check 'a reference that is not there' expect 3 'brain' normalise 'method: z-score, of: reference, reference: brain'
check 'no reference' expect_line 4 'needs normalisation.reference' normalise 'method: z-score, of: reference'
check 'a reference that is for nothing' expect_line 4 'needs normalisation.of: reference' normalise 'method: z-score, reference: 1'
check 'percentiles beyond 100' expect_line 4 '[low, high] in 0..100' normalise 'method: percentile, percentiles: [1, 101]'
# Of the image: the closed forms again, of all voxels; what counts of the foreground lies above their mean.
scaled() { # method, of, what is 0, what is 1, in words of Python
    check "$1 of $2" normalise "method: $1, of: $2, percentiles: [5, 90], scale: 10"
    check "$1 of $2: its mean, minimum and maximum" right "(lambda w, front: (lambda zero, unit: all(near(value(r, 'stat_mean'), 10 * (mean(v[r]) - zero) / unit) and near(value(r, 'stat_min'), 10 * (v[r][0] - zero) / unit) and near(value(r, 'stat_max'), 10 * (v[r][-1] - zero) / unit) for r in (1, 2)))($3, $4))(sorted(x), sorted(a for a in x if a > mean(x)))"
}
for of in image foreground; do
    voxels=w
    [ $of = image ] || voxels=front
    scaled z-score $of "mean($voxels)" "deviation($voxels)"
    scaled percentile $of "rank($voxels, .05)" "rank($voxels, .9) - rank($voxels, .05)"
    scaled range $of "$voxels[0]" "$voxels[-1] - $voxels[0]"
done
check 'clipped' normalise 'method: range, of: foreground, clip: 1'
check 'to 0 and 1' right 'value(1, "stat_min") == 0 and value(1, "stat_max") <= 1 and near(value(1, "stat_mean"), mean(max(0, (a - min(b for b in x if b > mean(x))) / (max(x) - min(b for b in x if b > mean(x)))) for a in v[1]))'
check 'each ROI for itself' expect 20 'ROI 3: normalisation needs intensities that differ' normalise 'method: z-score, of: roi'
check 'has mean 0' right 'near(value(1, "stat_mean"), 0) and near(value(2, "stat_mean"), 0)'
check 'but the one that varies by nothing' right '"alike" in rows["3"]["error"]'
check 'the same, and no other' normalise 'method: z-score, of: roi' --roi 2
check 'has the same values' right 'near(value(2, "stat_max"), (v[2][-1] - mean(v[2])) / deviation(v[2]))'
check 'percentiles' with 'resegmentation: {percentiles: [10, 90]}\n' --roi 1
check 'keep what lies between' right 'near(value(1, "stat_mean"), mean(a for a in v[1] if rank(v[1], .1) <= a <= rank(v[1], .9)))'
check 'shape does not follow' right 'near(value(1, "morph_vol_approx"), 2 * len(v[1]))'
check 'or does' with 'resegmentation: {percentiles: [10, 90], shape: yes}\n' --roi 1
check 'by their number' right 'near(value(1, "morph_vol_approx"), 2 * sum(rank(v[1], .1) <= a <= rank(v[1], .9) for a in v[1]))'
for origin in minimum zero -25; do
    check "bins from $origin" with "bin_origin: $origin\ndiscretisation: fbs10\n" --roi 1
    case $origin in
    minimum) first='v[1][0]' ;;
    zero) first='10 * floor(v[1][0] / 10)' ;;
    *) first=$origin ;;
    esac
    check 'begin there' right "near(value(1, 'ih_mean_fbs10'), mean(floor((a - $first) / 10) + 1 for a in v[1]))"
done
check 'bins that begin above' expect 4 'bins begin at 0' with 'bin_origin: 0\ndiscretisation: fbs10\n' --roi 1
check 'a word that is no origin' expect_line 4 'range, minimum, zero or a number' with 'bin_origin: middle\n'
n='sum(b == 1 for b in m)'
check 'as many voxels as asked for' with 'minimum_roi: {voxels: 54}\n' --roi 1
check 'are enough' right "$n == 54 and near(value(1, 'stat_mean'), mean(v[1]))"
check 'one less' expect 0 'ROI 1: size: 54 voxels of 0.108 mL: less than the 55 voxels' with 'minimum_roi: {voxels: 55}\nimages: [square]\n' --roi 1
check 'has no value' right 'value(1, "stat_mean")["value"] is None and "error" not in rows["1"]'
check 'for that reason' grep -q 'the ROI is smaller than minimum_roi asks for' out.json
check 'by volume' expect 0 '' with 'minimum_roi: {volume: 0.108}\n' --roi 1
check 'the same' right 'near(value(1, "stat_mean"), mean(v[1]))'
check 'and less' expect 0 'less than the 0.1081 mL' with 'minimum_roi: {volume: 0.1081}\n' --roi 1
printf 'case,image,mask,roi\na,image.nii,mask.nii,1\n' >cases.csv
printf 'minimum_roi: {voxels: 55}\nfamilies: [stat]\n' >settings.yaml
check 'a batch' expect 0 '' "$run" batch cases.csv -c settings.yaml -o run
check 'says so in cases.csv' grep -q 'less than the 55 voxels that minimum_roi asks for' run/cases.csv
check 'and has not failed' python3 -c "import csv; assert next(csv.DictReader(open('run/cases.csv')))['rois_failed'] == '0'"

check 'points of the histogram' with 'points: {percentiles: [2.5], volume_at: [20, -5], volume_at_part: [41], intensity_at: [95]}\n' --roi 1
check 'percentile' right 'near(value(1, "points_p2.5"), rank(v[1], .025))'
check 'volumes from an intensity on' right 'near(value(1, "points_v20"), mean(a >= 20 for a in v[1])) and near(value(1, "points_vm5"), mean(a >= -5 for a in v[1]))'
check 'and from a part of the range on' right 'near(value(1, "points_vpart41"), mean(a >= v[1][0] + .41 * (v[1][-1] - v[1][0]) for a in v[1]))'
check 'what most of the volume has' right 'near(value(1, "points_d95"), rank(v[1], .05))'
check 'words of columns' grep -q 'Intensity that N % of the volume have at least' out.json
check 'response maps have none' sh -c '! grep -q square_points out.json'
check 'diameters in a slice and maximal correlation' sh -c "printf 'families: [recist, mcc]\n' >settings.yaml && '$run' extract image.nii mask.nii -c settings.yaml -o out.json --roi 1"
check 'of a box of 3 x 6 voxels' right 'near(value(1, "recist_longest"), (6 ** 2 + 2 ** 2) ** .5) and 0 < value(1, "mcc_max_corr_3D_comb_fbn32") <= 1'
check 'no family without points' with 'points: {percentiles: []}\n' --roi 1
check 'has a column of it' sh -c '! grep -q points_p out.json'

at() { # texture settings, output
    printf 'families: [cm, mcc, rlm, ngt, ngl]\ndiscretisation: [fbn8, fbn16]\nimages: [square]\ntexture: {%s}\n' "$1" >settings.yaml
    "$run" extract image.nii mask.nii -c settings.yaml -o "$2" --roi 1
}
check 'several distances' at 'distances: [3, 2]' many.csv
check 'one' at 'glcm_distance: 1' one.csv
for d in 2 3; do check "$d" at "glcm_distance: $d, ngtdm_distance: $d, ngldm_distance: $d" $d.csv; done
check 'have the values of each' python3 - <<'PY'
import csv
many, one, *others = (next(csv.DictReader(open(n))) for n in ('many.csv', 'one.csv', '2.csv', '3.csv'))
assert all(many[k] == v for k, v in one.items())
found = 0
for d, other in zip((2, 3), others):
    for name, value in other.items():
        parts = name.split('_')
        for cut in range(2, len(parts)):
            at = '_'.join(parts[:cut] + ['d%d' % d] + parts[cut:])
            if at in many:
                assert many[at] == value, at
                found += 1
assert found == len(many) - len(one) and found > 250, found
PY
check 'each direction' at 'directions: yes, distances: [2], aggregation: averaged' each.csv
check 'averages are those of directions, which go in their order' python3 - <<'PY'
import csv, struct
row = next(csv.DictReader(open('each.csv')))
checked = 0
for name, value in row.items():
    for mark in ('_d2_3D_avg', '_3D_avg'):
        if mark in name:
            break
    else:
        continue
    parts = [row[name.replace('_3D_avg', '_dir%d_3D' % d)] for d in range(1, 14)]
    known = [float(p) for p in parts if p]
    assert abs(sum(known) / len(known) - float(value)) <= 1e-12 * max(1, abs(float(value))), name
    checked += 1
assert checked > 200, checked
x = struct.unpack('<384h', open('image.nii', 'rb').read()[352:])
m = open('mask.nii', 'rb').read()[352:]
low, high = (f(a for a, b in zip(x, m) if b == 1) for f in (min, max))
level = [min(8 * (a - low) // (high - low) + 1, 8) if b == 1 else 0 for a, b in zip(x, m)]
order = ((-1, 0, 0), (-1, -1, 0), (0, -1, 0), (1, -1, 0), (0, 0, -1), (-1, 0, -1), (1, 0, -1), (0, -1, -1), (0, 1, -1),
         (-1, -1, -1), (1, -1, -1), (-1, 1, -1), (1, 1, -1))
for number, step in enumerate(order, 1):
    pairs = [(level[i] - level[i + step[0] + 8 * step[1] + 64 * step[2]]) ** 2 for i in range(64, 384)
             if level[i] and level[i + step[0] + 8 * step[1] + 64 * step[2]]]
    value = float(row['original_cm_contrast_dir%d_3D_fbn8' % number])
    assert abs(value - sum(pairs) / len(pairs)) < 1e-12 * value, (number, value)
PY
check 'in 2D there are none' at 'directions: yes, dimensions: 2D' flat.csv
check 'no column' sh -c '! grep -q _dir1 flat.csv'
check 'no distance of half a voxel' expect 4 'whole numbers in 1..16, not 2.5' at 'distances: [2.5]' none.csv

# Steps of masks, in mm: voxels are 1 x 1 x 2 mm.
check 'a ring and what is left of a ROI' expect 0 'ROI 3: grow by 2 mm meets the border of the image along x, y, z' with \
    'masks: [ring: {roi: 1, mm: 1, name: "the rim"}, minus: {roi: the rim, other: 2, name: outer}, grow: {roi: 3, mm: 2}]\n' --roi outer --roi 3
voxels='lambda roi: value(roi, "morph_vol_approx") / 2'
check 'have the voxels that lie there' right "near(($voxels)('outer'), 3 * (6 + 3 + 3)) and list(rows) == ['outer', '3']"
check 'grown by 2 mm' right "near(($voxels)(3), 2 * 36 + sum(min((max(0, 1 - x, x - 6)) ** 2 + (max(0, 1 - y, y - 6)) ** 2, 9) <= 4 for x in range(8) for y in range(8)))"
check 'a step that leaves nothing' expect 20 'ROI 1: shrink by 5 mm leaves no voxel of it' with 'masks: [shrink: {roi: 1, mm: 5}]\n'
check 'a ROI that is not there' expect_line 3 'liver' with 'masks: [minus: {roi: 1, other: liver}]\n'
check 'a picture of the ROI that was made' with 'masks: [fill: {name: "*_filled"}]\n' --roi 1_filled --picture ring.png
check 'settings of a run' expect 0 '' "$run" batch cases.csv -c settings.yaml -o steps
check 'are those that were given' grep -qF '  - fill: {dimension: 3, roi: "", name: "*_filled"}' steps/settings.yaml
check 'methods tell them' sh -c "'$run' methods steps | tr '\n' ' ' | grep -q 'ROIs were changed before, in this order: fill'"
report study_settings
