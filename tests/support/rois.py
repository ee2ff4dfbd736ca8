"""Writes small images and masks for the tests of ROIs that lose their voxels or their grey levels: rois.py FOLDER."""

import os
import random
import sys

import nifti as files

folder = sys.argv[1]


def nifti(name, code, size, values, spacing=(1, 1, 1)):
    letter, bits = {2: ("B", 8), 4: ("h", 16), 16: ("f", 32)}[code]
    files.nifti(os.path.join(folder, name), code, bits, letter, size, values, spacing)


def fill(size, value):
    return [value(x, y, z) for z in range(size[2]) for y in range(size[1]) for x in range(size[0])]


os.makedirs(folder, exist_ok=True)
rng = random.Random(5)
size = (21, 18, 15)
# ROI 1: a block; ROI 2: a block of 0 and 100 alone; ROI 3: a block of 7; ROI 4: one voxel
def roi(x, y, z):
    if (x, y, z) == (18, 15, 12):
        return 4
    return 1 + (x > 7) + (x > 12) if 3 <= x <= 17 and 4 <= y <= 10 and 4 <= z <= 9 else 0


mask = fill(size, roi)
noise = [rng.randrange(-200, 200) for _ in mask]
image = [{2: 100 * (i % 2), 3: 7}.get(m, v) for i, (m, v) in enumerate(zip(mask, noise))]
nifti("image.nii", 4, size, image)
nifti("mask.nii", 2, size, mask)
nifti("two.nii", 2, size, [m if m == 2 else 0 for m in mask])
# every slice of a ROI of its own, for warnings of many ROIs
nifti("many.nii", 2, size, [1 + i // (21 * 18) if m in (1, 2) else 0 for i, m in enumerate(mask)])
# NaN beside ROI 2, of no weight for 2 mm along the axis of 21 voxels; beside ROI 1, and within it
nan = float("nan")
nifti("odd.nii", 16, size, [nan if x == 13 else v for v, x in zip(image, fill(size, lambda x, y, z: x))])
nifti("beside.nii", 16, size, [nan if y == 11 else v for v, y in zip(image, fill(size, lambda x, y, z: y))])
nifti("filled.nii", 16, size, [50 if y == 11 else v for v, y in zip(image, fill(size, lambda x, y, z: y))])
nifti("within.nii", 16, size, [nan if y == 6 else v for v, y in zip(image, fill(size, lambda x, y, z: y))])
# one slice of 5 mm
flat = (24, 20, 1)
nifti("slice.nii", 4, flat, [rng.randrange(0, 400) for _ in range(480)], (1, 1, 5))
nifti("slice_mask.nii", 2, flat, fill(flat, lambda x, y, z: (x - 12) ** 2 + (y - 10) ** 2 <= 50), (1, 1, 5))
with open(os.path.join(folder, "cases.csv"), "w") as table:
    table.write("case,image,mask\nall,image.nii,mask.nii\none,image.nii,two.nii\nmany,image.nii,many.nii\n")
