"""Structure sets as planning systems write them: contours that are there twice, interpolated ones, several items of one
ROI, ROIs beyond the image, points off their plane."""

import os

from objects import CASES, Sequence, case, dicom, extract, inside, main, near, refused, same
from dicom import COLUMNS, PREFIX, ROWS, RTSTRUCT, SLICES, blank, contour, item, pattern, square, uid

DX, DY, DZ, X0, Y0, Z0 = 0.75, 0.8, 2.5, -30.5, -20.25, 10


def value(x, y, z):
    return 2 * (pattern(x, y, z) - 100) - 1000


def voxels(*planes):
    """Values inside of polygons in voxels, (z, [polygon, ...]): even-odd in a plane."""
    found = []
    for z, polygons in planes:
        for y in range(ROWS):
            for x in range(COLUMNS):
                if sum(inside(p, x, y) for p in polygons) % 2:
                    found.append(value(x, y, z))
    return found


def corners(low, high):
    a, b = low - 0.5, high - 0.5
    return [(a, a), (b, a), (b, b), (a, b)]


def points(polygon, z):
    """A polygon in voxels as coordinates in mm."""
    return [v for x, y in polygon for v in (X0 + DX * x, Y0 + DY * y, Z0 + DZ * z)]


def structures(where, rois, parts=None):
    """rois: (name, [contours]); parts: (index of a ROI, [contours]), further items of it."""
    dicom.series("ct")
    d = blank(RTSTRUCT, "RTSTRUCT")
    d.SeriesInstanceUID = uid()
    d.StructureSetROISequence = Sequence([
        item(ROINumber=i + 1, ROIName=name, ReferencedFrameOfReferenceUID=PREFIX + "9.1") for i, (name, _) in enumerate(rois)])
    d.ROIContourSequence = Sequence([
        item(ReferencedROINumber=i + 1, ContourSequence=Sequence(contours)) for i, contours in
        [(i, contours) for i, (_, contours) in enumerate(rois)] + (parts or [])])
    path = os.path.join(where, "rs.dcm")
    d.save_as(path, write_like_original=False)
    return os.path.join(where, "ct"), path


def turned(flat, by, back=False):
    """The same contour from another point on, or the other way round."""
    triples = [flat[i:i + 3] for i in range(0, len(flat), 3)]
    triples = triples[by:] + triples[:by]
    if back:
        triples.reverse()
    return [v for t in triples for v in t]


def contours_that_are_there_twice(where):
    s = {z: square(4, 12, z) for z in range(SLICES)}
    closed = s[2] + s[2][:3]
    shaken = [v + 0.01 * (-1) ** i for i, v in enumerate(s[2])]
    low = [v - (0.2 if i % 3 == 2 else 0) for i, v in enumerate(s[2])]
    hole = square(6, 10, 2)
    corners_of = [s[2][i:i + 3] for i in range(0, 12, 3)]
    finer = [w for a, b in zip(corners_of, corners_of[1:] + corners_of[:1]) for t in range(5)
             for w in [round(p + t / 5 * (q - p), 2) for p, q in zip(a, b)]]
    a, b, c, e = corners(4, 12)
    notch = [a, b, c, ((a[0] + b[0]) / 2, a[1]), e]  # goes through the same corners, and is another outline
    rois = [("Twice", [s[1], s[2], s[2], s[3]]),
            ("Three", [s[2], s[2], s[2]]),
            ("Turned", [s[2], turned(s[2], 2)]),
            ("Back", [s[2], turned(s[2], 1, True)]),
            ("Closed", [s[2], closed]),
            ("Rounded", [s[2], shaken]),
            ("Lower", [s[2], low]),
            ("Round", [s[2] + s[2]]),
            ("RoundClosed", [closed + closed]),
            ("Finer", [s[2], finer]),
            ("Coarser", [turned(finer, 7, True), s[2]]),
            ("Notch", [s[2], points(notch, 2)]),
            ("Hole", [s[2], hole, hole]),
            ("Both", [s[2], hole, s[2], turned(hole, 1, True)]),
            ("Other", [s[2], square(14, 17, 2)])]
    ran = extract(*structures(where, [(n, [contour(c) for c in cs]) for n, cs in rois]))
    whole, ring = voxels((2, [corners(4, 12)])), voxels((2, [corners(4, 12), corners(6, 10)]))
    for name, _ in rois[1:11]:
        same(ran, name, whole)
    same(ran, "Twice", voxels(*[(z, [corners(4, 12)]) for z in (1, 2, 3)]))
    same(ran, "Notch", voxels((2, [corners(4, 12), notch])))
    assert "ROI Notch: contours" not in ran.err, ran.err
    same(ran, "Hole", ring)
    same(ran, "Both", ring)
    same(ran, "Other", voxels((2, [corners(4, 12), corners(14, 17)])))
    ran.says("ROI Twice: contours that repeat another one of their plane, counted once: 1",
             "ROI Three: contours that repeat another one of their plane, counted once: 2",
             "ROI Both: contours that repeat another one of their plane, counted once: 2")
    assert "ROI Other" not in ran.err and "ROI Round:" not in ran.err, ran.err


def contours_that_are_to_be_combined(where):
    both = [contour(square(4, 12, 2), "CLOSEDPLANAR_XOR"), contour(square(4, 12, 2), "CLOSEDPLANAR_XOR")]
    ring = [contour(square(4, 12, 3), "CLOSEDPLANAR_XOR"), contour(square(6, 10, 3), "CLOSEDPLANAR_XOR")]
    ran = extract(*structures(where, [("Xor", both + ring)]))
    same(ran, "Xor", voxels((3, [corners(4, 12), corners(6, 10)])))  # the standard takes the first copy away
    assert "repeat" not in ran.err, ran.err


