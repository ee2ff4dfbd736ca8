#!/bin/sh
# The demo of the federation: it goes through twice with the same tables, which are those of its rows.
set -u
. tests/support/checks.sh
cells=$(pwd)/tests/support/cells.py
check 'the demo' expect 0 '' sh samples/demo_federation.sh "$work/one"
cp "$work/out" "$work/shown"
check 'again' expect 0 '' sh samples/demo_federation.sh "$work/two"
cd "$work" || exit 1
check 'the same tables and rows' diff -r -x '*.key' -x '*.pub' -x state -x '*.radsum' -x trusted -x pooled.json -x sites.csv -x evidence one two
check 'no name of a patient leaves' sh -c '! grep -lE "S[1-4]-00|STS_0" one/*/?/*.radsum one/state/*.ledger one/*/*/pooled.json'
check 'rows of tables are as long as their heads' sh -c 'python3 "$1" one/*/pooled/report.html' cells "$cells"
check 'it says what is generated' grep -q generated shown
check 'it shows a refusal' grep -q '(exit code 10)' shown
check 'a line for every file' sh -c 'ls one/generated/pooled | while read -r file; do grep -q "generated/pooled/$file  *[A-Za-z]" shown || echo "$file"; done | diff - /dev/null'
cat >rows.py <<'X'
import csv
import json
import math
import os
import sys
from statistics import correlation, fmean, stdev


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def near(a, b, scale=0.0):
    assert abs(float(a) - b) <= 1e-9 * (abs(b) + scale), (a, b)


folder, full = sys.argv[1], int(sys.argv[2])
rows = []
for site in "ABCD":
    own = read("%s/%s/%s.csv" % (folder, site, "patients" if "generated" in folder else "features"))
    path = "%s/%s/clinical.csv" % (folder, site)
    clinical = {r["patient"]: r for r in read(path)} if os.path.exists(path) else {}
    rows += [dict(r, **clinical.get(r["patient"], {})) for r in own]
moments = {r["variable"]: r for r in read(folder + "/pooled/moments.csv")}
with open(folder + "/pooled/pooled.json") as file:
    steps = {v["name"]: v["step"] for v in json.load(file)["variables"]}


def unrounded(name):
    log = math.log if moments[name]["scale"] == "log" else float
    return [log(float(r[name])) for r in rows if r[name]]


def values(name, which=rows):  # whole multiples of the step
    log = math.log if moments[name]["scale"] == "log" else float
    return [round(log(float(r[name])) / steps[name]) * steps[name] for r in which if r[name]]


seen = 0
for name, r in moments.items():
    if r["sites"] != "4":
        continue
    x = values(name)
    assert int(r["n"]) == len(x) and int(r["missing"]) == len(rows) - len(x), name
    near(r["mean"], fmean(x), stdev(x) + abs(fmean(x)))
    near(r["sd"], stdev(x), abs(fmean(x)))
    assert abs(float(r["mean"]) - fmean(unrounded(name))) <= 0.51 * steps[name] + 1e-12 * abs(fmean(x)), name
    seen += 1
assert seen >= full, seen
for r in read(folder + "/pooled/moments_by_group.csv"):
    if r["sites"] == "4" and r["mean"]:
        x = values(r["variable"], [q for q in rows if q[r["group"]] == r["level"]])
        assert int(r["n"]) == len(x)
        near(r["mean"], fmean(x), stdev(x) + abs(fmean(x)))
pairs = read(folder + "/pooled/covariance.csv") if "generated" in folder else [] # sites of 12 patients have no sums left for it
assert "generated" not in folder or any(r["a"] != r["b"] for r in pairs)
for r in pairs:
    if r["a"] != r["b"]:
        near(r["correlation"], correlation(values(r["a"]), values(r["b"])), 1)
for r in read(folder + "/pooled/counts.csv"):
    assert int(r["count"]) == sum(q[r["variable"]] == r["level"] for q in rows), r
X
for cohort in generated:41 sarcomas:140; do
    [ ! -d "one/${cohort%:*}" ] || check "the tables of ${cohort%:*} are those of the rows" python3 rows.py "one/${cohort%:*}" "${cohort#*:}"
done
check 'repeats agree as the rows do' python3 -c "
import csv
rows = [r for site in 'ABCD' for r in csv.DictReader(open('one/generated/%s/repeats.csv' % site))]
for r in csv.DictReader(open('one/generated/agreement/reliability.csv')):
    pairs = [(float(a[r['variable']]), float(b[r['variable']])) for a, b in zip(rows[::2], rows[1::2]) if a[r['variable']]]
    mean = sum(map(sum, pairs)) / 2 / len(pairs)
    between = 2 * sum(((a + b) / 2 - mean) ** 2 for a, b in pairs) / (len(pairs) - 1)
    within = sum((a - b) ** 2 / 2 for a, b in pairs) / len(pairs)
    assert int(r['n']) == len(pairs) and abs(float(r['icc1']) - (between - within) / (between + within)) < 1e-5, r"
report demo
