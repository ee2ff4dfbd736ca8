"""What a site and a server run for NVIDIA FLARE, without FLARE: radiomill.json, its command, and the files of the kit.

tests/live has the network itself.
"""
import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from radiomill import _nvflare_kit
from radiomill.nvflare.local import HUNG, UNREADABLE, Local, LocalError, file_of, write_files

NEVER = lambda: False  # noqa: E731


class Workspace:
    """That of FLARE, as far as it is asked."""

    def __init__(self, root):
        self.root = str(root)

    def get_root_dir(self):
        return self.root

    def get_file_path_in_site_config(self, name):
        return f"{self.root}/local/{name}"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Local of a radiomill.json with these keys; the workspace of FLARE is beside the site's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("workspace/local", "home", "own", "work"):
        (tmp_path / name).mkdir(parents=True)

    def make(**keys):
        path = tmp_path / "workspace/local/radiomill.json"
        path.write_text(json.dumps({"log": str(tmp_path / "own/log"), **keys}))
        return Local(Workspace(tmp_path / "workspace"))
    return make


def run(local, tmp_path, aborted=NEVER, **names):
    return local.run("summarise", {f"{{{key}}}": value for key, value in names.items()}, str(tmp_path / "work"), aborted)


def gone(marker: str) -> bool:
    """No process has this word in its command line (that of the test aside)."""
    lines = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return not [line for line in lines if marker in line and str(os.getpid()) not in line.split()[0]]


def test_words_stand_for_files(site, tmp_path):
    """A word that is a placeholder becomes one or several words; no shell sees them."""
    local = site(summarise=["sh", "-c", 'printf "%s\\n" "$@"', "sh", "{files}", "x{out}", "$HOME; {out}", "{out}"])
    assert run(local, tmp_path, files=["a b", "c"], out=["o"]) == 0
    assert (tmp_path / "own/log").read_text() == "a b\nc\nx{out}\n$HOME; {out}\no\n"


def test_environment_is_clean(site, tmp_path, monkeypatch):
    monkeypatch.setenv("NVFLARE_SECRET", "token")
    assert run(site(summarise=["env"], environment={"RADIOMILL_STATE": "/s"}), tmp_path) == 0
    names = {line.partition("=")[0] for line in (tmp_path / "own/log").read_text().splitlines()}
    assert {"PATH", "HOME", "LANG", "RADIOMILL_STATE"} <= names and "NVFLARE_SECRET" not in names
    assert run(site(summarise=["sh", "-c", "pwd; cat"]), tmp_path) == 0  # its folder, and nothing to read
    assert (tmp_path / "own/log").read_text().endswith(f"{tmp_path}/work\n")


@pytest.mark.parametrize("command, code", [(["true"], 0), (["sh", "-c", "exit 10"], 10), (["/no/such/command"], 127),
                                           (["sh", "-c", "kill -9 $$"], 137)])
def test_exit_code(site, tmp_path, command, code):
    assert run(site(summarise=command), tmp_path) == code


def test_a_task_without_a_command(site, tmp_path):
    assert run(site(step=["true"]), tmp_path) == UNREADABLE


def test_what_hangs_is_ended(site, tmp_path):
    """Also what ignores SIGTERM, and its children."""
    local = site(summarise=["sh", "-c", "trap '' TERM; sleep 4711.25 & sleep 4711.25; sleep 4711.25"], timeout=0.5)
    start = time.monotonic()
    assert run(local, tmp_path) == HUNG
    assert time.monotonic() - start < 30
    assert gone("4711.25")


def test_a_child_that_stays_is_ended(site, tmp_path):
    assert run(site(summarise=["sh", "-c", "sleep 4712.25 & exit 0"]), tmp_path) == 0
    time.sleep(0.2)
    assert gone("4712.25")


def test_abort(site, tmp_path):
    start = time.monotonic()
    code = run(site(summarise=["sh", "-c", "sleep 4713.25 & sleep 4713.25"]), tmp_path,
               aborted=lambda: time.monotonic() - start > 0.5)
    assert code not in (0, HUNG) and time.monotonic() - start < 30
    assert gone("4713.25")


def test_the_command_ends_when_its_worker_is_killed(site, tmp_path):
    """timeout(1) is its parent: the time of the site holds without Python."""
    site(summarise=["sleep", "4714.25"], timeout=2)
    code = ("import sys; sys.path.insert(0, sys.argv[1]); from test_nvflare import Local, Workspace; "
            "Local(Workspace(sys.argv[2])).run('summarise', {}, sys.argv[3], lambda: False)")
    words = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "workspace"), str(tmp_path / "work")]
    worker = subprocess.Popen(words)
    end = time.monotonic() + 30
    while gone("4714.25") and time.monotonic() < end:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    assert not gone("4714.25")
    while not gone("4714.25") and time.monotonic() < end:
        time.sleep(0.1)
    assert gone("4714.25")


@pytest.mark.parametrize("keys", [
    {"summarise": ["radiomill", "-k", "{}/A.key"]}, {"step": ["radiomill", "--key={}/deep/A.key"]}, {"log": "{}/log"},
    {"environment": {"RADIOMILL_STATE": "{}/state"}}, {"environment": {"XDG_STATE_HOME": "{}"}},
    {"environment": {"HOME": "{}"}}, {"state": "{}"}, {"pool": ["p", "{}/../workspace/x"]}, {"summarise": ["p", "link/A.key"]},
    {"summarise": ["p", "inward/A.key"]}])
