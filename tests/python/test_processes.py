"""Threads, processes, forks, Ctrl-C, exceptions, ends: no hang, no crash, no zombie, and always the same doubles."""
from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
import warnings

import nibabel
import numpy as np
import pytest

import radiomill
from conftest import SPACING, voxels, write, DIRECTIONS

SETTINGS = {"discretisation": "fbn16", "families": ["stat", "cm", "rlm"]}


def features_of(seed: int) -> dict[str, float]:
    """What a worker computes: of arrays, in whatever process or thread it is."""
    image, mask = voxels(seed)
    result = radiomill.extract(image.T, mask.T, SETTINGS, spacing=SPACING, roi=1)
    return dict(result)


@pytest.fixture(scope="module")
def expected() -> list[dict[str, float]]:
    return [features_of(seed) for seed in range(6)]


def test_threads(expected):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(features_of, [*range(6)] * 8)) == expected * 8


@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_multiprocessing(expected, start):
    """fork: after this process has used the library, with its threads."""
    with multiprocessing.get_context(start).Pool(2) as pool:
        assert pool.map(features_of, range(6)) == expected


def test_fork_while_another_thread_computes(expected):
    """A child begins anew, whatever the threads of its parent were at."""
    stop = False

    def work():
        while not stop:
            features_of(0)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = [pool.submit(work) for _ in range(2)]
        try:
            for seed in range(6):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 says that forks of threads may hang
                    child = os.fork()
                if child == 0:
                    signal.alarm(60)
                    os._exit(0 if features_of(seed) == expected[seed] else 1)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop = True
        for one in running:
            one.result()


def test_joblib(expected):
    joblib = pytest.importorskip("joblib")
    assert joblib.Parallel(2)(joblib.delayed(features_of)(seed) for seed in range(6)) == expected
    assert joblib.Parallel(2, backend="threading")(joblib.delayed(features_of)(s) for s in range(6)) == expected


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_dask(expected, scheduler):
    dask = pytest.importorskip("dask")
    assert list(dask.compute(*[dask.delayed(features_of)(s) for s in range(6)], scheduler=scheduler)) == expected


@pytest.mark.skipif(not os.environ.get("RADIOMILL_RAY"), reason="RADIOMILL_RAY=1 starts a Ray of this machine")
def test_ray(expected):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(sys.path)}})
    try:
        assert ray.get([ray.remote(features_of).remote(seed) for seed in range(6)]) == expected
    finally:
        ray.shutdown()


def test_pickles(expected):
    """Results, settings and errors go from process to process."""
    image, mask = voxels()
    result = radiomill.extract(image.T, mask.T, SETTINGS, spacing=SPACING)
    back = pickle.loads(pickle.dumps(result))
    assert [dict(row) for row in back.rows] == [dict(row) for row in result.rows] and back.columns == result.columns
    only = pickle.loads(pickle.dumps(result.rows[0]))
    assert dict(only) == dict(result.rows[0]) and only.rows == [only]
    chosen = radiomill.settings(SETTINGS)
    assert pickle.loads(pickle.dumps(chosen)) == chosen
    error = pickle.loads(pickle.dumps(radiomill.InputError("x: is none", 3)))
    assert (str(error), error.status, type(error)) == ("x: is none", 3, radiomill.InputError)


BIG = """
import os, signal, sys, threading, time
import numpy as np
import radiomill
rng = np.random.default_rng(0)
image = rng.integers(0, 400, (160, 160, 160)).astype(np.int16)
mask = np.ones(image.shape, np.uint8)
settings = {"families": ["stat", "cm", "rlm", "szm", "ngt"], "discretisation": "fbn64",
            "images": ["log: {sigma: 3}", {"laws": {"kernels": "L5E5S5", "rotations": True, "pooling": "max"}}]}
def extract(**more):
    return radiomill.extract(image, mask, settings, spacing=(1, 1, 1), threads=1, **more)
"""


def run(program: str, timeout: float = 900) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", BIG + textwrap.dedent(program)], capture_output=True, text=True,
                          timeout=timeout)


@pytest.mark.parametrize("delay", [0.6, 1.0, 1.4])
def test_ctrl_c(delay):
    """An interrupt is heard within 0.2 s, whatever part of the work is at hand; then the process works on."""
    for _ in range(5):  # a busy machine may be late
        seconds = seconds_until_heard(delay)
        if seconds < 0.2:
            break
    assert seconds < 0.2


def seconds_until_heard(delay: float) -> float:
    done = run(f"""
        def late():
            time.sleep({delay})
            global sent
            sent = time.monotonic()
            os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=late).start()
        try:
            while True:  # on a fast machine one ends before
                extract()
        except KeyboardInterrupt:
            print(time.monotonic() - sent)
        mask[:], mask[3:9, 3:9, 3:9] = 0, 1
        small = radiomill.extract(image[:12, :12, :12], mask[:12, :12, :12], spacing=(1, 1, 1))
        assert len(small) > 100
        """)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return float(done.stdout)


def test_exception_in_progress():
    """What a progress function raises ends the job, and reaches the caller as it is."""
    done = run("""
        seen = []
        def progress(share):
            seen.append(share)
            if share > 0.1:
                raise LookupError("enough")
        try:
            extract(progress=progress)
        except LookupError as error:
            print(error, len(seen) > 0, all(0 <= s <= 1 for s in seen))
        """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "enough True True\n", "")


