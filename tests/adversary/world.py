"""A site with its patients: runs the command, and holds the truth that attacks are judged by."""

import fnmatch
import json
import math
import os
import resource
import shutil
import signal
import subprocess
from dataclasses import dataclass, field, replace

import numpy as np

import released

LONGEST = 60  # seconds of the processor that a command may take; what does not end did not leave, and is told as exit code 124
STUCK = 3600  # by the clock: it waits for something that does not come
MISSING = ("", "NA", "NaN", "nan")


def bound_work():
    """Of a process that is about to begin: the kernel ends it, however busy the machine is."""
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 5))


@dataclass
class Step:
    """One summary that a study asks for, of one table."""

    study: dict
    header: list
    rows: list  # of texts, in the order of the header
    persons: list  # who each row is, over all steps of a case
    key: str = "A"  # the file of the key: a copy of it, or a new one, is another
    patient: str = "case"
    clinical: list = field(default_factory=list)  # columns that lie in a clinical table
    spare: int = 0  # rows of that table whose patients have no features

    def tables(self):
        """Header and rows of the table, and of the clinical one (of each patient a row), which may be empty."""
        of, apart = self.header.index(self.patient), [self.header.index(c) for c in self.clinical]
        keep = [k for k in range(len(self.header)) if k not in apart]
        table = [[r[k] for k in keep] for r in [self.header] + self.rows]
        first = {r[of]: [r[of]] + [r[k] for k in apart] for r in reversed(self.rows)}
        spare = [["none%d" % k] + [self.rows[0][c] for c in apart] for k in range(self.spare)]
        return table, [[self.patient] + self.clinical, *first.values(), *spare] if apart else []


@dataclass
class Case:
    name: str
    steps: list
    minimum: int = 10  # what the site has not lowered itself
    leak: str = ""  # for the known kinds: which leak the base version has
    seed: int = 0
    policy: str = ""  # the site's own
    apart: dict = field(default_factory=dict)  # step: why what it tells with others is known (open.txt)
    twins: dict = field(default_factory=dict)  # column: (another, factor): equal up to a public factor


def number(text):
    try:
        return float("nan") if text in MISSING else float(text)
    except ValueError:
        return float("nan")


def rounded(x, variable):
    """A value as it is summed: a multiple of the variable's step, or 24 significant bits."""
    step = variable.get("step")
    if isinstance(step, str):
        step = float(released.exact(step))
    if step:
        return np.round(x / step) * step
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.round(mantissa * 2**24), exponent - 24)


