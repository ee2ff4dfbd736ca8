"""Folders with several structure sets and segmentations: which of them is the mask."""

import os
import shutil

from objects import Sequence, dicom, extract, main, refused, same
from dicom import PREFIX, RTSTRUCT, SLICES, blank, contour, inside, item, segmentation, square, uid
from objects_structures import corners, value, voxels
from pydicom import dcmread

FRAME = PREFIX + "9.1"


def structures(path, rois, frame=FRAME, on=None):
    """A structure set with one square of each name, from voxel low to high of slice z, made on a series."""
    d = blank(RTSTRUCT, "RTSTRUCT")
    d.SeriesInstanceUID = uid()
    if on:
        d.ReferencedFrameOfReferenceSequence = Sequence([item(FrameOfReferenceUID=frame, RTReferencedStudySequence=Sequence([
            item(RTReferencedSeriesSequence=Sequence([item(SeriesInstanceUID=on)]))]))])
    d.StructureSetROISequence = Sequence([
        item(ROINumber=i + 1, ROIName=name, ReferencedFrameOfReferenceUID=frame) for i, (name, _) in enumerate(rois)])
    d.ROIContourSequence = Sequence([
        item(ReferencedROINumber=i + 1, ContourSequence=Sequence([contour(square(*where))])) for i, (_, where) in enumerate(rois)])
    d.save_as(path, write_like_original=False)


def folders(place):
    """An image and an empty folder for masks."""
    files = dicom.series("ct")
    masks = os.path.join(place, "masks")
    os.makedirs(masks)
    return os.path.dirname(files[0]), masks, dcmread(files[0]).SeriesInstanceUID


def drawn(low, high, z):
    return voxels((z, [corners(low, high)]))


def another_frame_of_reference(where):
    ct, masks, _ = folders(where)
    structures(os.path.join(masks, "a.dcm"), [("GTV", (2, 5, 1))], PREFIX + "9.7")
    structures(os.path.join(masks, "b.dcm"), [("GTV", (4, 12, 2))])
    ran = extract(ct, masks)
    same(ran, "GTV", drawn(4, 12, 2))
    ran.says("1 structure set or segmentation is left out, the first", "a.dcm: it is in another frame of reference")
    refused(extract(ct, masks, "--ignore-frame-of-reference"), 3, "several have the ROI GTV", "a.dcm (GTV), ", "b.dcm (GTV)")
    os.remove(os.path.join(masks, "b.dcm"))
    structures(os.path.join(masks, "c.dcm"), [("CTV", (2, 5, 1))], PREFIX + "9.7")
    refused(extract(ct, masks), 4, "--ignore-frame-of-reference")  # none of them fits


def another_series(where):
    ct, masks, series = folders(where)
    structures(os.path.join(masks, "a.dcm"), [("GTV", (2, 5, 1))], on=PREFIX + "5.5")
    structures(os.path.join(masks, "b.dcm"), [("GTV", (4, 12, 2))], on=series)
    ran = extract(ct, masks)
    same(ran, "GTV", drawn(4, 12, 2))
    ran.says("a.dcm: it was made on another series than the image")
    structures(os.path.join(masks, "b.dcm"), [("GTV", (4, 12, 2))], on=PREFIX + "5.6")
    refused(extract(ct, masks), 3, "several have the ROI GTV")  # neither was made on it


