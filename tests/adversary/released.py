"""What left a site: a summary as numbers, each with the patients and columns that it is a sum of.

A number is an Item: the sum, over a set of patients, of the product of some columns. Columns are named ("number",
name), ("level", factor, level), ("repeat", name, occasion); a set is a tuple of parts that all must hold: ("has",
name), ("level", factor, level), ("repeated", name), ("complete",), ("left", outcome, event, from, to). Who is in a set
is for the attacker to know or not.
"""

import base64
import json
import re
import struct
from dataclasses import dataclass, field
from fractions import Fraction


def exact(text):
    """A sum of a summary: hexadecimal digits, perhaps with p and a power of two."""
    digits, _, power = text.partition("p")
    return Fraction(int(digits, 16)) * Fraction(2) ** int(power or 0)


def unpack(text):
    """Packed sums; None for one that is held back."""
    packed, at, out = base64.b64decode(text or ""), 0, []
    while at < len(packed):
        exponent, size = struct.unpack_from("<hH", packed, at)
        at += 4
        if size == 65535:
            out.append(None)
            continue
        out.append(int.from_bytes(packed[at : at + size], "little", signed=True) * Fraction(256) ** exponent)
        at += size
    return out


@dataclass
class Item:
    where: tuple  # parts that all hold
    factors: tuple  # columns whose product is summed; () for a count
    value: Fraction


@dataclass
class Release:
    study: dict
    summary: dict  # as parsed
    text: str
    number: int  # of the releases of its case
    items: list = field(default_factory=list)
    factors: dict = field(default_factory=dict)  # name: levels, in the file's order
    groups: list = field(default_factory=list)
    scores: list = field(default_factory=list)  # what leaves of their performance

    def variables(self):
        return [v["name"] for v in self.summary["variables"]]


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def factors_of(study):
    out = {}
    for part in ("covariates", "outcomes"):
        for name, how in (study.get(part) or {}).items():
            if isinstance(how, dict) and "levels" in how:
                out[str(name)] = [str(x) for x in how["levels"]]
    out.update({name: levels for name, (_, _, _, levels) in derived_of(study).items()})
    return out


def derived_of(study):
    """Of each level by public cuts: the number, the cuts, whether a value at a cut is above it, levels from below."""
    out = {}
    for name, how in (study.get("derived") or {}).items():
        if is_computed(how):
            continue
        if isinstance(how, dict):
            out[name] = (how["of"], [float(c) for c in how["cuts"]], False, [str(x) for x in how["levels"]])
            continue
        of, sign, cut = re.fullmatch(r"\s*(.*?)\s*([<>]=?)\s*(.*?)\s*", how).groups()
        levels = ["no", "yes"] if sign[0] == ">" else ["yes", "no"]
        out[name] = (of, [float(cut)], sign in (">=", "<"), levels)
    return out


def is_computed(how):
    return how.startswith("rank of ") if isinstance(how, str) else "spline" in how


def computed_of(study):
    """Of each number that a site computes: what it is of, and the knots and the column of a spline (of ranks None, 0)."""
    out = {}
    for name, how in (study.get("derived") or {}).items():
        if is_computed(how) and isinstance(how, str):
            out[name] = (how[len("rank of ") :], None, 0)
        elif is_computed(how):
            knots = [float(k) for k in how["spline"]]
            out.update({"%s%d" % (name, k + 1): (how["of"], knots, k) for k in range(len(knots) - 2)})
    return out


def survivals_of(study):
    return {n: h for n, h in (study.get("outcomes") or {}).items() if isinstance(h, dict) and "time" in h}


def design_of(study, factors):
    out = []
    for name in as_list(study.get("model")):
        if name in factors:
            out += [("level", name, level) for level in factors[name][1:]]
        else:
            out.append(("number", name))
    by, joined = batches_of(study)
    return out + [("batch" if joined else "level", by, level) for level in (factors[by][1:] if by else [])]


def batches_of(study):
    """The factor whose levels are batches within the site, and whether small ones are joined."""
    how = study.get("batches") or {}
    return how.get("by"), how.get("small") == "merge"


