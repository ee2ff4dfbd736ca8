"""How closely all numbers of an honest fit tell the value of one patient, to whom they tell most.

Who knows all other columns, and of the attacked one only how it is spread, has of each number that leaves an equation,
rounded to public digits. At the truth, where equations tell most, the deviation that is left of each value follows from
their slopes (a normal approximation, as good as an attacker gets who has found the right answer among others): the
square root of the diagonal of (1 / s^2 + J' N^-1 J)^-1, in deviations s of the column. All numbers of all rounds count.
"""

import csv
import json
import math
import os
import random
import subprocess
import sys

import numpy as np

CLOSEST = 0.1  # what docs/federation.md promises


def value_of(text):
    """-1f3p-48 is -0x1f3 times 2^-48."""
    digits, _, power = text.partition("p")
    return math.ldexp(int(digits, 16), int(power or 0)) if digits else 0.0


def spread_out(folder, sites, seed, kind):
    """Other columns get long tails, or one patient a predictor far from all."""
    rng = random.Random(seed)
    for s in sites:
        path = os.path.join(folder, s + ".csv")
        with open(path) as f:
            rows = list(csv.DictReader(f))
        for r in rows:
            for t in ("f2", "f3", "f4") if kind == "cubed" else ():
                r[t] = repr(round(float(r[t]) ** 3 / 3 * 4096) / 4096)
        if kind == "far":
            rng.choice(rows)["f3"] = "6.0"
        with open(path, "w", newline="") as f:
            out = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(rows)


def fit(program, folder, maker, study, seed, kind, patients=150, sites="ABCD"):
    """A fit from its first round to its end or a refusal: what A answered, as (state, point, sums), and the last words."""
    env = dict(os.environ, RADIOMILL_STATE=os.path.join(folder, "state"))
    run = lambda *a: subprocess.run([program, *a], cwd=folder, env=env, capture_output=True, text=True)
    subprocess.run([sys.executable, maker, folder, str(patients), str(len(sites)), str(seed)], check=True)
    spread_out(folder, sites, seed, kind)
    with open(os.path.join(folder, "s.yaml"), "w") as f:
        f.write(study)
    for name in sites + "H":
        assert run("keygen", name).returncode == 0
    with open(os.path.join(folder, "trusted"), "w") as f:
        f.write("".join(open(os.path.join(folder, s + ".pub")).read() for s in sites))
    told, answers, words = [], [], ""
    for number in range(40):
        done = run("fit", "s.yaml", "-m", "a", "-k", "trusted", "--key", "H.key", "-o", "a.state", *answers)
        state = json.load(open(os.path.join(folder, "a.state")))
        words = done.stderr or state["result"]
        if done.returncode or state["result"]:
            break
        answers = ["%s-a-%d.radsum" % (s, number) for s in sites]
        steps = [
            run("step", s + ".csv", "-s", "s.yaml", "--state", "a.state", "-k", s + ".key") for s in sites
        ]
        if steps[0].returncode == 0:
            sums = json.load(open(os.path.join(folder, answers[0])))["points"]
            told += [(state, p, [value_of(t) for t in s]) for p, s in zip(state["points"], sums) if s]
        refused = [s for s in steps if s.returncode]
        if refused:
            words = refused[0].stderr.strip().splitlines()[-1]
            break
    return told, words


def order(eta, y, mu, digits):
    """Of pairs in order, what their error is of, and what is expected: each pair counts as a logistic curve of the
    distance of its predictors, a fifth of their deviation wide. Numbers, and what is not told of each: one pair, a digit."""
    yes, no = eta[y == 1], eta[y == 0]
    e, o = len(yes), len(no)
    wins = 2 / (1 + np.exp(-(yes[:, None] - no[None, :]) / (0.2 * eta.real.std())))
    of_yes, of_no = wins.sum(1), wins.sum(0)
    spread = e * (o - 1) * (of_yes**2).sum() + o * (e - 1) * (of_no**2).sum() - (e + o - 2) * wins.sum() ** 2
    return [wins.sum(), spread, mu.sum(), ((y - mu) ** 2).sum()], [2, 4 * e * o * (e + o), 2.0**digits, 2.0**digits]


