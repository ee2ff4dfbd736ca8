#!/bin/sh
# PyRadiomics' mode takes voxels as they are stored where no step changes them. Where it crops it makes doubles of
# the image, here of all of it: the same numbers and diagnostics, whatever the type, the order of axes and the scale.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh

PYTHONPATH=tests/support python3 - "$work" <<'PY'
import struct, sys
from nifti import nifti
size = (9, 8, 7)
at = [(i % 9, i // 9 % 8, i // 72) for i in range(9 * 8 * 7)]
whole = [(x * x * 7 + y * 13 + z * 29 * x) % 97 for x, y, z in at]
inside = [1 if 1 <= x <= 6 and 1 <= y <= 6 and 1 <= z <= 4 and x * y != 9 else 0 for x, y, z in at]
for name, signs in (('turned', (1, 1, 1)), ('straight', (-1, -1, 1))):
    nifti(f'{sys.argv[1]}/mask_{name}.nii', 2, 8, 'B', size, inside, signs=signs)
    for kind, code, bits, letter, scale in (('int16', 4, 16, 'h', None), ('scaled', 4, 16, 'h', (2, -30)),
                                            ('parts', 4, 16, 'h', (0.3, -7.1)), ('float32', 16, 32, 'f', None),
                                            ('float32_scaled', 16, 32, 'f', (0.3, 1)), ('float64', 64, 64, 'd', None)):
        values = [v / 7 for v in whole] if letter in 'fd' else whole
        path = f'{sys.argv[1]}/{kind}_{name}.nii'
        nifti(path, code, bits, letter, size, values, signs=signs)
        if scale:
            with open(path, 'r+b') as file:
                file.seek(112)
                file.write(struct.pack('<2f', *scale))
PY
cd "$work" || exit 1

# same IMAGE MASK SETTING: the columns that both have are the same, and there are hundreds.
same() {
    for crop in true false; do
        printf 'setting: {binWidth: 3, %s preCrop: %s, padDistance: 100}\nimageType: {Original: {}, LoG: {sigma: [2.0]}, Wavelet: {}}\n' \
            "$3" $crop >$crop.yaml
        "$run" extract "$1" "$2" -c $crop.yaml -o $crop.csv || return 1
    done
    python3 - <<'PY'
import csv
rows = [next(csv.DictReader(open(f'{crop}.csv'))) for crop in ('true', 'false')]
common = [name for name in rows[1] if name in rows[0] and 'Configuration' not in name]
assert len(common) > 900 and len(rows[0]) == len(rows[1]), (len(common), len(rows[0]), len(rows[1]))
assert all(rows[0][name] == rows[1][name] for name in common), [n for n in common if rows[0][n] != rows[1][n]][:3]
PY
}
for order in turned straight; do
    for kind in int16 scaled parts float32 float32_scaled float64; do
        check "$kind, $order" same ${kind}_$order.nii mask_$order.nii ''
        check "$kind, $order, in a range" same ${kind}_$order.nii mask_$order.nii 'resegmentRange: [-1, 2], resegmentMode: sigma,'
    done
done
check 'a mask of another order' same int16_turned.nii mask_turned.nii 'resegmentRange: [5], resegmentShape: true,'
report pyr_stored
