"""Counts in words and in the head of the file: rows left out, failures, who has no value."""

import json
import re

from claims import Claim


def attack(outcome, rng):
    out, minimum = [], outcome.case.minimum
    for at, release in enumerate(outcome.releases):
        s = release.summary
        for key, value in s["cohort"].items():
            for v in value.values() if isinstance(value, dict) else [value]:
                if isinstance(v, int) and 1 <= v < minimum:
                    out.append(Claim("words", "words", "cohort: %s %d" % (key, v), at, count=v))
        patients = s["cohort"].get("patients")
        for v in s["variables"]:
            sums = v["sets"][0]
            if sums and patients and sums[0] and 1 <= patients - sums[0] < minimum:
                where = (("not", ("has", v["name"])),)
                words = "%s: %d of %d patients have it" % (v["name"], sums[0], patients)
                out.append(Claim("words", "count", words, at, where=where, count=patients - sums[0]))
        for refused in s["withheld"].get("refused", []):
            text = refused["words"] if isinstance(refused, dict) else json.dumps(refused)
            for found in re.findall(r"(?<![\w.])(\d+) (?:patients|of|rows|values)", text):
                if 1 <= int(found) < minimum:
                    out.append(Claim("words", "words", text, at, count=int(found)))
    return out
