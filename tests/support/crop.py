"""Cuts a small case out of a NIfTI image and mask: crop.py IMAGE MASK FOLDER SIZE. The box lies around a voxel of the
mask; voxels keep their type and scaling."""

import gzip
import os
import struct
import sys


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    size = struct.unpack_from("<3h", data, 42)
    width = struct.unpack_from("<h", data, 72)[0] // 8
    start = int(struct.unpack_from("<f", data, 108)[0])
    return bytearray(data[:352]), data[start:], size, width


def crop(head, voxels, size, width, begin, end):
    struct.pack_into("<3h", head, 42, *(e - b for b, e in zip(begin, end)))
    struct.pack_into("<f", head, 108, 352)
    rows = b""
    for z in range(begin[2], end[2]):
        for y in range(begin[1], end[1]):
            at = ((z * size[1] + y) * size[0] + begin[0]) * width
            rows += voxels[at : at + (end[0] - begin[0]) * width]
    return bytes(head) + rows


image, mask, folder, wanted = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
image, mask = read(image), read(mask)
size, width = mask[2], mask[3]
inside = [i for i in range(size[0] * size[1] * size[2]) if any(mask[1][i * width : (i + 1) * width])]
centre = inside[len(inside) // 8]
place = (centre % size[0], centre // size[0] % size[1], centre // (size[0] * size[1]))
begin = [max(0, min(p - wanted // 2, s - wanted)) for p, s in zip(place, size)]
end = [min(b + wanted, s) for b, s in zip(begin, size)]
for name, (head, voxels, whole, width) in (("image", image), ("mask", mask)):
    with open(os.path.join(folder, name + ".nii"), "wb") as file:
        file.write(crop(head, voxels, whole, width, begin, end))
