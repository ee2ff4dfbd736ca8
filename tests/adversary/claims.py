"""What an attack says that it knows, and whether it is right."""

import math
from dataclasses import dataclass, field, replace

import numpy as np


@dataclass
class Claim:
    attack: str
    kind: str  # value, few, count, members, profile, interval
    what: str  # in words
    release: int = 0  # place in Outcome.releases
    variable: tuple = ()  # column key
    who: tuple = ()  # places among Outcome.unknowns, if the attacker can name them; else ()
    values: tuple = ()  # value: one for each of who, or of a set that nobody names; few: sums of powers
    weights: tuple = ()  # few: of each of who
    where: tuple = ()  # parts that hold of them; count, interval: beside `low`..`high` of the variable
    low: float = -math.inf
    high: float = math.inf
    count: int = 0
    known: int = 0  # of how many patients the attacker knew the rows
    chance: float = 0.0  # of being right by a guess, set by the judge
    right: bool = False
    certain: bool = True


@dataclass
class Verdict:
    claims: list = field(default_factory=list)

    def certain(self):
        """Right ones that the attacker is sure of."""
        return [c for c in self.claims if c.right and c.certain]

    def guesses(self):
        """Of each attack that cannot be sure: all that it says. Right ones count where they are too many for luck."""
        out = {}
        for c in self.claims:
            if not c.certain:
                out.setdefault(c.attack, []).append(c)
        return out

    def recovered(self, most=1e-3):
        return self.certain() + [
            c for some in self.guesses().values() if luck(some) < most for c in some if c.right
        ]


def luck(claims):
    return luck_of([(c.chance, c.right) for c in claims])


def luck_of(guesses):
    """How likely are so many right guesses, if each is right by its chance? (Poisson binomial, exactly)"""
    p = np.array([1.0])
    for chance, _ in guesses:
        p = np.convolve(p, [1 - chance, chance])
    return float(p[sum(bool(right) for _, right in guesses) :].sum())


def spread_of(x):
    x = x[~np.isnan(x)]
    if len(x) < 2:
        return 1.0
    low, high = np.percentile(x, [16, 84])
    return (high - low) / 2 or float(np.std(x)) or 1.0


def near(claimed, true, x):
    """Within a thousandth of the spread; or, of a value that nobody would guess, within a hundredth of its distance
    from the median."""
    spread, median = spread_of(x), float(np.nanmedian(x))
    if abs(claimed - true) <= 1e-3 * spread:
        return True
    return abs(true - median) > 3 * spread and abs(claimed - true) <= 0.01 * abs(true - median)


def judge_value(c, truth, outcome):
    if c.who:
        x = outcome.unknowns(c.variable)[0]
    else:  # of a set: somebody else's value is no hit
        x = np.where(truth.members(c.where), truth.column(c.variable), math.nan)
    have = x[~np.isnan(x)]
    if not len(have) or any(not math.isfinite(v) for v in c.values):
        return False
    if c.who:
        same = [int(np.sum(have == x[w])) for w in c.who]
        guess = all(s > len(have) / 2 for s in same)  # what most have is told by the sums themselves
        return not guess and all(not np.isnan(x[w]) and near(v, x[w], have) for w, v in zip(c.who, c.values))
    left = list(have)
    spread, median = spread_of(have), float(np.median(have))
    for v in c.values:  # nobody is named: each must be another patient's, closely
        at = min(range(len(left)), key=lambda i: abs(left[i] - v), default=None)
        if at is None:
            return False
        far = abs(left[at] - median) > 3 * spread and abs(left[at] - v) <= 0.01 * abs(left[at] - median)
        if abs(left[at] - v) > 1e-5 * spread and not far:
            return False
        del left[at]
    return True


def judge_few(c, outcome, minimum):
    x, whose, _ = outcome.unknowns(c.variable)
    if len({int(whose[w]) for w in c.who}) >= minimum - c.known or any(np.isnan(x[w]) for w in c.who):
        return False
    spread = max(spread_of(x), 1e-300)
    scale = sum(abs(w) for w in c.weights) * spread
    true = sum(w * x[p] for w, p in zip(c.weights, c.who))
    return abs(true - c.values[0]) <= 1e-3 * scale


def inside(c, truth):
    chosen = truth.members(c.where)
    if c.variable:
        x = truth.column(c.variable)
        chosen = chosen & (x >= c.low) & (x <= c.high)
    return chosen