def chosen_by_name(where):
    ct, masks, _ = folders(where)
    structures(os.path.join(masks, "a.dcm"), [("GTV", (2, 5, 1)), ("Body", (1, 9, 1))])
    structures(os.path.join(masks, "b.dcm"), [("CTV", (4, 12, 2)), ("Body", (1, 9, 1))])
    refused(extract(ct, masks), 3, "holds 2 structure sets or segmentations", "several have the ROI Body",
            "a.dcm (GTV, Body), ", "b.dcm (CTV, Body)", "--roi")
    refused(extract(ct, masks, "-r", "Body"), 3, "several have the ROI Body")
    refused(extract(ct, masks, "-r", "1"), 3, "none has a ROI of --roi by name")  # a number says nothing of two
    refused(extract(ct, masks, "-r", "Lung"), 3, "none has a ROI of --roi by name", "a.dcm (GTV, Body)")
    ran = extract(ct, masks, "-r", "ctv")
    same(ran, "CTV", drawn(4, 12, 2))
    ran.says("a.dcm: it has no ROI of --roi")
    ran = extract(ct, masks, "-r", "GTV", "-r", "CTV")  # one of each
    same(ran, "GTV", drawn(2, 5, 1))
    same(ran, "CTV", drawn(4, 12, 2))
    same(extract(ct, masks, "-r", "GTV+CTV"), "GTV+CTV", drawn(2, 5, 1) + drawn(4, 12, 2))


def copies(where):
    ct, masks, _ = folders(where)
    structures(os.path.join(masks, "a.dcm"), [("GTV", (4, 12, 2))])
    shutil.copy(os.path.join(masks, "a.dcm"), os.path.join(masks, "a (1).dcm"))
    ran = extract(ct, masks)
    same(ran, "GTV", drawn(4, 12, 2))
    ran.says("a copy of another file")
    d = dcmread(os.path.join(masks, "a.dcm"))
    d.SeriesDescription = "edited"  # the same UID, another content: no copy
    d.save_as(os.path.join(masks, "a.dcm"), write_like_original=False)
    refused(extract(ct, masks), 3, "several have the ROI GTV")


def one_segment_a_file(where):
    """Segmentations on grids of their own, and a structure set: joined on the grid of the image."""
    ct, masks, _ = folders(where)
    for segment, slices in ((1, range(SLICES)), (2, (1, 2))):
        path, = segmentation("seg%d" % segment, "BINARY", [(segment, z) for z in slices])
        d = dcmread(path)
        d.SegmentSequence = Sequence([s for s in d.SegmentSequence if s.SegmentNumber == segment])
        d.save_as(os.path.join(masks, "%d.dcm" % segment), write_like_original=False)
    structures(os.path.join(masks, "3.dcm"), [("GTV", (4, 12, 2))])
    ran = extract(ct, masks)
    for segment, name, slices in ((1, "Tumour", range(SLICES)), (2, "Organ", (1, 2))):
        same(ran, name, [value(x, y, z) for z in slices for y in range(dicom.ROWS) for x in range(dicom.COLUMNS)
                         if inside(segment, x, y, z)])
    same(ran, "GTV", drawn(4, 12, 2))
    mixed = os.path.join(where, "mixed")  # and beside the image
    shutil.copytree(ct, mixed)
    for name in os.listdir(masks):
        shutil.copy(os.path.join(masks, name), os.path.join(mixed, "mask_" + name))
    assert extract(mixed, mixed).rois == ran.rois


def beyond_the_image(where):
    """What is joined may not lose what lies beyond the image without a word."""
    ct, masks, _ = folders(where)
    path, = segmentation("seg", "BINARY", [(1, z) for z in range(SLICES + 2)])
    os.rename(path, os.path.join(masks, "a.dcm"))
    structures(os.path.join(masks, "b.dcm"), [("GTV", (4, 12, 2))])
    refused(extract(ct, masks), 3, "lie beyond the grid")
    same(extract(ct, masks, "-r", "GTV"), "GTV", drawn(4, 12, 2))


def damaged(where):
    ct, masks, _ = folders(where)
    structures(os.path.join(masks, "a.dcm"), [("CTV", (2, 5, 1))])
    structures(os.path.join(masks, "b.dcm"), [("GTV", (4, 12, 2))])
    whole = open(os.path.join(masks, "a.dcm"), "rb").read()
    with open(os.path.join(masks, "a.dcm"), "wb") as file:
        file.write(whole[:-30])
    ran = extract(ct, masks)
    same(ran, "GTV", drawn(4, 12, 2))
    ran.says("a.dcm", "it is left out")


if __name__ == "__main__":
    main()
