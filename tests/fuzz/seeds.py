#!/usr/bin/env python3
"""Writes the seeds of the fuzzers: small valid files of every kind, and the usual damage."""
import gzip
import os
import struct
import sys
import zlib

here = sys.argv[1]


def put(fuzzer, name, data):
    os.makedirs(os.path.join(here, fuzzer), exist_ok=True)
    with open(os.path.join(here, fuzzer, name), "wb") as file:
        file.write(data)


def header1(dim, code, bits, order="<", magic=b"n+1\0", offset=352.0, slope=0.0):
    h = struct.pack(order + "i10s18sihcB", 348, b"", b"", 0, 0, b"r", 0)
    h += struct.pack(order + "8h3fhhhh", *dim, 0, 0, 0, 0, code, bits, 0)
    h += struct.pack(order + "8f", 1, 1, 2, 3, 0, 0, 0, 0)
    h += struct.pack(order + "3fhBB4f2i", offset, slope, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0)
    h += struct.pack(order + "80s24s2h6f", b"", b"", 0, 1, 0, 0, 0, 0, 0, 0)
    h += struct.pack(order + "12f16s4s", 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, b"", magic)
    assert len(h) == 348
    return h + bytes(4)


def header2(dim, code, bits):
    h = struct.pack("<i8shh8qddd", 540, b"n+2\0\r\n\x1a\n", code, bits, *dim, 0, 0, 0)
    h += struct.pack("<8d", 1, 1, 2, 3, 0, 0, 0, 0)
    h += struct.pack("<qddddd", 544, 1, 0, 0, 0, 0)
    h += struct.pack("<dqq80s24sii", 0, 0, 0, b"", b"", 0, 1)
    h += struct.pack("<6d12d", 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0)
    h += struct.pack("<iii16sB15s", 0, 2, 0, b"", 0, b"")
    return h + bytes(544 - len(h))


