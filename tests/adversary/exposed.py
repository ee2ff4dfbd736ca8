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
WITH_SQUARES = 1 / 30  # and where sums of squares are known, too


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


class Outcome:
    """What everybody knows of the patients but the attacked column: the response of a family, times, an offset."""

    def __init__(self, rows, family="logistic", ties="efron"):
        self.family, self.n = family, len(rows)
        self.offset = np.array([float(r["logt"]) if family == "poisson" else 0.0 for r in rows])
        self.time = np.array([float(r["months"]) for r in rows])
        of = {"logistic": lambda r: r["response"] == "yes", "poisson": lambda r: int(r["count"]), "cox": lambda r: int(r["relapsed"])}
        self.y = np.array([of[family](r) for r in rows], float)
        self.sets = [np.ones(self.n), np.array([float(r["sex"] == "F") for r in rows])]  # that releases sum over
        if family == "cox":
            self.make_risks(ties)

    def make_risks(self, ties):
        """Each distribution over those at risk: how many of the order (the latest first), which of them die there, what
        share of these has left, and how often it counts."""
        self.order = np.argsort(-self.time, kind="stable")
        time, event = self.time[self.order], self.y[self.order] > 0
        self.risks, at = [], 0
        while at < self.n:
            last = at + int(np.sum(time == time[at]))
            deaths = int(np.sum(event[at:last]))
            for k in range(deaths if ties == "efron" else min(deaths, 1)):
                self.risks.append((last, at, k / deaths if ties == "efron" else 0.0, 1 if ties == "efron" else deaths))
            at = last
        self.event = event

    def pairs(self):
        """[i, j]: does i have the event before j is gone?"""
        if self.family != "cox":
            return (self.y[:, None] == 1) & (self.y[None, :] == 0)
        earlier = (self.time[:, None] < self.time[None, :]) | ((self.time[:, None] == self.time[None, :]) & (self.y[None, :] == 0))
        return earlier & (self.y[:, None] == 1)

    def at_risk(self, values):
        """Sums over those at risk, [row][distribution], of values [row][patient] in the order."""
        all_of = np.cumsum(values, axis=1)
        dying = np.cumsum(values * self.event, axis=1)
        out = []
        for last, first, share, _ in self.risks:
            gone = dying[:, last - 1] - (dying[:, first - 1] if first else 0)
            out.append(all_of[:, last - 1] - share * gone)
        return np.array(out).T


def cox_numbers(o, columns, eta, whole):
    """Log likelihood, scores and (whole) informations, [number][row], of columns and predictors [row][patient]."""
    times = np.array([t for *_, t in o.risks])
    z, eta = [c[:, o.order] for c in columns], eta[:, o.order]
    hazard = np.exp(eta)
    sums = o.at_risk(hazard)
    means = [o.at_risk(hazard * c) / sums for c in z]
    out = [(eta * o.event).sum(1) - (times * np.log(sums)).sum(1)]
    out += [(c * o.event).sum(1) - (times * m).sum(1) for c, m in zip(z, means)]
    for j in range(len(z) if whole else 0):
        for l in range(j + 1):
            out.append((times * (o.at_risk(hazard * z[j] * z[l]) / sums - means[j] * means[l])).sum(1))
    return out


def glm_numbers(o, columns, eta, whole):
    """The same of the other families, of contributions of each patient: [number][patient]."""
    eta = eta + o.offset
    mu = np.exp(eta) if o.family == "poisson" else 1 / (1 + np.exp(-eta))
    w = mu if o.family == "poisson" else mu * (1 - mu)
    out = [o.y * eta - (mu if o.family == "poisson" else np.log(1 + np.exp(eta)))]
    out += [c * (o.y - mu) for c in columns]
    return out + [columns[l] * w * columns[j] for j in range(len(columns) if whole else 0) for l in range(j + 1)]


def each(values):
    """[row][patient]: in row i the value of patient i is moved."""
    return np.tile(values.astype(complex), (len(values), 1)) + 1e-30j * np.eye(len(values))


def moved(o, z, beta, column, whole):
    """How each number changes with each value of a column of the model."""
    if o.family != "cox":
        x = z.astype(complex)
        x[:, column] += 1e-30j
        return np.imag(glm_numbers(o, list(x.T), x @ beta, whole)) / 1e-30
    columns = [each(z[:, j]) if j == column else np.tile(z[:, j], (o.n, 1)) for j in range(z.shape[1])]
    return np.imag(cox_numbers(o, columns, sum(b * c for b, c in zip(beta, columns)), whole)) / 1e-30


def order(o, eta):
    """How pairs in order, and what their error is of, change with each predictor: each pair counts as a logistic curve of
    the distance of its predictors, a fifth of their deviation wide. Rows, and what is not told of each: one pair."""
    pair, wide = o.pairs(), 0.2 * eta.std()
    wins = 2 / (1 + np.exp(-(eta[:, None] - eta[None, :]) / wide)) * pair
    slope = wins * (1 - wins / 2) / wide
    own, by = wins.sum(1) + wins.sum(0), slope.sum(1) - slope.sum(0)  # of each patient: pairs; how all pairs change
    if o.family == "cox":
        count = pair.sum(1) + pair.sum(0)
        spread = lambda c: c * by + slope @ c - slope.T @ c  # sum of c d, c fixed
        return [by, 2 * spread(own), spread(count)], [2, 4 * own.max(), 2 * count.max()]
    e, n = pair.any(1).sum(), pair.any(0).sum()
    of = np.where(o.y == 1, e * (n - 1), n * (e - 1))
    squares = 2 * (of * own * by + slope @ (of * own) - slope.T @ (of * own))
    return [by, squares - 2 * (e + n - 2) * wins.sum() * by], [2, 4 * e * n * (e + n)]