def contours_close_by_are_two(where):
    thin = [v + (0.2 if i % 3 < 2 else 0) for i, v in enumerate(square(4, 12, 2))]  # a quarter of a voxel aside
    ran = extract(*structures(where, [("Close", [contour(square(4, 12, 2)), contour(thin)])]))
    moved = [(x + 0.2 / DX, y + 0.2 / DY) for x, y in corners(4, 12)]
    got = voxels((2, [corners(4, 12), moved]))
    if got:
        same(ran, "Close", got)
    else:
        refused(ran, 3, "no voxel")


def interpolated_contours(where):
    ran = extract(*structures(where, [
        ("All", [contour(square(4, 12, z), "INTERPOLATED_PLANAR") for z in (1, 2, 3)]),
        ("Some", [contour(square(4, 12, z), "INTERPOLATED_PLANAR" if z == 2 else "CLOSED_PLANAR") for z in (1, 2, 3)]),
        ("Point", [contour(square(4, 12, 1)), contour(square(4, 12, 1)[:3], "POINT")])]))
    for name in ("All", "Some"):
        same(ran, name, voxels(*[(z, [corners(4, 12)]) for z in (1, 2, 3)]))
    same(ran, "Point", voxels((1, [corners(4, 12)])))
    ran.says("ROI Point: contours that are points or lines, left out: 1")


def several_items_of_one_roi(where):
    ran = extract(*structures(
        where, [("A", [contour(square(4, 12, 1))]), ("B", [contour(square(2, 5, 0))]), ("C", [])],
        [(0, [contour(square(4, 12, 2)), contour(square(6, 10, 2))]), (2, [contour(square(3, 6, 4))]), (0, [contour(square(4, 12, 1))])]))
    same(ran, "A", voxels((1, [corners(4, 12)]), (2, [corners(4, 12), corners(6, 10)])))
    same(ran, "B", voxels((0, [corners(2, 5)])))
    same(ran, "C", voxels((4, [corners(3, 6)])))
    ran.says("ROI A: contours that repeat another one of their plane, counted once: 1")


def rois_beyond_the_image(where):
    rois = [("Body", [contour(square(4, 12, z)) for z in range(-2, SLICES + 2)]),
            ("Edge", [contour(square(4, 12, z)) for z in (-0.45, SLICES - 0.55)]),
            ("Away", [contour(square(4, 12, z)) for z in (-3, 9)]),
            ("Side", [contour(points([(-3.5, -2.5), (7.5, -2.5), (7.5, 5.5), (-3.5, 5.5)], 2))])]
    ct, rs = structures(where, rois)
    ran = extract(ct, rs)
    assert ran.code == 20, ran.err
    ran.says("ROI Body: 4 of its 10 contours lie beyond the image, up to 1.5 slices; only contours within half a slice of it "
             "are allowed; leave out what lies beyond with --clip",
             "ROI Away: 2 of its 2 contours lie beyond the image")
    same(ran, "Edge", voxels(*[(z, [corners(4, 12)]) for z in (0, SLICES - 1)]), 20)
    side = voxels((2, [[(-3.5, -2.5), (7.5, -2.5), (7.5, 5.5), (-3.5, 5.5)]]))
    same(ran, "Side", side, 20)
    ran.says("ROI Side: contours that reach beyond the sides of the image, cut there: 1")
    ran = extract(ct, rs, "--clip")
    same(ran, "Body", voxels(*[(z, [corners(4, 12)]) for z in range(SLICES)]), 20)
    ran.says("ROI Body: contours beyond the first or the last slice of the image, left out (--clip): 4",
             "ROI Away: 2 of its 2 contours lie beyond the image")
    same(extract(ct, rs, "-r", "Body", settings="clip: yes\nfamilies: [stat]\ndiscretisation: none\ndiagnostics: yes\n"),
         "Body", voxels(*[(z, [corners(4, 12)]) for z in range(SLICES)]))


def points_off_their_plane(where):
    def wavy(low, high, z, mm):
        flat = square(low, high, z)
        return [v + (mm if i % 6 == 2 else -mm if i % 6 == 5 else 0) for i, v in enumerate(flat)]

    ran = extract(*structures(where, [
        ("Little", [contour(wavy(4, 12, 2, 0.1))]),  # 0.08 slices in all
        ("Some", [contour(wavy(4, 12, z, 0.5)) for z in (1, 2)]),  # 0.4
        ("Much", [contour(wavy(4, 12, 2, 0.7))])]))  # 0.56
    same(ran, "Little", voxels((2, [corners(4, 12)])), 20)
    same(ran, "Some", voxels(*[(z, [corners(4, 12)]) for z in (1, 2)]), 20)
    ran.says("ROI Some: contours with points up to half a slice off their plane, taken as flat: 2",
             "ROI Much: its contours are not parallel to the slices of the image")
    assert "ROI Little" not in ran.told, ran.told


def cases_of_known_outcome(where):
    if not os.path.isdir(CASES):
        return
    ran = case("rtstruct_contour_twice", "ct", "rs.dcm")
    near(ran, "GTV", 108, 46.90740741, 24, 70)
    ran.says("repeat")
    near(case("rtstruct_interpolated_planar", "ct", "rs.dcm"), "GTV", 108, 46.90740741, 24, 70)
    refused(case("rtstruct_beyond_image", "ct", "rs.dcm"), 3, "--clip")
    ran = case("rtstruct_beyond_image", "ct", "rs.dcm", "--clip")
    near(ran, "Body", 216, 51.96296296, 18, 91)
    ran.says("left out (--clip): 3")


if __name__ == "__main__":
    main()
