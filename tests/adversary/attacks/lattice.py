"""Lattice reduction: who has a level, or a number of two values, from exact sums of columns that are known.

Sums over a level, and products with a number of two values, are knapsacks: of the patients' values, which are whole
numbers of steps, some add up to the sum. Where all sums together have more digits than there are patients, there is
one answer, and it is the shortest vector of a lattice (Coster and others 1992). The attacker knows every column but
the one that is attacked, of all patients, to the last step.
"""

from fractions import Fraction

import numpy as np
from fpylll import BKZ, LLL, IntegerMatrix

from claims import Claim

MOST, TARGETS = 44, 3  # patients, and columns of a release


def steps_of(truth, name, column):
    """Values as whole numbers of steps, 0 where there is none; and the step."""
    step = Fraction(truth.variables[name]["step"])
    return [0 if np.isnan(x) else round(Fraction(float(x)) / step) for x in column], step


def equations(release, truth, target):
    """Of each sum that holds the target once: weights of all patients of the cohort, and the sum."""
    out, cohort = [], np.flatnonzero(truth.cohort)
    for item in release.items:
        where = tuple(p for p in item.where if p != target)
        others = [f for f in item.factors if f != target]
        once = len(item.where) - len(where) + len(item.factors) - len(others) == 1
        if not once or not others or any(p[0] != "has" for p in where) or any(f[0] != "number" for f in others):
            continue
        weights, sum_ = [1] * len(cohort), Fraction(item.value)
        inside = truth.members(where)
        for f in others:
            values, step = steps_of(truth, f[1], truth.column(f))
            weights = [w * values[p] for w, p in zip(weights, cohort)]
            sum_ /= step
        if sum_.denominator != 1:
            continue
        weights = [w if inside[p] else 0 for w, p in zip(weights, cohort)]
        if any(weights) and (weights, int(sum_)) not in out:
            out.append((weights, int(sum_)))
    return cohort, out


def subset(rows, n):
    """0/1 of each patient that fulfils all rows, or None."""
    large = 1 << (n + 40)
    a = IntegerMatrix(n + 1, n + len(rows))
    for i in range(n):
        a[i, i] = 2
        for j, (weights, _) in enumerate(rows):
            a[i, n + j] = large * 2 * weights[i]
    for i in range(n):
        a[n, i] = 1
    for j, (weights, total) in enumerate(rows):
        a[n, n + j] = large * 2 * total
    LLL.reduction(a)
    for block in (0, 16):
        if block:
            BKZ.reduction(a, BKZ.Param(block_size=block, max_loops=4, flags=BKZ.MAX_LOOPS))
        for r in range(n + 1):
            row = list(a[r])
            if any(row[n:]) or any(abs(x) != 1 for x in row[:n]):
                continue
            for sign in (1, -1):
                z = [(1 - sign * x) // 2 for x in row[:n]]
                if all(sum(w * k for w, k in zip(weights, z)) == total for weights, total in rows):
                    return z
    return None


def targets_of(release, truth):
    out = [("level", f, l) for f in release.groups for l in release.factors[f][:1]]
    for name in release.variables():
        x = truth.column(("number", name))
        if set(x[truth.cohort & ~np.isnan(x)].tolist()) == {0.0, 1.0}:
            out.append(("number", name))
    return out[:TARGETS]


def attack(outcome, rng):
    out = []
    for at, (release, truth) in enumerate(zip(outcome.releases, outcome.truths)):
        if truth.cohort.sum() > MOST:
            continue
        for target in targets_of(release, truth):
            cohort, rows = equations(release, truth, target)
            digits = sum(max(abs(w) for w in weights).bit_length() for weights, _ in rows)
            if digits < len(cohort):
                continue  # many answers
            z = subset(rows, len(cohort))
            if z is None:
                continue
            where = (target,) if target[0] == "level" else (("is", target[1], 1.0),)
            who = tuple(int(p) for p, k in zip(cohort, z) if k)
            words = "%s: %d sums of %d digits tell who of %d" % (target, len(rows), digits, len(cohort))
            out.append(Claim("lattice", "members", words, at, where=where, who=who))
    return out
