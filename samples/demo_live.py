"""A study over NVIDIA FLARE: a server, four sites and an admin with mutual TLS as processes of this machine.

usage: demo_live.py [FOLDER]      default: build/demo-live; `make demo-live` makes the virtual environment that it needs
Each scene is one job; what it must say is checked. No process is left, whatever happens.
"""
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/live"))
from network import Network, descendants  # noqa: E402

BUILD = ROOT / os.environ.get("BUILD", "build")
PROGRAM = os.environ.get("RADIOMILL_COMMAND", str(BUILD / "radiomill"))
MODEL = "relapse_lasso"
SITES = list("ABCD")
FIT = ["--model", "{model}", "--moments", "{moments}", "--results", "{out}", "-o", "{state}"]
STUDY = """\
study: live
title: Four sites of 150 generated patients
patient: patient
features: [f*]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  stage: {levels: [I, II, III]}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 12, 24, 48], groups: [sex]}
groups: [sex, response]
tables: [[sex, response], [stage, response]]
covariance: [f0000, f0001, f0003, f0006, age]
redundancy: 0.5
volume: f0001
model: [age, sex]
models:
  relapse_lasso:
    family: cox
    response: relapse
    terms: [f0001, f0003, f0006, age]
    penalty: {kind: lasso, lambda: [0.03]}
    scale: pooled
    validate: leave-one-site-out
variables:
  "f*": {grid: {relative: 0.01}}
"""


def say(*lines: str) -> None:
    """A paragraph."""
    print("", *lines, sep="\n", flush=True)


def run(*words, folder: Path, shown: bool = True) -> str:
    """A command by hand."""
    if shown:
        print("$", *[str(word).replace(str(folder) + "/", "").replace(str(ROOT) + "/", "") for word in words], flush=True)
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout


