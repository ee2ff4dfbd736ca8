"""Tables of patients with a score and its outcomes, for the suite of performance.

usage: scores.py "PYTHON": table(name, y, ...) writes name.csv, mixed(n, events) makes a y
"""

import random
import sys


def mixed(n, events, seed=3):
    y = [1] * events + [0] * (n - events)
    random.Random(seed).shuffle(y)
    return y


def out_of_order(count, most):
    """20 without the event, then 20 with it, of whom the last come forward until so many pairs are out of order."""
    y, at = [0] * 20 + [1] * 20, 20
    while count:
        go = min(count, most)
        y.insert(at - go, y.pop(at))
        at, count = at + 1, count - go
    return y


def table(name, y, missing=0, turned=0, low=0.0, moved=0, shuffle=False):
    """The score s rises from row to row and misses the first ones; t has its order, f another. z is y but for those
    who are turned. m is a time with event e; d is the same in other units, but for those who are moved, with g."""
    rng, n, rows = random.Random(1), len(y), []
    for k, v in enumerate(y):
        z = 1 - v if n // 2 <= k < n // 2 + turned else v
        score = low + (k + 1) / (n + 2)
        s, t = ("", "") if k < missing else ("%.6f" % score, "%.6f" % (10 * score + 3))
        time, event = 1 + 7 * k % 50 + k / n, int(k * 3 % 5 > 1)
        other = 70 + k if 5 <= k < 5 + moved else 1.5 * time
        rows.append(
            "p%03d,%s,%s,%s,%s,%.3f,%d,%.4f,%d,%.4f"
            % (k, s, t, "ny"[v], "ny"[z], time, event, other, event, rng.gauss(5, 1))
        )
    if shuffle:
        rng.shuffle(rows)
    with open(name + ".csv", "w") as out:
        out.write("case,s,t,y,z,m,e,d,g,f\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    exec(sys.argv[1])
