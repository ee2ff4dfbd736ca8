"""Known kinds of leaks of groupings that overlap."""

from made import simple, table


def beyond_each_other(rng):
    """L28: two groupings that differ in dozens, of whom all but one on either side have the value 0."""
    ways, few = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], rng.randint(12, 20)
    rows = [w for w, many in zip(ways, (40, few, few, 40)) for _ in range(many)]
    x = ["%.4f" % rng.gauss(120, 30) if w[0] == w[1] and rng.random() < 0.7 else "0" for w in rows]
    for place in (rows.index(("a", "b")), rows.index(("b", "a"))):
        x[place] = "%.4f" % rng.gauss(120, 30)
    g, levels = [w[0] for w in rows], ["a", "b"]
    if rng.random() < 0.5:  # a grouping that is finer
        g, levels = [w + rng.choice("12") if w == "a" else w for w in g], ["a1", "a2", "b"]
    study = simple(
        features=["f*", "calcium"],
        covariates={"g": {"levels": levels}, "h": {"levels": ["a", "b"]}},
        groups=["g", "h"],
        analyses=["moments", "groups"],
    )
    return [(study, *table(rng, len(rows), 1, g=g, h=[w[1] for w in rows], calcium=x), "A", None)]


MAKERS = [beyond_each_other]
