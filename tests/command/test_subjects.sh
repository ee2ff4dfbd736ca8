#!/bin/sh
# Columns patient, modality and timepoint of manifests: what BIDS says in names and DICOM in elements, and nothing that tells who it is.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
support=$(pwd)/tests/support
. tests/support/checks.sh
cd "$work" || exit 1
fields() { # manifest: case, patient, modality, time point of each row, sorted
    python3 -c "
import csv, sys
for r in sorted(csv.DictReader(open(sys.argv[1])), key=lambda r: r['case']):
    print('%s: %s' % (r['case'].split('/')[-1], ' '.join(r.get(k) or '-' for k in ('patient', 'modality', 'timepoint'))))" "$1"
}
check 'a small image' python3 "$support/batch.py" c 1

# BIDS.
for s in 01 02; do
    for t in 1 2; do
        mkdir -p bids/sub-$s/ses-$t/anat && cp c/i0.nii.gz bids/sub-$s/ses-$t/anat/sub-${s}_ses-${t}_T1w.nii.gz
        mkdir -p bids/derivatives/m/sub-$s/ses-$t/anat && cp c/m0.nii bids/derivatives/m/sub-$s/ses-$t/anat/sub-${s}_ses-${t}_dseg.nii
    done
done
check 'BIDS' "$run" manifest bids -o bids.csv
fields bids.csv >found
printf 'sub-%s_ses-%s_T1w: sub-%s T1w ses-%s\n' 01 1 01 1 01 2 01 2 02 1 02 1 02 2 02 2 >right
check 'subjects, suffixes and sessions' diff right found
rm -r bids/sub-*/ses-2 bids/derivatives/m/sub-*/ses-2
for s in 01 02; do mv bids/sub-$s/ses-1/anat bids/sub-$s/ && mv bids/derivatives/m/sub-$s/ses-1/anat bids/derivatives/m/sub-$s/; done
for file in $(find bids -name '*_ses-1_*'); do mv "$file" "$(echo "$file" | sed 's/_ses-1//')"; done
check 'BIDS without sessions' "$run" manifest bids -o plain.csv
check 'has no time points' sh -c 'head -n 1 plain.csv | tr -d "\r" | grep -qx "case,image,mask,series,patient,modality"'
mkdir loose && cp c/i0.nii.gz loose/a.nii.gz && cp c/m0.nii loose/a_mask.nii
check 'other names' "$run" manifest loose -o loose.csv
check 'have none of these columns' sh -c 'head -n 1 loose.csv | tr -d "\r" | grep -qx "case,image,mask,series"'

# Folders that have the same names, which say modalities.
for p in p1 p2; do
    mkdir -p people/$p && for m in CT MR_T1 pet; do cp c/i0.nii.gz people/$p/${m}_image.nii.gz && cp c/m0.nii people/$p/${m}_mask.nii; done
done
check 'folders of patients' "$run" manifest people -o people.csv
fields people.csv >found
printf '%s_image: %s %s -\n' CT p1 CT MR_T1 p1 MR pet p1 PT CT p2 CT MR_T1 p2 MR pet p2 PT >right
check 'patients and modalities' diff right found
check 'each modality by its preset' expect 0 'settings mr into by/mr' "$run" batch people.csv -o by -c auto
check 'a row for each patient' expect 0 '' "$run" table by/ct by/mr by/pet --by modality,roi -o by.csv
check 'of all three' python3 -c "
import csv
rows = list(csv.DictReader(open('by.csv')))
assert [r['patient'] for r in rows] == ['p1', 'p2'] and all(r[m + '_1_original_stat_mean'] for r in rows for m in ('CT', 'MR', 'PT'))"
mkdir -p flat/images odd/a/x odd/b/x odd/c
for p in p1 p2; do for m in CT PT; do cp c/i0.nii.gz flat/images/${p}_$m.nii.gz && cp c/m0.nii flat/images/${p}_${m}_mask.nii; done; done
for f in a/x b/x; do cp c/i0.nii.gz odd/$f/CT.nii.gz && cp c/m0.nii odd/$f/CT_mask.nii; done
cp c/i0.nii.gz odd/c/CT_or_MR.nii.gz && cp c/m0.nii odd/c/CT_or_MR_mask.nii
for folder in flat odd people/p1; do # one folder, folders of one name, names of several modalities, one patient: nothing is told
    check "$folder" "$run" manifest $folder -o $folder.csv
    check "$folder: no patients" sh -c "head -n 1 $folder.csv | tr -d '\r' | grep -qx 'case,image,mask,series'"
done

# DICOM: two patients, one of them seen twice (in the order of dates, and not of names), CT and PET in one study.
/usr/bin/python3 - "$support" <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
import dicom
from dicom import MR, PT, RTSTRUCT, blank, series, uid
from pydicom.dataset import Dataset
dicom.top = '.'

