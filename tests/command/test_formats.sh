#!/bin/sh
# Files of other formats through the command: the same features as from NIfTI, ROIs by name, batch and manifest.
set -u
build=${BUILD:-build}
cases=${RADIOMILL_CASES:-../shared/cases}
run=$(pwd)/$build/radiomill support=$(pwd)/tests/support
. tests/support/checks.sh
python3 tests/support/formats.py "$work" || exit 1
cd "$work" || exit 1

settings=stat.yaml plain=plain.nii plain_mask=plain_mask.nii
same() { # image, mask, more: rows of features as from NIfTI
    "$run" extract "$plain" "$plain_mask" -c "$settings" --case x -o plain.csv &&
        "$run" extract "$@" -c "$settings" --case x -o other.csv && python3 - <<'END'
import csv
a, b = ([{k: v for k, v in row.items() if k not in ('roi', 'mask', 'image')} for row in csv.DictReader(open(f))]
        for f in ('plain.csv', 'other.csv'))
def near(p, q):  # PNG and MGH have spacings of their own precision
    try: return abs(float(p) - float(q)) <= 1e-4 * max(1, abs(float(p)))
    except ValueError: return p == q
assert a and len(a) == len(b) and all(p.keys() == q.keys() and all(near(p[k], q[k]) for k in p) for p, q in zip(a, b)), (a, b)
END
}
roi() { # name of the ROI of the one row of other.csv
    python3 -c 'import csv, sys; rows = list(csv.DictReader(open("other.csv"))); assert [r["roi"] for r in rows] == sys.argv[1:], rows' "$@"
}

check 'NRRD' same image.nrrd mask.nrrd
check 'NRRD with a file of its own' same image.nhdr mask.nrrd
check 'NRRD beside NIfTI' same image.nrrd plain_mask.nii
check 'MetaImage' same image.mha mask.mha
check 'MetaImage with a file of its own' same image.mhd mask.mha
check 'MGZ and MGH' same image.mgz mask.mgh
check 'ANALYZE' same old.hdr old_mask.hdr
check 'ANALYZE, by its voxels' same old.img old_mask.img
check 'ANALYZE says that it has no sides' expect 0 'does not say which side is left' "$run" extract old.hdr old_mask.hdr -c stat.yaml -o x.csv
settings=spaced.yaml
check 'an array' same image_C.npy mask_C.npy
check 'an array in the order of Fortran' same image_F.npy mask_C.npy
check 'an array as the mask of NRRD' same image.nrrd mask_F.npy
settings=stat.yaml plain=flat.nii plain_mask=flat_mask.nii
check 'PNG' same flat.png flat_mask.png
check 'PNG as the mask of NIfTI' same flat.nii flat_mask.png
settings=flat.yaml
check 'TIFF' same flat.tif flat_mask.png
settings=stat.yaml plain=plain.nii plain_mask=plain_mask.nii
check 'no spacing' expect_line 3 'image_C.npy: the file says no spacing; give it by the setting image_spacing' \
    "$run" extract image_C.npy mask_C.npy -c stat.yaml
check 'another size' expect_line 4 'says no place; the image has 9 x 8 x 1' "$run" extract flat.nii mask_C.npy -c stat.yaml
check 'segments of 3D Slicer' same image.nrrd mask.seg.nrrd
check 'have names' roi tumour
check 'are chosen by name' same image.nrrd mask.seg.nrrd --roi tumour
check 'info' expect 0 '' "$run" info mask.seg.nrrd
check 'names segments' grep -q '^tumour  *1  *0' out
check 'info of an array' expect 0 'says no spacing' "$run" info --json image_C.npy
check 'has none' grep -q '"spacing_mm": null' out
check 'filter' "$run" filter image.nrrd 'square' -o map.nii
check 'gives the map of NIfTI' sh -c "'$run' filter plain.nii square -o map2.nii && cmp map.nii map2.nii"

printf 'id,image,mask\na,image.nhdr,mask.seg.nrrd\n' >cases.csv
check 'batch' expect 0 '' "$run" batch cases.csv -c stat.yaml -o run
check 'knows a case again' expect 0 '0 computed now' "$run" batch cases.csv -c stat.yaml -o run
python3 -c 'd = bytearray(open("image.raw", "rb").read()); d[200] ^= 1; open("image.raw", "wb").write(d)'
check 'but not where its data file changed' expect 0 '1 computed now' "$run" batch cases.csv -c stat.yaml -o run
cp image.nhdr named.nrrd
printf 'id,image,mask\na,named.nrrd,mask.seg.nrrd\n' >named.csv
check 'a header that is called .nrrd' expect 0 '1 computed now' "$run" batch named.csv -c stat.yaml -o run3
python3 -c 'd = bytearray(open("image.raw", "rb").read()); d[200] ^= 1; open("image.raw", "wb").write(d)'
check 'has its data file in the identity of its case, too' expect 0 '1 computed now' "$run" batch named.csv -c stat.yaml -o run3

