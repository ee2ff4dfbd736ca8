#!/bin/sh
# Texts of tables against spreadsheets, and inputs that are no files, through the commands.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
python3 tests/support/batch.py "$work/c" 3
cd "$work" || exit 1

# Names that a spreadsheet would run, and names that only look so.
cat >names.py <<'PY'
import csv, sys
formulas = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "\rx", "=a,\"b\"", "'=x", "''@y", "-x", "+-1", "--1", "\n=2", "=ü"]
plain = ["-1", "+2.5e3", "-.5", "-", "+", "=", "'x", "it's", "a=b", " =1", "x-y", "1", "'", "''"]
names = formulas + plain
PY
cat >make.py <<'PY'
from names import *
with open("cases.csv", "w", newline="", encoding="utf-8") as f:
    w = csv.writer(f)
    w.writerow(["case", "image", "mask", "roi", "=note"])
    for i, name in enumerate(names):
        raw = "'" + name if name.startswith("'") and name in formulas else name  # as one of ours writes it
        w.writerow([raw, "c/i0.nii.gz", "c/m0.nii", "1", raw])
PY
cat >check.py <<'PY'
from names import *
kept = sys.argv[1] == "keep"
for path in ("run/features.csv", "run/cases.csv", "run/features_long.csv"):
    rows = list(csv.DictReader(open(path, newline="", encoding="utf-8")))
    seen = list(dict.fromkeys(r["case"] for r in rows))
    wanted = [n if kept or n in plain else "'" + n for n in names]
    assert seen == wanted, (path, [p for p in zip(seen, wanted) if p[0] != p[1]])
    if path == "run/features.csv":
        note = "=note" if kept else "'=note"
        assert [r[note] for r in rows] == wanted
PY
python3 make.py
check 'cases whose names are formulas' expect 0 '' "$run" batch cases.csv -o run -q --long --json-lines
check 'are quoted, numbers and signs are not' python3 check.py quote
cp run/features.csv quoted.csv
check 'read back as they were' python3 -c "
import json
from names import *
assert [json.loads(l)['case'] for l in open('run/features.jsonl')] == names"
check 'kept, where that is asked for' expect 0 '' "$run" batch cases.csv -o run -q --long --formulas keep
check 'are as they are' python3 check.py keep
check 'collect quotes' sh -c "'$run' collect run --long && cmp run/features.csv quoted.csv"
check 'a word that is none' expect 2 'neither quote nor keep' "$run" collect run --formulas drop

# What manifest writes, batch reads: names of files, too.
mkdir -p 'found/=1+1' found/-2+x
cp c/i1.nii.gz 'found/=1+1/ct.nii.gz'
cp c/m1.nii 'found/=1+1/mask.nii'
cp c/i2.nii.gz found/-2+x/ct.nii.gz
cp c/m2.nii found/-2+x/mask.nii
check 'a manifest' expect 0 '2 cases' "$run" manifest found -o found/cases.csv
check 'quotes names and paths' grep -q "^'-2+x.*,'-2+x/ct.nii.gz,'-2+x/mask.nii" found/cases.csv
check 'which batch finds' expect 0 '' "$run" batch found/cases.csv -o found/run -q
check 'with --formulas keep as well' sh -c "'$run' manifest found -o found/kept.csv --formulas keep && grep -q '^=1+1' found/kept.csv && '$run' batch found/kept.csv -o found/run2 -q &&
    cmp found/run/features.csv found/run2/features.csv"
check 'extract' sh -c "'$run' extract c/i0.nii.gz c/m0.nii --case =1+1 -r 1 | grep -q \"^'=1+1,1,\" && '$run' extract c/i0.nii.gz c/m0.nii --case =1+1 -r 1 --formulas keep | grep -q '^=1+1,1,'"

# A site whose patients and columns have such names: summarised the same whether the table is quoted or not, harmonised under their names.
"$run" keygen A >/dev/null
cat >site.py <<'PY'
import csv, random
for path, mark in (("plain.csv", ""), ("quoted.csv", "'")):
    r = random.Random(1)
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["patient", mark + "=f1", "f2"])
        for i in range(40):
            w.writerow([mark + "=P%d" % i, r.gauss(10, 3), r.gauss(5, 1)])
