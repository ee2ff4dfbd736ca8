#!/bin/sh
# Masks and images as features use them, as files; pictures of ROIs.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
python3 "$support/two_rois.py" "$work"
cd "$work" || exit 1
cat >iso.yaml <<'X'
interpolation:
  spacing: 1.7
  method: cubic
normalisation:
  method: z-score
discretisation: fbn16
X
cat >range.yaml <<'X'
resegmentation:
  range: [60, .inf]
discretisation: fbn16
X
printf 'discretisation: fbn16\n' >plain.yaml
holds() { # text, file
    grep -qF -- "$1" "$2" || { echo "no \"$1\" in:" && head -n 20 "$2" && return 1; }
}
cat >same.py <<'X'
"""Two tables, tolerance: the values of the first row."""
import csv
import sys

a, b = (next(csv.DictReader(open(p))) for p in sys.argv[1:3])
names = [n for n in a if n not in ("case", "roi")]
assert len(names) > 100 and list(a) == list(b), (len(a), len(b))
for n in names:
    assert bool(a[n]) == bool(b[n]), n
    if a[n]:
        x, y = float(a[n]), float(b[n])
        assert abs(x - y) <= float(sys.argv[3]) * max(abs(x), abs(y), 1e-6), (n, x, y)
X

# What is written is what features were computed of: the same values from it, without any of the steps.
for form in nrrd nii.gz nii; do
    check "$form" expect 0 '' "$run" extract i.nii m.nii -r 1 -c iso.yaml -o "a.$form.csv" --save-mask "mask.$form" --save-image "image.$form"
    check "$form: extracted again" expect 0 '' "$run" extract "image.$form" "mask.$form" -c plain.yaml -o "again.$form.csv"
done
check 'nrrd: the same values' python3 same.py a.nrrd.csv again.nrrd.csv 1e-9
check 'nii.gz: the same, but for the digits of its grid' python3 same.py a.nii.gz.csv again.nii.gz.csv 1e-4
check 'nii: as nii.gz' sh -c 'gunzip -c mask.nii.gz | cmp - mask.nii && gunzip -c image.nii.gz | cmp - image.nii'
check 'the values are those of a command without files' sh -c "'$run' extract i.nii m.nii -r 1 -c iso.yaml -o b.csv && cmp a.nrrd.csv b.csv"
check 'again: the same bytes' sh -c "'$run' extract i.nii m.nii -r 1 -c iso.yaml -o b.csv --save-mask again.nrrd && cmp mask.nrrd again.nrrd"
check 're-segmentation' expect 0 '' "$run" extract i.nii m.nii -r 1 -c range.yaml -o r.csv --save-mask r.nrrd --save-image ri.nrrd
check '1 has intensities' expect 0 '' "$run" extract ri.nrrd r.nrrd -r 1 -c plain.yaml -o one.csv
check '1 and 2 the shape' expect 0 '' "$run" extract ri.nrrd r.nrrd -r 1+2 -c plain.yaml -o both.csv
cat >parts.py <<'X'
import csv

r, one, both = (next(csv.DictReader(open(p))) for p in ("r.csv", "one.csv", "both.csv"))
mean = next(n for n in r if n.endswith("_stat_mean"))
volume = next(n for n in r if n.endswith("_morph_vol_approx"))
assert abs(float(r[mean]) - float(one[mean])) < 1e-9, (r[mean], one[mean])
assert abs(float(r[volume]) - float(both[volume])) < 1e-6 and float(one[volume]) < float(both[volume])
X
check 'as in the table' python3 parts.py

