"""Known kinds of leaks of columns that differ in few patients."""

from made import simple, table


def corrected_copy(rng):
    """L27: an age at diagnosis and one at treatment, which differ in few; features and their corrected copies."""
    n, few = rng.randint(60, 150), rng.randint(1, 9)
    age = [rng.randint(40, 80) for _ in range(n)]
    treated = [a + (rng.choice([1, 2]) if k < few else 0) for k, a in enumerate(age)]
    volume = ["%.4f" % rng.gauss(50, 12) for _ in range(n)]
    edited = ["%.4f" % (float(v) * 1.25) if k == few else v for k, v in enumerate(volume)]
    columns = {"age": age, "treated": treated, "response": [rng.choice(["yes", "no"]) for _ in range(n)]}
    study = simple(
        features=["f*", "volume", "edited"],
        covariates={"age": {"step": 1}, "treated": {"step": 1}, "response": {"levels": ["yes", "no"]}},
        groups=["response"],
        analyses=["moments", "groups"],
        variables={v: {"step": 0.0009765625} for v in ("volume", "edited")},
    )
    if rng.random() < 0.5:
        study["variables"]["edited"] = {"step": 0.0009765625, "centre": 50}
    return [(study, *table(rng, n, 1, volume=volume, edited=edited, **columns), "A", None)]


MAKERS = [corrected_copy]
