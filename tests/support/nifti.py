"""A NIfTI-1 file of voxels of 1 x 1 x 2 mm, gzipped where its name says so."""

import gzip
import struct


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
