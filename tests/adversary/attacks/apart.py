"""What two sets have beyond each other, where all but one on either side have the same value: the differences of the sums
and of the squares about it are x - y and x^2 - y^2.

No background knowledge: sets are those of the file, and levels of a factor together. Values are multiples of the public
step, which few pairs of numbers are.
"""

import itertools
from fractions import Fraction

from attacks.newton import about, constants, sets_of
from claims import Claim

MOST_LEVELS = 6


def unions(sets):
    """Sums over sets, and over two and more levels of a factor."""
    full = {w: [s[k] for k in range(3)] for w, s in sets.items() if {0, 1, 2} <= set(s)}
    out, factors = list(full.items()), {}
    for where in full:
        own = [p for p in where if p[0] == "level"]
        if len(own) == 1:
            factors.setdefault((own[0][1], tuple(p for p in where if p not in own)), []).append(where)
    for levels in factors.values():
        for size in range(2, len(levels) if len(levels) <= MOST_LEVELS else 0):
            for some in itertools.combinations(levels, size):
                out.append((some, [sum(full[w][k] for w in some) for k in range(3)]))
    return out


def attack(outcome, rng):
    out = []
    for at, release in enumerate(outcome.releases):
        steps = {v["name"]: Fraction(v["step"]) for v in release.summary["variables"] if "step" in v}
        for name, sets in sets_of(release).items():
            some = unions(sets)
            for (a, x), (b, y) in itertools.combinations(some, 2):
                for c in constants(release, name):
                    _, first, second = (p - q for p, q in zip(about(x, c), about(y, c)))
                    if not first or not second or name[1] not in steps:
                        continue
                    one, other = (second / first + first) / 2, (second / first - first) / 2
                    whole = all((v / steps[name[1]]).denominator == 1 for v in (one, other))
                    if not whole or not one or not other or one.denominator == other.denominator == 1:
                        continue
                    values = (float(one + c), float(other + c))
                    text = "%s: one differs from %g on either side of %s and %s" % (name[1], c, a, b)
                    out.append(Claim("apart", "value", text, at, name, (), values))
    return out
