"""Writes synthetic DICOM below a folder, one folder a case; test_dicom.c knows what is in them.

Voxel (x, y, z) of a series holds (7x + 13y + 29z) mod 500 plus an offset; its slope, intercept, grid and flaws
depend on the case. Compressed cases go through the tools of DCMTK and GDCM.
"""

import os
import struct
import subprocess
import sys

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

CT, MR, PT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128"
ENHANCED_CT, NM = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.20"
RTSTRUCT, SEG = "1.2.840.10008.5.1.4.1.1.481.3", "1.2.840.10008.5.1.4.1.1.66.4"
COLUMNS, ROWS, SLICES = 24, 20, 6
PREFIX = "1.2.826.0.1.3680043.8.498."
top = sys.argv[1] if __name__ == "__main__" else None  # else whoever imports this says it
count = 0


def uid():
    global count
    count += 1
    return PREFIX + str(count)


def pattern(x, y, z):
    return (7 * x + 13 * y + 29 * z) % 500


def voxels(z, offset=0, kind="h", most=500, columns=COLUMNS, rows=ROWS):
    values = [pattern(x, y, z) % most + offset for y in range(rows) for x in range(columns)]
    data = struct.pack("<%d%s" % (len(values), kind), *values)
    return data + b"\0" * (len(data) % 2)


def blank(sop_class, modality, syntax=ExplicitVRLittleEndian):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = uid()
    meta.TransferSyntaxUID = syntax
    d = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    d.is_little_endian = True
    d.is_implicit_VR = syntax == ImplicitVRLittleEndian
    d.SOPClassUID = sop_class
    d.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    d.Modality = modality
    d.PatientName, d.PatientID, d.PatientBirthDate = "Doe^Jane", "SECRET-17", "19600229"
    return d


def pixels(d, data, bits=16, stored=None, signed=1, columns=COLUMNS, rows=ROWS):
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.Rows, d.Columns = rows, columns
    d.BitsAllocated, d.BitsStored = bits, stored or bits
    d.HighBit, d.PixelRepresentation = d.BitsStored - 1, signed
    d.PixelData = data
    d["PixelData"].VR = "OB" if bits <= 8 else "OW"


AXIAL = [1, 0, 0, 0, 1, 0]


def series(case, change=None, sop_class=CT, modality="CT", slices=SLICES, orientation=AXIAL, origin=(-30.5, -20.25, 10),
           step=2.5, syntax=ExplicitVRLittleEndian, series_uid=None, folder=None, **how):
    """One file a slice, named so that the order of names is not that of slices. `change` may spoil a slice."""
    series_uid, frame = series_uid or uid(), PREFIX + "9.1"
    r, c = orientation[:3], orientation[3:]
    normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]
    where = os.path.join(top, case, folder or "some", "depth")
    os.makedirs(where, exist_ok=True)
    made = []
    for z in range(slices):
        d = blank(sop_class, modality, syntax)
        d.SeriesInstanceUID, d.FrameOfReferenceUID = series_uid, frame
        d.SeriesDescription = "synthetic"
        d.ImageOrientationPatient = orientation
        d.ImagePositionPatient = [round(origin[a] + z * step * normal[a], 6) for a in range(3)]
        d.PixelSpacing, d.SliceThickness = [0.8, 0.75], 5
        d.RescaleSlope, d.RescaleIntercept = "2", "-1000"
        pixels(d, voxels(z, how.get("offset", -100), how.get("kind", "h"), how.get("most", 500)),
               how.get("bits", 16), how.get("stored"), how.get("signed", 1))
        if change and change(d, z) is False:
            continue
        path = os.path.join(where, "%03d.dcm" % ((z * 7 + 3) % 100))
        d.save_as(path, write_like_original=False)
        made.append(path)
    return made