dim = (3, 3, 2, 2, 1, 1, 1, 1)
types = {2: 8, 256: 8, 512: 16, 4: 16, 768: 32, 8: 32, 1280: 64, 1024: 64, 16: 32, 64: 64, 1536: 128}
for code, bits in types.items():
    put("nifti", f"type{code}", header1(dim, code, bits) + bytes(range(12)) * (bits // 8))
image = header1(dim, 4, 16) + struct.pack("<12h", *range(12))
put("nifti", "big_endian", header1(dim, 4, 16, ">") + struct.pack(">12h", *range(12)))
put("nifti", "version2", header2(dim, 4, 16) + struct.pack("<12h", *range(12)))
put("nifti", "huge", header1((3, 32767, 32767, 1000, 1, 1, 1, 1), 2, 8))
put("nifti", "huge2", header2((3, 10**4, 10**4, 10**4, 1, 1, 1, 1), 2, 8))
put("nifti", "pair", header1(dim, 4, 16, magic=b"ni1\0"))
put("nifti", "truncated", image[:360])
caret = (b'<?xml version="1.0"?><CaretExtension><VolumeInformation Index="0"><LabelTable><Label Key="1" Red="0.5">'
         b'<![CDATA[liver]]></Label><Label Key=\'2\'>L &amp; R &#233;</Label><Label Key="3"/></LabelTable>')
put("sidecar", "caret", caret)
extension = caret + bytes(-(len(caret) + 8) % 16)
image_of_labels = header1(dim, 4, 16, offset=352.0 + 8 + len(extension))[:348] + bytes([1, 0, 0, 0])
image_of_labels += struct.pack("<ii", 8 + len(extension), 0) + extension + struct.pack("<12h", *range(12))
put("nifti", "labels", image_of_labels)
packed = gzip.compress(image, mtime=0)
put("nifti", "gzipped", packed)
put("nifti", "gzip_cut", packed[:-9])
put("gzip", "one", packed)
put("trusted", "signature", f"radiomill signature 1\nkey {'a1' * 32}\nvalue {'0f' * 64}\n".encode())
put("trusted", "signature_of_hub", f"radiomill signature 1\nkey {'00' * 32}\nvalue {'10' * 64}\n".encode())
put("trusted", "sealed", f"radiomill sealed 1 {'00' * 32}\n".encode() + bytes(range(101)))
put("trusted", "sealed_cut", f"radiomill sealed 1 {'00' * 32}\n".encode() + bytes(12))
put("gzip", "two", packed + gzip.compress(b"more", mtime=0))
put("gzip", "stored", gzip.compress(bytes(range(256)), 0, mtime=0))
put("gzip", "zeros", gzip.compress(bytes(100000), mtime=0) + bytes(8))
put("gzip", "tail", packed + b"tail")
put("gzip", "named", b"\x1f\x8b\x08\x1c" + bytes(6) + b"\x04\x00abcdname\0word\0" + packed[10:])
put("gzip", "plain", b"not a gzip stream")
for kind in range(10):
    put("mask", f"type{kind}", bytes([kind, 1, 3, 4, 3, 2]) + bytes([0, 1, 1, 2] * 60))
put("mask", "scaled", bytes([0, 32, 3, 4, 3, 2]) + bytes([0, 2, 4, 6] * 6))
words = tuple(range(60))
short, bytes60 = struct.pack("<60h", *words), bytes(words)
NRRD = "NRRD0005\ntype: %s\ndimension: %d\nspace: left-posterior-superior\nsizes: %s\nspace directions: %s\nkinds: %s\n" \
    "endian: little\nencoding: %s\nspace origin: (1,2,3)\n%s\n"
axes, grid = "(1,0,0) (0,2,0) (0,0,3)", "domain domain domain"
for coding, data in {"raw": short, "gzip": gzip.compress(short, mtime=0), "hex": short.hex().encode(),
                     "ascii": " ".join(map(str, words)).encode()}.items():
    put("header", f"nrrd_{coding}", (NRRD % ("short", 3, "5 4 3", axes, grid, coding, "")).encode() + data)
segment = "".join(f"Segment{i}_Name:=s{i}\nSegment{i}_LabelValue:={1 + i % 2}\nSegment{i}_Layer:={i // 2}\n" for i in range(3))
put("header", "nrrd_layers", (NRRD % ("uchar", 4, "2 5 3 2", "none " + axes, "list " + grid, "raw", segment)).encode() + bytes60)
put("header", "nrrd_frames", (NRRD % ("uchar", 4, "5 3 2 2", axes + " none", grid + " list", "raw", segment)).encode() + bytes60)
put("header", "nrrd_list", (NRRD % ("uchar", 3, "5 4 3", axes, grid, "raw", "data file: LIST\na\nb\nc\n")).encode())
put("header", "nrrd_pattern", (NRRD % ("uchar", 3, "5 4 3", axes, grid, "raw", "data file: a%02d.raw 1 3 1 2\n")).encode())
put("header", "nrrd_spacings", b"NRRD0001\ntype: uint8\ndimension: 2\nsizes: 10 6\nspacings: 1 2\naxis mins: 3 4\n"
    b"centers: node cell\nencoding: raw\nbyte skip: -1\n\n" + bytes60)
META = "ObjectType = Image\nNDims = 3\nBinaryData = %s\nBinaryDataByteOrderMSB = False\nCompressedData = %s\n" \
    "TransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 1 2 3\nElementSpacing = 1 2 3\nDimSize = 5 4 3\n" \
    "ElementType = MET_SHORT\nElementDataFile = %s\n"
put("header", "meta", (META % (True, False, "LOCAL")).encode() + short)
put("header", "meta_packed", (META % (True, True, "LOCAL")).encode() + zlib.compress(short))
put("header", "meta_text", (META % (False, False, "LOCAL")).encode() + " ".join(map(str, words)).encode())
put("header", "meta_list", (META % (True, False, "LIST 2D")).encode() + b"a\nb\nc\n")
put("header", "meta_texts", (META % (False, False, "LIST")).encode() + b"a\nb\nc\n")
put("header", "meta_pattern", (META % (True, False, "a%03d.raw 1 3 1")).encode())


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(depth, colour, rows, interlace=0):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 6, 5, depth, colour, 0, 0, interlace)) + \
        chunk(b"pHYs", struct.pack(">2IB", 10000, 10000, 1)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


for name, depth, colour, row in (("grey", 8, 0, 6), ("wide", 16, 0, 12), ("bits", 1, 0, 1), ("colour", 8, 2, 18)):
    put("picture", f"png_{name}", png(depth, colour, (b"\0" + bytes(row)) * 5))
tags = ((256, 6), (257, 5), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 5), (279, 30))
for order in "<>":
    put("picture", f"tiff_{'lb'[order == '>']}", struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 38) + bytes(30) +
        struct.pack(order + "H", len(tags)) + b"".join(struct.pack(order + "2HI2H", tag, 3, 1, value, 0) for tag, value in tags) + bytes(4))
