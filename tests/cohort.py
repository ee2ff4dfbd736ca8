"""A generated cohort: tables of sites with features of all scales, covariates and outcomes.

usage: cohort.py FOLDER SITES PATIENTS FEATURES [SEED]
Writes FOLDER/s1.csv ... and FOLDER/all.csv (the same rows in one table).
"""
import random
import sys

folder, sites, patients, features = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
names = ["f%04d" % i for i in range(features)]
header = ["patient", "age", "sex", "stage", "response", "months", "relapse"] + names
kinds = []  # scale, log-normal or not, share of missing values
for i in range(features):
    kinds.append((10.0 ** rng.choice([-5, -2, 0, 0, 1, 3, 6, 12]), rng.random() < 0.4, 0.3 if i % 10 == 7 else 0))


def row(site, number):
    stage = rng.choice("I II III".split())
    common = rng.gauss(0, 1)
    values = []
    for scale, positive, missing in kinds:
        x = 0.6 * common + 0.8 * rng.gauss(0, 1) + 0.3 * site
        x = scale * (2.718281828 ** (0.5 * x) if positive else x)
        values.append("" if rng.random() < missing else "%.15g" % x)
    response = "yes" if rng.random() < (0.3 if stage == "I" else 0.5) else "no"
    time = rng.expovariate(0.03)
    return ["S%d-%04d" % (site, number), str(rng.randint(30, 85)), rng.choice("FM"), stage, response,
            "%.1f" % min(time, 60), "1" if time < 60 else "0"] + values


with open(folder + "/all.csv", "w") as everything:
    everything.write(",".join(header) + "\n")
    for site in range(1, sites + 1):
        with open("%s/s%d.csv" % (folder, site), "w") as out:
            out.write(",".join(header) + "\n")
            for number in range(patients):
                line = ",".join(row(site, number)) + "\n"
                out.write(line)
                everything.write(line)