def read_sets(r, add):
    for v in r.summary["variables"]:
        name = v["name"]
        wheres = [()] + [(("level", f, l),) for f in r.groups for l in r.factors[f]]
        for where, sums in zip(wheres, v["sets"]):
            if not sums:
                continue
            where = (("has", name),) + where
            add(where, (), sums[0])
            for k, s in enumerate(sums[1:], 1):
                add(where, (("number", name),) * k, s)


def read_counts(r, add):
    for (f, levels), counts in zip(r.factors.items(), r.summary.get("levels") or []):
        for level, count in zip(levels + [None], counts):
            add((("level", f, level),), (), count)
    for pair, table in zip(as_list(r.study.get("tables")), r.summary.get("tables") or []):
        for a, row in zip(r.factors[pair[0]] + [None], table):
            for b, count in zip(r.factors[pair[1]] + [None], row):
                add((("level", pair[0], a), ("level", pair[1], b)), (), count)


def read_survival(r, add):
    for (name, how), strata in zip(survivals_of(r.study).items(), r.summary.get("survival") or []):
        groups = as_list(how["groups"]) if "groups" in how else r.groups
        groups = [f for f in r.factors if f in groups]
        wheres = [()] + [(("level", f, l),) for f in groups for l in r.factors[f]]
        for where, table in zip(wheres, strata or []):
            if not table:
                continue
            edges, counts = [how["grid"][k] for k in table["edges"]], table["counts"]
            for i, (a, b) in enumerate(zip(edges, edges[1:])):
                causes = len(how.get("causes", []))
                for event in (1, 0):
                    which = "any" if event and causes else event
                    add(where + (("left", name, which, a, b),), (), counts[2 * i + 1 - event])
                for c in range(causes):
                    add(where + (("left", name, c + 1, a, b),), (), table["causes"][causes * i + c])
            add(where + (("left", name, None, edges[-1], None),), (), counts[-1])