def test_progress_of_a_thread():
    """Where the caller is no main thread, its own thread is told; exceptions reach it, too."""
    image, mask = voxels()

    def work(fails):
        seen = []

        def progress(share):
            seen.append(share)
            if fails:
                raise LookupError("enough")
        radiomill.extract(image.T, mask.T, spacing=SPACING, progress=progress)
        return seen

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        seen = pool.submit(work, False).result()
        assert seen == sorted(seen) and seen[-1] == 1
        with pytest.raises(LookupError, match="enough"):
            pool.submit(work, True).result()


@pytest.mark.parametrize("how", ["sys.exit(3)", "raise SystemExit(3)", "os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)"])
def test_the_interpreter_ends_meanwhile(how):
    """The main thread ends while a thread of the caller, or one left behind by Ctrl-C, is in the library."""
    start = time.monotonic()
    done = run(f"""
        threading.Thread(target=extract, daemon=True).start()
        time.sleep(0.7)
        {how}
        """)
    assert done.returncode in (3, -signal.SIGTERM) and done.stderr == "", done.stderr
    assert time.monotonic() - start < 20


def test_at_exit():
    """A call from a handler of the interpreter's end, when no thread can be started any more."""
    done = run("""
        import atexit
        mask[:] = 0
        mask[3:9, 3:9, 3:9] = 1
        def late():
            print(len(radiomill.extract(image[:12, :12, :12], mask[:12, :12, :12], spacing=(1, 1, 1))) > 100)
        atexit.register(late)
        """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_left_behind():
    """Ctrl-C leaves a long part of the work behind; the interpreter ends all the same, at once."""
    done = run("""
        threading.Timer(0.7, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            extract()
        except KeyboardInterrupt:
            print("interrupted")
        """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


CASES = 80


def manifest(folder):
    """Cases that differ, and take some hundredths of a second each."""
    rng = np.random.default_rng(0)
    mask = np.ones((48, 48, 48), np.uint8)
    nibabel.save(nibabel.Nifti1Image(mask, np.eye(4)), folder / "mask.nii")
    lines = ["case,image,mask"]
    for i in range(CASES):
        image = rng.integers(0, 400, mask.shape).astype(np.int16)
        nibabel.save(nibabel.Nifti1Image(image, np.eye(4)), folder / f"{i}.nii")
        lines.append(f"c{i},{folder}/{i}.nii,{folder}/mask.nii")
    (folder / "cases.csv").write_text("\n".join(lines) + "\n")
    return folder / "cases.csv"


def children() -> list[str]:
    """Processes of the engine that somebody left."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", errors="replace") as file:
                words = file.read().split("\0")
        except OSError:
            continue
        if any("radiomill-test-left" in word for word in words):
            found.append(" ".join(words))
    return found


@pytest.mark.parametrize("how", ["interrupt", "exception", "exit"])
def test_a_batch_is_stopped(tmp_path, how):
    """The command ends, the run directory is whole, and the next call goes on."""
    cases, run_folder = manifest(tmp_path), tmp_path / "radiomill-test-left"
    program = {
        "interrupt": "def progress(share):\n    if share > 0: os.kill(os.getpid(), signal.SIGINT)\n"
                     "try: batch(progress=progress)\nexcept KeyboardInterrupt: print('stopped')\n",
        "exception": "def progress(share):\n    if share > 0: raise LookupError('stopped')\n"
                     "try: batch(progress=progress)\nexcept LookupError as error: print(error)\n",
        "exit": "begun = threading.Event()\n"
                "def progress(share):\n    if share > 0: begun.set()\n"
                "threading.Thread(target=batch, kwargs={'progress': progress}, daemon=True).start()\n"
                "begun.wait(); print('stopped')\n",
    }[how]
    header = (f"import os, signal, threading, radiomill\n"
              f"def batch(**more): radiomill.batch({str(cases)!r}, {str(run_folder)!r}, 'ibsi-d', threads=2, **more)\n")
    done = subprocess.run([sys.executable, "-c", header + program], capture_output=True, text=True, timeout=900)
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", ""), done.stderr
    assert not children()
    before = len(radiomill.read_run(run_folder, "cases").query("status == 'done'"))
    assert 0 < before < CASES


def test_a_batch_goes_on(tmp_path):
    """Shares rise to 1; a failed case is a warning, and its reason stands in the table of cases."""
    image, mask = write(tmp_path, DIRECTIONS["straight"])
    rows = [{"case": f"c{i}", "image": image, "mask": mask} for i in range(3)] + \
           [{"case": "none", "image": tmp_path / "none.nii", "mask": mask}]
    shares = []
    with pytest.warns(radiomill.RadiomillWarning, match="3 of 4 cases done"):
        folder = radiomill.batch(rows, tmp_path / "RUN", "ibsi-a", progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1
    told = radiomill.read_run(folder, "cases").set_index("case")
    assert told.status["none"] == "failed" and "none.nii" in told.reason["none"]
    of_array = radiomill.extract(image, mask, "ibsi-a")
    frame = radiomill.read_run(folder).set_index(["case", "roi"])
    for row in of_array.rows:
        assert np.array_equal(frame.loc[("c1", row.roi), list(row)].to_numpy(float), row.values_array, equal_nan=True)
    with pytest.raises(radiomill.ConfigError, match="settings"):
        radiomill.batch(rows, tmp_path / "RUN", "ibsi-b")
