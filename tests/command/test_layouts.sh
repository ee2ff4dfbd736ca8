#!/bin/sh
# Cases of folders as people have them, through manifest and batch: rows, names that differ, and what is said where nothing fits.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)
. tests/support/checks.sh
rows() { # how many, then the options of manifest
    expected=$1
    shift
    "$run" manifest "$@" -o "$work/cases.csv" 2>"$work/err" || { cat "$work/err" && return 1; }
    python3 -c "
import csv, sys
rows = list(csv.DictReader(open('$work/cases.csv')))
names = {r['case'] for r in rows}
sys.exit((len(rows) != $expected or len(names) != $expected) and str(rows))"
}
column() { # name of a column, the values that are expected
    python3 -c "
import csv, sys
got = [r[sys.argv[1]] for r in csv.DictReader(open('$work/cases.csv'))]
sys.exit(got != sys.argv[2:] and str(got))" "$@"
}
cd "$work" || exit 1

# Masks of other formats beside a series of DICOM; lists that name channels and labels.
/usr/bin/python3 - "$OLDPWD" <<'END'
import os, shutil, sys
sys.path.insert(0, os.path.join(sys.argv[1], "tests/support"))
import dicom
dicom.top = "."
for patient in ("P1", "P2"):
    dicom.series("mixed/" + patient + "/ct")
dicom.series("mixed/P3/a"), dicom.series("mixed/P3/b")

# As XNAT and TCIA give them: a folder for each series, RTSTRUCT and SEG in folders of their own.
from objects_structures import contour, square, structures
for layout, ct, other in (("xnat", "S%d/scans/4-CT/resources/DICOM/files", "S%d/scans/%s/resources/secondary/files"),
                          ("tcia", "C/P%d/01-01-2000-NA-CT-1234%d/3.000000-x-1111%d", "C/P%d/01-01-2000-NA-CT-1234%d/%s.000000-y-2222")):
    for patient in (1, 2):
        n = (patient,) * ct.count("%d")
        dicom.top = "work"
        shutil.rmtree("work", True)
        os.makedirs("work")
        made, rs = structures("work", [("GTV", [contour(square(4, 12, z)) for z in (1, 2)])])
        if patient == 2:
            dicom.segmentation("more", "BINARY", [(1, 2), (1, 3)])
        for folder, _, names in os.walk("work"):  # each patient has a frame of reference
            for path in [os.path.join(folder, name) for name in names]:
                d = dicom.pydicom.dcmread(path)
                for e in d.iterall():
                    e.value = e.value + str(patient) if e.keyword.endswith("FrameOfReferenceUID") else e.value
                d.save_as(path)
        os.makedirs(os.path.join(layout, os.path.dirname(ct % n)), exist_ok=True)
        shutil.move(made, os.path.join(layout, ct % n))
        for number, path in (("5", rs), ("6", "work/more")):
            if not os.path.exists(path): continue
            folder = os.path.join(layout, other % ((patient,) * (other.count("%d")) + (number,)))
            os.makedirs(os.path.dirname(folder), exist_ok=True)
            if os.path.isdir(path):
                shutil.move(path, folder)
            else:
                os.makedirs(folder), shutil.move(path, folder)
END
for p in P1 P2 P3; do : >"mixed/$p/mask.nii.gz"; done
check 'masks beside DICOM' rows 2 mixed
check 'the series of each' column image mixed/P1/ct/some/depth mixed/P2/ct/some/depth
check 'of two series none is taken' grep -q 'mixed/P3/mask.nii.gz: no image, or several' "$work/err"
check 'XNAT' rows 3 xnat
below=scans/4-CT/resources/DICOM/files/some/depth
check 'its series' column image "xnat/S1/$below" "xnat/S2/$below" "xnat/S2/$below"
check 'TCIA' rows 3 tcia
check 'whose cases batch takes, one with a segment without voxels' expect 20 '2 done, 1 partly' "$run" batch "$work/cases.csv" -o "$work/tcia_run"
mkdir -p nn/imagesTr nn/labelsTr
for c in a b; do : >"nn/imagesTr/${c}_0000.nii.gz" && : >"nn/labelsTr/$c.nii.gz"; done
printf '{"channel_names": {"0": "CT"}, "labels": {"background": 0, "liver": 1, "tumour": 2}}' >nn/dataset.json
check 'nnU-Net' rows 2 nn
check 'its channels' column channel CT CT
check 'its labels' column labels 'liver=1; tumour=2' 'liver=1; tumour=2'

