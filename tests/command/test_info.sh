#!/bin/sh
# What info tells of folders without DICOM, and on terminals of any width.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
python3 "$support/two_rois.py" "$work"
/usr/bin/python3 "$support/dicom.py" "$work/dicom"
cd "$work" || exit 1
mkdir -p pairs/p1 pairs/p2 none
for p in p1 p2; do cp i.nii pairs/$p/ct.nii && cp m.nii pairs/$p/mask.nii; done
check 'pairs of a folder' expect 0 '' "$run" info pairs --json
check 'are those of manifest' python3 - <<'X'
import csv, json, os, subprocess
told = json.load(open("out"))
assert set(told) == {"file", "pairs"}, told
assert [(p["case"], p["image"], p["mask"]) for p in told["pairs"]] == [
    ("p%d/ct" % i, "p%d/ct.nii" % i, "p%d/mask.nii" % i) for i in (1, 2)], told
assert all(p["size"] == [44, 40, 30] and p["spacing_mm"] == [1, 1.25, 2] for p in told["pairs"])
X
check 'by the path of a folder' expect 0 '' "$run" info "$work/pairs/" --json
check 'below it' grep -q '"image": *"p1/ct.nii"' out
printf 'damaged' >pairs/p2/ct.nii
check 'an image that cannot be read' expect 0 '' "$run" info pairs --json
check 'is a problem of its pair' python3 -c 'import json; p = json.load(open("out"))["pairs"]; assert "problem" in p[1] and "size" not in p[1] and "problem" not in p[0]'
cp i.nii pairs/p2/ct.nii
mkdir beside organs && cp i.nii beside/A_image.nii && cp m.nii beside/A_mask.nii && cp m.nii organs/liver.nii && cp m.nii organs/spleen.nii
check 'images and masks in one folder' expect 0 '' "$run" info beside --json
check 'are a pair, and could be masks' python3 -c 'import json; t = json.load(open("out")); assert t["format"] == "images and masks, or a folder of masks" and [p["case"] for p in t["pairs"]] == ["A_image"] and len(t["rois"]) == 2, t'
check 'organs in one folder' expect 0 '' "$run" info organs --json
check 'are masks alone' python3 -c 'import json; t = json.load(open("out")); assert t["format"].startswith("a folder of masks") and "pairs" not in t, t'
check 'a folder without' expect_line 3 'none: no DICOM file among 0 files' "$run" info none
check 'DICOM as before' expect 0 '' "$run" info dicom/explicit --json
check 'is a series' grep -q '"series"' out
mkdir -p both/nii both/dicom && cp -r dicom/explicit/some both/dicom/ && cp i.nii both/nii/A_image.nii && cp m.nii both/nii/A_mask.nii
cp m.nii both/dicom/mask.nii && mkdir both/more && cp i.nii both/more/alone.nii
check 'DICOM beside other formats' expect 0 '' "$run" info both --json
check 'tells both' python3 - <<'X'
import json
t = json.load(open("out"))
assert t["format"] == "DICOM, and images or masks of other formats" and len(t["series"]) == 1 and t["series"][0]["files"] == 6, t
assert sorted((p["image"], p["mask"]) for p in t["pairs"]) == [("dicom/some/depth", "dicom/mask.nii"), ("nii/A_image.nii", "nii/A_mask.nii")], t
assert t["images_without_mask"] == 1 and t["other_files"] == 4 and "dicom_files" not in t, t
X
check 'and for people' sh -c "'$run' info both | grep -q 'A_image *nii/A_image.nii *44 40 30'"
check 'pairs of DICOM alone are told once' sh -c "! '$run' info dicom/structures --json | grep -q pairs"
rm -r both/dicom/mask.nii both/nii both/more
printf 'notes' >both/readme.txt
check 'files of no format beside DICOM' expect 0 '' "$run" info both --json
check 'are counted' python3 -c 'import json; t = json.load(open("out")); assert t["format"] == "DICOM" and t["other_files"] == 1 and "pairs" not in t, t'
cp i.nii both/A_image.nii && cp m.nii both/A_mask.nii
check 'DICOM below other formats' expect 0 '' "$run" info both --json
check 'is told of, too' python3 -c 'import json; t = json.load(open("out")); assert t["dicom_files"] == 6 and [p["case"] for p in t["pairs"]] == ["A_image"], t'
cat >width.py <<'X'
"""Columns, then a command: its lines on a terminal of that width, and nothing behind their last word."""
import sys
import terminal
columns = int(sys.argv[1])
code, out = terminal.run(columns, sys.argv[2:])
assert not code, out
lines = out.decode().replace("\r", "").split("\n")
assert len(lines) > 4 and max(map(len, lines)) <= columns, (columns, lines)
text = "\n".join(lines)
if "two_series" in sys.argv[-1]:
    assert text.count("0.75 0.8 2.5") == 2 and ("- number" in text) == (columns < 70), text
    assert ("\u2026" in text) == (70 <= columns < 90), text
X
for columns in 44 60 80 100 200; do
    check "two series in $columns columns" env PYTHONPATH="$support" python3 width.py $columns "$run" info dicom/two_series
    check "pairs in $columns columns" env PYTHONPATH="$support" python3 width.py $columns "$run" info pairs
done
check 'in a pipe nothing is cut' sh -c "'$run' info dicom/two_series | grep -q 1.2.826.0.1.3680043.8.498.77"
report info
