#!/bin/sh
# The programs of samples/, built from an installed prefix with what pkg-config says and nothing else.
set -u
build=${BUILD:-build}
sanitize=${SANITIZE:-}
run=$build/radiomill
. tests/support/checks.sh
prefix=$work/prefix
check 'install' make --no-print-directory install PREFIX="$prefix" BUILD="$build"
check 'one header' test "$(find "$prefix/include" -type f)" = "$prefix/include/radiomill.h"
flags=$(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --cflags --libs radiomill)
export LD_LIBRARY_PATH="$prefix/lib"
build_sample() { # compiler and its words, source
    name=${2##*/}
    # shellcheck disable=SC2086 # lists of words
    (cd "$work" && $1 $sanitize -Wall -Wextra -Wpedantic -Werror -O1 "$name" $flags -lm -o "${name%.*}")
}
for sample in samples/*.c samples/*.cc; do
    cp "$sample" "$work"
    case $sample in
    *.c) check "$sample is built" build_sample 'cc -std=c11' "$sample" ;;
    *) check "$sample is built" build_sample 'c++ -std=c++17' "$sample" ;;
    esac
done

# A sphere of 12 mm has 7,238 mm3; one row of text for each of four features.
check 'sphere runs' expect 0 '100 %' "$work/sphere"
check 'volume of a sphere' awk '$1 == "original_morph_volume" { exit !($3 > 7165 && $3 < 7311 && $4 == "mm3") }' "$work/out"
check 'four features' test "$(grep -c ^original_ "$work/out")" -eq 4

python3 - "$work" <<'PY'
import random, sys
sys.path.insert(0, 'tests/support')
from nifti import nifti
random.seed(4)
size = (20, 18, 12)
inside = lambda i: (i % 20 - 9) ** 2 + (i // 20 % 18 - 8) ** 2 + (i // 360 - 6) ** 2
count = size[0] * size[1] * size[2]
nifti(sys.argv[1] + '/image.nii.gz', 4, 16, 'h', size, [i % 20 * 9 + random.randrange(80) for i in range(count)])
nifti(sys.argv[1] + '/mask.nii.gz', 2, 8, 'B', size, [1 if inside(i) < 16 else 2 if inside(i) < 30 else 0 for i in range(count)])
PY
# Also settings, and the options of JSON: what the command writes.
for settings in '' ibsi-c ibsi2-3a; do
    for kind in csv json; do
        name="files: $kind of ${settings:-the defaults}"
        # shellcheck disable=SC2086 # no word or one
        check "$name" expect 0 '' "$work/files" "$work/image.nii.gz" "$work/mask.nii.gz" "$work/sample.$kind" $settings
        check "$name: the command" "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -o "$work/command.$kind" ${settings:+-c "$settings"}
        check "$name: the same bytes" cmp "$work/sample.$kind" "$work/command.$kind"
    done
done
check 'files: no such image' expect 3 'none.nii' "$work/files" "$work/none.nii" "$work/mask.nii.gz" "$work/sample.csv"
check 'files: no such preset' expect 3 'ibsi-x' "$work/files" "$work/image.nii.gz" "$work/mask.nii.gz" "$work/sample.csv" ibsi-x

# Four sites: what the command says and writes.
python3 tests/support/cohort.py "$work" 4 60 6
cat >"$work/study.yaml" <<'X'
study: generated
patient: patient
features: [f*]
covariates:
  age: {unit: years}
variables:
X
cat "$work/steps" >>"$work/study.yaml"
mkdir "$work/sites"
for site in s1 s2 s3 s4; do
    check "keys of $site" "$run" keygen $site -o "$work"
    check "summary of $site" "$run" summarise "$work/$site.csv" -s "$work/study.yaml" -k "$work/$site.key" \
        -o "$work/sites/$site.radsum" --withhold
done
cat "$work"/s?.pub >"$work/keys"
check 'pool_folder' expect 0 '' "$work/pool_folder" "$work/study.yaml" "$work/keys" "$work/sites" "$work/by_sample"
cp "$work/out" "$work/said"
check 'the command' expect 0 '' "$run" pool "$work/study.yaml" "$work"/sites/*.radsum -k "$work/keys" -o "$work/by_command"
check 'the same tables' diff -r "$work/by_sample" "$work/by_command"
check 'the same words' sh -c "sed s/by_command/by_sample/g '$work/out' | diff - '$work/said'"
check 'pool_folder: keys of one site' expect 12 's2.radsum: ' "$work/pool_folder" "$work/study.yaml" "$work/s1.pub" "$work/sites" "$work/none"
report samples