def convert(files, *tool):
    for path in files:
        subprocess.run([*tool, path, path + ".new"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.replace(path + ".new", path)


def syntaxes():
    unsigned = dict(offset=0, kind="H", signed=0, stored=12)
    series("implicit", syntax=ImplicitVRLittleEndian)
    series("explicit")
    convert(series("big_endian"), "dcmconv", "+tb")
    convert(series("deflated"), "dcmconv", "+td")
    convert(series("rle"), "dcmcrle")
    convert(series("rle_8", bits=8, kind="B", offset=0, most=250, signed=0), "dcmcrle")
    convert(series("jpeg_lossless"), "dcmcjpeg", "+e1")
    convert(series("jpeg_lossless_14", **unsigned), "dcmcjpeg", "+el")
    files = series("jpeg_odd_jfif")  # a version of JFIF that does not exist
    convert(files, "dcmcjpeg", "+e1")
    for path in files:
        data = open(path, "rb").read()
        assert data.count(b"JFIF\0\1") == 1
        open(path, "wb").write(data.replace(b"JFIF\0\1", b"JFIF\0\5"))
    convert(series("jpeg_baseline", bits=8, kind="B", offset=0, most=250, signed=0), "dcmcjpeg", "+eb", "+q", "100")
    convert(series("jpeg_extended", **unsigned), "dcmcjpeg", "+ee", "+q", "100")
    convert(series("jpeg_ls", **unsigned), "dcmcjpls")
    convert(series("jpeg_ls_near", **unsigned), "dcmcjpls", "+en", "+md", "2")
    convert(series("jpeg_2000"), "gdcmconv", "--j2k")
    convert(series("jpeg_2000_lossy", **unsigned), "gdcmconv", "--j2k", "--lossy", "-r", "1")


def formats():
    def high_bits(d, z):  # rubbish above the twelve bits that are stored
        words = struct.unpack("<%dH" % (ROWS * COLUMNS), d.PixelData)
        d.PixelData = struct.pack("<%dH" % len(words), *[w & 0xFFF | (w * 7 & 0xF) << 12 for w in words])

    def shifted(d, z):  # twelve bits at the top of sixteen
        words = struct.unpack("<%dH" % (ROWS * COLUMNS), d.PixelData)
        d.PixelData = struct.pack("<%dH" % len(words), *[(w & 0xFFF) << 4 | 5 for w in words])
        d.HighBit = 15

    def middle(d, z):  # ten bits, rubbish below and above them
        words = struct.unpack("<%dH" % (ROWS * COLUMNS), d.PixelData)
        d.PixelData = struct.pack("<%dH" % len(words), *[(w & 0x3FF) << 3 | w * 11 & 7 | (w * 7 & 7) << 13 for w in words])
        d.HighBit = 12

    def slopes(d, z):
        d.RescaleSlope, d.RescaleIntercept = str(1 + 0.25 * z), str(10 * z)

    def monochrome1(d, z):
        d.PhotometricInterpretation = "MONOCHROME1"

    def no_rescale(d, z):
        del d.RescaleSlope, d.RescaleIntercept

    def strangers(d, z):
        if z == 0:
            where = os.path.join(top, "strangers")
            open(os.path.join(where, "notes.txt"), "w").write("not DICOM\n")
            open(os.path.join(where, "empty"), "w").close()
            open(os.path.join(where, "DICM"), "wb").write(b"\0" * 300)

    series("bits_8", bits=8, kind="B", offset=0, most=250, signed=0)
    series("bits_32", bits=32, kind="i")
    series("bits_12_signed", high_bits, stored=12)
    series("bits_12_high", shifted, stored=12)
    series("bits_12_high_unsigned", shifted, stored=12, signed=0, offset=0)
    series("bits_10_middle", middle, stored=10)
    series("bits_10_middle_unsigned", middle, stored=10, signed=0, offset=0)
    series("slopes", slopes)
    series("monochrome1", monochrome1)
    series("no_rescale", no_rescale)
    series("strangers", strangers)
    series("mr", no_rescale, sop_class=MR, modality="MR")
    series("sagittal", orientation=[0, 1, 0, 0, 0, -1])
    series("oblique", orientation=[0.8, 0.6, 0, -0.48, 0.64, 0.6])
    series("feet_first", orientation=[-1, 0, 0, 0, 1, 0])
    series("one_slice", slices=1)


def item(**elements):
    d = Dataset()
    for key, value in elements.items():
        setattr(d, key, value)
    return d


def enhanced(case, order, slope=None):
    """All slices in one file, in the given order."""
    d = blank(ENHANCED_CT, "CT")
    d.SeriesInstanceUID, d.FrameOfReferenceUID = uid(), PREFIX + "9.1"
    d.NumberOfFrames = len(order)
    d.SharedFunctionalGroupsSequence = Sequence([item(
        PixelMeasuresSequence=Sequence([item(PixelSpacing=[0.8, 0.75], SliceThickness=2.5)]),
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=AXIAL)]))])
    d.PerFrameFunctionalGroupsSequence = Sequence([item(
        PlanePositionSequence=Sequence([item(ImagePositionPatient=[-30.5, -20.25, 10 + 2.5 * z])]),
        PixelValueTransformationSequence=Sequence([item(
            RescaleSlope=str(slope(z) if slope else 2), RescaleIntercept="-1000", RescaleType="HU")])) for z in order])
    pixels(d, b"".join(voxels(z, -100) for z in order))
    os.makedirs(os.path.join(top, case), exist_ok=True)
    path = os.path.join(top, case, "frames.dcm")
    d.save_as(path, write_like_original=False)
    return [path]


