"""What the rules leave of the numbers that a study could have: five sites of 50, 100 and 200 patients, 12 features, 3 groups,
one time to an event, a covariance of four and a model of two.

    tests/support/usefulness.py RADIOMILL...

A row for each table of the pool: cells with a number, over those that the same rows as one table below the rules would fill,
counted from the study: so many variables, levels and so on. Prints Markdown.
"""
import csv
import os
import random
import subprocess
import sys
import tempfile

SITES, FEATURES = "ABCDE", 12
STUDY = """study: useful
patient: patient
features: [f*]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}, death: {time: months, event: died, grid: [0, 12, 24, 36, 60]}}
groups: [sex, stage, response]
tables: [[sex, stage], [stage, response]]
covariance: [f00, f01, f02, f03]
model: [age, sex]
"""
# Rows of a table that are possible, and the columns of a row that are numbers.
TABLES = {
    "moments.csv": (FEATURES + 1, ["mean", "variance"]),
    "moments_by_group.csv": ((FEATURES + 1) * 7, ["mean", "variance"]),
    "quantiles.csv": ((FEATURES + 1) * 3, ["estimate"]),
    "counts.csv": (7, ["count"]),
    "tables.csv": (12, ["count"]),
    "tests.csv": ((FEATURES + 1) * 3, ["p"]),
    "covariance.csv": (10, ["correlation"]),
    "harmonisation.csv": (FEATURES * 5, ["gamma"]),
    "survival.csv": (4 * 8, ["survival"]),
    "logrank.csv": (3, ["p"]),
}


def write_site(work, site, patients):
    rng = random.Random("%s %d" % (site, patients))
    with open("%s/%s.csv" % (work, site), "w") as out:
        out.write("patient,age,sex,stage,response,months,died," + ",".join("f%02d" % i for i in range(FEATURES)) + "\n")
        for i in range(patients):
            leave, event = rng.uniform(6, 72), rng.expovariate(0.03)
            common = rng.gauss(0, 1)
            values = ["%.9g" % (10 ** (f % 4) * (3 + 0.6 * common + 0.8 * rng.gauss(0, 1))) for f in range(FEATURES)]
            out.write(",".join(["%s%d" % (site, i), str(rng.randint(30, 85)), rng.choice("FM"), rng.choice(["I", "II", "II", "III"]),
                                rng.choice(["no", "yes"]), "%.1f" % min(leave, event), str(int(event < leave))] + values) + "\n")


def run(work, program, *words):
    environment = dict(os.environ, RADIOMILL_STATE=work + "/state")
    return subprocess.run([program, *words], cwd=work, capture_output=True, text=True, env=environment)


def shares(program, patients):
    with tempfile.TemporaryDirectory() as work:
        with open(work + "/study.yaml", "w") as out:
            out.write(STUDY)
        os.mkdir(work + "/state")
        for site in SITES:
            write_site(work, site, patients)
            run(work, program, "keygen", site)
            words = ["summarise", site + ".csv", "-s", "study.yaml", "-k", site + ".key", "--withhold"]
            if run(work, program, *words, "--begin-ledger", "--open").returncode:
                done = run(work, program, *words)
                if done.returncode:
                    print(done.stderr, file=sys.stderr)
        with open(work + "/keys", "w") as keys:
            keys.writelines(open("%s/%s.pub" % (work, site)).read() for site in SITES)
        run(work, program, "pool", "study.yaml", *[s + ".radsum" for s in SITES if os.path.exists("%s/%s.radsum" % (work, s))],
            "-k", "keys", "-o", "pooled", "--withhold")
        found = {}
        for name, (rows, columns) in TABLES.items():
            path = work + "/pooled/" + name
            table = list(csv.DictReader(open(path))) if os.path.exists(path) else []
            columns = [c for c in columns if not table or c in table[0]]
            filled = sum(r[c] not in ("", "NA") for r in table for c in columns)
            found[name] = filled / (max(rows, len(table)) * len(columns)) if columns else 0
        return found


def main():
    columns = [(os.path.abspath(p), n) for n in (50, 100, 200) for p in sys.argv[1:]]
    all_found = [shares(p, n) for p, n in columns]
    print("| table | " + " | ".join("%d, %s" % (n, os.path.basename(p)) for p, n in columns) + " |")
    print("|---|" + "---|" * len(columns))
    for name in TABLES:
        print("| %s | %s |" % (name, " | ".join("%.0f %%" % (100 * f[name]) for f in all_found)))


main()
