"""usage: audited.py make KIND NUMBER | audited.py told FILE.csv FILE.radsum STUDY.yaml
make: a table KIND.csv and its study KIND.yaml, of which NUMBER is what the kind varies.
told: the fewest patients on whom a combination of the sets rests that groups of the file leave over, found by trying all small
sets of atoms: the sets are independent modulo a large prime and lose a rank beyond these atoms."""
import itertools, json, random, sys

P = 2**127 - 1


def rank(rows):
    rows, r = [list(x) for x in rows], 0
    for c in range(len(rows[0]) if rows else 0):
        p = next((i for i in range(r, len(rows)) if rows[i][c] % P), None)
        if p is None:
            continue
        rows[r], rows[p] = rows[p], rows[r]
        inverse = pow(rows[r][c], -1, P)
        for i in range(r + 1, len(rows)):
            by = rows[i][c] * inverse % P
            rows[i] = [(a - by * b) % P for a, b in zip(rows[i], rows[r])]
        r += 1
    return r


def fewest(sets, patients):
    """Combinations of sets on fewer than ten patients: how many these are, else 10."""
    atoms = {}
    for i in range(patients):
        key = tuple(i in s for s in sets)
        atoms[key] = atoms.get(key, 0) + 1
    keys = list(atoms)
    matrix = [[int(k[j]) for k in keys] for j in range(len(sets))]
    full, best = rank(matrix), 10
    small = [i for i, k in enumerate(keys) if atoms[k] < 10]
    for size in range(1, 6):
        for some in itertools.combinations(small, size):
            count = sum(atoms[keys[i]] for i in some)
            if count < best and rank([[v for i, v in enumerate(row) if i not in some] for row in matrix]) < full:
                best = count
    return best


def told(table, radsum, study):
    lines = [line.rstrip("\n").split(",") for line in open(table)]
    head, rows = lines[0], lines[1:]
    groups = json.load(open(study.replace(".yaml", ".json")))["groups"]
    levels = json.load(open(study.replace(".yaml", ".json")))["levels"]
    worst = 10
    for v in json.load(open(radsum))["variables"]:
        shown, at = [set(range(len(rows)))], 1
        for g in groups:
            for level in levels[g]:
                if v["sets"][at]:
                    shown.append({i for i, r in enumerate(rows) if r[head.index(g)] == level})
                at += 1
        worst = min(worst, fewest(shown, len(rows)))
    print(worst)


def write(kind, head, rows, study, groups=None, levels=None):
    with open(kind + ".csv", "w") as out:
        out.write(",".join(["case"] + head) + "\n")
        for i, row in enumerate(rows):
            out.write(",".join(["p%03d" % i] + [str(x) for x in row]) + "\n")
    open(kind + ".yaml", "w").write("study: %s\n" % kind + study)
    json.dump({"groups": groups or [], "levels": levels or {}}, open(kind + ".json", "w"))


def factor(name, levels):
    return "  %s: {levels: [%s]}\n" % (name, ", ".join('"%s"' % x for x in levels))


