"""One patient who makes up a sum, or what is left over by subtraction: its root is that patient.

No background knowledge. Sums of squares are taken about 0, of fourth powers about the mean of all others.
"""

from fractions import Fraction

from attacks.newton import about, differences, sets_of
from claims import Claim


def square(sums):
    """A value that makes up the sum of x and of x^2, or None."""
    first, second = float(sums[1]), float(sums[2])
    if second <= 0 or abs(abs(first) / second**0.5 - 1) > 0.25:
        return None
    return second**0.5 * (1 if first >= 0 else -1)


def fourth(sums):
    """A value that makes up the sums of (x - c)^3 and (x - c)^4, with c the mean of all others; or None."""
    n, total = float(sums[0]), float(sums[1])
    c, x = total / n, 0.0
    for _ in range(8 if n >= 3 else 0):
        p = [float(v) for v in about(sums[:5], Fraction(c).limit_denominator(10**12))]
        if p[4] <= 0:
            return None
        size = p[4] ** 0.25
        x, agrees = c + size * (1 if p[3] >= 0 else -1), abs(abs(p[3]) / size**3 - 1) < 0.05
        c = (total - x) / (n - 1)
    return x if n >= 3 and agrees else None


def attack(outcome, rng):
    out = []
    for at, release in enumerate(outcome.releases):
        for name, sets in sets_of(release).items():
            for words, where, sums in differences(sets):
                found = [square(sums)] if len(sums) > 2 else []
                found += [fourth(sums)] if len(sums) > 4 else []
                for value in found:
                    if value is not None:
                        text = "%s over %s: one patient makes it up" % (name[1], words)
                        out.append(Claim("dominance", "value", text, at, name, (), (value,), where=where))
    return out
