"""Pairs of patients that a score puts in the order of their outcomes.

Who knows the scores of all patients, or their order, knows outcomes where nearly all pairs are in order, or nearly none.
Sums of ranks over two sets of the same patients that differ by a few are ranks of these. So are pairs that can be
compared by two outcomes with times that are the same for all but a few.
"""

import itertools

import numpy as np

from claims import Claim


def ranks_of(x):
    """Doubled midranks, from 2."""
    order = np.sort(x)
    return np.searchsorted(order, x, "left") + np.searchsorted(order, x, "right") + 1


def extremes(ranks, events):
    """The least and the largest sum of doubled ranks that so many patients can have."""
    order = np.sort(ranks)
    return int(order[:events].sum()), int(order[len(order) - events :].sum())


def told(ranks, events, total):
    """Whose outcome follows: True or False, of the patients of one class whose doubled ranks add up to that; None."""
    out = [None] * len(ranks)
    for i in range(len(ranks)):
        rest = np.delete(ranks, i)
        can = []
        for own in (0, 1):
            if not 0 <= events - own <= len(rest):
                continue
            low, high = extremes(rest, events - own)
            if low <= total - own * ranks[i] <= high:
                can.append(own == 1)
        out[i] = can[0] if len(can) == 1 else None
    return out


def by_order(outcome):
    """One class, or several of which all but one could have any order: the sum of one is bounded by the others."""
    out = []
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        for p in release.scores:
            if p["timed"]:
                continue
            who = np.flatnonzero(truth.members(p["both"]))
            x = truth.column(("number", p["score"]))[who]
            edges = np.array([-np.inf, *truth.cuts(p), np.inf])
            of = np.digitize(x, edges[1:-1], right=True)
            rank = ranks_of(x)
            e = sum(c for c, _ in p["classes"])
            total = p["doubled"] + e * (e + 1)  # doubled ranks of those with the event
            bounds = [extremes(rank[of == k], c) for k, (c, _) in enumerate(p["classes"])]
            for k, (count, _) in enumerate(p["classes"]):
                others = [b for j, b in enumerate(bounds) if j != k]
                low, high = total - sum(b[1] for b in others), total - sum(b[0] for b in others)
                sure = [told(rank[of == k], count, t) for t in {low, high}] if high - low < 2 else []
                if not sure:  # only what no sum between allows
                    first, last = told_between(rank[of == k], count, low, high)
                    sure = [[f if f == l else None for f, l in zip(first, last)]]
                names = [s if all(t[i] == s for t in sure) else None for i, s in enumerate(sure[0])]
                for want in (True, False):
                    some = tuple(int(w) for w, n in zip(who[of == k], names) if n is want)
                    if some:
                        part = p["event"] if want else ("not", p["event"])
                        words = "%d of %s by their scores" % (len(some), (part,))
                        out.append(Claim("ranks", "some", words, at, who=some, where=(part,)))
    return out


def told_between(ranks, events, low, high):
    """The same where the sum is anywhere between."""
    out = []
    for i in range(len(ranks)):
        rest, can = np.delete(ranks, i), []
        for own in (0, 1):
            if not 0 <= events - own <= len(rest):
                continue
            least, most = extremes(rest, events - own)
            if least <= high - own * ranks[i] and most >= low - own * ranks[i]:
                can.append(own == 1)
        out.append(can[0] if len(can) == 1 else None)
    return out, out


def by_difference(outcome):
    """Scores of the same order among the same patients, with outcomes that differ by a few."""
    out, seen = [], []
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        for p in release.scores:
            both = truth.members(p["both"])
            x = truth.column(("number", p["score"]))[both]
            seen.append((at, p, both, ranks_of(x) if len(x) else x, truth))
    for (at, p, both, rank, truth), (_, q, other, again, also) in itertools.combinations(seen, 2):
        if p["timed"] != q["timed"] or not np.array_equal(both, other):
            continue
        if p["timed"]:
            out += by_times(at, p, q, truth, also, both)
            continue
        if not (np.array_equal(rank, again) or np.array_equal(rank, 2 * len(rank) + 2 - again)):
            continue
        one, two = truth.members((*p["both"], p["event"])), also.members((*q["both"], q["event"]))
        moved = np.flatnonzero(one != two)
        if 1 <= len(moved) < outcome.case.minimum:
            words = "ranks of %d patients, who have one outcome and not the other" % len(moved)
            out.append(Claim("ranks", "some", words, at, who=tuple(map(int, moved)), where=p["both"]))
    return out


def by_times(at, p, q, truth, also, both):
    time, event = truth.times(p["outcome"])
    later, again = also.times(q["outcome"])
    who = np.flatnonzero(both)
    order = np.lexsort((later[who], time[who]))
    left = [w for w in who[order] if event[w] == again[w]]
    best = []  # the longest run that both order alike
    for w in left:
        k = np.searchsorted(best, later[w], "right")
        best[k : k + 1] = [later[w]]
    moved = len(who) - len(best)
    if not 1 <= moved < 10:
        return []
    words = "pairs of %d patients, by whom two outcomes differ" % moved
    return [Claim("ranks", "some", words, at, who=tuple(map(int, who)), where=p["both"])]


def attack(outcome, rng):
    return by_order(outcome) + by_difference(outcome)
