"""Pictures without a place in the patient: ultrasound with its regions, projections, secondary captures; in colour, of several
frames, compressed. Masks are NIfTI of the same pixels, or segmentations that refer to frames."""

import math
import os
import shutil
import struct

from objects import SETTINGS, Sequence, dicom, extract, main, refused, same, Ran
from dicom import PREFIX, blank, item, packed, pixels, uid
from objects_structures import contour, square, structures
from pydicom import dcmread
from pydicom.encaps import encapsulate
import nifti as files

US, CLIP = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1"
CR, DX, MG, XA = ("1.2.840.10008.5.1.4.1.1." + s for s in ("1", "1.1", "1.2", "12.1"))
CAPTURE, IMAGE = "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.481.1"
W, H = 40, 30


def grey(x, y, f=0):
    return (3 * x + 5 * y + 7 * f) % 251


def red_green_blue(x, y, f=0):
    return grey(x, y, f), (2 * x + y) % 256, (x * y) % 256


def luminance(x, y, f=0):
    r, g, b = red_green_blue(x, y, f)
    return r if r == g == b else 0.299 * r + 0.587 * g + 0.114 * b


def wide_colours(x, y, f=0):
    """Of 16 bits whose both bytes matter."""
    return [max(257 * v - 3 * x, 0) for v in red_green_blue(x, y, f)]


def wide(x, y, f=0):
    r, g, b = wide_colours(x, y, f)
    return 0.299 * r + 0.587 * g + 0.114 * b


def region(x0, y0, x1, y1, dx, dy=None, **other):
    values = dict(RegionSpatialFormat=1, RegionDataType=1, RegionFlags=0, RegionLocationMinX0=x0, RegionLocationMinY0=y0,
                  RegionLocationMaxX1=x1, RegionLocationMaxY1=y1, PhysicalUnitsXDirection=3, PhysicalUnitsYDirection=3,
                  PhysicalDeltaX=dx, PhysicalDeltaY=dy or dx)
    values.update(other)
    return item(**values)


def picture(where, sop_class=US, modality="US", frames=1, bits=8, colour=None, regions=None, change=None, name="picture.dcm",
            tools=()):
    """colour: None for grey, "same" for RGB of equal values, "wide" for those of wide(), "RGB" or "YBR_FULL" or "YBR_FULL_422" for colours."""
    d = blank(sop_class, modality)
    d.SeriesInstanceUID, d.StudyInstanceUID = uid(), uid()
    if frames > 1:
        d.NumberOfFrames = frames
    if regions:
        d.SequenceOfUltrasoundRegions = Sequence(regions)
    values = []
    for f in range(frames):
        for y in range(H):
            for x in range(W):
                if colour is None:
                    values.append(grey(x, y, f))
                elif colour == "same":
                    values += [grey(x, y, f)] * 3
                elif colour == "YBR_FULL_422":
                    values += [] if x % 2 else [grey(x, y, f), grey(x + 1, y, f), 100, 150]
                elif colour == "wide":
                    values += wide_colours(x, y, f)
                else:
                    values += red_green_blue(x, y, f)
    data = struct.pack("<%d%s" % (len(values), "B" if bits == 8 else "H"), *values)
    pixels(d, data + b"\0" * (len(data) % 2), bits, signed=0, columns=W, rows=H)
    if colour:
        d.SamplesPerPixel, d.PlanarConfiguration = 3, 0
        d.PhotometricInterpretation = colour if colour.startswith("YBR") else "RGB"
    if change:
        change(d)
    path = os.path.join(where, name)
    d.save_as(path, write_like_original=False)
    for tool in tools:
        dicom.convert([path], *tool)
    return path


def nifti(where, inside, slices=1, size=(W, H), name="mask.nii", spacing=(1, 1, 1), signs=(-1, -1, 1), **place):
    """Label 1 where inside(x, y, z), written in the order of the picture; axes to the left and to the back by default."""
    values = [int(inside(x, y, z)) for z in range(slices) for y in range(size[1]) for x in range(size[0])]
    path = os.path.join(where, name)
    files.nifti(path, 2, 8, "B", (*size, slices), values, spacing=spacing, signs=signs, **place)
    return path


