"""Writes small cases for the tests of batches: batch.py FOLDER COUNT. Image and mask of case i depend on i only."""

import gzip
import os
import random
import struct
import sys

folder, count = sys.argv[1], int(sys.argv[2])


def nifti(path, code, bits, fmt, size, values):
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<hh", h, 70, code, bits)
    struct.pack_into("<8f", h, 76, 1, 1, 1, 2, 0, 0, 0, 0)
    struct.pack_into("<f", h, 108, 352)
    struct.pack_into("<h", h, 254, 1)
    struct.pack_into("<12f", h, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0)
    h[344:348] = b"n+1\0"
    data = bytes(h) + struct.pack("<%d%s" % (len(values), fmt), *values)
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 1) if path.endswith(".gz") else data)


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
