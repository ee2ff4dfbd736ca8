"""Row reduction over atoms, over all releases: which combinations of the sums of a variable rest on few patients?

The attacker knows who is in which set, and every column but the one that is attacked (the strongest background
knowledge there is); with `known` also that column of some patients.
"""

import itertools

import numpy as np

from claims import Claim

SMALL = 1e-7


def system(outcome, target, power):
    """Weights (a row for each sum) and sums of target^power, over the unknowns of the target."""
    rows, sums, seen, names = [], [], set(), outcome.names_of(target)
    values, _, places = outcome.unknowns(target)
    for release, truth, at in zip(outcome.releases, outcome.truths, places):
        sets = {}
        for item in release.items:
            own = [f for f in item.factors if f[0] == target[0] and f[1] in names and f[2:] == target[2:]]
            others = [f for f in item.factors if f not in own]
            if len(own) != power or any(f[0] == "repeat" for f in others):
                continue
            if item.where not in sets:
                sets[item.where] = truth.members(item.where)
            weight = sets[item.where].astype(float)
            for f in others:
                weight = weight * np.nan_to_num(truth.column(f))
            scale = np.abs(weight).max(initial=0)
            if not scale:
                continue
            row = np.zeros(len(values))
            row[at] = weight / scale
            for f in own:
                scale *= names[f[1]]
            if row.round(9).tobytes() not in seen:
                seen.add(row.round(9).tobytes())
                rows.append(row)
                sums.append(float(item.value) / scale)
    return np.array(rows), np.array(sums)


def basis_of(rows):
    """An orthonormal basis of the row space, and how each vector of it is made of the rows."""
    u, s, v = np.linalg.svd(rows, full_matrices=False)
    keep = s > s[0] * 1e-9 if len(s) else s > 0
    return v[keep], (u[:, keep] / s[keep]).T


def atoms_of(rows):
    """Patients alike in all rows: atom of each, sizes."""
    _, of, sizes = np.unique(rows.round(9), axis=1, return_inverse=True, return_counts=True)
    return of.reshape(-1), sizes


def sparse_vectors(basis, of, sizes, minimum, rng):
    """Vectors of the row space that rest on fewer than `minimum` patients: coefficients over the basis."""
    found = []
    atoms = np.array([basis[:, np.flatnonzero(of == a)[0]] for a in range(len(sizes))]).T
    used = np.abs(atoms).max(axis=0) > SMALL
    large = used & (sizes >= minimum)
    small = np.flatnonzero(used & (sizes < minimum))
    _, s, v = np.linalg.svd(atoms[:, large].T if large.any() else np.zeros((1, len(atoms))))
    null = v[int((s > 1e-9).sum()) :]  # combinations that are 0 on all large atoms
    d, m = len(null), len(small)
    if not d or not m:
        return found
    part = null @ atoms[:, small]
    leverage = np.sort((part**2).sum(axis=0) * 0 + (atoms[:, small] ** 2).sum(axis=0) * sizes[small])[::-1]
    if leverage[: minimum - 1].sum() < 1 - 1e-6:
        return found
    choices = itertools.combinations(range(m), d - 1)
    total = 1
    for k in range(d - 1):
        total = total * (m - k) // (k + 1)
    if total > 4000:
        order = np.argsort(leverage)
        choices = [rng.choice(m, d - 1, replace=False) for _ in range(400)]
        choices += [order[-(d - 1) - k :][: d - 1] for k in range(min(m - d + 1, 50))]
    for zero in choices:
        _, s, v = np.linalg.svd(part[:, list(zero)].T if d > 1 else np.zeros((1, d)))
        vector = v[-1] @ part
        rest = np.flatnonzero(np.abs(vector) > 1e-7 * np.abs(vector).max())
        if sizes[small][rest].sum() < minimum:
            found.append((tuple(small[rest]), v[-1] @ null))
    return list({a: c for a, c in found}.items())


