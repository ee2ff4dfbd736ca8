#!/bin/sh
# Memory of many grey levels: a million voxels of noise in 65,535 levels, all families, in bounded memory.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
[ -z "${SANITIZE:-}" ] ||
    { echo 'skipped: memory under a sanitizer' && echo '100%: Checks: 0, Failures: 0, Errors: 0' && exit; }

PYTHONPATH=tests/support python3 - "$work" <<'PY'
import random, sys
import nifti as files
work, size = sys.argv[1], (100, 100, 100)
def nifti(name, code, bits, data):
    files.write(work + '/' + name, files.header(code, bits, size, (1, 1, 1)), 'B', data)
random.seed(1)
voxels = size[0] * size[1] * size[2]
for name in 'image.nii', 'other.nii':
    nifti(name, 512, 16, random.randbytes(2 * voxels).replace(b'\0\0', b'\0\1'))
nifti('mask.nii', 2, 8, b'\1' * voxels)
PY
printf 'discretisation: fbn65535\nfamilies: [cm, rlm, szm, dzm, ngt, ngl]\n' >"$work/many.yaml"
limited() { # bytes a voxel of the ROI that data may take, beside 48 MB for the program
    (ulimit -d $((48 * 1024 + $1 * 1000000 / 1024)) &&
        "$run" extract "$work/image.nii" "$work/mask.nii" -c "$work/many.yaml" -o "$work/out.csv" -t 1)
}
# Two cases that together need more than there is: known beforehand, so that one waits for the other.
waits() {
    printf 'case,image,mask\na,%s/image.nii,%s/mask.nii\nb,%s/other.nii,%s/mask.nii\n' "$work" "$work" "$work" "$work" \
        >"$work/cases.csv"
    "$run" batch "$work/cases.csv" -c "$work/cm.yaml" -o "$work/run" -t 2 --memory "$1" -q &&
        [ "$(grep -c ',done,' "$work/run/cases.csv")" = 2 ] || { cat "$work/run/cases.csv" && return 1; }
}
printf 'discretisation: none\nfamilies: [szm, dzm]\n' >"$work/cm.yaml"

check 'all families of 65,535 levels within 200 bytes a voxel' limited 200
check 'batch estimates what many levels take' waits 300M
check 'too little memory is said' expect 6 'out of memory' limited 20
report levels