sed 's|^data file: .*|data file: ..|' image.nhdr >folder.nhdr
printf 'id,image,mask\na,folder.nhdr,mask.nrrd\n' >folder.csv
check 'a folder in place of voxels' expect 3 'is not a regular file but a folder' "$run" extract folder.nhdr mask.nrrd -c stat.yaml
check 'is not gone through for the identity of a case' expect 3 'is not a regular file but a folder' "$run" batch folder.csv -c stat.yaml -o run2

mkdir large
check 'pictures and slices take less memory than their pixels' python3 "$support/large_pictures.py" "$run" "$work/large"

# 0.7 mm is 0.69999999 in single precision: blocks of 2 x 2 voxels of which two are in the mask are half in it.
single_precision() {
    mkdir -p single && python3 - "$support" <<'END' && for kind in nrrd nii; do
import random, struct, sys
sys.path.insert(0, sys.argv[1])
from nifti import nifti
n = (30, 28, 9)
at = [(x, y, z) for z in range(n[2]) for y in range(n[1]) for x in range(n[0])]
rng = random.Random(5)
image = [rng.randrange(-50, 250) for _ in at]
mask = [int(((x - 15) / 11) ** 2 + ((y - 14) / 10) ** 2 + ((z - 4) / 4) ** 2 < 1 and rng.random() < .8) for x, y, z in at]
inside = {v for v, m in zip(at, mask) if m}
halves = sum(sum((2 * x + i, 2 * y + j, z) in inside for i in (0, 1) for j in (0, 1)) >= 2
             for x in range(15) for y in range(14) for z in range(9))
open('single/voxels', 'w').write('%d\n' % halves)
for name, values in ('image', image), ('mask', mask):
    nifti('single/%s.nii' % name, 4, 16, 'h', n, values, (0.7, 0.7, 1.4))
    with open('single/%s.nrrd' % name, 'wb') as file:
        file.write(b'NRRD0004\ntype: short\ndimension: 3\nspace: RAS\nsizes: %d %d %d\nspace directions: (0.7,0,0) (0,0.7,0) (0,0,1.4)\n'
                   b'space origin: (0,0,0)\nendian: little\nencoding: raw\n\n' % n + struct.pack('<%dh' % len(values), *values))
END
        printf 'interpolation: {spacing: 1.4}\nresegmentation: {range: [-1000, 400]}\ndiscretisation: [fbs25]\n' >single/half.yaml &&
            "$run" extract single/image.$kind single/mask.$kind -c single/half.yaml --case one --about -o single/$kind.csv || return 1
        python3 -c "import csv; print(next(csv.DictReader(open('single/$kind.csv')))['voxels'])" | diff single/voxels - || return 1
        sed -i "s/mask.$kind/mask/" single/$kind.csv
    done && cmp single/nrrd.csv single/nii.csv
}
check 'spacings in single precision are the decimals that they stand for' single_precision
one_grid() {
    for seed in 1 2 3 4 5 6; do
        rm -rf grid && mkdir grid && /usr/bin/python3 "$support/one_grid.py" grid $seed dicom || return 1 # Debian's, with pydicom
        for kind in nrrd converted.nrrd nii mgh dicom; do
            mask=grid/mask.$kind && [ -e "$mask" ] || mask=grid/mask.nrrd
            "$run" extract grid/image.$kind $mask -c grid/half.yaml --case one -o grid/$kind.csv || return 1
            cmp grid/nrrd.csv grid/$kind.csv || return 1
        done
    done
}
check 'the same bytes by formats, conversions and obliquity' one_grid

if [ -d "$cases/files/nrrd_image_and_mask" ]; then
    of_case() {
        "$run" extract "$cases/files/nrrd_image_and_mask/image.nrrd" "$cases/files/nrrd_image_and_mask/mask.seg.nrrd" \
            -c "$cases/files/nrrd_image_and_mask/stat.yaml" -o case.json && python3 - <<'END'
import json
text = json.load(open('case.json'))
def find(node, key):
    if isinstance(node, dict):
        for k, v in node.items():
            if k.endswith(key) and isinstance(v, (int, float)): yield v
            yield from find(v, key)
    elif isinstance(node, list):
        for v in node: yield from find(v, key)
mean, least, most = (next(find(text, k)) for k in ('stat_mean', 'stat_min', 'stat_max'))
assert abs(mean - 46.90740741) < 1e-8 and least == 24 and most == 70, (mean, least, most)
END
    }
    check 'the case of an image and a segmentation' of_case
fi
report formats
