"""Calls that take time: without the interpreter lock, with progress, cancelled by Ctrl-C."""
from __future__ import annotations

import atexit
import ctypes
import os
import threading
import weakref
from typing import Any, Callable, Optional

from . import _native as native

Progress = Callable[[float], Any]
PATIENCE = 0.1  # seconds that Ctrl-C waits for a part of the work to end
AT_EXIT = 2.0  # seconds that the end of the interpreter waits

_running: weakref.WeakSet[Job] = weakref.WeakSet()


class Job:
    """One call of the library. From the main thread it runs on a thread of its own, so that signals are heard."""

    def __init__(self, threads: int | None, progress: Progress | None, notes: list[str] | None = None) -> None:
        self.cancelled = False
        self.share = 0.0
        self.failure: Optional[BaseException] = None
        self.ended = threading.Event()
        self._progress = progress
        self._notes = notes
        self._watched = threading.current_thread() is threading.main_thread()
        step = native.Step(self._step) if self._watched or progress else native.Step()
        note = native.Note(self._note) if notes is not None else native.Note()
        self.control = native.Control(threads or 0, step, note, None)

    def _step(self, share: float, _: Any) -> bool:
        self.share = share
        if self._progress and not self._watched and not self.cancelled:
            self._tell()
        return not self.cancelled

    def _note(self, text: bytes, _: Any) -> None:
        assert self._notes is not None
        self._notes.append(native.decode(text))

    def _tell(self) -> None:
        """Calls the progress function; what it raises ends the job, and is raised to the caller."""
        try:
            assert self._progress
            self._progress(self.share)
        except BaseException as failure:  # also KeyboardInterrupt
            self.failure, self.cancelled = failure, True

    def run(self, work: Callable[[Any], Any]) -> Any:
        """work(control) on the thread that suits; what it raises is raised here."""
        control = ctypes.byref(self.control)
        if self._watched:
            result = self._run_watched(lambda: work(control))
        else:
            try:
                result = work(control)
            except BaseException:
                if self.failure:
                    raise self.failure from None
                raise
        if self.failure:
            raise self.failure
        if self._progress and not self.cancelled:
            self._progress(1.0)
        return result

    def _run_watched(self, work: Callable[[], Any]) -> Any:
        outcome: list[Any] = []

        def body() -> None:
            try:
                outcome.extend((work(), None))
            except BaseException as failure:
                outcome.extend((None, failure))
            finally:
                self.ended.set()

        thread = threading.Thread(target=body, name="radiomill", daemon=True)
        _running.add(self)
        try:
            thread.start()
        except RuntimeError:  # at the end of the interpreter, or of the system's threads
            body()
        try:
            self._watch()
        except BaseException:  # Ctrl-C: the thread ends by itself where a part of the work takes longer
            self.cancelled = True
            self.ended.wait(PATIENCE)
            raise
        if self.failure:
            raise self.failure
        result, failure = outcome
        if failure:
            raise failure
        return result

    def _watch(self) -> None:
        said = -1.0
        while not self.ended.wait(0.05 if self._progress else 3600):
            if self._progress and self.share != said and not self.cancelled:
                said = self.share
                self._tell()
                if self.failure:
                    self.ended.wait(PATIENCE)
                    return


@atexit.register
def _end() -> None:
    """No call of the library runs on into the end of the interpreter."""
    jobs = list(_running)
    for job in jobs:
        job.cancelled = True
    for job in jobs:
        job.ended.wait(AT_EXIT)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_running.clear)  # those are of the parent
