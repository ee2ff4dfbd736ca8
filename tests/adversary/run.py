#!/usr/bin/env python3
"""The adversary: takes all that a site released, and tries to compute patients' values and small counts.

usage: run.py --binary PROGRAM [--known] [--studies N] [--first SEED] [--demo FOLDER] [--keep FOLDER] [--expect-leaks]

--known   the known kinds of leaks: the cases under RADIOMILL_CASES, and VARIANTS of each kind
--studies generated studies, from seed FIRST on
--demo    a folder that samples/demo_federation.sh wrote: its cohorts, site by site
--last N  kinds up to LN only: a version before knows nothing of what came later
--all     count what is known to remain (open.txt), too
--keep    a folder in which each case with a leak is written down: tables, studies, summaries, claims
Exit code 1 when anything was recovered (with --expect-leaks: when a known leak was not found).
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import demo  # noqa: E402
import claims  # noqa: E402
import generate  # noqa: E402
import known  # noqa: E402
import world  # noqa: E402
from attacks import (  # noqa: E402
    apart,
    copies,
    counts,
    cuts,
    dominance,
    edges,
    growth,
    lastbits,
    lattice,
    leftout,
    linear,
    newton,
    ranks,
    subsets,
    words,
)

ATTACKS = [
    linear, subsets, newton, apart, dominance, copies, counts, cuts, growth, ranks, lastbits, lattice, edges, words,
    leftout,
]  # fmt: skip


def attack(outcome):
    out, times = [], {}
    if not outcome.releases:
        return claims.Verdict(), times
    for a in ATTACKS:
        began = time.process_time()
        found = a.attack(outcome, np.random.default_rng(outcome.case.seed))
        times[a.__name__] = time.process_time() - began
        out += found
    return claims.judge(out, outcome), times


def keep(folder, case, home, outcome, recovered):
    """All that is needed to see a leak again."""
    path = os.path.join(folder, case.name)
    os.makedirs(path, exist_ok=True)
    for k, step in enumerate(case.steps):
        for name, table in zip(("%d.csv" % k, "%d.clinical.csv" % k), step.tables()):
            with open(os.path.join(path, name), "w") as f:
                f.write("\n".join(",".join(r) for r in table) + "\n")
        with open(os.path.join(path, "%d.yaml" % k), "w") as f:
            f.write(json.dumps(step.study, indent=1) + "\n")
    for r in outcome.releases:
        with open(os.path.join(path, "%d.radsum" % r.number), "w") as f:
            f.write(r.text)
    with open(os.path.join(path, "README.txt"), "w") as f:
        f.write("radiomill keygen A\n")
        for k, (step, code) in enumerate(zip(case.steps, outcome.codes)):
            f.write(
                "radiomill summarise %d.csv -s %d.yaml -k %s.key -o %d.radsum --withhold%s   # exit code %d\n"
                % (k, k, step.key, k, " --clinical %d.clinical.csv" % k if step.clinical else "", code)
            )
        f.write("\nWhat was recovered:\n")
        for c in recovered:
            f.write("%s: %s %s %s %s\n" % (c.attack, c.kind, c.what, c.values or c.count or (c.low, c.high), c.who))


def open_leaks():
    """What is known to remain, and why: a line each, `name: reason`."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "open.txt")) as f:
        return {line.split(":")[0] for line in f if line.strip() and not line.startswith("#")}


def known_to_remain(outcome, verdict, reasons):
    """Of what was recovered: (what is new, names of what is known to remain)."""
    found = verdict.certain()
    new = [c for c in found if c.attack not in reasons]
    names = {c.attack for c in found} & reasons
    steps = reasons & ({"units"} if outcome.case.twins else set()) | reasons & set(outcome.case.apart.values())
    if new and steps:
        rest, _ = attack(outcome.without(steps))
        left = [c for c in rest.certain() if c.attack not in reasons]
        names |= steps if len(left) < len(new) else set()
        new = left
    return new, names


def one(program, case, options):
    outcome = program.play(case)
    verdict, times = attack(outcome)
    recovered = verdict.recovered()
    if recovered and options.keep:
        keep(options.keep, case, program.folder, outcome, recovered)
    return outcome, verdict, recovered, times


def run_known(program, options, cases):
    """A line for each case; the leaks that were found."""
    found, guesses = {}, {}
    reasons = set() if options.all or options.expect_leaks else open_leaks()
    print("%-5s %-28s %8s %7s  %s" % ("leak", "case", "released", "exit", "recovered"))
    for case in cases:
        outcome, verdict, recovered, _ = one(program, case, options)
        kinds = {}
        for c in recovered:
            kinds[c.attack] = kinds.get(c.attack, 0) + 1
        text = ", ".join("%s %d" % k for k in sorted(kinds.items())) or "nothing"
        for name, some in verdict.guesses().items():
            guesses.setdefault((case.leak, name), []).extend(some)
            if name not in kinds:
                text += "; guesses of %s: %d of %d" % (name, sum(c.right for c in some), len(some))
        codes = ",".join(str(c) for c in sorted(set(outcome.codes)))
        print(
            "%-5s %-28s %4d/%-3d %7s  %s"
            % (case.leak, case.name, len(outcome.releases), len(case.steps), codes, text),
            flush=True,
        )
        new, remain = known_to_remain(outcome, verdict, reasons)
        new += [c for c in recovered if not c.certain]
        found.setdefault(case.leak, []).append(bool(new))
    print()
    for (leak, name), some in guesses.items():
        chance = claims.luck(some)
        print(
            "%-4s guesses of %s: %d of %d right, by luck with probability %.1g"
            % (leak, name, sum(c.right for c in some), len(some), chance)
        )
        if chance < 1e-2:
            found[leak].append(True)
    for leak in sorted(found, key=lambda l: int(l[1:] or 0)):
        words = "" if not reasons else ", beside what is known to remain (open.txt)"
        print("%-4s recovered in %d of %d%s" % (leak, sum(found[leak]), len(found[leak]), words))
    return found


