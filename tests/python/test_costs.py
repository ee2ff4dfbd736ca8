"""What the package costs beside the engine: import, a call, memory, threads. Bounds are on the processor's time."""
from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import radiomill
from conftest import SPACING, voxels


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
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

    def best(function):
        times = []
        for _ in range(200):
            start = time.perf_counter()
            function()
            times.append(time.perf_counter() - start)
        return min(times)

    overhead = best(whole) - best(bare)
    print(f"overhead of a call: {1e3 * overhead:.2f} ms")
    assert overhead < 0.002


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


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two processors")
def test_threads_scale_as_processes():
    """Eight threads of Python, one thread of the engine each: no lock of the interpreter is held meanwhile."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 400, (48, 48, 48)).astype(np.int16)
    mask = np.zeros(image.shape, np.uint8)
    mask[2:46, 2:46, 2:46] = 1

    def work():
        radiomill.extract(image, mask, "ibsi-c", spacing=(2, 2, 2), threads=1)

    work()
    free = 0

    def count():  # what is left to the interpreter while eight threads compute
        nonlocal free
        while not done.is_set():
            free += 1
            time.sleep(0.001)

    done = threading.Event()
    counter = threading.Thread(target=count)
    workers = [threading.Thread(target=lambda: [work() for _ in range(2)]) for _ in range(8)]
    start_processor, start = time.process_time(), time.perf_counter()
    counter.start()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done.set()
    counter.join()
    seconds, processor = time.perf_counter() - start, time.process_time() - start_processor
    print(f"eight threads: {seconds:.2f} s, {processor:.2f} s of processors")
    assert free > 20 * seconds  # the interpreter's lock is there for others many times a second
