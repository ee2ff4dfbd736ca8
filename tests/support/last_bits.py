"""Whose last bits are those of a sum? An attack on what a site released.

    tests/support/last_bits.py RADIOMILL [CENTRE [STEP]]     what the analyst takes off all values; a step that he names

A site of 60 patients, 40 variables of nine digits, three groups. The patient whose value is nearest to the centre has the
finest last bit of numbers in floating point. Which level of a group has that bit tells of which group the patient is; the
value follows from the sums of cubes and fourth powers modulo what all others share. Prints how many values were found, and
how many whole profiles (all three groups), right of told; exit code 1 where values are found or profiles are right more
often than guessing (one of eight) explains.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "adversary"))
from bits import cube_root, last  # noqa: E402

PATIENTS, VARIABLES, GROUPS = 60, 40, ("sex", "grade", "response")


def exact(text):
    digits, _, power = text.partition("p")
    return Fraction(int(digits, 16)) * Fraction(2) ** int(power or 0)


def value(sums):
    """The odd multiple of the last bit that one patient has, where all others are multiples of 2^k bits (k from 8)."""
    bit = last(sums[0])
    s = [x / Fraction(2) ** (bit * k) for k, x in enumerate(sums, 1)]
    if len(s) < 4 or any(x.denominator > 1 for x in s) or not s[0] % 2:
        return None
    for k in range(24, 7, -1):
        m = cube_root(int(s[2]) % (1 << 3 * k), 3 * k)
        found = [c for c in (m, m - (1 << 3 * k)) if abs(c) < 1 << 24 and
                 all((c**p - int(s[p - 1])) % (1 << p * k) == 0 for p in (1, 2, 4))]
        if len(found) == 1:
            return float(found[0] * Fraction(2) ** bit)
    return None


def main():
    program, centre = os.path.abspath(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0
    step = ", step: " + sys.argv[3] if len(sys.argv) > 3 else ""
    rng = random.Random(3)
    rows = [[rng.choice("ab") for _ in GROUPS] + ["%.9g" % rng.gauss(0, 1) for _ in range(VARIABLES)] for _ in range(PATIENTS)]
    names = ["f%02d" % i for i in range(VARIABLES)]
    with tempfile.TemporaryDirectory() as work:
        with open(work + "/a.csv", "w") as out:
            out.write("case," + ",".join(GROUPS) + "," + ",".join(names) + "\n")
            out.writelines("p%d,%s\n" % (i, ",".join(r)) for i, r in enumerate(rows))
        study = ("study: bits\nfeatures: [f*]\ncovariates: {%s}\ngroups: [%s]\nvariables: {f*: {centre: %r%s}}\nanalyses: [moments, %sgroups]\n")
        covariates = ", ".join("%s: {levels: [a, b]}" % g for g in GROUPS)
        environment = dict(os.environ, RADIOMILL_STATE=work)
        subprocess.run([program, "keygen", "S"], cwd=work, check=True, capture_output=True, env=environment)
        for powers in ("skewness, ", ""):  # an earlier version has them without being asked
            with open(work + "/s.yaml", "w") as out:
                out.write(study % (covariates, ", ".join(GROUPS), centre, step, powers))
            done = subprocess.run([program, "summarise", "a.csv", "-s", "s.yaml", "-k", "S.key", "-o", "s.radsum", "--withhold"],
                                  cwd=work, capture_output=True, text=True, env=environment)
            if os.path.exists(work + "/s.radsum"):
                break
        if not os.path.exists(work + "/s.radsum"):
            sys.exit("last_bits: " + done.stderr)
        released = json.load(open(work + "/s.radsum"))["variables"]
    values = right = told = 0
    for v, x in enumerate(released):
        column = [float(r[len(GROUPS) + v]) - centre for r in rows]
        who = min(range(PATIENTS), key=lambda i: abs(column[i]))
        sums = [exact(t) for t in (x["sets"][0] or [0, "0"])[1:]]
        sides = [[last(exact(s[1])) if s else 10**6 for s in x["sets"][1 + 2 * g:3 + 2 * g]] for g in range(len(GROUPS))]
        if all(min(a, b) < 10**6 and abs(a - b) >= 3 and min(a, b) == last(sums[0]) for a, b in sides):
            told += 1
            right += ["ab"[a > b] for a, b in sides] == rows[who][:len(GROUPS)]
        found = value(sums)
        values += found is not None and any(abs(found - c) <= 2e-7 * abs(c) for c in column)
    print("%d values, %d of %d profiles right, of %d variables" % (values, right, told, len(released)))
    sys.exit(values > 0 or right > 3 and right > told / 2)


main()