class Truth:
    """All persons of a case at one release: columns and sets by the names of released.py."""

    def __init__(self, step, release, count):
        self.step, self.release, self.count = step, release, count
        self.variables = {v["name"]: v for v in release.summary["variables"]}
        self.at = {name: k for k, name in enumerate(step.header)}
        self.derived = released.derived_of(step.study)
        self.computed = released.computed_of(step.study)
        rows = [r for r in range(len(step.rows)) if self.wanted(step.rows[r])]
        self.first, self.by_occasion = {}, {}
        order = [str(x) for x in (step.study.get("repeats") or {}).get("levels", [])]
        occasion = (step.study.get("repeats") or {}).get("occasion")
        for r in rows:
            who = step.persons[r]
            o = order.index(step.rows[r][self.at[occasion]]) if occasion in self.at else 0
            self.by_occasion[who, o] = r
            if who not in self.first or o < self.first[who][0]:
                self.first[who] = (o, r)
        self.order = order
        self.cohort = np.zeros(count, bool)
        for who in self.first:
            self.cohort[who] = True
        self.cache = {}
        if step.study.get("missing") == "complete":
            for name in self.panel():
                self.cohort &= ~np.isnan(self.column(("number", self.computed.get(name, [name])[0])))

    def panel(self):
        patterns = self.step.study.get("covariance")
        features = released.as_list(self.step.study.get("features"))
        patterns = features if patterns is None else released.as_list(patterns)
        models = (self.step.study.get("models") or {}).values()
        added = {n for m in models for n in [m["response"], *m["terms"]]}
        return [n for n in self.variables if n in added or any(fnmatch.fnmatchcase(n, p) for p in patterns)]

    def wanted(self, row):
        where = self.step.study.get("where") or {}
        return all(row[self.at[c]] in [str(x) for x in released.as_list(v)] for c, v in where.items())

    def texts(self, name):
        out = [None] * self.count
        if name in self.derived:
            of, cuts, at, levels = self.derived[name]
            for who, text in enumerate(self.texts(of)):
                x = number(text or "")
                if not math.isnan(x):
                    out[who] = levels[sum(x >= c if at else x > c for c in cuts)]
            return out
        for who, (_, r) in self.first.items():
            out[who] = self.step.rows[r][self.at[name]] if name in self.at else None
        return out

    def transformed(self, x, name):
        v = self.variables.get(name, {})
        with np.errstate(all="ignore"):
            x = np.log(x) if v.get("transform") == "log" else x
        return rounded(x - float(v.get("centre") or 0), v)

    def column(self, key):
        """Values over persons; NaN where there is none."""
        if key in self.cache:
            return self.cache[key]
        if key[0] == "number" and key[1] in self.computed:
            out = self.compute(*self.computed[key[1]], key[1])
        elif key[0] == "number":
            out = self.transformed(np.array([number(t or "") for t in self.texts(key[1])]), key[1])
        elif key[0] == "change" and not self.order:  # of another release, which has repeats
            out = np.full(self.count, math.nan)
        elif key[0] == "change":
            out = self.column(("repeat", key[1], key[2])) - self.column(("repeat", key[1], self.order[0]))
        elif key[0] == "batch":
            of = self.batches(key[1])
            out = np.array([float(of.get(t) == key[2]) if t in of else math.nan for t in self.texts(key[1])])
        elif key[0] == "level":
            levels = self.release.factors[key[1]]
            have = [t if t in levels else None for t in self.texts(key[1])]
            out = np.array([float(t == key[2]) if w else math.nan for t, w in zip(have, self.cohort)])
        else:  # repeat
            out = np.full(self.count, math.nan)
            o = self.order.index(key[2]) if key[2] in self.order else len(self.order)
            for who in range(self.count):
                if (who, o) in self.by_occasion and key[1] in self.at:  # what a site computes has no later occasions
                    out[who] = number(self.step.rows[self.by_occasion[who, o]][self.at[key[1]]])
            out = self.transformed(out, key[1])
        self.cache[key] = out
        return out

    def compute(self, of, knots, at, name):
        """Ranks among the patients that count, about 0; a column of a natural cubic spline."""
        x = np.array([number(t or "") for t in self.texts(of)])
        if knots:
            k, cube = np.array(knots), lambda y: np.maximum(y, 0) ** 3
            low, last, end = k[at], k[-2], k[-1]
            bent = cube(x - low) - cube(x - last) * (end - low) / (end - last) + cube(x - end) * (last - low) / (end - last)
            return rounded(bent / (end - k[0]) ** 2, self.variables.get(name, {}))
        out = np.full(self.count, math.nan)
        have = self.cohort & ~np.isnan(x)
        order = np.sort(x[have])
        out[have] = np.searchsorted(order, x[have], "left") + np.searchsorted(order, x[have], "right") - len(order)
        return out

    def batches(self, factor):
        """Of each level the first one of its batch: the smallest is joined to the next smallest while it is too small."""
        levels, texts = self.release.factors[factor], self.texts(factor)
        whole = self.members((("complete",),))
        have = {i: sum(t == level for t in np.array(texts, object)[whole]) for i, level in enumerate(levels)}
        of, have = {i: i for i in have if have[i]}, {i: n for i, n in have.items() if n}
        while len(have) > 1 and min(have.values()) < (self.step.study["batches"].get("minimum") or 10):
            one, other = sorted(sorted(have, key=lambda i: (have[i], i))[:2])
            have[one] += have.pop(other)
            of = {i: one if b == other else b for i, b in of.items()}
        return {levels[i]: levels[b] for i, b in of.items()}

    def part(self, part):
        if part[0] == "has":
            return ~np.isnan(self.column(("number", part[1])))
        if part[0] in ("level", "batch"):
            return self.column(part) == 1
        if part[0] == "known":
            levels = self.release.factors[part[1]]
            return np.array([t in levels for t in self.texts(part[1])])
        if part[0] == "above":
            x = self.column(("number", part[1]))
            low, high = (e if c is None else self.cut(part[1], c) for c, e in zip(part[2:], (-math.inf, math.inf)))
            with np.errstate(invalid="ignore"):
                return (x > low) & (x <= high)
        if part[0] == "not":
            return ~self.part(part[1])
        if part[0] == "is":
            return self.column(("number", part[1])) == part[2]
        if part[0] == "timed":
            how = self.step.study["outcomes"][part[1]]
            return ~np.isnan([number(t or "") for t in self.texts(how["time"])])
        if part[0] == "had":
            with np.errstate(invalid="ignore"):
                return self.times(part[1])[1] > 0
        if part[0] == "repeated":
            out = self.cohort.copy()
            for o in self.order:
                out &= ~np.isnan(self.column(("repeat", part[1], o)))
            return out
        if part[0] == "complete":
            out = self.cohort.copy()
            for c in released.design_of(self.step.study, self.release.factors):
                if c[0] == "number":
                    out &= ~np.isnan(self.column(c))
                else:
                    out &= np.array([t in self.release.factors[c[1]] for t in self.texts(c[1])])
            return out
        how = self.step.study["outcomes"][part[1]]  # left
        time = np.array([number(t or "") for t in self.texts(how["time"])])
        event = np.array([number(t or "") for t in self.texts(how["event"])])
        out = ~np.isnan(time) & ~np.isnan(event)
        if part[2] is not None:
            out &= event > 0 if part[2] == "any" else event == part[2]
        with np.errstate(invalid="ignore"):
            low = -1 if part[3] == how["grid"][0] else part[3]  # at or before the grid counts in its first interval
            out &= (time > low) & (time <= part[4] if part[4] is not None else True)
        return out

    def cut(self, name, value):
        """A cut of a score as its values are taken."""
        v = self.variables.get(name, {})
        return float(rounded(np.float64(value) - float(v.get("centre") or 0), v))

    def cuts(self, score):
        return [self.cut(score["score"], c) for c in score["cuts"]]

    def times(self, outcome):
        how = self.step.study["outcomes"][outcome]
        return [np.array([number(t or "") for t in self.texts(how[c])]) for c in ("time", "event")]

    def members(self, where):
        out = self.cohort.copy()
        for part in where:
            out &= self.part(part)
        return out


