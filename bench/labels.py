"""What many ROIs in one mask cost: labels.py RADIOMILL FOLDER. The same voxels as 27, 216 and 1,728 balls, one thread,
all families but intensity peaks, Moran's I and Geary's C; processor time with reading, the least of three."""

import array
import os
import random
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tests/support"))
from nifti import nifti  # noqa: E402

SIDE = 192
SETTINGS = """families: [morph, stat, ih, ivh, cm, rlm, szm, dzm, ngt, ngl]
discretisation: [fbn32]
texture: {dimensions: [3D]}
spatial: no
"""

program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]


def ball(cell):
    """Rows of one cell: how many voxels are outside on each side, by z and y; None: the row has none inside."""
    rows = {}
    for z in range(cell):
        for y in range(cell):
            inside = [x for x in range(cell) if sum((2 * k + 1 - cell) ** 2 for k in (x, y, z)) <= (0.8 * cell) ** 2]
            rows[z, y] = (inside[0], inside[-1] + 1) if inside else None
    return rows


def make_mask(path, cell):
    """Returns how many ROIs and voxels there are."""
    along, rows, labels = SIDE // cell, ball(cell), array.array("H", bytes(2 * SIDE ** 3))
    voxels = 0
    for z in range(SIDE):
        for y in range(SIDE):
            span = rows[z % cell, y % cell]
            for i in range(along if span else 0):
                label = 1 + (z // cell * along + y // cell) * along + i
                start, width = (z * SIDE + y) * SIDE + i * cell + span[0], span[1] - span[0]
                labels[start:start + width] = array.array("H", [label]) * width
                voxels += width
    nifti(path, 512, 16, "H", (SIDE,) * 3, labels)
    return along ** 3, voxels


def seconds(mask):
    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    before = spent()
    subprocess.run([program, "extract", os.path.join(folder, "image.nii"), mask, "--settings", os.path.join(folder, "settings.yaml"),
                    "--threads", "1", "--out", os.path.join(folder, "features.csv")], check=True, stderr=subprocess.DEVNULL)
    return spent() - before


os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, "settings.yaml"), "w") as file:
    file.write(SETTINGS)
noise = random.Random(1).randbytes(SIDE ** 3).translate(bytes(v % 64 for v in range(256)))
nifti(os.path.join(folder, "image.nii"), 2, 8, "B", (SIDE,) * 3, noise)
for cell in (64, 32, 16):
    mask = os.path.join(folder, f"mask{cell}.nii")
    count, voxels = make_mask(mask, cell)
    least = min(seconds(mask) for _ in range(3))
    print("%d ROIs, %d voxels in all: %.2f s, %.2f ms a ROI, %.0f ns a voxel" %
          (count, voxels, least, 1e3 * least / count, 1e9 * least / voxels))
