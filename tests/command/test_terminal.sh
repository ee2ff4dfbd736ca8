#!/bin/sh
# Whatever names hold, nothing that a terminal obeys comes out of any command: characters of control, what turns the direction of writing
# round, bytes that are no UTF-8.
set -u
build=$(pwd)/${BUILD:-build}
run=$build/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests
bad=$(printf 'x\033[31m\007\177\302\233\342\200\256\342\201\246\342\200\250z')
shown='x\u001b[31m\u0007\u007f\u009b\u202e\u2066\u2028z'
name=$(printf '%s\377\303(\t\nradiomill: forged' "$bad") # all of it, as names of files can be
escaped="$shown"'\xff\xc3(\u0009\u000aradiomill: forged'
clean() {
    python3 "$tests/support/clean.py" "$@"
}
check 'the test finds a character of control' sh -c "! python3 '$tests/support/clean.py' printf '\033[31m'"
check 'and bytes that are no text' sh -c "! python3 '$tests/support/clean.py' printf 'a\377'"
cd "$work" || exit 1
python3 "$tests/support/batch.py" c 2
python3 "$tests/support/cohort.py" . 3 60 12

# Names of files, options, settings.
for command in batch collect extract filter harmonise info keygen manifest pool study summarise validate slurm features; do
    check "$command: no option" clean --shows "$escaped" "$run" "$command" "--$name"
done
check 'no command' clean --shows "$escaped" "$run" "$name"
check 'extract: no such image' clean --shows "$escaped" "$run" extract "$name" c/m0.nii
check 'extract: no such mask' clean --shows "$escaped" "$run" extract c/i0.nii.gz "$name"
check 'extract: no such settings' clean --shows "$escaped" "$run" extract c/i0.nii.gz c/m0.nii -c "$name"
check 'extract: no such ROI' clean --shows "$escaped" "$run" extract c/i0.nii.gz c/m0.nii --roi "$name"
check 'extract: a number' clean --shows "$escaped" "$run" extract c/i0.nii.gz c/m0.nii -t "$name"
check 'info' clean --shows "$escaped" "$run" info "$name"
check 'study' clean --shows "$escaped" "$run" study check "$name"
check 'study: no action' clean --shows "$escaped" "$run" study "$name" s.yaml
check 'validate' clean --shows "$escaped" "$run" validate --only "$name"
check 'validate, data' clean --shows "$escaped" "$run" validate --only config_a -d "$name"
check 'keygen' clean --shows "$escaped" "$run" keygen "$name"
check 'keygen, folder' clean --shows "$escaped" "$run" keygen A -o "$name"
check 'manifest' clean --shows "$escaped" "$run" manifest "$name"
check 'batch' clean --shows "$escaped" "$run" batch "$name" -o r
check 'collect' clean --shows "$escaped" "$run" collect "$name"
check 'pool' clean --shows "$escaped" "$run" pool "$name" b c -k d
check 'filter' clean --shows "$escaped" "$run" filter "$name" log -o o.nii

# Images of such names; cases, ROIs and columns of tables.
cp c/i0.nii.gz "i$name.nii.gz" && cp c/m0.nii "m$name.nii"
check 'extract: rows of any file' clean --shows "$shown" "$run" extract "i$name.nii.gz" "m$name.nii"
cp c/i0.nii.gz "i$bad.nii.gz" && cp c/m0.nii "m$bad.nii"
check 'extract: rows anywhere' clean --shows "i$shown" "$run" extract "i$bad.nii.gz" "m$bad.nii"
check 'extract: the case' clean --shows "$shown" "$run" extract c/i0.nii.gz c/m0.nii --case "$bad"
check 'extract, verbose' clean "$run" extract "i$bad.nii.gz" "m$bad.nii" --verbose
check 'info of a file' clean --shows '\u001b' "$run" info "i$bad.nii.gz"
check 'info of a file, JSON' clean --terminal "$run" info "i$bad.nii.gz" --json
mkdir "f$bad" && mv "i$bad.nii.gz" "f$bad/a$bad.nii.gz" && mv "m$bad.nii" "f$bad/a${bad}_mask.nii" && cp c/m1.nii "f$bad/b${bad}_mask.nii"
check 'manifest: a table on a terminal' clean --terminal --shows '\u001b[31m' "$run" manifest "f$bad"
check 'manifest: a file with the names as they are' "$run" manifest "f$bad" -o found.csv
check 'by which batch finds them' sh -c "'$run' batch found.csv -o found -q && grep -q u001b found/features.csv"
check 'no table holds a character of control' sh -c "! LC_ALL=C grep -l '[[:cntrl:]]' found/*.csv | xargs -r sed 's/\r//' | LC_ALL=C grep '[[:cntrl:]]'"
python3 - "$bad" <<'END'
import csv, os, sys
names = [os.fsencode(n).decode('latin-1') for n in sys.argv[1:]]
with open('cases.csv', 'w', encoding='latin-1', newline='') as file:
    table = csv.writer(file)
    table.writerow(['case', 'image', 'mask', 'site' + names[0]])
    table.writerow([names[0], 'c/i0.nii.gz', 'c/m0.nii', names[0]])
    table.writerow(['second\n' + names[0], 'c/i1.nii.gz', 'c/m1.nii', names[0]])
    table.writerow([names[0] + '3', 'c/i1.nii.gz', 'c/' + names[0], ''])