def stack(case, windows=1):
    d = blank(NM, "NM")
    d.SeriesInstanceUID, d.FrameOfReferenceUID = uid(), PREFIX + "9.1"
    d.NumberOfFrames, d.PixelSpacing, d.SpacingBetweenSlices = SLICES, [0.8, 0.75], 2.5
    d.NumberOfEnergyWindows = windows
    d.DetectorInformationSequence = Sequence([item(ImagePositionPatient=[-30.5, -20.25, 10],
                                                   ImageOrientationPatient=AXIAL)])
    pixels(d, b"".join(voxels(z, 100, "H") for z in range(SLICES)), signed=0)
    os.makedirs(os.path.join(top, case), exist_ok=True)
    path = os.path.join(top, case, "stack.dcm")
    d.save_as(path, write_like_original=False)
    return path


def frames():
    order = [3, 0, 5, 1, 4, 2]
    enhanced("enhanced", order)
    enhanced("enhanced_slopes", order, lambda z: 1 + 0.25 * z)
    convert(enhanced("enhanced_rle", order), "dcmcrle")
    convert(enhanced("enhanced_jpeg", order), "dcmcjpeg", "+e1", "+fs", "1")  # pieces of 1 kB: several a frame
    convert(enhanced("enhanced_jpeg_2000", order), "gdcmconv", "--j2k")
    enhanced("enhanced_twice", order + [2])
    stack("nm")
    stack("nm_windows", 2)


def defects():
    def at(slice_number, action):
        def change(d, z):
            return action(d) if z == slice_number else None
        return change

    def move(a, mm):
        def action(d):
            p = list(d.ImagePositionPatient)
            p[a] = round(float(p[a]) + mm, 6)
            d.ImagePositionPatient = p
        return action

    def without(*keywords):
        def action(d):
            for k in keywords:
                delattr(d, k)
        return action

    def put(**elements):
        def action(d):
            for k, v in elements.items():
                setattr(d, k, v)
        return action

    def tilt(d, z):
        d.ImagePositionPatient = [-30.5, round(-20.25 + 0.6 * z, 6), 10 + 2.5 * z]

    def colour(d):
        d.SamplesPerPixel, d.PhotometricInterpretation, d.PlanarConfiguration = 3, "RGB", 0

    def smaller(d):
        pixels(d, voxels(0, columns=COLUMNS - 2), columns=COLUMNS - 2)

    series("duplicate", at(2, move(2, 2.5)))
    series("missing", at(3, lambda d: False))
    series("uneven", at(3, move(2, 0.05)))
    series("nearly_even", at(3, move(2, 0.0125)))
    series("tilt", tilt)
    series("mixed_orientation", at(2, put(ImageOrientationPatient=[0.8, 0, 0.6, 0, 1, 0])))
    series("standing", at(2, put(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])))
    series("mixed_size", at(2, smaller))
    series("mixed_spacing", at(2, put(PixelSpacing=[0.8, 0.8])))
    series("no_position", at(2, without("ImagePositionPatient")))
    series("far", at(2, put(ImagePositionPatient=["-30.5", "-20.25", "1e300"])))
    series("wide", at(2, put(PixelSpacing=["1e5", "1e5"])))
    series("no_orientation", at(2, without("ImageOrientationPatient")))
    series("no_spacing", at(2, without("PixelSpacing")))
    series("skew", lambda d, z: put(ImageOrientationPatient=[1, 0, 0, 0.5, 1, 0])(d))
    series("zero_slope", at(2, put(RescaleSlope="0")))
    series("no_pixels", at(2, without("PixelData")))
    series("colour", at(2, colour))
    series("few_pixels", at(2, put(PixelData=b"\0" * 100)))
    series("two_series", folder="a")
    series("two_series", folder="b", sop_class=MR, modality="MR", series_uid=PREFIX + "77")
    series("secondary", sop_class="1.2.840.10008.5.1.4.1.1.104.1", modality="OT")
    files = series("cut")
    os.truncate(files[2], os.path.getsize(files[2]) - 50)
    files = series("cut_header")
    os.truncate(files[2], 400)
    files = series("cut_jpeg")
    convert(files, "dcmcjpeg", "+e1")
    os.truncate(files[2], os.path.getsize(files[2]) - 300)
    files = series("bad_jpeg")
    convert(files, "dcmcjpeg", "+e1")
    data = bytearray(open(files[2], "rb").read())
    at_pixels = data.find(b"\xe0\x7f\x10\x00")
    data[at_pixels + 30:at_pixels + 60] = b"\x55" * 30
    open(files[2], "wb").write(data)
    os.makedirs(os.path.join(top, "nothing"), exist_ok=True)
    open(os.path.join(top, "nothing", "readme"), "w").write("nothing here\n")


