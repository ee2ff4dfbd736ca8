"""The known kinds of leaks: the cases that come with the project, and variants of each that are made here."""

import csv
import os
import random

import yaml

import known_apart
import known_copies
import known_histograms
import known_left_out
import known_scores
from made import shuffled, simple, table
from world import Case, Step

CASES = {  # folder: leak, steps of (study, table, key)
    "two-exceptions": ("L1", [("study.yaml", "A.csv", "A")]),
    "last-bits": ("L4", [("study.yaml", "A.csv", "A")]),
    "few-differ-in-a-group": ("L5", [("study.yaml", "A.csv", "A")]),
    "score-and-its-dichotomy": ("L6", [("study.yaml", "A.csv", "A")]),
    "names-used-again": ("L7", [("first.yaml", "first.csv", "A"), ("second.yaml", "second.csv", "A")]),
    "dominance-by-subtraction": ("L9", [("study.yaml", "A.csv", "A")]),
    "oldest-patient": ("L10", [("study.yaml", "A.csv", "A")]),
    "empty-intervals": ("L11", [("study.yaml", "A.csv", "A")]),
    "counts-in-a-model": ("L12", [("study.yaml", "A.csv", "A")]),
    "small-counts": ("L13", [("study.yaml", "A.csv", "A"), ("where.yaml", "A.csv", "B")]),
    "copied-key": ("L14", [("study.yaml", "A.csv", "A"), ("study.yaml", "less.csv", "copy")]),
}


def read_table(path):
    with open(path, newline="") as f:
        rows = [r for r in csv.reader(f) if r]
    return rows[0], rows[1:]


def from_folder(home, name):
    leak, parts = CASES[name]
    steps, persons = [], {}
    for study, table, key in parts:
        with open(os.path.join(home, name, study)) as f:
            study = yaml.safe_load(f)
        header, rows = read_table(os.path.join(home, name, table))
        feature = header.index("f0") if name == "names-used-again" else 0  # whom the values name
        who = [persons.setdefault(r[feature], len(persons)) for r in rows]
        steps.append(Step(study, header, rows, who, key))
    return Case(name, steps, leak=leak)


def subsets_from_folder(home):
    header, rows = read_table(os.path.join(home, "many-subsets", "A.csv"))
    rng, names, steps = random.Random(1), [r[0] for r in rows], []
    for k in range(24):
        part = names if k == 0 else rng.sample(names, len(names) // 2)
        study = {"study": "k%d" % k, "features": ["f*"], "where": {"case": part}, "analyses": ["moments"]}
        steps.append(Step(study, header, rows, list(range(len(rows)))))
    return Case("many-subsets", steps, leak="L3")


def exceptions(rng):
    """L1: a grouping and its coarsening agree but for two."""
    n = rng.randint(60, 150)
    stage = [rng.choice(["I", "II", "III", "IV"]) for _ in range(n)]
    early = ["yes" if s in ("I", "II") else "no" for s in stage]
    a, b = rng.choice([k for k in range(n) if stage[k] == "I"]), rng.choice(
        [k for k in range(n) if stage[k] == "III"]
    )
    early[a], early[b] = "no", "yes"
    study = simple(
        covariates={"stage": {"levels": ["I", "II", "III", "IV"]}, "early": {"levels": ["yes", "no"]}},
        groups=["stage", "early"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, n, stage=stage, early=early), "A", None)]


