"""Bits of a journal flipped one at a time: flips.py RADIOMILL GOLD WORK COUNT [SEED]. GOLD is a finished run directory.
After a flip, neither `collect` nor `batch` may end with exit code 0 and other tables; `batch` then has them right."""

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys

program, gold, work, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
rng = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
manifest = json.load(open(os.path.join(gold, "provenance.json")))["manifest"]
tables = ["features.csv", "features_long.csv", "features.jsonl"]
journal = open(os.path.join(gold, "journal.db"), "rb").read()


def read(name, folder):
    path = os.path.join(folder, name)
    return open(path, "rb").read() if os.path.exists(path) else None


def rows(folder, timed):
    """cases.csv; what a case took is of its computation, which a repair repeats."""
    skip = () if timed else ("seconds", "memory_mb")
    return [[v for k, v in row.items() if k not in skip] for row in csv.DictReader(open(os.path.join(folder, "cases.csv")))]


right = {name: read(name, gold) for name in tables}
known, computed, told, kept = 0, 0, 0, []
for flip in range(count):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(gold, work)
    bit = rng.randrange(8 * len(journal))
    damaged = bytearray(journal)
    damaged[bit // 8] ^= 1 << bit % 8
    open(os.path.join(work, "journal.db"), "wb").write(damaged)
    for command in (["collect", work, "--long", "--json-lines"], ["batch", manifest, "-o", work, "-t", "1", "--long", "--json-lines"]):
        p = subprocess.run([program] + command, capture_output=True, text=True, timeout=300)
        where = "bit %d, %s, exit code %d: %s" % (bit, command[0], p.returncode, p.stderr)
        if command[0] == "collect":
            assert p.returncode in (0, 3, 20), where
            told += p.returncode != 0
            assert p.returncode == 0 or "damaged" in p.stderr or "missing: row" in p.stderr, where
        else:
            assert p.returncode == 0, where
            now = int(re.search(r"(\d+) computed now", p.stderr).group(1))
            computed += now
            known += now == 0
            kept.append(now)
        if p.returncode == 0:
            for name in tables:
                assert read(name, work) == right[name], name + ", " + where
            assert rows(work, command[0] == "collect") == rows(gold, command[0] == "collect"), "cases.csv, " + where
    assert [n for n in os.listdir(work) if ".tmp" in n or n.endswith("-wal")] in ([], ["journal.db.damaged-wal"]), os.listdir(work)
cases = len(rows(gold, True))
print("%d flips in %d bytes: collect told of %d; batch computed %d cases, at most %d of %d at once; none needed after %d" %
      (count, len(journal), told, computed, max(kept), cases, known))
