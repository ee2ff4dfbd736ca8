"""RT doses: the grid by GridFrameOffsetVector, the unit by DoseGridScaling, ROIs of a planning CT on it, voxels by hand.

A contour reaches half way to the next plane; a voxel of the dose is in the ROI where its centre is."""

import os
import shutil
import struct

from objects import CASES, case, dicom, extract, inside, main, near, refused, same, Ran
from dicom import AXIAL, PREFIX, blank, pixels, uid
from objects_structures import DX, DY, DZ, X0, Y0, Z0, contour, corners, square, structures

DOSE = "1.2.840.10008.5.1.4.1.1.481.2"
SCALE = 0.0005


def stored(x, y, z):
    return 1000 + (11 * x + 17 * y + 23 * z) % 900


class Dose:
    """A dose on the axes of the CT, or on others that it is given."""

    def __init__(self, where, size=(24, 20, 6), spacing=(DX, DY, DZ), origin=(X0, Y0, Z0), bits=32, orientation=AXIAL,
                 offsets=None, change=None):
        self.size, self.spacing, self.origin = size, spacing, origin
        d = blank(DOSE, "RTDOSE")
        d.SeriesInstanceUID, d.FrameOfReferenceUID = PREFIX + "31", PREFIX + "9.1"
        d.ImageOrientationPatient, d.ImagePositionPatient = orientation, list(origin)
        d.PixelSpacing = [spacing[1], spacing[0]]
        d.NumberOfFrames = size[2]
        d.GridFrameOffsetVector = offsets or [round(i * spacing[2], 6) for i in range(size[2])]
        d.FrameIncrementPointer = 0x3004000C
        d.DoseUnits, d.DoseType, d.DoseSummationType, d.DoseGridScaling = "GY", "PHYSICAL", "PLAN", str(SCALE)
        values = [stored(x, y, z) for z in range(size[2]) for y in range(size[1]) for x in range(size[0])]
        pixels(d, struct.pack("<%d%s" % (len(values), "I" if bits == 32 else "H"), *values), bits, signed=0,
               columns=size[0], rows=size[1])
        if change:
            change(d)
        self.path = os.path.join(where, "dose.dcm")
        d.save_as(self.path, write_like_original=False)

    def within(self, planes, distance=DZ, scale=SCALE):
        """Doses in polygons of the CT's voxels, (z, [polygon, ...]), each plane a slab of that thickness in mm."""
        found = []
        for k in range(self.size[2]):
            z = self.origin[2] + k * self.spacing[2]
            near = [(abs(Z0 + DZ * p[0] - z), -p[0], p) for p in planes
                    if -distance / 2 <= z - (Z0 + DZ * p[0]) < distance / 2 - 1e-9]
            for y in range(self.size[1]) if near else []:
                for x in range(self.size[0]):
                    u = (self.origin[0] + x * self.spacing[0] - X0) / DX
                    v = (self.origin[1] + y * self.spacing[1] - Y0) / DY
                    if sum(inside(p, u, v) for p in min(near)[2][1]) % 2:
                        found.append(stored(x, y, k) * scale)
        return found


PLANES = [(z, [corners(4, 12)]) for z in (1, 2, 3, 4)]


def roi(where, planes=PLANES):
    return structures(where, [("PTV", [contour(square(4, 12, z)) for z, _ in planes])])[1]


def dose_on_the_grid_of_the_ct(where):
    for bits in (16, 32):
        dose = Dose(where, bits=bits)
        ran = extract(dose.path, roi(where))
        same(ran, "PTV", dose.within(PLANES))
        assert not ran.err and len(dose.within(PLANES)) == 4 * 64, ran.err
    ran = extract(dose.path, roi(where), "-v")
    ran.says("modality: RTDOSE", "dose_units: GY")


def dose_on_other_grids(where):
    for spacing, origin in (((3, 3, 3), (-32, -21, 8.3)), ((1.7, 2.1, 1), (-31, -20.7, 9.9)), ((2.5, 2.5, 5), (-30, -20, 11)),
                            ((0.6, 0.7, 0.8), (-30.31, -20.05, 9.7)), ((0.75, 0.8, 2.5), (X0, Y0, Z0 + 1.25))):
        dose = Dose(where, size=(30, 28, 14), spacing=spacing, origin=origin)
        values = dose.within(PLANES)
        assert len(values) > 5
        same(extract(dose.path, roi(where)), "PTV", values)


