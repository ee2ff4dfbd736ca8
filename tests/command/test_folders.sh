#!/bin/sh
# Folders of DICOM as archives give them, and masks as programs write them: what is left out, taken or refused, by value.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}/files" 2>/dev/null && pwd)
. tests/support/checks.sh
extract() { # folder of a case, then operands and options
    (cd "$1" && shift && "$run" extract "$@" -c stat.yaml -o "$work/o.json")
}
case_of() { # folder, text of the warning or "" for none, ROI, voxels, mean, minimum, maximum, then operands and options
    name=$1 words=$2 roi=$3 voxels=$4 mean=$5 low=$6 high=$7
    shift 7
    expect 0 "$words" extract "$cases/$name" "$@" && roi_values 5e-9 "$roi" "$voxels" "$mean" "$low" "$high" || return 1
    [ "$(grep -v ': size: it lies in one slice' "$work/err" | grep -c warning)" -eq $((${#words} > 0 ? ${count:-1} : 0)) ] || { cat "$work/err" && return 1; }
}
made=$work/made
mkdir "$made"
printf 'families: [stat]\ndiagnostics: yes\n' >"$work/stat.yaml"
PYTHONPATH=tests/support /usr/bin/python3 -W ignore tests/support/folders.py "$made" || exit 1
as_expected "$made" "$work/stat.yaml"

if [ -z "$cases" ]; then
    echo 'skipped: no cases'
    check 'nothing' true
    report folders
fi
ramp='108 46.90740741 24 70'
check 'bytes in words' case_of big_endian_bytes_in_words '' GTV $ramp ct rs.dcm
check 'Latin-1 with code extensions' case_of charset_iso2022_latin '' Tumör 36 37 - - ct rs.dcm --roi Tumör
check 'its name' expect 0 '' sh -c "'$run' info '$cases/charset_iso2022_latin/rs.dcm' | grep -q 'Tumör'"
check 'no character set' expect 0 'ROI names have bytes beyond ASCII' sh -c "
    LC_ALL=C sed 's/ISO 2022 IR 6\\\\ISO 2022 IR 100/                             /' '$cases/charset_iso2022_latin/rs.dcm' >'$work/rs.dcm' &&
    '$run' extract '$cases/charset_iso2022_latin/ct' '$work/rs.dcm' -c '$cases/charset_iso2022_latin/stat.yaml' --roi Tumör -o '$work/o.json'"
check 'colour beside the series' case_of colour_object_beside_series 'colour_fa.dcm: is left out: of another series: voxels of 3 samples' GTV $ramp \
    study rs.dcm --series "$(cat "$cases/colour_object_beside_series/uid.txt")"
check 'the only series that can be used' case_of colour_object_beside_series 'colour_fa.dcm: is left out' GTV $ramp study rs.dcm
check 'a copied file' case_of dicom_copied_file '002.dcm: is left out: a copy of another file of the series' GTV $ramp ct rs.dcm
check 'no preamble' case_of dicom_without_preamble '' GTV $ramp ct rs.dcm
check 'no preamble of the contours' case_of dicom_without_preamble '' GTV $ramp ct rs_without_preamble.dcm
check 'a localizer' case_of localizer_in_series 'localizer.dcm: is left out: a localizer (ImageType)' GTV $ramp ct rs.dcm
check 'Modality LUT' case_of modality_lut '' GTV 108 2308.148148 576 4900 img rs.dcm
check 'padding' case_of pixel_padding_in_roi '1 of 108 voxels has the PixelPaddingValue' GTV 107 47 24 70 img rs.dcm
check 'slices that wobble' case_of slices_wobble_20_micrometres 'shifted sideways by up to 0.0125714 mm (0.018 of a voxel), back and forth' GTV $ramp mr rs.dcm
check 'a rescaled mask' case_of mask_rescaled_when_saved '' 1 $ramp image.nii.gz mask.nii.gz
check 'a slope of NaN' case_of mask_slope_nan 'scl_slope is nan: voxels are taken as they are stored' 1 $ramp image.nii.gz mask.nii.gz
count=2 check 'an sform of zeros' case_of nifti_sform_zero 'the sform has a spacing of 0; the qform is used' 1 $ramp image.nii.gz mask.nii.gz
check 'bytes behind gzip' case_of gzip_trailing_bytes 'bytes behind the end of the gzip stream are left out' 1 $ramp image.nii.gz mask.nii.gz

report folders
