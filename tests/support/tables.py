"""Every table of a pool reads in pandas without options: rows, names, types, values and empty fields are those of the file.

usage: tables.py FOLDER EXPECTED      FOLDER has pooled.json; EXPECTED gets a row per column, for tables.R
"""
import csv
import json
import math
import sys

import pandas as pd

# The columns of text; all others are numbers.
TEXT = set("variable unit scale site without group level test estimate_of method adjusted_for term row_variable row "
           "column_variable column a b keep outcome engine check settings batch ledger ledger_begun ledger_head analysis part asked rules mixed "
           "group_level against model family response transform penalty chosen_by entered score event cause factor".split())
OCCASIONS = {"paired.csv", "change.csv", "change_tests.csv"}  # from and to are words there

folder, expected = sys.argv[1], csv.writer(open(sys.argv[2], "w"))
expected.writerow(["file", "place", "column", "text", "rows", "empty", "total"])
files = [name for name in json.load(open(folder + "/pooled.json"))["files"] if name.endswith(".csv")]
assert files
for name in files:
    with open("%s/%s" % (folder, name), newline="") as file:
        header, *rows = csv.reader(file)
    table = pd.read_csv("%s/%s" % (folder, name))
    assert list(table.columns) == header and len(table) == len(rows), (name, header, list(table.columns))
    for place, column in enumerate(header):
        where = "%s: %s" % (name, column)
        cells, read = [row[place] for row in rows], table[column]
        full = [i for i, cell in enumerate(cells) if cell]
        assert list(read.notna().to_numpy().nonzero()[0]) == full, where
        text = column in TEXT or (column in ("from", "to") and name in OCCASIONS)
        if text:
            assert [str(x) for x in read[full]] == [cells[i] for i in full], where
            total = sum(map(len, cells))
        else:
            numbers = [float(cells[i]) for i in full]
            assert not full or pd.api.types.is_numeric_dtype(read) and not pd.api.types.is_bool_dtype(read), where
            assert all(a == b or math.isclose(a, b, rel_tol=2e-12) for a, b in zip(read[full], numbers)), where
            total = sum(x for x in numbers if math.isfinite(x))
        expected.writerow([name, place + 1, column, "yes" if text else "no", len(rows), len(rows) - len(full), total])