def worker(arguments):
    binary, seed, options = arguments
    with tempfile.TemporaryDirectory(prefix="radiomill-adversary-") as folder:
        began = time.time()
        outcome, verdict, recovered, times = one(world.Program(binary, folder), generate.case(seed), options)
        new, remain = known_to_remain(outcome, verdict, set() if options.all else open_leaks())
        return {
            "seed": seed,
            "codes": outcome.codes,
            "words": outcome.words,
            "released": len(outcome.releases),
            "patients": int(outcome.truths[0].cohort.sum()) if outcome.truths else 0,
            "numbers": sum(len(r.items) for r in outcome.releases),
            "claims": len(verdict.claims),
            "recovered": [(c.attack, c.kind, c.what) for c in new],
            "remain": sorted(remain),
            "guesses": {k: [(c.chance, c.right) for c in some] for k, some in verdict.guesses().items()},
            "times": times,
            "seconds": time.time() - began,
        }


class Tally:
    """What came of the studies: by attack, how many studies and claims; exit codes; time."""

    def __init__(self):
        self.studies = self.leaking = self.released = self.refused = self.numbers = self.claims = 0
        self.by, self.guesses, self.codes, self.times, self.remain = {}, {}, {}, {}, {}

    def add(self, r):
        self.studies += 1
        self.released += r["released"]
        self.numbers += r["numbers"]
        self.claims += r["claims"]
        self.leaking += bool(r["recovered"])
        for code in r["codes"]:
            self.codes[code] = self.codes.get(code, 0) + 1
        for name in r["remain"]:
            self.remain[name] = self.remain.get(name, 0) + 1
        for attack, kind, _ in r["recovered"]:
            some = self.by.setdefault((attack, kind), [set(), 0])
            some[0].add(r["seed"])
            some[1] += 1
        for name, some in r["guesses"].items():
            self.guesses.setdefault(name, []).extend(some)
        for name, seconds in r["times"].items():
            self.times[name] = self.times.get(name, 0) + seconds

    def tell(self):
        print(
            "%d studies, %d summaries left, %d numbers, %d claims"
            % (self.studies, self.released, self.numbers, self.claims)
        )
        print("exit codes:", ", ".join("%d: %d" % c for c in sorted(self.codes.items())))
        print(
            "seconds of each attack:", ", ".join("%s %.0f" % (k.split(".")[-1], v) for k, v in self.times.items())
        )
        bad = self.leaking
        for (attack, kind), (seeds, count) in sorted(self.by.items()):
            print(
                "%-24s %-8s %6d right in %5d studies, such as %s"
                % (attack, kind, count, len(seeds), sorted(seeds)[:5])
            )
        for name, some in sorted(self.guesses.items()):
            chance = claims.luck_of(some)
            right = sum(r for _, r in some)
            print("%-24s guesses: %d of %d right, by luck with probability %.1g" % (name, right, len(some), chance))
            bad += chance < 1e-4
        for name, count in sorted(self.remain.items()):
            print("known to remain (open.txt): %s: in %d studies" % (name, count))
        print("studies of which anything else was recovered: %d" % self.leaking)
        return bad


def run_studies(binary, options):
    tally = Tally()
    todo = [(binary, seed, options) for seed in range(options.first, options.first + options.studies)]
    with multiprocessing.Pool(options.jobs) as pool:
        for r in pool.imap_unordered(worker, todo):
            tally.add(r)
            if options.verbose:
                kinds = sorted({a for a, _, _ in r["recovered"]})
                text = (r["seed"], r["patients"], ",".join(map(str, r["codes"])), r["seconds"], ", ".join(kinds))
                print("study %d: %d patients, exit %s, %.1f s: %s" % text, flush=True)
    return tally.tell()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", required=True)
    p.add_argument("--known", action="store_true")
    p.add_argument("--variants", type=int, default=2)
    p.add_argument("--studies", type=int, default=0)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    p.add_argument("--last", type=int, default=99)
    p.add_argument("--all", action="store_true")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--cases", default=os.environ.get("RADIOMILL_CASES", "../shared/cases"))
    p.add_argument("--demo")
    p.add_argument("--keep")
    p.add_argument("--expect-leaks", action="store_true")
    options = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="radiomill-adversary-") as folder:
        program = world.Program(options.binary, folder)
        failed = False
        if options.known:
            cases = known.all_known(os.path.join(options.cases, "federation"), options.variants)
            cases = [c for c in cases if int(c.leak[1:]) <= options.last]
            found = run_known(program, options, cases)
            failed = (
                not all(any(v) for v in found.values())
                if options.expect_leaks
                else any(any(v) for v in found.values())
            )
        if options.demo:
            found = run_known(program, options, demo.cases(options.demo))
            failed = any(any(v) for v in found.values()) or failed
    if options.studies:
        failed = bool(run_studies(options.binary, options)) or failed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
