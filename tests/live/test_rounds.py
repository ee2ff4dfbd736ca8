"""Rounds that are interrupted: what stands in the folder of the server is where the next job goes on."""
import json
import re
import time

from demo_live import MODEL, SITES, fit_by_hand, run
from network import LONGEST
from test_wire import read_wire


def state(folder):
    """The state of the model at the server; an empty one where it has not begun."""
    path = next((folder / "HUB/studies").glob(f"*/{MODEL}.state"), None)
    return json.loads(path.read_bytes()) if path else {"round": -1, "result": ""}


def wait_for_round(folder, least):
    """Until the state is of that round, or of a later one."""
    end = time.monotonic() + LONGEST
    while state(folder)["round"] < least:
        assert time.monotonic() < end, state(folder)
        time.sleep(0.05)
    assert not state(folder)["result"], "it had ended before anything was killed"


def test_rounds(net, folder):
    """A site, then the server lose power in the middle; the same job again goes on, and ends with the bytes of files."""
    net.radiomill("nvflare", "kit", folder / "study.yaml", "--sites", ",".join(SITES), "--models", MODEL, "--minimum", 4,
                  "-o", folder / "models")

    def site_dies():
        wait_for_round(folder, 2)
        net.kill("D")
    got = net.submit("site", "models/job", code=7, meanwhile=site_dies)
    assert got["sites"]["D"]["outcome"] == "died" and "D: died" in got["fault"]
    there = state(folder)
    assert there["round"] >= 2 and not there["result"]

    net.start("D")
    net.wait_for()

    def server_dies():
        wait_for_round(folder, there["round"] + 2)
        net.kill("localhost")
    net.submit("server", "models/job", deadline=300, code=7, meanwhile=server_dies)
    later = state(folder)
    assert later["round"] >= there["round"] + 2 and not later["result"]

    for site in SITES:  # which had lost their server, and come back by themselves, or here
        net.kill(site)
    net.start()
    net.wait_for()
    net.submit("rest", "models/job")
    assert state(folder)["result"] == "converged"
    rounds = [int(number) for number in re.findall(r"round (\d+) of model", (folder / "HUB/log").read_text())]
    assert rounds == sorted(rounds) and rounds[0] == 0  # no round was asked for that had been answered

    files, _, handed = read_wire(folder, {})
    states = [json.loads(given["state"]) for given in handed if "state" in given]
    assert {given["format"] for given in states} == {"radiomill state 1"}
    assert {given["round"] for given in states} == set(rounds)
    assert all(task in ("summarise", "step") for site in SITES for task, _ in files[site])
    assert len([task for task, _ in files["A"] if task == "step"]) >= state(folder)["round"]

    run("cp", "-r", "rest/pooled", "pooled", folder=folder)
    fit_by_hand(folder)
    run("diff", "-r", "fitted", "rest/fitted", folder=folder)