@dataclass
class Outcome:
    """What a case came to: releases that left, with the truth of each, and what was refused."""

    case: Case
    releases: list = field(default_factory=list)
    truths: list = field(default_factory=list)
    codes: list = field(default_factory=list)
    words: list = field(default_factory=list)
    cache: dict = field(default_factory=dict)

    def without(self, reasons):
        """The same without the steps that are known to tell of patients, for these reasons."""
        keep = [k for k, r in enumerate(self.releases) if self.case.apart.get(r.number) not in reasons]
        case = replace(self.case, twins={} if "units" in reasons else self.case.twins)
        pick = [[x[k] for k in keep] for x in (self.releases, self.truths)]
        return Outcome(case, *pick, self.codes, self.words)

    def names_of(self, key):
        """Columns that are this one up to a public factor."""
        return {key[1]: 1.0, **{n: scale for n, (of, scale) in self.case.twins.items() if of == key[1]}}

    def unknowns(self, key):
        """What there is to find out of a column: (values, whose they are, of each release the places of its persons).
        A person whose value was corrected between releases is as many unknowns as there were values."""
        if key not in self.cache:
            count = self.truths[0].count
            values, whose, places, mine = [math.nan] * count, list(range(count)), [], {}
            for truth in self.truths:
                at = np.arange(count)
                for name, scale in self.names_of(key).items():
                    if name not in truth.variables:
                        continue
                    x = truth.column((key[0], name, *key[2:])) / scale
                    near = 1e-3 * (np.nanstd(x) if not np.isnan(x).all() else 0)
                    for p in np.flatnonzero(~np.isnan(x)):
                        have = mine.setdefault(int(p), [])
                        k = next((k for k in have if abs(values[k] - x[p]) <= near), None)
                        if k is None:
                            k = int(p) if not have else len(values)
                            if have:
                                values.append(math.nan)
                                whose.append(int(p))
                            values[k] = float(x[p])
                            have.append(k)
                        at[p] = k
                places.append(at)
            self.cache[key] = np.array(values), np.array(whose), places
        return self.cache[key]


