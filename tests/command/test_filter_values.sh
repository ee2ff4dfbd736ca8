#!/bin/sh
# Values of filters on inputs of known outcome, and maps that lie on their image.
set -u
run=${BUILD:-build}/radiomill
cases=${RADIOMILL_CASES:-../shared/cases}/values
. tests/support/checks.sh

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

# Statistics of a map within tolerance: column and value, three by three.
near() { # table, then name, expected, tolerance
    python3 - "$@" <<'PY'
import csv, sys
row = next(csv.DictReader(open(sys.argv[1])))
def value(name):
    image, _, what = name.partition(':')
    mean, var = (float(row[image + '_stat_' + x]) for x in ('mean', 'var'))
    return mean / var ** 0.5 if what == 'snr' else float(row[image + '_stat_' + what])
wrong = [(n, value(n), e) for n, e, t in zip(*[iter(sys.argv[2:])] * 3) if not abs(value(n) - float(e)) <= float(t)]
assert not wrong, wrong
PY
}

if has log_uneven_voxels; then
    case=$cases/log_uneven_voxels
    check 'LoG of uneven voxels: a kernel narrower than the slices is said' expect 0 \
        'log1mm: sigma, 1 mm, is less than the 3 mm between voxels along z' extract log_uneven_voxels image.nii.gz mask.nii.gz \
        "$case/settings.yaml" uneven.csv
    check 'the others are not' test "$(grep -c sigma "$work/err")" -eq 1
    check 'the Laplacian is in mm' near "$work/uneven.csv" log3mm:snr 0.1528 0.05 log3mm:skew -0.1054 0.05 log3mm:kurt -0.5319 0.05 \
        log5mm:snr 0.2947 0.1 log5mm:skew -0.3120 0.1 log5mm:kurt -0.3017 0.1
    # scipy per mm2 (0.901141, 34.5243): the unit is 3^(2/3) of it.
    check 'its unit' near "$work/uneven.csv" log3mm:mean 1.8744 0.07 log3mm:var 149.4 6
fi

if has log_kernel_of_sum_zero; then
    case=$cases/log_kernel_of_sum_zero
    sed 's/cutoff: 4/cutoff: 4, zero_sum: [yes, no]/' "$case/settings.yaml" >"$work/both.yaml"
    check 'both kernels' extract log_kernel_of_sum_zero image.nii.gz mask.nii.gz "$work/both.yaml" both.csv
    check 'taps of sum 0' near "$work/both.csv" log1.5mm:mean -0.017679488 1e-8 log1.5mm:var 134.09683 1e-5 \
        log1.5mm:median 0.060598873 1e-8 log1.5mm:p10 -15.437366 1e-6
    check 'taps as sampled' near "$work/both.csv" log1.5mm_sampled:mean -0.048340136 1e-8 log1.5mm_sampled:var 134.09498 1e-5 \
        log1.5mm_sampled:median 0.029482685 1e-8 log1.5mm_sampled:p10 -15.467235 1e-6
fi

# Medians of nine engines: LoG of 3 mm at 1 mm (PET: 3 mm); columns of the table name another sigma.
data=${RADIOMILL_DATA:-../shared/data}
if [ -e "$data/cohort/sts_features.csv" ]; then
    for modality in CT MR_T1 PET; do
        case $modality in
        CT) more='{spacing: 1, method: cubic, round: yes}
resegmentation: {range: [-200, 200]}' ;;
        MR_T1) more='{spacing: 1, method: cubic}' ;;
        PET) more='{spacing: 3, method: cubic}' ;;
        esac
        printf 'families: [stat]\nfilter_families: [stat]\ninterpolation: %s\nimages: [log: {sigma: 3}]\n' "$more" >"$work/s.yaml"
        check "$modality" "$run" extract "$data/sts/STS_002/${modality}_image.nii.gz" "$data/sts/STS_002/${modality}_mask.nii.gz" \
            -c "$work/s.yaml" -t 1 -o "$work/o.csv"
        check "$modality: LoG within 1 % of the medians of nine engines" python3 -c "
import csv
ours = next(csv.DictReader(open('$work/o.csv')))
theirs = next(r for r in csv.DictReader(open('$data/cohort/sts_features.csv')) if r['patient'] == 'STS_002')
start = '${modality}_log1.5mm_'
pairs = {k: (float(ours['log3mm_' + k[len(start):]]), float(v)) for k, v in theirs.items() if k.startswith(start)}
assert len(pairs) == 18
assert all(abs(a - b) <= 0.01 * abs(b) for a, b in pairs.values()), pairs"
    done
else
    echo 'medians of nine engines: skipped: no reference data'
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
