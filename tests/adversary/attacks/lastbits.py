"""Last bits of exact sums: one value with finer bits than all others tells its group, and its cube roots tell it.

No background knowledge.
"""

from fractions import Fraction

from bits import cube_root, last
from claims import Claim


def finest(sums):
    """The value with the finest last bit, from sums of x .. x^4 modulo what all others share."""
    u = last(sums[0])
    s = [x / Fraction(2) ** (u * k) for k, x in enumerate(sums, 1)]
    if any(x.denominator > 1 for x in s) or s[0] % 2 == 0:
        return None
    s = [int(x) for x in s]
    for k in range(24, 5, -1):  # bits by which the others are coarser
        m, found = cube_root(s[2] % (1 << 3 * k), 3 * k), []
        for c in [m + (j << 3 * k) for j in range(1 << max(0, 26 - 3 * k))]:
            c %= 1 << 26
            c -= (c >> 25) << 26
            if abs(c) < 1 << 24 and all((c**p - s[p - 1]) % (1 << p * k) == 0 for p in (1, 2, 3, 4)):
                found.append(c)
        if len(found) == 1:
            return float(found[0] * Fraction(2) ** u)
    return None


def sums_of(release, name):
    out = {}
    for item in release.items:
        if item.factors and set(item.factors) == {("number", name)} and item.where[0] == ("has", name):
            out.setdefault(item.where[1:], {})[len(item.factors)] = item.value
    return out


def profile(release, sums):
    """The level of each grouping whose sum alone has the last bit of all patients' sum."""
    total, out = sums[()][1], []
    if not total:
        return None
    for f in release.groups:
        levels = [(l, sums.get((("level", f, l),), {}).get(1)) for l in release.factors[f]]
        bits = sorted((last(s), l) for l, s in levels if s)
        if len(bits) < 2 or bits[1][0] - bits[0][0] < 3 or bits[0][0] != last(total):
            return None
        out.append(("level", f, bits[0][1]))
    return tuple(out) or None


def attack(outcome, rng):
    out = []
    for at, release in enumerate(outcome.releases):
        for name in release.variables():
            sums = sums_of(release, name)
            if 1 not in sums.get((), {}):
                continue
            every = sums[()]
            value = finest([every[k] for k in (1, 2, 3, 4)]) if len(every) == 4 and all(every.values()) else None
            if value is not None:
                words = "%s: the value nearest to 0" % name
                out.append(Claim("last bits, value", "value", words, at, ("number", name), (), (value,)))
            found = profile(release, sums)
            if found:
                words = "%s: levels of the patient nearest to 0: %s" % (name, found)
                out.append(Claim("last bits", "profile", words, at, ("number", name), where=found, certain=False))
    return out