for fortran in (False, True):
    text = repr({"descr": "<i2", "fortran_order": fortran, "shape": (3, 4, 5)}).encode().ljust(117) + b"\n"
    put("picture", f"npy_{fortran}", b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + short)
put("picture", "mgh", struct.pack(">7ih15f", 1, 5, 4, 3, 1, 4, 0, 1, 1, 2, 3, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0).ljust(284, b"\0") +
    struct.pack(">60h", *words) + bytes(20))
for order in "<>":
    old = bytearray(348)
    struct.pack_into(order + "i", old, 0, 348)
    struct.pack_into(order + "5h", old, 40, 4, 5, 4, 3, 1)
    struct.pack_into(order + "2h4f", old, 70, 4, 16, 0, 1, 2, 3)
    put("picture", f"analyze_{'lb'[order == '>']}", bytes(old) + struct.pack(order + "60h", *words))
settings = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "../../reference/settings")
for name in sorted(os.listdir(settings)):
    with open(os.path.join(settings, name), "rb") as file:
        put("settings", name, file.read())
put("settings", "deep", b"[" * 200)
put("settings", "alias", b"a: &a [1, *a]\n")

# DICOM: elements as (group, element, VR, value); a list as value is a sequence of items.
LONG = ("OB", "OD", "OF", "OW", "SQ", "UN", "UT")
EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
CLASSES = {"CT": "2", "PT": "128", "NM": "20", "enhanced": "4.1", "structures": "481.3", "seg": "66.4", "map": "66.7",
           "dose": "481.2", "clip": "3.1", "parametric": "30"}


def element(tag, vr, value, syntax):
    order = ">" if syntax == BIG else "<"
    if vr == "SQ":
        value = b"".join(
            struct.pack(order + "HHI", 0xFFFE, 0xE000, len(item)) + item
            for item in (b"".join(element(*e, syntax) for e in elements) for elements in value)
        )
    elif vr == "US":
        value = struct.pack(order + "H", value)
    elif not isinstance(value, bytes):
        value = str(value).encode()
        value += b"\0 "[vr != "UI" :][:1] * (len(value) % 2)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT:
        return head + struct.pack("<I", len(value)) + value
    if vr in LONG:
        return head + vr.encode() + bytes(2) + struct.pack(order + "I", len(value)) + value
    return head + vr.encode() + struct.pack(order + "H", len(value)) + value


def dicom(elements, syntax=EXPLICIT):
    meta = element(0x00020010, "UI", syntax, EXPLICIT)
    return bytes(128) + b"DICM" + meta + b"".join(element(*e, syntax) for e in sorted(elements, key=lambda e: e[0]))