def judge_interval(c, truth, minimum):
    """The smallest or the largest value is in there, with few others, and it is narrow."""
    x = truth.column(c.variable)
    have = x[truth.cohort & ~np.isnan(x)]
    chosen = int(((have >= c.low) & (have < c.high)).sum())
    c.chance = min(1.0, (c.high - c.low) / spread_of(have)) if len(have) else 1.0
    ends = len(have) and any(c.low <= x < c.high for x in (have.min(), have.max()))
    return bool(ends) and 1 <= chosen < minimum and c.high - c.low <= 0.5 * spread_of(have)


def judge_time(c, truth, minimum):
    """Somebody left between two times, who are fewer than the minimum."""
    parts = [p for p in c.where if p[0] == "left"]
    chosen = int(truth.members(c.where).sum())
    _, name, _, low, high = parts[0]
    grid = truth.step.study["outcomes"][name]["grid"]
    hits = sum(bool(truth.members((("left", name, None, a, b),)).any()) for a, b in zip(grid, grid[1:]))
    c.chance = hits / max(1, len(grid) - 1)
    return 1 <= chosen < minimum


def judge_profile(c, truth):
    """Levels of the patient whose value is nearest to 0; ties make no claim."""
    x = truth.column(c.variable)
    chosen = truth.members(c.where)
    c.chance = float(chosen.sum()) / max(1, truth.cohort.sum())
    size = np.where(truth.cohort & ~np.isnan(x) & (x != 0), np.abs(x), np.inf)
    return bool(chosen[int(np.argmin(size))])


def judge(claims, outcome):
    for c in claims:
        truth, minimum = outcome.truths[c.release], outcome.case.minimum
        if c.kind == "value":
            c.right = judge_value(c, truth, outcome)
        elif c.kind == "few":
            c.right = judge_few(c, outcome, minimum)
        elif c.kind == "count":
            c.right = 1 <= c.count < minimum and int(inside(c, truth).sum()) == c.count
        elif c.kind == "alone":  # in this release, and not in another
            chosen = inside(replace(c, where=()), truth) & ~outcome.truths[c.where[0]].cohort
            c.right = 1 <= c.count < minimum and int(chosen.sum()) == c.count
        elif c.kind == "interval":
            c.right = judge_interval(c, truth, minimum)
        elif c.kind == "time":
            c.right = judge_time(c, truth, minimum)
        elif c.kind == "members":
            who = np.flatnonzero(truth.members(c.where))
            c.right = 0 < len(who) < truth.cohort.sum() and tuple(who) == c.who
        elif c.kind == "some":
            mine = truth.members(c.where)
            c.right = len(c.who) > 0 and all(mine[w] for w in c.who)
        elif c.kind == "profile":
            c.right = judge_profile(c, truth)
        elif c.kind == "left out":
            c.right = 1 <= c.count < minimum and c.count == left_out(c.where[0], truth)
        elif c.kind == "words":
            c.right = 1 <= c.count < minimum and c.count in word_counts(truth)
    return Verdict(claims)


def left_out(what, truth):
    """Patients without a row of the study, who are incomplete, who come again without all values of a variable, ..."""
    step, of = truth.step, [r[truth.step.header.index(truth.step.patient)] for r in truth.step.rows]
    inside = {p for p, r in zip(of, step.rows) if truth.wanted(r)}
    outside = {p for p, r in zip(of, step.rows) if not truth.wanted(r)}
    if what == "excluded":
        return len(outside - inside)
    if what == "both":
        return len(inside - outside)
    if what == "incomplete":
        return len(inside) - int(truth.cohort.sum())
    if what == "spare":
        return step.spare
    again = sum(o > 0 for who, o in truth.by_occasion)  # of two occasions
    return again - int(truth.part(("repeated", what[1])).sum())


def word_counts(truth):
    """Numbers of patients that words may tell: rows that are left out, and who misses what."""
    step = truth.step
    out = {int((truth.cohort & truth.part(("has", n))).sum()) for n in truth.variables}
    out |= {int((truth.cohort & ~truth.part(("has", n))).sum()) for n in truth.variables}
    out.add(sum(not truth.wanted(r) for r in step.rows))
    out.add(len(step.rows) - int(truth.cohort.sum()))
    for f in truth.release.factors:
        out |= {int(truth.members((("level", f, l),)).sum()) for l in truth.release.factors[f] + [None]}
    return out
