#!/bin/sh
# A row for each patient, against the rows of its runs.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
python3 "$support/batch.py" "$work/c" 12
cd "$work" || exit 1
python3 - <<'X'
import csv
rows = list(csv.DictReader(open("c/cases.csv")))
def write(name, take, **more):
    with open(name, "w", newline="") as file:
        out = csv.DictWriter(file, ["case", "image", "mask", "roi"] + list(more))
        out.writeheader()
        for i in take:
            out.writerow(dict({k: rows[i][k] for k in ("case",)}, image="c/" + rows[i]["image"], mask="c/" + rows[i]["mask"], roi="1",
                              **{k: f(i) for k, f in more.items()}))
patient = lambda i: "P%d" % (i % 3)
write("all.csv", range(12), patient=patient, modality=lambda i: ("CT", "MR T1")[i // 3 % 2], timepoint=lambda i: ("baseline", "week 6")[i // 6])
write("ct.csv", range(6), patient=patient, timepoint=lambda i: ("baseline", "week 6")[i // 3])
write("one.csv", range(6, 8), patient=patient)
write("other.csv", range(3, 5), patient=patient)
write("third.csv", range(8, 9), patient=patient)
X
for name in all ct one other; do check "run $name" expect 0 '' "$run" batch $name.csv -o $name -q; done
cat >joined.py <<'X'
import csv
import sys

def read(path):
    return list(csv.DictReader(open(path)))

wide, runs = read(sys.argv[1]), {r: read(r + "/features.csv") for r in sys.argv[2].split(",")}
word = lambda s: "".join(c if c.isalnum() or c == "." else "_" for c in s)
seen = 0
for run, rows in runs.items():
    for row in rows:
        prefix = "_".join(word(row[k]) for k in ("modality", "timepoint") if k in row) or (run if len(runs) > 1 else "")
        one = next(w for w in wide if w["patient"] == row["patient"])
        for name, value in row.items():
            if name.startswith("original_"):
                assert one[prefix + "_" * bool(prefix) + name] == value, (prefix, name)
                seen += 1
        if len(sys.argv) > 3 and row["timepoint"] == "week 6":
            base = next(r for r in rows if r["patient"] == row["patient"] and r["timepoint"] == "baseline" and r.get("modality") == row.get("modality"))
            rest = word(row["modality"]) + "_" if "modality" in row else ""
            for name, value in row.items():
                if name.startswith("original_"):
                    d = one[rest + "delta_" + name]
                    assert (d == "") == (not value or not base[name]) and (not d or float(d) == float(value) - float(base[name])), name
                    seen += 1
assert seen > 100
print(len(wide), len(wide[0]))
X
check 'modalities and times' expect 0 '' "$run" table all --wide -o wide.csv
check 'its numbers' python3 joined.py wide.csv all
check 'differences' expect 0 '' "$run" table all --delta 'baseline,week 6' -o delta.csv
check 'theirs' python3 joined.py delta.csv all delta
check 'times alone' expect 0 '' "$run" table ct --delta 'baseline,week 6' -o times.csv
check 'their numbers' python3 joined.py times.csv ct delta
check 'runs by their names' expect 0 '' "$run" table one/ other -o runs.csv
check 'and numbers' python3 joined.py runs.csv one,other
check 'a patient who is not in both' python3 -c "
import csv
rows = {r['patient']: r for r in csv.DictReader(open('runs.csv'))}
assert sorted(rows) == ['P0', 'P1'] and all(rows['P1'][p + '_original_stat_mean'] for p in ('one', 'other'))"
for name in wide.tsv wide.csv.gz wide.tsv.gz; do check "$name" expect 0 '' "$run" table all -o $name; done
check 'semicolons' expect 0 '' "$run" table all --separator semicolon -o semicolon.csv
check 'the same fields in all' python3 -c "
import csv, gzip
def read(name, apart):
    return list(csv.reader(gzip.open(name, 'rt', newline='') if name.endswith('gz') else open(name, newline=''), delimiter=apart))
plain = read('wide.csv', ',')
assert len(plain) == 4 and len(plain[0]) > 600
assert all(read(n, a) == plain for n, a in (('wide.tsv', '\t'), ('wide.csv.gz', ','), ('wide.tsv.gz', '\t'), ('semicolon.csv', ';')))"
for name in wide.xlsx wide.json wide wide.gz; do
    check "$name is no table" expect_line 2 "--output: $name ends neither in .csv nor in .tsv, with .gz behind it or not" "$run" table all -o $name
done
check 'no such separator' expect_line 2 '--separator: dot is none of comma, semicolon, tab' "$run" table all --separator dot
for name in m.tsv m.csv.gz m.xlsx; do check "manifest as $name" expect_line 2 "--output: $name: the table is CSV; give a name in .csv" "$run" manifest c -o $name; done
check 'standard output' sh -c "'$run' table all | cmp - wide.csv"
awk -F, -v OFS=, 'NR > 1 && NR < 4 { sub(/P[0-9]/, "") } { print }' all.csv >blank.csv
check 'rows without a patient' expect 0 '' "$run" batch blank.csv -o blank -q
check 'are none of a patient' expect_line 4 'row 1 of blank says no patient; fill that column in the manifest, or name another by --patient' "$run" table blank --wide -o no.csv
# A run for each modality, with times, and no column that says the modality: names of runs do.
no_modality() { # run whose manifest is all.csv, modality, output
    python3 - "$1" "$2" "$3" <<'X'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1])) if r['modality'] == sys.argv[2]]
keys = [k for k in rows[0] if k != 'modality']
out = csv.DictWriter(open(sys.argv[3], 'w', newline=''), keys, extrasaction='ignore')
out.writeheader()
out.writerows(rows)
X
}
no_modality all.csv CT only_ct.csv && no_modality all.csv 'MR T1' only_mr.csv
mkdir parts
check 'CT' expect 0 '' "$run" batch only_ct.csv -o parts/CT -q
check 'MR' expect 0 '' "$run" batch only_mr.csv -o "parts/MR T1" -q
same_columns() { # the same columns, in any order
    python3 -c "import csv, sys; a, b = ([*csv.DictReader(open(n))] for n in sys.argv[1:]); assert a == b" "$@"
}
check 'joined' expect 0 '' "$run" table parts/CT "parts/MR T1" --wide -o parts.csv
check 'as by modality' same_columns parts.csv wide.csv
check 'the same, said' sh -c "'$run' table parts/CT 'parts/MR T1' --by run,timepoint | cmp - parts.csv"
check 'with differences' expect 0 '' "$run" table parts/CT "parts/MR T1" --delta 'baseline,week 6' -o parts_delta.csv
check 'those of modalities' same_columns parts_delta.csv delta.csv
check 'by time alone they are not' expect_line 4 'such as run' "$run" table parts/CT "parts/MR T1" --by timepoint
check 'all have values' sh -c "! '$run' table parts/CT 2>&1 >/dev/null | grep ."
sed '2s,c/i[0-9]*.nii.gz,gone.nii,' only_ct.csv >gone.csv
check 'one fails' expect 20 '' "$run" batch gone.csv -o gone -q
check 'which is said' expect 0 'warning: gone: 1 of 6 cases did not give all values; gone/cases.csv has the reasons' "$run" table gone -o gone_wide.csv
check 'two rows of one patient' expect_line 4 'P0 has two rows of CT (row 1 of all and row 7 of all); give --by' "$run" table all --by modality -o no.csv
check 'nothing half-written' test ! -e no.csv
check 'no such column' expect_line 4 'all/features.csv: has no column site' "$run" table all --by site
check 'no such time' expect_line 4 'no rows have these two values' "$run" table all --delta baseline,never
check 'one time' expect_line 2 'is not two times' "$run" table all --delta baseline
check 'no patient: cases' sh -c "'$run' table plain 2>err; '$run' batch c/cases.csv -o plain -q && '$run' table plain --by roi | head -n 1 | grep -q '^patient,1_original_'"
check "other settings" expect_line 4 "have other columns for" sh -c "'$run' batch third.csv -o else -c ibsi-c -q && '$run' table one else --by roi"
report wide
