"""One patient who makes up a sum, or what is left over by subtraction, is the root of the sum of squares."""

from attacks.newton import about, differences, sets_of
from claims import Claim


def attack(outcome, rng):
    out = []
    for at, release in enumerate(outcome.releases):
        for name, sets in sets_of(release).items():
            everybody = next((s for w, s in sets.items() if len(w) == 1 and 1 in s and s.get(0)), None)
            mean = everybody[1] / everybody[0] if everybody else 0
            for words, where, sums in differences(sets):
                if len(sums) < 3:
                    continue
                for c in {0, mean}:
                    p = [float(x) for x in about(sums, c)]
                    if p[2] <= 0:
                        continue
                    size = p[2] ** 0.5
                    agrees = abs(abs(p[1]) / size - 1) < 0.25 if c == 0 else False
                    sign = 1 if p[1] >= 0 else -1
                    if len(p) > 4 and p[4] > 0:
                        agrees = abs(p[4] ** 0.25 / size - 1) < 0.05
                        sign, size = (1 if p[3] >= 0 else -1), p[4] ** 0.25
                    if agrees:
                        value = sign * size + float(c)
                        text = "%s over %s: one patient makes it up" % (name[1], words)
                        out.append(Claim("dominance", "value", text, at, name, (), (value,)))
    return out