# Nothing fits: what was looked for, and patterns that do.
mkdir odd
for p in P1 P2 P3; do printf 'longer' >"odd/${p}_scan.nii.gz" && : >"odd/${p}_tumour.nii.gz"; done
check 'nothing fits' expect_line 126 "such as --image '*_scan.nii.gz' --mask '*_tumour.nii.gz'" "$run" manifest odd
check 'what was looked for' grep -q 'looked for dataset.json, BIDS, nnU-Net, .* 3D Slicer, .* RTSTRUCT or SEG' "$work/err"
check 'the patterns do' rows 3 odd --image '*_scan.nii.gz' --mask '*_tumour.nii.gz'
check 'a mask pattern that fits nothing' expect_line 126 "none of 6 files fits --mask 'masks/*'; a pattern is of names, with a slash of paths" "$run" manifest odd --mask 'masks/*'
check 'an image pattern that fits nothing' expect_line 126 "none of 6 files fits --image 'CT*'" "$run" manifest odd --image 'CT*'
mkdir -p between/P1 between/P2
for p in P1 P2; do : >"between/$p/mask.nii.gz" && for f in a b; do printf 'longer' >"between/$p/$f.nii.gz"; done; done
check 'a mask by its word, and images that are none of it' expect_line 126 "--mask 'mask.nii.gz'" "$run" manifest between
mkdir -p 'p/P1' 'p/P2'
for p in P1 P2; do for f in CT PET GTV; do : >"p/$p/$f.nii.gz"; done; done
check 'modalities and a mask of a patient' rows 4 p
check 'each is an image' column image p/P1/CT.nii.gz p/P1/PET.nii.gz p/P2/CT.nii.gz p/P2/PET.nii.gz
mkdir -p cai/images/1001 cai/labels
: >cai/images/1001/1001_5_t2w.mha && : >cai/images/1001/1001_5_adc.mha && : >cai/labels/1001_5.nii.gz
check 'PI-CAI' rows 2 cai
check 'its mask' column mask cai/labels/1001_5.nii.gz cai/labels/1001_5.nii.gz
mkdir -p seg/s1_seg && : >seg/s1.nii.gz && : >seg/s1_seg/liver.nii.gz && : >seg/s1_seg/spleen.nii.gz && : >seg/s2.nii.gz
check 'organs in a folder that is called like the image' rows 2 seg
check 'of that image' column image seg/s1.nii.gz seg/s1.nii.gz
b=bids/derivatives/x/sub-1/ses-1/anat
mkdir -p "$b" bids/sub-1/ses-1/anat
: >"$b/sub-1_ses-1_space-T1w_dseg.nii.gz" && : >"$b/sub-1_ses-1_space-MNI_dseg.nii.gz"
for m in T1w T2w; do : >"bids/sub-1/ses-1/anat/sub-1_ses-1_$m.nii.gz"; done
check 'a mask of BIDS in the space of an image' rows 1 bids
check 'that image' column image bids/sub-1/ses-1/anat/sub-1_ses-1_T1w.nii.gz
check 'a template is another space' grep -q 'space-MNI_dseg.nii.gz: no image' "$work/err"
mkdir -p isles
for m in dwi adc flair msk; do : >"isles/C-1-$m.nii.gz"; done
check 'ISLES with hyphens' rows 2 isles
check 'DWI and ADC' column image isles/C-1-adc.nii.gz isles/C-1-dwi.nii.gz
check 'FLAIR is said' grep -q 'warning: 1 image is left out: no mask is of it, such as isles/C-1-flair.nii.gz; --image and --mask choose' "$work/err"
mkdir none
check 'no files at all' expect_line 126 'of 0 files' "$run" manifest none

if [ -n "$cases" ]; then
    c=$cases/files/manifest_totalsegmentator_nnunet
    check 'TotalSegmentator' rows 4 "$c/ts"
    check 'one organ' rows 2 "$c/ts" --image ct.nii.gz --mask liver.nii.gz
    check 'nnU-Net of others' rows 2 "$c/nnunet"
    check 'the same by patterns' rows 2 "$c/nnunet" --image '*_0000.nii.gz' --mask 'case_???.nii.gz'
    check 'which batch takes' expect 0 '' "$run" batch "$work/cases.csv" -o "$work/nnunet" -q
    c=$cases/ux/manifest_images_and_masks_folders
    check 'images and masks' rows 2 "$c/study"
    check 'by a pattern of paths' rows 2 "$c/study" --mask 'masks/*'
    check 'no such folder' expect_line 126 "such as --image 'images/*' --mask 'masks/*'" "$run" manifest "$c/study" --mask 'mask/*'
    c=$cases/ux/manifest_two_rtstruct_of_one_name
    check 'two readers' rows 2 "$c/study"
    check 'by their folders' column case 'P1/CT (reader_A/RS.dcm)' 'P1/CT (reader_B/RS.dcm)'
    check 'which batch takes, too' expect 0 '' "$run" batch "$work/cases.csv" -o "$work/readers" -q
    c=$cases/ux/two_masks_of_one_image
    check 'two masks of one image without names' expect_line 4 'rows 1 and 2 are both case ct.nii.gz; give each case a name of its own in a column case' "$run" batch "$c/cases.csv" -o "$work/two" -q
    check 'nothing is written' test ! -e "$work/two"
fi
report layouts