def pet_tags(d, z):
    """The whole of what SUV needs."""
    d.Units, d.DecayCorrection, d.CorrectedImage = "BQML", "START", ["DECY", "ATTN"]
    d.PatientWeight, d.PatientSize, d.PatientSex = "80", "1.75", "F"
    d.SeriesDate = d.AcquisitionDate = "20200301"
    d.SeriesTime, d.AcquisitionTime = "101500", "1015%02d" % z
    d.RadiopharmaceuticalInformationSequence = Sequence([item(
        RadiopharmaceuticalStartTime="091500", RadionuclideTotalDose="4e8", RadionuclideHalfLife="6586.2")])


def pet():
    def tags(**other):
        def change(d, z):
            pet_tags(d, z)
            d.RescaleSlope, d.RescaleIntercept = str(1 + 0.25 * z), "0"
            for k, v in other.items():
                setattr(d, k, v)
        return change

    series("pet", tags(), sop_class=PT, modality="PT", offset=0)
    series("pet_no_weight", tags(PatientWeight="0"), sop_class=PT, modality="PT", offset=0)


def square(low, high, z, clockwise=False):
    """A contour around the centres of voxels low..high - 1 of the axial grid, in both directions."""
    x0, x1 = -30.5 + 0.75 * (low - 0.5), -30.5 + 0.75 * (high - 0.5)
    y0, y1 = -20.25 + 0.8 * (low - 0.5), -20.25 + 0.8 * (high - 0.5)
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    if clockwise:
        corners.reverse()
    return [v for x, y in corners for v in (x, y, 10 + 2.5 * z)]


def contour(points, kind="CLOSED_PLANAR"):
    return item(ContourGeometricType=kind, NumberOfContourPoints=len(points) // 3,
                ContourData=["%.10g" % v for v in points])


def keyhole(z):
    outer, inner = square(4, 12, z), square(6, 10, z, True)
    return outer + outer[:3] + inner + inner[:3]


