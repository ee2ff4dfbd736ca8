"""Writes small cases for the tests of batches: batch.py FOLDER COUNT. Image and mask of case i depend on i only."""

import os
import random
import sys

from nifti import nifti

folder, count = sys.argv[1], int(sys.argv[2])

os.makedirs(folder, exist_ok=True)
size = (24, 20, 10)
voxels = size[0] * size[1] * size[2]
with open(os.path.join(folder, "cases.csv"), "w") as table:
    table.write("case,image,mask,site\n")
    for i in range(count):
        rng = random.Random(i)
        image = [int(rng.gauss(40, 60)) for _ in range(voxels)]
        r = 3 + i % 5
        mask = [
            (1 if x < 12 else 2) if (x - 12) ** 2 + (y - 10) ** 2 + 4 * (z - 5) ** 2 <= r * r else 0
            for z in range(size[2]) for y in range(size[1]) for x in range(size[0])
        ]
        nifti(os.path.join(folder, "i%d.nii.gz" % i), 4, 16, "h", size, image)
        nifti(os.path.join(folder, "m%d.nii" % i), 2, 8, "B", size, mask)
        table.write("case%d,i%d.nii.gz,m%d.nii,site %s\n" % (i, i, i, "AB"[i % 2]))
