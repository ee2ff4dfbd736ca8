#!/usr/bin/env python3
"""A hostile coordinator of models in rounds: knows all columns of a site but f1, and asks at coefficients of its choice.

usage: rounds.py PROGRAM [SEED]

Each attack is first made on sums as a site without rules would give them, where it must succeed, and then on the
answers of the program, until it refuses. Exit code 1 when a value is recovered there (within a thousandth of the spread;
of outliers within a hundredth of their distance), or an attack fails where nothing hinders it.
"""

import csv
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile

import numpy as np

import exposed

HERE = os.path.dirname(os.path.abspath(__file__))
TERMS = ["f1", "f2", "f3", "f4"]  # the first is attacked
STUDY = """study: %s
features: ["f*"]
covariates: {age: {unit: years, step: 0.25}, sex: {levels: [F, M]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex]
analyses: [moments, groups]
models:
  a: {family: logistic, response: response, terms: [f1, f2, f3, f4], rounds: 200}
  b: {family: logistic, response: response, terms: [f1, f2, f3, f4], rounds: 200}
  c: {family: logistic, response: response, terms: [f2, f3, f4], offset: f1, rounds: 200}
"""


class Site:
    """What the coordinator talks to: states go in, sums come out, or None and why."""

    def __init__(self, program, folder):
        self.program, self.folder, self.asked = program, folder, 0
        env = dict(os.environ, RADIOMILL_STATE=os.path.join(folder, "state"))
        self.run = lambda *a: subprocess.run([program, *a], cwd=folder, env=env, capture_output=True, text=True)
        subprocess.run([sys.executable, os.path.join(HERE, "../support/rounds.py"), folder, "150", "1"], check=True)
        assert self.run("keygen", "A").returncode == 0
        for name in ("s", "t"):
            with open(os.path.join(folder, name + ".yaml"), "w") as f:
                f.write(STUDY % name)
        self.rows = list(csv.DictReader(open(os.path.join(folder, "A.csv"))))

    def ask(self, beta, study="s", model="a", digits=-30, ask="score"):
        """The score at these coefficients."""
        with open(os.path.join(self.folder, study + ".yaml"), "rb") as f:
            digest = hashlib.blake2b(f.read(), digest_size=32).hexdigest()
        self.asked += 1
        terms = TERMS[1:] if model == "c" else TERMS
        state = {
            "format": "radiomill state 1",
            "study": {"id": study, "hash": digest},
            "model": model,
            "round": self.asked,
            "previous": "",
            "result": "",
            "lambda": "",
            "intercept": True,
            "terms": [[t, 0.0, 1.0] for t in terms],
            "sizes": [0] * (1 + len(terms)),
            "points": [[ask, "", "", digits, -30, [float(b) for b in beta]]],
            "summed": [],
            "memory": "",
        }
        with open(os.path.join(self.folder, "x.state"), "w") as f:
            json.dump(state, f)
        done = self.run("step", "A.csv", "-s", study + ".yaml", "--state", "x.state", "-k", "A.key", "-o", "x.radsum")
        if done.returncode:
            return None, done.returncode, done.stderr.strip().splitlines()[-1]
        point = json.load(open(os.path.join(self.folder, "x.radsum")))["points"][0]
        return np.array([value_of(t) for t in point[1 : 2 + len(terms)]]), 0, ""


def value_of(text):
    """-1f3p-48 is -0x1f3 times 2^-48."""
    digits, _, power = text.partition("p")
    return math.ldexp(int(digits, 16), int(power or 0)) if digits else 0.0


class World:
    def __init__(self, rows):
        self.x = np.array([[1.0] + [float(r[t]) for t in TERMS] for r in rows])
        self.y = np.array([r["response"] == "yes" for r in rows], float)
        self.secret = self.x[:, 1].copy()
        self.known = self.x.copy()
        self.known[:, 1] = 0

    def mean(self, beta):
        """Without the attacked column, whose coefficient is 0."""
        eta = np.clip(self.known @ beta, -700, 700)
        return 1 / (1 + np.exp(-eta))

    def row(self, beta):
        return self.y - self.mean(beta)

    def free(self, beta):
        """What a site without rules would answer: the score of the attacked column."""
        return float(self.row(beta) @ self.secret)

    def recovered(self, guess):
        spread = np.subtract(*np.percentile(self.secret, [84, 16])) / 2
        far = np.abs(self.secret - np.median(self.secret))
        off = np.abs(guess - self.secret)
        return int(np.sum((off <= 1e-3 * spread) | ((far > 3 * spread) & (off <= 0.01 * far))))


def solve(rows, values, prior):
    """The values nearest to the mean that have these sums."""
    rows, values = np.array(rows), np.array(values)
    start = np.full(rows.shape[1], prior)
    return start + np.linalg.lstsq(rows, values - rows @ start, rcond=1e-13)[0]


