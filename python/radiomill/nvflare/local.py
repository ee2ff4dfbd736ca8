"""radiomill.json, the file in which a machine says what it runs, and running it."""
from __future__ import annotations

import json
import os
import subprocess
import time
from typing import Any, Callable, Optional

UNREADABLE, HUNG = 3, 124  # exit codes: that of docs/exit-codes.md, that of timeout(1)
STUDY_LIMIT, STATE_LIMIT, REPLY_LIMIT = 1 << 20, 16 << 20, 256 << 20
PATIENCE = 5  # seconds between SIGTERM and SIGKILL


class LocalError(Exception):
    """radiomill.json cannot be used; what it says stays on this machine."""


class Local:
    """What a machine runs for each task, its environment, its time, and where its words go."""

    def __init__(self, workspace: Any) -> None:
        """workspace: that of FLARE."""
        path = workspace.get_file_path_in_site_config("radiomill.json")
        try:
            with open(path, encoding="utf-8") as file:
                said = json.load(file)
            self.commands = {task: [str(word) for word in said[task]]
                             for task in ("summarise", "step", "pool", "fit") if task in said}
            self.timeout = float(said.get("timeout", 600))
            self.sites = [str(site) for site in said.get("sites", [])]
            self.state, self.log = (os.path.expanduser(str(said.get(key) or "")) for key in ("state", "log"))
            self.environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.path.expanduser("~"),
                                "LANG": "C.UTF-8", **{k: str(v) for k, v in said.get("environment", {}).items()}}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise LocalError(f"{path}: {error}") from None
        self._keep_out(workspace.get_root_dir())

    def _keep_out(self, workspace: str) -> None:
        """Jobs can read the workspace of FLARE: no key, ledger, table or log lies there."""
        home = self.environment["HOME"]
        ledgers = self.environment.get("RADIOMILL_STATE") or os.path.join(
            self.environment.get("XDG_STATE_HOME") or os.path.join(home, ".local/state"), "radiomill")
        words = [part for command in self.commands.values() for word in command[1:]
                 for part in (word, word.partition("=")[2]) if os.path.isabs(part)]
        for word in filter(None, [*words, ledgers, self.state, self.log]):
            for plain in (os.path.abspath, os.path.realpath):
                if os.path.commonpath([plain(word), plain(workspace)]) == plain(workspace):
                    raise LocalError(f"{word} lies in the workspace of FLARE, which jobs can read: move it out")

    def run(self, task: str, names: dict[str, list[str]], folder: str, aborted: Callable[[], bool]) -> int:
        """Runs the command of a task in a folder, `names` standing for files; its exit code. Nothing of it is left then,
        but what made a session of its own; timeout(1) ends it also where this process was killed."""
        if task not in self.commands:
            return UNREADABLE
        argv = ["timeout", f"--kill-after={PATIENCE}", str(self.timeout)]
        argv += [each for word in self.commands[task] for each in names.get(word, [word])]
        start, asked = time.monotonic(), 0.0
        with open(self.log or os.devnull, "ab") as log:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                                       env=self.environment, start_new_session=True)
        while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            if not asked and aborted():
                asked = time.monotonic()
                os.killpg(process.pid, 15)
            elif asked and time.monotonic() - asked > PATIENCE:
                break
            time.sleep(0.05)
        os.killpg(process.pid, 9)  # it is not reaped yet, so that the number is still that of its group
        code = process.wait()
        if code and time.monotonic() - start >= self.timeout:
            return HUNG
        return code if code >= 0 else 128 - code


def write_files(folder: str, files: dict[str, Optional[bytes]]) -> None:
    """Files of a folder; None: it is not to be there."""
    for name, content in files.items():
        path = os.path.join(folder, name)
        if content is not None:
            with open(path + ".part", "wb") as file:
                file.write(content)
            os.replace(path + ".part", path)
        elif os.path.exists(path):
            os.remove(path)


def read_file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def file_of(data: Any, limit: int) -> bytes:
    """The bytes of a file that came over the wire, or ValueError."""
    if not isinstance(data, bytes) or not 0 < len(data) <= limit:
        raise ValueError(f"not a file of at most {limit} bytes")
    return data
