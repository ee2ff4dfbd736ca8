"""Palettes in segments, colours of 32 bits, and JPEG 2000 of high throughput, whose streams OpenJPH 0.26.3 made of voxels by a
rule (of 16 x 12 pixels, without loss)."""

import base64
import struct

from objects import Sequence, dicom, extract, main, refused, same
from dicom import item
from objects_flat import CAPTURE, H, W, WHOLE, disc, grey, nifti, picture, red_green_blue, values
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.pixel_data_handlers.util import apply_color_lut
from pydicom.uid import ExplicitVRBigEndian

WORDS = (
    "/0//UQApQAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAABDwEB/1AACAACAAAACv9SAAwAAgABAAUEBEAB/1wAEyCIkJCQkJCQkJCQkJCQiI"
    "iI/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAAaEAAf+TwAAmp/IFB3QAAMAAE0AAE0AAEwD2/QKHdADM+QMHdADf9wOHdADAABVQAATwAATg"
    "/3Nm4279AKGUAPgAxwMBdAC2O+YAojQAwAAWtAABbEAAFsAH2WrRtfb8TPLslkvLJgBn8xDAWpgAh8JeDOC0jff6p2scbi/t9KgAs4ZQMZcAX+CZ3uwhX/"
    "YzvvlLf+KfbwCC+4pQA5gAwAAvT4AAXqcAAL0wta5rjRo1kCOvhjWoUQ1rxOE81qCGyK0B8pCHHMhBLvJrjLwa1CDiqa3RjGo0gxrPAHkzQL7ykTeDGik3"
    "CKXyDeO1R9E5jyJCANdhBBGwAZXKykolVEoloAVaKoVWtFUKWqNVJVcC2qFVpVQy2lVSpaMF2leySkAb2iu5kmgTu2hN25UQDmhLyGjL3pWcCmgZdJUipQ"
    "CjreewIlIAGxQAIb4A/2f/fu//f/e//31//3f/f9//ej//Z/9+3/97v/9//3//f/3f/32f/3//f+//fv9//z//d/9+/3/9v/9b9IBnvc7WdnUUGUgCMMNf"
    "AP/Z")
COLOURS = (
    "/0//UQAvQAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAA/9SAAwAAgABAQUEBEAB/1wAEyBQWFhYWFhYWF"
    "hYWFhYUFBQ/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAASsAAf+TwBKA0wEHdADAEoD8AEd0AMASgOoAB3QAAAAAwAlgBLACUPAAB3QA8AAH"
    "dADkAAd0AMAJYASwAlDkAAd0APwAB3QAmgEHdADACWAEoPAAx3QAwgCHdADACZACMMARAABUAAAjAMAJ4ARwAjAARP0AA5QABTMAACMAwAlgBGDAAEJ0AA"
    "DjAMAKmAFTACcAgP4AlYi1tgAASKApPcyttgAA8E+4rbUAwAmgBUQAlAegyNJVAMOe/MAJvrUA/uAQdADACWAFQPiscnQAEEL4wcm+tQDAFRAFUID+56nk"
    "8nYAAgX++kvfu+y3AMAVcAVUASglFP7mAmcpZR04ABEMhPuT3nTOlwD+/QBEAMATQBUgwOeBS+UAVlX6V7917LcA/9k=")


def segments(where, tables, bits, first=0, count=256, name="palette.dcm", data=None, big=False):
    """A picture of grey() whose palette is in segments; tables: units of red, green and blue."""
    def change(d):
        d.PhotometricInterpretation = "PALETTE COLOR"
        for c, units in enumerate(tables):
            d.add_new(0x00281101 + c, "US", [count % 65536, first, bits])
            words = data[c] if data else struct.pack("<%d%s" % (len(units), "B" if bits == 8 else "H"), *units)
            d.add_new(0x00281221 + c, "OW", words + b"\0" * (len(words) % 2))
    path = picture(where, regions=WHOLE, change=change, name=name)
    if big:
        d = dcmread(path)
        d.is_little_endian, d.file_meta.TransferSyntaxUID = False, ExplicitVRBigEndian
        for c in range(3):  # words turn with the file; pydicom leaves them
            e = d[0x00281221 + c]
            e.value = b"".join(e.value[i:i + 2][::-1] for i in range(0, len(e.value), 2))
        d.save_as(path, write_like_original=False)
    return path


def luminance_of(table):
    """Grey of three lists of entries."""
    return [r if r == g == b else 0.299 * r + 0.587 * g + 0.114 * b for r, g, b in zip(*table)]


def by_pydicom(path):
    d = dcmread(path)
    rgb = apply_color_lut(d.pixel_array, d)
    rows = [luminance_of([[int(rgb[y, x, c]) for x in range(W)] for c in range(3)]) for y in range(H)]
    return lambda x, y, f=0: rows[y][x]


def mask(where):
    return nifti(where, disc(), spacing=(0.2, 0.3, 1))


