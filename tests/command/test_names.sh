#!/bin/sh
# Who a patient is, and where files lie, in the names that tables of a run carry.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
python3 "$support/two_rois.py" "$work"
/usr/bin/python3 "$support/dicom.py" "$work/dicom"
cd "$work" || exit 1
printf 'families: [stat]\n' >s.yaml
has() { # row of cases.csv from 1, text that its warnings hold; none: they hold nothing about columns
    python3 - "$@" <<'X'
import csv, sys
row = list(csv.DictReader(open("run/cases.csv")))[int(sys.argv[1]) - 1]
said = row["warnings"]
assert (sys.argv[2] in said) if len(sys.argv) > 2 else ("the column" not in said), said
assert "SECRET" not in said and "Doe" not in said, said
X
}
cat >cases.csv <<'X'
case,image,mask,roi,note
plain,i.nii,m.nii,1,-
/data/p2,i.nii,m.nii,2,left
ROE^RICHARD,i.nii,m.nii,1+2,31.01.1950
secret_17,dicom/explicit,dicom/structures,GTV-1,b
p5,dicom/explicit,dicom/structures,hole,Doe Jane
p6,dicom/explicit,dicom/structures,Islands,29.02.1960
p7,dicom/explicit,dicom/seg,1,1960-02-29
X
check 'a run' expect 0 'the column case looks like a path; tables of features carry it (1 row); write pseudonyms' "$run" batch cases.csv -o run -c s.yaml -q
cp err said
check 'names no patient' sh -c '! grep -q "SECRET\|secret\|Doe\|ROE\|1950\|1960" said'
check 'what is plain' has 1
check 'a path' has 2 'the column case looks like a path'
check 'a name' has 3 'the column case looks like the name of a person'
check 'and a date' has 3 'the column note looks like a date'
check 'the id of DICOM' has 4 'the column case is the PatientID of its DICOM files, which do not say that it is a pseudonym'
check 'the name of DICOM' has 5 'the column note is the PatientName of its DICOM files'
check 'a date that is not written as there' has 6 'the column note looks like a date'
check 'the birth date of DICOM' has 7 'the column note is the PatientBirthDate of its DICOM files'
cp run/cases.csv first.csv
check 'collect says it, too' expect 0 'the column case is the PatientID' "$run" collect run
check 'nothing is computed for it' sh -c "'$run' batch cases.csv -o run -c s.yaml 2>&1 | grep -q ' 0 computed now'"
sed -e 's,/data/p2,p2,' -e 's,ROE^RICHARD\(.*\)31.01.1950,p3\1,' -e 's,secret_17,p4,' -e 's,Doe Jane,,' -e 's/,29.02.1960/,/' -e 's/,1960-02-29/,/' cases.csv >pseudonyms.csv
check 'pseudonyms' expect 0 '' "$run" batch pseudonyms.csv -o run -c s.yaml -q
check 'are said nothing of' sh -c '! grep -q "the column" err run/cases.csv'
check 'and nothing is computed for them' sh -c "'$run' batch pseudonyms.csv -o run -c s.yaml 2>&1 | grep -q ' 0 computed now'"
cat >pseudonym.py <<'X'
import pathlib

import pydicom

for path in pathlib.Path("dicom/explicit").rglob("*.dcm"):
    d = pydicom.dcmread(path)
    d.PatientIdentityRemoved = "YES"
    d.save_as(path)
X
/usr/bin/python3 pseudonym.py
check 'an id that DICOM calls a pseudonym' expect 0 'looks like a path' "$run" batch cases.csv -o run -c s.yaml -q
check 'is one' has 4
check 'its name is none' has 5 'PatientName'
sed -i 's/d.PatientIdentityRemoved = "YES"/d.PatientName = d.PatientID/' pseudonym.py
/usr/bin/python3 pseudonym.py
check 'a pseudonym that is id and name' expect 0 'looks like a path' "$run" batch cases.csv -o run -c s.yaml -q --force
check 'is one, too' sh -c "! grep -q 'PatientName\|PatientID' err"

# Rows that nobody can tell apart.
printf 'case,image,mask,roi\nz,i.nii,m.nii,2\na,i.nii,m.nii,\nb,i.nii,m.nii,1\na,i.nii,m.nii,1\na,i.nii,m.nii,1+2\n' >twins.csv
check 'a ROI by itself, and with all' expect 0 'twins: 1 row of features cannot be told from another: rows 2 and 4 of the manifest give the same case and ROI' "$run" batch twins.csv -o twins -c s.yaml -q
check 'collect says so' expect 0 'rows 2 and 4 of the manifest' "$run" collect twins
sed 5d twins.csv >apart.csv
check 'none' expect 0 '' "$run" batch apart.csv -o twins -c s.yaml -q
check 'nothing is said of' sh -c '! grep -q "told from" err'
report names
