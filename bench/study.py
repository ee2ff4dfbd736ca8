"""A study by files: sites of patients with a thousand features; summaries and a pool, which screen the features by the
event; of those that tell most a Cox lasso in rounds, its lambda by BIC, each site left out at that one; their pages.

usage: study.py PROGRAM FOLDER [SITES PATIENTS FEATURES]   prints CPU seconds, memory and sizes; FOLDER/study.json, and
                                                           FOLDER/study: pages and tables of the pool and of the model
"""

import csv
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

TERMS = 8
OUTCOMES = """covariates: {age: {unit: years, step: 1}, sex: {levels: [F, M]}}
outcomes: {relapsed: {levels: ["0", "1"]}, relapse: {time: months, event: relapsed, grid: [0, 12, 24, 36]}}
"""
STUDY = """study: screening
features: ["f*"]
%sgroups: [sex, relapsed]
covariance: [f000*, age]
model: [age, sex]
analyses: [moments, groups, histograms, covariance, model, survival]
""" % OUTCOMES
MODEL = """study: model
features: [%s]
%sanalyses: [moments]
models: {cox: {family: cox, response: relapse, terms: [%s], digits: 2, validate: leave-one-site-out,
  penalty: {kind: lasso, path: 5, ratio: 0.1, choose: bic}}}
"""


def write_site(path, site, patients, features):
    rng = random.Random(site)
    with open(path, "w") as out:
        out.write("case,age,sex,months,relapsed,%s\n" % ",".join("f%04d" % k for k in range(features)))
        for i in range(patients):
            x = [rng.gauss(0.1 * site, 1) for _ in range(features)]
            time, end = rng.expovariate(0.03 * 2.7 ** (0.4 * x[0] - 0.3 * x[1])), rng.uniform(10, 60)
            head = ["p%d_%d" % (site, i), str(rng.randint(40, 80)), rng.choice("FM"), "%.1f" % min(time, end), str(int(time < end))]
            out.write(",".join(head + ["%.4f" % v for v in x]) + "\n")


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder, self.rows = os.path.abspath(program), folder, {}
        self.environment = dict(os.environ, RADIOMILL_STATE=os.path.join(folder, "state"))

    def run(self, *arguments, codes=(0,)):
        """CPU seconds and MB of one command."""
        done = subprocess.Popen([self.program, *arguments], cwd=self.folder, env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        words = done.stderr.read().decode()
        _, status, usage = os.wait4(done.pid, 0)
        done.returncode = os.waitstatus_to_exitcode(status)
        if done.returncode not in codes:
            sys.exit("%s: exit code %d: %s" % (arguments[0], done.returncode, words[-300:]))
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, done.returncode

    def say(self, name, value, unit):
        self.rows["%s (%s)" % (name, unit)] = value
        print("%-44s %9.3g %s" % (name, value, unit))


def screen(pooled):
    """The study of the model: the features by which those with the event differ most."""
    with open(os.path.join(pooled, "tests.csv"), newline="") as f:
        tests = [r for r in csv.DictReader(f) if r["group"] == "relapsed" and r["test"] == "welch" and r["variable"][0] == "f"]
    terms = sorted(r["variable"] for r in sorted(tests, key=lambda r: float(r["p"]))[:TERMS])
    return MODEL % (", ".join(terms), OUTCOMES, ", ".join(terms))


def fit(b, sites):
    """Rounds of the Cox model until it ends; nothing where a site refuses, which is said."""
    cpu, number = b.run("fit", "model.yaml", "-m", "cox", "-k", "trusted", "--key", "HUB.key")[0], 0
    while not os.path.exists(os.path.join(b.folder, "cox.coefficients.csv")) and number < 30:
        for s in sites:
            seconds, _, code = b.run("step", s + ".csv", "-s", "model.yaml", "--state", "cox.state", "-k", s + ".key",
                                     "--coordinator", "HUB.pub", codes=(0, 10, 11))
            if code:
                print("%-44s refused at %s in round %d (exit code %d)" % ("Cox model in rounds", s, number, code))
                return
            cpu += seconds
        cpu += b.run("fit", "model.yaml", "-m", "cox", "-k", "trusted", "--key", "HUB.key",
                     *("%s-cox-%d.radsum" % (s, number) for s in sites))[0]
        number += 1
    b.say("Cox lasso of %d terms: rounds" % TERMS, number, "rounds")
    b.say("Cox lasso of %d terms: cox.report.html" % TERMS, os.path.getsize(os.path.join(b.folder, "cox.report.html")) / 1e6, "MB")
    b.say("Cox lasso of %d terms: all rounds, all sites" % TERMS, cpu, "CPU s")


def main(program, results, sites=8, patients=150, features=1000):
    sites = ["S%d" % k for k in range(int(sites))]
    with tempfile.TemporaryDirectory() as folder:
        b = Bench(program, folder)
        with open(os.path.join(folder, "study.yaml"), "w") as out:
            out.write(STUDY)
        for name in sites + ["HUB"]:
            b.run("keygen", name)
        with open(os.path.join(folder, "trusted"), "w") as out:
            for k, name in enumerate(sites):
                write_site(os.path.join(folder, name + ".csv"), k, int(patients), int(features))
                out.write(open(os.path.join(folder, name + ".pub")).read())
        b.run("sign", "study.yaml", "-k", "HUB.key")
        costs = [b.run("summarise", s + ".csv", "-s", "study.yaml", "-k", s + ".key", "--coordinator", "HUB.pub", "--withhold", "-t", "1")
                 for s in sites]
        size = [os.path.getsize(os.path.join(folder, s + ".radsum")) for s in sites]
        b.say("summarise, a site", sorted(c[0] for c in costs)[len(costs) // 2], "CPU s")
        b.say("summarise, a site: memory", max(c[1] for c in costs), "MB")
        b.say("a summary", max(size) / 1e6, "MB")
        cpu, memory, _ = b.run("pool", "study.yaml", *(s + ".radsum" for s in sites), "-k", "trusted", "--key", "HUB.key",
                               "-o", "pooled", "--withhold", "-t", "1")
        b.say("pool, %d sites" % len(sites), cpu, "CPU s")
        b.say("pool: memory", memory, "MB")
        b.say("pool: report.html", os.path.getsize(os.path.join(folder, "pooled/report.html")) / 1e6, "MB")
        with open(os.path.join(folder, "model.yaml"), "w") as out:
            out.write(screen(os.path.join(folder, "pooled")))
        b.run("sign", "model.yaml", "-k", "HUB.key")
        fit(b, sites)
        kept = os.path.join(results, "study")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(os.path.join(folder, "pooled"), os.path.join(kept, "pooled"))
        for path in glob.glob(os.path.join(folder, "cox.*.*")):
            shutil.copy(path, kept)
    with open(os.path.join(results, "study.json"), "w") as out:
        json.dump(b.rows, out, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
