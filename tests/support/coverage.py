#!/usr/bin/env python3
"""Adds up what the suites ran: coverage.py BUILD LEAST. Branches by folder and in total; what never ran goes to
BUILD/never.txt. Fails below LEAST per cent of branches."""
import collections
import glob
import json
import os
import subprocess
import sys

build, least = sys.argv[1], float(sys.argv[2])
root = os.getcwd() + "/"
folders = ("cli", "core", "features", "federate", "filters", "io", "pipeline", "report")


def tool(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def export(*words):
    binaries = [f"{build}/radiomill", "-object", f"{build}/libradiomill.so"]
    return tool("llvm-cov", "export", *words, f"-instr-profile={build}/all.profdata", *binaries)


profiles = sorted(glob.glob(f"{build}/profiles/*.profraw"))
tool("llvm-profdata", "merge", "-sparse", "-o", f"{build}/all.profdata", *profiles)
data = json.loads(export())["data"][0]

sums = collections.defaultdict(lambda: collections.Counter())
files = {}
for file in data["files"]:
    name = file["filename"].removeprefix(root)
    folder = name.split("/")[0]
    if folder not in folders:
        continue
    files[name] = file["summary"]
    for of in (folder, "total"):
        for kind in ("functions", "lines", "branches"):
            sums[of][kind] += file["summary"][kind]["count"]
            sums[of][kind + " run"] += file["summary"][kind]["covered"]

print(f"{'folder':10} {'functions':>16} {'lines':>18} {'branches':>18}")
for folder in [*folders, "total"]:
    row = f"{folder:10}"
    for kind, width in (("functions", 16), ("lines", 18), ("branches", 18)):
        run, count = sums[folder][kind + " run"], sums[folder][kind]
        row += f" {f'{run}/{count} {100 * run / max(count, 1):.1f} %':>{width}}"
    print(row)

never = collections.defaultdict(list)
counts = collections.Counter()
where = {}
for function in data["functions"]:
    name = function["filenames"][0].removeprefix(root)
    key = (name, function["name"].split(":")[-1])
    counts[key] += function["count"]
    where[key] = function["regions"][0][0]
for (name, function), count in sorted(counts.items()):
    if not count and name.split("/")[0] in folders:
        never[name].append(f"  function {function}, line {where[name, function]}")
name = ""
for line in export("-format=lcov").splitlines():
    if line.startswith("SF:"):
        name = line[3:].removeprefix(root)
    elif line.startswith("DA:") and line.endswith(",0") and name.split("/")[0] in folders:
        never[name].append(int(line[3:].split(",")[0]))

with open(f"{build}/never.txt", "w") as out:
    for name in sorted(never, key=lambda n: files[n]["branches"]["covered"] - files[n]["branches"]["count"]):
        branches = files[name]["branches"]
        missed = branches["count"] - branches["covered"]
        print(f"{name}: {missed} of {branches['count']} branches not taken", file=out)
        for text in (x for x in never[name] if isinstance(x, str)):
            print(text, file=out)
        lines = [x for x in never[name] if isinstance(x, int)]
        runs = []
        for n in lines:
            if runs and n == runs[-1][1] + 1:
                runs[-1][1] = n
            else:
                runs.append([n, n])
        print("  lines", ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs), file=out)
print(f"what never ran: {build}/never.txt")
share = 100 * sums["total"]["branches run"] / sums["total"]["branches"]
if share < least:
    sys.exit(f"{share:.1f} % of branches ran; at least {least:g} % is wanted")
