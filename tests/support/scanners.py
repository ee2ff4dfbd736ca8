"""Studies of scanners within sites, and ComBat of them step by step on the rows of all sites (Johnson, Li and Rabinovic 2007);
CovBat (Chen et al. 2022), which goes on with components of what that leaves.

usage: scanners.py make FOLDER NAME SITE:LEVEL=COUNT,... ... [option: a line of the study]   study.yaml and SITE.csv
       scanners.py check FOLDER SITE:LEVEL=BATCH,... ... [SHARE]   SITE_harmonised.csv; levels of the same batch are one;
                                                                   a share of the variance: CovBat
"""

import csv
import math
import os
import random
import sys

FEATURES = ["f0", "f1", "f2", "f3"]


def parts(words):
    for word in words:
        site, rest = word.split(":")
        yield site, [item.split("=") for item in rest.split(",")]


def make(folder, name, words):
    lines = [w for w in words if ": " in w]
    here = os.path.join(folder, name)
    os.makedirs(here)
    with open(os.path.join(here, "study.yaml"), "w") as out:
        out.write("study: %s\nfeatures: [f*]\nanalyses: [moments, model%s]\nmodel: [age, sex]\ncovariates:\n  age: {step: 0.125}\n  sex: {levels: [F, M]}\n"
                  "  scanner: {levels: [ge, philips, siemens]}\nvariables: {\"f*\": {step: 0.0009765625}}\n" % (name, ", covariance" if "covariance" in str(lines) else ""))
        out.writelines(line + "\n" for line in lines)
    rng = random.Random(name)
    for site, levels in parts(w for w in words if ": " not in w):
        with open(os.path.join(here, site + ".csv"), "w") as out:
            table = csv.writer(out)
            table.writerow(["case", "age", "sex", "scanner"] + FEATURES)
            for level, count in levels:
                for i in range(int(count)):
                    age, sex = rng.randrange(320, 640) / 8, "FM"[i % 2]
                    shift = len(site + level) * (1 + "ABC".index(site))
                    values = [rng.gauss(10 + shift * k / 3 + 0.1 * age * (k == 1) + (sex == "M") * k, 1 + 0.1 * shift) for k in range(4)]
                    table.writerow(["%s%s%03d" % (site, level[:1], i), age, sex, level if level != "none" else ""] + ["%.10f" % (round(1024 * x) / 1024) for x in values])


def solve(a, b):
    """Gauss, of a small positive definite matrix."""
    n = len(b)
    a = [row[:] + [b[i]] for i, row in enumerate(a)]
    for i in range(n):
        for j in range(i + 1, n):
            q = a[j][i] / a[i][i]
            a[j] = [x - q * y for x, y in zip(a[j], a[i])]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (a[i][n] - sum(a[i][j] * x[j] for j in range(i + 1, n))) / a[i][i]
    return x


def mean(x):
    x = list(x)
    return sum(x) / len(x)


def variance(x):
    x = list(x)
    return sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1)


def shrink(gammas, deltas, n):
    """Priors by moments, then iteration to the end, variable by variable."""
    a = (2 * variance(deltas) + mean(deltas) ** 2) / variance(deltas)
    b = (mean(deltas) * variance(deltas) + mean(deltas) ** 3) / variance(deltas)
    bar, tau = mean(gammas), variance(gammas)
    out = []
    for g, d in zip(gammas, deltas):
        gamma, delta = g, d
        for _ in range(2000):
            gamma = (tau * n * g + delta * bar) / (tau * n + delta)
            delta = (0.5 * (d * (n - 1) + n * (g - gamma) ** 2) + b) / (n / 2 + a - 1)
        out.append((gamma, delta))
    return out