def calibration(eta, y):
    """Slope and intercept of the outcome on a predictor, and their variances; taken as told to a millionth."""
    z, at = np.array([np.ones(len(y)), eta]), np.array([0, 1], complex)
    for _ in range(40):
        mu = 1 / (1 + np.exp(-(at @ z)))
        inverse = np.linalg.inv((z * (mu * (1 - mu))) @ z.T)
        at = at + inverse @ (z @ (y - mu))
    return [at[1], inverse[1, 1], at[0], inverse[0, 0]], [1e-6] * 4


def at_left_out(z, y, eta, digits, ask, beta):
    """The same of the likelihood, and of the order, of a site that was left out: by the predictor of each patient."""
    rows, noise = [], []
    for i in range(len(y)):
        moved = eta.real.astype(complex)
        moved[i] += 1e-30j
        mu = 1 / (1 + np.exp(-moved))
        numbers, told = [np.sum(y * moved - np.log(1 + np.exp(moved)))], [2.0**digits * math.sqrt(len(y) / 12)]
        if ask == "order":
            more, by = order(moved, y, mu, digits)
            numbers, told = numbers + more, told + [by[0], by[1]] + [b * math.sqrt(len(y) / 12) for b in by[2:]]
            more, by = calibration(moved, y)
            numbers, told = numbers + more, told + by
        rows.append(np.imag(numbers) / 1e-30)
        noise = told
    return np.array(rows).T / np.array(noise)[:, None] * np.imag(eta[0] / 1e-30 if beta else 0)


def slopes(x, y, state, point, column):
    """Of each number of a point how it changes with each value of a column, over what rounding adds to it."""
    ask, _, _, digits, fine, beta = point
    if ask == "moments":
        return np.zeros((0, len(y)))
    scales, sizes = np.array([t[1:] for t in state["terms"]]), [2.0**s for s in state["sizes"]]
    z = x.astype(complex)
    z[:, column] += 1e-30j
    z[:, 1:] = (z[:, 1:] - scales[:, 0]) / scales[:, 1]
    eta = z @ np.array(beta)
    mu = 1 / (1 + np.exp(-eta))
    rows, noise = [y * eta - np.log(1 + np.exp(eta))], [2.0**digits]
    if ask in ("order", "deviance"):
        return at_left_out(z, y, eta, digits, ask, beta[column])
    for j in range(z.shape[1]):
        rows.append(z[:, j] * (y - mu))
        noise.append(2.0**digits * sizes[j])
    for j in range(z.shape[1] if ask == "information" else 0):
        for l in range(j + 1):
            rows.append(z[:, l] * mu * (1 - mu) * z[:, j])
            noise.append(2.0**fine * sizes[j] * sizes[l])
    return np.imag(rows) / 1e-30 / (np.array(noise) * math.sqrt(len(y) / 12))[:, None]


def left(rows, spread):
    """Deviations that are left of each value, and how many equations all numbers are worth."""
    _, s, v = np.linalg.svd(np.vstack(rows) * spread, full_matrices=False)
    share = s**2 / (s**2 + 1)
    return np.sqrt(np.maximum(1 - share @ v**2, 0)), share.sum()


def closest(told, x, y):
    """Of all columns: the least of them, in an honest fit, and the equations; and if each round had an information of all
    digits, as fits without rules have."""
    out = []
    free = [(s, ["information", *p[1:3], -40, -40, p[5]]) for s, p, _ in told if p[0] not in ("moments", "order", "deviance")]
    for column in range(1, x.shape[1]):
        spread = x[:, column].std()
        least, worth = left([slopes(x, y, s, p, column)[: len(n) - (p[0] == "order")] for s, p, n in told], spread)
        wide = left([slopes(x, y, s, p, column) for s, p in free], spread)[0]
        out.append((least.min(), worth, wide.min()))
    return [f(v) for f, v in zip((min, max, min), zip(*out))]
