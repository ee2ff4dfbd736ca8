#!/bin/sh
# What new users do by mistake, and what they are told: nothing that is theirs is written over, nothing takes for ever, and each
# line says what to do.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh
PYTHONPATH=tests/support python3 - "$work" <<'PY'
import sys
from nifti import nifti
top, size = sys.argv[1], (20, 20, 10)
at = [(i % 20, i // 20 % 20, i // 400) for i in range(4000)]
image = [(x * 7 + y * 13 + z * 29) % 300 for x, y, z in at]
ball = [int((x - 10) ** 2 + (y - 10) ** 2 + (2 * z - 10) ** 2 < 49) for x, y, z in at]
for name, spacing in (('', (1, 1, 1)), ('tiny_', (0.001, 0.001, 0.001)), ('least_', (0.011, 0.011, 0.011)), ('large_', (1000, 1000, 1000))):
    nifti(top + '/%simage.nii' % name, 4, 16, 'h', size, image, spacing)
    nifti(top + '/%smask.nii' % name, 2, 8, 'B', size, ball, spacing)
PY
cd "$work" || exit 1
printf 'case,image,mask\na,image.nii,mask.nii\n' >cases.csv
extract() { # settings, then more arguments
    printf '%b' "$1" >settings.yaml
    shift
    "$run" extract image.nii mask.nii -c settings.yaml -o out.csv "$@"
}

# Runs in folders of others.
cp cases.csv before.csv
check 'a run beside its table' expect_line 5 './cases.csv: is the table of the cases, and the run would write over it' "$run" batch cases.csv -o . -q
check 'which stays' cmp cases.csv before.csv
check 'with --force, too' expect_line 5 'is the table of the cases' "$run" batch cases.csv -o . -q --force
check 'and nothing else is there' sh -c '! ls journal.db settings.yaml provenance.json features.csv 2>/dev/null | grep .'
mkdir own && echo mine >own/features.csv
check 'a folder with a table of that name' expect_line 5 'own/features.csv: is there, and own is no run' "$run" batch cases.csv -o own -q
check 'it is as it was' sh -c '[ "$(cat own/features.csv)" = mine ] && [ "$(ls own)" = features.csv ]'
mkdir notes && echo mine >notes/notes.txt
check 'a folder with other files' expect 0 '' "$run" batch cases.csv -o notes -q
check 'again' expect 0 '' "$run" batch cases.csv -o notes -q --force
cp cases.csv notes/cases.csv
check 'the table in a run' expect_line 5 'notes/cases.csv: is the table of the cases' "$run" batch notes/cases.csv -o notes -q --force
check 'shards' sh -c "'$run' batch cases.csv -o shards --shard 1/2 -q && '$run' batch cases.csv -o shards --shard 2/2 -q"
check 'a file in place of a folder' expect_line 5 'image.nii: is a file; --output needs a folder' "$run" batch cases.csv -o image.nii -q
for command in collect methods 'table --wide'; do
    # shellcheck disable=SC2086 # words
    check "$command of a file" expect_line 3 'cases.csv: is a file; give the folder' "$run" $command cases.csv
    # shellcheck disable=SC2086
    check "$command of another folder" expect_line 3 'own: is no run' "$run" $command own
    # shellcheck disable=SC2086
    check "$command of nothing" expect_line 3 'nowhere: is not there' "$run" $command nowhere
done

# Units and sizes.
check 'voxels of a micrometre' expect 0 'voxels of 0.001 x 0.001 x 0.001 mm: are these millimetres?' \
    timeout 900 "$run" extract tiny_image.nii tiny_mask.nii -o tiny.csv
check 'all of the image lies in the sphere of the peak' python3 - <<'PY'
import csv, struct
x = struct.unpack('<4000h', open('image.nii', 'rb').read()[352:])
r = next(csv.DictReader(open('tiny.csv')))
for name in ('loc_peak_loc', 'loc_peak_glob'):
    assert abs(float(r['original_' + name]) - sum(x) / 4000) < 1e-9, r['original_' + name]
PY
check 'voxels of a metre' expect 0 'are these millimetres?' "$run" extract large_image.nii large_mask.nii -o large.csv
check 'of 0.011 mm they may be' sh -c "timeout 900 '$run' extract least_image.nii least_mask.nii -o least.csv 2>err && ! grep millimetres err"
check 'resampling to 0.046 mm: 10,274 of a voxel' expect_line 4 'makes 1.03e+04 voxels of 0.046 x 0.046 x 0.046 mm of each voxel' extract 'interpolation: {spacing: 0.046}\n'
check 'to 0.0465 mm: 9,945' expect 0 '' extract 'interpolation: {spacing: 0.0465}\nfamilies: [stat]\nspatial: no\n'
check 'to thick slices of one another: 1250' expect 0 '' extract 'interpolation: {spacing: [0.2, 0.2, 0.02]}\nfamilies: [stat]\n'
check 'one bin' expect 0 'discretisation fbn1: intensities 0..299 fall into 1 grey level; textures say nothing' extract 'discretisation: fbn1\n'
check 'two bins are a choice' sh -c "printf 'discretisation: fbn2\n' >two.yaml && '$run' extract image.nii mask.nii -c two.yaml -o out.csv 2>err && ! grep 'grey level' err"

# Words of settings and options.
check 'ends the wrong way round' expect_line 4 'not 400, -1000' extract 'resegmentation: {range: [400, -1000]}\n'
check 'a number twice' expect_line 4 'not 2, 2; one is there twice' extract 'texture: {distances: [2, 2]}\n'
check 'a number that may be there twice' sh -c "printf 'interpolation: {spacing: [2, 2, x]}\\n' >bad.yaml && ! '$run' extract image.nii mask.nii -c bad.yaml -o out.csv 2>err && grep -q 'not 2, 2, x$' err"
check 'many numbers' expect_line 4 ', ...' extract 'points: {percentiles: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]}\n'
check 'an option that is a setting' expect_line 2 'bins, spacing and filters are set in a file (-c), which `radiomill settings` prints' "$run" extract image.nii mask.nii --bin-width 25
check 'a slip' expect_line 2 'the nearest is --output' "$run" extract image.nii mask.nii --outptu o.csv
check 'SUV of NIfTI' expect 0 'warning: --suv is for PET from DICOM; the intensities of this image are taken as they are' extract 'families: [stat]\n' --suv bw
check 'a weight' expect 0 '--suv-weight is for PET from DICOM' extract 'families: [stat]\n' --suv-weight 70
check 'none is none' sh -c "'$run' extract image.nii mask.nii --suv none -o out.csv 2>err && ! grep SUV err && ! grep -e --suv err"
report misuse