def random_betas(w, rng, count, size):
    return [np.concatenate([[rng.normal()], [0], rng.normal(size=3) * size]) for _ in range(count)]


def between(w, rng):
    """Two steep steps of the predictor between which one patient lies."""
    direction = rng.normal(size=3)
    u = w.known[:, 2:] @ direction
    order = np.argsort(u)
    i = int(np.argmax(np.diff(u[order])[1:-1] + np.diff(u[order])[:-2]) + 1)
    i = min(max(i, 1), len(u) - 2)
    low, high = (u[order[i - 1]] + u[order[i]]) / 2, (u[order[i]] + u[order[i + 1]]) / 2
    gap = min(u[order[i]] - low, high - u[order[i]])
    steep = 60 / gap
    return order[i], [np.concatenate([[-steep * c], [0], steep * direction]) for c in (low, high)]


def predict(x, y, point, scales):
    """What a site answers at a point, of columns as the state scales them."""
    z = x.copy()
    z[:, 1:] = (x[:, 1:] - scales[:, 0]) / scales[:, 1]
    eta = np.clip(z @ point["beta"], -700, 700)
    mu = 1 / (1 + np.exp(-eta))
    out = [np.sum(y * eta - np.logaddexp(0, eta)), *(z.T @ (y - mu))]
    if point["ask"] == "information":
        full = (z * (mu * (1 - mu))[:, None]).T @ z
        out += [full[l, j] for j in range(z.shape[1]) for l in range(j + 1)]
    return np.array(out)


def honest(program, folder, rng):
    """A fit of four sites as it should be; then all values of f1 at A from its answers, by least squares from the mean."""
    env = dict(os.environ, RADIOMILL_STATE=os.path.join(folder, "state"))
    run = lambda *a: subprocess.run([program, *a], cwd=folder, env=env, capture_output=True, text=True)
    subprocess.run([sys.executable, os.path.join(HERE, "../support/rounds.py"), folder, "150"], check=True)
    with open(os.path.join(folder, "s.yaml"), "w") as f:
        f.write(STUDY % "s")
    for name in "ABCDH":
        assert run("keygen", name).returncode == 0
    with open(os.path.join(folder, "trusted"), "w") as f:
        f.write("".join(open(os.path.join(folder, s + ".pub")).read() for s in "ABCD"))
    w = World(list(csv.DictReader(open(os.path.join(folder, "A.csv")))))
    told, answers = [], []
    for number in range(40):
        done = run("fit", "s.yaml", "-m", "a", "-k", "trusted", "--key", "H.key", "-o", "a.state", *answers)
        state = json.load(open(os.path.join(folder, "a.state")))
        if done.returncode or state["result"]:
            break
        answers = ["%s-a-%d.radsum" % (s, number) for s in "ABCD"]
        if any(run("step", s + ".csv", "-s", "s.yaml", "--state", "a.state", "-k", s + ".key").returncode for s in "ABCD"):
            break
        sums = [value_of(t) for t in json.load(open(os.path.join(folder, answers[0])))["points"][0]]
        ask, _, _, digits, fine, beta = state["points"][0]
        if ask == "moments":
            continue
        scales = np.array([t[1:] for t in state["terms"]])
        noise = np.full(len(sums), 2.0**digits * math.sqrt(len(w.y) / 12))
        noise[6:] = 2.0**fine * math.sqrt(len(w.y) / 12)
        told.append(({"ask": ask, "beta": np.array(beta)}, scales, np.array(sums), noise))
    guess = np.full(len(w.y), np.mean(w.secret))  # the mean of the site is in its release
    damping = 1.0
    def miss(v):
        x = w.x.copy()
        x[:, 1] = v
        return np.concatenate([(predict(x, w.y, p, s) - t) / e for p, s, t, e in told])
    for _ in range(30):
        base = miss(guess)
        slope = np.array([(miss(guess + 1e-6 * row) - base) / 1e-6 for row in np.eye(len(guess))]).T
        step = np.linalg.lstsq(np.vstack([slope, damping * np.eye(len(guess))]),
                               np.concatenate([-base, np.zeros(len(guess))]), rcond=None)[0]
        if np.sum(miss(guess + step) ** 2) < np.sum(base**2):
            guess, damping = guess + step, damping / 3
        else:
            damping *= 5
    return w.recovered(guess), len(w.y), len(told)


