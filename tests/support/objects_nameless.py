"""Objects whose SOP class a tool that removes identifiers took away or replaced: they are what their modality says."""

import os

from objects import dicom, extract, main, refused
from objects_dose import Dose, roi
from objects_flat import WHOLE, disc, nifti, picture
from objects_structures import contour, square, structures
from pydicom import dcmread

LOST = (None, "1.2.826.0.1.3680043.8.498.77")


def rename(path, sop_class, **other):
    d = dcmread(path)
    if "SOPClassUID" in d:
        del d.SOPClassUID
    if sop_class:
        d.SOPClassUID = sop_class
    for name, value in other.items():
        setattr(d, name, value)
    d.save_as(path)


def ct_and_masks(where):
    ct, rs = structures(where, [("A", [contour(square(4, 12, z)) for z in (1, 2)])])
    seg = dicom.segmentation("seg", "BINARY", [(1, 1), (1, 2), (2, 3)])[0]
    return ct, rs, seg


def masks(where):
    ct, rs, seg = ct_and_masks(where)
    for path, modality in ((rs, "RTSTRUCT"), (seg, "SEG")):
        options = ("--roi", "A") if path == rs else ("--roi", "Tumour")
        before = extract(ct, path, *options)
        assert before.code == 0 and before.rois, before.err
        for lost in LOST:
            rename(path, lost)
            ran = extract(ct, path, *options)
            assert ran.code == 0 and ran.rois == before.rois, ran.err
            ran.says("SOPClassUID (0008,0016) is %s, which is not known; it is taken as a mask by its modality %s" % (lost or "absent", modality))
        rename(path, None, Modality="OT")  # nothing says what it is
        refused(extract(ct, path), 3, "no mask among 1 DICOM file and 0 others; the DICOM files: object of SOP class (absent) (OT); a structure set, a "
                "segmentation or a NIfTI mask is needed")
    rename(path, "1.2.840.10008.5.1.4.1.1.481.5", Modality="RTPLAN")
    refused(extract(ct, path), 3, "the DICOM files: RT Plan (RTPLAN); a structure set")
    refused(extract(ct, ct), 3, "holds images, not a mask")


def no_contours(where):
    """A modality alone is not enough."""
    ct, rs, seg = ct_and_masks(where)
    d = dcmread(rs)
    del d.SOPClassUID, d.StructureSetROISequence
    d.save_as(rs)
    refused(extract(ct, rs), 3, "is needed")


def same_without_class(path, mask, modality):
    before = extract(path, mask)
    assert before.code == 0 and before.rois, before.err
    for lost in LOST:
        rename(path, lost)
        ran = extract(path, mask)
        assert ran.code == 0 and ran.rois == before.rois, ran.err
        ran.says("no image that is known; it is taken as %s by its modality" % modality)


def images(where):
    same_without_class(picture(where, regions=WHOLE), nifti(where, disc(), spacing=(0.2, 0.3, 1)), "US")


def doses(where):
    same_without_class(Dose(where).path, roi(where), "RTDOSE")


if __name__ == "__main__":
    main()