def components(matrix):
    """Eigenvalues and vectors, the largest first, by Jacobi's rotations."""
    n = len(matrix)
    a, v = [row[:] for row in matrix], [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        for p in range(n):
            for q in range(p + 1, n):
                angle = 0.5 * math.atan2(2 * a[p][q], a[q][q] - a[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for m in (a, v):
                    for k in range(n):
                        m[k][p], m[k][q] = c * m[k][p] - s * m[k][q], s * m[k][p] + c * m[k][q]
                for k in range(n):
                    a[p][k], a[q][k] = c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]
    order = sorted(range(n), key=lambda i: -a[i][i])
    return [a[i][i] for i in order], [[v[k][i] for k in range(n)] for i in order]


def covbat(residuals, index, share):
    """Scores of the first components: to mean 0 and the deviation within all batches, by batch."""
    count, n = len(residuals[0]), len(residuals)
    centre = [mean(r[f] for r in residuals) for f in range(count)]
    scale = [variance(r[f] for r in residuals) ** 0.5 for f in range(count)]
    x = [[(r[f] - centre[f]) / scale[f] for f in range(count)] for r in residuals]
    values, vectors = components([[sum(r[i] * r[j] for r in x) / (n - 1) for j in range(count)] for i in range(count)])
    total = 0
    for value, vector in zip(values, vectors):
        score = [sum(a * b for a, b in zip(r, vector)) for r in x]
        of = {b: (mean(score[i] for i in rows), variance(score[i] for i in rows) ** 0.5) for b, rows in index.items()}
        within = (sum((score[i] - of[b][0]) ** 2 for b, rows in index.items() for i in rows) / n) ** 0.5
        for b, rows in index.items():
            for i in rows:
                by = (score[i] - of[b][0]) / of[b][1] * within - score[i]
                residuals[i] = [e + by * w * s for e, w, s in zip(residuals[i], vector, scale)]
        total += value / count
        if total > share:
            return


def combat(rows, batches, share=0):
    """rows: (values, covariates); batches: of each row; share: of the variance, for CovBat."""
    design = [[float(b == k) for k in sorted(set(batches))] + covariates for b, (_, covariates) in zip(batches, rows)]
    k, index = len(set(batches)), {b: [i for i, c in enumerate(batches) if c == b] for b in set(batches)}
    cross = [[sum(r[i] * r[j] for r in design) for j in range(len(design[0]))] for i in range(len(design[0]))]
    standard, back = [], []
    for f in range(len(FEATURES)):
        y = [values[f] for values, _ in rows]
        beta = solve(cross, [sum(r[i] * v for r, v in zip(design, y)) for i in range(len(cross))])
        grand = sum(beta[j] * len(index[b]) for j, b in enumerate(sorted(index))) / len(rows)
        expected = [grand + sum(beta[j] * r[j] for j in range(k, len(r))) for r in design]
        scale = mean((v - sum(x * c for x, c in zip(beta, r))) ** 2 for v, r in zip(y, design)) ** 0.5
        standard.append([(v - e) / scale for v, e in zip(y, expected)])
        back.append((expected, scale))
    out = [[0.0] * len(FEATURES) for _ in rows]
    for rows_of in index.values():
        z = [[s[i] for i in rows_of] for s in standard]
        for f, (gamma, delta) in enumerate(shrink([mean(s) for s in z], [variance(s) for s in z], len(rows_of))):
            for i in rows_of:
                out[i][f] = (standard[f][i] - gamma) / delta ** 0.5
    if share:
        covbat(out, index, share)
    return [[e * back[f][1] + back[f][0][i] for f, e in enumerate(r)] for i, r in enumerate(out)]


def check(here, words):
    rows, batches, got = [], [], []
    share = float(words.pop()) if ":" not in words[-1] else 0
    for site, levels in parts(words):
        batch = dict(levels)
        done = {r["case"]: r for r in csv.DictReader(open(os.path.join(here, site + "_harmonised.csv")))}
        for r in csv.DictReader(open(os.path.join(here, site + ".csv"))):
            if not r["scanner"]:
                assert all(done[r["case"]][f] == "" for f in FEATURES), r
                continue
            rows.append(([float(r[f]) for f in FEATURES], [float(r["age"]), float(r["sex"] == "M")]))
            batches.append(site + batch[r["scanner"]])
            got.append([float(done[r["case"]][f]) for f in FEATURES])
    worst = max(abs(a - b) for x, y in zip(got, combat(rows, batches, share)) for a, b in zip(x, y))
    assert len(got) > 100 and worst < 1e-9, (len(got), worst)
    assert max(abs(a - b) for x, (y, _) in zip(got, rows) for a, b in zip(x, y)) > 0.5


if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3], sys.argv[4:])
else:
    check(sys.argv[2], sys.argv[3:])