def common(kind, modality):
    return [(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1." + CLASSES[kind]), (0x00080060, "CS", modality),
            (0x0020000E, "UI", "1.2.3"), (0x00200052, "UI", "1.2.4")]


def pixels(rows, columns, bits, data, frames=None):
    return [(0x00280002, "US", 1), (0x00280010, "US", rows), (0x00280011, "US", columns), (0x00280100, "US", bits),
            (0x00280101, "US", bits), (0x00280102, "US", bits - 1), (0x00280103, "US", 0),
            (0x7FE00010, "OW", data)] + ([(0x00280008, "IS", frames)] if frames else [])


def slice_of(z, modality="CT", extra=()):
    return common(modality, modality) + pixels(2, 3, 16, bytes(range(12))) + [
        (0x00200032, "DS", f"0\\0\\{z}"), (0x00200037, "DS", "1\\0\\0\\0\\1\\0"), (0x00280030, "DS", "0.5\\0.75"),
        (0x00180050, "DS", 2), (0x00281052, "DS", -1024), (0x00281053, "DS", 1)] + list(extra)


PET = [(0x00541001, "CS", "BQML"), (0x00541102, "CS", "START"), (0x00101030, "DS", 70), (0x00101020, "DS", 1.75),
       (0x00100040, "CS", "F"), (0x00280051, "CS", "DECY\\ATTN"), (0x00080021, "DA", "20260101"),
       (0x00080031, "TM", "120000"), (0x00080022, "DA", "20260101"), (0x00080032, "TM", "120010.5"),
       (0x00540016, "SQ", [[(0x00181072, "TM", "110000"), (0x00181074, "DS", "3e8"), (0x00181075, "DS", "6586.2")]])]


def frames_of(files):
    return b"".join(struct.pack("<H", len(f)) + f for f in files)


def enhanced(count):
    own = [[(0x00209113, "SQ", [[(0x00200032, "DS", f"0\\0\\{2 * i}")]])] for i in range(count)]
    shared = [[(0x00209116, "SQ", [[(0x00200037, "DS", "1\\0\\0\\0\\1\\0")]]),
               (0x00289110, "SQ", [[(0x00280030, "DS", "0.5\\0.75"), (0x00180050, "DS", 2)]]),
               (0x00289145, "SQ", [[(0x00281052, "DS", 0), (0x00281053, "DS", 2)]])]]
    return common("enhanced", "MR") + pixels(2, 2, 16, bytes(8 * count), count) + [
        (0x52009229, "SQ", shared), (0x52009230, "SQ", own)]


nm = common("NM", "NM") + pixels(2, 2, 16, bytes(16), 2) + [
    (0x00540011, "US", 1), (0x00180088, "DS", 3), (0x00280030, "DS", "4\\4"),
    (0x00540022, "SQ", [[(0x00200032, "DS", "0\\0\\0"), (0x00200037, "DS", "1\\0\\0\\0\\1\\0")]])]


def contour(points, kind="CLOSED_PLANAR"):
    return [(0x30060042, "CS", kind), (0x30060050, "DS", "\\".join(map(str, points)))]


square = [-26, -16, 12.5, -20, -16, 12.5, -20, -10, 12.5, -26, -10, 12.5]
structures = common("structures", "RTSTRUCT") + [
    (0x00080005, "CS", "ISO_IR 192"),
    (0x30060010, "SQ", [[(0x00200052, "UI", "1.2.4"), (0x30060012, "SQ", [[(0x30060014, "SQ", [[(0x0020000E, "UI", "1.2.3")]])]])]]),
    (0x30060020, "SQ", [[(0x30060022, "IS", 1), (0x30060024, "UI", "1.2.4"), (0x30060026, "LO", "lesion")],
                        [(0x30060022, "IS", 2), (0x30060026, "LO", "point")]]),
    (0x30060039, "SQ", [[(0x30060084, "IS", 1), (0x30060040, "SQ", [contour(square), contour([v + (i % 3 == 2) * 2.5 for i, v in enumerate(square)])])],
                        [(0x30060084, "IS", 2), (0x30060040, "SQ", [contour(square[:3], "POINT")])]])]
side = [x for y, z in ((10, 12), (16, 12), (16, 20), (10, 20)) for x in (-25.25, -y, z)]
sagittal = structures[:-1] + [(0x30060039, "SQ", [[(0x30060084, "IS", 1), (0x30060040, "SQ", [contour(side)])]])]


def segmentation(kind, bits, data, extra=()):
    def own(number, z):
        place = [(0x00209113, "SQ", [[(0x00200032, "DS", f"-30\\-20\\{z}")]])]
        return place + ([(0x0062000A, "SQ", [[(0x0062000B, "US", number)]])] if number else [])
    numbers = [0, 0, 0] if kind == "LABELMAP" else [1, 1, 2]
    heights = [10, 12.5, 15] if kind == "LABELMAP" else [10, 12.5, 12.5]
    shared = [[(0x00209116, "SQ", [[(0x00200037, "DS", "1\\0\\0\\0\\1\\0")]]),
               (0x00289110, "SQ", [[(0x00280030, "DS", "0.8\\0.75"), (0x00180050, "DS", 2.5), (0x00180088, "DS", 2.5)]])]]
    return common("map" if kind == "LABELMAP" else "seg", "SEG") + pixels(4, 4, bits, data, 3) + [
        (0x00620001, "CS", kind),
        (0x00620002, "SQ", [[(0x00620004, "US", n), (0x00620005, "LO", f"segment {n}")] for n in (1, 2)]),
        (0x52009229, "SQ", shared), (0x52009230, "SQ", [own(n, z) for n, z in zip(numbers, heights)])] + list(extra)


binary = segmentation("BINARY", 1, b"\x60\x06\xff\x0f\x18\x00")
fraction = segmentation("FRACTIONAL", 8, bytes(range(0, 240, 5)), [(0x0062000E, "US", 200)])
labels = segmentation("LABELMAP", 8, bytes([0, 1, 1, 2] * 12))
for name, syntax in (("explicit", EXPLICIT), ("implicit", IMPLICIT), ("big", BIG)):
    put("dicom", "ct_" + name, dicom(slice_of(0, extra=[(0x0008103E, "LO", "caf\xe9"), (0x00080005, "CS", "ISO_IR 100")]), syntax))
    put("dicom", "structures_" + name, dicom(structures, syntax))
    put("rtstruct", name, dicom(structures, syntax))
    put("seg", "binary_" + name, dicom(binary, syntax))
put("dicom", "pet", dicom(slice_of(0, "PT", PET + [(0x00090010, "LO", "GEMS_PETD_01"), (0x0009100D, "DT", "20260101120000")])))
put("dicom", "enhanced", dicom(enhanced(3)))
put("rtstruct", "sagittal", dicom(sagittal))
put("seg", "fractional", dicom(fraction))
put("seg", "labelmap", dicom(labels))
put("series", "ct", frames_of(dicom(slice_of(2 * z)) for z in (2, 0, 1, 3)))
put("series", "pet", frames_of(dicom(slice_of(2 * z, "PT", PET)) for z in range(2)))
put("series", "slopes", frames_of(dicom([e if e[0] != 0x00281053 else (e[0], "DS", 1 + z) for e in slice_of(3 * z)]) for z in range(3)))
put("series", "enhanced", frames_of([dicom(enhanced(3))]))
put("series", "nm", frames_of([dicom(nm)]))
put("series", "two", frames_of([dicom(slice_of(0)), dicom(structures), dicom(slice_of(2), IMPLICIT)]))
put("series", "echoes", frames_of(dicom(slice_of(2 * z, "CT", [(0x00180081, "DS", 1 + v), (0x00200013, "IS", 3 * v + z)])) for z in range(2) for v in (1, 0)))
put("series", "gates", frames_of(dicom(slice_of(2 * z, "CT", [(0x00181060, "DS", 10 * v + z)])) for z in range(2) for v in (1, 0)))
put("series", "uneven", frames_of(dicom(slice_of(z)) for z in (0, 2, 5, 7)))
put("series", "wobble", frames_of(dicom([e if e[0] != 0x00200032 else (e[0], "DS", f"{0.02 * (z % 2)}\\0\\{2 * z}") for e in slice_of(2 * z)]) for z in range(4)))
put("series", "copies", frames_of(dicom(slice_of(2 * z, extra=[(0x00080018, "UI", f"1.{z}")])) for z in (0, 1, 1)))
put("series", "localizer", frames_of(dicom(slice_of(2 * z, extra=[(0x00080008, "CS", "ORIGINAL\\PRIMARY\\" + kind)])) for z, kind in ((0, "AXIAL"), (1, "AXIAL"), (9, "LOCALIZER"))))
put("series", "padding", frames_of(dicom(slice_of(2 * z, extra=[(0x00280120, "US", 257), (0x00280121, "US", 600)])) for z in range(2)))
table = [(0x00283002, "OW", struct.pack("<3H", 4, 256, 16)), (0x00283006, "OW", struct.pack("<4H", 1, 4, 9, 16))]
put("series", "lut", frames_of(dicom(slice_of(2 * z, extra=[(0x00283000, "SQ", [table])])) for z in range(2)))
palette = [(0x00280004, "CS", "PALETTE COLOR")] + [(t + c, "OW", struct.pack("<3H", 3, 256, 16) if t & 0xF00 == 0x100 else struct.pack("<3H", 1, 2, c)) for t in (0x00281101, 0x00281201) for c in range(3)]
put("series", "palette", frames_of([dicom(slice_of(0, "CT", palette))]))
pieces = palette[:4] + [(0x00281221 + c, "OW", struct.pack("<11H", 0, 1, 9, 1, 1, 20, 2, 1, 0, 0, 0)) for c in range(3)]
put("series", "palette_segments", frames_of([dicom(slice_of(0, "CT", pieces))]))
bare = dicom(slice_of(0), IMPLICIT)
put("series", "bare", frames_of([bare[132 + 8 + len("1.2.840.10008.1.2 "):], dicom(slice_of(2))[132:]]))
gated = [e for e in nm if e[0] not in (0x7FE00010, 0x00280008)] + [(0x7FE00010, "OW", bytes(32)), (0x00280008, "IS", 4), (0x00540080, "OW", struct.pack("<4H", 1, 2, 1, 2)), (0x00540070, "OW", struct.pack("<4H", 1, 1, 2, 2))]
put("series", "gated", frames_of([dicom(gated)]))
raw = zlib.compressobj(9, zlib.DEFLATED, -15)
body = dicom(slice_of(0))[132 + 8 + len(EXPLICIT) + len(EXPLICIT) % 2:]
deflated = bytes(128) + b"DICM" + element(0x00020010, "UI", EXPLICIT + ".99", EXPLICIT) + raw.compress(body) + raw.flush()
put("series", "deflated", frames_of([deflated]))
for name, data in (("palette", dicom(slice_of(0, "CT", palette))), ("palette_segments", dicom(slice_of(0, "CT", pieces))), ("lut", dicom(slice_of(0, extra=[(0x00283000, "SQ", [table])]))), ("deflated", deflated), ("bare", bare[158:])):
    put("dicom", name, data)

one = [1, 1, 0] * 6
organ = header1(dim, 2, 8) + bytes(one)
other = ("NRRD0004\ntype: uchar\ndimension: 3\nspace: RAS\nsizes: 3 3 2\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (0,0,0)\n"
         "encoding: raw\n\n").encode() + bytes(18 - v for v in range(18))
third = (b"NDims = 3\nDimSize = 3 3 2\nElementSpacing = 1 2 3\nTransformMatrix = -1 0 0 0 -1 0 0 0 1\nElementType = MET_UCHAR\n"
         b"ElementDataFile = LOCAL\n" + bytes(one))
put("organs", "three", frames_of([organ, other, third]))
put("organs", "empty", frames_of([organ, header1(dim, 2, 8) + bytes(18), third[:-4]]))
put("organs", "gzipped", frames_of([gzip.compress(organ, mtime=0), organ, organ]))

# Texts: the character set, a zero, then the text.
for name, terms, text in (
        ("latin", "ISO_IR 100", b"Tum\xf6r"), ("none", "", b"Tum\xf6r"), ("utf8", "ISO_IR 192", "\u5c71".encode()), ("gb", "GB18030", b"\xcd\xf5^a"),
        ("kanji", "\\ISO 2022 IR 87\\ISO 2022 IR 159", b"Yamada=\x1b$B;3ED\x1b(B^\x1b$(D0!\x1b(B"), ("katakana", "ISO 2022 IR 13\\ISO 2022 IR 87", b"\xd4\xcf=\x1b$B;3\x1b(J"),
        ("korean", "\\ISO 2022 IR 149", b"Hong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce"), ("chinese", "\\ISO 2022 IR 58", b"\x1b$)A\xd5\xc5"),
        ("cyrillic", "ISO 2022 IR 6\\ISO 2022 IR 144", b"a\x1b-L\xbb\xee^\xda")):
    put("charset", name, terms.encode() + b"\0" + text)

grid = [(0x00200032, "DS", "0\\0\\0"), (0x00200037, "DS", "1\\0\\0\\0\\1\\0"), (0x00280030, "DS", "0.5\\0.75")]
put("series", "dose", frames_of([dicom(common("dose", "RTDOSE") + pixels(2, 3, 32, bytes(range(72)), 3) + grid + [
    (0x30040002, "CS", "GY"), (0x3004000C, "DS", "0\\2\\4"), (0x3004000E, "DS", "1e-4")])]))
scale = [(0x00186012, "US", 1), (0x00186024, "US", 3), (0x00186026, "US", 3), (0x0018602C, "FD", struct.pack("<d", 0.02)),
         (0x0018602E, "FD", struct.pack("<d", 0.03))] + [
    (0x00186018 + 2 * i, "UL", struct.pack("<I", v)) for i, v in enumerate((0, 0, 2, 1))]
colours = [e for e in pixels(2, 3, 8, bytes(range(36)), 2) if e[0] != 0x00280002] + [
    (0x00280002, "US", 3), (0x00280004, "CS", "RGB"), (0x00280006, "US", 0), (0x00186011, "SQ", [scale])]
put("series", "clip", frames_of([dicom(common("clip", "US") + colours)]))
floats = [e for e in enhanced(2) if e[0] not in (0x7FE00010, 0x00080016, 0x00280100)] + [
    (0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.30"), (0x00280100, "US", 32), (0x7FE00008, "OF", struct.pack("<8f", *range(8)))]
put("series", "parametric", frames_of([dicom(floats)]))

# Compressed frames: syntax, bits, rows, columns, then the header (PS3.5 8.2, PS3.5 annex G).
sof = struct.pack(">HBHHB3B", 11, 8, 2, 3, 1, 1, 0x11, 0)
sos = b"\xff\xda" + struct.pack(">HB2B3B", 8, 1, 1, 0, 0, 63, 0)
for place, marker in ((1, 0xC0), (2, 0xC1), (3, 0xC3), (5, 0xF7)):
    put("codestream", f"jpeg_{marker:x}", bytes([place, 0x87, 2, 3]) + b"\xff\xd8\xff\xe0\0\4ab\xff\xff" + bytes([marker]) + sof + sos + b"\x12\xff\xd9")
siz = struct.pack(">HHIIIIIIIIH3B", 41, 0, 3, 2, 0, 0, 3, 2, 0, 0, 1, 7, 1, 1)
put("codestream", "jpeg_2000", bytes([7, 0x87, 2, 3]) + b"\xff\x4f\xff\x51" + siz + b"\xff\x52")
put("codestream", "rle", bytes([0, 0x8D, 2, 3]) + struct.pack("<16I", 2, 64, 70, *[0] * 13) + bytes(12))

# Frames without a codec: syntax, bits, rows and columns less one, then the frame (PS3.5 annexes A.4 and G).
deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
put("packed", "deflated_bits", bytes([0, 0, 9, 7]) + deflater.compress(bytes(range(10))) + deflater.flush())
put("packed", "rle_bytes", bytes([1, 0, 2, 3]) + struct.pack("<16I", 1, 64, *[0] * 14) + b"\xfb\x01\x05\0\1\0\1\0\1")
put("packed", "rle_bits", bytes([1, 0, 9, 7]) + struct.pack("<16I", 1, 64, *[0] * 14) + b"\xfb\xf0\x03\1\2\3\4\x80")
put("packed", "words", bytes([2, 2, 1, 1]) + bytes(8))

put("manifest", "plain", b"case,image,mask,label,age\r\na,a.nii.gz,m/a.nii.gz,1,50\r\nb,/b.nii,\"m,b.nii\",,\r\n")
put("manifest", "tabs", "\ufeffimage\tmask\troi\tseries\n\"a \"\"b\"\"\"\tm\tlesion\t1.2.3\n\nb\tm\t\t\n".encode())
put("trusted", "list", b"# sites\nA " + b"ab" * 32 + b"\nB-2 " + b"0f" * 32 + b" # second\n")
put("trusted", "secret", b"radiomill-secret-key A " + b"1a" * 32 + b"\n")
put("policy", "all", b"minimum_cell: 20\nminimum_sites: 4\ndominance: 0.8\nparameters: 0.05\nround: 5\n")
put("policy", "milder", b"minimum_cell: 3\ndominance: 0.9\n")
options = {"mean": "size=7 boundary=zero", "log": "sigma=2.5 cutoff=3 riesz=0,1,0 steered=2 dimension=2",
           "laws": "kernels=L5S5E5 rotations=yes pooling=max delta=7", "wavelet": "wavelet=coif3 subband=HHL level=2",
           "gabor": "sigma=5 lambda=2 gamma=1.5 theta=45 step=30 orthogonal=yes component=real rotations=yes pooling=mean",
           "simoncelli": "level=3 riesz=1,0,1", "lbp": "pattern=minimum radius=2 samples=16 dimension=2",
           "exponential": "scale=10", "gaussian": "name=g families=stat,ih discretisation=fbs25,fbn16 ivh=none"}
for name, words in options.items():
    put("filter", name, "\n".join([name, *words.split()]).encode())
row = struct.pack("<i64s512s", 0, b"1", b"") + struct.pack("<2d", 1.5, float("nan")) + bytes([0, 3])
failed = struct.pack("<i64s512s", 3, b"lesion", b"mask.nii: cannot be read") + struct.pack("<2d", 0, 0) + bytes([1, 1])
put("journal", "rows", bytes([2]) + row + failed)
put("journal", "none", bytes([2]))
table = "patient,f1,f2,sex,age,months,dead\n" + "".join(f"p{i},{i + 1},{i * i % 53 + 1},{'FM'[i % 2]},{40 + i},{3 + i},{i % 2}\n" for i in range(6))
put("sidecar", "table", b"index\tname\tcolor\n0\tbackground\t#000000\n1\tliver\t#ff0000\n2\tTum\xc3\xb6r\t#00ff00\n")
put("sidecar", "numbers", b'{"1": "liver", "2": "spleen"}')
put("sidecar", "labels", b'{"Sources": ["a"], "labels": {"background": 0, "liver": 1, "node": 2}}')
put("sidecar", "map", b'{"LabelMap": {"1": "liver", "2": "", "x": "y", "3": 4, "1e300": "far"}}')
put("table", "one", table.encode())
rows = [line.split(",") for line in table.splitlines()]
put("table", "clinical", b"\f".join("\n".join(",".join(r[k] for k in keep) for r in rows).encode() for keep in ((0, 1, 2), (0, 3, 4, 5, 6))))

paths = b"imagesTr/a_0000\nlabelsTr/a\nP1/segmentations/liver\nB-1/B-1-seg\nB-1/B-1_t1ce\nsub-1/anat/sub-1_label-GM_dseg\nseg12\nx.seg"
put("layouts", "decathlon", b'{"labels": {"0": "background", "1": "liver"}, "modality": {"0": "CT"}, "training": [{"image": '
    b'"./imagesTr/a_0000.nii.gz", "label": "./labelsTr/a.nii.gz"}]}\n' + paths)
put("layouts", "nnunet", b'{"channel_names": {"0": "T1"}, "labels": {"background": 0, "whole": [1, 2], "core": 2}, "dataset": '
    b'{"a": {"images": ["imagesTr/a_0000.nii.gz"], "label": "labelsTr/b.nii.gz"}}}\n' + paths)
put("layouts", "none", b"[]\n")
put("layouts", "scene", b'<MRML><Volume id="V" references="storage:T;"/><VolumeArchetypeStorage id="T" fileName="imagesTr/a_0000.nii.gz"/>'
    b'<Segmentation id="S" references="display:D;storage:U;referenceImageGeometryRef:V;"/>'
    b'<SegmentationStorage id="U" fileName="./labelsTr/b%2Enii.gz"/></MRML>\n' + paths)
