"""Known kinds of leaks of groupings that overlap."""

from made import simple, table


def beyond_each_other(rng):
    """L28: two groupings that differ in dozens, of whom all but one on either side have the value 0."""
    ways, few = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], rng.randint(12, 20)
    rows = [w for w, many in zip(ways, (60, few, few, 60)) for _ in range(many)]
    x = ["%.4f" % rng.gauss(120, 30) if w[0] == w[1] and rng.random() < 0.7 else "0" for w in rows]
    for place in (rows.index(("a", "b")), rows.index(("b", "a"))):
        x[place] = "%.4f" % rng.gauss(120, 30)
    g, h = [w[0] for w in rows], [w[1] for w in rows]
    if rng.random() < 0.6:  # a grouping that is finer, or both
        g = [w + rng.choice("12") for w in g]
        h = [w + rng.choice("12") for w in h] if rng.random() < 0.5 else h
    study = simple(
        features=["f*", "calcium"],
        covariates={k: {"levels": sorted(set(x))} for k, x in (("g", g), ("h", h))},
        groups=["g", "h"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, len(rows), 1, g=g, h=h, calcium=x), "A", None)]


MAKERS = [beyond_each_other]
