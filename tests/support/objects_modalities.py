"""What depends on the modality: the preset that -c auto takes, the window of a picture; and what does not depend on the format."""

import csv
import os
import random
import struct
import zlib

from objects import Ran, dicom, main
from dicom import COLUMNS, MR, PT, ROWS, SLICES
from nifti import nifti
from objects_flat import H, W, WHOLE, disc, picture, region
from objects_flat import nifti as flat_mask

SIZE, SPACING, ORIGIN, SIGNS = (COLUMNS, ROWS, SLICES), (0.75, 0.8125, 2.5), (30.5, 20.25, 10), (-1, -1, 1)  # single precision has them
SUV = 80000 / (4e8 * 2 ** (-3600 / 6586.2))  # g a Bq, decayed for an hour
PRESETS = {"CT": "ct", "MR": "mr", "PT": "pet", "US": "us"}


def noise(seed):
    rng = random.Random(seed)
    values = [int(rng.gauss(200, 150)) for _ in range(COLUMNS * ROWS * SLICES)]
    return lambda x, y, z: values[(z * ROWS + y) * COLUMNS + x]


def volume(case, modality, stored):
    """A series whose stored values are those of a function; PET has the whole of what SUV needs."""
    def change(d, z):
        values = [stored(x, y, z) for y in range(ROWS) for x in range(COLUMNS)]
        d.PixelData, d.RescaleSlope, d.RescaleIntercept = struct.pack("<%dh" % len(values), *values), "1", "0"
        d.PixelSpacing = [SPACING[1], SPACING[0]]
        if modality == "PT":
            dicom.pet_tags(d, z)
    dicom.series(case, change, sop_class={"MR": MR, "PT": PT}.get(modality, dicom.CT), modality=modality)
    return os.path.join(dicom.top, case)


def volume_mask(where, inside, name="mask.nii"):
    path = os.path.join(where, name)
    nifti(path, 2, 8, "B", SIZE, [int(inside(x, y, z)) for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)],
          SPACING, ORIGIN, SIGNS)
    return path


def box(x, y, z):
    return 6 <= x < 17 and 5 <= y < 15 and 1 <= z < 5


def table(path):
    return list(csv.DictReader(open(path)))


def run(out, *words):
    ran = Ran(*words, "-o", out)
    assert ran.code == 0, ran.err
    return ran


def one_of_each(folder):
    """An image and a mask for each modality."""
    mask = volume_mask(folder, box)
    cases = {m: (volume(m, m, noise(m)), mask) for m in ("CT", "MR", "PT")}
    path = picture(folder, regions=WHOLE)
    return dict(cases, US=(path, flat_mask(folder, disc(), name="flat.nii")))


def preset_by_modality(where):
    cases, rows = one_of_each(where), {}
    for modality, preset in PRESETS.items():
        tables = []
        for settings in ("auto", preset):
            out = os.path.join(where, modality + settings + ".csv")
            ran = run(out, "extract", *cases[modality], "-c", settings, "--case", modality)
            assert ("settings %s, by the modality of" % preset in ran.err) == (settings == "auto"), ran.err
            tables.append(open(out, "rb").read())
        assert tables[0] == tables[1], modality
        rows[modality] = table(out)
        assert len(rows[modality]) == 1 and sum(bool(v) for v in rows[modality][0].values()) > 100, modality
    manifest, folder = os.path.join(where, "cases.csv"), os.path.join(where, "run")
    with open(manifest, "w") as file:
        file.write("case,image,mask\n" + "".join("%s,%s,%s\n" % (m, *cases[m]) for m in reversed(PRESETS)))
    ran = run(folder, "batch", manifest, "-c", "auto", "-q")
    assert sorted(os.listdir(folder)) == sorted([p for p in PRESETS.values()] + [p + ".csv" for p in PRESETS.values()])
    for modality, preset in PRESETS.items():
        ran.says("settings %s into %s" % (preset, os.path.join(folder, preset)))
        got = table(os.path.join(folder, preset, "features.csv"))
        assert [r["case"] for r in got] == [modality]
        both = [n for n in got[0] if n.startswith("original_") and n in rows[modality][0]]
        assert len(both) > 100 and all(got[0][n] == rows[modality][0][n] for n in both), modality


def values_of(path, names=None):
    (row,) = table(path)
    return {n: v for n, v in row.items() if n.startswith("original_") and (not names or n in names)}


