"""Tables for levels that a study derives, and what a summary of them may have.

usage: derived.py make FOLDER                  tables and studies
       derived.py twins A.radsum B.radsum      the same numbers, whether levels are derived or a column
       derived.py intervals FILE.radsum TABLE COLUMN CUT...    nobody or ten between each edge and each cut
"""
import csv
import json
import random
import sys

LEVELS = ["low", "middle", "high"]


def make(folder):
    rng = random.Random(7)
    with open(folder + "/rows.csv", "w") as out:
        out.write("patient,score,age,months,relapse,high,risk,f\n")
        for i in range(120):
            score, age = round(rng.gauss(0, 1), 4), rng.randint(30, 85)
            if i < 10:  # at the cut, few above it, few far above it
                score = 0.3 if i < 3 else 0.305 if i < 6 else 5
            time = round(rng.expovariate(0.05 if score > 0.3 else 0.02), 1)
            risk = LEVELS[(score > -0.5) + (score > 0.5)]
            out.write("P%d,%r,%d,%r,%d,%s,%s,%.4f\n" % (
                i, score, age, min(time, 60), time < 60, "yes" if score > 0.3 else "no", risk, rng.gauss(0, 1)))
    common = """patient: patient
features: [f]
outcomes:
  relapse: {time: months, event: relapse, grid: [0, 6, 12, 24, 36, 48], groups: [high]}
groups: [high]
tables: [[high, risk]]
"""
    with open(folder + "/derived.yaml", "w") as out:
        out.write('study: d\n' + common + 'covariates: {score: {step: 0.001}, age: {step: 1}}\nanalyses: [moments, groups, '
                  'tables, survival]\nderived:\n  high: "score > 0.3"\n  risk: {of: score, cuts: [-0.5, 0.5], levels: '
                  '[low, middle, high]}\n')
    with open(folder + "/columns.yaml", "w") as out:
        out.write('study: d\n' + common + 'covariates: {score: {step: 0.001}, age: {step: 1}, high: {levels: ["no", "yes"]}, '
                  'risk: {levels: [low, middle, high]}}\nanalyses: [moments, groups, tables, survival]\n')
    with open(folder + "/counted.yaml", "w") as out:
        out.write(open(folder + "/derived.yaml").read().replace("analyses: [", "analyses: [histograms, "))


def read(path):
    return json.load(open(path))


def twins(a, b):
    a, b = read(a), read(b)
    for key in ("study", "signature"):
        a.pop(key), b.pop(key)
    assert a.pop("levels") == b.pop("levels") and a["survival"] == b["survival"] and a["tables"] == b["tables"]
    assert a == b, [k for k in a if a[k] != b[k]]


def edges(v):
    """Edges between intervals, on the scale of the table."""
    grid, bars = v["grid"], v["histogram"]
    out = []
    for (_, end, _), (first, _, _) in zip(bars, bars[1:]):
        assert end == first
        if "bits" in grid:
            per, half = 1 << grid["bits"], (1 << 11) << grid["bits"]
            cell = end - half if end >= half else half - end
            power, part = divmod(cell, per)
            x = 2.0 ** (power - 1023) * (1 + part / per) if power else 0.0
            out.append(x if end >= half else -x)
        else:
            out.append(grid["from"] + (end - 1) * (grid["to"] - grid["from"]) / grid["cells"])
    return out


def intervals(path, table, column, *cuts):
    v = next(v for v in read(path)["variables"] if v["name"] == column)
    x = [float(r[column]) for r in csv.DictReader(open(table))]
    points = sorted([(e, False) for e in edges(v)] + [(float(c), True) for c in cuts])
    assert len(v["histogram"]) > 3, v["histogram"]
    below = [0] + [sum(value <= p if cut else value < p for value in x) for p, cut in points] + [len(x)]
    between = [b - a for a, b in zip(below, below[1:])]
    assert all(n == 0 or n >= 10 for n in between), between


if __name__ == "__main__":
    {"make": make, "twins": twins, "intervals": intervals}[sys.argv[1]](*sys.argv[2:])
