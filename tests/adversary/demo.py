"""The cohorts of the demo (samples/demo_federation.sh), each site as a case: what leaves it, in that order."""

import os
import re

import yaml

from known import read_table
from world import Case, Step


def joined(table, clinical, patient):
    """One table of both, by the patient column."""
    header, rows = table
    names, more = clinical
    at, of = names.index(patient), {r[names.index(patient)]: r for r in more}
    extra = [k for k in range(len(names)) if k != at and names[k] not in header]
    rows = [r + [of[r[header.index(patient)]][k] for k in extra] for r in rows if r[header.index(patient)] in of]
    return header + [names[k] for k in extra], rows


def step(folder, site, study, table, persons):
    with open(os.path.join(folder, study)) as f:
        quoted = re.sub(
            r"(?<=[\[ ,])(\w*[?*][\w?*]*)(?=[\],])", r'"\1"', f.read()
        )  # what PyYAML takes for something else
    study = yaml.safe_load(quoted)
    patient = study.get("patient", "case")
    header, rows = read_table(os.path.join(folder, site, table))
    clinical = os.path.join(folder, site, "clinical.csv")
    if os.path.exists(clinical):
        header, rows = joined((header, rows), read_table(clinical), patient)
    at = header.index(patient)
    return Step(study, header, rows, [persons.setdefault(r[at], len(persons)) for r in rows], patient=patient)


def cases(folder):
    out = []
    for cohort, steps in (
        ("sarcomas", [("study.yaml", "features.csv")]),
        ("generated", [("study.yaml", "patients.csv"), ("repeats.yaml", "repeats.csv")]),
    ):
        home = os.path.join(folder, cohort)
        for site in "ABCD" if os.path.isdir(home) else "":
            persons = {}
            case = Case("demo-%s-%s" % (cohort, site), [step(home, site, s, t, persons) for s, t in steps])
            if os.path.exists(os.path.join(home, "policy.yaml")):
                with open(os.path.join(home, "policy.yaml")) as f:
                    case.policy = f.read()
                case.minimum = 3 if "datashield" in case.policy else 10
            out.append(case)
    return out
