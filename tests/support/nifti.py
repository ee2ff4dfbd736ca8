"""A NIfTI-1 file, gzipped where its name says so."""

import gzip
import struct


def header(code, bits, size, spacing=(1, 1, 2), origin=(0, 0, 0), signs=(1, 1, 1)):
    """352 bytes, to be changed: the sform alone has a place, axes along those of RAS or against them."""
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<hh", h, 70, code, bits)
    struct.pack_into("<8f", h, 76, 1, *spacing, 0, 0, 0, 0)
    struct.pack_into("<f", h, 108, 352)
    struct.pack_into("<h", h, 254, 1)
    for axis in range(3):
        row = [signs[axis] * spacing[axis] if a == axis else 0 for a in range(3)]
        struct.pack_into("<4f", h, 280 + 16 * axis, *row, origin[axis])
    h[344:348] = b"n+1\0"
    return h


def write(path, head, fmt, values):
    data = bytes(head) + struct.pack("<%d%s" % (len(values), fmt), *values)
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 1) if path.endswith(".gz") else data)


def nifti(path, code, bits, fmt, size, values, *place, **named):
    write(path, header(code, bits, size, *place, **named), fmt, values)