def prepare(folder: Path) -> None:
    """Rows, keys, and the signed study; all that a site has is in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["RADIOMILL_STATE"] = str(folder / "HUB")
    cohort = [sys.executable, ROOT / "tests/support/cohort.py", folder, 4, 150, 40, 2, "--spread", 0.2, "--signal", 0.6]
    subprocess.run([str(word) for word in cohort], check=True)
    (folder / "all.csv").unlink()
    (folder / "study.yaml").write_text(STUDY + (folder / "steps").read_text())
    for name in ("HUB", *SITES):
        (folder / name).mkdir()
        os.environ["RADIOMILL_STATE"] = str(folder / name / "state")
        run(PROGRAM, "keygen", name, "-o", name, folder=folder)
    for number, name in enumerate(SITES, 1):
        (folder / f"s{number}.csv").rename(folder / name / "patients.csv")
    (folder / "HUB/trusted").write_text("".join((folder / f"{name}/{name}.pub").read_text() for name in SITES))
    run(PROGRAM, "sign", "study.yaml", "-k", "HUB/HUB.key", folder=folder)


def command(folder: Path, site: str, *options: str, verb: str = "summarise") -> list[str]:
    """What a site runs, in its own words."""
    own = folder / site
    return [PROGRAM, verb, str(own / "patients.csv"), "-s", "{study}", "-k", str(own / f"{site}.key"),
            "--coordinator", str(folder / "HUB/HUB.pub"), "-o", "{out}", *options]


def coordinator(folder: Path, verb: str, *options: str) -> list[str]:
    """What the server runs, in its own words."""
    return [PROGRAM, verb, "{study}", "{files}", "-k", str(folder / "HUB/trusted"), "--key", str(folder / "HUB/HUB.key"),
            *options]


def by_hand(folder: Path, words: list[str], *files: str, shown: bool = True, **names: str) -> None:
    """The same command with files in place of its words."""
    found = {"{study}": "study.yaml", **{"{%s}" % key: value for key, value in names.items()}}
    run(*[each for word in words for each in (files if word == "{files}" else [found.get(word, word)])], folder=folder,
        shown=shown)


def configure(net: Network, folder: Path) -> None:
    """Each machine says in its own radiomill.json what it runs."""
    for site in SITES:
        net.local(site, summarise=command(folder, site), step=command(folder, site, "--state", "{state}", verb="step"),
                  environment={"RADIOMILL_STATE": str(folder / site / "state")}, log=str(folder / site / "log"))
    net.local("localhost", state=str(folder / "HUB/studies"), log=str(folder / "HUB/log"),
              pool=coordinator(folder, "pool", "{absent}", "-o", "{out}"), fit=coordinator(folder, "fit", *FIT))


def fit_by_hand(folder: Path) -> None:
    """All rounds of the model by files."""
    (folder / "fitted").mkdir()
    names = {"model": MODEL, "moments": "pooled/pooled.json", "state": f"{MODEL}.state", "out": "fitted"}
    by_hand(folder, coordinator(folder, "fit", *FIT), **names)
    first = True
    while not json.loads((folder / names["state"]).read_bytes())["result"]:
        for site in SITES:
            os.environ["RADIOMILL_STATE"] = str(folder / site / "state")
            by_hand(folder, command(folder, site, "--state", "{state}", verb="step"), shown=first, state=names["state"],
                    out=f"{site}.step")
        by_hand(folder, coordinator(folder, "fit", *FIT), *[f"{site}.step" for site in SITES], shown=first, **names)
        first = False
    print("... and so on for all rounds")


def expect(got: dict, **sites: str) -> None:
    """The result names these sites so, and has pooled the others."""
    said = {site: " ".join(str(got["sites"][site][key]) for key in ("outcome", "exit_code") if key in got["sites"][site])
            for site in SITES}
    for site, words in said.items():
        print(f"    {site}: {words}", flush=True)
    assert said == {**dict.fromkeys(SITES, "pooled"), **sites}, got


def wait_for_command(net: Network, site: str, word: str) -> None:
    """Until a process of that site runs it."""
    end = time.monotonic() + 300
    while not any(word in Path(f"/proc/{pid}/comm").read_text() for pid in descendants(net.process[site].pid)
                  if Path(f"/proc/{pid}/comm").exists()):
        assert time.monotonic() < end
        time.sleep(0.1)


def main(folder: Path) -> None:
    """All scenes."""
    say("== Four sites of 150 generated patients, a coordinator, and a study that it signs")
    prepare(folder)
    say("== The network: `radiomill nvflare kit` writes its files, `nvflare provision` the certificates.")
    with Network(folder, folder / "study.yaml", SITES, "--grace", "300", "--deadline", "600") as net:
        print((folder / "kit/README").read_text())
        configure(net, folder)
        start = time.monotonic()
        net.start()
        net.wait_for()
        print(f"the server and {len(SITES)} sites are up after {time.monotonic() - start:.0f} s")

        say("== The policy of D asks for cells of 100. D refuses (exit code 10), the others are pooled.")
        (folder / "D/policy.yaml").write_text("minimum_cell: 100\n")
        net.local("D", summarise=command(folder, "D", "-p", str(folder / "D/policy.yaml")))
        expect(net.submit("refused"), D="refused 10")

        say("== The command of D hangs. After its 5 seconds D ends it, with all that it started.")
        net.local("D", summarise=["sh", "-c", "sleep 1000 & sleep 1000"], timeout=5)
        expect(net.submit("hung"), D="hung 124")

        say("== D loses power while it works.")
        net.local("D", summarise=["sleep", "1000"], timeout=600)
        expect(net.submit("died", meanwhile=lambda: (wait_for_command(net, "D", "sleep"), net.kill("D"))), D="died")

        say("== D is back. All four are pooled, and a Cox lasso is fitted in rounds, and without each site in turn.")
        net.local("D", summarise=command(folder, "D"))
        net.start("D")
        net.wait_for()
        net.radiomill("nvflare", "kit", folder / "study.yaml", "--sites", ",".join(SITES), "--models", MODEL, "-o", folder / "models")
        start = time.monotonic()
        expect(net.submit("all", job="models/job", deadline=600))
        rounds = json.loads(next((folder / "HUB/studies").glob(f"*/{MODEL}.state")).read_bytes())["round"]
        print(f"    {rounds} rounds; the job took {time.monotonic() - start:.0f} s")

    say("== The same by files, and byte by byte the same tables and report.")
    for site in SITES:
        os.environ["RADIOMILL_STATE"] = str(folder / site / "state")
        by_hand(folder, command(folder, site), out=f"{site}.radsum")
    by_hand(folder, coordinator(folder, "pool", "-o", "{out}"), *[f"{site}.radsum" for site in SITES], out="pooled")
    fit_by_hand(folder)
    run("diff", "-r", "pooled", "all/pooled", folder=folder)
    run("diff", "-r", "fitted", "all/fitted", folder=folder)
    for table in ("validation", "performance"):
        print((folder / f"fitted/{MODEL}.{table}.csv").read_text())
    say(f"Open {folder}/all/pooled/report.html in a browser.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else BUILD / "demo-live").resolve())