def disc(cx=14, cy=12, r=7):
    return lambda x, y, z=0: (x - cx) ** 2 + (y - cy) ** 2 <= r * r


def values(inside, of=grey, frame=0, z=0):
    return [of(x, y, frame) for y in range(H) for x in range(W) if inside(x, y, z)]


WHOLE = [region(0, 0, W - 1, H - 1, 0.02, 0.03)]


def spacing_of(ran, roi):
    v = ran.values[roi]
    return v["original_vox_dim_x_init_img"], v["original_vox_dim_y_init_img"], v["original_vox_dim_z_init_img"]


def close(got, expected):
    assert all(abs(g - e) <= 1e-6 * abs(e) for g, e in zip(got, expected)), (got, expected)


def grey_pictures(where):
    for bits in (8, 16):
        path = picture(where, bits=bits, regions=WHOLE)
        ran = extract(path, nifti(where, disc(), spacing=(0.2, 0.3, 1)))
        same(ran, "1", values(disc()))
        close(spacing_of(ran, "1"), (0.2, 0.3, 1))
        assert not ran.err, ran.err
    ran = extract(path, nifti(where, disc()), "-v")
    same(ran, "1", values(disc()))
    close(spacing_of(ran, "1"), (0.2, 0.3, 1))
    ran.says("it is taken pixel by pixel in the order of its file", "modality: US", "spacing_from: SequenceOfUltrasoundRegions")


def masks_in_other_orders(where):
    path = picture(where, regions=WHOLE)
    right = nifti(where, disc(), signs=(1, 1, 1))  # as numpy and nibabel leave it: an identity matrix
    same(extract(path, right), "1", values(disc()))
    up = dict(signs=(-1, 1, 1), origin=(0, -(H - 1) * 0.3, 0))  # lies on the picture, its rows from below
    ran = extract(path, nifti(where, lambda x, y, z: disc()(x, H - 1 - y), spacing=(0.2, 0.3, 1), **up))
    same(ran, "1", values(disc()))
    assert "pixel by pixel" not in ran.err, ran.err
    refused(extract(path, nifti(where, disc(), size=(H, W))), 4, "30 x 40 pixels in 1 slice", "40 x 30 in 1 frame")
    refused(extract(path, nifti(where, disc(), slices=2)), 4, "in 2 slices")


def spacings(where):
    def put(**tags):
        def change(d):
            for k, v in tags.items():
                setattr(d, k, v)
        return change

    for sop_class, modality, tags, expected, word in (
            (CR, "CR", dict(ImagerPixelSpacing=[0.3, 0.2]), (0.2, 0.3), "spacing is that of the detector"),
            (CR, "CR", dict(PixelSpacing=[0.35, 0.25], ImagerPixelSpacing=[0.3, 0.2]), (0.25, 0.35), ""),
            (DX, "DX", dict(ImagerPixelSpacing=[0.3, 0.2]), (0.2, 0.3), "not corrected for magnification"),
            (MG, "MG", dict(ImagerPixelSpacing=[0.07, 0.07]), (0.07, 0.07), "ImagerPixelSpacing (0018,1164)"),
            (XA, "XA", dict(PixelSpacing=[0.5, 0.5]), (0.5, 0.5), ""),
            (CAPTURE, "OT", dict(PixelSpacing=[0.5, 0.4]), (0.4, 0.5), ""),
            (CAPTURE, "OT", dict(NominalScannedPixelSpacing=[0.5, 0.4]), (0.4, 0.5), ""),
            (IMAGE, "RTIMAGE", dict(ImagePlanePixelSpacing=[0.5, 0.4]), (0.4, 0.5), ""),
            (US, "US", dict(PixelSpacing=[0.6, 0.5]), (0.5, 0.6), "")):
        ran = extract(picture(where, sop_class, modality, bits=16, change=put(**tags)), nifti(where, disc()))
        same(ran, "1", values(disc()))
        close(spacing_of(ran, "1"), (*expected, 1))
        ran.says(word)
    path = picture(where, CAPTURE, "OT")
    refused(extract(path, nifti(where, disc())), 3, "picture.dcm: the distance of pixels is unknown", "image_spacing")
    ran = extract(path, nifti(where, disc()), settings=SETTINGS + "image_spacing: [0.25, 0.5, 1]\n")
    close(spacing_of(ran, "1"), (0.25, 0.5, 1))
    ran.says("image_spacing is taken: 0.25, 0.5 mm")


