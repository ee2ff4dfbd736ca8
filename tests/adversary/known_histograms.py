"""Known kinds of leaks of histograms: the same number counted twice, in other units or of other patients."""

from made import simple, table


def counted_twice(rng):
    """L26: the same number in two units, whose grids end elsewhere."""
    n = rng.randint(80, 160)
    mm = ["%.3f" % rng.gauss(20, 4) for _ in range(n)]
    study = simple(
        features=["mm", "cm"],
        analyses=["moments", "histograms"],
        variables={
            "mm": {"grid": {"from": 0, "to": 40, "cells": 40}},
            "cm": {"grid": {"from": 0, "to": 5, "cells": rng.choice([37, 43])}},
        },
    )
    return [(study, *table(rng, n, 0, mm=mm, cm=["%.6f" % (float(x) / 8) for x in mm]), "A", None)]


def counted_again(rng):
    """L26: some come, or go, and the histogram is told again."""
    n, more = rng.randint(80, 160), rng.randint(12, 40)
    header, rows = table(rng, n + more, 2)
    study = simple(features=["f0", "f1"], analyses=["moments", "histograms"])
    steps = [(study, header, rows[:n], "A", None), (dict(study, study="again"), header, rows, "A", None)]
    return steps if rng.random() < 0.5 else steps[::-1]


MAKERS = [counted_twice, counted_again]