def calibration(o, eta):
    """How slope and intercept of the outcome on a predictor, and their variances, change with it; told to a millionth."""
    rows = each(eta)
    ones = np.ones_like(rows)
    at = np.array([np.zeros(o.n, complex), np.ones(o.n, complex)])
    for _ in range(40):
        if o.family == "cox":
            _, score, information = cox_numbers(o, [rows], at[1][:, None] * rows, True)
            at[1] += score / information
            continue
        mu = 1 / (1 + np.exp(-(at[0][:, None] + at[1][:, None] * rows)))
        w, off = mu * (1 - mu), o.y - mu
        a, b, c = w.sum(1), (w * rows).sum(1), (w * rows**2).sum(1)
        det, s, t = a * c - b * b, off.sum(1), (off * rows).sum(1)
        at += np.array([c * s - b * t, a * t - b * s]) / det
    if o.family == "cox":
        numbers = [at[1], 1 / information]
    else:
        numbers = [at[1], a / det, at[0], c / det]
    return np.imag(numbers) / 1e-30, [1e-6] * len(numbers)


def at_left_out(o, eta, digits, ask):
    """How the likelihood, and the order, of a site that was left out change with the predictor of each patient."""
    rounding = 2.0**digits * math.sqrt(o.n / 12)
    numbers = (cox_numbers(o, [], each(eta), False) if o.family == "cox" else glm_numbers(o, [], eta + 1e-30j, False))
    rows, noise = [np.imag(numbers[0]) / 1e-30], [rounding]
    if ask == "order":
        for more, by in (order(o, eta), predicted(o, eta, rounding), calibration(o, eta)):
            rows, noise = [*rows, *more], [*noise, *by]
    return np.array(rows) / np.array(noise)[:, None]


def predicted(o, eta, rounding):
    """Sums of probabilities, and of squares of outcomes less these."""
    mu = 1 / (1 + np.exp(-eta))
    w = mu * (1 - mu)
    return ([w, -2 * (o.y - mu) * w], [rounding] * 2) if o.family == "logistic" else ([], [])


def slopes(x, o, state, point, column):
    """Of each number of a point how it changes with each value of a column, over what rounding adds to it."""
    ask, _, _, digits, fine, beta = point
    scales, sizes = np.array([t[1:] for t in state["terms"]]), [2.0**s for s in state["sizes"]]
    z = x.copy()
    z[:, 1:] = (x[:, 1:] - scales[:, 0]) / scales[:, 1]
    if not state["intercept"]:
        z, column = z[:, 1:], column - 1
    unit = 1 / scales[column - state["intercept"], 1]
    root = math.sqrt(o.n / 12)
    if ask == "moments":  # what tells the spread of the columns; the score is told with more digits one round later
        return np.array([np.ones(o.n), 2 * z[:, column]]) * unit / (2.0**-30 * root)
    if ask in ("order", "deviance"):
        return at_left_out(o, z @ np.array(beta) + o.offset * (o.family == "cox"), digits, ask) * unit * beta[column]
    rows = moved(o, z, np.array(beta), column, ask == "information") * unit
    noise = [2.0**digits] + [2.0**digits * s for s in sizes]
    if ask == "information":
        noise += [2.0**fine * sizes[j] * sizes[l] for j in range(len(sizes)) for l in range(j + 1)]
    return rows / (np.array(noise) * root)[:, None]


def left(rows, spread):
    """Deviations that are left of each value, and how many equations all numbers are worth."""
    _, s, v = np.linalg.svd(np.vstack(rows) * spread, full_matrices=False)
    share = s**2 / (s**2 + 1)
    return np.sqrt(np.maximum(1 - share @ v**2, 0)), share.sum()


def closest(told, x, o):
    """Of all columns: the least of them, in an honest fit; the least with the sums of values and of squares that releases
    tell exactly, over all patients and each sex; the equations; and if each round had an information of all digits, as
    fits without rules have."""
    out = []
    free = [(s, ["information", *p[1:3], -40, -40, p[5]]) for s, p, _ in told if p[0] not in ("moments", "order", "deviance")]
    for column in range(1, x.shape[1]):
        spread = x[:, column].std()
        own = (x[:, column] - x[:, column].mean()) / spread
        rows = [(p, slopes(x, o, s, p, column)[: told_of(o, p, n)]) for s, p, n in told]
        least, worth = left([r for p, r in rows if p[0] != "moments"], spread)
        released = np.array([s * v for s in o.sets for v in (1, 2 * own)]) * 1e9
        squares, _ = left([r for _, r in rows] + [released], spread)
        wide = left([slopes(x, o, s, p, column) for s, p in free], spread)[0]
        out.append((least.min(), squares.min(), worth, wide.min()))
    return [f(v) for f, v in zip((min, min, max, min), zip(*out))]


def told_of(o, point, numbers):
    """Rows of a point that left: those of an order that stayed at home did not; some of its numbers are no rows."""
    known = 2 if o.family == "cox" else 1
    return {"moments": 2, "order": max(1, len(numbers) - known)}.get(point[0], len(numbers))
