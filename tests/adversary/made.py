"""Tables and studies that the known kinds of leaks are made of."""


def table(rng, n, features=4, **columns):
    """A table of named columns, then features that differ in scale."""
    scales = [(rng.uniform(-50, 150), 10 ** rng.uniform(-1, 1.5)) for _ in range(features)]
    header = ["case", *columns] + ["f%d" % i for i in range(features)]
    rows = []
    for k in range(n):
        cells = [str(columns[c][k]) for c in columns]
        rows.append(["P%03d" % k] + cells + ["%.6g" % rng.gauss(*s) for s in scales])
    return header, rows


def shuffled(rng, *counts):
    out = [value for value, count in counts for _ in range(count)]
    rng.shuffle(out)
    return out


def simple(**extra):
    return {"study": "variant", "features": ["f*"], **extra}