def palettes_in_segments(where):
    """Runs and lines, of bytes and words, against pydicom."""
    words = [[0, 3, 0, 500, 7, 1, 253, 65535], [1 * 0, 1, 9, 1, 255, 300], [0, 2, 60000, 59999, 1, 254, 17]]
    octets = [[0, 3, 0, 50, 7, 1, 253, 255], [0, 1, 9, 1, 255, 200], [0, 2, 250, 249, 1, 254, 17]]
    for bits, tables in ((16, words), (8, octets)):
        path = segments(where, tables, bits)
        same(extract(path, mask(where)), "1", values(disc(), by_pydicom(path)))
    path = segments(where, [words[0]] * 3, 16)  # three tables of one grey: no colour, no warning
    ran = extract(path, mask(where))
    same(ran, "1", values(disc(), by_pydicom(path)))
    assert not ran.err, ran.err


def palettes_by_definition(where):
    """Earlier segments once more: the offset counts in bytes (PS3.3 C.7.9.2.3), of words as well."""
    rise, fall = [10 + 5 * i for i in range(1, 71)], [360 - 5 * i for i in range(1, 71)]
    rest = [600 + i for i in range(256 - 211)]
    expected = [10] + rise + fall + rise + rest
    # the line up begins at the third word, byte 6, and begins again where the line down ends
    table = [0, 1, 10, 1, 70, 360, 1, 70, 10, 2, 1, 6, 0, 0, len(rest)] + rest
    path = segments(where, [table] * 3, 16)
    same(extract(path, mask(where)), "1", values(disc(), lambda x, y, f=0: expected[grey(x, y)]))
    # 8 bits: four bytes of offset; the run of values again, with the line behind it
    octets = [0, 3, 1, 2, 3, 1, 97, 100, 2, 2, 0, 0, 0, 0, 1, 56, 44]
    path = segments(where, [octets] * 3, 8)
    line = [1, 2, 3] + [round(3 + 97 * i / 97) for i in range(1, 98)]
    whole = line + line + [round(100 - i) for i in range(1, 57)]
    same(extract(path, mask(where)), "1", values(disc(), lambda x, y, f=0: whole[grey(x, y)]))
    big = segments(where, [table] * 3, 16, name="big.dcm", big=True)
    same(extract(big, mask(where)), "1", values(disc(), lambda x, y, f=0: expected[grey(x, y)]))


def damaged_segments(where):
    m = mask(where)
    for table, words in (([1, 255, 9], "it begins with a line"), ([0, 255] + [1] * 200, "a run of values is cut"), ([0, 2, 1, 2], "fewer entries"),
                         ([0, 1, 9, 1, 256, 9], "more entries"), ([0, 257] + [1] * 257, "more entries"), ([3, 1, 1], "unknown kind"), ([0, 1, 9, 1, 10], "a line has no end"),
                         ([0, 1, 9, 2, 1, 200, 0], "leads to none before it"), ([0, 1, 9, 2, 1, 6, 0], "leads to none before it"), ([0, 1, 9, 2, 1, 1, 0], "leads to none before it"),
                         ([0, 1, 9, 2, 1, 0, 0, 2, 1, 6, 0], "leads to one that leads on"), ([0, 1, 9, 2, 9, 0], "a segment is cut"), ([0, 1, 9, 0], "a segment is cut"),
                         ([0, 0, 0, 1, 9, 2, 1, 0, 0], "read again is empty")):
        path = segments(where, [table] * 3, 16)
        refused(extract(path, m), 3, "palette.dcm: its palette in segments is damaged: ", words)
    whole = [0, 1, 9, 1, 255, 255]  # both sides of the bound: 256 entries
    assert extract(segments(where, [whole] * 3, 16), m).code == 0


def deep(x, y, f=0):
    """Colours of 32 bits whose four bytes matter."""
    return [16843009 * v - 70001 * x for v in (red_green_blue(x, y, f)[0] + 1, red_green_blue(x, y, f)[1] % 200 + 20, (x * y) % 200 + 40)]


def luminance(x, y, f=0):
    r, g, b = deep(x, y, f)
    return 0.299 * r + 0.587 * g + 0.114 * b


