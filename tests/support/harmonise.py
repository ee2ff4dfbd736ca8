"""Studies for the tests of harmonisation, and what must come of them by plain sums.

usage: harmonise.py make FOLDER          a folder for each study: study.yaml, A.csv, B.csv, C.csv
       harmonise.py single FOLDER NAME   A's harmonised rows of a study of one variable: location and scale
"""

import csv
import os
import random
import sys

SITES = {"A": 36, "B": 32, "C": 41}


def write(folder, name, covariates, model, columns, features="[f0, f1, f2]", times=1):
    """columns(site, i, rng) gives a row of features and covariates; sites of so many times their patients."""
    here = os.path.join(folder, name)
    os.makedirs(here, exist_ok=True)
    with open(os.path.join(here, "study.yaml"), "w") as out:
        out.write("study: %s\nfeatures: %s\nanalyses: [moments, model]\ncovariates: {%s}\nmodel: %s\n" % (name, features, covariates, model))
    rng = random.Random(name)
    for site, count in SITES.items():
        rows = [dict(case="%s%02d" % (site, i), **columns(site, i, rng)) for i in range(times * count)]
        with open(os.path.join(here, site + ".csv"), "w") as out:
            table = csv.DictWriter(out, rows[0])
            table.writeheader()
            table.writerows(rows)


def features(site, rng, **covariates):
    shift = {"A": 0, "B": 2, "C": -1}[site]
    row = {"f%d" % k: round(rng.gauss(10 + shift * (k + 1), 1 + 0.2 * k + 0.3 * (site == "B")), 6) for k in range(3)}
    return {**row, **covariates}


def born(site, row):
    """Each site has one year of its own, so that the year of birth follows from the age there."""
    return {**row, "born": {"A": 2019, "B": 2022, "C": 2025}[site] - row["age"]}


def twice(row):
    return {**row, "months": 12 * row["age"]}


def make(folder):
    sex = "sex: {levels: [F, M]}"
    stage = "stage: {levels: [I, II, III]}"
    both = sex + ", smoker: {levels: [no, yes]}"
    write(folder, "site", sex, "[sex]", lambda s, i, r: features(s, r, sex="M" if s == "B" else "F"))
    write(folder, "one_site", sex, "[sex]", lambda s, i, r: features(s, r, sex="FM"[i % 2] if s == "C" else "M" if s == "B" else "F"))
    write(folder, "age", "age: number", "[age]", lambda s, i, r: features(s, r, age={"A": 50, "B": 61.3, "C": 70}[s]))
    write(folder, "same_age", "age: number", "[age]", lambda s, i, r: features(s, r, age=61.3))
    write(folder, "level", stage, "[stage]", lambda s, i, r: features(s, r, stage="III" if s == "C" else ["I", "II"][i % 2]))
    write(folder, "levels", stage, "[stage]", lambda s, i, r: features(s, r, stage="I" if s == "C" else ["II", "III"][i % 2]))
    write(folder, "absent", stage, "[stage]", lambda s, i, r: features(s, r, stage=["I", "II"][i % 2]))
    write(folder, "pair", "age: number, born: number", "[age, born]", lambda s, i, r: born(s, features(s, r, age=r.randrange(40, 80))))
    write(folder, "twins", "age: number, months: number", "[age, months]", lambda s, i, r: twice(features(s, r, age=r.randrange(40, 80))))
    write(folder, "twin_levels", both, "[sex, smoker]", lambda s, i, r: features(s, r, sex="FM"[i % 2], smoker=["no", "yes"][i % 2]))
    write(folder, "some", both, "[sex, smoker]", lambda s, i, r: features(s, r, sex="FM"[i % 2], smoker=["no", "yes"][i % 3 == 0]), times=2)
    write(folder, "constant", sex, "[]", lambda s, i, r: {**features(s, r, sex="FM"[i % 2]), **({"f1": 4} if s == "B" else {})})
    write(folder, "without", sex, "[]", lambda s, i, r: features(s, r, sex="FM"[i % 2]), "[f0, f2]")
    write(folder, "single", sex, "[]", lambda s, i, r: features(s, r, sex="FM"[i % 2]), "[f1]")
    write(folder, "single_sex", sex, "[sex]", lambda s, i, r: features(s, r, sex="FM"[i % 2]), "[f1]")
    write(folder, "multiples", sex, "[]", lambda s, i, r: {**features(s, r, sex="FM"[i % 2]), "f3": None}, "[f0, f3]")
    for site in SITES:  # f3 is twice f0
        path = os.path.join(folder, "multiples", site + ".csv")
        rows = list(csv.DictReader(open(path)))
        with open(path, "w") as out:
            table = csv.DictWriter(out, rows[0])
            table.writeheader()
            table.writerows({**row, "f3": repr(2 * float(row["f0"]))} for row in rows)
    # the constant one without its constant variable
    for site in SITES:
        rows = list(csv.DictReader(open(os.path.join(folder, "constant", site + ".csv"))))
        with open(os.path.join(folder, "without", site + ".csv"), "w") as out:
            table = csv.DictWriter(out, rows[0])
            table.writeheader()
            table.writerows(rows)


def single(folder, name):
    """y* = E + s (y - E - s gamma) / (s sqrt(delta)), by ordinary sums; slope of sex within sites, if the model has it."""
    rows = [{"site": s, **row} for s in SITES for row in csv.DictReader(open(os.path.join(folder, name, s + ".csv")))]
    y = [round(float(r["f1"]) * 2**16) / 2**16 for r in rows]  # docs/numerics.md: whole multiples of the step
    d = [float(r["sex"] == "M") if name == "single_sex" else 0.0 for r in rows]
    of = {s: [i for i, r in enumerate(rows) if r["site"] == s] for s in SITES}
    mean = lambda x, at: sum(x[i] for i in at) / len(at)
    dd = sum((d[i] - mean(d, at)) ** 2 for at in of.values() for i in at)
    slope = sum((d[i] - mean(d, at)) * (y[i] - mean(y, at)) for at in of.values() for i in at) / dd if dd else 0
    rest = [y[i] - slope * d[i] for i in range(len(y))]
    location = sum(rest) / len(rest)
    scale = (sum((rest[i] - mean(rest, at)) ** 2 for at in of.values() for i in at) / len(rest)) ** 0.5
    z = [(x - location) / scale for x in rest]
    got = {r["case"]: float(r["f1"]) for r in csv.DictReader(open(os.path.join(folder, name, "A_harmonised.csv")))}
    at = of["A"]
    gamma = mean(z, at)
    delta = sum((z[i] - gamma) ** 2 for i in at) / (len(at) - 1)
    for i in at:
        expected = location + slope * d[i] + scale * (z[i] - gamma) / delta**0.5
        assert abs(got[rows[i]["case"]] - expected) < 1e-9, (rows[i]["case"], got[rows[i]["case"]], expected)
    assert len(got) == len(at)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    single(sys.argv[2], sys.argv[3])
