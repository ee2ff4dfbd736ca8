"""Two columns that differ in few patients: the difference of their sums over a level is that of these few.

Who knows both columns tells by it which of them have the level: one equation with as many unknowns as patients differ.
"""

import itertools

import numpy as np

from attacks.newton import sets_of
from claims import Claim


def total(release, sums, name):
    """Sum of a number about 0 over a set."""
    centre = next(v.get("centre") or 0 for v in release.summary["variables"] if v["name"] == name)
    return float(sums[1]) + float(centre) * float(sums[0])


def only(weights, rest, slack):
    """The one choice of weights that add up to it; None: there are several, or none."""
    found = [z for z in itertools.product((0, 1), repeat=len(weights)) if abs(np.dot(z, weights) - rest) <= slack]
    return found[0] if len(found) == 1 else None


def attack(outcome, rng):
    out = []
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        sets = sets_of(release)
        for a, b in itertools.combinations(sorted(n[1] for n in sets if n[0] == "number"), 2):
            x, y = (truth.column(("number", n)) for n in (a, b))
            both = truth.cohort & ~np.isnan(x) & ~np.isnan(y)
            shift = total(release, {0: 1, 1: 0}, a) - total(release, {0: 1, 1: 0}, b)
            who = np.flatnonzero(both & (x - y + shift != 0))
            if not 1 <= len(who) < outcome.case.minimum:
                continue
            weights = (x - y + shift)[who]
            for where, sums in sets["number", a].items():
                level = [p for p in where if p[0] == "level"]
                other = sets["number", b].get(tuple(("has", b) if p == ("has", a) else p for p in where))
                if len(level) != 1 or not other or 1 not in sums or 1 not in other or 0 not in sums or 0 not in other:
                    continue
                z = only(weights, total(release, sums, a) - total(release, other, b), 1e-9 * np.abs(weights).max())
                mine = tuple(int(w) for w, k in zip(who, z or ()) if k)
                if mine:
                    words = "%s and %s differ in %d patients, of whom %d are %s" % (a, b, len(who), len(mine), level)
                    out.append(Claim("copies", "some", words, at, where=tuple(level), who=mine))
    return out
