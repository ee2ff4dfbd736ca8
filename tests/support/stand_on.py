"""Every number of a pool stands on as many sites and patients as the rules require, or is empty: every row of every table.

usage: stand_on.py FOLDER
"""
import csv
import glob
import json
import os
import re
import sys

LABELS = {"variable", "unit", "scale", "site", "batch", "without", "group", "group_level", "level", "row_variable", "row", "factor", "column_variable",
          "column", "a", "b", "component", "mixed", "cluster", "keep", "adjusted_for", "term", "test", "estimate_of", "method",
          "outcome", "time", "quantile", "model", "family", "response", "penalty", "chosen_by", "step", "entered", "cause", "against", "transform",
          "from", "to", "sites", "sites_hiding"}
OF_SITES = {"sites.csv", "coverage.csv", "flow.csv"}  # facts of files, not numbers of patients that are described
folder = sys.argv[1]
pooled = json.load(open(folder + "/pooled.json"))
cell, sites = (int(re.search(rule + r" (\d+)", pooled["rules"])[1]) for rule in ("minimum_cell", "minimum_sites"))
count = {site["site"]: site["patients"] for site in pooled["sites"]}
shown = empty = 0
for path in sorted(glob.glob(folder + "/*.csv")):
    name = os.path.basename(path)
    rows = list(csv.DictReader(open(path, newline="")))
    evidence = json.load(open("%s/evidence/%s.json" % (folder, name)))
    if name in OF_SITES:
        continue
    least, behind, some = [], [], 0
    for row in rows:
        numbers = [key for key in row if key not in LABELS and row[key] not in ("", None)]
        assert "patients" in row and ("sites" in row or "site" in row), (name, row)
        some += bool(numbers)
        if not numbers:
            empty += 1
            continue
        if name == "moments.csv" and set(numbers) == {"n", "missing"} and row["n"] == "0":
            continue  # nobody has a value, as all sites say
        shown += 1
        assert row["patients"], (name, row)
        assert int(row["patients"]) >= cell, (name, row)
        assert int(row["patients"]) <= sum(count.values()), (name, row)
        if "sites" in row:
            assert sites <= int(row["sites"]) <= len(count), (name, row)
            least.append(int(row["sites"]))
        else:
            assert int(row["patients"]) <= count[row["site"]], (name, row)
        behind.append(int(row["patients"]))
        for key in ("n", "count", "at_least", "missing"):
            if row.get(key):
                assert int(row[key]) == 0 or int(row[key]) >= cell, (name, key, row)
    # evidence says the same
    decision, stands = evidence["decision"], evidence["patients"]
    assert (stands is None) == (not behind), (name, stands)
    if behind:
        assert [stands["least"], stands["most"]] == [min(behind), max(behind)], (name, stands, min(behind), max(behind))
    of = len(count) - (name in ("leave_one_out.csv", "model_validation.csv"))
    if decision == "pass":
        assert behind and all(n == of for n in least), (name, min(least), of)
    elif decision == "review":
        assert behind and (evidence["numbers"]["of_fewer_sites"] or evidence["numbers"]["empty"] or
                           not all(s["met"] for s in evidence["sites"])), (name, evidence["numbers"])
        assert evidence["numbers"]["less_than_all"], name
    else:
        assert decision == "empty" and not behind, (name, decision)
    assert evidence["for"] == ("coordinator" if name in ("moments_by_site.csv", "table1_by_site.csv", "survival_by_site.csv", "leave_one_out.csv",
                                                         "harmonisation.csv", "model_validation.csv") else "readers"), (name, evidence["for"])
for variable in pooled["variables"]:
    assert (variable["n"] is None) == (variable["sites"] < sites or not variable["sums"]), variable
print("%d rows of numbers, %d empty" % (shown, empty))