# Several ROIs.
check 'one file for two ROIs' expect 2 '--save-mask: both.nrrd is one file, and there are 2 ROIs; choose one by --roi, or give a folder' "$run" extract i.nii m.nii --save-mask both.nrrd -o x.csv
check 'is not written' test ! -e both.nrrd
mkdir masks images
check 'a folder' expect 0 '' "$run" extract i.nii m.nii --save-mask masks --save-image images -o x.csv
check 'has a file for each' sh -c '[ "$(ls masks | tr "\n" " ")" = "1.nii.gz 2.nii.gz " ]'
check 'and so has the other' sh -c '[ "$(ls images)" = "$(ls masks)" ]'
check 'an ending that is none' expect 2 '--save-image: x.mha is no folder that is there, and ends in none of .nii, .nii.gz, .nrrd' "$run" extract i.nii m.nii -r 1 --save-image x.mha
check 'a place where nothing can be written' expect 5 'none/x.nrrd' "$run" extract i.nii m.nii -r 1 --save-mask none/x.nrrd -o y.csv
check 'leaves no table' test ! -e y.csv

# What is read is not written, and two options do not write one file.
cp m.nii own.nii && mkdir one organs && cp m.nii organs/a.nii && cp half.nii organs/1.nii
for place in own.nii ./own.nii "$work/own.nii"; do
    check "over the mask: $place" expect 5 "$place: is, or would be, a file of the image or mask that is read" "$run" extract i.nii own.nii -r 1 --save-mask "$place" -o z.csv
done
check 'over the image' expect 5 'i.nii: is, or would be' "$run" extract i.nii own.nii -r 1 --save-image i.nii -o z.csv
check 'the mask is as it was' cmp own.nii m.nii
check 'into the folder of the mask' expect 5 'a file of the image or mask that is read' "$run" extract i.nii organs --save-mask organs -r 1:1 -o z.csv
check 'has no file more' sh -c '[ "$(ls organs | tr "\n" " ")" = "1.nii a.nii " ]'
check 'both in one folder' expect 2 '--save-image: one/1.nii.gz is what --save-mask writes; give each its own' "$run" extract i.nii m.nii -r 1 --save-mask one --save-image one -o z.csv
check 'both in one file' expect 2 '--save-image: ./z.nii is what --save-mask writes' "$run" extract i.nii m.nii -r 1 --save-mask z.nii --save-image ./z.nii -o z.csv
check 'without a table' test ! -e z.csv

# Batches.
printf 'case,image,mask\np 1,i.nii,m.nii\nlost,i.nii,half.nii\n' >cases.csv
check 'a batch' expect 20 '1 of 2 cases done, 1 partly' "$run" batch cases.csv -o run -c iso.yaml --pictures --save-mask nrrd --save-image nii.gz -q
check 'has masks' sh -c '[ "$(ls run/masks/*.nrrd | wc -l)" -eq 3 ]'
check 'and images' sh -c '[ "$(ls run/images/*.nii.gz | wc -l)" -eq 3 ]'
check 'of the same bytes' sh -c 'cmp mask.nrrd run/masks/p_1__1-*.nrrd && cmp run/masks/lost__1.nrrd mask.nrrd'
check 'a picture of each ROI, and of all where one failed' sh -c '[ "$(ls run/pictures | wc -l)" -eq 5 ]'
check 'the page shows those of ROIs with values, and all of the other' sh -c '[ "$(grep -o "<img " run/report.html | wc -l)" -eq 4 ]'
check 'by name' holds '>ROI 2</a>' run/report.html
check 'and all where one failed' holds '>all ROIs</a>' run/report.html
check 'the same values' sh -c "'$run' batch cases.csv -o bare -c iso.yaml -q; cmp run/features.csv bare/features.csv"
check 'threads' sh -c "'$run' batch cases.csv -o four -c iso.yaml --pictures --save-mask nrrd --save-image nii.gz -q -t 4; diff -r run/masks four/masks && diff -r run/images four/images && diff -r run/pictures four/pictures"
check 'a form that is none' expect 2 '--save-mask: png is none of nii, nii.gz, nrrd' "$run" batch cases.csv -o x --save-mask png

