"""Histograms of two releases, where patients came or went in between: below an edge of both the numbers differ by those
who are in one of them alone, and so they do between two such edges.
"""

import math
from itertools import combinations

import numpy as np

from attacks.cuts import below_edges
from claims import Claim


def counted(outcome):
    """(release, variable, how many lie below each edge) of each histogram."""
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        for v in release.summary["variables"]:
            if not v["histogram"] or v["name"] not in truth.variables:
                continue
            n = sum(count for _, _, count in v["histogram"])
            yield at, v, {-math.inf: 0, **{x: below for x, _, below in below_edges(v)}, math.inf: n}


def attack(outcome, rng):
    out = []
    for (a, v, first), (b, w, second) in combinations(counted(outcome), 2):
        same = all(v.get(k) == w.get(k) for k in ("name", "transform", "centre", "grid"))
        one, other = outcome.truths[a].cohort, outcome.truths[b].cohort
        if not same or a == b or (one == other).all() or not ((one <= other).all() or (other <= one).all()):
            continue
        small, large, at, of = (first, second, b, a) if (one <= other).all() else (second, first, a, b)
        edges = sorted(set(first) & set(second))
        for low, high in zip(edges, edges[1:]):
            count = (large[high] - large[low]) - (small[high] - small[low])
            if 1 <= count < outcome.case.minimum:
                words = "%d of those who are in one release alone have %s in %g to %g" % (count, v["name"], low, high)
                end = np.nextafter(high, -math.inf) if math.isfinite(high) else high
                out.append(
                    Claim("growth", "alone", words, at, ("number", v["name"]), where=(of,), low=low, high=end, count=count)
                )
    return out
