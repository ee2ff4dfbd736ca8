"""Writes a NIfTI image, and masks as programs write them, below a folder: several channels, one file for each organ, odd
headers; and cases.txt (expected.py), with values by definition.
"""

import gzip
import os
import struct
import sys

import expected
import nifti

top = sys.argv[1]
SIZE = (8, 7, 5)


def value(x, y, z):
    return x + 10 * y + 100 * z


CORNER = lambda x, y, z: x < 3 and y < 4 and z in (1, 2)
BAR = lambda x, y, z: 2 <= x < 7 and y == 3
NOTHING = lambda x, y, z: False


def header(channels=1, kind=2, bits=8, fields=(), dims=4, fifth=1):
    h = nifti.header(kind, bits, SIZE, origin=(-4, 5, 6))
    struct.pack_into("<h", h, 40, dims)
    struct.pack_into("<hh", h, 48, channels, fifth)
    struct.pack_into("<ff", h, 112, 1, 0)
    struct.pack_into("<h", h, 252, 1)
    struct.pack_into("<3f", h, 268, -4, 5, 6)  # offset of the qform, whose quaternion is 0
    h[123] = 2
    for code, at, *values in fields:
        struct.pack_into("<" + code, h, at, *values)
    return h


def write(name, head, values, code="B"):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    nifti.write(path, head, code, values)


def grid(f):
    return [f(x, y, z) for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])]


def expect(name, mask, options="", code=0, text="", warnings=0, roi="", inside=None, image="image.nii"):
    values = inside and [v for v, within in zip(grid(value), grid(inside)) if within]
    expected.expect(name, image, mask, options, code, text, warnings, roi, values)


def channels():
    for name, fifth in (("channels.nii.gz", 1), ("vectors.nii", 3)):
        how = dict(channels=1, fifth=3, dims=5) if fifth == 3 else dict(channels=3)
        write(name, header(**how), grid(CORNER) + grid(BAR) + grid(NOTHING))
        expect("a channel of " + name, name, "--roi channel:2", roi="channel:2", inside=BAR)
        expect("by its number", name, "--roi 1", roi="channel:1", inside=CORNER)
        expect("two of them", name, "--roi channel:1+channel:2", roi="channel:1+channel:2", inside=lambda *p: CORNER(*p) or BAR(*p))
        expect("all of them", name, text="1 ROI without a voxel is left out, the first channel:3", warnings=1, roi="channel:1", inside=CORNER)
        expect("an empty one", name, "--roi channel:3", 3, "channel:3: no voxel centre")
        expect("none of them", name, "--roi channel:4", 3, "no ROI matches channel:4")
    write("soft.nii", header(channels=2, kind=16, bits=32), [0.7 * v for v in grid(CORNER)] + grid(BAR), "f")
    expect("fractions", "soft.nii", "--roi channel:2", 3, "mask voxel (0, 0, 1) is 0.699999988; labels are whole numbers")
    nan = float("nan")
    write("nan.nii", header(channels=2, kind=16, bits=32), [v or nan for v in grid(CORNER)] + [2 * v for v in grid(BAR)], "f")
    expect("NaN around it", "nan.nii", "--roi channel:1", text="256 voxels of the mask are NaN and count as background", warnings=1, roi="channel:1", inside=CORNER)
    expect("all that is not 0", "nan.nii", "--roi channel:2", warnings=1, text="NaN", roi="channel:2", inside=BAR)


def frames():
    write("movie.nii.gz", header(channels=2, kind=4, bits=16), [0] * len(grid(value)) + grid(value), "h")
    write("corner.nii", header(), grid(CORNER))
    expect("a frame of an image", "corner.nii", "--volume 2", roi="1", inside=CORNER, image="movie.nii.gz")
    expect("none chosen", "corner.nii", code=3, text="holds 2 frames; an image has one: choose it with --volume 1..2", image="movie.nii.gz")
    for word in ("3", "0", "1x", "EchoTime=3", "-1"):
        expect("no such frame: " + word, "corner.nii", "--volume " + word if word != "-1" else "--volume=-1", 3, "has no --volume " + word, image="movie.nii.gz")
    expect("one frame is frame 1", "corner.nii", "--volume 1", roi="1", inside=CORNER)
    expect("and no other", "corner.nii", "--volume 2", 3, "it holds 1: give 1..1")


