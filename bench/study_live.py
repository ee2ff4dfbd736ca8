#!/usr/bin/env python3
"""The study of study.py over NVIDIA FLARE on this machine: server, sites and admin as processes with mutual TLS.

usage: study_live.py FOLDER [SITES PATIENTS FEATURES]   by the Python of `make demo-live`, which `make bench-live` calls;
                                                        prints seconds by the clock and rounds; FOLDER/study_live.json
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "tests/live"), str(ROOT / "bench")]

import demo_live  # noqa: E402
import study  # noqa: E402
from network import Network  # noqa: E402


def prepare(folder, sites, patients, features):
    """Rows and keys of each site in a folder of its own, and the signed study."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(study.STUDY)
    for number, name in enumerate(["HUB", *sites]):
        (folder / name).mkdir()
        os.environ["RADIOMILL_STATE"] = str(folder / name / "state")
        demo_live.run(demo_live.PROGRAM, "keygen", name, "-o", name, folder=folder, shown=False)
        if number:
            study.write_site(folder / name / "patients.csv", number - 1, patients, features)
    (folder / "HUB/trusted").write_text("".join((folder / s / f"{s}.pub").read_text() for s in sites))
    demo_live.run(demo_live.PROGRAM, "sign", "study.yaml", "-k", "HUB/HUB.key", folder=folder, shown=False)


def main(results, sites=8, patients=150, features=1000):
    rows = {}

    def say(name, value, unit):
        rows["%s (%s)" % (name, unit)] = value
        print("%-44s %9.3g %s" % (name, value, unit), flush=True)

    folder = (Path(results) / "live").resolve()
    sites = demo_live.SITES[:] = ["S%d" % k for k in range(int(sites))]
    prepare(folder, sites, int(patients), int(features))
    with Network(folder, folder / "study.yaml", sites, "--grace", "300", "--deadline", "600") as net:
        demo_live.MODEL = "cox"
        demo_live.configure(net, folder)
        for site in sites:
            net.local(site, summarise=demo_live.command(folder, site, "--withhold"),
                      step=demo_live.command(folder, site, "--withhold", "--state", "{state}", verb="step"))
        net.local("localhost", pool=demo_live.coordinator(folder, "pool", "--withhold", "{absent}", "-o", "{out}"))
        start = time.monotonic()
        net.start()
        net.wait_for()
        say("server and %d sites are up" % len(sites), time.monotonic() - start, "s")
        start = time.monotonic()
        net.submit("screened", deadline=900)
        say("summaries, pool, report: screening", time.monotonic() - start, "s")
        start = time.monotonic()
        (folder / "model.yaml").write_text(study.screen(folder / "screened/pooled"))
        demo_live.run(demo_live.PROGRAM, "sign", "model.yaml", "-k", "HUB/HUB.key", folder=folder, shown=False)
        net.radiomill("nvflare", "kit", folder / "model.yaml", "--sites", ",".join(sites), "--models", "cox", "-o", folder / "models")
        net.submit("fitted", job="models/job", deadline=900)
        state = json.loads(next((folder / "HUB/studies").glob("*/cox.state")).read_bytes())
        say("Cox lasso of %d terms: rounds, %s" % (study.TERMS, state["result"]), state["round"], "rounds")
        say("Cox lasso of %d terms: summaries, all rounds, page" % study.TERMS, time.monotonic() - start, "s")
    with open(Path(results) / "study_live.json", "w") as out:
        json.dump(rows, out, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
