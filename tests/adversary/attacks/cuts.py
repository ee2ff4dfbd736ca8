"""How many are between an edge of a histogram and a public cut of the same number, or between two cuts: patients below
each are counted, and the difference is told. Releases of the same patients together, and a number in two units.
"""

import math

import numpy as np

from attacks.edges import edge
from claims import Claim


def below_edges(v):
    """(edge, whether a value at it counts, how many are below it); the outer intervals count those beyond, too."""
    bars, out, below = v["histogram"] or [], [], 0
    for (_, end, count), _ in zip(bars, bars[1:]):
        below += count
        out.append((edge(v["grid"], end) - v["centre"], False, below))
    return out


def below_cuts(release, truth, v):
    out = []
    for (f, levels), counts in zip(release.factors.items(), release.summary.get("levels") or []):
        if f not in truth.derived or truth.derived[f][0] != v["name"] or any(c is None for c in counts[:-1]):
            continue
        _, cuts, at, _ = truth.derived[f]
        for k, cut in enumerate(cuts):
            if v.get("transform") == "log":
                cut = math.log(cut) if cut > 0 else -math.inf
            out.append((cut - v["centre"], not at, sum(counts[: k + 1])))
    return out


def below_classes(truth, p):
    """Patients below the cuts of a score: all who have its outcome, those with the event, and without."""
    out = []
    for which in (0, 1, 2):
        where = p["both"] + ((p["event"],), (("not", p["event"]),), ())[which]
        counts, points = [(e, o, e + o)[which] for e, o in p["classes"]], []
        for k, cut in enumerate(truth.cuts(p)):
            points.append((cut, True, sum(counts[: k + 1])))
        out.append((truth.members(where), points))
    return out


def attack(outcome, rng):
    points, out = {}, []
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        for v in release.summary["variables"]:
            name, scale = outcome.case.twins.get(v["name"], (v["name"], 1))
            if name not in truth.variables:
                name, scale = v["name"], 1
            have = truth.cohort & ~np.isnan(truth.column(("number", name)))
            key = (name, have.tobytes(), v.get("transform"), v["centre"])
            some = [(p / scale, of, n) for p, of, n in below_edges(v) + below_cuts(release, truth, v)]
            points.setdefault(key, (at, set()))[1].update(some)
        for p in release.scores:
            for have, some in below_classes(truth, p):
                v = truth.variables[p["score"]]
                key = (v["name"], have.tobytes(), v.get("transform"), v["centre"])
                points.setdefault(key, (at, set()))[1].update(some)
    for (name, *_), (at, some) in points.items():
        some = sorted(some, key=lambda p: (p[0], p[1]))
        for (a, of_a, n), (b, of_b, m) in zip(some, some[1:]):
            if 1 <= m - n < outcome.case.minimum:
                low = np.nextafter(a, math.inf) if of_a else a
                high = b if of_b else np.nextafter(b, -math.inf)
                words = "%d have %s in %g to %g" % (m - n, name, low, high)
                out.append(
                    Claim("cuts of levels", "count", words, at, ("number", name), low=low, high=high, count=m - n)
                )
    return out
