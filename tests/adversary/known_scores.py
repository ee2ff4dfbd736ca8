"""Known kinds of leaks of scores and their outcomes."""

from made import simple, table


def apart(rng):
    """L23: a score that parts two outcomes, but for some pairs that one patient makes up."""
    n, out = rng.randint(40, 90), rng.choice([0, 1, 5, 9])
    events = rng.randint(12, n - 12)
    y = [0] * (n - events) + [1] * events
    y.insert(n - events - out, y.pop(n - events))
    score = ["%.5f" % ((k + 0.5) / n) for k in range(n)]
    study = simple(
        covariates={"score": "number"},
        outcomes={"y": {"levels": ["no", "yes"]}},
        performance={"p": {"score": "score", "outcome": "y", "event": "yes"}},
        analyses=["moments", "performance"],
    )
    return [(study, *table(rng, n, 1, score=score, y=["no yes".split()[v] for v in y]), "A", None)]


def apart_in_classes(rng):
    """L23: likewise in each class between cuts."""
    y = []
    for k in range(3):
        y += [0] * 11 + [1] * (10 + k)
    n = len(y)
    score = ["%.5f" % ((k + 0.5) / n) for k in range(n)]
    study = simple(
        covariates={"score": "number"},
        outcomes={"y": {"levels": ["no", "yes"]}},
        performance={
            "p": {"score": "score", "outcome": "y", "event": "yes", "cuts": [21 / n, 43 / n]},
        },
        analyses=["moments", "performance"],
    )
    return [(study, *table(rng, n, 1, score=score, y=["no yes".split()[v] for v in y]), "A", None)]


def outcomes_of_ranks(rng):
    """L23: two outcomes that differ in one patient, in two releases, and a score with the same order as another."""
    n = rng.randint(70, 120)
    y = [rng.choice(["no", "yes"]) for _ in range(n)]
    score, z = [round(rng.gauss(0, 1), 4) for _ in range(n)], list(y)
    z[y.index("no")] = "yes"
    header, rows = table(rng, n, 1, y=y, z=z, score=score, twin=["%.5f" % (2 * s + 1) for s in score])
    out = []
    for study, name, outcome in (("r1", "score", "y"), ("r2", "twin", "z")):
        how = {name: "number"}, {outcome: {"levels": ["no", "yes"]}}
        ask = {"p": {"score": name, "outcome": outcome, "event": "yes"}}
        study = simple(study=study, covariates=how[0], outcomes=how[1], performance=ask, analyses=["performance"])
        out.append((study, header, rows, "A", None))
    return out


def cuts_and_bars(rng):
    """L23: classes of a score beside its histogram, and another's with its order at nearly the same cut."""
    n = rng.randint(90, 160)
    score = [round(rng.gauss(0, 1), 4) for _ in range(n)]
    y = [rng.choice(["no", "yes"]) for _ in range(n)]
    cut = rng.uniform(-0.3, 0.3)
    study = simple(
        covariates={"score": "number", "twin": "number"},
        outcomes={"y": {"levels": ["no", "yes"]}},
        performance={
            "p": {"score": "score", "outcome": "y", "event": "yes", "cuts": [cut]},
            "q": {"score": "score", "outcome": "y", "event": "yes", "cuts": [cut + 0.05]},
        },
        analyses=["moments", "histograms", "performance"],
    )
    return [(study, *table(rng, n, 1, score=score, twin=["%.5f" % (2 * s) for s in score], y=y), "A", None)]


def times_of_pairs(rng):
    """L23: two outcomes with times that differ in a few."""
    n = rng.randint(60, 90)
    time = ["%.3f" % rng.expovariate(0.05) for _ in range(n)]
    event = [rng.randint(0, 1) for _ in range(n)]
    late = [("%.3f" % (float(t) + 90)) if k < 3 else t for k, t in enumerate(time)]
    outcomes = {o: {"time": t, "event": "event", "grid": [0, 20]} for o, t in (("one", "time"), ("two", "late"))}
    study = simple(
        covariates={"score": "number"},
        outcomes=outcomes,
        performance={"p": {"score": "score", "outcome": "one"}, "q": {"score": "score", "outcome": "two"}},
        analyses=["moments", "performance"],
    )
    score = ["%.4f" % rng.gauss(0, 1) for _ in range(n)]
    return [(study, *table(rng, n, 1, score=score, time=time, late=late, event=event), "A", None)]


def ranks_apart(rng):
    """L23: a feature that parts the levels of a group."""
    n = rng.randint(40, 80)
    g = ["a"] * (n // 2) + ["b"] * (n - n // 2)
    x = ["%.8g" % ((100 if v == "a" else 130) + rng.gauss(0, 5)) for v in g]
    study = simple(
        features=["x"],
        covariates={"g": {"levels": ["a", "b"]}},
        groups=["g"],
        analyses=["moments", "groups", "ranks"],
    )
    return [(study, *table(rng, n, 0, g=g, x=x), "A", None)]


def cuts_of_both_kinds(rng):
    """L23: levels of a score at one public cut, and its classes at another with few between them; in one release or two."""
    n, both = rng.randint(90, 160), rng.random() < 0.5
    score = [round(rng.gauss(0, 1), 4) for _ in range(n)]
    y = [rng.choice(["no", "yes"]) for _ in range(n)]
    cut = rng.uniform(-0.3, 0.3)
    late = sorted(x for x in score if x > cut)[rng.randint(1, 9) - 1]
    levels = dict(derived={"high": "score > %r" % cut})
    classes = dict(performance={"p": {"score": "score", "outcome": "y", "event": "yes", "cuts": [late]}})
    same = dict(covariates={"score": "number"}, outcomes={"y": {"levels": ["no", "yes"]}})
    header, rows = table(rng, n, 1, score=score, y=y)
    first = simple(**same, **levels, **(classes if both else {}), analyses=["moments", "performance"][: 1 + both])
    then = simple(**dict(same, study="then"), **classes, analyses=["moments", "performance"])
    return [(s, header, rows, "A", None) for s in ([first] if both else [first, then])]


MAKERS = [apart, apart_in_classes, outcomes_of_ranks, cuts_and_bars, times_of_pairs, ranks_apart, cuts_of_both_kinds]