def regions_of_different_scale(where):
    two = [region(0, 0, 19, H - 1, 0.02), region(20, 0, W - 1, H - 1, 0.05),
           region(0, H - 5, W - 1, H - 1, 0.1, RegionSpatialFormat=3)]
    path = picture(where, regions=two)
    left, right, across = disc(9, 12, 5), disc(30, 12, 5), disc(20, 12, 5)

    def label(x, y, z):
        return 1 if left(x, y) else 2 if right(x, y) else 0

    ran = extract(path, nifti(where, label))
    same(ran, "1", values(left))
    same(ran, "2", values(right))
    close(spacing_of(ran, "1"), (0.2, 0.2, 1))
    close(spacing_of(ran, "2"), (0.5, 0.5, 1))
    refused(extract(path, nifti(where, across)), 3, "ROI 1: it does not lie in one region of the picture that has a scale in cm "
            "(columns 15..25, rows 7..17)")
    spectrum = picture(where, regions=[region(0, 0, W - 1, 14, 0.02), region(0, 15, W - 1, H - 1, 0.02, PhysicalUnitsXDirection=4)])
    same(extract(spectrum, nifti(where, disc(14, 7, 7))), "1", values(disc(14, 7, 7)))
    refused(extract(spectrum, nifti(where, disc(14, 8, 7))), 3, "rows 1..15")
    over = picture(where, regions=[region(0, 0, W - 1, H - 1, 0.02), region(5, 5, W - 1, H - 1, 0.03)])
    refused(extract(over, nifti(where, disc(20, 15, 5))), 3, "it lies in several regions of the picture, of 0.2 and 0.3 mm a pixel")


def colours(where):
    mask = nifti(where, disc(), spacing=(0.2, 0.3, 1))
    for planar in (False, True):
        def turn(d):
            if planar:
                d.PlanarConfiguration = 1
                d.PixelData = b"".join(d.PixelData[c::3] for c in range(3))

        ran = extract(picture(where, colour="same", regions=WHOLE, change=turn), mask)
        same(ran, "1", values(disc()))
        assert not ran.err, ran.err
        ran = extract(picture(where, colour="RGB", regions=WHOLE, change=turn), mask)
        same(ran, "1", values(disc(), luminance))
        ran.says("pixels have a colour; their luminance is taken (0.299 R + 0.587 G + 0.114 B)")
    for ybr in ("YBR_FULL", "YBR_FULL_422"):  # Y is the luminance
        ran = extract(picture(where, colour=ybr, regions=WHOLE), mask)
        same(ran, "1", values(disc()))
        ran.says("pixels have a colour")
    ran = extract(picture(where, colour="RGB", bits=16, regions=WHOLE), mask)
    same(ran, "1", values(disc(), luminance))
    ran = extract(picture(where, colour="RGB", bits=16, regions=WHOLE, tools=[("dcmconv", "+tb")]), mask)
    same(ran, "1", values(disc(), luminance))
    ran = extract(picture(where, colour="RGB", regions=WHOLE, tools=[("dcmconv", "+tb")]), mask)
    same(ran, "1", values(disc(), luminance))