def make(kind, number):
    rng = random.Random(number * 7 + len(kind))
    f = lambda: "%.4f" % rng.gauss(100, 15)
    if kind == "exceptions":  # two groupings that agree but for so many
        names, letters = ["wk_%d" % number, "Grp"], ["a", "b", "c", "d"]
        rows = [[letters[i % 4], "low" if (i % 4 < 2) != (i < number) else "high", f(), f()] for i in range(100)]
        study = 'features: ["m*"]\ncovariates:\n' + factor(names[0], letters) + factor("Grp", ["low", "high"])
        write(kind, names + ["m1", "m2"], rows, study + "groups: [%s]\nanalyses: [moments, groups]\n" % ", ".join(names), names,
              {names[0]: letters, "Grp": ["low", "high"]})
    elif kind == "three":  # the exceptions to one grouping are told by two others together
        rows = []
        for i in range(120):
            few, part = i < number, i % 3
            rows.append(["y" if few or part == 0 else "n", "y" if few or part == 1 else "n", "y" if not few and part < 2 else "n", f()])
        names = ["ga", "gb", "gc"]
        study = "features: [m]\ncovariates:\n" + "".join(factor(n, ["y", "n"]) for n in names)
        write(kind, names + ["m"], rows, study + "groups: [ga, gb, gc]\nanalyses: [moments, groups]\n", names, {n: ["y", "n"] for n in names})
    elif kind == "score":  # four values, the last of which so many have
        rows = []
        for i in range(120):
            score = 3 if i < number else i % 3
            rows.append([score, "any" if score else "none", rng.randint(40, 80), f()])
        study = "features: [m]\ncovariates:\n  ps: number\n  years: number\n" + factor("had", ["any", "none"])
        write(kind, ["ps", "had", "years", "m"], rows, study + "groups: [had]\nmodel: [years, ps]\nanalyses: [moments, groups, model]\n")
    elif kind == "cells":  # two columns of a model that so many patients have in common
        rows = [["b" if i < 40 else "a", "q" if i < number or 60 <= i < 100 else "p", f()] for i in range(160)]
        study = "features: [m]\ncovariates:\n" + factor("arm", ["a", "b"]) + factor("site", ["p", "q"])
        write(kind, ["arm", "site", "m"], rows, study + "model: [arm, site]\nanalyses: [moments, model]\n")
    elif kind == "products":  # the same, as numbers of a covariance
        rows = [[int(i < 40), int(i < number or 60 <= i < 100), f()] for i in range(160)]
        write(kind, ["u", "w", "m"], rows, "features: [u, w, m]\nanalyses: [moments, covariance]\n")
    elif kind == "twice":  # two columns of a covariance that differ in so many
        rows = []
        for i in range(120):
            x = rng.gauss(100, 15)
            rows.append(["%.4f" % x, "%.4f" % (x + (i < number) * rng.uniform(5, 10)), f()])
        write(kind, ["x", "y", "m"], rows, "features: [x, y, m]\nanalyses: [moments, covariance]\n")
    elif kind == "differ":  # all but so many of a group are alike
        rows = [["s" if i % 2 else "t", "%.3f" % rng.uniform(50, 150) if i % 2 == 0 or i < 2 * number else 7] for i in range(120)]
        study = "features: [m]\ncovariates:\n" + factor("side", ["s", "t"])
        write(kind, ["side", "m"], rows, study + "groups: [side]\nanalyses: [moments, groups]\n", ["side"], {"side": ["s", "t"]})
    elif kind == "lesions":  # a number of many values, of which a group has three, and one of these so many
        rows = [["s", 2 if i < number else i % 2] for i in range(40)] + [["t", i % 12] for i in range(72)]
        study = "features: [m]\ncovariates:\n" + factor("side", ["s", "t"])
        write(kind, ["side", "m"], rows, study + "groups: [side]\nanalyses: [moments, groups]\n", ["side"], {"side": ["s", "t"]})
    elif kind in ("apart", "merged", "finer", "both"):  # of those in whom two groupings differ so many are not alike; or a grouping and a coarser one
        few, many = 24, 80 if kind in ("finer", "both") else 40
        pairs = [("a", "a")] * many + [("a", "b")] * few + [("b", "a")] * few + [("b", "b")] * many
        rows = []
        for i, (one, other) in enumerate(pairs):
            known = i % 4 == 0 if one == other else (i - many) % few >= (number + (one == "a")) // 2
            value = (0 if one == "a" or one == other else 7) if known else "%.1f" % rng.uniform(50, 150)
            finer = {"apart": ("", ""), "merged": ("a", ""), "finer": ("ab", ""), "both": ("ab", "ab")}[kind]
            rows.append([one + "12"[i % 2] * (one in finer[0]), other + "12"[i // 2 % 2] * (other in finer[1]), value, f()])
        levels = {"one": sorted({r[0] for r in rows}), "other": sorted({r[1] for r in rows})}
        study = "features: [x, m]\ncovariates:\n" + "".join(factor(n, l) for n, l in levels.items())
        write(kind, ["one", "other", "x", "m"], rows, study + "groups: [one, other]\nanalyses: [moments, groups]\n", list(levels), levels)
    elif kind == "outdo":  # one who makes up what two groupings have beyond each other, by so many times the others
        rows = []
        for i, (one, other) in enumerate([("a", "a")] * 40 + [("a", "b")] * 12 + [("b", "a")] * 12 + [("b", "b")] * 40):
            rows.append([one, other, "%.4f" % (number if i == 40 else rng.uniform(0.2, 1) if one != other else rng.uniform(10, 40)), f()])
        levels = {"one": ["a", "b"], "other": ["a", "b"]}
        study = "features: [x, m]\ncovariates:\n" + "".join(factor(n, l) for n, l in levels.items())
        write(kind, ["one", "other", "x", "m"], rows, study + "groups: [one, other]\nanalyses: [moments, groups]\n", list(levels), levels)
    elif kind == "left":  # so many miss y; one of them is far out in x
        rows = [["%.4f" % (rng.uniform(10, 100) if i else 700), "" if i < number else f()] for i in range(140)]
        write(kind, ["x", "y"], rows, "features: [x, y]\nanalyses: [moments, covariance]\n")


if __name__ == "__main__":
    make(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "make" else told(*sys.argv[2:5])