def organs():
    write("organs/liver.nii.gz", header(), grid(CORNER))
    write("organs/spleen_left.nii", header(), [7 * v for v in grid(BAR)])
    write("organs/kidney.nii", header(), grid(NOTHING))
    write("organs/both.nii.gz", header(), grid(lambda *p: 2 if BAR(*p) else int(CORNER(*p))))
    open(os.path.join(top, "organs", "statistics.json"), "w").write("{}")
    left_out = dict(text="1 ROI without a voxel is left out, the first kidney", warnings=1)
    expect("one file an organ", "organs", roi="liver", inside=CORNER, **left_out)
    expect("and another", "organs", roi="spleen_left", inside=BAR, **left_out)
    expect("a file of two", "organs", roi="both:2", inside=BAR, **left_out)
    expect("by its name", "organs", "--roi liver", roi="liver", inside=CORNER)
    expect("by a pattern", "organs", "--roi spl*", roi="spleen_left", inside=BAR)
    expect("its label", "organs", "--roi both:1", roi="both:1", inside=lambda *p: CORNER(*p) and not BAR(*p))
    expect("a union", "organs", "--roi liver+spleen_left", roi="liver+spleen_left", inside=lambda *p: CORNER(*p) or BAR(*p))
    expect("an empty organ", "organs", "--roi kidney", 3, "kidney: no voxel centre")
    expect("no such organ", "organs", "--roi heart", 3, "no ROI matches heart; ROIs in the mask: 1 both, 2 kidney, 3 liver, 4 spleen_left")
    write("faulty/a.nii", header(), grid(CORNER))
    write("faulty/b.nii", header(kind=16, bits=32), [0.5 * v for v in grid(BAR)], "f")
    write("faulty/c.nii", header(fields=[("f", 268, -9.5), ("f", 292, -9.5)]), grid(BAR))
    expect("a fault of a file is that of its ROI", "faulty", code=20, text="2 of 3 ROIs failed", roi="a", inside=CORNER, warnings="-")
    expect("its reason", "faulty", "--roi b", 3, "is 0.5; labels are whole numbers")
    expect("another grid", "faulty", code=20, text="c.nii: is not on the grid of the other masks of its folder", warnings="-")


def fractions():
    part = lambda x, y, z: 0.7 if CORNER(x, y, z) else 0.3 if BAR(x, y, z) else 0
    write("part.nii.gz", header(kind=16, bits=32), grid(part), "f")
    expect("fractions", "part.nii.gz", code=3, text="a mask of fractions 0..1 needs --fractions 0.5 (setting mask_fractions)")
    expect("from a half on", "part.nii.gz", "--fractions 0.5", text="holds fractions; voxels of at least 0.5 are the ROI", warnings=1, roi="1", inside=CORNER)
    expect("from less on", "part.nii.gz", "--fractions 0.25", text="at least 0.25", warnings=1, roi="1", inside=lambda *p: CORNER(*p) or BAR(*p))
    expect("the part itself", "part.nii.gz", "--fractions 0.69", warnings=1, roi="1", inside=CORNER)
    expect("a little more", "part.nii.gz", "--fractions 0.71", 3, "the mask is empty", warnings="-")
    expect("no part", "part.nii.gz", "--fractions 1.5", 4, "`mask_fractions` must be refuse, or 0.000001..1, not 1.5")
    write("percent.nii", header(fields=[("f", 112, 0.01)]), [round(100 * v) for v in grid(part)])
    expect("scaled bytes", "percent.nii", "--fractions 0.5", warnings=1, roi="1", inside=CORNER)
    write("labelled.nii", header(kind=16, bits=32), [2 if BAR(x, y, z) else 0.7 if CORNER(x, y, z) else 0 for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])], "f")
    expect("a label beside", "labelled.nii", "--fractions 0.5", 3, "holds fractions between 0 and 1, and the label 2")
    write("whole.nii", header(), [2 * v for v in grid(BAR)])
    expect("labels stay labels", "whole.nii", "--fractions 0.5", roi="2", inside=BAR)
    write("maps.nii", header(channels=2, kind=16, bits=32), grid(part) + [1 - v for v in grid(part)], "f")
    expect("of each channel", "maps.nii", "--fractions 0.5 --roi channel:2", warnings=1, roi="channel:2", inside=lambda *p: not CORNER(*p))
    write("both/a.nii.gz", header(kind=16, bits=32), grid(part), "f")
    write("both/b.nii.gz", header(), grid(BAR))
    expect("in a folder", "both", "--fractions 0.5", warnings=1, roi="a", inside=CORNER)


