#!/bin/sh
# Weights of neighbours by their distance, and distances of each family, through settings: PyRadiomics' weightingNorm gives
# the same numbers of GLCM on uneven voxels (it weighs GLRLM by the length itself); naive twins are in the unit suite.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh
PYTHONPATH=tests/support python3 - "$work" <<'PY'
import sys
from nifti import nifti
size, signs, spacing = (8, 8, 6), (-1, -1, 1), (0.75, 0.875, 1.25)  # the same in single precision, as PyRadiomics takes them
at = [(i % 8, i // 8 % 8, i // 64) for i in range(8 * 8 * 6)]
nifti(sys.argv[1] + '/image.nii', 4, 16, 'h', size, [(x * x * 7 + y * 13 + z * 29 * x) % 97 for x, y, z in at], signs=signs, spacing=spacing)
nifti(sys.argv[1] + '/mask.nii', 2, 8, 'B', size,
      [1 if 1 <= x <= 6 and 1 <= y <= 6 and 1 <= z <= 4 and (x + y) % 5 else 0 for x, y, z in at], signs=signs, spacing=spacing)
PY
cd "$work" || exit 1
native() { # settings of texture, output, more arguments
    printf 'discretisation: width7\nfamilies: [cm, mcc, rlm, ngt, ngl]\ntexture: {%s}\n' "$1" >settings.yaml
    output=$2
    shift 2
    "$run" extract image.nii mask.nii -c settings.yaml -o "$output" "$@"
}
same() { # every feature of PyRadiomics' table that the other has by its IBSI code, at least so many
    python3 - "$@" <<'PY'
import csv, json, sys
theirs, ours, least = sys.argv[1], sys.argv[2], int(sys.argv[3])
def read(name):
    out = json.load(open(name))
    return out['columns'], out['rows'][0]['values']
columns, values = read(theirs)
natives, own = read(ours)
own_by = {(c['family'], c['code']): own[c['name']] for c in natives if c.get('code')}
found = 0
for c in columns:
    family = {'glcm': 'cm'}.get(c['family'])
    code = c.get('code')
    if not family or not code or (family, code) not in own_by: continue
    a, b = values[c['name']], own_by[family, code]
    assert abs(a - b) <= 1e-9 * max(abs(a), 1e-3), (c['name'], a, b)
    found += 1
assert found >= least, found
PY
}
for pair in manhattan:manhattan euclidean:euclidean infinity:chebyshev; do
    printf 'setting: {binWidth: 7, weightingNorm: %s}\nfeatureClass: {glcm: }\n' ${pair%:*} >params.yaml
    check "PyRadiomics ${pair%:*}" "$run" extract image.nii mask.nii -c params.yaml -o theirs.json
    check "${pair#*:}" native "weighting: exponential, weighting_norm: ${pair#*:}" ours.json
    check 'is the same' same theirs.json ours.json 23
    check 'a file made of it' sh -c "'$run' settings --from params.yaml >made.yaml"
    check 'says so' grep -q "weighting_norm: ${pair#*:}" made.yaml
    check 'and computes' "$run" extract image.nii mask.nii -c made.yaml -o made.json
    check 'the same' same theirs.json made.json 23
done
check 'without weights' native '' plain.json
check 'it is another number' sh -c '! cmp -s plain.json ours.json'
check 'the last of these is not that of no weights' sh -c "! grep -h '\"original_cm_contrast_3D_comb_width7\":' plain.json ours.json | uniq -d | grep ."

# Each family at its own distances.
columns() { head -n 1 "$1" | tr ',' '\n' | grep -o "original_$2.*_d[0-9]*_3D" | sed 's/.*_\(d[0-9]*\)_3D/\1/' | sort -u | tr '\n' ' '; }
check 'distances by family' native 'distances: [4], glcm_distances: [3, 2], ngtdm_distances: [5], ngldm_distances: [2, 4]' each.csv
for family in 'cm d2 d3 d4 ' 'mcc d2 d3 d4 ' 'ngt d4 d5 ' 'ngl d2 d4 ' 'rlm '; do
    check "$family" test "$(columns each.csv "${family%% *}")" = "${family#* }"
done
for d in 2 5; do
    check "all of them at $d" native "glcm_distance: $d, ngtdm_distance: $d, ngldm_distance: $d" $d.csv
done
check 'have the values of each' python3 - <<'PY'
import csv
each, *others = (next(csv.DictReader(open(n))) for n in ('each.csv', '2.csv', '5.csv'))
found = 0
for d, other in zip((2, 5), others):
    for name, value in each.items():
        if '_d%d_' % d in name:
            assert other[name.replace('_d%d_' % d, '_')] == value, name
            found += 1
assert found == 25 + 1 + 17 + 5, found
PY
check 'a distance of half a voxel' expect_line 4 'texture.ngldm_distances' native 'ngldm_distances: [1.5]' none.csv
check 'one that is too far' expect_line 4 '1..16' native 'glcm_distances: [17]' none.csv
check 'weights of averages' expect_line 4 'weighs directions that are merged' native 'weighting: inverse, aggregation: averaged' none.csv
check 'beside merged ones' native 'weighting: inverse, aggregation: [averaged, merged]' both.csv
check 'another word' expect_line 4 'none, exponential or inverse' native 'weighting: gaussian' none.csv
check 'another norm' expect_line 4 'euclidean, manhattan or chebyshev' native 'weighting_norm: taxi' none.csv

# What was done is told.
printf 'case,image,mask\na,image.nii,mask.nii\n' >cases.csv
printf 'texture: {weighting: inverse, ngtdm_weighting: exponential, weighting_unit: voxels, glcm_distances: [2]}\n' >settings.yaml
check 'a run' "$run" batch cases.csv -c settings.yaml -o run -q
for line in 'weighting: inverse' 'ngtdm_weighting: exponential' 'ngldm_weighting: none' 'weighting_unit: voxels' 'glcm_distances: \[2\]'; do
    check "$line" grep -q "$line" run/settings.yaml
done
check 'methods' sh -c "'$run' methods run | tr '\n' ' ' | grep -q 'weighed by 1/d'"
report weighting