def format_changes_nothing(where):
    """The same voxels as DICOM and as NIfTI: every feature, textures too, to the last digit."""
    mask = volume_mask(where, box)
    for modality, options in (("CT", ()), ("MR", ()), ("PT", ("--suv", "none")), ("CT", ("-c", "ct")), ("MR", ("-c", "mr")),
                              ("PT", ("-c", "pet", "--suv", "none"))):
        stored = noise(modality + "same")
        series = volume("same" + modality + str(len(options)), modality, stored)
        path = os.path.join(where, modality + ".nii")
        nifti(path, 4, 16, "h", SIZE, [stored(x, y, z) for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)],
              SPACING, ORIGIN, SIGNS)
        got = []
        for image in (series, path):
            out = os.path.join(where, "out.csv")
            run(out, "extract", image, mask, *(o for o in options if image is series or o not in ("--suv", "none")))
            got.append(values_of(out))
        textures = [n for n in got[0] if any("_%s_" % f in n for f in ("cm", "rlm", "szm", "dzm", "ngt", "ngl", "glcm", "glrlm"))]
        assert got[0].keys() == got[1].keys() and len(textures) > 60, (modality, len(textures))
        assert all(got[0][n] for n in textures), [n for n in textures if not got[0][n]]
        other = [n for n in got[0] if got[0][n] != got[1][n]]
        assert not other, (modality, options, [(n, got[0][n], got[1][n]) for n in other[:5]])


def read_png(path):
    """Rows of (red, green, blue), by the definition of PNG, of 8 bits with a palette."""
    data, at, packed = open(path, "rb").read(), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        palette = data[at + 8:at + 8 + length] if kind == b"PLTE" else palette if at > 8 else b""
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    assert (depth, colour) == (8, 3), (depth, colour)
    raw, before, rows = zlib.decompress(packed), bytes(width), []
    for y in range(height):
        line = bytearray(raw[y * (width + 1) + 1:(y + 1) * (width + 1)])
        how = raw[y * (width + 1)]
        for i in range(width):
            left, above, corner = (line[i - 1] if i else 0), before[i], (before[i - 1] if i else 0)
            paeth = min((left, above, corner), key=lambda v: abs(left + above - corner - v))
            line[i] = (line[i] + (0, left, above, (left + above) // 2, paeth)[how]) & 255
        rows.append([tuple(palette[3 * v:3 * v + 3]) for v in line])
        before = bytes(line)
    return rows


def greys(image, mask, path, *options):
    """What the axial plane shows in the middle of four blocks, from the right of the patient to the left, a third down."""
    ran = Ran("extract", image, mask, "-o", path + ".csv", "--picture", path, *options)
    assert ran.code == 0, ran.err
    row = read_png(path)[100]
    got = [row[40 + 80 * block] for block in range(4)]
    assert all(r == g == b for r, g, b in got), got
    return [g[0] for g in got]


def is_grey(grey, value, black, white):
    """Pictures have 240 greys, of 256: a value is a grey of them, or the one below."""
    wanted = 255 * min(max((value - black) / (white - black), 0), 1)
    return 0 <= wanted - grey <= 255 / 239 + 1


def windows(where):
    """Four blocks along x, and a few voxels far beyond them, against the closed form of the window of each modality."""
    corner = volume_mask(where, lambda x, y, z: x < 3 and y >= 17 and z < 2)

    def blocks(values, low=None, high=None):
        def stored(x, y, z):
            rare = x < 5 and y == 19 and z == 5
            return low if rare and x < 2 and low is not None else high if rare and high is not None else values[x // 6]
        return stored
    for name, modality, values, scale, window, far in (
            ("ct", "CT", (-1000, -60, 140, 1000), 1, (-160, 240), (None, None)),
            ("ct_wide", "CT", (-159, 0, 239, 30), 1, (-160, 240), (-3000, 30000)),
            ("mr", "MR", (100, 200, 300, 400), 1, (100, 400), (-5000, 30000)),
            ("mr_dark", "MR", (-20, 5, 10, 0), 1, (-20, 10), (-5000, 30000)),
            ("pet_cold", "PT", (0, 2000, 4000, 10000), SUV, (0, 5), (None, None)),
            ("pet_hot", "PT", (0, 8000, 16000, 30000), SUV, (0, 30000 * SUV), (None, 32000))):
        got = greys(volume(name, modality, blocks(values, *far)), corner, os.path.join(where, name + ".png"))
        for g, v in zip(got, values):
            assert is_grey(g, v * scale, *window), (name, got, values)
    us = (10, 60, 110, 160)

    def change(d):
        pixels = bytearray(us[x // 10] for y in range(H) for x in range(W))
        pixels[0], pixels[1] = 255, 0
        d.PixelData = bytes(pixels)
    path = picture(where, regions=[region(0, 0, W - 1, H - 1, 0.02)], change=change)
    got = greys(path, flat_mask(where, lambda x, y, z=0: x < 4 and y >= 26, name="us.nii"), os.path.join(where, "us.png"))
    assert all(is_grey(g, v, 10, 160) for g, v in zip(got, us)), got


if __name__ == "__main__":
    main()