class Program:
    def __init__(self, binary, folder):
        self.binary, self.folder = os.path.abspath(binary), folder
        path = os.path.join(folder, "skewness.yaml")
        with open(path, "w") as f:
            f.write("study: s\nfeatures: [f]\nanalyses: [moments, skewness]\n")
        # else all four powers leave anyway
        self.skewness = self.run("study", "check", path, cwd=folder).returncode == 0

    def run(self, *arguments, cwd):
        environment = dict(os.environ, RADIOMILL_STATE=os.path.join(cwd, "state"))
        try:
            done = subprocess.run(
                [self.binary, *arguments], capture_output=True, text=True, cwd=cwd, env=environment, timeout=STUCK,
                preexec_fn=bound_work,
            )
        except subprocess.TimeoutExpired as e:
            return subprocess.CompletedProcess(e.cmd, 124, "", "no end after %d s" % STUCK)
        if done.returncode == -signal.SIGXCPU:
            return subprocess.CompletedProcess(done.args, 124, "", "no end after %d s of the processor" % LONGEST)
        return done

    def play(self, case):
        """All steps of a case, in a folder of its own that is empty before."""
        home = os.path.join(self.folder, "play")
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(os.path.join(home, "state"), mode=0o700)
        self.run("keygen", "A", cwd=home)
        with open(os.path.join(home, "policy.yaml"), "w") as f:
            f.write(case.policy)
        options = ["-p", "policy.yaml"] if case.policy else []
        out = Outcome(case)
        count = 1 + max(p for s in case.steps for p in s.persons)
        for k, step in enumerate(case.steps):
            if "analyses" in step.study and not self.skewness:
                step.study["analyses"] = [a for a in step.study["analyses"] if a != "skewness"]
            if step.key == "copy":
                shutil.copy(os.path.join(home, "A.key"), os.path.join(home, "copy.key"))
            if step.key != "A" and step.key != "copy" and not os.path.exists(os.path.join(home, step.key + ".key")):
                self.run("keygen", step.key, cwd=home)
            table, clinical = step.tables()
            more = list(options)
            for path, rows in (("table.csv", table), ("clinical.csv", clinical)):
                with open(os.path.join(home, path), "w") as f:
                    f.write("\n".join(",".join(r) for r in rows) + "\n")
            if clinical:
                more += ["--clinical", "clinical.csv"]
            with open(os.path.join(home, "study.yaml"), "w") as f:
                f.write(json.dumps(step.study, indent=1, ensure_ascii=False) + "\n")
            name = "%d.radsum" % k
            done = self.run(
                "summarise",
                "table.csv",
                "-s",
                "study.yaml",
                "-k",
                step.key + ".key",
                "-o",
                name,
                "-t",
                "1",
                "--withhold",
                *more,
                cwd=home
            )
            out.codes.append(done.returncode)
            out.words.append(done.stderr.strip())
            path = os.path.join(home, name)
            if done.returncode == 0 and os.path.exists(path):
                with open(path) as f:
                    release = released.read(step.study, f.read(), k)
                out.releases.append(release)
                out.truths.append(Truth(step, release, count))
        return out
