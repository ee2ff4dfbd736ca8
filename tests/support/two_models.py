"""A coordinator asks a site for two models that are nearly the same: two_models.py PROGRAM FOLDER KIND PATIENTS DIGITS.

KIND columns: a column that differs in so many patients from that of the first model; responses: an outcome that does; order: a
column that differs in them from the ranks by the first model, whose order of patients was told; unordered: where it was not.
Says whether the second is answered, and of columns and responses how far the difference of both scores is from what it tells of
the first of these patients, over the size of that.
"""
import csv
import hashlib
import json
import os
import subprocess
import sys

program, folder, kind, patients, digits = sys.argv[1:4] + [int(a) for a in sys.argv[4:]]
SECOND = ("second", "f3") if kind == "responses" else ("response", "f2")
STUDY = """study: %s
features: [%s]
outcomes: {%s: {levels: ["no", "yes"]}}
models: {m: {family: logistic, response: %s, terms: [%s]}}
"""


def value(text):
    digits, _, power = text.partition("p")
    return int(digits or "0", 16) * 2.0 ** int(power or 0)


def run(*words):
    env = dict(os.environ, RADIOMILL_STATE=os.path.join(folder, "state"))
    return subprocess.run([program, *words], cwd=folder, env=env, capture_output=True, text=True)


def ask(name, response, term, what="score"):
    """The score of the term at no coefficients, or the first number of the order by it; None where the site refuses."""
    study = STUDY % (name, term, response, response, term)
    with open(os.path.join(folder, name + ".yaml"), "w") as f:
        f.write(study)
    digest = hashlib.blake2b(study.encode(), digest_size=32).hexdigest()
    state = {"format": "radiomill state 1", "study": {"id": name, "hash": digest}, "model": "m", "round": 1, "previous": "",
             "result": "", "lambda": "", "intercept": True, "terms": [[term, 0.0, 1.0]], "sizes": [0, 0],
             "points": [[what, "", "", digits, -30, [0.0, 0.0 if what == "score" else 1.0]]], "summed": [], "memory": ""}
    with open(os.path.join(folder, "x.state"), "w") as f:
        json.dump(state, f)
    done = run("step", "A.csv", "-s", name + ".yaml", "--state", "x.state", "-k", "A.key", "-o", name + ".radsum")
    if done.returncode:
        assert done.returncode == 10 and "(minimum_cell)" in done.stderr, done.stderr
        return None
    return value(json.load(open(os.path.join(folder, name + ".radsum")))["points"][0][2 if what == "score" else 0])


def main():
    rows = list(csv.DictReader(open(os.path.join(folder, "A.csv"))))
    for r in rows:
        r["f3"] = float(r["f3"])
    x = [r["f3"] for r in rows]
    for i, r in enumerate(rows):
        rank = sum((r["f3"] > s) - (r["f3"] < s) for s in x)
        r["f2"] = repr((rank / len(x) if kind in ("order", "unordered") else r["f3"]) + (2 if i < patients else 0))
        r["second"] = {"no": "yes", "yes": "no"}[r["response"]] if i < patients else r["response"]
    with open(os.path.join(folder, "A.csv"), "w") as f:
        out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    assert run("keygen", "A", "-o", ".").returncode == 0
    first, second = ask("one", "response", "f3", "order" if kind == "order" else "score"), ask("two", *SECOND)
    assert first is not None
    if second is None:
        return print("refused")
    if kind in ("order", "unordered"):
        return print("answered")
    yes = rows[0]["response"] == "yes"
    told = (2 if yes else -2) / 2 if kind == "columns" else rows[0]["f3"] * (-1 if yes else 1)
    print("answered, told to %.3f" % abs((second - first) - told))


main()