def two_values(a, b1, b2):
    """x, y with a0 x + a1 y = b1 and a0 x^2 + a1 y^2 = b2: up to two answers."""
    p, q = a
    # y = (b1 - p x) / q
    roots = np.roots([p + p * p / q, -2 * p * b1 / q, b1 * b1 / q - b2])
    return [(float(x.real), float((b1 - p * x.real) / q)) for x in roots if abs(x.imag) < 1e-6 * (1 + abs(x.real))]


def solve_pair(outcome, target, who, weights, basis, combine, sums, rows, known):
    """Both values of a combination of two patients, where its squares left as well."""
    squares, square_sums = system(outcome, target, 2)
    wanted = np.zeros(rows.shape[1])
    wanted[list(who)] = weights
    if not len(squares):
        return []
    c, *_ = np.linalg.lstsq(squares.T, wanted, rcond=None)
    if np.abs(squares.T @ c - wanted).max() > 1e-7 * np.abs(wanted).max():
        return []
    return two_values(weights, float(sums), float(c @ square_sums))


def claims_of(outcome, target, power, release, rows, sums, minimum, rng):
    basis, combine = basis_of(rows)
    of, sizes = atoms_of(rows)
    out = []
    for atoms, c in sparse_vectors(basis, of, sizes, minimum, rng):
        vector = c @ basis
        value = float(c @ (combine @ sums))
        who = tuple(int(w) for w in np.flatnonzero(np.isin(of, atoms)))
        weights = vector[list(who)]
        top = np.abs(weights).max()
        weights, value = weights / top, value / top
        weights = np.where(np.abs(weights - np.round(weights)) < 1e-7, np.round(weights), weights)
        words = "%s^%d: %d sums tell a combination of %d" % (target[1], power, len(rows), len(who))
        if len(who) == 1 and power == 1:
            out.append(Claim("rows", "value", words, release, target, who, (value / weights[0],)))
            continue
        if power == 1:
            out.append(Claim("rows", "few", words, release, target, who, (value,), tuple(weights)))
        if len(who) == 2 and power == 1:
            for pair in solve_pair(outcome, target, who, weights, basis, combine, value, rows, 0):
                out.append(Claim("rows", "value", words, release, target, who, pair, certain=True))
    return out


def with_known(rows, sums, target, release, x, known, rng):
    """Values that follow exactly when `known` patients' rows are known, those of most weight first."""
    out = []
    basis, _ = basis_of(rows)
    leverage = (basis**2).sum(axis=0)
    for order in (np.argsort(-leverage), rng.permutation(len(leverage))):
        told = [w for w in order if leverage[w] > SMALL and not np.isnan(x[w])][:known]
        if len(told) < known:
            continue
        rest = rows.copy()
        rest[:, told] = 0
        left = sums - rows[:, told] @ x[told]
        if not np.abs(rest).max(initial=0) > SMALL:
            continue
        b, combine = basis_of(rest)
        h = (b**2).sum(axis=0)
        for w in np.flatnonzero(h > 1 - 1e-7):
            value = float(b[:, w] @ (combine @ left))
            words = "%s: follows with %d patients' rows known" % (target[1], known)
            out.append(Claim("rows, known", "value", words, release, target, (int(w),), (value,), known=known))
    return out


def targets_of(outcome, most=8):
    """Columns to attack, those of the most releases and sums first."""
    first, score = {}, {}
    for k, r in enumerate(outcome.releases):
        for item in r.items:
            for f in dict.fromkeys(item.factors):
                if f[0] not in ("level", "batch"):
                    f = (f[0], outcome.case.twins.get(f[1], (f[1],))[0], *f[2:])
                    first.setdefault(f, k)
                    count = score.setdefault(f, [set(), 0])
                    count[0].add(k)
                    count[1] += 1
    names = sorted(first, key=lambda f: (-len(score[f][0]), -score[f][1], f))
    return [(f, first[f]) for f in names[:most]]


def attack(outcome, rng):
    out = []
    for target, release in targets_of(outcome):
        rows, sums = system(outcome, target, 1)
        if not len(rows):
            continue
        x, whose, _ = outcome.unknowns(target)
        out += claims_of(outcome, target, 1, release, rows, sums, outcome.case.minimum, rng)
        for known in (1, 2, 5):
            out += with_known(rows, sums, target, release, x, known, rng)
    return out
