"""What a shared machine costs, by the clock, in pairs that take turns: 24 cases on half a processor, where 64 are seen, against
one thread; two threads of extract on two processors that others keep busy, against one. Both may take 10 % more.

The half processor is a control group with a quota (version 1 or 2), which root can make; elsewhere that part is left out."""

import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "support"))
from nifti import nifti  # noqa: E402

MOST, CASES = 1.1, 24
SEEN = """#define _GNU_SOURCE
#include <sched.h>
#include <string.h>
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    (void)pid;
    memset(set, 0, size);
    for (int i = 0; i < 64; i++) CPU_SET_S((size_t)i, size, set);
    return 0;
}
"""


def image(path, mask, side, seed):
    noise = random.Random(seed)
    size = (side, side, side // 2)
    at = [(i % side, i // side % side, i // side // side) for i in range(size[0] * size[1] * size[2])]
    nifti(path, 4, 16, "h", size, [(x * x + 3 * y * z) % 200 + noise.randrange(100) for x, y, z in at])
    r = side / 2 - 2
    nifti(mask, 2, 8, "B", size,
          [int((x - side / 2) ** 2 + (y - side / 2) ** 2 + (2 * z - side / 2) ** 2 < r * r) for x, y, z in at])


class HalfProcessor:
    """A control group; None of its kind can be made: .path is None."""

    def __init__(self):
        self.path = None
        for base, quota in (("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us"), ("/sys/fs/cgroup", "cpu.max")):
            path = os.path.join(base, "radiomill-bench-%d" % os.getpid())
            try:
                os.mkdir(path)
            except OSError:
                continue
            try:
                with open(os.path.join(path, quota), "w") as file:
                    file.write("50000" if "cfs" in quota else "50000 100000")
                self.path = path
                return
            except OSError:
                os.rmdir(path)

    def join(self):
        with open(os.path.join(self.path, "cgroup.procs"), "w") as file:
            file.write(str(os.getpid()))

    def end(self):
        if self.path:
            os.rmdir(self.path)


def seconds(words, before=None, environment=None):
    began = time.monotonic()
    subprocess.run(words, check=True, preexec_fn=before, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def pairs(what, first, second, turns):
    """Median of the ratios of the second to the first, in turns; each goes first as often as the other."""
    ratios = []
    for turn in range(turns):
        if turn % 2:
            b, a = second(), first()
        else:
            a, b = first(), second()
        ratios.append(b / a)
    ratio = statistics.median(ratios)
    print("%s: %.2f (at most %.1f; %d pairs, %.2f to %.2f)" % (what, ratio, MOST, turns, min(ratios), max(ratios)), flush=True)
    return ratio


def quota(program, work, turns):
    group = HalfProcessor()
    if not group.path:
        print("half a processor: left out, no control group can be made here")
        return 0
    seen = os.path.join(work, "seen.so")
    with open(seen[:-3] + ".c", "w") as file:
        file.write(SEEN)
    subprocess.run([os.environ.get("CC", "cc").split()[-1], "-shared", "-fPIC", "-o", seen, seen[:-3] + ".c"], check=True)
    rows = ["case,image,mask"]
    for i in range(CASES):
        image("%s/i%d.nii" % (work, i), "%s/m%d.nii" % (work, i), 40, i)
        rows.append("c%d,i%d.nii,m%d.nii" % (i, i, i))
    with open(work + "/cases.csv", "w") as file:
        file.write("\n".join(rows) + "\n")
    many = dict(os.environ, LD_PRELOAD=seen)
    run = [program, "batch", work + "/cases.csv", "-o", work + "/run", "--force", "-q"]
    try:
        return pairs("half a processor of 64 that are seen, against one thread",
                     lambda: seconds(run + ["-t", "1"], group.join), lambda: seconds(run, group.join, many), turns)
    finally:
        group.end()


def busy(program, work, turns):
    """Short commands in more turns: the clock of each is uncertain by half of its time."""
    run = ["taskset", "-c", "0,1", program, "extract", work + "/i.nii", work + "/m.nii", "-o", work + "/o.csv", "-t"]
    others = [subprocess.Popen(["taskset", "-c", str(k), sys.executable, "-c", "while True: pass"]) for k in (0, 1)]
    worst = 0
    try:
        for side, more in ((30, 10), (60, 4), (150, 1)):
            image(work + "/i.nii", work + "/m.nii", side, 7)
            worst = max(worst, pairs("two threads on two busy processors, against one thread, %dx%dx%d" % (side, side, side // 2),
                                     lambda: seconds(run + ["1"]), lambda: seconds(run + ["2"]), turns * more))
        return worst
    finally:
        for other in others:
            other.kill()
            other.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--turns", type=int, default=8)
    o = parser.parse_args()
    program = os.path.abspath(o.program)
    with tempfile.TemporaryDirectory(prefix="radiomill-shared-") as work:
        sys.exit(max(quota(program, work, o.turns), busy(program, work, o.turns)) > MOST)


if __name__ == "__main__":
    main()
