"""Studies by number: cohorts of 12 to 400 patients, and 1 to 6 releases of each that differ a little.

Everything that made a leak once is likely here: rare levels, coarsened levels with exceptions, scores, missing
values, heavy tails, variables that are constant for most, fine grids, renamed patients, copies of keys.
"""

import copy
import random

from world import Case, Step


class Cohort:
    """Columns over persons, of which a release takes some."""

    def __init__(self, rng):
        self.rng = rng
        low, high = rng.choice([(12, 25), (20, 60), (20, 60), (50, 150), (100, 400)])
        self.n = rng.randint(low, high)
        self.all = self.n + rng.choice([0, 0, 3, 12, 30])  # those who come later
        self.columns, self.factors, self.numbers, self.features = {}, {}, {}, []
        self.survivals, self.variables, self.twins = {}, {}, {}
        for _ in range(rng.choice([1, 2, 2, 3, 4, 6])):
            self.add_factor("g%d" % len(self.factors))
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            self.add_number("n%d" % len(self.numbers))
        for k in range(rng.choice([1, 2, 3, 4, 8])):
            self.add_feature("f%d" % k)
        self.miss()
        if rng.random() < 0.2:  # the same in other units
            name = "f%d" % len(self.features)
            self.columns[name] = ["%.9g" % (float(x) / 8) if x != "" else "" for x in self.columns["f0"]]
            self.features.append(name)
            self.twins[name] = ("f0", 0.125)
        for k in range(rng.choice([0, 0, 1, 1, 2])):
            self.add_survival("t%d" % k)

    def some(self, count):
        return self.rng.sample(range(self.all), min(count, self.all))

    def add_factor(self, name):
        rng = self.rng
        kind = rng.choice(
            ["even", "even", "rare", "many", "coarse", "coarse", "flipped"]
            if self.factors
            else ["even", "rare", "many"]
        )
        levels = (
            ["a", "b"]
            if kind in ("even", "flipped")
            else list("abcdefg"[: rng.randint(3, 7 if kind == "many" else 4)])
        )
        if kind in ("coarse", "flipped"):
            of = rng.choice(list(self.factors))
            cut = rng.randint(1, len(self.factors[of]) - 1)
            first = set(self.factors[of][:cut])
            levels, x = ["a", "b"], ["a" if v in first else "b" for v in self.columns[of]]
            for k in self.some(rng.choice([0, 1, 2, 2, 3, 6, 12])):
                x[k] = "b" if x[k] == "a" else "a"
        else:
            x = [rng.choice(levels if kind != "rare" else levels[:-1]) for _ in range(self.all)]
            for k in self.some(rng.randint(1, 9) if kind == "rare" else 0):
                x[k] = levels[-1]
        for k in self.some(rng.choice([0, 0, 0, 1, 4, 12])):
            x[k] = ""
        self.columns[name], self.factors[name] = x, levels

    def add_number(self, name):
        rng = self.rng
        kind = rng.choice(["age", "age", "score", "score", "long score", "heavy"])
        if kind == "age":
            x = [rng.randint(30, 85) for _ in range(self.all)]
            for k in self.some(rng.choice([0, 0, 1])):
                x[k] = rng.choice([97, 45.5, 101])
            if rng.random() < 0.5:
                start = rng.choice([0, 0, 88])
                self.variables[name] = {"grid": {"from": start, "to": 120, "cells": rng.choice([24, 120, 240])}}
        elif kind == "heavy":
            x = ["%.4g" % (2.718281828 ** rng.gauss(1, 1.5)) for _ in range(self.all)]
        else:
            top = rng.randint(1, 4) if kind == "score" else rng.randint(10, 27)
            x = [min(int(rng.expovariate(2.0 / top)), top) for _ in range(self.all)]
            for k in self.some(rng.randint(0, 4)):
                x[k] = top
        self.columns[name], self.numbers[name] = x, kind

    def add_feature(self, name):
        rng = self.rng
        kind = rng.choice(
            ["plain", "plain", "plain", "log", "tails", "mostly 0", "0 in a group", "two", "integer", "near 0"]
        )
        middle, scale = rng.choice([(0, 1), (100, 15), (-1000, 40), (0.01, 0.003), (1e6, 1e5)])
        if kind == "log":
            x = ["%.7g" % (scale * 2.718281828 ** rng.gauss(0, 0.8)) for _ in range(self.all)]
            if rng.random() < 0.5:
                self.variables[name] = {"transform": "log"}
        elif kind == "tails":
            x = [
                "%.7g" % (middle + scale * rng.gauss(0, 1) / max(abs(rng.gauss(0, 1)), 0.02))
                for _ in range(self.all)
            ]
        elif kind == "mostly 0":
            x = ["0"] * self.all
            for k in self.some(rng.choice([3, 8, 12, 20])):
                x[k] = "%.5g" % abs(rng.gauss(100, 40))
        elif kind == "0 in a group":
            g, level = rng.choice([(f, l) for f in self.factors for l in self.factors[f]])
            few = set(self.some(rng.randint(1, 12)))
            x = [
                "0" if v == level and k not in few else "%.6g" % rng.gauss(100, 15)
                for k, v in enumerate(self.columns[g])
            ]
        elif kind == "two":
            share = rng.choice([0.1, 0.3, 0.5])
            x = [int(rng.random() < share) for _ in range(self.all)]
        elif kind == "integer":
            x = [int(rng.gauss(50, 9)) for _ in range(self.all)]
        elif kind == "near 0":
            x = ["%.9g" % rng.gauss(0, 10) for _ in range(self.all)]
        else:
            x = ["%.7g" % rng.gauss(middle, scale) for _ in range(self.all)]
            if rng.random() < 0.3:
                self.variables[name] = {"centre": middle}
        self.columns[name] = x
        self.features.append(name)

    def miss(self):
        """Values that are missing: some columns share a pattern."""
        rng, patterns = self.rng, []
        for name in self.features + list(self.numbers):
            if rng.random() < 0.7:
                continue
            if not patterns or rng.random() < 0.5:
                patterns.append(self.some(rng.choice([1, 3, 9, 11, 15, self.all // 3])))
            for k in rng.choice(patterns):
                self.columns[name][k] = ""

    def add_survival(self, name):
        rng = self.rng
        self.columns[name] = ["%.2f" % min(rng.expovariate(0.04), 60) for _ in range(self.all)]
        self.columns[name + "e"] = [rng.randint(0, 1) for _ in range(self.all)]
        grid = rng.choice(
            [[0, 6, 12, 24, 36, 48], [0, 12, 24], [k * 0.5 for k in range(100)], list(range(0, 60, 3))]
        )
        if rng.random() < 0.3:
            self.factors[name + "e"] = ["0", "1"]
        self.survivals[name] = {"time": name, "event": name + "e", "grid": grid}
        if name + "e" not in self.factors and rng.random() < 0.3:  # competing causes, the second a rare one
            self.survivals[name]["causes"] = ["one", "two"]
            rare = rng.choice([0.1, 0.3])
            self.columns[name + "e"] = [2 if e and rng.random() < rare else e for e in self.columns[name + "e"]]
        if rng.random() < 0.5:
            self.survivals[name]["groups"] = rng.sample(
                list(self.factors), rng.randint(0, min(2, len(self.factors)))
            )

    def study(self, number):
        """What is asked for: some of the columns, and of the analyses."""
        rng = self.rng
        factors = rng.sample(list(self.factors), rng.randint(1, len(self.factors)))
        numbers = rng.sample(list(self.numbers), rng.randint(0, len(self.numbers)))
        features = (
            list(self.features)
            if rng.random() < 0.7
            else rng.sample(self.features, rng.randint(1, len(self.features)))
        )
        study = {
            "study": "s%d" % number,
            "features": features,
            "covariates": {f: {"levels": self.factors[f]} for f in factors},
        }
        study["covariates"].update({n: "number" for n in numbers})
        if rng.random() < 0.8:
            study["groups"] = rng.sample(factors, rng.randint(1, min(3, len(factors))))
        if len(factors) > 1 and rng.random() < 0.6:
            pairs = [[a, b] for k, a in enumerate(factors) for b in factors[k + 1 :]]
            study["tables"] = rng.sample(pairs, min(len(pairs), rng.randint(1, 3)))
        if rng.random() < 0.5:
            study["model"] = rng.sample(factors + numbers, rng.randint(1, min(3, len(factors + numbers))))
        spare = [f for f in factors if f not in study.get("model", factors)]
        if spare and rng.random() < 0.5:  # batches within the site
            study["batches"] = {"by": rng.choice(spare), "small": rng.choice(["merge", "refuse"])}
            study["batches"]["minimum"] = rng.choice([2, 10, 10, 20])
        if rng.random() < 0.5:
            study["covariance"] = rng.sample(features + numbers, rng.randint(1, min(4, len(features + numbers))))
        if self.survivals and rng.random() < 0.8:
            outcomes = copy.deepcopy(self.survivals)
            for how in outcomes.values():
                if "groups" in how:
                    how["groups"] = [g for g in how["groups"] if g in factors]
            study["outcomes"] = outcomes
        used = {n: v for n, v in self.variables.items() if n in features + numbers}
        if used:
            study["variables"] = used
        if rng.random() < 0.1:
            study["missing"] = "complete"
        if rng.random() < 0.08:
            study["thresholds"] = rng.choice(
                [{"mode": "datashield"}, {"minimum_cell": 3}, {"round": 5}, {"parameters": 0.33}]
            )
        if "covariance" in study and numbers and rng.random() < 0.3:  # what a model adds to the covariance
            terms = rng.sample(features, min(len(features), rng.randint(1, 3)))
            study["models"] = {"m": {"family": "gaussian", "response": rng.choice(numbers), "terms": terms}}
        self.choose_analyses(study)
        return study

    def choose_analyses(self, study):
        rng, have = self.rng, ["moments"]
        options = [("groups", "groups"), ("tables", "tables"), ("covariance", "covariance"), ("model", "model")]
        have += [a for a, needs in options if needs in study]
        have += ["survival"] if "outcomes" in study else []
        have += ["skewness"] if rng.random() < 0.15 else []
        have += ["histograms"] if rng.random() < 0.6 else []
        study["analyses"] = have


def repeated(rng, header, rows, persons):
    """A second measurement of most patients."""
    header, out, who = ["session"] + header, [], []
    for row, p in zip(rows, persons):
        out.append(["test"] + row)
        who.append(p)
        if rng.random() < 0.9:
            again = list(row)
            for k, name in enumerate(header[1:]):
                if name.startswith("f") and again[k]:
                    again[k] = "%.7g" % (float(again[k]) * (1 + rng.gauss(0, 0.05)))
            out.append(["retest"] + again)
            who.append(p)
    return header, out, who


def changed(rng, cohort, persons, names):
    """What is different at the next release: who, and under which names."""
    kind = rng.choice(["same", "same", "fewer", "other", "one", "renamed", "shuffled", "more"])
    persons = list(persons)
    if kind == "one":
        persons.pop(rng.randrange(len(persons)))
    elif kind == "fewer" and len(persons) > 14:
        for _ in range(rng.randint(1, min(15, len(persons) - 12))):
            persons.pop(rng.randrange(len(persons)))
    elif kind in ("other", "more"):
        new = [p for p in range(cohort.all) if p not in persons]
        new = rng.sample(new, min(len(new), rng.randint(1, 12)))
        if kind == "other":
            persons = persons[: len(persons) - len(new)] if len(persons) - len(new) >= 12 else persons
        persons += new
    elif kind == "renamed":
        names = ["R%05d" % rng.randrange(10**5) for _ in names]
        names = ["%s-%d" % (x, k) for k, x in enumerate(names)]
    elif kind == "shuffled":
        names = rng.sample(names, len(names))
    rng.shuffle(persons)
    return persons, names


def correct(rng, cohort):
    """A few values of a feature are put right."""
    name = rng.choice([f for f in cohort.features if f not in cohort.twins])
    if any(of == name for of, _ in cohort.twins.values()):
        return
    for k in cohort.some(rng.choice([1, 1, 2, 5])):
        if cohort.columns[name][k] not in ("", "0", 0, 1):
            cohort.columns[name][k] = "%.7g" % (float(cohort.columns[name][k]) * rng.choice([0.1, 1.1, 1.5]))


def derive(rng, cohort, study):
    """Levels of a number of the study, at a cut that somebody could choose."""
    rng = random.Random("derived %r %r" % rng.getstate()[1][::624])  # what is drawn after this stays as it was
    names = study["features"] + [n for n in study["covariates"] if n in cohort.numbers]
    if rng.random() < 0.6:
        return
    study["derived"] = {}
    for k in range(rng.choice([1, 1, 2])):
        name = rng.choice(names)
        some = sorted(float(x) for x in cohort.columns[name] if x not in ("", None))
        cut = some[rng.randrange(len(some))]
        study["derived"]["d%d" % k] = "%s %s %r" % (name, rng.choice([">", ">", ">=", "<"]), cut)
        if "groups" in study and rng.random() < 0.5:
            study["groups"] = study["groups"] + ["d%d" % k]


def compute(rng, cohort, study):
    """Ranks of features, or of numbers, and splines of a number that the model has."""
    rng = random.Random("computed %r %r" % rng.getstate()[1][::624])  # as above
    if rng.random() < 0.7:
        return
    derived = dict(study.get("derived") or {})
    for k, name in enumerate(rng.sample(study["features"], min(len(study["features"]), rng.choice([1, 2, 3])))):
        derived["r%d" % k] = "rank of %s" % name
    if "covariance" in study:
        study["covariance"] = study["covariance"] + [name for name in derived if name[0] == "r"]
    numbers = [n for n in cohort.numbers if n in study["covariates"] and n in study.get("model", [])]
    if numbers:
        name = rng.choice(numbers)
        some = sorted(float(x) for x in cohort.columns[name] if x not in ("", None))
        knots = sorted({some[int(q * (len(some) - 1))] for q in ((0.1, 0.5, 0.9), (0.05, 0.35, 0.65, 0.95))[rng.random() < 0.3]})
        if len(knots) > 2:
            derived["bent"] = {"of": name, "spline": knots}
            study["model"] = study["model"] + ["bent%d" % (k + 1) for k in range(len(knots) - 2)]
    study["derived"] = derived


def perform(rng, cohort, study):
    """How well a score tells outcomes: any number, or one that was made to tell it, better or worse."""
    rng = random.Random("performance %r %r" % rng.getstate()[1][::624])  # as above
    timed = [n for n, how in (study.get("outcomes") or {}).items() if "time" in how]
    factors = [f for f, how in study["covariates"].items() if isinstance(how, dict) and "levels" in how]
    if "groups" in study["analyses"] and rng.random() < 0.4:
        study["analyses"] = study["analyses"] + ["ranks"]
    if rng.random() < 0.5:
        return
    study["performance"], study["analyses"] = {}, study["analyses"] + ["performance"]
    for k in range(rng.choice([1, 1, 2, 3])):
        names = study["features"] + [n for n, how in study["covariates"].items() if how == "number"]
        if timed and rng.random() < 0.3:
            study["performance"]["p%d" % k] = {"score": rng.choice(names), "outcome": rng.choice(timed)}
            continue
        outcome = rng.choice(factors)
        event, score = rng.choice(cohort.factors[outcome]), rng.choice(names)
        how = {"score": score, "outcome": outcome, "event": event}
        if rng.random() < 0.6:
            noise = rng.choice([0.01, 0.3, 1, 3])
            how["score"] = score = "s %s %s %g" % (outcome, event, noise)
            if score not in cohort.columns:
                z = [(x == event) + rng.gauss(0, noise) for x in cohort.columns[outcome]]
                cohort.columns[score] = ["%.5f" % (1 / (1 + 2.718281828 ** (0.5 - x))) for x in z]
            study["covariates"][score] = "number"
            if rng.random() < 0.6:
                how["scale"] = "probability"
        some = sorted({float(x) for x in cohort.columns[score] if x not in ("", None)})
        cuts = sorted(set(rng.sample(some, min(len(some), rng.randint(0, 4)))))
        how["cuts"] = [c for c in cuts if 0 < c < 1 or "scale" not in how]
        study["performance"]["p%d" % k] = how


def step_of(rng, cohort, number, persons, names):
    study = cohort.study(number)
    derive(rng, cohort, study)
    compute(rng, cohort, study)
    perform(rng, cohort, study)
    columns = list(cohort.columns)
    if number and rng.random() < 0.15:  # an export of fewer columns
        needed = set(study["features"]) | set(study["covariates"])
        needed |= {c for how in study.get("outcomes", {}).values() for c in (how["time"], how["event"])}
        columns = [c for c in columns if c in needed]
    header = ["case"] + columns
    rows = [[names[p]] + [str(cohort.columns[c][p]) for c in columns] for p in persons]
    if rng.random() < (0.35 if number else 0.1):
        f = rng.choice(list(cohort.factors))
        if f in columns:
            study["where"] = {f: rng.sample(cohort.factors[f], rng.randint(1, len(cohort.factors[f])))}
            study["covariates"].setdefault(f, {"levels": cohort.factors[f]})
    who = list(persons)
    if rng.random() < 0.12:
        header, rows, who = repeated(rng, header, rows, who)
        study["repeats"] = {"occasion": "session", "levels": ["test", "retest"]}
        study["analyses"].append("reliability")
        groups = [f for f in study.get("groups", []) if rng.random() < 0.7]
        if groups:  # how they change, by group
            study["repeats"]["groups"] = groups
            study["analyses"].append("change")
    key = rng.choices(["A", "copy", "A2"], [30, 1, 1])[0] if number else "A"
    return clinical(rng, cohort, Step(study, header, rows, who, key))


def clinical(rng, cohort, step):
    """Some have a clinical table beside that of features, with patients of whom there are none."""
    rng = random.Random("clinical %r %r" % rng.getstate()[1][::624])  # as above
    columns = [c for c in step.header if c in cohort.factors or c in cohort.numbers]
    if columns and rng.random() < 0.3:
        step.clinical, step.spare = columns, rng.choice([0, 3, 12, 20])
    return step


def case(seed):
    rng = random.Random("study %d" % seed)
    cohort = Cohort(rng)
    persons, names = list(range(cohort.n)), ["P%04d" % k for k in range(cohort.all)]
    steps, apart = [], {}
    for number in range(rng.choice([1, 1, 2, 2, 3, 4, 6])):
        if number:
            persons, names = changed(rng, cohort, persons, names)
        if number and rng.random() < 0.1:
            correct(rng, cohort)
            apart.update({k: "corrected" for k in range(number, 9)})
        steps.append(step_of(rng, cohort, number, persons, names))
    twins = {n: t for n, t in cohort.twins.items() if n not in cohort.variables and "f0" not in cohort.variables}
    return Case("study-%d" % seed, steps, seed=seed, twins=twins, apart=apart)
