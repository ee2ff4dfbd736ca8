"""Parametric maps (floats, doubles, whole numbers with a mapping) and volumes of 3D ultrasound."""

import os
import struct

from objects import Sequence, extract, main, refused, same
from dicom import AXIAL, COLUMNS, PREFIX, ROWS, SLICES, blank, convert, item, pattern, pixels, uid
from objects_structures import DX, DY, DZ, X0, Y0, Z0, contour, corners, inside, square, structures
from pydicom import dcmread

MAP, VOLUME = "1.2.840.10008.5.1.4.1.1.30", "1.2.840.10008.5.1.4.1.1.6.2"


def rois(folder):
    return structures(folder, [("A", [contour(square(4, 12, z)) for z in (1, 2, 3)])])[1]


def voxels(of):
    return [of(x, y, z) for z in (1, 2, 3) for y in range(ROWS) for x in range(COLUMNS) if inside(corners(4, 12), x, y)]


def frames(d, volume=False):
    place = (lambda p: item(PlanePositionVolumeSequence=Sequence([item(ImagePositionVolume=p)]))) if volume else (
        lambda p: item(PlanePositionSequence=Sequence([item(ImagePositionPatient=p)])))
    shared = item(PixelMeasuresSequence=Sequence([item(PixelSpacing=[DY, DX], SliceThickness=DZ)]))
    if volume:
        shared.PlaneOrientationVolumeSequence = Sequence([item(ImageOrientationVolume=[float(v) for v in AXIAL])])
    else:
        shared.PlaneOrientationSequence = Sequence([item(ImageOrientationPatient=AXIAL)])
    d.NumberOfFrames = SLICES
    d.SeriesInstanceUID, d.FrameOfReferenceUID = uid(), PREFIX + "9.1"
    d.SharedFunctionalGroupsSequence = Sequence([shared])
    d.PerFrameFunctionalGroupsSequence = Sequence([place([X0, Y0, Z0 + DZ * z]) for z in range(SLICES)])
    return shared


def parametric(where, kind, slope=None, tools=(), change=None):
    d = blank(MAP, "MR")
    shared = frames(d)
    values = [pattern(x, y, z) for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)]
    if kind == "H":
        pixels(d, struct.pack("<%dH" % len(values), *values), 16, signed=0)
    else:
        values = [v / 7 - 11 for v in values]
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.Rows, d.Columns, d.BitsAllocated = ROWS, COLUMNS, 32 if kind == "f" else 64
        data = struct.pack("<%d%s" % (len(values), kind), *values)
        if kind == "f":
            d.FloatPixelData = data
        else:
            d.DoubleFloatPixelData = data
    if slope:
        shared.RealWorldValueMappingSequence = Sequence([item(
            RealWorldValueSlope=slope[0], RealWorldValueIntercept=slope[1], LUTLabel="ADC",
            MeasurementUnitsCodeSequence=Sequence([item(CodeValue="um2/s", CodingSchemeDesignator="UCUM", CodeMeaning="um2/s")]))])
    if change:
        change(d)
    path = os.path.join(where, "map.dcm")
    d.save_as(path, write_like_original=False)
    for tool in tools:
        convert([path], *tool)
    return path


def single(v):
    return struct.unpack("<f", struct.pack("<f", v))[0]


def maps_of_floats(where):
    rs = rois(where)
    same(extract(parametric(where, "f"), rs), "A", voxels(lambda x, y, z: single(pattern(x, y, z) / 7 - 11)))
    same(extract(parametric(where, "d"), rs), "A", voxels(lambda x, y, z: pattern(x, y, z) / 7 - 11))
    ran = extract(parametric(where, "f", (2.0, 3.0)), rs, "-v")
    same(ran, "A", voxels(lambda x, y, z: 2 * single(pattern(x, y, z) / 7 - 11) + 3))
    ran.says("unit: um2/s")
    for kind in "fd":
        path = parametric(where, kind)
        d = dcmread(path)
        d.is_little_endian, d.is_implicit_VR = True, True
        d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
        d.save_as(path, write_like_original=False)
        same(extract(path, rs), "A", voxels(lambda x, y, z: single(pattern(x, y, z) / 7 - 11) if kind == "f" else
                                            pattern(x, y, z) / 7 - 11))


def maps_of_whole_numbers(where):
    rs = rois(where)
    same(extract(parametric(where, "H", (0.25, -3.0)), rs), "A", voxels(lambda x, y, z: pattern(x, y, z) / 4 - 3))
    same(extract(parametric(where, "H"), rs), "A", voxels(pattern))
    same(extract(parametric(where, "H", (0.5, 1.0), tools=[("dcmconv", "+tb")]), rs), "A",
         voxels(lambda x, y, z: pattern(x, y, z) / 2 + 1))


def damaged_maps(where):
    rs = rois(where)
    refused(extract(parametric(where, "f", change=lambda d: setattr(d, "BitsAllocated", 16)), rs), 3, "16 bits allocated")
    path = parametric(where, "d")
    os.truncate(path, os.path.getsize(path) - 100)
    ran = extract(path, rs)
    assert ran.code == 3 and "truncated" in ran.err, ran.err


def volumes_of_ultrasound(where):
    rs = rois(where)
    d = blank(VOLUME, "US")
    frames(d, True)
    values = [pattern(x, y, z) % 250 for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)]
    pixels(d, bytes(values), 8, signed=0)
    path = os.path.join(where, "us.dcm")
    d.save_as(path, write_like_original=False)
    same(extract(path, rs), "A", voxels(lambda x, y, z: pattern(x, y, z) % 250))
    for tool in (("dcmcrle",), ("gdcmconv", "--j2k")):
        convert([path], *tool)
        same(extract(path, rs), "A", voxels(lambda x, y, z: pattern(x, y, z) % 250))


if __name__ == "__main__":
    main()