def planes_with_a_gap(where):
    planes = [PLANES[0], PLANES[2], PLANES[3]]
    dose = Dose(where, size=(24, 20, 15), spacing=(DX, DY, 1))
    ran = extract(dose.path, roi(where, planes))
    same(ran, "PTV", dose.within(planes))
    ran = extract(dose.path, roi(where, [PLANES[0]]))
    same(ran, "PTV", dose.within([PLANES[0]], 1))  # one plane is a slice of the dose


def offsets_that_are_places(where):
    def absolute(d):
        d.GridFrameOffsetVector = [Z0 + DZ * i for i in range(6)]

    dose = Dose(where, change=absolute)
    same(extract(dose.path, roi(where)), "PTV", dose.within(PLANES))


def offsets_that_go_down(where):
    dose = Dose(where)
    values = dose.within(PLANES)
    down = Dose(where, origin=(X0, Y0, Z0 + 5 * DZ), offsets=[-DZ * i for i in range(6)])
    turned = [stored(x, y, 5 - z) * SCALE for z in range(1, 5) for y in range(4, 12) for x in range(4, 12)]
    assert len(values) == len(turned)
    same(extract(down.path, roi(where)), "PTV", turned)


def doses_that_are_refused(where):
    rs = roi(where)

    def without(*keywords, **put):
        def change(d):
            for k in keywords:
                delattr(d, k)
            for k, v in put.items():
                setattr(d, k, v)
        return change

    for change, text in ((without("DoseGridScaling"), "DoseGridScaling (3004,000E) is missing or not above 0"),
                         (without(DoseGridScaling="0"), "DoseGridScaling (3004,000E) is missing or not above 0"),
                         (without("GridFrameOffsetVector"), "GridFrameOffsetVector (3004,000C) has 0 numbers for 6 frames"),
                         (without(GridFrameOffsetVector=[0, 2.5]), "has 2 numbers for 6 frames"),
                         (without(GridFrameOffsetVector=[0, 2.5, 5, 7.5, 10, 14]), "uneven spacing"),
                         (without(GridFrameOffsetVector=[0, 2.5, 5, 5, 10, 12.5]), "duplicate positions"),
                         (without("ImageOrientationPatient"), "ImageOrientationPatient (0020,0037) is missing"),
                         (without("ImagePositionPatient"), "ImagePositionPatient (0020,0032) is missing"),
                         (without("PixelSpacing"), "PixelSpacing (0028,0030) is missing"),
                         (without("PixelData"), "has no PixelData")):
        refused(extract(Dose(where, change=change).path, rs), 3, "dose.dcm", text)
    ran = extract(Dose(where, change=without(DoseUnits="RELATIVE")).path, rs)
    assert ran.code == 0, ran.err
    ran.says("DoseUnits (3004,0002) is RELATIVE: doses are taken as they stand, not as Gy")
    ran = extract(Dose(where, change=without(DoseUnits="Gy")).path, rs)
    assert ran.code == 0 and not ran.err, ran.err


def a_dose_beside_its_ct(where):
    rs = roi(where)
    dose = Dose(where)
    os.rename(dose.path, os.path.join(where, "ct", "dose.dcm"))
    os.rename(rs, os.path.join(where, "ct", "rs.dcm"))
    folder = os.path.join(where, "ct")
    ran = extract(folder, os.path.join(folder, "rs.dcm"))
    assert ran.code == 0 and ran.rois["PTV"][0] == 256 and ran.rois["PTV"][1] < -500, (ran.err, ran.rois)  # the CT
    same(extract(folder, os.path.join(folder, "rs.dcm"), "--series", PREFIX + "31"), "PTV", dose.within(PLANES))


def a_roi_beyond_the_dose(where):
    dose = Dose(where, size=(24, 20, 3))
    rs = roi(where)
    refused(extract(dose.path, rs), 3, "2 of its 4 contours lie beyond the image, up to 1.5 slices", "--clip")
    same(extract(dose.path, rs, "--clip"), "PTV", dose.within(PLANES))


