"""What the package costs beside the engine: import, a call, memory, threads. Bounds are on the processor's time."""
from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import radiomill
from conftest import DIRECTIONS, SPACING, command, voxels, write

ATTEMPTS = 5  # of what a busy machine may spoil


def best(function, times: int = 200) -> float:
    """Seconds of the fastest call."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import():
    """Below 50 ms of the processor's time beyond numpy, the best of five; neither pandas nor the like is taken along."""
    program = ("import time, sys, numpy\nt = time.process_time()\nimport radiomill\nprint(time.process_time() - t)\n"
               "assert not {'pandas', 'SimpleITK', 'nibabel', 'pyarrow', 'subprocess', 'torch'} & set(sys.modules)")
    assert min(float(run(program)) for _ in range(5)) < 0.05


def test_overhead():
    """Beyond what the engine takes for the same call: below 2 ms, the best of many."""
    import ctypes

    from radiomill import _native as native
    from radiomill._scan import scan

    image, mask = (np.ascontiguousarray(a.T) for a in voxels())
    chosen = radiomill.settings({"families": ["stat"], "discretisation": "fbn8"})
    i, m = scan(image, spacing=SPACING), scan(mask, spacing=SPACING)

    def bare():
        table = ctypes.c_void_p()
        control = native.Control(1, native.Step(), native.Note(), None)
        native.call("rad_extract", chosen._handle, i._handle, m._handle, None, ctypes.byref(control),
                    ctypes.byref(table))
        native.engine().rad_features_free(table)

    def whole():
        dict(radiomill.extract(image, mask, chosen, spacing=SPACING, threads=1).rows[0])

    overhead = best(whole) - best(bare)
    print(f"overhead of a call: {1e3 * overhead:.2f} ms")
    assert overhead < 0.002


def test_a_call_beside_the_command(tmp_path):
    """Arrays by a call, the same voxels as files by the command: below 2 ms more than it takes once it has started."""
    image, mask = write(tmp_path, DIRECTIONS["straight"])
    arrays = [np.ascontiguousarray(a.T) for a in voxels()]
    chosen = radiomill.settings({"families": ["stat", "cm"]})
    (tmp_path / "s.yaml").write_text(str(chosen))
    words = ("extract", image, mask, "-c", tmp_path / "s.yaml", "-t", 1, "-o", tmp_path / "t.csv")
    call = best(lambda: dict(radiomill.extract(*arrays, chosen, spacing=SPACING, threads=1).rows[0]))
    start, program = best(lambda: command("--version"), 20), best(lambda: command(*words), 20)
    print(f"a call: {1e3 * call:.1f} ms; the command: {1e3 * program:.1f} ms, of which {1e3 * start:.1f} to start")
    assert call < program - start + 0.002


def test_no_copy():
    """A contiguous CT of 300 MB is used where it is: the process grows by less than a fifth of it. A copy is seen."""
    program = """
import resource, sys
import numpy as np
import radiomill
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
image = np.zeros((600, 512, 512), np.int16)
image[:] = np.arange(512, dtype=np.int16)
mask = np.zeros(image.shape, np.uint8)
mask[280:300, 200:260, 200:260] = 1
mask[:] += 0
before = peak()
result = radiomill.extract(image, mask, {"families": ["stat", "morph", "cm"]}, spacing=(1, 1, 1))
used = peak() - before
copy = image.copy()
print(image.nbytes / 2**20, used, peak() - before)
"""
    size, used, with_copy = map(float, run(program).split())
    print(f"a CT of {size:.0f} MB: the peak of memory grows by {used:.0f} MB")
    assert size == 300 and used < 60 and with_copy > 250


def work(_: int = 0) -> None:
    """A tenth of a second of the engine, on one thread of it."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 400, (48, 48, 48)).astype(np.int16)
    mask = np.zeros(image.shape, np.uint8)
    mask[2:46, 2:46, 2:46] = 1
    radiomill.extract(image, mask, "ibsi-c", spacing=(2, 2, 2), threads=1)


def seconds_of(pool: concurrent.futures.Executor) -> float:
    """Of sixteen calls, with eight workers that have begun."""
    list(pool.map(work, range(8)))
    start = time.perf_counter()
    list(pool.map(work, range(16)))
    return time.perf_counter() - start


def ticks_of(pool: concurrent.futures.Executor) -> tuple[float, float]:
    """Seconds of the same, and how often in a second another thread has the interpreter meanwhile."""
    done, free = threading.Event(), 0

    def count() -> None:
        nonlocal free
        while not done.wait(0.001):
            free += 1

    counter = threading.Thread(target=count)
    start = time.perf_counter()
    counter.start()
    try:
        seconds = seconds_of(pool)
    finally:
        done.set()
        counter.join()
    return seconds, free / (time.perf_counter() - start)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two processors")
def test_threads_scale_as_processes():
    """Eight threads of Python take at most a quarter more than eight processes; others have the interpreter meanwhile."""
    processes, threads, free = [], [], 0.0
    with concurrent.futures.ProcessPoolExecutor(8, multiprocessing.get_context("fork")) as many, \
            concurrent.futures.ThreadPoolExecutor(8) as one:
        for _ in range(ATTEMPTS):
            processes.append(seconds_of(many))
            seconds, ticks = ticks_of(one)
            threads.append(seconds)
            free = max(free, ticks)
            if min(threads) < 1.25 * min(processes) and free > 20:
                break
    print(f"eight threads: {min(threads):.2f} s, processes: {min(processes):.2f} s; free {free:.0f} times a second")
    assert min(threads) < 1.25 * min(processes)
    assert free > 20
