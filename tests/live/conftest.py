"""One network for all tests of this folder: four sites, and what each process sends, kept before it is encrypted."""
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "tests/live")]

import demo_live  # noqa: E402
from network import edit  # noqa: E402


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Rows, keys and the signed study of the demo."""
    path = tmp_path_factory.mktemp("live")
    demo_live.prepare(path)
    (path / "tap").mkdir()
    return path


@pytest.fixture(scope="session")
def net(folder):
    """Up and connected."""
    tap = {"RADIOMILL_TAP": str(folder / "tap"),
           "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/live/tap"), *filter(None, [os.environ.get("PYTHONPATH")])])}
    with demo_live.Network(folder, folder / "study.yaml", demo_live.SITES, "--grace", "300", "--deadline", "600",
                           environment=tap) as network:
        demo_live.configure(network, folder)
        # What sites refuse they refuse by themselves, whatever the server and who submits would allow.
        edit(network.place["localhost"] / "local/authorization.json",
             lambda content: content["permissions"].update(lead="any"))
        edit(network.place["localhost"] / "local/resources.json",
             lambda content: content.update(class_list_enforcement_mode="warn"))
        network.start()
        network.wait_for()
        yield network


@pytest.fixture(autouse=True)
def as_before(net, folder):
    """Every test finds the sites as the demo configures them."""
    demo_live.configure(net, folder)
    for site in demo_live.SITES:
        net.local(site, timeout=600)