def study(folder, patient, date, modality='CT', removed=None, study_uid=None):
    study_uid = study_uid or uid()
    own = uid()
    def change(d, z):
        d.PatientID, d.PatientName, d.StudyDate, d.StudyTime = patient, 'Doe^Jane', date, '101500'
        d.StudyInstanceUID, d.FrameOfReferenceUID = study_uid, own + '.7'
        if removed:
            d.PatientIdentityRemoved = removed
        if modality != 'CT':
            del d.RescaleSlope, d.RescaleIntercept
    made = series(folder, change, sop_class=CT_OF[modality], modality=modality, series_uid=own, folder='scan')
    s = blank(RTSTRUCT, 'RTSTRUCT')
    s.SeriesInstanceUID, s.FrameOfReferenceUID, s.PatientID = uid(), own + '.7', patient
    c = Dataset()
    c.ContourGeometricType, c.NumberOfContourPoints = 'CLOSED_PLANAR', 4
    c.ContourData = [v for x, y in ((-28, -18), (-18, -18), (-18, -10), (-28, -10)) for v in (x, y, 12.5)]
    roi, drawn = Dataset(), Dataset()
    roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 1, 'GTV', own + '.7'
    drawn.ReferencedROINumber, drawn.ContourSequence = 1, [c]
    s.StructureSetROISequence, s.ROIContourSequence = [roi], [drawn]
    s.StructureSetLabel = 'x'
    ref = Dataset()
    ref.FrameOfReferenceUID = own + '.7'
    series_ref, study_ref = Dataset(), Dataset()
    series_ref.SeriesInstanceUID = own
    study_ref.RTReferencedSeriesSequence = [series_ref]
    ref.RTReferencedStudySequence = [study_ref]
    s.ReferencedFrameOfReferenceSequence = [ref]
    s.save_as('%s/rs.dcm' % folder, write_like_original=False)
    return study_uid

CT_OF = {'CT': dicom.CT, 'MR': MR}
first = study('study/a', 'MRN 700123', '20240310')
study('study/b', 'MRN 700123', '20240102')
study('study/c', 'MRN 700123', '20240310', 'MR', study_uid=first)
study('study/d', 'MRN 700999', '20240310')
study('once/a', 'MRN 700123', '20240310')
study('once/b', 'MRN 700999', '20240102')
study('open/a', 'Trial-007', '20240310', removed='YES')
study('open/b', '20240311', '20240310', removed='YES')
study('half/a', 'Trial-008', '20240310', removed='YES')
study('half/b', 'Trial-008', '20240311')
PY
check 'DICOM' "$run" manifest study -o study.csv
fields study.csv >found
mark=$(sed -n '1s/.*patient-1-\([0-9a-f]\{4\}\) .*/\1/p' found)
printf '%s: patient-%s-'"$mark"' %s %s\n' scan 1 CT 2 scan 1 CT 1 scan 1 MR 2 scan 2 CT 1 >right
sed 's/^[^:]*/scan/' found >named
check 'patients are numbered, studies in the order of dates' diff right named
check 'nothing tells who they are' sh -c '! grep -iE "700123|700999|doe|20240" study.csv'
check 'the same command, the same bytes' sh -c "'$run' manifest study -o again.csv 2>err; cmp study.csv again.csv"
check 'one study each' "$run" manifest once -o once.csv
check 'is no time point' sh -c '! head -n 1 once.csv | grep -q timepoint'
check 'another table of patients has other numbers' sh -c "'$run' manifest study/d -o d.csv 2>err; ! grep -q 'patient-1-$mark' d.csv && grep -q 'patient-1-' d.csv"
check 'of pseudonyms' "$run" manifest open -o open.csv
fields open.csv | sed 's/^[^:]*/scan/; s/patient-2-[0-9a-f]*/numbered/' >found
printf 'scan: %s CT -\n' Trial-007 numbered >right
check 'they are taken; what looks like a date is not' diff right found
check 'of a pseudonym in one file alone' "$run" manifest half -o half.csv
check 'it is none' sh -c "! grep Trial half.csv && test \$(grep -c 'patient-1-' half.csv) = 2"

# They are what a table of patients needs.
check 'a run' expect 0 '' "$run" batch study.csv -o run -q
check 'is a table of patients as it is' expect 0 '' "$run" table run --wide -o wide.csv
check 'of two rows, with modality and time point' python3 - <<'PY'
import csv
rows = list(csv.DictReader(open('wide.csv')))
assert len(rows) == 2, len(rows)
for prefix in ('CT_1', 'CT_2', 'MR_2'):
    assert rows[0][prefix + '_original_stat_mean'], prefix
assert rows[1]['CT_1_original_stat_mean'] and not rows[1]['CT_2_original_stat_mean']
PY
check 'differences' expect 0 '' "$run" table run --wide --delta '1,2' -o delta.csv
report subjects