PY
python3 site.py
printf 'study: x\npatient: patient\nfeatures: ["=f1", f2]\nanalyses: [moments]\n' >study.yaml
summarised() {
    beside l1 "$run" summarise plain.csv -s study.yaml -k A.key -o a.radsum && beside l2 "$run" summarise quoted.csv -s study.yaml -k A.key -o b.radsum &&
        grep -q '=f1' b.radsum && grep -v '"signature"\|"time"\|"date"' a.radsum >a.txt && grep -v '"signature"\|"time"\|"date"' b.radsum >b.txt && cmp a.txt b.txt
}
check 'a quoted table is the same table' summarised
for site in B C; do
    rm -rf "$RADIOMILL_STATE" # the same patients at each
    "$run" keygen $site >/dev/null && sed "s/=P/=$site/" plain.csv >$site.csv && "$run" summarise $site.csv -s study.yaml -k $site.key -o $site.radsum
done
check 'tables of a pool' sh -c "cat [ABC].pub >keys && '$run' pool study.yaml a.radsum B.radsum C.radsum -k keys -o pooled && cat pooled/*.csv | grep -q \"'=f1\" && ! cat pooled/*.csv | grep -q '\(^\|,\)=f1'"

# Inputs that are no files: refused at once, by whatever command, for whatever it reads. `timeout` is for the day when one waits.
mkfifo pipe.nii pipe.csv pipe.yaml pipe.key pipe.radsum
mkdir -p series broken
mkfifo series/pipe
cp -r run broken/run
refused() { # what is read there, then the command
    what=$1
    shift
    expect 3 'is not a regular file' timeout 300 "$@" </dev/null || { echo "$what" && return 1; }
}
check 'image' refused image "$run" extract pipe.nii c/m0.nii
check 'mask' refused mask "$run" extract c/i0.nii.gz pipe.nii
check 'settings' refused settings "$run" extract c/i0.nii.gz c/m0.nii -c pipe.yaml
check 'info' refused info "$run" info pipe.nii
check 'filter' refused filter "$run" filter -o out.nii pipe.nii mean size=3
check 'manifest' refused manifest "$run" batch pipe.csv -o x
check 'table' refused table "$run" summarise pipe.csv -s study.yaml -k A.key
check 'study' refused study "$run" summarise plain.csv -s pipe.yaml -k A.key
check 'study check' refused study "$run" study check pipe.yaml
check 'key' refused key "$run" summarise plain.csv -s study.yaml -k pipe.key
check 'policy' refused policy "$run" summarise plain.csv -s study.yaml -k A.key -p pipe.yaml
check 'clinical' refused clinical "$run" summarise plain.csv -s study.yaml -k A.key --clinical pipe.csv
check 'ledger' refused ledger "$run" summarise plain.csv -s study.yaml -k A.key --ledger pipe.csv
check 'radsum' refused radsum "$run" pool study.yaml pipe.radsum -k A.pub
check 'trusted keys' refused trusted "$run" pool study.yaml a.radsum -k pipe.key
check 'harmonisation' refused model "$run" harmonise plain.csv -s study.yaml -m pipe.yaml --site A
check 'a device' refused device "$run" extract /dev/zero c/m0.nii
printf 'case,image,mask\nA,../pipe.nii,../c/m0.nii\nB,../c/i0.nii.gz,../pipe.nii\nC,../c/i0.nii.gz,../c/m0.nii\n' >series/cases.csv
check 'in a batch: a row' expect 20 '1 done, 0 partly, 2 failed' timeout 300 "$run" batch series/cases.csv -o y
check 'with its reason' sh -c "[ \$(grep -c 'is not a regular file but a pipe' y/cases.csv) -eq 2 ]"
check 'in a dry run' expect 20 '' timeout 300 "$run" batch series/cases.csv --dry-run -q
for file in settings.yaml provenance.json; do
    rm -f broken/run/$file
    mkfifo broken/run/$file
    check "$file of a run" refused $file "$run" collect broken/run
    cp run/$file broken/keep && rm broken/run/$file && mv broken/keep broken/run/$file
done
for file in features.csv cases.csv columns.json provenance.json; do
    rm -f broken/run/$file
    mkfifo broken/run/$file
    check "$file of a run" refused $file "$run" summarise broken/run -s study.yaml -k A.key
    cp run/$file broken/keep && rm broken/run/$file && mv broken/keep broken/run/$file
done
rm broken/run/journal.db
mkfifo broken/run/journal.db
check 'its journal' refused journal "$run" collect broken/run
check 'a pipe in a folder of DICOM' timeout 300 sh -c "'$run' info series; [ \$? -eq 3 ]"
check '/dev/stdin with a file behind it' expect 0 '' sh -c "'$run' extract c/i0.nii.gz c/m0.nii -c /dev/stdin <run/settings.yaml"
check '/dev/stdin with a pipe behind it' sh -c "cat run/settings.yaml | '$run' extract c/i0.nii.gz c/m0.nii -c /dev/stdin; [ \$? -eq 3 ]"

report tables