def codings(where):
    mask = nifti(where, disc(), spacing=(0.2, 0.3, 1))
    rle, j2k, jls = ("dcmcrle",), ("gdcmconv", "--j2k"), ("dcmcjpls",)
    for colour in (None, "same", "RGB"):
        of = luminance if colour == "RGB" else grey
        for tool in (rle, j2k, jls, ("dcmcjpeg", "+e1"), ("dcmcjpeg", "+el")):
            path = picture(where, colour=colour, regions=WHOLE, tools=[tool])
            try:
                same(extract(path, mask), "1", values(disc(), of))
            except AssertionError as why:
                raise AssertionError("%s %s: %s" % (colour, tool, why))
    same(extract(picture(where, colour="wide", bits=16, regions=WHOLE, tools=[rle]), mask), "1", values(disc(), wide))
    for options in (("+eb", "+q", "100", "+cy", "+s4"), ("+eb", "+q", "100", "+cr"), ("+eb", "+q", "100", "+s2")):
        path = picture(where, colour="same", regions=WHOLE, tools=[("dcmcjpeg", *options)])  # lossy: near
        ran = extract(path, mask)
        got, expected = ran.rois["1"], values(disc())
        assert got[0] == len(expected) and abs(got[1] - sum(expected) / len(expected)) < 1, (options, ran.err, got)


def clips(where):
    frames = 5
    path = picture(where, CLIP, "US", frames=frames, regions=WHOLE)
    moving = lambda x, y, z: disc(10 + 2 * z, 12, 6)(x, y)  # noqa: E731
    every = nifti(where, moving, slices=frames)
    ran = extract(path, every)
    assert ran.code == 0 and len(ran.rois) == frames, (ran.err, ran.rois)
    for f in range(frames):
        same(ran, "1 frame %d" % (f + 1), values(moving, frame=f, z=f))
    ran = extract(path, every, "--frame", "3", "-v")
    same(ran, "1", values(moving, frame=2, z=2))
    ran.says("frame: 3 of 5")
    one = nifti(where, disc(), name="one.nii")
    ran = extract(path, one)
    for f in range(frames):
        same(ran, "1 frame %d" % (f + 1), values(disc(), frame=f))
    ran.says("one slice for 5 frames: its ROIs are taken in each; choose one with --frame")
    same(extract(path, one, "--frame", "5"), "1", values(disc(), frame=4))
    refused(extract(path, one, "--frame", "6"), 3, "has no frame 6; it has 5")
    some = nifti(where, lambda x, y, z: disc()(x, y) and z in (1, 3), slices=frames, name="some.nii")
    ran = extract(path, some)
    assert sorted(ran.rois) == ["1 frame 2", "1 frame 4"], ran.rois
    spaced = "interpolation: {spacing: 1}\nfamilies: [stat]\n"  # frames are never mixed
    alone = extract(picture(where, regions=WHOLE, name="alone.dcm",
                            change=lambda d: setattr(d, "PixelData", bytes(grey(x, y, 3) for y in range(H) for x in range(W)))),
                    one, settings=spaced)
    ran = extract(path, one, "--frame", "4", settings=spaced)
    assert ran.rois["1"][1:] == alone.rois["1"][1:], (ran.rois, alone.rois)
    ran = extract(path, one, settings=spaced)
    assert ran.rois["1 frame 4"][1:] == alone.rois["1"][1:], (ran.rois, alone.rois)


def frames_in_codes(where):
    moving = lambda x, y, z: disc(10 + 2 * z, 12, 6)(x, y)  # noqa: E731
    for tool in (("dcmcrle",), ("gdcmconv", "--j2k")):
        path = picture(where, CLIP, "US", frames=4, colour="RGB", regions=WHOLE, tools=[tool])
        ran = extract(path, nifti(where, moving, slices=4))
        for f in range(4):
            same(ran, "1 frame %d" % (f + 1), values(moving, luminance, f, f))


def what_is_refused(where):
    mask = nifti(where, disc())
    folder = os.path.join(where, "two")
    os.makedirs(folder)
    for name in ("a.dcm", "b.dcm"):
        picture(folder, name=name, regions=WHOLE, change=lambda d: setattr(d, "SeriesInstanceUID", PREFIX + "55"))
    refused(extract(folder, mask), 3, "one of 2 pictures of its series, which have no place in the patient; give one file")
    for syntax in (None, "1.2.840.10008.1.2.1.98"):  # the colours of two columns are one
        def odd(d):
            d.Columns, data = 39, bytes(2 * 39 * H)
            if syntax:
                d.file_meta.TransferSyntaxUID, data = syntax, encapsulate([data])
            d.PixelData = data
            d["PixelData"].is_undefined_length = bool(syntax)
        path = picture(where, colour="YBR_FULL_422", regions=[region(0, 0, 38, H - 1, 0.02)], change=odd)
        refused(extract(path, nifti(where, disc(), size=(39, H))), 3, "39 columns of YBR_FULL_422, which go in pairs")
    rs = structures(where, [("A", [contour(square(4, 12, 1))])])[1]
    refused(extract(picture(where, regions=WHOLE), rs), 3, "contours have a place in the patient, the image has none")


