"""Masks on a series whose slices lie at uneven distances, interpolated to even ones: segmentations of its slices, masks of
other formats that have a slice for each of them, folders of these; the filter of such a series."""

import os
import struct

import nifti
from objects import Ran, dicom, extract, main, refused, same
from dicom import COLUMNS, ROWS, SLICES, inside, pattern, segmentation
from pydicom import dcmread

HEIGHTS = [10, 12.5, 15, 18.75, 22.5, 25]
NEAREST = [0, 1, 2, 3, 3, 4, 5]  # of the grid 2.5 mm apart: 17.5 and 20 mm are nearest to 18.75
ON = ("--uneven", "interpolate")


def series(folder):
    def place(d, z):
        d.ImagePositionPatient = [-30.5, -20.25, HEIGHTS[z]]

    files = dicom.series("uneven", place)
    return os.path.dirname(files[0])


def value(x, y, k):
    h = 10 + 2.5 * k
    below = max(i for i in range(5) if HEIGHTS[i] <= h)
    w = (h - HEIGHTS[below]) / (HEIGHTS[below + 1] - HEIGHTS[below])
    return 2 * ((1 - w) * pattern(x, y, below) + w * pattern(x, y, below + 1) - 100) - 1000


def expected(of, planes=range(SLICES)):
    return [value(x, y, k) for k, z in enumerate(NEAREST) if z in planes for y in range(ROWS) for x in range(COLUMNS) if of(x, y, z)]


def moved(path, planes, change=None):
    """The frames of a segmentation at the heights of their slices."""
    d = dcmread(path)
    for frame, (_, z) in zip(d.PerFrameFunctionalGroupsSequence, planes):
        at = frame.PlanePositionSequence[0].ImagePositionPatient
        at[2] = HEIGHTS[z]
        frame.PlanePositionSequence[0].ImagePositionPatient = at
    del d.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices
    if change:
        change(d)
    d.save_as(path, write_like_original=False)
    return path


def segmentations(where):
    ct = series(where)
    every = [(s, z) for s in (1, 2) for z in range(SLICES)]
    for kind, bits, places in (("BINARY", 1, every), ("BINARY", 1, [(2, 3), (1, 3), (1, 2)]), ("FRACTIONAL", 8, every)):
        path, = segmentation("seg", kind, places, bits=bits)
        moved(path, places)
        ran = extract(ct, path, *ON)
        assert ("segments are fractional; voxels of at least 0.5 are in them" in ran.err) == (kind == "FRACTIONAL"), ran.err
        for segment, name in ((1, "Tumour"), (2, "Organ")):
            same(ran, name, expected(lambda x, y, z: inside(segment, x, y, z), [z for s, z in places if s == segment]), ran.code)
    path, = segmentation("map", "LABELMAP", [(1, z) for z in range(SLICES)], bits=8)
    moved(path, [(1, z) for z in range(SLICES)])
    same(extract(ct, path, "-r", "Organ", *ON), "Organ", expected(lambda x, y, z: inside(2, x, y, z)))
    refused(extract(ct, path), 3, "uneven spacing")  # not asked for


def fractions(where):
    ct = os.path.dirname(dicom.series("ct")[0])
    path, = segmentation("seg", "FRACTIONAL", [(1, z) for z in range(SLICES)], bits=8)  # 100 or 99 of 200
    def plain(of):
        return [2 * (pattern(x, y, z) - 100) - 1000 for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS) if of(x, y, z)]
    same(extract(ct, path, "-r", "1", "--fractions", "0.497"), "Tumour", plain(lambda *p: inside(1, *p)))
    same(extract(ct, path, "-r", "1", "--fractions", "0.495"), "Tumour", plain(lambda *p: True))
    refused(extract(ct, path, "-r", "1", "--fractions", "0.51"), 3, "no voxel")


