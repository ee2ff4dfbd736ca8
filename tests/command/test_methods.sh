#!/bin/sh
# The methods paragraph says what the settings of a run say, and what came of its cases.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
here=$(pwd)
. tests/support/checks.sh
cd "$work" || exit 1
python3 "$here/tests/support/batch.py" c 3
printf 'case,image,mask\na,c/i0.nii.gz,c/m0.nii\nb,c/i1.nii.gz,c/m1.nii\nz,none.nii,c/m1.nii\n' >cases.csv
printf 'case,image,mask\na,c/i0.nii.gz,c/m0.nii\n' >one.csv
says() { # text of the paragraph, whose lines are joined
    tr '\n' ' ' <out | grep -qF -- "$1" || { cat out && return 1; }
}
"$run" batch cases.csv -o mr -c mr -q 2>/dev/null
check 'of the MR preset' expect 0 '' "$run" methods mr
for text in 'extracted with radiomill 0.' 'normalised by their mean and standard deviation (z-scores) over each image, times 100.' \
    'resampled to voxels of 1 x 1 x 1 mm by trilinear interpolation, and masks' 'within 3 standard deviations of the mean of the ROI; shape features use the ROI as drawn' \
    'a fixed number of 32 bins' 'Co-occurrence matrix (25)' 'Textures were computed by volume, the directions of GLCM and GLRLM merged.' 'No image filter was used' '1 case failed' 'Of 3 cases' 'CLEAR' 'Radiology 2020;295:328'; do
    check "MR: $text" says "$text"
done
printf 'interpolation: {spacing: [2, 2, 0], method: cubic, round: yes}\nresegmentation: {range: [-100, .inf], relative: 0.41, shape: yes}\ndiscretisation: [fbs25, fbn16]\nfamilies: [stat, cm]\ntexture: {dimensions: [2D, 3D]}\nimages: [log: {sigma: [1, 2]}]\n' >own.yaml
"$run" batch one.csv -o own -c own.yaml -q 2>/dev/null
check 'of settings of one' expect 0 '' "$run" methods own
for text in 'voxels of 2 mm x 2 mm x the native size by tricubic B-spline interpolation, with intensities rounded' 'from -100 on and of at least 41 % of the maximum of the ROI; shape follows.' \
    'a fixed bin size of 25 from -100 on and a fixed number of 16 bins' \
    'computed: Statistics (18), Co-occurrence matrix (25). Of 2 response maps: log1mm, log2mm, discretised to a fixed number of 32 bins, features of these families were computed: Local intensity (2), Statistics (18),' \
    'Textures were computed by slice, by volume, the directions of GLCM and GLRLM merged.' '[1, 2]'; do
    check "own: $text" says "$text"
done
printf 'resegmentation: {range: [-.inf, 400]}\nfamilies: [stat]\nfilter_discretisation: fbn8\nimages: [{square: {families: [stat], discretisation: fbn16}}]\n' >maps.yaml
"$run" batch one.csv -o maps -c maps.yaml -q 2>/dev/null
check 'of a map with families of its own' expect 0 '' "$run" methods maps
check 'is said' says 'some maps have families or bins of their own (settings.yaml).'
check 'an open end' says 're-segmented to intensities up to 400;'
check 'no texture where there is none' sh -c '! grep -q Textures out'
"$run" methods own >out
check 'nor families of its own' sh -c '! grep -q "of their own" out'
check 'nothing that was not done' sh -c '! grep -q "normalised by" out'
"$run" batch one.csv -o none -q 2>/dev/null
check 'of no settings' expect 0 '' "$run" methods none
for text in 'Voxels were not resampled. ROIs were not re-segmented.' 'none failed.' 'Of 1 case with'; do
    check "none: $text" says "$text"
done
check 'lines of 80 columns' sh -c "'$run' methods own | awk 'length > 80 { print; bad = 1 } END { exit bad }'"
check 'of no run' expect_line 3 'nothing: is not there' "$run" methods nothing
report methods