def colours_of_32_bits(where):
    m = mask(where)

    def change(d):
        d.SamplesPerPixel, d.PlanarConfiguration, d.PhotometricInterpretation = 3, 0, "RGB"
        d.BitsAllocated, d.BitsStored, d.HighBit = 32, 32, 31
        d.PixelData = struct.pack("<%dI" % (3 * W * H), *[v for y in range(H) for x in range(W) for v in deep(x, y)])
        d["PixelData"].VR = "OW"

    def planes(d):
        change(d)
        d.PlanarConfiguration = 1
        d.PixelData = b"".join(struct.pack("<I", deep(x, y)[c]) for c in range(3) for y in range(H) for x in range(W))
    for how in (change, planes):
        same(extract(picture(where, CAPTURE, "OT", regions=WHOLE, change=how), m), "1", values(disc(), luminance))

    def rle(d):
        """A segment for each byte of a sample, the high one first, none of them shorter (PS3.5 annex G)."""
        change(d)
        parts = []
        for c in range(3):
            for shift in (24, 16, 8, 0):
                plane = bytes(deep(x, y)[c] >> shift & 255 for y in range(H) for x in range(W))
                parts.append(b"".join(bytes([len(plane[i:i + 128]) - 1]) + plane[i:i + 128] for i in range(0, len(plane), 128)))
        head = [len(parts)] + [64 + sum(len(p) for p in parts[:i]) for i in range(len(parts))]
        frame = struct.pack("<16I", *(head + [0] * (16 - len(head)))) + b"".join(parts)
        d.PixelData, d.file_meta.TransferSyntaxUID = encapsulate([frame + b"\0" * (len(frame) % 2)]), "1.2.840.10008.1.2.5"
        d["PixelData"].is_undefined_length = True
        d["PixelData"].VR = "OB"
    path = picture(where, CAPTURE, "OT", regions=WHOLE, change=rle)
    got = dcmread(path).pixel_array
    assert all(list(got[y, x]) == deep(x, y) for y in range(H) for x in range(W))  # pydicom reads it so
    same(extract(path, m), "1", values(disc(), luminance))

    def big(d):
        change(d)
        d.is_little_endian, d.file_meta.TransferSyntaxUID = False, ExplicitVRBigEndian
        d.PixelData = struct.pack(">%dI" % (3 * W * H), *[v for y in range(H) for x in range(W) for v in deep(x, y)])
    same(extract(picture(where, CAPTURE, "OT", regions=WHOLE, change=big), m), "1", values(disc(), luminance))


def bits_of_colours(where):
    """Samples that do not fill their bits are no colour that is read: said with what the file has, never a wrong grey."""
    m = mask(where)
    for bits, stored, high, signed in ((8, 7, 7, 0), (8, 7, 6, 0), (16, 12, 15, 0), (16, 12, 11, 0), (16, 16, 15, 1), (8, 8, 7, 1)):
        def change(d):
            d.BitsStored, d.HighBit, d.PixelRepresentation = stored, high, signed
        path = picture(where, CAPTURE, "OT", bits=bits, colour="RGB", regions=WHOLE, change=change)
        refused(extract(path, m), 3, "voxels of 3 samples, %d bits allocated, %d stored, high bit %d" % (bits, stored, high))


def high_throughput(where):
    """The three syntaxes of HTJ2K, grey of 16 bits and colour."""
    inside = disc(7, 6, 4)
    word = lambda x, y: (3 * grey_of(x, y) ** 2) % 4096  # noqa: E731
    m = nifti(where, inside, size=(16, 12))

    def coded(stream, syntax, colour, bits=16):
        def put(d):
            d.Rows, d.Columns, d.PixelSpacing = 12, 16, [1, 1]
            d.PixelData = encapsulate([base64.b64decode(stream)])
            d["PixelData"].is_undefined_length = True
            d["PixelData"].VR = "OB"
            d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.90"
            if colour:
                d.SamplesPerPixel, d.PlanarConfiguration, d.PhotometricInterpretation = 3, 0, "YBR_RCT"
        path = picture(where, CAPTURE, "OT", bits=bits, change=put)
        with open(path, "rb") as file:
            data = file.read()
        length, old = struct.unpack_from("<I", data, 140)[0], b"\x16\0001.2.840.10008.1.2.4.90"
        assert data[132:140] == b"\2\0\0\0UL\4\0" and data.count(old) == 1
        data = data[:140] + struct.pack("<I", length + 2) + data[144:]  # pydicom 2 knows no such syntax
        with open(path, "wb") as file:
            file.write(data.replace(old, b"\x18\0001.2.840.10008.1.2.4." + syntax.encode() + b"\0"))
        return path
    for syntax in ("201", "202", "203"):
        ran = extract(coded(WORDS, syntax, False), m)
        same(ran, "1", [word(x, y) for y in range(12) for x in range(16) if inside(x, y)])
        ran = extract(coded(COLOURS, syntax, True, 8), m)
        same(ran, "1", [0.299 * grey_of(x, y) + 0.587 * ((2 * x + y) % 256) + 0.114 * ((x * y) % 256)
                        for y in range(12) for x in range(16) if inside(x, y)])
    box = lambda kind, data: struct.pack(">I", 8 + len(data)) + kind + data  # noqa: E731
    whole = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + box(b"jp2h", bytes(30))
    right = [word(x, y) for y in range(12) for x in range(16) if inside(x, y)]
    for last in (box(b"jp2c", base64.b64decode(WORDS)), b"\0\0\0\0jp2c" + base64.b64decode(WORDS)):  # a file where a stream belongs
        same(extract(coded(base64.b64encode(whole + last), "201", False), m), "1", right)
    refused(extract(coded(base64.b64encode(whole + b"\0\1\0\0jp2c" + base64.b64decode(WORDS)), "201", False), m), 3, "frame 1 cannot be decoded")
    cut = base64.b64encode(base64.b64decode(WORDS)[:90])
    ran = extract(coded(cut, "201", False), m)
    refused(ran, 3, "frame 1 cannot be decoded (transfer syntax 1.2.840.10008.1.2.4.201)")


def grey_of(x, y):
    return (3 * x + 5 * y) % 251


if __name__ == "__main__":
    main()