def structures():
    star = []  # pentagram: crosses itself, its centre is outside by even-odd
    for k in range(5):
        import math
        star += [-30.5 + 0.75 * (10 + 8.3 * math.sin(k * 4 * math.pi / 5)),
                 -20.25 + 0.8 * (10 - 8.3 * math.cos(k * 4 * math.pi / 5)), 10 + 2.5]
    rois = [
        ("GTV-1", [contour(square(4, 12, z)) for z in (1, 2, 3)]),
        ("Hole", [contour(square(4, 12, 2)), contour(square(6, 10, 2))]),
        ("Islands", [contour(square(2, 5, 2)), contour(square(8, 11, 2, True))]),
        ("Keyhole", [contour(keyhole(2))]),
        ("Between", [contour(square(4, 12, 1.4)), contour(square(6, 10, 0.6))]),
        ("Beyond", [contour(square(4, 12, 6.2))]),
        ("Star", [contour(star)]),
        ("Line", [contour(square(4, 12, 2), "OPEN_PLANAR")]),
        ("Empty", []),
        ("Slanted", [contour(square(4, 12, 1)[:8] + [40.0] + square(4, 12, 1)[9:])]),
        ("Tiny", [contour([-30.5 + 0.3, -20.25, 15, -30.5 + 0.4, -20.25, 15, -30.5 + 0.4, -20.25 + 0.1, 15])]),
        ("Gap", [contour(square(4, 12, z)) for z in (0, 3)]),
        ("gtv-2", [contour(square(14, 16, 2))]),
        ("Sagittal", [contour(
            [-30.5 + 0.75 * 5, -20.25 + 0.8 * y, 10 + 2.5 * z]) for y, z in ()]),
        ("Gr\u00f6\u00dfe", [contour(square(0, 3, 0))]),
        ("Twice", [contour(square(0, 2, 0))]),
        ("Twice", [contour(square(0, 1, 0))]),
        ("Cut", [contour(square(-4, 3, 4))]),
    ]
    rois[13] = ("Sagittal", [contour([v for y, z in ((1.5, 0.5), (6.5, 0.5), (6.5, 3.5), (1.5, 3.5))
                                      for v in (-30.5 + 0.75 * 5, -20.25 + 0.8 * y, 10 + 2.5 * z)])])
    d = blank(RTSTRUCT, "RTSTRUCT")
    d.SpecificCharacterSet = "ISO_IR 100"
    d.SeriesInstanceUID = uid()
    d.StructureSetROISequence = Sequence([item(ROINumber=10 + i, ROIName=name,
                                               ReferencedFrameOfReferenceUID=PREFIX + "9.1")
                                          for i, (name, _) in enumerate(rois)])
    d.ROIContourSequence = Sequence([item(ReferencedROINumber=10 + i, ContourSequence=Sequence(contours))
                                     for i, (_, contours) in reversed(list(enumerate(rois)))])
    os.makedirs(os.path.join(top, "structures"), exist_ok=True)
    d.save_as(os.path.join(top, "structures", "rs.dcm"), write_like_original=False)
    for roi in d.StructureSetROISequence:
        roi.ReferencedFrameOfReferenceUID = PREFIX + "9.2"
    os.makedirs(os.path.join(top, "other_frame"), exist_ok=True)
    d.save_as(os.path.join(top, "other_frame", "rs.dcm"), write_like_original=False)


def inside(segment, x, y, z):
    """Segments overlap; the test has the same rule."""
    return (x + y + z) % 3 == 0 if segment == 1 else x > y + z if segment == 2 else x == 5 and y == 5


def packed(bits):
    """Voxels of one bit, the first lowest."""
    data = bytearray((len(bits) + 7) // 8)
    for i, v in enumerate(bits):
        data[i // 8] |= v << i % 8
    return bytes(data)


def segmentation(case, kind, places, columns=COLUMNS, rows=ROWS, first=(0, 0), flip=False, step=2.5, bits=1, thickness=2.5):
    """places: (segment, z) frame by frame; first: the voxel of the image at which frames begin."""
    d = blank(SEG, "SEG")
    d.SeriesInstanceUID, d.FrameOfReferenceUID = uid(), PREFIX + "9.1"
    d.SegmentationType = kind
    d.NumberOfFrames = len(places)
    if kind == "FRACTIONAL":
        d.MaximumFractionalValue, d.SegmentationFractionalType = 200, "PROBABILITY"
    d.SegmentSequence = Sequence([item(SegmentNumber=s, SegmentLabel=("Tumour", "Organ", "Needle")[s - 1])
                                  for s in (1, 2, 3)])
    x_of = (lambda x: first[0] + columns - 1 - x) if flip else (lambda x: first[0] + x)
    origin = [-30.5 + 0.75 * x_of(0), -20.25 + 0.8 * first[1]]
    measures = item(PixelSpacing=[0.8, 0.75], SliceThickness=thickness)
    if step:
        measures.SpacingBetweenSlices = step
    d.SharedFunctionalGroupsSequence = Sequence([item(
        PixelMeasuresSequence=Sequence([measures]),
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[-1 if flip else 1, 0, 0, 0, 1, 0])]))])
    d.PerFrameFunctionalGroupsSequence = Sequence([item(
        SegmentIdentificationSequence=Sequence([item(ReferencedSegmentNumber=s)]),
        PlanePositionSequence=Sequence([item(ImagePositionPatient=origin + [10 + 2.5 * z])])) for s, z in places])
    values = []
    for s, z in places:
        for y in range(rows):
            for x in range(columns):
                i, j = x_of(x), first[1] + y
                if kind == "LABELMAP":
                    values.append(2 if inside(2, i, j, z) else 1 if inside(1, i, j, z) else 0)
                elif kind == "FRACTIONAL":
                    values.append(100 if inside(s, i, j, z) else 99)
                else:
                    values.append(int(inside(s, i, j, z)))
    data = packed(values) if bits == 1 else bytes(values)
    pixels(d, data + b"\0" * (len(data) % 2), bits, signed=0, columns=columns, rows=rows)
    os.makedirs(os.path.join(top, case), exist_ok=True)
    path = os.path.join(top, case, "seg.dcm")
    d.save_as(path, write_like_original=False)
    return [path]


