"""States of models that ask for the order of one site, and what it must answer, pair by pair.

usage: order.py state STUDY.yaml MODEL ROUND BETA... >STATE       (BETA: b0,b1,b2 of a point; of Cox without b0)
       order.py check TABLE.csv ANSWER MODEL POINT BETA           (exit code 1: other numbers than these rows have)
       order.py table OUT                                          (200 patients, 100 with the event; OUT pairs out of order)
"""
import csv
import hashlib
import json
import math
import random
import sys


def state(study, model, number, *betas):
    digest = hashlib.blake2b(open(study, "rb").read(), digest_size=32).hexdigest()
    intercept = model != "cox"
    points = [["order", "", "", -26, -30, [float(x) for x in b.split(",")]] for b in betas]
    terms = len(points[0][5]) - intercept
    print(json.dumps({"format": "radiomill state 1", "study": {"id": study.split(".")[0], "hash": digest}, "model": model,
                      "round": int(number), "previous": "", "result": "", "lambda": "", "intercept": intercept,
                      "terms": [["f%d" % (k + 1), 0.0, 1.0] for k in range(terms)], "sizes": [0] * (terms + intercept),
                      "points": points, "summed": [], "memory": ""}))


def value_of(text):
    digits, _, power = text.partition("p")
    return int(digits, 16) * 2.0 ** int(power or 0) if digits else 0.0


def pairs(rows, eta, model):
    """(who should have the larger predictor, the other)."""
    for i, a in enumerate(rows):
        for k, b in enumerate(rows):
            if model == "cox":
                t, u = float(a["months"]), float(b["months"])
                if a["relapsed"] == "1" and (u > t or (u == t and b["relapsed"] == "0")):
                    yield i, k
            elif a["response"] == "yes" and b["response"] == "no":
                yield i, k


def numbers(rows, beta, model):
    b = [float(x) for x in beta.split(",")]
    x = [([] if model == "cox" else [1.0]) + [float(r["f%d" % (k + 1)]) for k in range(len(b) - (model != "cox"))] for r in rows]
    eta = [sum(p * q for p, q in zip(b, v)) for v in x]
    doubled, own = [0] * len(rows), [0] * len(rows)
    for i, k in pairs(rows, eta, model):
        won = 2 if eta[i] > eta[k] else 1 if eta[i] == eta[k] else 0
        for who in (i, k):
            doubled[who] += won
            own[who] += 1
    if model == "cox":
        return [sum(doubled) / 2, sum(own) / 2, sum(v * v for v in doubled), sum(v * w for v, w in zip(doubled, own)),
                sum(v * v for v in own)]
    yes = [r["response"] == "yes" for r in rows]
    e, o = sum(yes), len(yes) - sum(yes)
    of_yes, of_no = [v for v, y in zip(doubled, yes) if y], [v for v, y in zip(doubled, yes) if not y]
    spread = lambda v, other: (len(v) * sum(w * w for w in v) - sum(v) ** 2) * (other - 1)
    p = [1 / (1 + math.exp(-v)) for v in eta]
    return [sum(doubled) / 2, spread(of_yes, o) + spread(of_no, e), sum(p), sum((y - q) ** 2 for y, q in zip(yes, p)), 0]


def check(table, answer, model, point, beta):
    rows = list(csv.DictReader(open(table)))
    got = [value_of(t) for t in json.load(open(answer))["points"][int(point)]][1:]
    want = numbers(rows, beta, model)
    assert len(got) in (5, 7, 9) and all(abs(g - w) <= 1e-7 * max(1, abs(w)) * (k > 1) for k, (g, w) in enumerate(zip(got[:5], want))), (got, want)  # calibration: tests/oracle/rounds.R


def table(out):
    """Events lie above all others, but for others who lie among the events, `out` pairs out of order in all."""
    rng, left = random.Random(7), int(out)
    rows = [[float(i), "no"] for i in range(100)] + [[100.0 + i, "yes"] for i in range(100)]
    for i in range(100):
        over = min(left, 4)  # by so many events each
        rows[i][0] = 99.5 + over if over else rows[i][0]
        left -= over
    rng.shuffle(rows)
    print("case,f1,f2,age,sex,logt,response,count,months,relapsed")
    for i, (x, y) in enumerate(rows):
        print("P%d,%r,%r,%d,%s,0.5,%s,%d,%d,%d" % (i, (x - 100) / 64, round(rng.gauss(0, 1) * 4096) / 4096, 40 + i % 40, "FM"[i % 2], y, rng.randrange(4), 1 + i % 60, i % 2))


if __name__ == "__main__":
    {"state": state, "check": check, "table": table}[sys.argv[1]](*sys.argv[2:])
