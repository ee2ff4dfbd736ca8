"""A study over NVIDIA FLARE: a server, four sites and an admin with mutual TLS as processes of this machine.

usage: demo_live.py [FOLDER]      default: build/demo-live; `make demo-live` makes the virtual environment that it needs
Each scene is one job; what it must say is checked. No process is left, whatever happens.
"""
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
PROGRAM = str(BUILD / "radiomill")
SITES = list("ABCD")
STUDY = """\
study: live
title: Four sites of 60 generated patients
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
variables:
  "f*": {grid: {relative: 0.01}}
"""


def say(*lines: str) -> None:
    """A paragraph."""
    print("", *lines, sep="\n", flush=True)


def run(*words, folder: Path) -> str:
    """A command by hand, shown."""
    print("$", *[str(word).replace(str(ROOT) + "/", "").replace(str(folder) + "/", "") for word in words], flush=True)
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout


def prepare(folder: Path) -> None:
    """Rows, keys, and the signed study; all that a site has is in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["RADIOMILL_STATE"] = str(folder / "HUB")
    cohort = [sys.executable, ROOT / "tests/support/cohort.py", folder, 4, 60, 40, 2, "--spread", 0.2, "--signal", 0.6]
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


def command(folder: Path, site: str, *options: str) -> list[str]:
    """What a site runs, in its own words."""
    own = folder / site
    return [PROGRAM, "summarise", str(own / "patients.csv"), "-s", "{study}", "-k", str(own / f"{site}.key"),
            "--coordinator", str(folder / "HUB/HUB.pub"), "-o", "{out}", *options]


def configure(net: Network, folder: Path) -> None:
    """Each machine says in its own radiomill.json what it runs."""
    for site in SITES:
        net.local(site, summarise=command(folder, site), environment={"RADIOMILL_STATE": str(folder / site / "state")},
                  log=str(folder / site / "log"))
    hub = folder / "HUB"
    net.local("localhost", state=str(hub / "studies"), log=str(hub / "log"),
              pool=[PROGRAM, "pool", "{study}", "{files}", "-k", str(hub / "trusted"), "--key", str(hub / "HUB.key"),
                    "{absent}", "-o", "{out}"])


def expect(got: dict, **sites: str) -> None:
    """The result names these sites so, and has pooled the others."""
    said = {site: " ".join(str(got["sites"][site][key]) for key in ("outcome", "exit_code") if key in got["sites"][site])
            for site in SITES}
    for site, words in said.items():
        print(f"    {site}: {words}", flush=True)
    assert said == {**dict.fromkeys(SITES, "pooled"), **sites}, got


def wait_for_command(net: Network, site: str, word: str) -> None:
    """Until a process of that site runs it."""
    end = time.monotonic() + 60
    while not any(word in Path(f"/proc/{pid}/comm").read_text() for pid in descendants(net.process[site].pid)
                  if Path(f"/proc/{pid}/comm").exists()):
        assert time.monotonic() < end
        time.sleep(0.1)


def main(folder: Path) -> None:
    """All scenes."""
    say("== Four sites of 60 generated patients, a coordinator, and a study that it signs")
    prepare(folder)
    say("== The network: `radiomill nvflare kit` writes its files, `nvflare provision` the certificates.")
    with Network(folder, folder / "study.yaml", SITES, "--grace", "60", "--deadline", "240") as net:
        print((folder / "kit/README").read_text())
        configure(net, folder)
        start = time.monotonic()
        net.start()
        net.wait_for()
        print(f"the server and {len(SITES)} sites are up after {time.monotonic() - start:.0f} s")

        say("== The policy of D asks for cells of 40. D refuses (exit code 10), the others are pooled.")
        (folder / "D/policy.yaml").write_text("minimum_cell: 40\n")
        net.local("D", summarise=command(folder, "D", "-p", str(folder / "D/policy.yaml")))
        expect(net.submit("refused"), D="refused 10")

        say("== The command of D hangs. After its 5 seconds D ends it, with all that it started.")
        net.local("D", summarise=["sh", "-c", "sleep 1000 & sleep 1000"], timeout=5)
        expect(net.submit("hung"), D="hung 124")

        say("== D loses power while it works.")
        net.local("D", summarise=["sleep", "1000"], timeout=600)
        expect(net.submit("died", meanwhile=lambda: (wait_for_command(net, "D", "sleep"), net.kill("D"))), D="died")

        say("== D is back, and all four are pooled.")
        net.local("D", summarise=command(folder, "D"))
        net.start("D")
        net.wait_for()
        expect(net.submit("all"))

    say("== The same by files, and byte by byte the same tables and report.")
    for site in SITES:
        os.environ["RADIOMILL_STATE"] = str(folder / site / "state")
        run(*[word.replace("{study}", "study.yaml").replace("{out}", f"{site}.radsum") for word in command(folder, site)],
            folder=folder)
    run(PROGRAM, "pool", "study.yaml", *[f"{site}.radsum" for site in SITES], "-k", "HUB/trusted", "--key", "HUB/HUB.key",
        "-o", "pooled", folder=folder)
    run("diff", "-r", "pooled", "all/pooled", folder=folder)
    say(f"Open {folder}/all/pooled/report.html in a browser.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else BUILD / "demo-live").resolve())