def names():
    """Names of labels in a table of BIDS or in JSON beside the mask."""
    both = [2 if BAR(x, y, z) else int(CORNER(x, y, z)) for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])]
    bar, corner = BAR, lambda *p: CORNER(*p) and not BAR(*p)

    def beside(name, text):
        with open(os.path.join(top, name), "w") as file:
            file.write(text)

    for case, ending, text in (("sub-1_dseg", ".tsv", "index\tname\tcolor\n0\tbackground\t#000000\n1\tliver\t#ff0000\n2\tTumör\t#00ff00\n7\tabsent\t#0000ff\n"),
                               ("numbers", ".json", '{"1": "liver", "2": "Tumör"}'),
                               ("labels", ".json", '{"Sources": ["a"], "labels": {"background": 0, "liver": 1, "Tumör": 2}}'),
                               ("map", ".json", '{"LabelMap": {"1": "liver", "2": "Tumör", "x": "y", "3": 4}}')):
        write(case + ".nii.gz", header(), both)
        beside(case + ending, text)
        expect("names of " + case, case + ".nii.gz", roi="Tumör", inside=bar)
        expect("by name, " + case, case + ".nii.gz", "--roi liver", roi="liver", inside=corner)
        expect("by number, " + case, case + ".nii.gz", "--roi 2", roi="Tumör", inside=bar)
    for case, ending, text, warnings in (("about", ".json", '{"Manual": true, "Sources": ["a"], "1": "liver"}', 0), ("nothing", ".tsv", "number\tlabel\n1\tliver\n", 0),
                                         ("torn", ".json", '{"labels": {"liver": 1', 1), ("rough", ".tsv", "index\tname\n1\n", 1)):
        write(case + ".nii.gz", header(), both)
        beside(case + ending, text)
        expect("no names: " + case, case + ".nii.gz", roi="1", inside=corner, warnings=warnings, text="labels have no names of it" if warnings else "")
    for data, text in (("nnunet", '{"labels": {"background": 0, "liver": 1, "Tumör": 2, "both": [1, 2]}, "numTraining": 1}'),
                       ("decathlon", '{"name": "x", "1": "none", "labels": {"0": "background", "1": "liver", "2": "Tumör"}}')):
        for folder in ("labelsTr", "labels"):  # names of all masks of the folder, in the list beside it
            write("%s/%s/a.nii.gz" % (data, folder), header(), both)
            beside(data + "/dataset.json", text)
            expect("names of the list of %s/%s" % (data, folder), "%s/%s/a.nii.gz" % (data, folder), roi="Tumör", inside=bar)
    write("decathlon/other/a.nii.gz", header(), both)
    expect("a list is for folders of labels", "decathlon/other/a.nii.gz", roi="1", inside=corner)
    write("nnunet/labelsTs/a.nii.gz", header(), both)
    beside("nnunet/labelsTs/a.json", '{"1": "own"}')
    expect("the file beside the mask goes before", "nnunet/labelsTs/a.nii.gz", roi="own", inside=corner)
    write("broken/labelsTr/a.nii.gz", header(), both)
    beside("broken/dataset.json", '{"labels": ')
    expect("a list that is torn", "broken/labelsTr/a.nii.gz", roi="1", inside=corner, warnings=1, text="labels have no names of it")


