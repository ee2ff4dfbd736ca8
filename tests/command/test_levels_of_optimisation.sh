#!/bin/sh
# Bytes do not depend on how hard the compiler tries: this build (that of the sanitizers, -O1) against the one that ships
# (-O3), where both are there: every family, every filter, and PyRadiomics' mode on voxels in single precision.
set -u
usual=$(pwd)/build/radiomill run=$(realpath "${BUILD:-build}/radiomill") every=$(pwd)/tests/support/every.yaml
. tests/support/checks.sh
if [ "$(realpath "$usual" 2>/dev/null)" = "$run" ] || [ ! -x "$usual" ]; then
    check 'skipped: there is one build' true
    report levels_of_optimisation
fi
PYTHONPATH=tests/support python3 - "$work" <<'PY'
import math, random, sys
from nifti import nifti
size, draw = (22, 20, 18), random.Random(4)
at = [(i % 22, i // 22 % 20, i // 440) for i in range(22 * 20 * 18)]
nifti(sys.argv[1] + '/image.nii', 16, 32, 'f', size, [60 * math.sin(x / 3) + 9 * y - z * z / 5 + draw.gauss(0, 12) for x, y, z in at])
nifti(sys.argv[1] + '/mask.nii', 2, 8, 'B', size, [int((x - 10) ** 2 / 49 + (y - 10) ** 2 / 64 + (z - 9) ** 2 / 36 < 1) for x, y, z in at])
PY
cd "$work" || exit 1
cat >pyradiomics.yaml <<'X'
setting: {binWidth: 8, resampledPixelSpacing: [1.3, 1.3, 1.7], interpolator: sitkBSpline}
imageType:
  {Original: {}, LoG: {sigma: [1.5, 3.0]}, Wavelet: {}, Square: {}, SquareRoot: {}, Logarithm: {}, Exponential: {}, Gradient: {}, LBP2D: {}, LBP3D: {}}
X
same() { # settings
    for build in "$usual" "$run"; do
        "$build" extract image.nii mask.nii -c "$1" -t 1 -o "$(if [ "$build" = "$run" ]; then echo here; else echo there; fi).csv" || return 1
    done
    python3 - <<'PY'
import csv
here, there = (next(csv.DictReader(open(name + '.csv'))) for name in ('here', 'there'))
assert list(here) == list(there) and len(here) > 170, len(here)
other = {name: (here[name], there[name]) for name in here if here[name] != there[name]}
assert not other, (len(other), list(other.items())[:5])
PY
}
check 'every family and filter' same "$every"
check "PyRadiomics' mode" same pyradiomics.yaml
check 'a preset' same mr
report levels_of_optimisation
