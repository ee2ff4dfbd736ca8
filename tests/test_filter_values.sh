#!/bin/sh
# Values of filters on inputs of known outcome, and maps that lie on their image.
set -u
run=${BUILD:-build}/radiomill
cases=${RADIOMILL_CASES:-../shared/cases}/values
. tests/checks.sh
trap 'rm -rf "$work"' EXIT

has() { # case; says so where it is absent
    [ -e "$cases/$1/README.txt" ] || { echo "$1: skipped: no cases" && return 1; }
}
extract() { # case, image, mask, settings, output
    "$run" extract "$cases/$1/$2" "$cases/$1/$3" -c "$4" --case one -t 1 -o "$work/$5"
}

if has filters_and_storage_order; then
    for order in lps las; do
        check "$order" extract filters_and_storage_order image_$order.nii.gz mask_$order.nii.gz \
            "$cases/filters_and_storage_order/settings.yaml" $order.csv
    done
    check 'one patient, two files, the same bytes' cmp "$work/lps.csv" "$work/las.csv"
fi

# A small image of bytes 0..119 with any affine; what `filter square` makes of it must lie on it.
cat >"$work/map.py" <<'PY'
import struct, subprocess, sys
run, work = sys.argv[1:]
def nifti(path, rows):
    h = bytearray(352)
    struct.pack_into('<i', h, 0, 348)
    struct.pack_into('<8h', h, 40, 3, 6, 5, 4, 1, 1, 1, 1)
    struct.pack_into('<hh', h, 70, 2, 8)
    struct.pack_into('<8f', h, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into('<f', h, 108, 352)
    h[123] = 2
    struct.pack_into('<h', h, 254, 1)
    struct.pack_into('<12f', h, 280, *rows)
    h[344:348] = b'n+1\0'
    open(path, 'wb').write(bytes(h) + bytes(range(120)))
for rows in ((1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2, 7), (-1, 0, 0, 5, 0, -1, 0, 6, 0, 0, 2, 7), (0, 0, 3, 1, 0, -1, 0, 2, 1, 0, 0, 3),
             (0, -1.5, 0, 5, 0, 0, 1, 6, -1, 0, 0, 7)):
    nifti(work + '/i.nii', rows)
    subprocess.run([run, 'filter', work + '/i.nii', 'square', '-o', work + '/m.nii'], check=True)
    m = open(work + '/m.nii', 'rb').read()
    assert struct.unpack_from('<12f', m, 280) == rows, struct.unpack_from('<12f', m, 280)
    assert struct.unpack_from('<3h', m, 42) == (6, 5, 4)
    assert struct.unpack_from('<120d', m, 352) == tuple(i * i for i in range(120))
PY
check 'a map lies on its image, voxel by voxel' python3 "$work/map.py" "$run" "$work"
report filter_values
