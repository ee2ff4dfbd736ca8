"""Writes folders of DICOM as archives give them below a folder, with a structure set, and cases.txt (expected.py), with values
by the pattern of dicom.py, by definition.
"""

import os
import shutil
import struct
import sys

import dicom
import expected
from dicom import MR, PREFIX, PT, SLICES, Sequence, blank, item, pattern, pixels, series, uid, voxels
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

dicom.top = top = sys.argv[1]
ROI = [(x, y, z) for z in (1, 2, 3) for y in range(4, 12) for x in range(4, 12)]


def said_of(padding):
    return "%d of 192 voxels %s the PixelPaddingValue" % (padding, "has" if padding == 1 else "have")


def expect(name, image, options="", code=0, text="", warnings=0, value=None, roi=ROI, mask="structures"):
    """value: of voxel (x, y, z); None: no value is there to be compared."""
    values = value and [value(*p) for p in roi]
    expected.expect(name, image, mask, "--roi GTV-1 " + options, code, text, warnings, "GTV-1", values)


def plain(offset=-100, slope=2, intercept=-1000):
    return lambda x, y, z: slope * (pattern(x, y, z) + offset) + intercept


def several(case, volumes, change, **how):
    """Volume v holds the pattern and 700 more for each v before it."""
    one = uid()
    for v in range(volumes):
        series(case, lambda d, z, v=v: change(d, z, v), offset=700 * v, series_uid=one, folder="v%d" % v, **how)


def put(d, **elements):
    for k, v in elements.items():
        setattr(d, k, v)