def segmentation(where, image, frames, refer=None, other=0, name="seg.dcm"):
    """Discs on frames of a picture: segment 1 on the frames that are named, by reference."""
    source = dcmread(image)
    d = blank(dicom.SEG, "SEG")
    d.SeriesInstanceUID, d.SegmentationType, d.NumberOfFrames = uid(), "BINARY", len(frames)
    d.SegmentSequence = Sequence([item(SegmentNumber=1, SegmentLabel="Nodule")])
    d.SharedFunctionalGroupsSequence = Sequence([item()])
    groups, bits = [], []
    for i, f in enumerate(frames):
        of = item(ReferencedSOPClassUID=source.SOPClassUID,
                  ReferencedSOPInstanceUID=source.SOPInstanceUID if i >= other else "1.2.3")
        if refer is None or refer:
            of.ReferencedFrameNumber = f
        groups.append(item(SegmentIdentificationSequence=Sequence([item(ReferencedSegmentNumber=1)]),
                           DerivationImageSequence=Sequence([item(SourceImageSequence=Sequence([of]))])))
        bits += [int(disc(8 + 2 * f, 12, 5)(x, y)) for y in range(H) for x in range(W)]
    d.PerFrameFunctionalGroupsSequence = Sequence(groups)
    pixels(d, packed(bits), 1, signed=0, columns=W, rows=H)
    path = os.path.join(where, name)
    d.save_as(path, write_like_original=False)
    return path


def segmentations(where):
    one = picture(where, regions=WHOLE)
    for refer in (True, False):
        ran = extract(one, segmentation(where, one, [1], refer))
        same(ran, "Nodule", values(disc(10, 12, 5)))
        assert not ran.err, ran.err
    refused(extract(one, segmentation(where, one, [1], other=1)), 3, "none of its 1 frame refers to the picture")
    clip = picture(where, CLIP, "US", frames=6, regions=WHOLE, name="clip.dcm")
    seg = segmentation(where, clip, [5, 2, 3])
    ran = extract(clip, seg)
    assert sorted(ran.rois) == ["Nodule frame 2", "Nodule frame 3", "Nodule frame 5"], (ran.rois, ran.err)
    for f in (2, 3, 5):
        same(ran, "Nodule frame %d" % f, values(disc(8 + 2 * f, 12, 5), frame=f - 1))
    ran = extract(clip, seg, "--frame", "3")
    same(ran, "Nodule", values(disc(14, 12, 5), frame=2))
    ran.says("left out: 2")
    refused(extract(clip, seg, "--frame", "1"), 3, "the frame of it that was chosen")
    refused(extract(clip, segmentation(where, clip, [1, 2], False)), 3, "does not say which of the 6 frames")
    ran = extract(clip, segmentation(where, clip, [2, 2]), "--frame", "2")
    same(ran, "Nodule", values(disc(12, 12, 5), frame=1))
    ran.says("frames that repeat a slice of their segment, voxel by voxel, left out: 1")


def batches_and_lists(where):
    path = picture(where, CLIP, "US", frames=3, regions=WHOLE + [region(0, 0, 9, 9, 0.1, RegionSpatialFormat=2)])
    mask = nifti(where, disc(), slices=3)
    cases, settings = os.path.join(where, "cases.csv"), os.path.join(where, "s.yaml")
    open(cases, "w").write("case,image,mask\na,%s,%s\n" % (path, mask))
    open(settings, "w").write(SETTINGS)
    ran = Ran("batch", cases, "-c", settings, "-o", os.path.join(where, "run"), "-q")
    assert ran.code == 0, ran.err
    rows = open(os.path.join(where, "run", "features.csv")).read().splitlines()
    assert len(rows) == 4 and rows[3].startswith("a,1 frame 3,"), rows
    assert Ran("batch", cases, "-c", settings, "-o", os.path.join(where, "run2"), "--dry-run").code == 0
    told = Ran("info", path).out
    for words in ("Ultrasound Multi-frame image", "frames               3", "0.2 0.3 1"):
        assert words in told, told


