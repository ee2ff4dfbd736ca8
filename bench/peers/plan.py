"""Which rows there are, in the order in which they matter: what is late is left out, by name."""
from engines import IBSI

import settings as words

TEXTURES = ["cm", "rlm", "szm", "dzm", "ngt", "ngl"]
FAST = ("Pictologics", "Flash-Radiomics", "PyRadiomics")  # families alone, commands of large cases
RANGE = [-1000, 400]


def task_of(told, case, families, kind="extract", **more):
    made = {"case": case, "kind": kind, "families": families, "bins": ["fbs25"], "range": RANGE, "filters": None,
            "standard": "ibsi", "labels": told[case]["labels"]}
    made.update({key: told[case][key] for key in ("image", "mask", "files", "spacing")})
    made.update(more)
    return made


def extraction(told, engine, case):
    return task_of(told, case, [f for f in IBSI if f in engine.families])


def organs(told, engine):
    families = [f for f in IBSI if f in engine.families and f not in ("loc", "spatial")]
    return task_of(told, "organs", families, "organs")


def configs(told, engine):
    return task_of(told, "P", [f for f in ["ih", *TEXTURES] if f in engine.families], "configs", bins=words.SIX)


def filters(told, engine, case):
    families = [f for f in ["morph", "stat", *TEXTURES] if f in engine.families]
    if engine.names == "pyradiomics":
        return task_of(told, case, families, "filters", filters="pyradiomics", standard="pyradiomics",
                       range=None if case == "brain1" else RANGE)
    return task_of(told, case, families, "filters", filters="ibsi")


class Row:
    """One line of the table: key, its words, how many times the work of P it is, how it is run."""

    def __init__(self, key, says, work, make, mode="memory", threads=1, only=None):
        self.key, self.says, self.work, self.make = key, says, work, make
        self.mode, self.threads, self.only = mode, threads, only

    def takes(self, engine, kind):
        return kind in engine.kinds and (self.only is None or engine.name in self.only)


def extract_row(told, case, **more):
    work = told[case]["voxels"] / told["P"]["voxels"]
    return Row(case, told[case]["says"], work, lambda engine: extraction(told, engine, case), **more)


def rows(told):
    """(row, kind) in order of weight. Everything on one thread before anything on two."""
    def extract(case, **more):
        return extract_row(told, case, **more), "extract"

    def others(threads):
        many = told["organs"]["voxels"] / told["P"]["voxels"] + 1
        yield Row("organs", told["organs"]["says"], many, lambda e: organs(told, e), threads=threads), "organs"
        yield Row("configs", "six discretisations of P, textures", 5, lambda e: configs(told, e), threads=threads), "configs"
        yield (Row("filters", "phantom with LoG and wavelets", 5, lambda e: filters(told, e, "phantom"), threads=threads),
               "filters")

    def bars(threads):
        for case in ("brain1", "phantom"):
            if told.get(case):
                for mode in ("memory", "command"):
                    key = "filters" if case == "phantom" else case
                    yield (Row(key, f"{case} with LoG and wavelets", 3, lambda e, c=case: filters(told, e, c), mode,
                               threads, ("PyRadiomics",)), "filters")

    yield extract("P")
    yield extract("P", mode="command")
    yield from bars(1)
    yield extract("T")
    yield extract("CT")
    yield extract("L")
    yield from others(1)
    yield Row("batch", "real cases, as a batch", 0.25, None, mode="batch"), "batch"
    for case in "PTL":
        yield extract(case, threads=2)
    yield extract("CT", threads=2)
    yield from bars(2)
    yield from others(2)
    yield Row("batch", "real cases, as a batch", 0.25, None, mode="batch", threads=2), "batch"
    yield extract("CT", mode="command", only=FAST)
    yield extract("T", mode="command")
    for family in IBSI:
        yield (Row(f"P {family}", f"P, {family} alone", 0.5,
                   lambda engine, f=family: task_of(told, "P", [f]) if f in engine.families else None, only=FAST), "extract")
    yield (Row("P textures", "P, textures alone", 0.5,
               lambda engine: task_of(told, "P", [f for f in TEXTURES if f in engine.families]), only=FAST), "extract")
    yield extract("P", mode="command", threads=2, only=FAST)
    yield extract("CT", mode="command", threads=2, only=FAST)
