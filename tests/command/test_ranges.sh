#!/bin/sh
# Ranges and outliers through the command, against the manual's definition in Python, on a ROI of known outcome.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
case=$RADIOMILL_CASES/values/outliers_with_range
. tests/support/checks.sh
[ -d "$case" ] || { echo 'skipped: no cases' && echo '100%: Checks: 0, Failures: 0, Errors: 0' && exit; }

# Every voxel of the case is of the ROI. The square shows that response maps are summed over the same voxels.
cat >"$work/oracle.py" <<'PY'
import csv, gzip, math, struct, sys
image, table, low, high, outliers = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])
x = struct.unpack('<27h', gzip.open(image).read()[352:])
mean = sum(x) / 27
reach = outliers * math.sqrt(sum((v - mean) ** 2 for v in x) / 27) if outliers else math.inf
kept = [v for v in x if low <= v <= high and abs(v - mean) <= reach]
row = next(csv.DictReader(open(table)))
for name, values in (('original', kept), ('square', [v * v for v in kept])):
    mean = sum(values) / len(values)
    want = {'mean': mean, 'var': sum((v - mean) ** 2 for v in values) / len(values), 'min': min(values),
            'max': max(values), 'energy': sum(v * v for v in values)}
    for key, value in want.items():
        got = float(row['%s_stat_%s' % (name, key)])
        assert abs(got - value) <= 1e-12 * abs(value), (name, key, got, value)
print(len(kept))
PY
oracle() { # low, high, outliers, how many voxels are left
    printf 'resegmentation: {range: [%s, %s], outliers: %s}\nimages: [square]\nfamilies: stat\n' "$1" "$2" "$3" \
        >"$work/s.yaml"
    "$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$work/s.yaml" -o "$work/out.csv" || return 1
    [ "$(python3 "$work/oracle.py" "$case/image.nii.gz" "$work/out.csv" "$(echo "$1" | tr -d .)" "$(echo "$2" | tr -d .)" "$3")" \
        = "$4" ]
}

"$run" extract "$case/image.nii.gz" "$case/mask.nii.gz" -c "$case/settings.yaml" -o "$work/out.csv"
check 'the case as its text says' python3 -c "
import csv
row = next(csv.DictReader(open('$work/out.csv')))
for key, value in {'mean': 23.04, 'var': 102.9184, 'min': 10, 'max': 60, 'kurt': 4.4829657}.items():
    assert abs(float(row['original_stat_' + key]) - value) < 1e-7 * abs(value), key"
check 'range and outliers' oracle 0 100 3 25
check 'a lower bound and outliers' oracle 0 .inf 3 25
check 'an upper bound and outliers' oracle -.inf 100 3 26
check 'outliers alone' oracle -.inf .inf 3 26
check 'few deviations and a bound' oracle 22 .inf 0.09 12
check 'a range alone' oracle 0 100 0 25
report ranges
