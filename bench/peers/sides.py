"""Processes of either side: workers that stay, and whole commands. Who waits is stopped, so that nothing spins beside."""
import ctypes
import json
import os
import select
import signal
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "PICTOLOGICS_NUM_THREADS",
           "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", "NUMEXPR_NUM_THREADS")

NOT_OURS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONDONTWRITEBYTECODE")


class Failed(Exception):
    """Why a row has no figures, in one line."""


def environment(threads, more=None):
    """As a user has it: libraries of linear algebra choose their own kernels, and Python keeps what it compiled."""
    made = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
    made.update({name: str(threads) for name in THREADS})
    made.update(more or {})
    return made


def pin(threads):
    """One thread is one processor: helpers of a runtime count, too. Nothing outlives the bench, stopped or not."""
    libc = ctypes.CDLL(None)

    def apply():
        os.setsid()
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, set(cpus[-threads:]))
    return apply


def tail(file):
    file.seek(0)
    lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"


class Worker:
    """worker.py in the environment of an engine; asked and answered by lines of JSON."""

    def __init__(self, python, adapter, threads, more, limit):
        self.said = tempfile.TemporaryFile()
        start = time.perf_counter()
        self.process = subprocess.Popen([python, os.path.join(HERE, "worker.py"), adapter, str(threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said,
                                        env=environment(threads, more), preexec_fn=pin(threads))
        self.buffer, self.stopped = b"", False
        self.about = self.answer(limit)
        self.about["wall"] = time.perf_counter() - start

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def rest(self):
        self.signal(signal.SIGSTOP)
        self.stopped = True

    def end(self):
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.close()

    def close(self):
        for file in (self.said, self.process.stdin, self.process.stdout):
            try:
                file.close()
            except OSError:
                pass

    def answer(self, limit):
        until = time.monotonic() + limit
        while b"\n" not in self.buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                self.end()
                raise Failed(f"stopped after {limit:.0f} s")
            part = os.read(self.process.stdout.fileno(), 1 << 20)
            if not part:
                code, words = self.process.wait(), tail(self.said)
                self.close()
                raise Failed(f"ended ({code}): {words}")
            self.buffer += part
        line, self.buffer = self.buffer.split(b"\n", 1)
        found = json.loads(line)
        if "error" in found:
            raise Failed(found["error"])
        return found

    def ask(self, do, what=None, limit=60):
        if self.stopped:
            self.signal(signal.SIGCONT)
            self.stopped = False
        try:
            self.process.stdin.write(json.dumps({"do": do, "what": what}).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Failed(f"ended: {tail(self.said)}") from None
        return self.answer(max(limit, 1))

    @property
    def alive(self):
        return self.process.poll() is None


def run_command(words, threads, limit, more=None):
    """Wall and processor seconds, and peak MB, of a whole process with its children."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment(threads, more),
                                   preexec_fn=pin(threads))
        late = threading.Event()

        def kill():
            late.set()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        timer = threading.Timer(max(limit, 1), kill)
        timer.start()
        _, code, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(code)
        if late.is_set():
            raise Failed(f"stopped after {limit:.0f} s")
        if process.returncode:
            raise Failed(f"exit code {process.returncode}: {tail(said)}")
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}