def segmentations_of_other_places(where):
    ct = series(where)
    places = [(1, z) for z in range(SLICES)]

    def up(d):  # between the slices
        for frame in d.PerFrameFunctionalGroupsSequence:
            at = frame.PlanePositionSequence[0].ImagePositionPatient
            at[2] = float(at[2]) + 0.6
            frame.PlanePositionSequence[0].ImagePositionPatient = at

    path, = segmentation("seg", "BINARY", places)
    refused(extract(ct, moved(path, places, up), *ON), 3, "the frames are not evenly spaced")


def box(x, y, z):
    return 4 <= x < 12 and 5 <= y < 11 and z in (1, 3, 4)


def mask(path, spacing=2.5, flip=False, slices=SLICES, z0=10.0, x0=30.5):
    """A mask in the coordinates of NIfTI; flipped rows, as dcm2niix stores them."""
    origin = (x0, 20.25 if not flip else 20.25 - 0.8 * (ROWS - 1), z0)
    head = nifti.header(2, 8, (COLUMNS, ROWS, slices), (0.75, 0.8, spacing), origin, (-1, 1 if flip else -1, 1))
    nifti.write(path, head, "B", [int(box(x, ROWS - 1 - y if flip else y, z)) for z in range(slices) for y in range(ROWS) for x in range(COLUMNS)])
    return path


def masks_of_slices(where):
    ct = series(where)
    for name, how in (("first gap", {}), ("mean", dict(spacing=3.0)), ("flipped", dict(flip=True))):
        ran = extract(ct, mask(os.path.join(where, name + ".nii.gz"), **how), *ON)
        same(ran, "1", expected(box))
        ran.says("has a slice for each of the 6 of the series, which lie at uneven distances")
    seven = mask(os.path.join(where, "grid.nii"), slices=7)  # on the even grid: as it is
    same(extract(ct, seven, *ON), "1", [value(x, y, k) for k in range(7) for y in range(ROWS) for x in range(COLUMNS) if box(x, y, k)])
    for name, how in (("higher", dict(z0=11.5)), ("aside", dict(x0=28.0)), ("fewer", dict(slices=5, spacing=3.0))):
        refused(extract(ct, mask(os.path.join(where, name + ".nii"), **how), *ON), 4, "the mask is not on the grid of the image")


def a_label_that_no_slice_takes(where):
    """Of planes that lie closer than the grid: its ROI is there, and empty."""
    heights = [10, 11, 12.5, 15, 17.5, 20]
    ct = os.path.dirname(dicom.series("close", lambda d, z: setattr(d, "ImagePositionPatient", [-30.5, -20.25, heights[z]]))[0])
    path = os.path.join(where, "lost.nii")
    head = nifti.header(2, 8, (COLUMNS, ROWS, SLICES), (0.75, 0.8, 2.5), (30.5, 20.25, 10.0), (-1, -1, 1))
    nifti.write(path, head, "B", [2 if z == 1 else int(box(x, y, z)) for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)])
    ran = extract(ct, path, *ON)
    ran.says("ROI 2")
    assert ran.values["2"] is None and ran.rois["1"][0], ran.values


def folder_of_masks(where):
    ct = series(where)
    os.makedirs(os.path.join(where, "organs"))
    for name in ("liver", "spleen"):
        mask(os.path.join(where, "organs", name + ".nii.gz"))
    ran = extract(ct, os.path.join(where, "organs"), *ON)
    same(ran, "liver", expected(box))
    same(ran, "spleen", expected(box))


def filtered(where):
    ct, out = series(where), os.path.join(where, "map.nii")
    ran = Ran("filter", ct, "square", "-o", out)
    assert ran.code == 3, ran.err
    ran.says("uneven spacing")
    ran = Ran("filter", ct, "square", *ON, "-o", out)
    assert ran.code == 0, ran.err
    data = open(out, "rb").read()
    assert struct.unpack_from("<8h", data, 40)[1:4] == (COLUMNS, ROWS, 7), struct.unpack_from("<8h", data, 40)
    refused(Ran("filter", ct, "square", "--uneven", "never", "-o", out), 4, "uneven", "never")


if __name__ == "__main__":
    main()