# A picture of a small ROI in a large image with small voxels reads what it shows of it.
python3 - <<'X'
x, y, z = 4000, 4000, 24
for name, row in ("large", b"\0" * x), ("spot", b""):
    with open(name + ".nrrd", "wb") as out:
        out.write(b"NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 4000 4000 24\n"
                  b"space directions: (0.01,0,0) (0,0.01,0) (0,0,0.01)\nspace origin: (0,0,0)\nencoding: raw\n\n")
        for k in range(z):
            for j in range(y):
                inside = name == "spot" and 8 < k < 14 and 1990 < j < 2010
                out.write(b"\0" * 1990 + b"\1" * 20 + b"\0" * 1990 if inside else b"\0" * x if j % 2 else b"\7" * x if name == "large" else b"\0" * x)
X
printf 'case,image,mask\na,large.nrrd,spot.nrrd\n' >large.csv
printf 'families: [stat]\n' >stat.yaml
check 'a large image' expect 0 '' "$run" batch large.csv -o large -c stat.yaml --pictures --json-log
check 'takes no memory for all of it' python3 -c "
import json
log = [json.loads(l) for l in open('err') if l.startswith('{')]
used = [r['memory_mb'] for r in log if 'memory_mb' in r]
assert used and max(used) < 120, used" # 384 MB are in the file
check 'and has its picture' sh -c '[ "$(ls large/pictures | wc -l)" -eq 1 ]'

# Computed again: what is not wanted of a case goes, but for what it reads.
check 'another form' expect 20 '' "$run" batch cases.csv -o run -c iso.yaml --save-mask nii -q --force
check 'takes the place of the one before' sh -c '[ "$(ls run/masks | sed "s,.*\.,," | sort -u)" = nii ] && [ "$(ls run/masks | wc -l)" -eq 3 ]'
check 'images and pictures of before are gone' sh -c '[ -z "$(ls run/images run/pictures | grep -v :)" ]'
: >run/masks/other.nii
printf 'case,image,mask\nlost,i.nii,run/masks/lost__1.nii\n' >saved.csv
check 'without' expect 20 '' "$run" batch cases.csv -o run -c iso.yaml -q --force
check 'masks are gone, files of others are not' sh -c '[ "$(ls run/masks)" = other.nii ]'
cp m.nii run/masks/lost__1.nii
check 'a mask that is read' expect 0 '' "$run" batch saved.csv -o run -c iso.yaml -q --force
check 'stays' cmp m.nii run/masks/lost__1.nii
check 'and is not written' expect 20 '' "$run" batch saved.csv -o run -c iso.yaml -q --force --save-mask nii
check 'but stays, too' cmp m.nii run/masks/lost__1.nii
check 'and its row says why' holds 'is, or would be, a file of the image or mask that is read' run/cases.csv

# Files of cases that are gone, or have another name, are told of, and stay.
printf 'case,image,mask\none,i.nii,m.nii\ntwo,i.nii,half.nii\n' >both.csv
printf 'case,image,mask\none,i.nii,m.nii\n' >one.csv
check 'a run' expect 20 '' "$run" batch both.csv -o stale -c iso.yaml --save-mask nii --save-image nrrd
check 'whose files are all its own' sh -c '! grep -q "of no row" err'
count=$(ls stale/masks stale/images | grep -c '^two__')
check 'with one case less' expect 0 "stale: $count files in masks/ and images/ are of no row of this run, such as " "$run" batch one.csv -o stale -c iso.yaml --force
check 'they stay' test "$(ls stale/masks stale/images | grep -c '^two__')" -eq "$count"
check 'collect says it, too' expect 0 "$count files in masks/ and images/" "$run" collect stale
rm stale/*/two__*
check 'once they are removed' expect 0 '' "$run" collect stale
check 'nothing is said' sh -c '! grep -q "of no row" err'
: >stale/masks/notes.txt
: >stale/images/mine.nii
check 'one file' expect 0 'stale: 1 file in masks/ and images/ is of no row of this run, such as images/mine.nii' "$run" collect stale
report roi_files
