"""Many cases: the command of the engine, which is in the package, in processes of its own."""
from __future__ import annotations

import atexit
import json
import os
import signal
import threading
import warnings as python_warnings
import weakref
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Optional, Union

from . import _command as command
from ._errors import ERRORS, CancelledError, ConfigError, RadiomillError, RadiomillWarning
from ._jobs import Progress
from ._native import Path
from ._settings import Settings, SettingsLike, settings as make_settings

if TYPE_CHECKING:
    import pathlib

Cases = Union[Path, Any, Iterable[Mapping[str, Any]]]
_PATHS = ("image", "mask")
_running: weakref.WeakSet[Any] = weakref.WeakSet()


def _end(process: Any, patience: float = 10) -> None:
    """Ends a command and takes its exit code: what was done is kept in the run directory."""
    import subprocess

    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


_at_exit = threading.Event()


@atexit.register
def _end_all() -> None:
    _at_exit.set()
    for process in list(_running):
        _end(process)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_running.clear)  # those are of the parent


def _write_manifest(cases: Any, folder: str) -> str:
    """The path of a manifest: of one that is given, or of a table that is written; its paths are from here."""
    import csv

    if isinstance(cases, (str, os.PathLike)):
        return os.fspath(cases)
    rows = cases.to_dict("records") if hasattr(cases, "to_dict") else [dict(row) for row in cases]
    if not rows:
        raise ConfigError("cases: there is none", 4)
    names = list(dict.fromkeys(name for row in rows for name in row))
    path = os.path.join(folder, "cases.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        for row in rows:
            full = {n: os.path.abspath(v) for n, v in row.items() if n in _PATHS and v not in (None, "") and v == v}
            out.writerow({**{n: "" if v is None or v != v else v for n, v in row.items()}, **full})
    return path


class _Listener(threading.Thread):
    """Reads what the command says of each case, and keeps its last words."""

    def __init__(self, process: Any) -> None:
        super().__init__(name="radiomill batch", daemon=True)
        self.share, self.words = 0.0, [""]
        self._process = process

    def run(self) -> None:
        for line in self._process.stderr:
            try:
                told = json.loads(line)
                self.share = told["ended"] / max(told["total"], 1)
            except (ValueError, KeyError, TypeError):
                self.words.append(line.strip())


def _wait(process: Any, listener: _Listener, progress: Optional[Progress]) -> int:
    said = -1.0
    while listener.is_alive():
        listener.join(0.05)
        if progress and listener.share != said:
            said = listener.share
            progress(said)
    return int(process.wait())


def run_command(words: list[str], progress: Optional[Progress]) -> tuple[int, str]:
    """The exit code of the command, and its last words."""
    import subprocess

    process = subprocess.Popen([command.path(), *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, errors="replace")
    _running.add(process)
    listener = _Listener(process)
    listener.start()
    try:
        code = _wait(process, listener, progress)
    finally:  # also where progress raised, and after Ctrl-C
        _end(process)
        if process.stderr:
            listener.join(1)
            process.stderr.close()
    last = next((word for word in reversed(listener.words) if word), "")
    return code, last.removeprefix("radiomill: ")


def batch(cases: Cases, output: Path, settings: SettingsLike = None, *, threads: int | None = None,
          memory: str | None = None, timeout: float | None = None, retry_failed: bool = False, force: bool = False,
          max_failures: int | None = None, fail_fast: bool = False, dry_run: bool = False,
          resample_mask: bool = False, ignore_frame_of_reference: bool = False, verify: bool = False,
          progress: Progress | None = None) -> pathlib.Path:
    """Features of many cases into a run directory (docs/batches.md); the same call again goes on where it stopped.

    cases: a manifest (CSV), a pandas DataFrame, or dicts, with columns image and mask, and if wanted case, label or
        roi, and series. output: the run directory, which :func:`read_run` reads. settings: as :func:`settings` takes.
    threads: of the whole run. memory: "12G". timeout: seconds that a case may take.
    progress: called with the share of the cases that have ended, 0 to 1.

    Ctrl-C ends the run and keeps what was done. Where some cases fail, a warning says how many, and cases.csv why.
    """
    import pathlib
    import tempfile

    words = {"-t": threads, "-m": memory, "--timeout": timeout, "--max-failures": max_failures}
    flags = {"--retry-failed": retry_failed, "--force": force, "--fail-fast": fail_fast, "--dry-run": dry_run,
             "--resample-mask": resample_mask, "--ignore-frame-of-reference": ignore_frame_of_reference,
             "--verify": verify}
    chosen: Settings = make_settings(settings)
    with tempfile.TemporaryDirectory(prefix="radiomill-") as folder:
        yaml = os.path.join(folder, "settings.yaml")
        pathlib.Path(yaml).write_text(str(chosen), encoding="utf-8")
        manifest = _write_manifest(cases, folder)
        line = ["batch", manifest, "-o", os.fspath(output), "-c", yaml, "--json-log"]
        line += [word for name, value in words.items() if value is not None for word in (name, str(value))]
        line += [name for name, on in flags.items() if on]
        code, last = run_command(line, progress)
    if code == 20:
        python_warnings.warn(last, RadiomillWarning, stacklevel=2)
    elif code in (130, 143, -signal.SIGINT, -signal.SIGTERM):
        if _at_exit.is_set():
            raise SystemExit  # a thread that nobody waits for any more
        raise CancelledError(last or "the batch was ended by a signal", 9)
    elif code:
        raise ERRORS.get(code, RadiomillError)(last or f"the command ended with {code}", code)
    return pathlib.Path(output)