def test_nothing_of_the_site_lies_in_the_workspace(site, tmp_path, keys):
    """Jobs can read it; neither by a link into it nor by a link in it."""
    workspace = tmp_path / "workspace"
    (tmp_path / "own/link").symlink_to(workspace)
    (workspace / "inward").symlink_to(tmp_path / "own")
    text = json.dumps(keys).replace("{}", str(workspace)).replace("link/", f"{tmp_path}/own/link/").replace(
        "inward/", f"{workspace}/inward/")
    with pytest.raises(LocalError, match="lies in the workspace of FLARE"):
        site(**json.loads(text))
    assert site(summarise=["radiomill", "-k", f"{workspace}.key", "-p", f"{tmp_path}/own/A.key", "workspace"])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"timeout": "x"}', '{"summarise": 7}', '{"environment": []}', '{"sites": 1}'])
def test_a_damaged_file(tmp_path, text):
    (tmp_path / "local").mkdir()
    (tmp_path / "local/radiomill.json").write_text(text)
    with pytest.raises(LocalError, match="radiomill.json"):
        Local(Workspace(tmp_path))
    with pytest.raises(LocalError, match="No such file"):
        Local(Workspace(tmp_path / "none"))


def test_size_of_what_comes():
    assert file_of(b"x" * 10, 10) == b"x" * 10
    for bad in (b"", b"x" * 11, "x", None, 7, ["x"]):
        with pytest.raises(ValueError):
            file_of(bad, 10)


def test_files_are_whole_or_not_there(tmp_path):
    write_files(str(tmp_path), {"a": b"1", "b": b"2"})
    write_files(str(tmp_path), {"a": b"3", "b": None, "c": None})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"3"}


def test_kit(tmp_path, capsys):
    study = tmp_path / "study.yaml"
    study.write_bytes(b"study: {a: b}\n")
    (tmp_path / "study.yaml.sig").write_bytes(b"signature")
    ours = ["kit", str(study), "--sites", "A,B", "-o", str(tmp_path / "kit"), "--minimum", "2", "--port", "7000"]
    assert _nvflare_kit.main(ours) == 0
    made = sorted(str(path.relative_to(tmp_path / "kit")) for path in (tmp_path / "kit").rglob("*") if path.is_file())
    local = ["authorization.json", "radiomill.json", "resources.json"]
    assert made == sorted(["README", "project.yml", "job/meta.json", "job/app/config/config_fed_client.json",
                           "job/app/config/config_fed_server.json",
                           *(f"{place}/local/{name}" for place in ("server", "sites/A", "sites/B") for name in local)])
    read = {name: json.loads((tmp_path / "kit" / name).read_text()) for name in made if name.endswith(".json")}
    args = read["job/app/config/config_fed_server.json"]["workflows"][0]["args"]
    assert base64.b64decode(args["study"]) == study.read_bytes() and base64.b64decode(args["signature"]) == b"signature"
    assert args["minimum"] == read["job/meta.json"]["min_clients"] == 2
    project = (tmp_path / "kit/project.yml").read_text()
    assert "{name: A, type: client, org: A}" in project and "fed_learn_port: 7000" in project and "$" not in project
    for site in "AB":
        assert f"/srv/radiomill/{site}.key" in read[f"sites/{site}/local/radiomill.json"]["summarise"]
        resources = read[f"sites/{site}/local/resources.json"]
        assert resources["class_allow_list"] == ["radiomill.nvflare.site.SiteExecutor"]
        assert resources["allow_log_streaming"] is False
        for role, rights in read[f"sites/{site}/local/authorization.json"]["permissions"].items():
            assert rights == {"view": "any"} or rights["byoc"] == rights["shell_commands"] == "none", role
    # What stands there as a site's command is one: its options are known to the command.
    for place, verbs in (("sites/A", ("summarise", "step")), ("server", ("pool", "fit"))):
        for verb in verbs:
            known = subprocess.run([_command(), "help", verb], capture_output=True, text=True, check=True).stdout
            words = read[f"{place}/local/radiomill.json"][verb]
            assert words[:2] == ["radiomill", verb]
            assert not [word for word in words if word.startswith("-") and word not in known]
    capsys.readouterr()
    assert _nvflare_kit.main(ours) == 5  # a folder that is there stays as it is
    assert "File exists" in capsys.readouterr().err
    assert _nvflare_kit.main([*ours[:-1], "7000", "-o", str(tmp_path / "other"), "--sites", "A"]) == 0
    (tmp_path / "big").write_bytes(b"x" * ((1 << 20) + 1))
    for path, sites, code in (("none.yaml", "A", 3), ("big", "A", 4), ("study.yaml", "A,A", 4), ("study.yaml", "A,", 4),
                              ("study.yaml", "A/b", 4), ("study.yaml", "A,localhost", 4)):
        assert _nvflare_kit.main(["kit", str(tmp_path / path), "--sites", sites, "-o", str(tmp_path / "third")]) == code
        assert not (tmp_path / "third").exists() and capsys.readouterr().err.startswith("radiomill: nvflare: ")


def _command() -> str:
    import radiomill._command

    return radiomill._command.path()


def test_class_paths_are_there():
    """The paths of the job and of the allow lists are those of the package."""
    for module, name in (("site", "SiteExecutor"), ("hub", "StudyController")):
        assert f"class {name}(" in (Path("python/radiomill/nvflare") / f"{module}.py").read_text()


def test_size_of_the_adapter():
    """It is to be read by who lets it into a hospital."""
    texts = [path.read_text() for path in Path("python/radiomill/nvflare").glob("*.py")]
    lines = sum(bool(line.strip()) for text in texts for line in text.splitlines())
    assert lines < 250
