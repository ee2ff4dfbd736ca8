"""Integer programming on counts: tables, margins, numbers of patients of sets, products of levels, powers of scores,
life tables. A cell that can only be one number from 1 to the minimum less one is told.

No background knowledge but which values a score can take.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linprog

from attacks.edges import edge
from claims import Claim
from released import Item, design_of

MOST_CELLS = 130
PROGRAMS, WHOLE = 800, 24  # linear and whole-number programs of a case, at most


def kind_of(where, otherwise):
    """How those who left in an interval part into events and censored is a kind of its own."""
    return "parts of an interval" if any(p[0] == "left" and p[2] is not None for p in where) else otherwise


def direct(outcome):
    """Counts that stand in the file."""
    out = []
    for at, release in enumerate(outcome.releases):
        for item in release.items:
            if any(f[0] not in ("level", "batch") for f in item.factors) or not 1 <= item.value < outcome.case.minimum:
                continue
            where = tuple(dict.fromkeys(item.where + item.factors))
            kind = kind_of(where, "counts in the file")
            out.append(Claim(kind, "count", "%s" % (where,), at, (), where=where, count=int(item.value)))
    return out


def domain(x):
    """Values that a score can take, which are public: whole numbers of a range, or two values."""
    if not len(x):
        return None
    low, high = float(x.min()), float(x.max())
    if np.all(x == np.round(x)) and high - low <= 60:
        low = 0.0 if 0 < low <= 2 else low
        return [low + k for k in range(int(high - low) + 1)]
    values = sorted(set(x.tolist()))
    return values if len(values) <= 2 else None


class Table:
    """Columns of few values over the patients of one release, and what its numbers say of them."""

    def __init__(self, outcome, at):
        self.release, self.truth = outcome.releases[at], outcome.truths[at]
        self.columns = {("level", f): levels + [None] for f, levels in self.release.factors.items()}
        self.missing = {}  # variable: column of its pattern of missing values
        patterns = {}
        for name in self.release.variables():
            x = self.truth.column(("number", name))
            have = x[self.truth.cohort & ~np.isnan(x)]
            some = len(have) < self.truth.cohort.sum()
            values = domain(have)
            if values:
                self.columns["score", name] = values + ([None] if some else [])
            elif some:
                key = (np.isnan(x) & self.truth.cohort).tobytes()
                first = patterns.setdefault(key, name)
                self.columns["has", first] = [True, None]
                self.missing[name] = ("has", first)
        self.times()
        self.equations = [e for e in map(self.equation, self.release.items + self.histograms()) if e]
        self.equations += self.impossible()
        patients = self.release.summary["cohort"].get("patients")
        if patients is not None:
            self.equations.append(((), lambda cell: 1, Fraction(patients)))

    def times(self):
        """Intervals between all edges of an outcome, by event."""
        edges = {}
        for item in self.release.items:
            for p in item.where:
                if p[0] == "left":
                    edges.setdefault(p[1], set()).update(e for e in p[3:] if e is not None)
        for name, some in edges.items():
            e = sorted(some)
            events = range(len(self.release.study["outcomes"][name].get("causes", [1])), -1, -1)
            cells = [(event, a, b) for a, b in zip(e, e[1:] + [None]) for event in events]
            self.columns["left", name] = cells + [None]

    def histograms(self):
        out = []
        for v in self.release.summary["variables"]:
            for first, end, count in v["histogram"] or []:
                low, high = (edge(v["grid"], e) - v["centre"] for e in (first, end))
                out.append(Item((("has", v["name"]), ("in", v["name"], low, high)), (), Fraction(count)))
        return out

    def impossible(self):
        """A factor that is the event of an outcome says the same as its life table."""
        out = []
        for c in self.columns:
            how = self.release.study["outcomes"][c[1]] if c[0] == "left" else {}
            factor = ("level", how.get("event"))
            if factor in self.columns:

                def differ(cell, c=c, factor=factor):
                    return int(cell[c] is not None and cell[c][0] is not None and cell[factor] != str(cell[c][0]))

                out.append(((c, factor), differ, Fraction(0)))
        return out

    def test(self, part):
        """Columns of a part of a set, and whether a cell is in it."""
        if part[0] == "level":
            return [("level", part[1])], lambda cell: cell["level", part[1]] == part[2]
        if part[0] == "has":
            if ("score", part[1]) in self.columns:
                return [("score", part[1])], lambda cell: cell["score", part[1]] is not None
            key = self.missing.get(part[1])
            return ([key], lambda cell: cell[key] is not None) if key else ([], lambda cell: True)
        if part[0] == "in":
            key = ("score", part[1])
            if key not in self.columns:
                return None
            return [key], lambda cell: cell[key] is not None and part[2] <= cell[key] < part[3]
        if part[0] == "complete":
            tests = []
            for c in design_of(self.release.study, self.release.factors):
                if c[0] == "number":
                    tests.append(self.test(("has", c[1])))
                else:
                    tests.append(([("level", c[1])], lambda cell, f=c[1]: cell["level", f] is not None))
            return [c for t in tests for c in t[0]], lambda cell: all(t[1](cell) for t in tests)
        if part[0] == "left":
            key = ("left", part[1])

            def inside(cell):
                t = cell[key]
                if t is None or (part[2] is not None and (not t[0] if part[2] == "any" else t[0] != part[2])):
                    return False
                return t[1] >= part[3] and (part[4] is None or (t[2] is not None and t[2] <= part[4]))

            return [key], inside
        return None

    def equation(self, item):
        """(columns, weight of a cell, sum), or None where other numbers are in it."""
        tests = [self.test(p) for p in item.where]
        if None in tests:
            return None
        columns, weights = [c for t in tests for c in t[0]], []
        for f in item.factors:
            if f[0] == "level":
                columns.append(f[:2])
                weights.append(lambda cell, f=f: int(cell[f[:2]] == f[2]))
            elif ("score", f[1]) in self.columns and f[0] == "number":
                columns.append(("score", f[1]))
                weights.append(lambda cell, f=f: Fraction(cell["score", f[1]] or 0))
            else:
                return None

        def weight(cell):
            if not all(t[1](cell) for t in tests):
                return 0
            out = Fraction(1)
            for w in weights:
                out *= w(cell)
            return out

        return tuple(dict.fromkeys(columns)), weight, item.value

    def groups(self):
        """Columns that numbers tie together: pairs, and triples whose pairs are tied."""
        sets = {frozenset(e[0]) for e in self.equations if 0 < len(e[0]) <= 3}
        pairs = [s for s in sets if len(s) == 2]
        for a, b in itertools.combinations(pairs, 2):
            if len(a | b) == 3:
                sets.add(a | b)
        sets = [s for s in sets if np.prod([len(self.columns[c]) for c in s]) <= MOST_CELLS]
        return [s for s in sets if not any(s < t for t in sets)][:12]


def integral(weights, value):
    """An equation of whole numbers."""
    fractions = [Fraction(w) for w in weights] + [Fraction(value)]
    scale = 1
    for f in fractions:
        scale = max(scale, f.denominator)
    out = [int(f * scale) for f in fractions]
    return out if all(f * scale == i for f, i in zip(fractions, out)) and max(map(abs, out)) < 2**40 else None


def bounds(rows, chosen, high, work=0.1):
    """The least and the largest sum of the chosen cells, exactly; None if the solver gave up."""
    out = []
    for sense in (1, -1):
        model = cp_model.CpModel()
        x = [model.new_int_var(0, high, "") for _ in range(len(rows[0]) - 1)]
        for row in rows:
            model.add(sum(w * v for w, v in zip(row, x) if w) == row[-1])
        total = sum(x[i] for i in chosen)
        model.minimize(sense * total)
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = work
        solver.parameters.num_workers = 1
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        out.append(round(sense * solver.objective_value))
    return out


def parts_of(column, value):
    if column[0] == "level":
        return (("level", column[1], value),)
    if column[0] == "score":
        return (("is", column[1], value),) if value is not None else (("not", ("has", column[1])),)
    if column[0] == "has":
        return (("has", column[1]),) if value else (("not", ("has", column[1])),)
    if value is None:
        return (("not", ("timed", column[1])),)
    return (("left", column[1], *value),)


def solve(table, group, minimum, at, budget):
    columns = sorted(group, key=str)
    cells = [dict(zip(columns, v)) for v in itertools.product(*(table.columns[c] for c in columns))]
    rows = []
    for need, weight, value in table.equations:
        if set(need) <= group:
            row = integral([weight(c) for c in cells], value)
            if row and row not in rows:
                rows.append(row)
    if not rows:
        return []
    a = np.array([r[:-1] for r in rows], float)
    b = np.array([r[-1] for r in rows], float)
    scale = np.abs(a).max(axis=1)
    scale[scale == 0] = 1
    a, b = a / scale[:, None], b / scale
    high, out = int(table.truth.cohort.sum()), []
    told = {tuple(r[:-1]): r[-1] for r in rows}
    for size in range(1, len(columns) + 1):
        for some in itertools.combinations(columns, size):
            for values in itertools.product(*(table.columns[c] for c in some)):
                chosen = [i for i, c in enumerate(cells) if all(c[k] == v for k, v in zip(some, values))]
                if not chosen:
                    continue
                row = np.zeros(len(cells))
                row[chosen] = 1
                value = told.get(tuple(int(x) for x in row))
                if value is not None:
                    if 1 <= value < minimum:
                        where = tuple(p for c, v in zip(some, values) for p in parts_of(c, v))
                        kind = kind_of(where, "counts in the file")
                        out.append(Claim(kind, "count", "%s" % (where,), at, where=where, count=value))
                    continue
                if budget[0] < 2:
                    return out
                budget[0] -= 2
                ends = [linprog(s * row, A_eq=a, b_eq=b, bounds=(0, high), method="highs") for s in (1, -1)]
                if any(e.status for e in ends):
                    continue
                low, top = ends[0].fun, -ends[1].fun
                least, most = math.ceil(low - 1e-6), math.floor(top + 1e-6)
                if most < 1 or least >= minimum or most - least > 3:
                    continue
                exact = [least, most]
                if least < most and budget[1]:
                    budget[1] -= 1
                    exact = bounds(rows, chosen, high)
                if exact and exact[0] == exact[1] and 1 <= exact[0] < minimum:
                    where = tuple(p for c, v in zip(some, values) for p in parts_of(c, v))
                    words = "%s from %d numbers" % (where, len(rows))
                    kind = kind_of(where, "programming")
                    out.append(Claim(kind, "count", words, at, where=where, count=exact[0]))
    return out


def attack(outcome, rng):
    out, budget = direct(outcome), [PROGRAMS, WHOLE]
    for at in range(len(outcome.releases)):
        table = Table(outcome, at)
        for group in sorted(table.groups(), key=lambda g: np.prod([len(table.columns[c]) for c in g])):
            out += solve(table, group, outcome.case.minimum, at, budget)
    return out
