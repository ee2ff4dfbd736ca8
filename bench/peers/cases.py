#!/usr/bin/env python3
"""Images and masks of the comparison, as arrays (.npy) and as NIfTI: cases.py FOLDER DATA [SCALE]. Needs numpy.

P is what bench_peers prepare wrote (the ROI of the IBSI CT phantom at 1 mm); the others are made here, the same each
time. SCALE below 1 makes the synthetic ones smaller, for trials. Writes cases.json.
"""
import gzip
import json
import os
import struct
import sys

import numpy


def tissue(shape, spacing, seed):
    """Smooth tissue with noise, as bench_stages.c has it, in int16; shape and spacing along z, y, x."""
    z, y, x = (numpy.arange(n, dtype=numpy.float32) * s for n, s in zip(shape, spacing))
    smooth = (60 * numpy.sin(x / 9))[None, None, :] * numpy.cos(y / 11)[None, :, None] * numpy.cos(z / 7)[:, None, None]
    noise = numpy.random.default_rng(seed).integers(0, 32, shape, dtype=numpy.int8)
    return (smooth + noise).astype(numpy.int16)


def ellipsoid(shape, centre, axes):
    """Where voxels lie inside, as a box and what is in it; all along z, y, x, in voxels."""
    low = [max(int(c - a), 0) for c, a in zip(centre, axes)]
    high = [min(int(c + a) + 2, n) for c, a, n in zip(centre, axes, shape)]
    parts = [((numpy.arange(lo, hi) - c) / a) ** 2 for lo, hi, c, a in zip(low, high, centre, axes)]
    inside = parts[0][:, None, None] + parts[1][None, :, None] + parts[2][None, None, :] <= 1
    return tuple(slice(lo, hi) for lo, hi in zip(low, high)), inside


def head(code, bits, shape, spacing):
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, *shape[::-1], 1, 1, 1, 1)
    struct.pack_into("<hh", h, 70, code, bits)
    struct.pack_into("<8f", h, 76, 1, *spacing[::-1], 0, 0, 0, 0)
    struct.pack_into("<f", h, 108, 352)
    struct.pack_into("<h", h, 254, 1)
    for axis in range(3):
        struct.pack_into("<4f", h, 280 + 16 * axis,
                         *[spacing[2 - axis] * (-1 if axis < 2 else 1) if a == axis else 0 for a in range(3)], 0)
    h[344:348] = b"n+1\0"
    return bytes(h)