END
check 'batch, dry run' clean --shows "$shown" "$run" batch cases.csv -o r1 --dry-run
for how in '' --quiet --json-log; do
    # shellcheck disable=SC2086 # no option or one
    check "batch $how" clean "$run" batch cases.csv -o "run$bad" --force $how
done
check 'collect' clean "$run" collect "run$bad"
check 'slurm' clean "$run" slurm cases.csv -o "s$bad" --no-submit

# Strings of DICOM: descriptions of series, names of ROIs.
/usr/bin/python3 - "$bad" <<'END'
import os, sys
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

bad, base = sys.argv[1], '1.2.826.0.1.3680043.8.498.'
os.makedirs('ct'), os.makedirs('rs')


def blank(name, sop_class, modality, uid):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = sop_class, uid, ExplicitVRLittleEndian
    d = FileDataset(name, {}, file_meta=meta, preamble=bytes(128))
    d.is_little_endian, d.is_implicit_VR = True, False
    d.SpecificCharacterSet, d.SOPClassUID, d.SOPInstanceUID, d.Modality = 'ISO_IR 192', sop_class, uid, modality
    d.SeriesDescription = d.StudyDescription = d.PatientName = d.PatientID = bad
    d.StudyInstanceUID, d.FrameOfReferenceUID = base + '1', base + '2'
    return d


ct = '1.2.840.10008.5.1.4.1.1.2'
for z in range(5):
    d = blank(f'ct/{z}', ct, 'CT', base + f'10.{z}')
    d.SeriesInstanceUID, d.InstanceNumber = base + '3', z
    d.Rows = d.Columns = 12
    d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing, d.SliceThickness = [0, 0, z], [1, 0, 0, 0, 1, 0], [1, 1], 1
    d.BitsAllocated = d.BitsStored = 16
    d.HighBit, d.PixelRepresentation, d.SamplesPerPixel, d.PhotometricInterpretation = 15, 1, 1, 'MONOCHROME2'
    d.RescaleSlope, d.RescaleIntercept = 1, 0
    d.PixelData = bytes((7 * i + 3 * z) % 251 if i % 2 == 0 else 0 for i in range(288))
    d.save_as(d.filename, write_like_original=False)


def contour(z):
    c = Dataset()
    c.ContourGeometricType, c.NumberOfContourPoints = 'CLOSED_PLANAR', 4
    c.ContourData = [1.5, 1.5, z, 8.5, 1.5, z, 8.5, 8.5, z, 1.5, 8.5, z]
    return c


d = blank('rs/rs', '1.2.840.10008.5.1.4.1.1.481.3', 'RTSTRUCT', base + '20')
d.SeriesInstanceUID = base + '4'
frame, roi, contours, empty, none = Dataset(), Dataset(), Dataset(), Dataset(), Dataset()
frame.FrameOfReferenceUID = base + '2'
roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 1, bad, base + '2'
none.ROINumber, none.ROIName, none.ReferencedFrameOfReferenceUID = 2, bad + '2', base + '2'
contours.ReferencedROINumber, contours.ContourSequence = 1, [contour(z) for z in range(4)]
empty.ReferencedROINumber, empty.ContourSequence = 2, []
d.ReferencedFrameOfReferenceSequence, d.StructureSetROISequence, d.ROIContourSequence = [frame], [roi, none], [contours, empty]
d.save_as(d.filename, write_like_original=False)
END
part='\u202e\u2066' # what controls reading took out already
check 'info of a series' clean --shows "$part" "$run" info ct
check 'info of contours' clean --shows "$part" "$run" info rs/rs
check 'info of a series, JSON' clean --terminal "$run" info ct --json
check 'info of contours, JSON' clean --terminal "$run" info rs/rs --json
check 'extract: names of ROIs' clean --shows "$part" "$run" extract ct rs/rs --verbose
check 'extract: a ROI that there is not' clean --shows "$part" "$run" extract ct rs/rs --roi lung