def what_else_there_is(where):
    d = blank("1.2.840.10008.5.1.4.1.1.481.5", "RTPLAN")
    d.SeriesInstanceUID = uid()
    plan = os.path.join(where, "plan.dcm")
    d.save_as(plan, write_like_original=False)
    refused(extract(plan, roi(where)), 3, "plan.dcm: no image among 1 DICOM file and 0 others; the DICOM files: RT Plan (RTPLAN)")
    d.SOPClassUID = "1.2.3.4"
    d.Modality = "OT"
    d.save_as(os.path.join(where, "other.dcm"), write_like_original=False)
    told = Ran("info", where).out
    for words in ("RT Plan", "RTPLAN", "1.2.840.10008.5.1.4.1.1.481.5", "object of SOP class 1.2.3.4"):
        assert words in told, told
    told = Ran("info", os.path.join(where, "ct"), "--json").out
    assert '"object": "CT image"' in told, told


def slices_of_a_class_that_is_lost(where):
    def change(d, z):
        d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.3.4"

    rs = roi(where)
    ran = extract(os.path.join(where, "ct"), rs)
    shutil.rmtree(os.path.join(where, "ct"))
    dicom.series("ct", change)
    again = extract(os.path.join(where, "ct"), rs)
    assert again.code == 0 and again.rois == ran.rois, again.err
    again.says("SOPClassUID (0008,0016) is 1.2.3.4, no image that is known; it is taken as CT by its modality")


def dose_volume_values_of_a_planning_system(where):
    """The dose of a planning system that pydicom tests with, a box of it: volumes and doses, voxels by hand."""
    import pydicom
    from pydicom.data import get_testdata_file

    path = get_testdata_file("rtdose.dcm")
    d = pydicom.dcmread(path)
    stored_values = struct.unpack("<%dI" % (10 * 10 * 15), d.PixelData)
    scale = float(d.DoseGridScaling)
    at = [float(v) for v in d.ImagePositionPatient]
    box = range(2, 8), range(1, 9), range(3, 12)
    values = sorted(stored_values[(z * 10 + y) * 10 + x] * scale for x in box[0] for y in box[1] for z in box[2])
    planes = [contour([v for x, y in ((1.5, 0.5), (7.5, 0.5), (7.5, 8.5), (1.5, 8.5))
                       for v in (at[0] + 10 * x, at[1] + 10 * y, at[2] + 5 * z)]) for z in box[2]]
    rs = structures(where, [("PTV", planes)])[1]
    s = pydicom.dcmread(rs)
    s.StructureSetROISequence[0].ReferencedFrameOfReferenceUID = d.FrameOfReferenceUID
    s.save_as(rs, write_like_original=False)
    ran = extract(path, rs, settings="families: [stat, morph]\nspatial: no\ndiscretisation: none\ndiagnostics: yes\n"
                  "points: {intensity_at: [95, 50, 2], volume_at: [0.9, 1, 1.1], percentiles: [2, 98]}\n")
    got = ran.values["PTV"]
    n = len(values)

    def close(name, right):
        assert abs(got["original_" + name] - right) <= 1e-9 * abs(right), (name, got["original_" + name], right)

    def rank(share):
        place = share * (n - 1)
        low = int(place)
        return values[low] + (place - low) * (values[min(low + 1, n - 1)] - values[low])

    assert n == 6 * 8 * 9
    close("stat_mean", sum(values) / n)
    close("morph_vol_approx", n * 10 * 10 * 5)
    for dose in (0.9, 1, 1.1):
        close("points_v%g" % dose, sum(v >= dose for v in values) / n)
    for share in (95, 50, 2):
        close("points_d%d" % share, rank(1 - share / 100))
    for share in (2, 98):
        close("points_p%d" % share, rank(share / 100))


def cases_of_known_outcome(where):
    if os.path.isdir(CASES):
        near(case("message_what_object_it_is", "dose.dcm", "rs.dcm"), "GTV", 108, 0.4690740741, 0.24, 0.7)
        told = Ran("info", os.path.join(CASES, "message_what_object_it_is", "dose.dcm")).out
        assert "RT Dose" in told and "RTDOSE" in told, told


if __name__ == "__main__":
    main()