def shapes_in_a_slice(where):
    """By hand: pixels, and the outline of marching squares of a rectangle, whose corners are cut; axes by sums."""
    a, b, dx, dy = 9, 5, 0.2, 0.3
    box = nifti(where, lambda x, y, z: 10 <= x < 10 + a and 12 <= y < 12 + b)
    path = picture(where, regions=WHOLE)
    ran = extract(path, box, settings="families: [shape2d]\n")
    assert ran.code == 0, ran.err
    v = {k[len("original_shape2d_"):]: x for k, x in ran.values["1"].items()}
    half = math.hypot(dx, dy) / 2
    area, around = a * b * dx * dy - 4 * dx * dy / 8, 2 * (a - 1) * dx + 2 * (b - 1) * dy + 4 * half
    axes = sorted(4 * math.sqrt((n * n - 1) / 12) * d for n, d in ((a, dx), (b, dy)))
    # vertices lie half a pixel beyond the outermost centres
    far = max(math.hypot(a * dx, (b - 1) * dy), math.hypot((a - 1) * dx, b * dy))
    expected = dict(mesh_surface=area, pixel_surface=a * b * dx * dy, perimeter=around, perimeter_surface_ratio=around / area,
                    sphericity=2 * math.sqrt(math.pi * area) / around,
                    spherical_disproportion=around / (2 * math.sqrt(math.pi * area)), max_diameter=far, major_axis=axes[1],
                    minor_axis=axes[0], elongation=axes[0] / axes[1])
    assert set(v) == set(expected), v
    for name in expected:
        assert abs(v[name] - expected[name]) <= 1e-9 * expected[name], (name, v[name], expected[name])
    ran = extract(path, nifti(where, lambda x, y, z: x == 3 and 2 <= y < 8), settings="families: [shape2d]\n")  # a line
    assert ran.values["1"]["original_shape2d_minor_axis"] == 0 and ran.values["1"]["original_shape2d_elongation"] == 0
    ran = extract(path, box, settings="discretisation: fbn8\n")
    assert "original_shape2d_perimeter" in ran.values["1"] and "original_morph_volume" in ran.values["1"], ran.err
    ct, rs = structures(where, [("A", [contour(square(4, 12, z)) for z in (1, 2)]), ("B", [contour(square(4, 12, 1))])])
    ran = extract(ct, rs, settings="families: [shape2d]\n")
    assert ran.values["A"]["original_shape2d_perimeter"]["reason"] == "the ROI is not in one slice", ran.values
    assert ran.values["B"]["original_shape2d_perimeter"] > 0, ran.values
    assert "original_shape2d_perimeter" not in extract(ct, rs, settings="discretisation: fbn8\n").values["A"]


def captures_with_a_place(where):
    """Slices that some program saved as captures, with their positions, are a volume."""
    ct, rs = structures(where, [("A", [contour(square(4, 12, z)) for z in (1, 2)])])
    before = extract(ct, rs)
    shutil.rmtree(ct)
    dicom.series("ct", sop_class=CAPTURE, modality="OT")
    ran = extract(ct, rs)
    assert ran.code == 0 and ran.rois == before.rois, ran.err


def captures_beside_a_ct(where):
    ct, rs = structures(where, [("A", [contour(square(4, 12, 1))])])
    before = extract(ct, rs)
    picture(ct, CAPTURE, "OT", colour="RGB")
    picture(ct, US, "US", name="us.dcm", regions=WHOLE)
    ran = extract(ct, rs)
    assert ran.code == 0 and ran.rois == before.rois, ran.err
    told = Ran("info", ct).out
    assert "Secondary Capture image" in told or "OT" in told, told


if __name__ == "__main__":
    main()
