"""Covariates and outcomes for a table of features that has none. They are GENERATED: drawn from a seeded generator without
regard to the features, so nothing that is found of them says anything about the patients. Sexes and responses are
balanced in every site, so that its cells pass the rules of disclosure.

usage: outcomes.py TABLE FOLDER SITE...
Cuts TABLE into sites: FOLDER/SITE/features.csv (rows as they are) and FOLDER/SITE/clinical.csv (generated).
"""
import csv
import os
import random
import sys

table, folder, sites = sys.argv[1], sys.argv[2], sys.argv[3:]
rng = random.Random(1)


def write(path, lines):
    with open(path, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(lines)


def generated(patients):
    places = list(range(len(patients)))
    rng.shuffle(places)
    for patient, place in zip(patients, places):
        months, seen = rng.expovariate(0.03), rng.uniform(24, 72)
        yield [patient, rng.randint(30, 85), "FM"[place % 2], rng.choice(["low", "high"]),
               ["no", "yes"][place // 2 % 2], "%.1f" % min(months, seen), int(months < seen)]


with open(table, newline="") as file:
    header, *rows = csv.reader(file)
for i, site in enumerate(sites):
    own = rows[len(rows) * i // len(sites):len(rows) * (i + 1) // len(sites)]
    os.makedirs("%s/%s" % (folder, site), exist_ok=True)
    write("%s/%s/features.csv" % (folder, site), [header] + own)
    write("%s/%s/clinical.csv" % (folder, site),
          [header[:1] + ["age", "sex", "grade", "response", "months", "relapse"], *generated([row[0] for row in own])])
