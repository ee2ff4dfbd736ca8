"""Sets in which few differ from a constant: sums of powers about it are those of the few (Newton's identities).

No background knowledge: sets are those of the file, and what is left over by subtraction.
"""

from fractions import Fraction

import numpy as np

from claims import Claim


def sets_of(release):
    """Of each variable: sums (n, S1, ...) by set, and of what a level or a pattern leaves over."""
    out = {}
    for item in release.items:
        if len({*item.factors}) > 1 or any(f[0] in ("level", "batch") for f in item.factors):
            continue
        name = item.factors[0] if item.factors else None
        for part in item.where:
            if part[0] in ("has", "repeated"):
                own = ("number", part[1]) if part[0] == "has" else None
                if name is None and own:
                    out.setdefault(own, {}).setdefault(item.where, {})[0] = item.value
        if name:
            out.setdefault(name, {}).setdefault(item.where, {})[len(item.factors)] = item.value
    for name, sets in out.items():
        for where, sums in sets.items():
            if 0 not in sums:
                counts = [i.value for i in release.items if i.where == where and not i.factors]
                if counts:
                    sums[0] = counts[0]
    return out


def differences(sets):
    """Sets and what they leave over of a larger one, as (words, places, sums from n on)."""
    full = {w: [s[k] for k in range(len(s)) if k in s] for w, s in sets.items() if 0 in s and 1 in s}
    out = [(str(w), w, s) for w, s in full.items()]
    for a, x in full.items():
        inside = [b for b in full if set(a) < set(b)]
        for b in inside:
            y = full[b]
            out.append(("%s without %s" % (a, b), a, [p - q for p, q in zip(x, y)]))
        factors = {p[1] for b in inside for p in b if p[0] == "level"}
        for f in factors:  # what no level that is shown has
            levels = [full[b] for b in inside if len(b) == len(a) + 1 and any(p[:2] == ("level", f) for p in b)]
            if len(levels) > 1:
                size = min(map(len, levels + [x]))
                rest = [x[k] - sum(l[k] for l in levels) for k in range(size)]
                out.append(("%s without the levels of %s" % (a, f), a, rest))
    return [o for o in out if o[2][0] > 0]


def about(sums, c):
    """Sums of (x - c)^k."""
    from math import comb

    return [sum(comb(k, i) * (-c) ** (k - i) * sums[i] for i in range(k + 1)) for k in range(len(sums))]


def roots(p, count):
    """Numbers whose sums of powers are p[0], p[1], ...; None if they are not real."""
    e = [Fraction(1)]
    for k in range(1, count + 1):
        e.append(sum((-1) ** (i - 1) * e[k - i] * p[i - 1] for i in range(1, k + 1)) / k)
    scale = max(abs(float(p[0])) / count, float(abs(p[1])) ** 0.5 if len(p) > 1 else 0) or 1.0
    polynomial = [(-1) ** k * float(e[k]) / scale**k for k in range(count + 1)]
    found = np.roots(polynomial)
    if len(found) < count or np.abs(found.imag).max() > 1e-7 * (1 + np.abs(found).max()):
        return None
    return [float(x) * scale for x in found.real]


def fits(p, values):
    """Do further sums of powers agree with these values?"""
    for k in range(len(values), len(p)):
        mine = sum(v ** (k + 1) for v in values)
        if abs(mine - float(p[k])) > 1e-7 * max(abs(float(p[k])), sum(abs(v) ** (k + 1) for v in values)):
            return False
    return True


def constants(release, name):
    v = next((v for v in release.summary["variables"] if v["name"] == name[1]), {})
    centre = Fraction(v.get("centre") or 0)
    if v.get("transform") == "log":
        return [Fraction(0)]
    return [c - centre for c in (Fraction(0), Fraction(1), Fraction(-1))] + ([Fraction(0)] if centre else [])


def attack(outcome, rng):
    out = []
    for at, release in enumerate(outcome.releases):
        for name, sets in sets_of(release).items():
            for words, where, sums in differences(sets):
                powers = len(sums) - 1
                for c in constants(release, name):
                    p = about(sums, c)[1:]
                    for count in range(1, min(powers, 4) + 1):
                        checked = count < powers or sums[0] == count
                        if not checked and c != 0 and powers < 4:
                            continue
                        found = roots(p[:count], count)
                        if found is None or any(abs(v) < 1e-12 for v in found) or not fits(p, found):
                            continue
                        values = tuple(v + float(c) for v in found)
                        text = "%s over %s: few (%d) differ from %g" % (name[1], words, count, c)
                        out.append(Claim("newton", "value", text, at, name, (), values, where=where))
                        break
    return out
