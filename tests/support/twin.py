"""Tables of a pool against loops over the rows of just those sites whose files show the sums: numbers, sites and patients.

usage: twin.py FOLDER SITE=TABLE=FILE...   (study of test_coverage.sh)
"""
import csv
import json
import math
import sys

folder, sites = sys.argv[1], []
for argument in sys.argv[2:]:
    name, table, file = argument.split("=")
    sites.append((name, list(csv.DictReader(open(table))), json.load(open(file))))
LEVELS = {"sex": ["F", "M"], "stage": ["I", "II", "III"], "response": ["no", "yes"]}
GROUPS = ["sex", "stage"]
CELL, SITES = 10, 3
read = lambda name: list(csv.DictReader(open("%s/%s.csv" % (folder, name))))
seen = {}


def stands(name, row, behind, patients, numbers):
    """`behind` sites and their patients: the row says so, and its numbers are there, or empty."""
    shown = behind >= SITES and patients >= CELL
    assert int(row["sites"]) == behind, (name, row, behind)
    assert row["patients"] == (str(patients) if shown else ""), (name, row, patients)
    assert any(row[key] for key in numbers) == shown, (name, row)
    kind = "empty" if not shown else "all" if behind == len(sites) else "fewer"
    seen[name, kind] = seen.get((name, kind), 0) + 1
    return shown


def near(a, b, scale):
    assert abs(float(a) - b) <= 2e-3 * scale, (a, b, scale)


def spread(x):
    mean = sum(x) / len(x)
    return mean, sum((v - mean) ** 2 for v in x) / (len(x) - 1)


def values(rows, name):
    return [float(r[name]) for r in rows if r[name]]


variable = {name: i for i, name in enumerate(v["name"] for v in sites[0][2]["variables"])}
set_of, at = {}, 1
for g in GROUPS:
    for level in LEVELS[g]:
        set_of[g, level] = at
        at += 1
sums = lambda told, name, which: told["variables"][variable[name]]["sets"][which]

for row in read("moments"):
    x = [values(rows, row["variable"]) for _, rows, told in sites if sums(told, row["variable"], 0)]
    x = [part for part in x if part]
    every = sum(x, [])
    if stands("moments", row, len(x), len(every), ["n", "mean", "variance"]):
        mean, variance = spread(every)
        near(row["mean"], mean, math.sqrt(variance))
        near(row["variance"], variance, variance)
for row in read("leave_one_out"):
    x = [values(rows, row["variable"]) for name, rows, told in sites
         if name != row["without"] and sums(told, row["variable"], 0)]
    x = [part for part in x if part]
    if stands("leave_one_out", row, len(x), sum(map(len, x)), ["n", "mean", "distance"]):
        mean, variance = spread(sum(x, []))
        near(row["mean"], mean, math.sqrt(variance))
for row in read("moments_by_group"):
    x = [values([r for r in rows if r[row["group"]] == row["level"]], row["variable"]) for _, rows, told in sites
         if sums(told, row["variable"], set_of[row["group"], row["level"]])]
    x = [part for part in x if part]
    if stands("moments_by_group", row, len(x), sum(map(len, x)), ["n", "mean", "variance"]):
        mean, variance = spread(sum(x, []))
        near(row["mean"], mean, math.sqrt(variance))
for row in read("tests"): # of the sites that show all levels
    g, name = row["group"], row["variable"]
    whole = [rows for _, rows, told in sites if all(sums(told, name, set_of[g, level]) for level in LEVELS[g])]
    x = {level: [v for rows in whole for v in values([r for r in rows if r[g] == level], name)] for level in LEVELS[g]}
    having = {level: sum(bool(values([r for r in rows if r[g] == level], name)) for rows in whole) for level in LEVELS[g]}
    behind = sum(bool(values([r for r in rows if r[g] in LEVELS[g]], name)) for rows in whole)
    if sum(n > 0 for n in having.values()) <= 2:
        behind = min([n for n in having.values() if n] or [0])
    n = sum(map(len, x.values()))
    if stands("tests", row, behind, n, ["n", "statistic", "p", "difference", "eta_squared"]):
        assert int(row["n"]) == n
        if row["test"] == "anova":
            mean = sum(map(sum, x.values())) / n
            between = sum(len(v) * (sum(v) / len(v) - mean) ** 2 for v in x.values() if v)
            within = sum((u - sum(v) / len(v)) ** 2 for v in x.values() if v for u in v)
            near(row["eta_squared"], between / (between + within), 1)
        else:
            a, b = (spread(x[level]) for level in LEVELS[g])
            near(row["difference"], a[0] - b[0], math.sqrt(a[1]))