def odd():
    nan = float("nan")
    for name, fields, text, warnings in (
            ("slope 0", [("f", 112, 0), ("f", 116, 3)], "", 0), ("no fourth size", [("h", 48, 0)], "", 0), ("no third and fourth", [("h", 40, 5), ("h", 48, 0), ("h", 50, 0)], "", 0),
            ("slope inf", [("f", 112, float("inf"))], "scl_slope is inf", 1), ("sform nan, qform good", [("f", 280, nan)], "the sform is not finite; the qform is used", 1),
            ("sform sheared, qform good", [("f", 284, 0.5)], "the sform has axes that are not at right angles; the qform is used", 1),
            ("qform elsewhere", [("f", 268, 40)], "sform and qform disagree; the sform is used", 1),
            ("sform elsewhere, qform that of the image", [("f", 292, 40)], "its qform is the grid of the image, its sform is not", 2)):
        file = name.replace(" ", "_").replace(",", "") + ".nii"
        write(file, header(fields=fields), grid(CORNER))
        expect(name, file, text=text, warnings=warnings, roi="1", inside=CORNER)
    unset = [("h", 252, 0), ("h", 254, 0)]
    write("no_place.nii", header(fields=unset), grid(CORNER))
    expect("a mask that says no place", "no_place.nii", text="it is placed voxel by voxel", warnings=2, roi="1", inside=CORNER)
    write("no_place_thick.nii", header(fields=unset + [("f", 88, 2.5)]), grid(CORNER))
    expect("with another spacing", "no_place_thick.nii", code=4, text="save the mask again with the place of the image", warnings="-")
    for name, fields, text in (("no_begin", [("f", 108, 0)], "vox_offset is 0: voxels are taken from byte 352 on"), ("nan_begin", [("f", 108, nan)], "from byte 352"),
                               ("bits", [("h", 72, 32)], "bitpix is 32, which does not fit type UINT8; the type is taken")):
        write(name + ".nii", header(fields=fields), grid(CORNER))
        expect(name, name + ".nii", text=text, warnings=1, roi="1", inside=CORNER)
    both = [2 if BAR(x, y, z) else int(CORNER(x, y, z)) for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])]
    for name, slope, good in (("fine", 2 / 255, True), ("coarse", 0.0999, True), ("coarser", 0.11, False)):  # 1 becomes a step beside it
        write("steps_%s.nii.gz" % name, header(fields=[("f", 112, slope)]), [round(v / slope) for v in both])
        if good:
            expect("labels in steps, " + name, "steps_%s.nii.gz" % name, text="as saving in steps of", warnings=1, roi="2", inside=BAR)
        else:
            expect("labels in steps, " + name, "steps_%s.nii.gz" % name, code=3, text="labels are whole numbers to within 0.001", warnings="-")
    write("steps_off.nii.gz", header(fields=[("f", 112, 2 / 255)]), [round(v * 127.5) - (v == 2) for v in both])
    expect("a step too far", "steps_off.nii.gz", code=3, text="is 1.99215", warnings="-")
    write("lost_intercept.nii", header(fields=[("f", 116, nan)]), grid(CORNER))
    expect("an intercept of NaN beside a slope of 1", "lost_intercept.nii", text="scl_inter is nan: voxels are taken as they are stored", warnings=1, roi="1", inside=CORNER)
    write("no_rows.nii", header(fields=[("h", 252, 0)] + [("f", 280 + 4 * i, 0) for i in range(12)]), grid(CORNER))
    expect("an sform of zeros alone", "no_rows.nii", text="neither sform nor qform says a place", warnings=2, roi="1", inside=CORNER)
    write("begin_near.nii", header(fields=[("f", 108, 351.9)]), grid(CORNER))
    expect("voxels that begin at no whole byte", "begin_near.nii", roi="1", inside=CORNER)
    packed = gzip.compress(open(os.path.join(top, "corner.nii"), "rb").read())
    with open(os.path.join(top, "twice.nii.gz"), "wb") as file:
        file.write(gzip.compress(packed))
    expect("packed twice", "twice.nii.gz", code=3, text="is a gzip file inside of a gzip file")
    with open(os.path.join(top, "text.nia"), "w") as file:
        file.write("<nifti_image\n  nifti_type = 'NIFTI-1A'\n/>\n")
    expect("NIfTI as text", "text.nia", code=3, text="NIfTI as text (.nia)")
    write("both_at_odds.nii", header(kind=4, bits=16, fields=[("f", 268, 40)]), grid(value), "h")
    write("as_its_qform.nii", header(fields=[("f", 268, 40), ("f", 292, 40)]), grid(CORNER))
    expect("a mask on the qform of the image", "as_its_qform.nii", text="lies on the qform of the image", warnings=2, roi="1", inside=CORNER, image="both_at_odds.nii")
    write("elsewhere.nii", header(fields=[("f", 268, 41), ("f", 292, 41)]), grid(CORNER))
    expect("a mask on neither", "elsewhere.nii", code=4, text="the mask is not on the grid of the image", warnings="-", image="both_at_odds.nii")


write("image.nii", header(kind=4, bits=16), grid(value), "h")
for part in (channels, frames, organs, fractions, names, odd):
    part()
expected.write(top)