def read_nifti(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    shape = struct.unpack_from("<8h", data, 40)[3:0:-1]
    kind = {2: "<u1", 4: "<i2", 16: "<f4"}[struct.unpack_from("<h", data, 70)[0]]
    spacing = struct.unpack_from("<8f", data, 76)[3:0:-1]
    return numpy.frombuffer(data, kind, offset=352, count=int(numpy.prod(shape))).reshape(shape), spacing


def read_nrrd(path):
    """Of one kind: gzip, straight axes."""
    with open(path, "rb") as file:
        header, data = file.read().split(b"\n\n", 1)
    told = dict(line.split(": ", 1) for line in header.decode().splitlines() if ": " in line)
    shape = [int(n) for n in told["sizes"].split()][::-1]
    spacing = [max(abs(float(v)) for v in axis.strip("()").split(",")) for axis in told["space directions"].split()][::-1]
    kind = {"short": "<i2", "unsigned short": "<u2", "unsigned char": "u1", "int": "<i4"}[told["type"]]
    return numpy.frombuffer(gzip.decompress(data), kind).reshape(shape), spacing


class Writer:
    def __init__(self, folder):
        self.folder, self.told = folder, {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, image, mask, spacing, says, packed=False, files=None):
        """spacing along z, y, x; told along x, y, z."""
        numpy.save(self.path(f"{name}_image.npy"), image)
        numpy.save(self.path(f"{name}_mask.npy"), mask)
        ending = "nii.gz" if packed else "nii"
        written = files or [self.path(f"{name}_{what}.{ending}") for what in ("image", "mask")]
        if not files:
            for path, array, code, bits in zip(written, (image, mask), (4, 2), (16, 8)):
                data = head(code, bits, image.shape, spacing) + array.tobytes()
                with open(path, "wb") as file:
                    file.write(gzip.compress(data, 1, mtime=0) if packed else data)
        labels = [int(v) for v in numpy.flatnonzero(numpy.bincount(mask.ravel())) if v]
        self.told[name] = {"image": self.path(f"{name}_image.npy"), "mask": self.path(f"{name}_mask.npy"), "files": written,
                           "spacing": [float(s) for s in spacing[::-1]], "labels": labels,
                           "voxels": int(numpy.count_nonzero(mask)), "grid": list(image.shape[::-1]), "says": says}


def organs(writer, scale):
    """74 ellipsoids of many sizes, one in each cell of 5 x 5 x 3."""
    shape = tuple(int(255 * scale) for _ in range(3))
    cell = (shape[0] // 3, shape[1] // 5, shape[2] // 5)
    sizes = numpy.random.default_rng(74)
    mask = numpy.zeros(shape, numpy.uint8)
    for label in range(1, 75):
        at = ((label - 1) // 25, (label - 1) // 5 % 5, (label - 1) % 5)
        axes = [max(c * f, 2.5) for c, f in zip(cell, sizes.uniform(0.15, 0.47, 3))]
        box, inside = ellipsoid(shape, [(a + 0.5) * c for a, c in zip(at, cell)], axes)
        mask[box][inside] = label
    writer.put("organs", tissue(shape, (1.5, 1.5, 1.5), 5), mask, (1.5, 1.5, 1.5), "74 organs in one mask", packed=True)


def synthetic(writer, name, shape, spacing, axes, seed, says, packed=False):
    mask = numpy.zeros(shape, numpy.uint8)
    box, inside = ellipsoid(shape, [(n - 1) / 2 for n in shape], axes)
    mask[box][inside] = 1
    writer.put(name, tissue(shape, spacing, seed), mask, spacing, says, packed)


def real(writer, data):
    """Images and masks of patients and phantoms that the reference data have, as they are."""
    rows = [("phantom", f"{data}/ibsi1/ct_phantom/nifti/image.nii.gz", f"{data}/ibsi1/ct_phantom/nifti/mask.nii.gz")]
    for person in ("STS_001", "STS_002", "STS_003"):
        rows += [(f"{person}_{kind}", f"{data}/sts/{person}/{kind}_image.nii.gz", f"{data}/sts/{person}/{kind}_mask.nii.gz")
                 for kind in ("CT", "MR_T1", "PET")]
    writer.told["real"] = [row for row in rows if os.path.exists(row[1]) and os.path.exists(row[2])]
    for name, says, read, files in (
            ("phantom", "IBSI CT phantom, as it is", read_nifti, rows[0][1:]),
            ("brain1", "brain1 of PyRadiomics", read_nrrd, [f"{data}/pyradiomics/brain1_{w}.nrrd" for w in ("image", "label")])):
        if os.path.exists(files[0]):
            (image, spacing), (mask, _) = read(files[0]), read(files[1])
            writer.put(name, image, mask.astype(numpy.uint8), spacing, says, files=list(files))


def main(folder, data, scale):
    writer = Writer(folder)
    if os.path.exists(writer.path("p_image.nii")):
        (image, _), (mask, _) = read_nifti(writer.path("p_image.nii")), read_nifti(writer.path("p_mask.nii"))
        writer.put("P", image, mask, (1, 1, 1), "IBSI CT phantom at 1 mm",
                   files=[writer.path("p_image.nii"), writer.path("p_mask.nii")])

    def size(*numbers):
        return tuple(max(int(n * scale), 12) for n in numbers)

    def axes(*numbers):
        return [n * scale for n in numbers]
    synthetic(writer, "T", size(66, 66, 66), (1, 1, 1), axes(22.85, 22.85, 22.85), 1, "sphere of 50 cm3")
    synthetic(writer, "L", size(113, 179, 211), (1, 1, 1), axes(46, 79, 95), 2, "ellipsoid of 1500 cm3")
    synthetic(writer, "CT", size(200, 512, 512), (1, 0.75, 0.75), axes(61, 95, 95), 3, "CT of 512x512x200", packed=True)
    organs(writer, scale)
    real(writer, data)
    with open(writer.path("cases.json"), "w") as file:
        json.dump({"scale": scale, **writer.told}, file, indent=1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0)