def set_class(d):
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"


# What a list of segments may lack.
listings = {
    "seg_plain": lambda d: None,
    "seg_nameless": lambda d: delattr(d.SegmentSequence[1], "SegmentLabel"),
    "seg_class": set_class,
    "seg_kind": lambda d: setattr(d, "SegmentationType", "GREY"),
    "seg_no_kind": lambda d: delattr(d, "SegmentationType"),
    "seg_zero": lambda d: setattr(d.SegmentSequence[1], "SegmentNumber", 0),
    "seg_no_number": lambda d: delattr(d.SegmentSequence[2], "SegmentNumber"),
    "seg_empty": lambda d: setattr(d, "SegmentSequence", Sequence([])),
    "seg_no_frames": lambda d: setattr(d, "PerFrameFunctionalGroupsSequence", Sequence([])),
    "seg_no_group": lambda d: delattr(d.PerFrameFunctionalGroupsSequence[0], "SegmentIdentificationSequence"),
}


def segmentations():
    every = [(s, z) for s in (1, 2, 3) for z in range(SLICES)]
    mixed = sorted(every, key=lambda p: (p[0] * 5 + p[1] * 7) % 11)
    segmentation("seg", "BINARY", mixed)
    segmentation("seg_part", "BINARY", [(2, 4), (1, 2), (2, 2), (1, 4), (3, 1)], 11, 9, (3, 5))  # 99 bits a frame
    segmentation("seg_flipped", "BINARY", mixed, flip=True)
    segmentation("seg_no_step", "BINARY", [(1, 1), (2, 3), (3, 4)], step=None, thickness=1)
    segmentation("seg_fraction", "FRACTIONAL", mixed, bits=8)
    convert(segmentation("seg_fraction_rle", "FRACTIONAL", mixed, bits=8), "dcmcrle")
    segmentation("seg_map", "LABELMAP", [(0, z) for z in (5, 2, 3)], bits=8)
    segmentation("seg_twice", "BINARY", every + [(2, 3), (1, 0), (2, 3)])
    path = segmentation("seg_differs", "BINARY", every + [(2, 2)])[0]
    d = pydicom.dcmread(path)
    d.PerFrameFunctionalGroupsSequence[-1].PlanePositionSequence[0].ImagePositionPatient[2] += 2.5
    d.save_as(path, write_like_original=False)
    segmentation("seg_stranger", "BINARY", [(1, 1), (9, 2)])
    segmentation("seg_off", "BINARY", [(1, 1), (1, 2.37), (1, 3.1)])
    for case, change in listings.items():
        path = segmentation(case, "BINARY", [(1, 1), (3, 2), (3, 3)])[0]
        d = pydicom.dcmread(path)
        change(d)
        d.save_as(path, write_like_original=False)
    path = segmentation("seg_cut", "BINARY", mixed)[0]
    os.truncate(path, os.path.getsize(path) - 100)


if __name__ == "__main__":
    for part in (syntaxes, formats, frames, defects, pet, structures, segmentations):
        part()
