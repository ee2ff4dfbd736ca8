#!/bin/sh
# PyRadiomics' parameter files: its values for every setting and image of the oracle, and what is refused by name.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
data=${RADIOMILL_DATA:-../shared/data}
cases=${RADIOMILL_CASES:-../shared/cases}/values/pyradiomics_parameter_file
. tests/support/checks.sh

if [ -e "$data/pyradiomics/oracle/README.md" ]; then
    # The images one by one, so that each counts.
    for image in phantom brain1 sts2_ct sts2_pet; do
        for setting in s01,s02 s03,s04,s05 s06,s07,s08 s09,s10 s11; do
            check "values of $setting on $image" python3 tests/support/pyr_oracle.py "$run" "$data" "$setting" $image
        done
    done
    check "PyRadiomics' own baselines" python3 tests/support/pyr_baseline.py "$run" "$data"
else
    echo 'values of PyRadiomics: skipped: no oracle'
    check 'nothing' true
fi

PYTHONPATH=tests/support python3 - "$work" <<'PY'
import sys
from nifti import nifti
size, signs = (8, 8, 6), (-1, -1, 1)
at = [(i % 8, i // 8 % 8, i // 64) for i in range(8 * 8 * 6)]
nifti(sys.argv[1] + '/image.nii', 4, 16, 'h', size, [(x * x * 7 + y * 13 + z * 29 * x) % 97 for x, y, z in at], signs=signs)
nifti(sys.argv[1] + '/mask.nii', 2, 8, 'B', size,
      [(1 if x < 4 else 2) if 1 <= x <= 6 and 1 <= y <= 6 and 1 <= z <= 4 else 0 for x, y, z in at], signs=signs)
PY
cd "$work" || exit 1
with() { # text of a parameter file, then more arguments
    printf '%b' "$1" >params.yaml
    shift
    "$run" extract image.nii mask.nii -c params.yaml -o out.csv "$@"
}
has() { # a column, and a value if there is a second word
    python3 - "$@" <<'PY'
import csv, sys
row = next(csv.DictReader(open('out.csv')))
assert sys.argv[1] in row, sorted(row)
assert len(sys.argv) < 3 or row[sys.argv[1]] == sys.argv[2], row[sys.argv[1]]
PY
}
check 'standard: pyradiomics alone is everything by default' with 'standard: pyradiomics\n'
check 'its names' has original_glcm_Contrast
check 'its diagnostics' has diagnostics_Mask-original_VoxelNum 72
check 'label 2' with 'setting: {label: 2}\nfeatureClass: {shape: [VoxelVolume]}\n'
check 'its volume' has original_shape_VoxelVolume 144
check 'JSON' with '{"setting": {"binWidth": 10, "label": 1}, "featureClass": {"firstorder": ["Mean"]}}'
check 'its mean' has original_firstorder_Mean

# Hashes are those of the arrays as ITK holds them: voxels in their type, labels as unsigned numbers of 32 bits.
PYTHONPATH=$OLDPWD/tests/support python3 - <<'PY'
import hashlib, struct
from nifti import header, nifti, write
size = (8, 8, 6)
at = [(i % 8, i // 8 % 8, i // 64) for i in range(8 * 8 * 6)]
values = [(x * x * 7 + y * 13 + z * 29 * x) % 97 for x, y, z in at]
labels = [(1 if x < 4 else 2) if 1 <= x <= 6 and 1 <= y <= 6 and 1 <= z <= 4 else 0 for x, y, z in at]
sha = lambda code, numbers: hashlib.sha1(struct.pack('<%d%s' % (len(numbers), code), *numbers)).hexdigest()
nifti('turned.nii', 4, 16, 'h', size, values, signs=(1, 1, 1))  # another order of axes, the same array
nifti('turned_mask.nii', 2, 8, 'B', size, labels, signs=(1, 1, 1))
for name, code, bits, letter, numbers in ('permuted.nii', 4, 16, 'h', values), ('permuted_mask.nii', 2, 8, 'B', labels):
    swapped = header(code, bits, size)
    struct.pack_into('<12f', swapped, 280, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0)
    struct.pack_into('<2h', swapped, 252, 0, 1)
    write(name, swapped, letter, numbers)
whole = header(4, 16, size, signs=(-1, -1, 1))
struct.pack_into('<ff', whole, 112, 2, -30)  # whole numbers too, but floats in ITK
write('whole.nii', whole, 'h', values)
scaled = header(4, 16, size, signs=(-1, -1, 1))
struct.pack_into('<ff', scaled, 112, 0.5, 3)
write('scaled.nii', scaled, 'h', values)
channels = header(2, 8, size, signs=(-1, -1, 1))
struct.pack_into('<8h', channels, 40, 5, *size, 1, 2, 1, 1)
write('channels.nii', channels, 'B', labels + [2 if z == 2 and x < 5 else 1 if z == 3 else 0 for x, y, z in at])
open('hashes', 'w').write('\n'.join([sha('h', values), sha('I', labels), sha('f', [0.5 * v + 3 for v in values]),
                                   sha('f', [2 * v - 30 for v in values])]) + '\n')
PY
hash_of() { # image, mask, column, line of the file of hashes
    "$run" extract "$1" "$2" -c params.yaml -o out.csv && has "diagnostics_$3-original_Hash" "$(sed -n "$4p" hashes)"
}
printf 'featureClass: {firstorder: [Mean]}\n' >params.yaml
check 'hash of an image' hash_of image.nii mask.nii Image 1
check 'hash of a mask' hash_of image.nii mask.nii Mask 2
check 'of an image in another order of axes' hash_of turned.nii turned_mask.nii Image 1
check 'of its mask' hash_of turned.nii turned_mask.nii Mask 2
check 'of an image whose axes are swapped' hash_of permuted.nii permuted_mask.nii Image 1
check 'of its mask' hash_of permuted.nii permuted_mask.nii Mask 2
check 'of one that is rescaled' hash_of scaled.nii mask.nii Image 3
check 'of one that is rescaled by whole numbers' hash_of whole.nii mask.nii Image 4
printf 'setting: {label: 2, label_channel: 1}\nfeatureClass: {firstorder: [Mean]}\n' >params.yaml
check 'label 2 of channel 1' "$run" extract image.nii channels.nii -c params.yaml -o out.csv
check 'its voxels' has diagnostics_Mask-original_VoxelNum 40
printf 'setting: {label: 2}\nfeatureClass: {firstorder: [Mean]}\n' >params.yaml
check 'of channel 0 by default' "$run" extract image.nii channels.nii -c params.yaml -o out.csv
check 'those of that' has diagnostics_Mask-original_VoxelNum 72
printf 'setting: {label_channel: 2}\n' >params.yaml
check 'no such channel' expect_line 3 'has 2 channels; label_channel 2 is not one of 0..1' "$run" extract image.nii channels.nii -c params.yaml
check 'a mask of one channel has no others' expect 0 '' "$run" extract image.nii mask.nii -c params.yaml -o out.csv

# Slices across y are those across z of the image whose y and z are exchanged; runs along x are longer than both.
PYTHONPATH=$OLDPWD/tests/support python3 - <<'PY'
from nifti import nifti
at = [(i % 12, i // 12 % 3, i // 36) for i in range(12 * 3 * 4)]
values = [(5 * y + 3 * z + (x > 8)) % 7 for x, y, z in at]
nifti('long.nii', 4, 16, 'h', (12, 3, 4), values, signs=(-1, -1, 1))
nifti('long_mask.nii', 2, 8, 'B', (12, 3, 4), [1] * 144, signs=(-1, -1, 1))
other = [values[x + 12 * (z + 3 * y)] for z in range(3) for y in range(4) for x in range(12)]
nifti('exchanged.nii', 4, 16, 'h', (12, 4, 3), other, signs=(-1, -1, 1))
nifti('exchanged_mask.nii', 2, 8, 'B', (12, 4, 3), [1] * 144, signs=(-1, -1, 1))
PY
slices_across() {
    for way in 'long 1' 'exchanged 0'; do
        printf 'setting: {binWidth: 1, force2D: true, force2Ddimension: %s}\nfeatureClass: {glcm: , glrlm: , glszm: , gldm: , ngtdm: }\n' "${way#* }" >params.yaml
        "$run" extract "${way% *}.nii" "${way% *}_mask.nii" -c params.yaml -o "${way% *}.csv" || return 1
    done
    python3 - <<'PY'
import csv
a, b = (next(csv.DictReader(open(name))) for name in ('long.csv', 'exchanged.csv'))
names = [n for n in a if n.startswith('original_')]
assert len(names) == 24 + 16 + 16 + 14 + 5, names
for n in names:
    assert abs(float(a[n]) - float(b[n])) <= 1e-12 * abs(float(b[n])), (n, a[n], b[n])
PY
}
check 'textures of slices across y' slices_across

# Exit code, words of the error, then the file.
while IFS='|' read -r code words text; do
    check "$text" expect_line "$code" "$words" with "$text"
done <<'ROWS'
4|`binwidth` is not a setting of PyRadiomics|setting: {binwidth: 25}
4|`binWidth` must be a number|setting: {binWidth: wide}
4|`binWidth` must be above 0|setting: {binWidth: 0}
4|`interpolator` must be|setting: {interpolator: sitkCubic}
4|`weightingNorm` must be|setting: {weightingNorm: far}
4|`minimumROIDimensions` must be a whole number in 1..3|setting: {minimumROIDimensions: 4}
4|`resampledPixelSpacing` needs three numbers|setting: {resampledPixelSpacing: [1, 1]}
4|`resegmentRange` needs one number or two|setting: {resegmentRange: [1, 2, 3]}
3|gives a grid of|setting: {resampledPixelSpacing: [0.000001, 0.000001, 0.000001]}
4|`sigma` must be above 0|imageType: {LoG: {sigma: [0]}}
4|`LoG` without `sigma`|imageType: {LoG: {}}
4|`Median` is not an image type|imageType: {Median: {}}
4|`normalize` has no effect in Wavelet|imageType: {Wavelet: {normalize: true}}
4|wavelet|imageType: {Wavelet: {wavelet: mexh}}
4|`glcn` is not a feature class|featureClass: {glcn: }
4|`Contrats` is not a feature of glcm|featureClass: {glcm: [Contrats]}
4|`discretisation` is not a key of a parameter file|{standard: pyradiomics, discretisation: fbn32}
4|image types are keys|imageType: foo
4|image types are keys|imageType: []
4|classes are keys|featureClass: foo
4|classes are keys|featureClass: [glcm]
4|keys and values are expected here|setting: foo
3|no ROI|setting: {label: 7}
3|minimumROISize asks for more than 72|setting: {minimumROISize: 72}
3|resegmentRange leaves 0 voxels|setting: {resegmentRange: [1000, 2000]}
ROWS
check 'one voxel more is enough' with 'setting: {minimumROISize: 71}\n'
check 'what gives nothing there gives nothing here' with 'featureClass: {glcm: [Dissimilarity, Contrast]}\n'
for name in db38 sym20 coif17 dmey bior6.8 rbio2.4; do
    check "wavelet $name" with "imageType: {Wavelet: {wavelet: $name}}\nfeatureClass: {firstorder: [Mean]}\n"
    check 'all eight bands' has wavelet-LLL_firstorder_Mean
done
from() { # text of a parameter file
    printf '%b' "$1" >params.yaml
    "$run" settings --from params.yaml >native.yaml
}
same() { # a column of PyRadiomics' and that of the IBSI's standard
    python3 - "$@" <<'PY'
import csv, sys
a, b = (next(csv.DictReader(open(name)))[column] for name, column in zip(('out.csv', 'native.csv'), sys.argv[1:]))
assert abs(float(a) - float(b)) <= 1e-9 * abs(float(a)), (a, b)
PY
}
text='setting: {binWidth: 5, resegmentRange: [3, 90]}\nimageType: {Original: {}, Wavelet: {wavelet: bior2.2}}\n'
text="$text"'featureClass: {firstorder: , glcm: , glrlm: , gldm: , ngtdm: }\n'
check 'a parameter file as settings of the other standard' from "$text"
check 'names the file' grep -q 'From params.yaml' native.yaml
check 'its own numbers' with "$text"
check 'and those' expect 0 '' "$run" extract image.nii mask.nii -c native.yaml --roi 1 -o native.csv
while read -r there here; do
    check "$there is $here" same "$there" "$here"
done <<'PAIRS'
original_firstorder_Mean original_stat_mean
original_firstorder_Entropy original_ih_entropy_width5
original_glcm_Contrast original_cm_contrast_3D_avg_width5
original_glcm_MCC original_mcc_max_corr_3D_avg_width5
original_glrlm_ShortRunEmphasis original_rlm_sre_3D_avg_width5
original_gldm_DependenceVariance original_ngl_dc_var_3D_width5
wavelet-HLH_firstorder_Mean wavelet_bior2.2_HLH_periodic_stat_mean
PAIRS
check 'what has no equal is said' from 'setting: {symmetricalGLCM: false, interpolator: sitkGaussian, resampledPixelSpacing: [1, 1, 1]}\nimageType: {LBP3D: {}, LoG: {sigma: [2]}}\n'
for word in 'symmetricalGLCM: false has no equal' 'the interpolator of the file has no equal' '# lbp-3D-k has no equal'; do
    check "$word" grep -q "$word" native.yaml
done
check 'and is no key' expect 0 '' "$run" extract image.nii mask.nii -c native.yaml --roi 1 -o native.csv
printf 'discretisation: fbn32\n' >params.yaml
check 'settings already' expect_line 4 'is no parameter file of PyRadiomics' "$run" settings --from params.yaml
check 'no file' expect_line 3 'none.yaml' "$run" settings --from none.yaml
check 'a preset beside' expect_line 2 'goes without a preset' "$run" settings ct --from params.yaml
check 'the same sigma twice is one image' with 'imageType: {LoG: {sigma: [1.0, 1.0]}}\nfeatureClass: {firstorder: [Mean]}\n'
check 'LoG of an image that is too small is left out with a warning' expect 0 'too small' with \
    'imageType: {LoG: {sigma: [9.0]}}\nfeatureClass: {firstorder: [Mean]}\n'
for key in 'kernelRadius: 2' 'maskedKernel: false' 'initValue: nan' 'voxelBatch: 1000'; do
    check "of voxels, by name: $key" expect 0 "${key%%:*}: of voxel-based extraction" with "voxelSetting: {$key}\n"
done
check 'all of them in one line' expect 0 'kernelRadius, voxelBatch: of voxel-based' with 'voxelSetting: {kernelRadius: 2, voxelBatch: 9}\n'
check 'what is no key of voxels is none here either' expect 4 'kernelradius' with 'voxelSetting: {kernelradius: 2}\n'
check 'a value of voxels may be none' expect 0 'voxelSetting' with 'voxelSetting: {initValue: nan}\n'
check 'but no word' expect 4 'initValue' with 'voxelSetting: {initValue: none}\n'
by_command() { # text of a parameter file, then more arguments
    printf '%b' "$1" >params.yaml
    shift
    "$run" pyradiomics image.nii mask.nii -p params.yaml "$@"
}
many=$(seq -s, 1 33)
check 'a list of 32 numbers' by_command '{}\n' -s "sigma:${many%,33}"
check 'one more is too many' expect_line 4 'at most 32 numbers' by_command '{}\n' -s "sigma:$many"
check 'maps of features are refused' expect_line 2 'a map for each feature, is not made' by_command '{}\n' -m voxel
check 'CSV, appended' by_command 'featureClass: {firstorder: [Mean]}\n' -f csv -o cases.csv
check 'once more' by_command 'featureClass: {firstorder: [Mean]}\n' -f csv -o cases.csv
check 'one header, two cases' test "$(grep -c . cases.csv)" -eq 3
printf 'a,a\n' >twice.csv
printf 'Image,Mask' >open.csv
check 'no second header below what is no table' expect_line 3 'two columns' by_command '{}\n' -f csv -o twice.csv
check 'no case behind half a line' expect_line 3 'last line is not whole' by_command '{}\n' -f csv -o open.csv
check 'both are as they were' test "$(cat twice.csv open.csv)" = "$(printf 'a,a\nImage,Mask')"

python3 - <<'PY'
import struct
head = bytearray(open('image.nii', 'rb').read(352))
struct.pack_into('<2h', head, 70, 64, 64)
for name, values in (('infinite', [float('inf')] + 383 * [7]), ('zero', 384 * [0]), ('huge', 384 * [1e17])):
    open(name + '.nii', 'wb').write(bytes(head) + struct.pack('<384d', *values))
PY
check 'an image with infinity' "$run" pyradiomics infinite.nii mask.nii -f json -o infinite.json
check 'which is written as Python reads it' grep -q '"diagnostics_Image-original_Maximum": "inf"' infinite.json
printf 'imageType: {Square: {}}\n' >params.yaml
check 'a map without numbers is named' expect_line 4 'square: no intensity' "$run" extract zero.nii mask.nii -c params.yaml
check 'advice is in words of the parameter file' expect 0 '(binWidth: 3) or binCount: 32' with \
    'setting: {binWidth: 50}\nfeatureClass: {glcm: [Contrast]}\n'
printf 'setting: {binWidth: 1}\n' >params.yaml
check 'bins below rounding' expect_line 4 'lost in the rounding' "$run" extract huge.nii mask.nii -c params.yaml

both() { # text of a parameter file
    printf '%b' "$1" >params.yaml
    "$run" compare-standards image.nii mask.nii -c params.yaml >both.csv
}
check 'both standards' both 'setting: {resegmentRange: [60, 20], binWidth: 5}\n'
check 'with one range' grep -q '^original_firstorder_Mean,\([^,]*\),\1,original_stat_mean,0' both.csv
check 'what one of them has not is said' expect 0 'normalize of the file' both 'setting: {normalize: true, binWidth: 0.1}\n'
if [ -e "$cases/README.txt" ]; then
    check 'a parameter file' "$run" extract "$cases/image.nii.gz" "$cases/mask.nii.gz" -c "$cases/params.yaml" -o out.csv
    check 'a key of it elsewhere' expect_line 4 'PyRadiomics' "$run" extract "$cases/image.nii.gz" "$cases/mask.nii.gz" \
        -c "$cases/wish.yaml"
fi
report pyradiomics
