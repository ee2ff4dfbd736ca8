"""A network of NVIDIA FLARE on this machine: a server, sites and an admin with mutual TLS, each a process of its own.

Whatever happens, no process is left: this one adopts all that descends from it (PR_SET_CHILD_SUBREAPER), and ends them
when it leaves the network.
"""
import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent  # of the virtual environment that has nvflare
USER = "lead@coordinator.org"
PR_SET_CHILD_SUBREAPER = 36
LONGEST = 1200  # seconds until something is seen that must happen: no test waits for less, since the machine may be busy


def children(pid: int) -> list[int]:
    """Processes whose parent is this one."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            pass  # it has ended
    return found


def descendants(pid: int) -> list[int]:
    """All processes below this one."""
    below = children(pid)
    return [each for child in below for each in (child, *descendants(child))]


def end_all() -> None:
    """Kills and reaps whatever this process has started, until nothing is left."""
    while below := descendants(os.getpid()):
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.05)


def free_port() -> int:
    """The first of two ports, one after the other, that nobody listens at."""
    for port in range(18000 + os.getpid() % 10000, 32000, 2):
        try:
            for each in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("localhost", each))
            return port
        except OSError:
            continue
    raise SystemExit("no two free ports")


def edit(path: Path, change) -> None:
    """A file of JSON, changed."""
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content, indent=1))


class Network:
    """Provisioned in `folder`/kit; what a machine runs is edited before it starts, and between jobs."""

    def __init__(self, folder: Path, study: Path, sites: list[str], *options: str, environment: dict = {}) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))  # by way of __exit__
        self.folder, self.sites = folder, sites
        self.environment = {**os.environ, **environment, "PATH": f"{BIN}:{os.environ['PATH']}"}
        self.port = free_port()
        self.radiomill("nvflare", "kit", study, "--sites", ",".join(sites), "--port", self.port, *options, "-o", folder / "kit")
        self.call(BIN / "nvflare", "provision", "-p", folder / "kit/project.yml", "-w", folder / "startup")
        made = folder / "startup/radiomill/prod_00"
        self.place = {name: made / name for name in ("localhost", *sites, USER)}
        for name in ("localhost", *sites):
            kit = folder / "kit" / ("server" if name == "localhost" else f"sites/{name}")
            shutil.copytree(kit / "local", self.place[name] / "local", dirs_exist_ok=True)
        store = {"/srv/radiomill/flare": str(folder / "store")}
        path = self.place["localhost"] / "local/resources.json"
        text = path.read_text()
        for old, new in store.items():
            text = text.replace(old, new)
        path.write_text(text)
        self.process: dict[str, subprocess.Popen] = {}

    def call(self, *words, code: int = 0) -> str:
        """Runs a command that must end with that exit code; what it said."""
        done = subprocess.run([str(word) for word in words], env=self.environment, capture_output=True, text=True,
                              cwd=self.folder)
        assert done.returncode == code, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout + done.stderr

    def radiomill(self, *words, code: int = 0) -> str:
        """The command of the package."""
        return self.call(BIN / "python", "-m", "radiomill", *words, code=code)

    def local(self, name: str, **keys) -> None:
        """Changes radiomill.json of a machine."""
        edit(self.place[name] / "local/radiomill.json", lambda content: content.update(keys))

    def start(self, *names: str) -> None:
        """Starts machines, the server first."""
        for name in names or ("localhost", *self.sites):
            with open(self.folder / f"{name}.log", "ab") as log:
                self.process[name] = subprocess.Popen(
                    ["bash", str(self.place[name] / "startup/sub_start.sh"), "--once"], env=self.environment,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def kill(self, name: str) -> None:
        """The machine loses power: SIGKILL for each of its processes at once."""
        for pid in (self.process[name].pid, *descendants(self.process[name].pid)):
            with contextlib.suppress(ProcessLookupError):  # it has ended
                os.kill(pid, signal.SIGKILL)
        self.process[name].wait()

    def session(self, seconds: float = LONGEST):
        """A session of the admin, once the server is there."""
        from nvflare.fuel.flare_api.flare_api import new_secure_session

        end = time.monotonic() + seconds
        while True:
            try:
                return new_secure_session(USER, str(self.place[USER]))
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(1)

    def wait_for(self, *names: str, seconds: float = LONGEST) -> None:
        """Until these sites, and no others, are connected."""
        session = self.session(seconds)
        end = time.monotonic() + seconds
        while True:
            here = {client.name for client in session.get_system_info().client_info}
            if here == set(names or self.sites):
                break
            assert time.monotonic() < end, f"connected are {sorted(here)}"
            time.sleep(0.5)
        session.close()

    def submit(self, result: str, job: str = "kit/job", deadline: int = LONGEST, code: int = 0, meanwhile=None) -> dict:
        """Carries a study through, and does something while it runs; sites.json of its result."""
        words = [BIN / "python", "-m", "radiomill", "nvflare", "submit", self.folder / job, "-a", self.place[USER],
                 "-u", USER, "--deadline", deadline, "-o", self.folder / result]
        with subprocess.Popen([str(word) for word in words], env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, cwd=self.folder) as process:
            if meanwhile:
                meanwhile()
            said = process.communicate(timeout=deadline + LONGEST)[0]
        assert process.returncode == code, said
        path = self.folder / result / "sites.json"
        return {"said": said, **(json.loads(path.read_text()) if path.exists() else {})}

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, *_) -> None:
        end_all()
