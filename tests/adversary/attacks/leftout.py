"""Patients behind rows that are left out: what one count says with another.

Knows how many rows the clinical table has and how many of these have no features, and that patients have one row in each
region (a column of the table under `where`), or as many as there are occasions.
"""

from claims import Claim
from released import unpack


def repeated(release):
    """Patients with a variable on all occasions, as they leave."""
    for member in ("repeats", "changes"):
        for v, text in zip(release.variables(), release.summary.get(member) or []):
            sums = unpack(text)
            if sums and sums[0] is not None:
                yield v, int(sums[0])


def attack(outcome, rng):
    out = []

    def claim(at, what, count):
        if 1 <= count < outcome.case.minimum:
            out.append(Claim("left out", "left out", "%s: %d" % (what, count), at, where=(what,), count=count))

    for at, release in enumerate(outcome.releases):
        step, cohort = outcome.truths[at].step, release.summary["cohort"]
        patients = cohort["patients"]
        if step.clinical and cohort["unmatched"] is not None:
            clinical = len(step.tables()[1]) - 1
            claim(at, "excluded", cohort["unmatched"] - step.spare)
            claim(at, "incomplete", clinical - cohort["unmatched"] - patients)
            if cohort["excluded"] is not None:
                claim(at, "spare", cohort["unmatched"] - cohort["excluded"])
        if cohort["excluded"] and cohort["incomplete"] is not None:
            regions = {tuple(r[step.header.index(c)] for c in step.study.get("where", {})) for r in step.rows}
            claim(at, "both", patients + cohort["incomplete"] - cohort["excluded"])
            if len(regions) > 1 and cohort["excluded"] % (len(regions) - 1) == 0:
                claim(at, "excluded", cohort["excluded"] // (len(regions) - 1))
        if cohort["repeats"] and len(step.study["repeats"]["levels"]) == 2:
            for v, n in repeated(release):
                claim(at, ("again", v), cohort["repeats"] - n)
    return out