def read_covariance(r, add):
    c = r.summary.get("covariance")
    if not c:
        return
    names = [r.summary["variables"][k]["name"] for k in c["panel"]]
    patterns, partial, at = c["patterns"], unpack(c["partial"]), 0
    first = {}
    for name, pattern in zip(names, patterns):
        first.setdefault(pattern, name)
    for i, name in enumerate(names):
        for k in range(max(patterns) + 1 if patterns else 0):
            if patterns[i] == k:
                continue
            if partial[at] is None:
                at += 1
                continue
            where = (("has", name), ("has", first[k]))
            for power, value in enumerate(partial[at : at + 3]):
                add(where, (("number", name),) * power, value)
            at += 3
    products = unpack(c["products"])
    for j in range(len(names)):
        for i in range(j + 1):
            value = products[j * (j + 1) // 2 + i]
            add((("has", names[i]), ("has", names[j])), (("number", names[i]), ("number", names[j])), value)


def read_models(r, add):
    d = design_of(r.study, r.factors)
    for v, text in zip(r.summary["variables"], r.summary.get("models") or []):
        sums = unpack(text)
        if len(sums) < 3 + 2 * len(d) + len(d) * (len(d) + 1) // 2:
            continue
        y, where = ("number", v["name"]), (("has", v["name"]), ("complete",))
        for factors, value in zip([(), (y,), (y, y)], sums):
            add(where, factors, value)
        at = 3 + 2 * len(d)
        for i, column in enumerate(d):
            add(where, (column,), sums[3 + i])
            add(where, (column, y), sums[3 + len(d) + i])
            for j in range(i + 1):
                add(where, (d[j], column), sums[at])
                at += 1


def read_repeats(r, add):
    repeats = r.study.get("repeats")
    if not repeats:
        return
    occasions = [str(x) for x in repeats["levels"]]
    for v, text in zip(r.summary["variables"], r.summary.get("repeats") or []):
        sums, where = unpack(text), (("repeated", v["name"]),)
        if len(sums) < 1 + len(occasions):
            continue
        columns = [("repeat", v["name"], o) for o in occasions]
        add(where, (), sums[0])
        at = 1 + len(columns)
        for i, column in enumerate(columns):
            add(where, (column,), sums[1 + i])
            for j in range(i + 1):
                if at < len(sums):
                    add(where, (columns[j], column), sums[at])
                at += 1


def read_performance(r, add):
    """Counts of outcomes by classes of a score, sums of predictions there, of their squares, and pairs in order."""
    moments = {v["name"]: v["sets"][0] for v in r.summary["variables"]}
    for (name, how), p in zip((r.study.get("performance") or {}).items(), r.summary.get("performance") or []):
        if not p:
            continue
        score, outcome = how["score"], how["outcome"]
        timed = outcome in survivals_of(r.study)
        if timed:
            event, has = ("had", outcome), ("timed", outcome)
        else:
            event, has = ("level", outcome, str(how["event"])), ("known", outcome)
        both, ranks = (("has", score), has), [exact(x) for x in p["ranks"]]
        add(both + (event,), (), p["events"])
        add(both + (("not", event),), (), p["others"])
        known = {"score": score, "outcome": outcome, "timed": timed, "event": event, "both": both}
        known.update(doubled=int(ranks[0]), classes=[], cuts=[])
        r.scores.append(known)
        if timed:
            continue
        ends = [None, *how.get("cuts", []), None]
        known["cuts"] = [ends[k] for k in p["edges"][1:-1]]
        for k, (a, b) in enumerate(zip(p["edges"], p["edges"][1:])):
            within = both + (("above", score, ends[a] if a else None, ends[b]),)
            add(within + (event,), (), p["counts"][2 * k])
            add(within + (("not", event),), (), p["counts"][2 * k + 1])
            known["classes"].append(tuple(p["counts"][2 * k : 2 * k + 2]))
            if p.get("predicted"):
                add(within, (("number", score),), p["predicted"][k])
        if "squares" in p and moments[score] and moments[score][0] == p["events"] + p["others"]:
            add(both + (event,), (("number", score),), (exact(moments[score][2]) - exact(p["squares"]) + p["events"]) / 2)


def read_ranks(r):
    """Doubled ranks of levels within the patients who have a level, as pairs of these with all others."""
    for v, text in zip(r.summary["variables"], r.summary.get("ranks") or []):
        sums, at = [int(x) for x in unpack(text)], 1
        for f in r.groups if sums else []:
            levels = r.factors[f]
            n, ranks = sums[at : at + 2 * len(levels) : 2], sums[at + 1 : at + 2 * len(levels) : 2]
            at += 2 * len(levels) + 1
            for level, count, total in zip(levels, n, ranks):
                both, event = (("has", v["name"]), ("known", f)), ("level", f, level)
                if count and count < sum(n):
                    known = {"score": v["name"], "outcome": f, "timed": False, "event": event, "both": both}
                    known.update(doubled=total - count * (count + 1), classes=[(count, sum(n) - count)], cuts=[])
                    r.scores.append(known)


def read_changes(r, add):
    repeats = r.study.get("repeats") or {}
    groups = [f for f in r.factors if f in as_list(repeats.get("groups"))]
    later = [str(x) for x in repeats.get("levels", [])][1:]
    for v, text in zip(r.summary["variables"], r.summary.get("changes") or []):
        sums = unpack(text)
        if not sums:
            continue
        add((("repeated", v["name"]),), (), sums[0])
        at = 1
        for f in groups:
            for level in r.factors[f]:
                where = (("repeated", v["name"]), ("level", f, level))
                add(where, (), sums[at])
                at += 1
                for o in later:
                    for power in (1, 2):
                        add(where, (("change", v["name"], o),) * power, sums[at])
                        at += 1


def read(study, text, number):
    """A release from its study and the bytes of its summary."""
    r = Release(study, json.loads(text), text, number)
    r.factors = factors_of(study)
    groups = [str(g) for g in as_list(study.get("groups"))]
    r.groups = [f for f in r.factors if f in groups]

    def add(where, factors, value):
        if value is None:
            return
        value = exact(value) if isinstance(value, str) else Fraction(value)
        r.items.append(Item(tuple(dict.fromkeys(where)), tuple(factors), value))

    parts = (read_sets, read_counts, read_survival, read_covariance, read_models, read_repeats)
    for part in (*parts, read_performance, read_changes):
        part(r, add)
    read_ranks(r)
    return r
