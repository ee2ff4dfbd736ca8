"""What a batch of many small cases costs: batch.py RADIOMILL FOLDER [COUNT]. Throughput on one thread and on two, in
turns, and resident memory of all processes when 10 % and 100 % of the cases are done."""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tests/support"))
from nifti import nifti  # noqa: E402

program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
size = (40, 40, 20)
voxels = size[0] * size[1] * size[2]


def make():
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    mask = bytes(
        (x - 20) ** 2 + (y - 20) ** 2 + 4 * (z - 10) ** 2 <= 15 * 15
        for z in range(size[2]) for y in range(size[1]) for x in range(size[0]))
    nifti(os.path.join(folder, "mask.nii"), 2, 8, "B", size, mask)
    with open(os.path.join(folder, "cases.csv"), "w") as table:
        table.write("case,image,mask\n")
        for i in range(count):
            nifti(os.path.join(folder, "i%d.nii" % i), 2, 8, "B", size, random.Random(i).randbytes(voxels))
            table.write("c%d,i%d.nii,mask.nii\n" % (i, i))


def resident(pid):
    children = open("/proc/%d/task/%d/children" % (pid, pid)).read().split()
    total = 0
    for p in [str(pid)] + children:
        try:
            total += int(open("/proc/%s/statm" % p).read().split()[1]) * os.sysconf("SC_PAGESIZE")
        except OSError:
            pass
    return total / 1048576


def run(threads, rows):
    shutil.rmtree(os.path.join(folder, "run"), ignore_errors=True)
    begin = time.time()
    p = subprocess.Popen([program, "batch", os.path.join(folder, rows), "-o", os.path.join(folder, "run"), "-t", str(threads), "--json-log"],
                         stderr=subprocess.PIPE, text=True)
    memory = {}
    for line in p.stderr:
        if not line.startswith("{"):
            continue
        d = json.loads(line)
        for part in (0.1, 1.0):
            if d["ended"] == int(d["total"] * part):
                memory[part] = resident(p.pid)
    assert p.wait() == 0
    return time.time() - begin, memory


make()
seconds, memory = run(2, "cases.csv")
print("%d cases, 2 threads: %.1f s, %.0f cases/s; resident %.0f MB at 10 %%, %.0f MB at 100 %%" %
      (count, seconds, count / seconds, memory[0.1], memory[1.0]))
lines = open(os.path.join(folder, "cases.csv")).readlines()
open(os.path.join(folder, "some.csv"), "w").writelines(lines[:1 + count // 10])
times = {1: [], 2: []}
for _ in range(5):
    for threads in times:
        times[threads].append(run(threads, "some.csv")[0])
one, two = (statistics.median(times[t]) for t in (1, 2))
print("%d cases: %.2f s on one thread, %.2f s on two: %.2f times" % (count // 10, one, two, one / two))
