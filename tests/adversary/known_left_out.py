"""Known kinds of leaks of rows that are left out, which are counted."""

from made import shuffled, simple, table


def few_excluded(rng):
    """L25: `where` leaves out a few, who are clinical rows without a match, too."""
    n, few = rng.randint(60, 90), rng.randint(1, 9)
    header, rows = table(rng, n, 2, arm=shuffled(rng, ("a", n - few), ("b", few)))
    study = simple(covariates={"arm": {"levels": ["a", "b"]}}, where={"arm": "a"}, analyses=["moments"])
    return [(study, header, rows, "A", None, {"clinical": ["arm"], "spare": rng.choice([12, 15])})]


def few_incomplete(rng):
    """L25: a few are incomplete, of a clinical table whose size is known."""
    n = rng.randint(60, 90)
    header, rows = table(rng, n, 2, age=[rng.randint(40, 80) for _ in range(n)])
    for k in range(rng.randint(1, 9)):
        rows[k][3] = ""
    study = simple(covariates={"age": "number"}, missing="complete", analyses=["moments"])
    return [(study, header, rows, "A", None, {"clinical": ["age"], "spare": 12})]


def many_rows(rng):
    """L25: few patients have many rows of other regions; or all but a few have one."""
    n, few, regions = rng.randint(60, 90), rng.randint(1, 9), rng.choice([2, 6])
    header, some = table(rng, n, 2)
    rows, persons = [], []
    for k, row in enumerate(some):
        mine = "a" if k < few else "ab"
        if regions > 2:
            mine = "bcdefg" if k < few else "a"
        rows += [[row[0], roi] + row[1:] for roi in mine]
        persons += [k] * len(mine)
    study = simple(where={"roi": "a"}, analyses=["moments"])
    return [(study, ["case", "roi"] + header[1:], rows, "A", persons)]


def few_again(rng):
    """L25: of those who come again a few miss a value."""
    n, again, few = rng.randint(60, 90), rng.randint(32, 45), rng.randint(1, 9)
    header, some = table(rng, n, 1)
    rows, persons = [], []
    for k, row in enumerate(some):
        rows.append([row[0], "one", row[1]])
        persons.append(k)
        if k < again:
            value = "%.6g" % (float(row[1]) * (1 + rng.gauss(0, 0.05)))
            rows.append([row[0], "two", "" if k < few else value])
            persons.append(k)
    study = simple(repeats={"occasion": "session", "levels": ["one", "two"]}, analyses=["moments", "reliability"])
    return [(study, ["case", "session", "f0"], rows, "A", persons)]


MAKERS = [few_excluded, few_incomplete, many_rows, few_again]
