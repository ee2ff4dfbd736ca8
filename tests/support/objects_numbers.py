"""Numbers of DICOM that are there and cannot be read, or are NaN, beside those that are absent; what a folder of packed
files is; characters of what tells volumes apart."""

import gzip
import json
import os
import re

from objects import Ran, Sequence, dicom, extract, main, refused, same
from dicom import COLUMNS, PREFIX, ROWS, RTSTRUCT, SLICES, blank, contour, item, pattern, square, uid
from objects_structures import corners, inside, structures, value, voxels
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

WHERE = (2, [corners(4, 12)])


def put(tag, text, only=None):
    """A value as it stands, in every slice or in one."""
    def change(d, z):
        if only is None or z == only:
            raw = text.encode() + b" " * (len(text) % 2)
            d[tag] = RawDataElement(Tag(tag), "DS", len(raw), raw, 0, False, True)
    return change


def series(where, change, **how):
    ct, rs = structures(where, [("GTV", [contour(square(4, 12, 2))])])
    dicom.series("ct", change, **how)
    return ct, rs


def stored(where, slope, start):
    """Values of the ROI by another slope and intercept than those of the file."""
    return [slope * ((v + 1000) / 2) + start for v in voxels(WHERE)]


SLOPE, START, SPACING = 0x00281053, 0x00281052, 0x00280030


def numbers_that_are_nan(where):
    ran = extract(*series(where, lambda d, z: (put(SLOPE, "NaN")(d, z), put(START, "nan")(d, z))[0]))
    same(ran, "GTV", stored(where, 1, 0))
    ran.says("RescaleSlope (0028,1053) or RescaleIntercept (0028,1052) is NaN, which counts as absent")
    ran = extract(*series(where, put(START, "NaN")))
    same(ran, "GTV", stored(where, 2, 0))
    ran.says("is NaN")
    refused(extract(*series(where, put(SLOPE, "nan", only=3))), 3, "is missing or NaN in this slice, and 2 in")


def numbers_that_are_absent(where):
    def without(d, z):
        del d.RescaleIntercept

    ran = extract(*series(where, without))
    same(ran, "GTV", stored(where, 2, 0))
    ran.says("RescaleIntercept (0028,1052) is missing; it is taken as 0")
    refused(extract(*series(where, lambda d, z: d.__delattr__("RescaleSlope") if z == 1 else None)), 3,
            "is missing or NaN in this slice")
    refused(extract(*series(where, lambda d, z: without(d, z) if z == 3 else None)), 3,
            "RescaleIntercept (0028,1052) is missing or NaN in this slice, and -1000 in")

    def level(d, z):  # an intercept of 0 beside none changes nothing
        d.RescaleIntercept = "0"
        if z == 3:
            del d.RescaleIntercept

    same(extract(*series(where, level)), "GTV", stored(where, 2, 0))

    def plain(d, z):  # a slope of 1 beside none changes nothing
        d.RescaleSlope, d.RescaleIntercept = "1", "0"
        if z == 1:
            del d.RescaleSlope, d.RescaleIntercept

    same(extract(*series(where, plain)), "GTV", stored(where, 1, 0))


def numbers_that_are_none(where):
    for text in ("1,0", "none"):
        refused(extract(*series(where, put(SLOPE, text))), 3, 'RescaleSlope (0028,1053) is "%s", which is no number' % text)
    refused(extract(*series(where, put(START, "-1000,0"))), 3, 'RescaleIntercept (0028,1052) is "-1000,0"')
    for text in ("0,8\\0,75", "0.8", "0.8\\0.75\\2.5"):
        refused(extract(*series(where, put(SPACING, text))), 3, 'PixelSpacing (0028,0030) is "%s", which is not 2 numbers' % text)
    same(extract(*series(where, put(SPACING, "0.8\\0.75\\"))), "GTV", voxels(WHERE))  # a backslash too many
    same(extract(*series(where, lambda d, z: setattr(d, "NumberOfFrames", "0"))), "GTV", voxels(WHERE))


def contours_with_odd_words(where):
    ct, rs = structures(where, [("GTV", [contour(square(4, 12, 2), "closed_planar")])])
    same(extract(ct, rs), "GTV", voxels(WHERE))
    d = dcmread(rs)
    c = d.ROIContourSequence[0].ContourSequence[0]
    text = "\\".join("%.6g" % v for v in c.ContourData) + "\\"
    put(0x30060050, text)(c, 0)
    d.save_as(rs, write_like_original=False)
    same(extract(ct, rs), "GTV", voxels(WHERE))
    del c.ContourGeometricType
    d.save_as(rs, write_like_original=False)
    refused(extract(ct, rs), 3, "the last is of no type")


def a_folder_of_packed_files(where):
    ct, rs = structures(where, [("GTV", [contour(square(4, 12, 2))])])
    for folder, _, names in list(os.walk(ct)):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file, open(path + ".gz", "wb") as packed:
                packed.write(gzip.compress(file.read()))
            os.remove(path)
    refused(extract(ct, rs), 3, "0 DICOM files and %d others; %d of them are packed: unpack them" % (SLICES, SLICES))


def slices_that_are_there_again(where):
    """Under other SOPInstanceUIDs, as a second export has them; with another voxel they are no copies."""
    ct, rs = structures(where, [("GTV", [contour(square(4, 12, 2))])])
    files = [os.path.join(f, n) for f, _, names in os.walk(ct) for n in sorted(names)]
    for path in files[:3]:
        d = dcmread(path)
        d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = uid()
        d.save_as(path + ".again.dcm", write_like_original=False)
    ran = extract(ct, rs)
    same(ran, "GTV", voxels(WHERE))
    ran.says("slices that repeat another one, place and voxels, under another SOPInstanceUID, left out: 3")
    d.PixelData = b"\1" + d.PixelData[1:] if d.PixelData[:1] != b"\1" else b"\2" + d.PixelData[1:]
    d.save_as(path + ".again.dcm", write_like_original=False)
    refused(extract(ct, rs), 3, "duplicate positions")


def volumes_told_apart_by_words(where):
    """ImageComments in Latin-1 and in UTF-8, as SpecificCharacterSet says."""
    for charset, coding in (("ISO_IR 100", "latin-1"), ("ISO_IR 192", "utf-8")):
        words = ["früh", "spät"]

        def change(of):
            def action(d, z):
                d.SpecificCharacterSet = charset
                d.ImageComments = words[of]
            return action

        folder = "words " + coding
        for i in (0, 1):
            dicom.series(folder, change(i), series_uid=PREFIX + "7.7", folder=str(i), modality="MR",
                         sop_class="1.2.840.10008.5.1.4.1.1.4", offset=-100 + 50 * i)
        _, rs = structures(where, [("GTV", [contour(square(4, 12, 2))])])
        whole = os.path.join(where, folder)
        refused(extract(whole, rs), 3, "1: ImageComments=früh (%d slices), 2: ImageComments=spät" % SLICES)
        ran = extract(whole, rs, "--volume", "ImageComments=spät")
        same(ran, "GTV", [v + 100 for v in voxels(WHERE)])
        told = json.loads(Ran("info", whole, "--json").out)["series"]
        assert [s["volumes"] for s in told] == [[{"volume": i + 1, "values": "ImageComments=" + words[i], "slices": SLICES}
                                                 for i in (0, 1)]], told
        assert re.search("^1 *ImageComments=früh *%d$" % SLICES, Ran("info", whole).out, re.M)


if __name__ == "__main__":
    main()
