"""Rows from the sums of many sets: least squares over all powers at once, where equations are nearly as many as
patients.

The attacker knows who is in which set.
"""

import numpy as np
from scipy.optimize import least_squares

from attacks.linear import system, targets_of
from claims import Claim, spread_of


def centre_sums(per_power, sizes, c, d):
    from math import comb

    out = []
    for k in range(1, len(per_power) + 1):
        total = (-c) ** k * sizes
        for i in range(1, k + 1):
            total = total + comb(k, i) * (-c) ** (k - i) * per_power[i - 1]
        out.append(total / d**k)
    return out


def same_sets(outcome, target, powers):
    """Sets of which all these powers left."""
    rows, sums = [], []
    values, _, places = outcome.unknowns(target)
    for release, truth, at in zip(outcome.releases, outcome.truths, places):
        by = {}
        for item in release.items:
            if item.factors and set(item.factors) == {target}:
                by.setdefault(item.where, {})[len(item.factors)] = float(item.value)
        for where, s in by.items():
            if all(k in s for k in range(1, powers + 1)):
                rows.append(np.zeros(len(values)))
                rows[-1][at] = truth.members(where)
                sums.append([s[k] for k in range(1, powers + 1)])
    if not rows:
        return np.zeros((0, 0)), np.zeros((0, powers))
    rows, at = np.unique(np.array(rows), axis=0, return_index=True)
    return rows, np.array(sums)[at]


def reconstruct(rows, sums, powers, rng, starts=8):
    used = rows.any(axis=0)
    if not used.any():
        return None  # sets of nobody who is unknown
    a, sizes = rows[:, used], rows.sum(axis=1)
    c = float(sums[:, 0].sum() / sizes.sum())
    # not less than doubles tell of it: a variance that is all rounding would scale by nothing
    d = max(float(sums[:, 1].sum() / sizes.sum() - c * c), (1e-7 * c) ** 2, 1e-60) ** 0.5
    m = centre_sums(list(sums.T), sizes, c, d)

    def miss(z):
        return np.concatenate([(a @ z**p - m[p - 1]) / p for p in range(1, powers + 1)])

    def slope(z):
        return np.concatenate([a * z ** (p - 1) for p in range(1, powers + 1)])

    start = np.linalg.lstsq(a, m[0], rcond=None)[0]
    free = np.linalg.svd(a)[2][np.linalg.matrix_rank(a) :]
    for t in range(starts):
        z = start + free.T @ rng.normal(0, 0.7 if t else 0.1, len(free))
        if not np.isfinite(miss(z)).all():
            return None  # sums beyond doubles: no least squares of them
        o = least_squares(miss, z, slope, max_nfev=300, xtol=1e-15, ftol=1e-15, gtol=1e-15)
        if o.cost < 1e-13:
            return np.flatnonzero(used), o.x * d + c
    return None


def attack(outcome, rng):
    out = []
    for target, release in targets_of(outcome, 4):
        for powers in (4, 2):
            rows, sums = same_sets(outcome, target, powers)
            if not len(rows):
                continue
            rank, patients = np.linalg.matrix_rank(rows), int(rows.any(axis=0).sum())
            if patients > 120 or rank * powers < 0.9 * patients:
                continue
            found = reconstruct(rows, sums, powers, rng)
            if found is None:
                continue
            for who, value in zip(*found):
                words = "%s: %d powers of %d sets of %d patients" % (target[1], powers, rank, patients)
                out.append(Claim("least squares", "value", words, release, target, (int(who),), (float(value),)))
            break
    return out