def lists_of_where(rng):
    """L2: cohorts X + Y + p, X + q, Y by lists under where."""
    n = rng.randint(50, 90)
    ward = shuffled(rng, ("x", n // 2 - 1), ("y", n - n // 2 - 1), ("p", 1), ("q", 1))
    header, rows = table(rng, n, ward=ward)
    out = []
    for k, list_ in enumerate((["x", "y", "p"], ["x", "q"], ["y"])):
        out.append(
            (
                simple(
                    study="w%d" % k,
                    covariates={"ward": {"levels": ["x", "y", "p", "q"]}},
                    where={"ward": list_},
                    analyses=["moments"],
                ),
                header,
                rows,
                "A",
                None,
            )
        )
    return out


def halves(rng):
    """L3: random halves by a list of days."""
    n = rng.choice([30, 36])
    header, rows = table(rng, n, features=2, day=list(range(100, 100 + n)))
    days, out = [r[1] for r in rows], []
    for k in range(n * 3 // 5):
        study = {
            "study": "h%d" % k,
            "features": ["f*"],
            "analyses": ["moments"],
            "covariates": {"day": {"levels": days}},
        }
        study["where"] = {"day": days if k == 0 else rng.sample(days, n // 2)}
        out.append((study, header, rows, "A", None))
    return out


def near_zero(rng):
    """L4: many features, groups, values around 0."""
    n = rng.randint(40, 80)
    groups = {"sex": ["M", "F"], "response": ["yes", "no"]}
    columns = {g: [rng.choice(l) for _ in range(n)] for g, l in groups.items()}
    header = ["case", *columns] + ["f%02d" % i for i in range(60)]
    rows = [
        ["P%02d" % k, *(columns[g][k] for g in groups)] + ["%.9g" % rng.gauss(0, 10) for _ in range(60)]
        for k in range(n)
    ]
    study = simple(
        covariates={g: {"levels": l} for g, l in groups.items()},
        groups=list(groups),
        analyses=["moments", "groups"],
    )
    return [(study, header, rows, "A", None)]


def few_differ(rng):
    """L5: a variable that is 0 (or 1) for all of a group but three or four."""
    n, constant = rng.randint(80, 120), rng.choice([0, 1])
    response = shuffled(rng, ("yes", 40), ("no", n - 40))
    few = rng.sample([k for k in range(n) if response[k] == "yes"], rng.choice([3, 4]))
    values = [round(rng.gauss(100, 30), 2) if response[k] == "no" or k in few else constant for k in range(n)]
    study = simple(
        features=["calcium"],
        outcomes={"response": {"levels": ["yes", "no"]}},
        groups=["response"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, n, 0, response=response, calcium=values), "A", None)]


def score(rng):
    """L6: a score in the model beside its dichotomy as a group."""
    n, top = rng.randint(80, 140), rng.choice([1, 1, 2])
    ecog = shuffled(rng, (0, n // 2), (1, n - n // 2 - top), (2, top))
    status = ["high" if e else "low" for e in ecog]
    study = simple(
        covariates={"ecog": "number", "status": {"levels": ["low", "high"]}},
        groups=["status"],
        model=["ecog"],
        analyses=["moments", "groups", "model"],
    )
    return [(study, *table(rng, n, ecog=ecog, status=status), "A", None)]


def names_again(rng):
    """L7: new pseudonyms from the same range of numbers, and one patient in the other group."""
    n = rng.randint(60, 100)
    g = shuffled(rng, ("a", n // 2), ("b", n - n // 2))
    header, rows = table(rng, n, 6, g=g)
    moved, order = rng.choice([k for k in range(n) if g[k] == "a"]), list(range(n))
    rng.shuffle(order)
    again = [["P%03d" % i] + (["b"] if k == moved else [rows[k][1]]) + rows[k][2:] for i, k in enumerate(order)]
    study = {
        "features": ["f*"],
        "covariates": {"g": {"levels": ["a", "b"]}},
        "groups": ["g"],
        "analyses": ["moments", "groups"],
    }
    return [
        ({"study": "n1", **study}, header, rows, "A", None),
        ({"study": "n2", **study}, header, again, "A", order),
    ]


def other_column(rng):
    """L7: the analyst names another column as that of the patients, and a grouping that differs in one."""
    n = rng.randint(60, 100)
    g = shuffled(rng, ("a", n // 2), ("b", n - n // 2))
    moved, scan = rng.choice([k for k in range(n) if g[k] == "a"]), list(range(n))
    rng.shuffle(scan)
    again = ["b" if k == moved else g[k] for k in range(n)]
    header, rows = table(rng, n, 6, scan=["P%03d" % s for s in scan], g=g, h=again)
    out = []
    for study, patient, group in (("c1", "case", "g"), ("c2", "scan", "h")):
        out.append(
            (
                {
                    "study": study,
                    "patient": patient,
                    "features": ["f*"],
                    "covariates": {group: {"levels": ["a", "b"]}},
                    "groups": [group],
                    "analyses": ["moments", "groups"],
                },
                header,
                rows,
                "A",
                None,
            )
        )
    return out


def fewer_columns(rng):
    """L8: new names, and an export of few of many columns, without one patient."""
    n = rng.randint(60, 120)
    header, rows = table(rng, n, 400)
    keep = sorted(rng.sample(range(400), 5))
    order = list(range(n - 1))
    rng.shuffle(order)
    thin = [["Q%03d" % i] + [rows[k][1 + c] for c in keep] for i, k in enumerate(order)]
    study = {"features": ["f*"], "analyses": ["moments"]}
    return [
        ({"study": "m1", **study}, header, rows, "A", None),
        ({"study": "m2", **study}, ["case"] + [header[1 + c] for c in keep], thin, "A", order),
    ]


def by_subtraction(rng):
    """L9: among those without y one makes up the sum of x."""
    n, without = rng.randint(80, 140), rng.randint(10, 14)
    big = rng.uniform(40, 80)
    x = (
        [big]
        + [rng.uniform(0.2, 1) for _ in range(without - 1)]
        + [rng.uniform(10, 40) for _ in range(n - without)]
    )
    y = [""] * without + ["%.5g" % rng.gauss(50, 9) for _ in range(n - without)]
    study = {"study": "variant", "features": ["x", "y"], "analyses": ["moments", "covariance"]}
    return [(study, *table(rng, n, 0, x=["%.6g" % v for v in x], y=y), "A", None)]


def outer_end(rng):
    """L10: a grid where the analyst wants to look."""
    n, oldest = rng.randint(60, 100), rng.randint(88, 92)
    age = [rng.randint(40, 80) for _ in range(n - 1)] + [oldest]
    rng.shuffle(age)
    study = simple(features=["f0"], covariates={"age": "number"}, analyses=["moments", "histograms"])
    study["variables"] = {"age": {"grid": {"from": oldest - rng.randint(2, 4), "to": oldest + 3, "cells": 12}}}
    return [(study, *table(rng, n, 1, age=age), "A", None)]


def empty_intervals(rng):
    """L11: a fine grid of times."""
    n = rng.randint(70, 100)
    months = ["%.2f" % rng.choice([rng.gauss(6, 0.8), rng.gauss(12, 1.2), rng.uniform(16, 40)]) for _ in range(n)]
    event = [rng.randint(0, 1) for _ in range(n)]
    grid = [k * 0.25 for k in range(160)]
    study = simple(
        features=["f0"],
        outcomes={"relapse": {"time": "months", "event": "event", "grid": grid}},
        analyses=["moments", "survival"],
    )
    months = ["%.2f" % max(0.1, float(m)) for m in months]
    return [(study, *table(rng, n, 1, months=months, event=event), "A", None)]


def rare_cause(rng):
    """L22: causes that compete, of which one is rare."""
    n, rare = rng.randint(120, 200), rng.uniform(0.05, 0.15)
    months = ["%.1f" % rng.uniform(0, 40) for _ in range(n)]
    event = [rng.choice([0, 2 if rng.random() < rare else 1]) for _ in range(n)]
    outcome = {"time": "months", "event": "event", "causes": ["relapse", "death"], "grid": [0, 6, 12, 24, 36]}
    study = simple(features=["f0"], outcomes={"end": outcome}, analyses=["moments", "survival"])
    return [(study, *table(rng, n, 1, months=months, event=event), "A", None)]


def changes_of_few(rng):
    """L24: changes of repeats by group, where few of a level come twice."""
    n, twice = rng.randint(80, 140), rng.randint(3, 7)
    who = list(range(n))
    arm = ["b" if k % 3 == 0 else "a" for k in who]
    again = set(rng.sample([k for k in who if arm[k] == "b"], twice) + [k for k in who if arm[k] == "a"])
    rows, persons = [], []
    for k in who:
        x = rng.gauss(50, 10)
        rows.append(["P%03d" % k, "one", arm[k], "%.6g" % x])
        persons.append(k)
        if k in again:
            rows.append(["P%03d" % k, "two", arm[k], "%.6g" % (x * (1 + rng.gauss(0, 0.05)))])
            persons.append(k)
    study = simple(features=["f0"], covariates={"arm": {"levels": ["a", "b"]}}, analyses=["moments", "change"])
    study["repeats"] = {"occasion": "session", "levels": ["one", "two"], "groups": ["arm"]}
    return [(study, ["case", "session", "arm", "f0"], rows, "A", persons)]


def two_levels(rng):
    """L12: two levels in a model, whose product is a hidden cell of their table."""
    n, few = rng.randint(80, 140), rng.randint(1, 4)
    positive = shuffled(rng, ("M", 14 - few), ("F", few))
    sex = positive + shuffled(rng, ("M", (n - 14) // 2), ("F", n - 14 - (n - 14) // 2))
    hiv = ["yes"] * 14 + ["no"] * (n - 14)
    study = simple(
        covariates={"sex": {"levels": ["M", "F"]}, "hiv": {"levels": ["no", "yes"]}},
        tables=[["sex", "hiv"]],
        model=["sex", "hiv"],
        analyses=["moments", "tables", "model"],
    )
    return [(study, *table(rng, n, sex=sex, hiv=hiv), "A", None)]


def batch_of_few(rng):
    """L12: few patients at a scanner, which is a batch within the site."""
    n, few = rng.randint(80, 140), rng.randint(2, 4)
    scanner = shuffled(rng, ("a", few), ("b", (n - few) // 2), ("c", n - few - (n - few) // 2))
    study = simple(
        covariates={"age": "number", "scanner": {"levels": ["a", "b", "c"]}},
        model=["age"],
        batches={"by": "scanner", "minimum": 2},
        analyses=["moments", "model"],
    )
    return [(study, *table(rng, n, age=[rng.randint(30, 85) for _ in range(n)], scanner=scanner), "A", None)]


def women_at_a_scanner(rng):
    """L12: few of a level in a batch, which their product would count."""
    n, few = rng.randint(80, 140), rng.randint(1, 4)
    pairs = shuffled(rng, (("F", "a"), few), (("M", "a"), 30), (("F", "b"), 20), (("M", "b"), n - 50 - few))
    study = simple(
        covariates={"sex": {"levels": ["M", "F"]}, "scanner": {"levels": ["a", "b", "c"]}},
        model=["sex"],
        batches={"by": "scanner"},
        analyses=["moments", "model"],
    )
    return [(study, *table(rng, n, sex=[p[0] for p in pairs], scanner=[p[1] for p in pairs]), "A", None)]


def product_of_two(rng):
    """L12: two numbers of 0 and 1 in a covariance."""
    n = rng.randint(100, 150)
    pairs = shuffled(rng, ((1, 1), 4), ((1, 0), 18), ((0, 1), 50), ((0, 0), n - 72))
    study = simple(features=["a", "b", "f*"], analyses=["moments", "covariance"])
    return [(study, *table(rng, n, 2, a=[p[0] for p in pairs], b=[p[1] for p in pairs]), "A", None)]


def score_powers(rng):
    """L12: the powers of a score by group are the counts of its values."""
    n, few = rng.randint(100, 150), rng.randint(1, 4)
    grade = shuffled(rng, (0, 30), (1, 25), (2, n - 75 - few), (3, 20), (4, few))
    g = shuffled(rng, ("a", n // 2), ("b", n - n // 2))
    study = simple(
        features=["grade", "f*"],
        covariates={"g": {"levels": ["a", "b"]}},
        groups=["g"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, n, 1, grade=grade, g=g), "A", None)]


def small_words(rng):
    """L13: few have a value, or miss one."""
    n = rng.randint(50, 90)
    load = [""] * n
    for k in rng.sample(range(n), rng.randint(1, 4)):
        load[k] = "%.4g" % rng.gauss(50, 10)
    header, rows = table(rng, n, 2, load=load)
    rows[3][header.index("f1")] = ""
    return [(simple(features=["f*", "load"], analyses=["moments"]), header, rows, "A", None)]


def small_where(rng):
    """L13: rows that `where` leaves out."""
    n = rng.randint(50, 90)
    hiv = shuffled(rng, ("pos", rng.randint(1, 5)), ("neg", n))
    study = simple(covariates={"hiv": {"levels": ["neg", "pos"]}}, where={"hiv": "neg"}, analyses=["moments"])
    return [(study, *table(rng, len(hiv), 2, hiv=hiv), "A", None)]


def fresh_key(rng, key):
    n = rng.randint(40, 80)
    header, rows = table(rng, n)
    study = simple(analyses=["moments"])
    return [(study, header, rows, "A", None), (dict(study, study="next"), header, rows[:-1], key, None)]


def copied(rng):
    """L14: a copy of the key beside no ledger."""
    return fresh_key(rng, "copy")


def new_key(rng):
    """L14: another keygen for the next study."""
    return fresh_key(rng, "A2")


def corrected(rng):
    """L16: one value is put right between two releases."""
    n = rng.randint(50, 90)
    header, rows = table(rng, n)
    again, k = [list(r) for r in rows], rng.randrange(n)
    again[k][2] = "%.6g" % (float(rows[k][2]) * 1.3)
    study = {"features": ["f*"], "analyses": ["moments"]}
    return [
        ({"study": "v1", **study}, header, rows, "A", None),
        ({"study": "v2", **study}, header, again, "A", None),
    ]


def twin_columns(rng):
    """L17: the same in two units, by two groupings that differ in one patient."""
    n = rng.randint(60, 100)
    g = shuffled(rng, ("a", n // 2), ("b", n - n // 2))
    h, x = list(g), [round(rng.gauss(100, 15), 3) for _ in range(n)]
    h[rng.choice([k for k in range(n) if g[k] == "a"])] = "b"
    header, rows = table(rng, n, 0, g=g, h=h, mm=x, cm=["%.9g" % (v / 8) for v in x])
    out = []
    for study, feature, group in (("t1", "mm", "g"), ("t2", "cm", "h")):
        study = {"study": study, "features": [feature], "covariates": {group: {"levels": ["a", "b"]}}}
        out.append(({**study, "groups": [group], "analyses": ["moments", "groups"]}, header, rows, "A", None))
    return out


def fourth_power(rng):
    """L18: one far value, which makes up (x - m)^4 but not (x - m)^2."""
    n = rng.randint(55, 70)
    far = ["%.6g" % (100 + rng.gauss(0, 1)) for _ in range(n - 1)] + ["%.6g" % (100 + rng.uniform(15, 18))]
    rng.shuffle(far)
    return [(simple(features=["far"], analyses=["moments", "skewness"]), *table(rng, n, 0, far=far), "A", None)]


def missing_by_level(rng):
    """L19: patients of a level, and those of them who have a value."""
    n = rng.randint(70, 120)
    g = ["a"] * (n // 2) + ["b"] * (n - n // 2)
    header, rows = table(rng, n, g=g)
    for k in range(rng.randint(2, 5)):
        rows[k][2] = ""
        rows[n - 1 - k][2] = ""
    for k in range(6):
        rows[n // 2 + k][2] = ""
    study = simple(covariates={"g": {"levels": ["a", "b"]}}, groups=["g"], analyses=["moments", "groups"])
    return [(study, header, rows, "A", None)]


def score_of_level(rng):
    """L20: a number of many values has few of them in a level, where its powers count them."""
    few = rng.randint(1, 4)
    lesions = [0] * 15 + [1] * 14 + [2] * few + [k % 12 for k in range(rng.randint(60, 90))]
    g = ["a"] * (29 + few) + ["b"] * (len(lesions) - 29 - few)
    study = simple(
        features=["lesions", "f*"],
        covariates={"g": {"levels": ["a", "b"]}},
        groups=["g"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, len(g), 1, lesions=lesions, g=g), "A", None)]


def cut_in_interval(rng):
    """L21: a histogram of a number, and levels of it at a cut: few are between an edge and the cut."""
    n = rng.randint(80, 160)
    score = ["%.4f" % rng.gauss(0, 1) for _ in range(n)]
    study = simple(
        covariates={"score": "number"},
        derived={"high": "score > %.2f" % rng.uniform(-0.5, 0.5)},
        groups=["high"],
        analyses=["moments", "groups", "histograms"],
    )
    return [(study, *table(rng, n, 1, score=score), "A", None)]


def cut_in_units(rng):
    """L21: levels of a number, and the histogram of the same number in other units."""
    n = rng.randint(80, 160)
    mm = ["%.3f" % rng.gauss(20, 4) for _ in range(n)]
    study = simple(
        features=["f*", "mm", "cm"],
        derived={"large": "mm > %.2f" % rng.uniform(18, 22)},
        groups=["large"],
        analyses=["moments", "groups", "histograms"],
        variables={"mm": {"grid": {"from": 0, "to": 40, "cells": 1}}},
    )
    return [(study, *table(rng, n, 1, mm=mm, cm=["%.6f" % (float(x) / 8) for x in mm]), "A", None)]


def cut_moves(rng):
    """L21: the histogram leaves first, or the cut moves a little."""
    n, cut = rng.randint(80, 160), rng.uniform(-0.5, 0.5)
    header, rows = table(rng, n, 1, score=["%.4f" % rng.gauss(0, 1) for _ in range(n)])
    first = simple(covariates={"score": "number"}, analyses=["moments", "histograms"])
    if rng.random() < 0.5:
        first = simple(
            covariates={"score": "number"}, derived={"high": "score > %.2f" % cut}, analyses=["moments"]
        )
    then = dict(first, study="then", derived={"late": "score > %.2f" % (cut + 0.04)}, analyses=["moments"])
    return [(first, header, rows, "A", None), (then, header, rows, "A", None)]


def cuts_of_score(rng):
    """L21: levels of a number whose values repeat, with its sums and squares: how many have one value."""
    x = [0] * 30 + [4] * 30 + [2] * rng.randint(2, 9) + [7] * 25 + [k % 13 for k in range(13)]
    rng.shuffle(x)
    study = simple(
        covariates={"x": {"step": 1}},
        derived={"a": "x > 1", "b": "x > 3", "c": "x > 5"},
        groups=["a", "c"],
        analyses=["moments", "groups", "histograms"],
        variables={"x": {"grid": {"from": 0, "to": 16, "cells": 16}}},
    )
    return [(study, *table(rng, len(x), 1, x=x), "A", None)]


VARIANTS = [
    ("L1", exceptions),
    ("L2", lists_of_where),
    ("L3", halves),
    ("L4", near_zero),
    ("L5", few_differ),
    ("L6", score),
    ("L7", names_again),
    ("L7", other_column),
    ("L8", fewer_columns),
    ("L9", by_subtraction),
    ("L10", outer_end),
    ("L11", empty_intervals),
    ("L12", two_levels),
    ("L12", product_of_two),
    ("L12", batch_of_few),
    ("L12", women_at_a_scanner),
    ("L12", score_powers),
    ("L13", small_words),
    ("L13", small_where),
    ("L14", copied),
    ("L14", new_key),
    ("L16", corrected),
    ("L17", twin_columns),
    ("L18", fourth_power),
    ("L19", missing_by_level),
    ("L20", score_of_level),
    ("L21", cut_in_interval),
    ("L21", cut_in_units),
    ("L21", cut_moves),
    ("L21", cuts_of_score),
    ("L22", rare_cause),
    *[("L23", make) for make in known_scores.MAKERS],
    ("L24", changes_of_few),
    *[("L25", make) for make in known_left_out.MAKERS],
    *[("L26", make) for make in known_histograms.MAKERS],
    *[("L27", make) for make in known_copies.MAKERS],
    *[("L28", make) for make in known_apart.MAKERS],
]


def variant(leak, make, seed):
    rng = random.Random("%s %d" % (make.__name__, seed))
    steps = []
    for study, header, rows, key, persons, *more in make(rng):
        whose = persons or list(range(len(rows)))
        steps.append(Step(study, header, rows, whose, key, study.get("patient", "case"), **(more[0] if more else {})))
    twins = {"cm": ("mm", 0.125)} if make in (twin_columns, cut_in_units, known_histograms.counted_twice) else {}
    apart = {"corrected": {1: "corrected"}}.get(make.__name__, {})
    return Case(
        "%s-%d" % (make.__name__.replace("_", "-"), seed), steps, leak=leak, seed=seed, twins=twins, apart=apart
    )


def all_known(home, variants):
    out = []
    if home and os.path.isdir(home):
        out += [from_folder(home, name) for name in CASES]
        out.append(subsets_from_folder(home))
    for leak, make in VARIANTS:
        out += [variant(leak, make, seed) for seed in range(variants)]
    return sorted(out, key=lambda c: (int(c.leak[1:]), c.name))
