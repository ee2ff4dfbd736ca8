"""An image of waves and a mask of two balls: two_rois.py FOLDER. Uneven voxels; half.nii lacks a ball."""
import math
import os
import struct
import sys

size, spacing = (44, 40, 30), (1.0, 1.25, 2.0)


def write(name, code, bits, voxels, names=None):
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<2h", h, 70, code, bits)
    struct.pack_into("<8f", h, 76, 1, *spacing, 0, 0, 0, 0)
    struct.pack_into("<3f", h, 108, 352, 1, 0)
    h[123] = 2
    struct.pack_into("<h", h, 254, 1)
    for r in range(3):
        row = [0.0] * 4
        row[r] = spacing[r]
        row[3] = -20.0 + 3 * r
        struct.pack_into("<4f", h, 280 + 16 * r, *row)
    h[344:348] = b"n+1\0"
    with open(os.path.join(sys.argv[1], name), "wb") as out:
        out.write(h + voxels)


image, mask, half = bytearray(), bytearray(), bytearray()
for z in range(size[2]):
    for y in range(size[1]):
        for x in range(size[0]):
            value = 80 + 40 * math.sin(0.7 * x + 0.2 * z) * math.cos(0.5 * y) + (x * 7 + y * 13 + z * 29) % 11
            image += struct.pack("<h", int(value))
            a = (x - 12) ** 2 + (1.25 * (y - 18)) ** 2 + (2 * (z - 14)) ** 2 < 81
            b = (x - 32) ** 2 + (1.25 * (y - 20)) ** 2 + (2 * (z - 15)) ** 2 < 49
            mask.append(1 if a else 2 if b else 0)
            half.append(1 if a else 2 if (x, y, z) == (32, 20, 15) else 0)
write("i.nii", 4, 16, image)
write("m.nii", 2, 8, mask)
write("half.nii", 2, 8, half)
