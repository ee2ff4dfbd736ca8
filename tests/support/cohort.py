"""A generated cohort: tables of sites with features of all scales, covariates and outcomes.

usage: cohort.py FOLDER SITES PATIENTS FEATURES [SEED] [--spread S] [--signal S] [--repeats]
Writes FOLDER/s1.csv ... and FOLDER/all.csv (the same rows in one table), and FOLDER/steps: a line of `variables` for each
feature whose scale is far from 1. Sites differ in the means; --spread: also in the
deviations, by that share from site to site; --signal: those with a response differ in every third feature by that many
deviations; --repeats: FOLDER/s1_repeats.csv ... too, every patient as before and a second time (column session).
"""
import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("folder")
for name in ("sites", "patients", "features"):
    parser.add_argument(name, type=int)
parser.add_argument("seed", type=int, nargs="?", default=1)
parser.add_argument("--spread", type=float, default=0)
parser.add_argument("--signal", type=float, default=0)
parser.add_argument("--repeats", action="store_true")
given = parser.parse_args()

rng, again = random.Random(given.seed), random.Random("again %d" % given.seed)
names = ["f%04d" % i for i in range(given.features)]
header = ["patient", "age", "sex", "stage", "response", "months", "relapse"] + names
kinds = []  # scale, log-normal or not, share of missing values
for i in range(given.features):
    kinds.append((10.0 ** rng.choice([-5, -2, 0, 0, 1, 3, 6, 12]), rng.random() < 0.4, 0.3 if i % 10 == 7 else 0))
with open(given.folder + "/steps", "w") as out:
    out.writelines("  %s: {step: %.0g}\n" % (n, k[0] / 1e4) for n, k in zip(names, kinds) if not 0.1 < k[0] < 1e5)


def row(site, number):
    stage = rng.choice("I II III".split())
    common = rng.gauss(0, 1)
    draws = [(rng.gauss(0, 1), rng.random()) for _ in kinds]
    response = "yes" if rng.random() < (0.3 if stage == "I" else 0.5) else "no"
    time = rng.expovariate(0.03)
    values = []
    for i, ((scale, positive, missing), (own, chance)) in enumerate(zip(kinds, draws)):
        x = (0.6 * common + 0.8 * own) * (1 + given.spread * (site - 1)) + 0.3 * site
        x += given.signal * (response == "yes" and i % 3 == 0)
        x = scale * (2.718281828 ** (0.5 * x) if positive else x)
        values.append("" if chance < missing else "%.15g" % x)
    return ["S%d-%04d" % (site, number), str(rng.randint(30, 85)), rng.choice("FM"), stage, response,
            "%.1f" % min(time, 60), "1" if time < 60 else "0"] + values


def repeated(cells):
    """The same patient measured once more: a tenth of error, more of it from feature to feature."""
    return cells[:7] + [x and "%.15g" % (float(x) * (1 + again.gauss(0, 0.1 + 0.01 * i))) for i, x in enumerate(cells[7:])]


with open(given.folder + "/all.csv", "w") as everything:
    everything.write(",".join(header) + "\n")
    for site in range(1, given.sites + 1):
        rows = [row(site, number) for number in range(given.patients)]
        lines = [",".join(cells) + "\n" for cells in rows]
        with open("%s/s%d.csv" % (given.folder, site), "w") as out:
            out.writelines([",".join(header) + "\n"] + lines)
        everything.writelines(lines)
        if given.repeats:
            with open("%s/s%d_repeats.csv" % (given.folder, site), "w") as out:
                out.write("session," + ",".join(header) + "\n")
                for cells in rows:
                    out.write("test," + ",".join(cells) + "\nretest," + ",".join(repeated(cells)) + "\n")