def offset(program, folder, rng):
    """Intercepts alone, of a model whose offset is the attacked column: how many equations for it are told, to the
    digits of the answers. Without rules, and at the site until it refuses."""
    site = Site(program, folder)
    w = World(site.rows)
    x = w.known[:, [0, 2, 3, 4]]

    def slopes(b):
        mu = 1 / (1 + np.exp(-(b + w.secret)))
        return (x * (mu * (1 - mu))[:, None]).T

    asked = [rng.normal() * 3 for _ in range(60)]

    def equations(rows):
        noise = 2.0**-30 * math.sqrt(len(w.y) / 12)
        return int(np.sum(np.linalg.svd(np.vstack(rows), compute_uv=False) > 10 * noise)) if rows else 0

    told, code = [], 0
    for b in asked:
        score, code, _ = site.ask([b, 0, 0, 0], model="c")
        if score is None:
            break
        told.append(slopes(b))
    return equations([slopes(b) for b in asked]), equations(told), len(told), code, len(w.y)


def orders(program, folder, rng):
    """Who had the event, by pairs in order at many coefficients of the columns that are known: each is a sum of ranks over
    the events. Without rules, and of the answers of the site, which has three models of that outcome."""
    site = Site(program, folder)
    w = World(site.rows)
    betas = [b for b in random_betas(w, rng, len(w.y) + 20, 1.0)]

    def ranks(b):
        u = w.known @ b
        return np.array([np.sum(u < v) + np.sum(u <= v) for v in u], float)

    def found(rows, values):  # the number of events is told
        rows, values = np.array(rows + [np.ones(len(w.y))]), np.array(values + [w.y.sum()])
        guess = np.linalg.lstsq(rows, values - rows @ np.full(len(w.y), w.y.mean()), rcond=1e-9)[0] + w.y.mean()
        certain = np.abs(guess - np.round(guess)) < 0.02
        return int(np.sum(certain & (np.round(guess) == w.y)))

    event = w.y.sum()
    free = found([ranks(b) for b in betas], [ranks(b) @ w.y for b in betas])
    rows, values, refused = [], [], 0
    for k, b in enumerate(betas[:12]):
        got, code, _ = site.ask(b, study="st"[k % 2], model="ab"[k // 2 % 2], ask="order", digits=-26)
        refused += got is None
        if got is not None and len(got):
            rows.append(ranks(b))
            values.append(got[0] + event * event)  # doubled pairs to doubled ranks
            assert abs(values[-1] - rows[-1] @ w.y) < 0.5
    return free, found(rows, values), len(rows), refused, len(w.y)


MODEL = "a: {family: %s, terms: [%s], rounds: 200%s}"
FAMILIES = {"logistic": "logistic, response: response", "poisson": "poisson, response: count, offset: logt",
            "efron": "cox, response: relapse", "breslow": "cox, response: relapse, ties: breslow"}
LASSO = ", digits: 3, penalty: {kind: lasso, path: 5, ratio: 0.1}"
CHOSEN = ", digits: 2, validate: leave-one-site-out, penalty: {kind: lasso, path: 5, ratio: 0.1, choose: bic}"
VALIDATED = ", validate: leave-one-site-out"
ELASTIC, RIDGE = (", digits: 3, penalty: {kind: %s}" % p for p in ("elastic, alpha: 0.5, lambda: [0.1, 0.03]", "ridge, lambda: [0.1, 0.03]"))
# Family, what else the model says, how the columns are spread, patients of the first site, seed.
KINDS = [("logistic", "", kind, 150, seed) for kind, seed in (("plain", 1), ("plain", 2), ("far", 1), ("cubed", 1), ("cubed", 2), ("cubed", 4))]
KINDS += [("logistic", VALIDATED, "validated", 600, 1), ("logistic", CHOSEN, "chosen", 150, 1), ("logistic", CHOSEN, "chosen", 150, 2)]
KINDS += [("logistic", "", "one", patients, seed) for patients, seed in ((150, 1), (150, 2), (300, 2), (300, 6))] # of one term, as a calibration is
for family in ("poisson", "efron", "breslow"):
    KINDS += [(family, "", kind, 150, seed) for kind, seed in (("plain", 1), ("plain", 2), ("far", 1), ("cubed", 1))]
    KINDS += [(family, LASSO, "lasso", 150, 1), (family, ELASTIC, "elastic", 150, 1), (family, RIDGE, "ridge", 150, 1)]
    KINDS += [(family, CHOSEN, "chosen", 150, 1), (family, VALIDATED, "validated", 300, 1)]


def exposed_fits(program, kinds):
    """The most exposed patient of honest fits, by all numbers of all rounds together: name, what exposed.closest says,
    answers, last words."""
    for family, more, kind, patients, seed in kinds:
        with tempfile.TemporaryDirectory() as folder:
            study = STUDY % "s"
            terms = TERMS[:1] if kind == "one" else TERMS
            study = study[: study.index("models:")] + "models:\n  " + MODEL % (FAMILIES[family], ", ".join(terms), more) + "\n"
            study = study.replace('["no", "yes"]}}', '["no", "yes"]}, count: number, relapse: {time: months, event: relapsed, grid: [0, 12, 24]}}')
            study = study.replace("sex: {levels: [F, M]}}", "sex: {levels: [F, M]}, logt: number}")
            maker = os.path.join(HERE, "../support/rounds.py")
            told, words = exposed.fit(program, folder, maker, study, seed, kind, patients)
            rows = list(csv.DictReader(open(os.path.join(folder, "A.csv"))))
            outcome = exposed.Outcome(rows, "cox" if family in ("efron", "breslow") else family, family)
            found = exposed.closest(told, World(rows).x[:, : 1 + len(terms)], outcome)
        yield "%s %s %d" % (family, kind, seed), found, len(told), words


def main(program, seed=1):
    rng = np.random.default_rng(seed)
    failures = 0

    def report(name, good, words):
        nonlocal failures
        failures += not good
        print("%-44s %s%s" % (name, words, "" if good else "   FAILED"))

    with tempfile.TemporaryDirectory() as folder:
        w = World(Site(program, folder).rows)
        n = len(w.y)
    # As many coefficients as there are patients, steep or flat: linear equations for the column.
    for size in (0.3, 3.0):
        betas = random_betas(w, rng, n + 20, size)
        free = w.recovered(solve([w.row(b) for b in betas], [w.free(b) for b in betas], 0.0))
        report("random coefficients (%g), no rules" % size, free == n, "%d of %d" % (free, n))
        with tempfile.TemporaryDirectory() as folder:
            site, rows, values, why = Site(program, folder), [], [], ""
            refused = 0
            for k, b in enumerate(betas):
                score, code, why_now = site.ask(b, study="st"[k % 2], model="ab"[k // 2 % 2])
                if score is None:
                    refused, why = refused + 1, why_now
                    assert code in (10, 11), why_now
                    if refused == 5:
                        break
                    continue
                rows.append(w.row(b))
                values.append(score[1])
            got = w.recovered(solve(rows, values, 0.0)) if rows else 0
            luck = 3  # of 150 normal values some lie near any guess
            report("random coefficients (%g), the site" % size, refused > 0 and got <= luck,
                   "%d of %d by %d answers; %s" % (got, n, len(rows), why[:60]))
    # One patient between two steps.
    who, betas = between(w, rng)
    free = w.free(betas[1]) - w.free(betas[0])
    report("one patient between two steps, no rules", abs(free - w.secret[who]) < 1e-6, "%.6f" % free)
    for studies, models in (("ss", "aa"), ("ss", "ab"), ("st", "aa")):
        with tempfile.TemporaryDirectory() as folder:
            site = Site(program, folder)
            answers = [site.ask(b, study=s, model=m) for b, s, m in zip(betas, studies, models)]
            both = all(a[0] is not None for a in answers)
            report("the same, studies %s, models %s, the site" % (studies, models), not both and answers[-1][1] == 10,
                   answers[-1][2][:70])
    # After a release by sex: a step that is the sex but for few.
    with tempfile.TemporaryDirectory() as folder:
        site = Site(program, folder)
        assert site.run("summarise", "A.csv", "-s", "s.yaml", "-k", "A.key").returncode == 0
        answers = [site.ask(b) for b in betas]
        report("after a release, the site", answers[1][0] is None, answers[1][2][:70])
    # Digits so coarse that a sum counts who is large.
    with tempfile.TemporaryDirectory() as folder:
        score, code, why = Site(program, folder).ask(np.zeros(5), digits=4)
        report("coarse digits, the site", score is None and code == 10, why[:70])
    with tempfile.TemporaryDirectory() as folder:
        free, told, rounds, code, n = offset(program, folder, rng)
        report("an offset by intercepts, no rules", free > 0.2 * n, "%d equations for %d patients" % (free, n))
        report("the same, the site", code in (10, 11) and told < free / 2, "%d, by %d answers" % (told, rounds))
    with tempfile.TemporaryDirectory() as folder:
        free, got, told, refused, n = orders(program, folder, rng)
        report("outcomes by orders, no rules", free == n, "%d of %d" % (free, n))
        report("the same, the site", 0 < told <= 4 and not got, "%d, by %d orders of 12; %d refused" % (got, told, refused))
    with tempfile.TemporaryDirectory() as folder:
        got, all_of, rounds = honest(program, folder, rng)
        report("an honest fit, all other columns known", got <= 3, "%d of %d by %d rounds" % (got, all_of, rounds))
    for name, (least, squares, worth, free), count, words in exposed_fits(program, KINDS):
        report("most exposed, %s" % name, least >= exposed.CLOSEST and squares >= exposed.WITH_SQUARES,
               "told to %.3f, with squares %.3f, no rules %.4f; %d answers, worth %.1f equations; %s"
               % (least, squares, free, count, worth, words.strip()[:40]))
        if name.startswith("logistic plain"):
            report("the same, no rules", free < 0.03, "told to %.4f of a deviation" % free)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