def volumes():
    mr = dict(sop_class=MR, modality="MR")
    several("echoes", 3, lambda d, z, v: put(d, EchoTime="%.1f" % (2.3 + 2.3 * v), AcquisitionTime="10%02d%02d" % (v, z),
                                             InstanceNumber=str(1 + 6 * v + z)), **mr)
    at = "3 volumes at one place; choose one with --volume NUMBER or --volume ELEMENT=VALUE: 1: EchoTime=2.3 (6 slices), 2: EchoTime=4.6"
    expect("echoes, none chosen", "echoes", code=3, text=at)
    for v, words in enumerate(("1", "EchoTime=4.6", "(0018,0081)=6.9")):
        expect("echo %d" % (v + 1), "echoes", "--volume " + words, value=plain(700 * v))
    expect("an echo by its keyword in other case", "echoes", "--volume echotime=4.60", value=plain(700))
    expect("no such number", "echoes", "--volume 4", 3, "0 of its 3 volumes are --volume 4")
    expect("number 0", "echoes", "--volume 0", 3, "0 of its 3 volumes are --volume 0")
    expect("no such value", "echoes", "--volume EchoTime=5", 3, "0 of its 3 volumes are --volume EchoTime=5")
    expect("no such element", "echoes", "--volume Echo=4.6", 3, "0 of its 3 volumes")
    expect("a value of another element", "echoes", "--volume InstanceNumber=1", 3, "0 of its 3 volumes")

    short, long = uid(), (uid() + "." + "1234567890" * 25)[:256]
    other, third = [long[:-1] + digit for digit in "7539" if digit != long[-1]][:2]
    for folder, name in enumerate((short, long, other)):
        series("long_uid", series_uid=name, folder=str(folder), offset=-100 if name == long else 0)
    for word in (long, "2"):
        expect("a UID that is too long: " + word[:9], "long_uid", "--series " + word, value=plain(), warnings=1,
               text="SeriesInstanceUID (0020,000E) has 256 characters; up to 64 are allowed")
    expect("another that is as long", "long_uid", "--series " + other, value=plain(0), warnings=1, text="has 256 characters")
    expect("a short one beside", "long_uid", "--series " + short, value=plain(0))
    expect("one that is not there", "long_uid", "--series " + third, 3, "has no series")
    series("longest_uid", series_uid=long + "1")
    expect("a UID that is far too long", "longest_uid", "--series 1", 3,
           "SeriesInstanceUID (0020,000E) has 258 characters; up to 256 are read: give it a shorter one")

    several("phases", 2, lambda d, z, v: put(d, TriggerTime=str(round(40.25 * v + 0.01 * z, 2)), InstanceNumber=str(1 + v + 2 * z)), **mr)
    expect("gates whose times differ by slice", "phases", "--volume 2", value=plain(700))
    expect("their list", "phases", code=3, text="1: TriggerTime=0.0 (6 slices), 2: TriggerTime=40.25 (6 slices)")

    def shells(d, z, v):
        put(d, DiffusionBValue=[0.0, 800.0, 800.0][v], DiffusionGradientOrientation=[[0.0, 0, 0], [1.0, 0, 0], [0, 1.0, 0]][v])
    several("shells", 3, shells, **mr)
    expect("directions tell all apart", "shells", "--volume DiffusionGradientOrientation=0\\1\\0", value=plain(1400))
    expect("a b-value of one", "shells", "--volume DiffusionBValue=0", value=plain(0))
    expect("a b-value of two", "shells", "--volume DiffusionBValue=800", 3, "2 of its 3 volumes are --volume DiffusionBValue=800")

    several("two_keys", 4, lambda d, z, v: put(d, EchoTime=str(5 + v % 2), FlipAngle=str(10 + v // 2)), **mr)
    expect("two elements together", "two_keys", "--volume EchoTime=6,FlipAngle=10", value=plain(700))
    expect("one of two", "two_keys", "--volume EchoTime=6", 3, "2 of its 4 volumes")
    expect("by number, the first element first", "two_keys", "--volume 2", value=plain(1400))

    def siemens(d, z, v):
        block = d.private_block(0x0019, "SIEMENS MR HEADER", create=True)
        block.add_new(0x0C, "IS", str((0, 1000)[v]))
    several("siemens", 2, siemens, **mr)
    expect("private b-values", "siemens", "--volume DiffusionBValue=1000", value=plain(700))

    def ge(d, z, v):
        block = d.private_block(0x0043, "GEMS_PARM_01", create=True)
        block.add_new(0x39, "IS", [str((0, 1000000800)[v]), "8", "0", "0"])
    several("ge", 2, ge, **mr)
    expect("b-values of GE, with what it adds", "ge", "--volume DiffusionBValue=800", value=plain(700))

    several("dynamic", 3, lambda d, z, v: put(d, Units="GML", FrameReferenceTime=str(60000 * v + 30000), RescaleIntercept="0", RescaleSlope="1",
                                              AcquisitionTime="10%02d00" % v), sop_class=PT, modality="PT")
    expect("time points of PET", "dynamic", "--volume FrameReferenceTime=90000 --suv none", warnings="-", value=lambda x, y, z: pattern(x, y, z) + 700)

    several("bare", 2, lambda d, z, v: put(d, InstanceNumber=str(1 + 6 * v + z)), **mr)
    expect("instance numbers alone", "bare", "--volume 2", value=plain(700))
    several("nothing_tells", 2, lambda d, z, v: None, **mr)
    expect("nothing tells them apart", "nothing_tells", code=3, text="duplicate positions")
    several("short", 2, lambda d, z, v: put(d, TemporalPositionIdentifier=str(v + 1)) if z < 5 or not v else False, **mr)
    expect("a volume that lacks its last slice", "short", "--volume 2", value=plain(700))
    expect("the whole one", "short", "--volume TemporalPositionIdentifier=1", value=plain(0))
    series("single", **mr)
    expect("one volume is volume 1", "single", "--volume 1", value=plain())
    expect("and no other", "single", "--volume 2", 3, "holds one volume")


def multi_frame():
    order = [(v, z) for z in (3, 0, 5, 1, 4, 2) for v in (1, 0)]
    d = dicom.pydicom.dcmread(dicom.enhanced("frames", [z for _, z in order])[0])
    for frame, (v, _) in zip(d.PerFrameFunctionalGroupsSequence, order):
        frame.FrameContentSequence = Sequence([item(TemporalPositionIndex=v + 1, StackID="1")])
    pixels(d, b"".join(voxels(z, 700 * v) for v, z in order))
    for name, implicit in (("frames", False), ("frames_implicit", True)):
        os.makedirs(os.path.join(top, name), exist_ok=True)
        if implicit:
            d.is_implicit_VR, d.file_meta.TransferSyntaxUID = True, ImplicitVRLittleEndian
        d.save_as(os.path.join(top, name, "frames.dcm"), write_like_original=False)
        expect("time points of one file: " + name, name, "--volume TemporalPositionIdentifier=2", value=plain(700))
        expect("their list: " + name, name, code=3, text="1: TemporalPositionIdentifier=1 (6 slices)")
    path, = dicom.enhanced("rescaled_once", range(SLICES))
    d = dicom.pydicom.dcmread(path)
    for frame in d.PerFrameFunctionalGroupsSequence:
        del frame.PixelValueTransformationSequence
    put(d, RescaleSlope="2", RescaleIntercept="-1000")
    d.save_as(path)
    expect("rescaling of frames where slices have it", "rescaled_once", value=plain())
    path = dicom.stack("gated")
    d = dicom.pydicom.dcmread(path)
    d.NumberOfFrames, d.NumberOfTimeSlots, d.NumberOfSlices = 2 * SLICES, 2, SLICES
    d.FrameIncrementPointer = [0x00540070, 0x00540080]
    d.TimeSlotVector = [1 + i // SLICES for i in range(2 * SLICES)]
    d.SliceVector = [1 + i % SLICES for i in range(2 * SLICES)]
    pixels(d, b"".join(voxels(i % SLICES, 100 + 700 * (i // SLICES), "H") for i in range(2 * SLICES)), signed=0)
    d.save_as(path)
    expect("gates of NM", "gated", "--volume TimeSlotVector=2", value=lambda x, y, z: pattern(x, y, z) + 800)
    expect("their list", "gated", code=3, text="2 volumes at one place")


def left_out():
    def folder(case):
        return os.path.join(top, case, "some", "depth")

    ct = dict(value=plain())
    files = series("copies")
    for f in files[1:4]:
        shutil.copy(f, f + ".copy")
    expect("copies", "copies", text="is left out: a copy of another file of the series (SOPInstanceUID and voxels are the same); 2 more like it are", warnings=1, **ct)
    files = series("twice_whole")
    shutil.copytree(os.path.join(top, "twice_whole"), os.path.join(top, "twice_whole2"))
    shutil.move(os.path.join(top, "twice_whole2"), os.path.join(top, "twice_whole", "again"))
    expect("two exports of one series", "twice_whole", text="5 more like it are", warnings=1, **ct)
    files = series("not_a_copy")
    d = dicom.pydicom.dcmread(files[2])
    d.PixelData = d.PixelData[:-2] + b"\x07\x00"
    d.save_as(files[2] + ".other")
    expect("a copy with another voxel", "not_a_copy", code=3, text="duplicate positions")

    def scout(d, z):
        if z == 0:
            d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    one = uid()
    series("scouts", scout, series_uid=one)
    series("scouts", lambda d, z: put(d, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], ImageOrientationPatient=[1, 0, 0, 0, 0, -1]),
           series_uid=one, folder="scout", slices=2)
    expect("two localizers", "scouts", text="is left out: a localizer (ImageType); 1 more like it is", warnings=1, **ct)
    standing = dict(text="is left out: it stands on all other slices of the series (a localizer, a reformat)", warnings=1)
    for word, count in (("SCOUT", 2), ("localizer", 1), ("TOPOGRAM", 1), ("OTHER", 1), ("OTHER", 2), (None, 2)):
        case, one = "scout_%s_%d" % (word, count), uid()
        series(case, series_uid=one)
        series(case, lambda d, z: put(d, ImageOrientationPatient=[1, 0, 0, 0, 0, -1], **({"ImageType": ["ORIGINAL", "PRIMARY", word]} if word else {})),
               series_uid=one, folder="scout", slices=count)
        told = dict(standing, text=standing["text"] + ("; 1 more like it is" if count > 1 else "")) if word in ("OTHER", None) else \
            dict(text="is left out: a localizer (ImageType)", warnings=1)
        expect("%d localizers by the word %s" % (count, word), case, **told, **ct)
    one = uid()
    series("half_standing", series_uid=one)
    series("half_standing", lambda d, z: put(d, ImageOrientationPatient=[1, 0, 0, 0, 0, -1]), series_uid=one, folder="scout", slices=3)
    expect("too many to be localizers", "half_standing", code=3, text="mixed orientations")
    one = uid()
    series("leaning", series_uid=one)
    series("leaning", lambda d, z: put(d, ImageOrientationPatient=[1, 0, 0, 0, 0.8, 0.6]), series_uid=one, folder="scout", slices=1)
    expect("a slice that leans", "leaning", code=3, text="mixed orientations")
    for tool in (("dcmcrle",), ("gdcmconv", "--j2k"), ("dcmconv", "+ti"), ("dcmconv", "+tb"), ("dcmconv", "+td")):
        case = "copy_by_" + "_".join(tool).replace("+", "").replace("--", "")
        files = series(case)
        shutil.copy(files[2], files[2] + ".copy")
        dicom.convert([files[2] + ".copy"], *tool)
        expect("a copy of another transfer syntax: " + " ".join(tool), case, warnings=1, **ct,
               text="is left out: a copy of another file of the series (SOPInstanceUID and voxels are the same)")
    files = series("not_a_copy_rle")
    d = dicom.pydicom.dcmread(files[2])
    d.PixelData = d.PixelData[:-2] + b"\x07\x00"
    d.save_as(files[2] + ".other")
    dicom.convert([files[2] + ".other"], "dcmcrle")
    expect("a packed copy with another voxel", "not_a_copy_rle", code=3, text="duplicate positions")
    series("scout_series")
    series("scout_series", lambda d, z: put(d, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), folder="scout", slices=1)
    expect("a series of localizers beside", "scout_series", text="is left out: of another series: a localizer (ImageType)", warnings=1, **ct)

    def capture(case, **elements):
        d = blank(elements.pop("sop_class", dicom.CT), "CT")
        d.SeriesInstanceUID, d.FrameOfReferenceUID = elements.pop("series", uid()), PREFIX + "9.1"
        d.SamplesPerPixel, d.PhotometricInterpretation, d.PlanarConfiguration = 3, "RGB", 0
        d.Rows, d.Columns, d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 8, 8, 8, 8, 7, 0
        d.PixelData = b"\x10" * 192
        put(d, **elements)
        d.save_as(os.path.join(top, case, "capture.dcm"), write_like_original=False)
        return os.path.join(top, case, "capture.dcm")
    one = uid()
    series("dose_in", series_uid=one)
    capture("dose_in", series=one)
    expect("a dose picture in colour within the series", "dose_in", text="is left out: a picture in colour without a position", warnings=1, **ct)
    series("secondary_in", series_uid=one)
    capture("secondary_in", series=one, sop_class="1.2.840.10008.5.1.4.1.1.7", Modality="OT")
    expect("a secondary capture within the series", "secondary_in", text="is left out", warnings=1, **ct)
    series("grey_in", series_uid=one)
    path = capture("grey_in", series=one, ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"])
    d = dicom.pydicom.dcmread(path)
    pixels(d, voxels(0))
    d.save_as(path)
    expect("a screen within the series", "grey_in", text="is left out: a secondary picture (ImageType) without a position", warnings=1, **ct)
    for case, grey, kind in (("capture_beside", False, "1.2.840.10008.5.1.4.1.1.7"), ("grey_beside", True, "1.2.840.10008.5.1.4.1.1.7"), ("dose_beside", True, dicom.CT)):
        one = uid()
        series(case, series_uid=one)
        path = capture(case, sop_class=kind, ImageType=["DERIVED", "SECONDARY", "OTHER", "DOSE_INFO"])
        if grey:
            d = dicom.pydicom.dcmread(path)
            pixels(d, voxels(0))
            d.save_as(path)
        expect(case, case, text="capture.dcm: is left out: of another series: a", warnings=1, **ct)
        expect(case + ", the series named", case, "--series " + one, **ct)
    series("cut_beside")
    path = capture("cut_beside", ImageType=["ORIGINAL"])
    open(path, "r+b").truncate(os.path.getsize(path) - 230)
    expect("a damaged file of another series", "cut_beside", text="is left out: of another series: truncated", warnings=1, **ct)
    files = series("cut_in", series_uid=one)
    open(files[5], "r+b").truncate(os.path.getsize(files[5]) - 2)
    expect("a damaged file of the series", "cut_in", code=3, text="truncated")
    for case, share in (("part_of_voxels", 0.9), ("part_of_header", 0.435)):
        files = series(case)
        data = open(files[2], "rb").read()
        for name in (files[2] + ".part", os.path.join(folder(case), "0.part")):  # behind the whole one, and before it
            with open(name, "wb") as part:
                part.write(data[:int(len(data) * share)])
        expect("a copy that is cut: " + case, case, text="is left out: a damaged copy of a file that is whole beside it; 1 more like it is", warnings=1, **ct)
    files = series("cut_twice")
    open(files[5], "r+b").truncate(os.path.getsize(files[5]) - 2)
    shutil.copy(files[5], files[5] + ".copy")
    expect("two copies that are cut", "cut_twice", code=3, text="duplicate positions")
    series("mosaic", lambda d, z: put(d, ImageType=["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]), sop_class=MR, modality="MR", slices=1)
    expect("slices side by side", "mosaic", code=3, text="a mosaic: its ImageType (0008,0008) says that slices lie side by side in one picture")
    files = series("cut_early", series_uid=one)
    open(files[5], "r+b").truncate(200)
    expect("a damaged file that may be of the series", "cut_early", code=3, text="truncated")


def positions():
    def wobble(mm, of=2):
        return lambda d, z: put(d, ImagePositionPatient=[-30.5 + (mm if z % of else 0), -20.25, 10 + 2.5 * z])
    for name, mm, code, text, warnings in (
            ("none to speak of", 0.014, 0, "", 0), ("nearly a tenth of a voxel", 0.11, 0, "shifted sideways by up to", 1),
            ("more than that", 0.2, 3, "slices are shifted sideways: this one lies", 0)):
        case = "wobble_%g" % mm
        series(case, wobble(mm))
        expect("wobble: " + name, case, code=code, text=text, warnings=warnings, value=plain() if not code else None)
    def rounded(step, off=0):
        heights = [round(10 + step * z, 2) + (off if z == 3 else 0) for z in range(SLICES)]
        return lambda d, z: put(d, ImagePositionPatient=[-30.5, -20.25, heights[z]])
    beside = dict(mask="rounded.rs", roi=[(x, y, z) for z in (1, 2, 3) for y in range(4, 12) for x in range(4, 12)])
    d = dicom.pydicom.dcmread(os.path.join(top, "structures", "rs.dcm"))
    d.StructureSetROISequence, d.ROIContourSequence = [d.StructureSetROISequence[0]], [
        item(ReferencedROINumber=10, ContourSequence=Sequence([dicom.contour(dicom.square(4, 12, z / 4)) for z in (1, 2, 3)]))]
    os.makedirs(os.path.join(top, "rounded.rs"))
    d.save_as(os.path.join(top, "rounded.rs", "rs.dcm"))
    series("rounded", rounded(0.625))  # gaps of 0.62 and 0.63
    expect("places rounded to 0.01 mm", "rounded", text="gaps between slices differ from", warnings=1, value=plain(), **beside)
    expect("as they are, not interpolated", "rounded", "--uneven interpolate", text="gaps between slices differ from", warnings=1, value=plain(), **beside)
    series("rounded_and_off", rounded(0.625, 0.02))
    expect("a slice that is 3 % off", "rounded_and_off", code=3, text="uneven spacing", mask="rounded.rs")
    series("tilt_small", lambda d, z: put(d, ImagePositionPatient=[-30.5, round(-20.25 + 0.03 * z, 6), 10 + 2.5 * z]))
    expect("a small tilt", "tilt_small", code=3, text="gantry tilt: slices shift sideways by 0.15 mm over 12.5 mm (0.688 degrees)")
    series("tilt_and_scatter", lambda d, z: put(d, ImagePositionPatient=[-30.5 + 0.01 * (z % 2), round(-20.25 + 0.6 * z, 6), 10 + 2.5 * z]))
    expect("a tilt with scatter", "tilt_and_scatter", code=3, text="gantry tilt")


def uneven():
    heights = [10, 12.5, 15, 18.75, 22.5, 25]
    series("uneven", lambda d, z: put(d, ImagePositionPatient=[-30.5, -20.25, heights[z]]))
    expect("uneven slices", "uneven", code=3, text="is 3.75 mm away, others 2.5 mm: 50 %; up to 1 % is allowed: interpolate it to even slices by --uneven interpolate")
    expect("refused by name, too", "uneven", "--uneven refuse", 3, "uneven spacing")

    def between(x, y, z):  # slices of the grid are 2.5 mm apart
        h = 10 + 2.5 * z
        k = max(i for i in range(5) if heights[i] <= h)
        w = (h - heights[k]) / (heights[k + 1] - heights[k])
        return 2 * ((1 - w) * pattern(x, y, k) + w * pattern(x, y, k + 1) - 100) - 1000
    words = "its 6 slices are 2.5 to 3.75 mm apart; they are interpolated to 7 slices 2.5 mm apart"
    expect("interpolated", "uneven", "--uneven interpolate", text=words, warnings=1, value=between)
    expect("even ones stay as they are", "whole", "--uneven interpolate", value=plain())
    series("whole")
    shutil.copytree(os.path.join(top, "uneven"), os.path.join(top, "contours_of_slices"))
    d = dicom.pydicom.dcmread(os.path.join(top, "structures", "rs.dcm"))
    d.StructureSetROISequence, d.ROIContourSequence = [d.StructureSetROISequence[0]], [
        item(ReferencedROINumber=10, ContourSequence=Sequence([dicom.contour(dicom.square(4, 12, (heights[k] - 10) / 2.5)) for k in (2, 3, 4)]))]
    os.makedirs(os.path.join(top, "contours_of_slices.rs"))
    d.save_as(os.path.join(top, "contours_of_slices.rs", "rs.dcm"))
    roi = [(x, y, z) for z in (2, 3, 4, 5) for y in range(4, 12) for x in range(4, 12)]
    expect("contours go to the nearest slices", "contours_of_slices", "--uneven interpolate", text=words, warnings=1, value=between, roi=roi,
           mask="contours_of_slices.rs")
    def pad(d, z):
        put(d, ImagePositionPatient=[-30.5, -20.25, heights[z]])
        d.add_new(0x00280120, "SS", pattern(5, 5, 2) - 100)
    series("uneven_pad", pad)
    lost = [p for p in ROI if any(pattern(p[0], p[1], k) == pattern(5, 5, 2) for k in {1: (1,), 2: (2,), 3: (2, 3)}[p[2]])]
    kept = [p for p in ROI if p not in lost]
    expect("padding between slices", "uneven_pad", "--uneven interpolate", warnings=2, text=said_of(len(lost)),
           value=between, roi=kept)


def codings():
    eight = dict(bits=8, kind="B", offset=0, most=250, signed=0)
    eights = dict(value=lambda x, y, z: 2 * (pattern(x, y, z) % 250) - 1000)

    def swapped(d, z):
        d.file_meta.TransferSyntaxUID, d.is_little_endian = ExplicitVRBigEndian, False
        data = bytearray(d.PixelData)
        data[0::2], data[1::2] = data[1::2], data[0::2]
        d.PixelData = bytes(data)
        d["PixelData"].VR = "OW"
    series("words_of_bytes", swapped, **eight)
    expect("bytes in words, cut by columns", "words_of_bytes", **eights)
    big = series("big_endian_ob", **eight)
    dicom.convert(big, "dcmconv", "+tb")
    expect("bytes in bytes", "big_endian_ob", **eights)
    series("big_endian_16", swapped)
    expect("words", "big_endian_16", value=plain())
    def whole_words(d, z):
        d.file_meta.TransferSyntaxUID, d.is_little_endian = ExplicitVRBigEndian, False
        d.PixelData = b"".join(d.PixelData[i:i + 4][::-1] for i in range(0, len(d.PixelData), 4))
        d["PixelData"].VR = "OW"
    series("big_endian_32", whole_words, bits=32, kind="i")
    expect("words of 32 bits", "big_endian_32", text="voxels of 32 bits in big endian are taken as numbers of four bytes", warnings=1, value=plain())
    files = series("deflated")
    dicom.convert(files, "dcmconv", "+td")
    expect("deflated", "deflated", value=plain())

    def strip(files, first):
        for f in files:
            data = open(f, "rb").read()
            begin = 132 if first == "meta" else 144 + struct.unpack("<I", data[140:144])[0]
            open(f, "wb").write(data[begin:])
    for name, syntax, what in (("implicit", ImplicitVRLittleEndian, "data"), ("explicit", dicom.ExplicitVRLittleEndian, "data"),
                               ("meta", dicom.ExplicitVRLittleEndian, "meta")):
        strip(series("bare_" + name, syntax=syntax), what)
        expect("no preamble: " + name, "bare_" + name, value=plain())
    files = series("bare_big")
    dicom.convert(files, "dcmconv", "+tb")
    strip(files, "data")
    expect("no preamble: big endian", "bare_big", value=plain())


def tables():
    def lut(entries, first=0, bits=16, packed=False, size=None):
        def change(d, z):
            del d.RescaleSlope, d.RescaleIntercept
            data = bytes(entries) if packed else struct.pack("<%dH" % len(entries), *entries)
            one = item()
            one.add_new(0x00283002, "SS" if d.PixelRepresentation else "US", [(size or len(entries)) % 65536, first, bits])
            one.add_new(0x00283004, "LO", "US")
            one.add_new(0x00283006, "OW", data + b"\0" * (len(data) % 2))
            d.ModalityLUTSequence = Sequence([one])
        return change
    squares = [(i * i) % 65536 for i in range(400)]
    series("lut", lut(squares), offset=0, kind="H", signed=0)
    expect("Modality LUT, values beyond its end", "lut", value=lambda x, y, z: squares[min(pattern(x, y, z), 399)])
    series("lut_signed", lut([3 * i for i in range(600)], first=-100))
    expect("Modality LUT from a negative value on", "lut_signed", value=lambda x, y, z: 3 * pattern(x, y, z))
    series("lut_bytes", lut([255 - i // 2 for i in range(500)], bits=8, packed=True), offset=0, kind="H", signed=0)
    expect("Modality LUT of bytes", "lut_bytes", value=lambda x, y, z: 255 - pattern(x, y, z) // 2)
    series("lut_short", lut([1, 2, 3], size=50), offset=0, kind="H", signed=0)
    expect("Modality LUT that is cut", "lut_short", code=3, text="LUTData (0028,3006) has 6 bytes for 50 entries")

    def palette(red, green, blue, first=0):
        def change(d, z):
            d.PhotometricInterpretation = "PALETTE COLOR"
            del d.RescaleSlope, d.RescaleIntercept
            for tag, values in ((0, red), (1, green), (2, blue)):
                d.add_new(0x00281101 + tag, "US", [len(values), first, 16])
                d.add_new(0x00281201 + tag, "OW", struct.pack("<%dH" % len(values), *values))
        return change
    grey, flat = [100 * i for i in range(250)], [7] * 250
    eight = dict(bits=8, kind="B", offset=0, most=250, signed=0, sop_class=MR, modality="MR")
    series("palette_grey", palette(grey, grey, grey), **eight)
    expect("a palette of greys", "palette_grey", value=lambda x, y, z: 100 * (pattern(x, y, z) % 250))
    series("palette", palette(grey, flat, grey), **eight)
    expect("a palette in colour", "palette", text="PALETTE COLOR in colour; its luminance is taken", warnings=1,
           value=lambda x, y, z: 0.299 * 100 * (pattern(x, y, z) % 250) + 0.587 * 7 + 0.114 * 100 * (pattern(x, y, z) % 250))


def padding():
    def pad(value, slope=None, limit=None, vr="SS"):
        def change(d, z):
            d.add_new(0x00280120, vr, value)
            if limit is not None:
                d.add_new(0x00280121, vr, limit)
            if slope:
                d.RescaleSlope = str(slope(z))
        return change

    def kept(value, is_pad):
        roi = [p for p in ROI if not is_pad(pattern(*p) - 100)]
        return dict(value=value, roi=roi, warnings=1, text=said_of(192 - len(roi)))
    one = pattern(5, 5, 1) - 100
    series("pad", pad(one))
    expect("padding", "pad", **kept(plain(), lambda s: s == one))
    series("pad_range", pad(one, limit=one + 60))
    expect("a range of padding", "pad_range", **kept(plain(), lambda s: one <= s <= one + 60))
    series("pad_range_down", pad(one + 60, limit=one))
    expect("a range that begins at its end", "pad_range_down", **kept(plain(), lambda s: one <= s <= one + 60))
    series("pad_slopes", pad(one, slope=lambda z: 2 + z))
    expect("padding where slopes differ", "pad_slopes", **kept(lambda x, y, z: (2 + z) * (pattern(x, y, z) - 100) - 1000, lambda s: s == one))
    below = pattern(6, 6, 2) - 300
    assert below < 0
    series("pad_unsigned", pad(65536 + below, vr="US"), offset=-300)
    expect("a negative value as unsigned", "pad_unsigned", **kept(plain(-300), lambda s: s == below + 200))
    series("pad_outside", pad(-2000))
    expect("padding elsewhere", "pad_outside", value=plain())
    series("pad_all", pad(-100, limit=400))
    expect("all is padding", "pad_all", code=3, text="all of its 192 voxels have the PixelPaddingValue")


for part in (dicom.structures, volumes, multi_frame, left_out, positions, uneven, codings, tables, padding):
    part()
expected.write(top)