# Studies, tables of features, summaries, keys, models.
quoted='x\e[31m\a\x7f\x9b\u202e\u2066\u2028z' # in YAML
write_study() { # what is changed
    sed "$1" <<END
study: hostile
title: "title $quoted"
patient: patient
features: ["f000*", "g$quoted"]
covariates:
  age: {unit: "$quoted"}
  "sex": {levels: ["F", "M"]}
  "level$quoted": {levels: ["a$quoted", "b$quoted"]}
groups: [sex]
tables: [[sex, "level$quoted"]]
model: ["age"]
outcomes:
  "death$quoted": {time: days, event: died, grid: [0, 100, 200, 300], unit: "$quoted"}
END
}
# A study that has such names is refused, and what is said of it is clean.
write_study '' >hostile.yaml
check 'study check' clean --shows "$shown" "$run" study check hostile.yaml
check 'is refused' sh -c "'$run' study check hostile.yaml; test \$? = 4"
for change in 's/^groups: .*/groups: ["none'"$quoted"'"]/' 's/^patient: .*/patient: "none'"$quoted"'"/' 's/^study: .*/study: "'"$quoted"'"/' \
    's/^model: .*/model: ["'"$quoted"'"]/' 's/^title:/"'"$quoted"'":/' 's/unit:/"'"$quoted"'":/'; do
    write_study "$change" >wrong.yaml
    check "study check: $change" clean "$run" study check wrong.yaml
    check "summarise: $change" clean "$run" summarise s1.csv -s wrong.yaml -k s1.key
done
quoted=z
# Names of patients and of folders may be anything.
write_study '' >study.yaml
sites=$(python3 - "$bad" <<'END'
import csv, random, sys
bad, patient = 'z', sys.argv[1]
for site in ('s1', 's2', 's3'):
    rows = list(csv.reader(open(site + '.csv')))
    names = {'f0003': 'f0003' + bad, 'f0004': 'g' + bad}
    rows[0] = [names.get(n, n) for n in rows[0]] + ['level' + bad, 'days', 'died']
    for i, row in enumerate(rows[1:]):
        rng = random.Random(site + str(i))
        row += ['ab'[i % 2] + bad, str(rng.randint(1, 290)), str(i % 2)]
        row[0] = patient + row[0]
    with open(site + '.csv', 'w', newline='') as file:
        csv.writer(file).writerows(rows)
    print(site)
END
)
for s in $sites; do
    "$run" keygen "$s" >/dev/null
    check "summarise, preview: $s" clean "$run" summarise "$s.csv" -s study.yaml -k "$s.key" --preview --withhold
    check "summarise: $s" clean "$run" summarise "$s.csv" -s study.yaml -k "$s.key" --withhold
    check "it has a file" test -s "$s.radsum"
done
beside x.ledger true # a ledger of nothing, beside which `clean` starts the command
check 'summarise: refused' clean env RADIOMILL_STATE=x.ledger "$run" summarise s1.csv -s study.yaml -k s1.key -o x.radsum
cat s?.pub >keys
check 'pool' clean "$run" pool study.yaml s1.radsum s2.radsum s3.radsum -k keys -o "pooled$bad" --withhold
check 'its page and its tables' python3 - "pooled$bad" "$tests" <<'END'
import os, re, sys
bad = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]')
files = [os.path.join(sys.argv[1], n) for n in sorted(os.listdir(sys.argv[1])) if n.endswith(('.html', '.csv'))]
assert len(files) > 5, files
for name in files:
    found = bad.search(open(name, encoding='utf-8').read())
    assert not found, (name, found)
END
"$build/tests/forge" s1.key s1.radsum s4.radsum '"site": "s1"' "\"site\": \"$bad\""
"$build/tests/forge" s1.key s1.radsum s5.radsum '"engine": "radiomill' "\"engine\": \"\\u001b[31m\\u009b\\u202e"
"$build/tests/forge" s1.key s1.radsum s6.radsum '"check": "' "\"check\": \"\\u001b[31m\\u009b\\u202e"
"$build/tests/forge" s1.key s1.radsum s7.radsum f0001 '\u001b[31m\u009b\u202ef0001'
for s in 4 5 6 7; do
    check "pool: a forged file $s" clean "$run" pool study.yaml s2.radsum s3.radsum s$s.radsum -k keys -o forged --withhold
done
printf '%s 00\n' "$name" >wrong.keys
check 'pool: keys' clean "$run" pool study.yaml s1.radsum s2.radsum s3.radsum -k wrong.keys -o forged
printf '{"format": "%s"}' "$bad" >model.json
for model in model.json "pooled$bad/harmonisation.json" keys; do
    check "harmonise: $model" clean "$run" harmonise s1.csv -s study.yaml -m "$model" --site "$bad"
    check "harmonise: $model, rows" clean "$run" harmonise s1.csv -s study.yaml -m "$model" --site s1
done
printf '%s' "$name" >>"$(ledger_of s1)"
check 'a ledger' clean "$run" summarise s1.csv -s study.yaml -k s1.key --withhold
report terminal
