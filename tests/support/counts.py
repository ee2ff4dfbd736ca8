"""Counts of 1 .. CELL - 1 patients in a summary, wherever they stand or follow from two that stand there.

    counts.py SUMMARY.radsum CELL [INDEX ...]     indices of the factors that are groups; prints each, and fails on any

All whole numbers of the file are looked at, but those that are known to count no patients; packed sums as well."""
import base64
import json
import re
import struct
import sys

# no patients: numbers of releases, of cells and edges of public grids, places in lists, cells that are held back
OTHER = [r"/release", r"/variables/\d+/grid/\w+", r"/variables/\d+/step", r"/variables/\d+/histogram/\d+/[01]",
         r"/covariance/(panel|patterns)/\d+", r"/survival/\d+/\d+/(edges|counts)/\d+", r"/withheld/cells",
         r"/ledger/.*"]


def walk(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, path + "/" + key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, "%s/%d" % (path, i))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


def unpacked(text):
    data, out, at = base64.b64decode(text), [], 0
    while at < len(data):
        power, size = struct.unpack_from("<hH", data, at)
        at += 4
        if size == 65535:
            out.append(None)
            continue
        out.append(int.from_bytes(data[at:at + size], "little", signed=True) * 2.0 ** (8 * power))
        at += size
    return out


def numbers(s, groups):
    """Name and count of all that is counted."""
    for path, value in walk(s):
        if not any(re.fullmatch(p, path) for p in OTHER):
            yield path, value
    patients = s["cohort"]["patients"]
    for name in ("models", "repeats"):
        for i, block in enumerate(s.get(name) or []):
            if block:
                yield "%s of variable %d" % (name, i), unpacked(block)[0]
                yield "%s of variable %d, missing" % (name, i), patients - unpacked(block)[0]
    covariance = s.get("covariance")
    if covariance:
        partial, at = unpacked(covariance["partial"]), 0
        for own in covariance["patterns"]:
            for other in range(max(covariance["patterns"]) + 1):
                if other == own:
                    continue
                if partial[at] is not None:
                    yield "partial of patterns %d and %d" % (own, other), partial[at]
                at += 1 if partial[at] is None else 3
    for v in s["variables"]:
        every = v["sets"][0]
        if every:
            yield v["name"] + ", missing", patients - every[0]
        at = 1
        for f in groups:
            levels = s["levels"][f][:-1]
            rest, left = patients, every[0] if every else 0
            for level, count in enumerate(levels):
                own = v["sets"][at]
                at += 1
                if own and count is not None:
                    yield "%s, missing of level %d of factor %d" % (v["name"], level, f), count - own[0]
                if own and count is not None:
                    rest, left = rest - count, left - own[0]
            if every and rest != patients:
                yield "%s, rest of factor %d" % (v["name"], f), left
    for o, strata in enumerate(s["survival"] or []):
        for k, table in enumerate(strata):
            if not table:
                continue
            counts = table["counts"]
            for i in range(0, len(counts) - 1, 2):
                yield "life table %d %d, interval %d" % (o, k, i // 2), counts[i] + counts[i + 1]
            yield "life table %d %d, beyond" % (o, k), counts[-1]
            yield "life table %d %d, events" % (o, k), sum(counts[0:-1:2])
            if not k:
                yield "life table %d, without a time" % o, patients - sum(counts)
    for f, levels in enumerate(s["levels"]):
        if None in levels:
            yield "hidden levels of factor %d" % f, patients - sum(n for n in levels if n is not None)


def main():
    s, cell = json.load(open(sys.argv[1])), int(sys.argv[2])
    small = [(what, n) for what, n in numbers(s, [int(f) for f in sys.argv[3:]]) if 0 < n < cell]
    rules = {value for value, _ in s["rules"].values()}
    for r in s["withheld"]["refused"]:
        small += [("the words on " + r["what"], w) for w in re.findall(r"(?<![\w.])\d[\d.]*\d|(?<![\w.])\d(?!\w)", r["words"])
                  if w not in rules]
    for what, n in small:
        print("%s: %s" % (what, n))
    sys.exit(1 if small else 0)


if __name__ == "__main__":
    main()