tables = [("sex", "response"), ("sex", "stage")]


def check_cell(name, row, shown, count, patients):
    """shown: of each site, whether it shows the cell; count and patients of those that do."""
    known, some = all(shown), sum(shown) >= SITES and (count == 0 or count >= CELL)
    assert int(row["sites"]) == sum(shown) and int(row["sites_hiding"]) == len(sites) - sum(shown), row
    assert row["count"] == (str(count) if known and some else ""), (row, count)
    assert row["at_least"] == (str(count) if some and (known or count) else ""), (row, count)
    kind = "known" if known else "at least" if some and count else "unknown"
    seen[name, kind] = seen.get((name, kind), 0) + 1


place = lambda name, level: LEVELS[name].index(level) if level else len(LEVELS[name])
factors = list(LEVELS)
for row in read("counts"):
    told_of = [told["levels"][factors.index(row["variable"])][place(row["variable"], row["level"])] for _, _, told in sites]
    shown = [c is not None for c in told_of]
    count = sum(r[row["variable"]] == row["level"] for (_, rows, _), ok in zip(sites, shown) if ok for r in rows)
    check_cell("counts", row, shown, count, sum(len(s[1]) for s, ok in zip(sites, shown) if ok))
for row in read("tables"):
    a, b = row["row_variable"], row["column_variable"]
    t = tables.index((a, b))
    shown = [told["tables"][t][place(a, row["row"])][place(b, row["column"])] is not None for _, _, told in sites]
    count = sum(r[a] == row["row"] and r[b] == row["column"] for (_, rows, _), ok in zip(sites, shown) if ok for r in rows)
    check_cell("tables", row, shown, count, sum(len(s[1]) for s, ok in zip(sites, shown) if ok))
for t, row in enumerate(read("table_tests")):
    a, b = tables[t]
    whole = [rows for _, rows, told in sites
             if all(c is not None for line in told["tables"][t][:-1] for c in line[:len(LEVELS[b])])]
    counts = [[sum(r[a] == x and r[b] == y for rows in whole for r in rows) for y in LEVELS[b]] for x in LEVELS[a]]
    n = sum(map(sum, counts))
    if stands("table_tests", row, len(whole), n, ["n", "chi_square", "p"]):
        chi = 0
        for i, line in enumerate(counts):
            for j, c in enumerate(line):
                expected = sum(line) * sum(other[j] for other in counts) / n
                chi += (c - expected) ** 2 / expected
        assert int(row["n"]) == n and abs(float(row["chi_square"]) - chi) < 1e-9 * (1 + chi), (row, chi)
for row in read("histograms") + read("quantiles"):
    told_of = [told["variables"][variable[row["variable"]]]["histogram"] for _, _, told in sites]
    behind, patients = sum(bool(h) for h in told_of), sum(c for h in told_of if h for _, _, c in h)
    name = "quantiles" if "quantile" in row else "histograms"
    stands(name, row, behind, patients, ["count"] if name == "histograms" else ["n", "estimate", "low", "high"])
print(" ".join("%s: %s %d" % (*key, n) for key, n in sorted(seen.items())))
wanted = sys.stdin.read().split("\n") if not sys.stdin.isatty() else []
for line in filter(None, wanted):
    name, kind = line.rsplit(" ", 1)
    assert seen.get((name, kind.replace("_", " "))), "no %s of %s" % (kind, name)
