"""Segmentations in every coding: single bits deflated, in RLE, in JPEG 2000, encapsulated as they are; label maps."""

import os
import struct
import subprocess
import zlib

from objects import CASES, case, dicom, extract, main, near, refused, same
from dicom import COLUMNS, ROWS, SLICES, inside, packed, segmentation
from objects_structures import value
from pydicom import dcmread
from pydicom.encaps import decode_data_sequence, encapsulate

DEFLATED, RLE, J2K, PLAIN = "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.1.98"
HEAD = "ff4fff510029000000000018000000140000000000000000000000180000001400000000000000000001000101ff52000c00000001000204040001ff5c000a4008101018101018"
TILES = ["ff90000a0000000000310001ff93d2800bbef3ec7fc8e47118146bb717ece312917fc964b10816a1bfc4cf17ece54a2fb5ffd9",
         "ff90000a00000000002b0001ff93d280114493c37fc8e4710816a1bf17ece346c89130180b18069701ff13ffd9",
         "ff90000a0000000000330001ff93d280114493c37fc8a473a280129b14a27f181e16b03fc964b1081bc2bfc4c71d0de54a2fbaffd9",
         "ff90000a0000000000290001ff93d2001172f4efc8d12017ff7f180694bfc891301d2b1d279701ce9fffd9",
         "ff90000a0000000000310001ff93d280114fcf287fc8e4711817ece51d0de7176d03c964b10820e3bfc4bf222ee54a27bdffd9",
         "ff90000a00000000002c0001ff93d280114fcf287fc8e471181bc2bb1d0de72eff7fc89128224b22489701dfffd9"]
PLACES = [(s, z) for s in (1, 2, 3) for z in range(SLICES)]


def save(d, path):
    """pydicom of Debian 12 does not know the youngest transfer syntax: another of the same length takes its place."""
    syntax, other = d.file_meta.TransferSyntaxUID, "1.2.840.10008.1.2.4.91"
    if syntax == DEFLATED:
        d.file_meta.TransferSyntaxUID = other
    d.save_as(path, write_like_original=False)
    if syntax == DEFLATED:
        data = open(path, "rb").read()
        assert data.count(other.encode()) == 1
        with open(path, "wb") as file:
            file.write(data.replace(other.encode(), DEFLATED.encode() + b"\0"))
        d.file_meta.TransferSyntaxUID = syntax


def expected(segment, columns=COLUMNS, rows=ROWS):
    return [value(x, y, z) for z in range(SLICES) for y in range(rows) for x in range(columns) if inside(segment, x, y, z)]


def frames_of(path):
    """Voxels of each frame, 0 and 1, out of a file that is not compressed."""
    d = dcmread(path)
    count, size = d.NumberOfFrames, d.Rows * d.Columns
    bits = [d.PixelData[i // 8] >> i % 8 & 1 for i in range(count * size)]
    return [bits[i * size:(i + 1) * size] for i in range(count)]


def packbits(data):
    """Runs and literals in turn, with a byte that means nothing."""
    out, at = bytearray(), 0
    while at < len(data):
        run = 1
        while at + run < len(data) and run < 128 and data[at + run] == data[at]:
            run += 1
        if run > 1:
            out += bytes([257 - run, data[at]])
        else:
            out += bytes([0, data[at]])
        at += run
    return bytes(out) + b"\x80"


def rle(data):
    return struct.pack("<16I", 1, 64, *[0] * 14) + packbits(data)


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def encode(where, syntax, how, columns=COLUMNS, rows=ROWS):
    dicom.series("ct")
    path, = segmentation("seg", "BINARY", PLACES, columns=columns, rows=rows)
    frames = frames_of(path)
    d = dcmread(path)
    d.file_meta.TransferSyntaxUID = syntax
    d.PixelData = encapsulate([how(f) for f in frames])
    d["PixelData"].is_undefined_length = True
    d["PixelData"].VR = "OB"
    save(d, path)
    return os.path.join(where, "ct"), path


def check(where, syntax, how, columns=COLUMNS, rows=ROWS):
    ran = extract(*encode(where, syntax, how, columns, rows))
    for segment, name in ((1, "Tumour"), (2, "Organ"), (3, "Needle")):
        same(ran, name, expected(segment, columns, rows))
    assert not ran.told, ran.told


def deflated_frames(where):
    check(where, DEFLATED, lambda f: deflate(packed(f)))


def deflated_frames_of_odd_size(where):
    check(where, DEFLATED, lambda f: deflate(packed(f)), 13, 11)


def frames_as_they_are(where):
    check(where, PLAIN, packed, 13, 11)


def run_lengths_of_bytes(where):
    check(where, RLE, lambda f: rle(bytes(f)), 13, 11)


def run_lengths_of_full_bytes(where):
    check(where, RLE, lambda f: rle(bytes(255 * v for v in f)))


def run_lengths_of_bits(where):
    check(where, RLE, lambda f: rle(packed(f)), 13, 11)


def jpeg_2000(where):
    """The second segment, frame by frame, as opj_compress 2.5.0 codes voxels of one bit (-n 3)."""
    image, path = encode(where, J2K, lambda f: b"\0\0")
    d = dcmread(path)
    d.NumberOfFrames = SLICES
    d.PerFrameFunctionalGroupsSequence = [f for f in d.PerFrameFunctionalGroupsSequence
                                          if f.SegmentIdentificationSequence[0].ReferencedSegmentNumber == 2]
    d.PixelData = encapsulate([bytes.fromhex(HEAD + t) for t in TILES])
    d.save_as(path, write_like_original=False)
    ran = extract(image, path)
    assert ran.code == 20, ran.err  # the others have no voxels
    same(ran, "Organ", expected(2), 20)


def jpeg_2000_of_bytes(where):
    """Some encoders give a voxel of one bit the precision of a byte."""
    def coded(frame):
        d = dicom.blank(dicom.SEG, "SEG")
        dicom.pixels(d, bytes(frame), 8, 1, 0)
        plain, other = os.path.join(where, "plain.dcm"), os.path.join(where, "coded.dcm")
        d.save_as(plain, write_like_original=False)
        subprocess.run(["gdcmconv", "--j2k", plain, other], check=True)
        stream, = decode_data_sequence(dcmread(other).PixelData)
        return stream

    check(where, J2K, coded)


def other_data_sets(where):
    """Big endian: bits and bytes in words of 16 bits, whose bytes change places, and a label map of such words; deflated."""
    dicom.series("ct")
    ct = os.path.join(where, "ct")
    for kind, bits, columns, rows in (("BINARY", 1, COLUMNS, ROWS), ("BINARY", 1, 13, 11), ("FRACTIONAL", 8, 13, 11)):
        path, = segmentation("seg", kind, PLACES, columns=columns, rows=rows, bits=bits)
        dicom.convert([path], "dcmconv", "+ti")
        for syntax in ("+tb", "+td"):
            dicom.convert([path], "dcmconv", syntax)
            assert dcmread(path)["PixelData"].VR == "OW"
            ran = extract(ct, path, *(("--fractions", "0.497") if bits == 8 else ()))
            same(ran, "Tumour", expected(1, columns, rows))
            same(ran, "Organ", expected(2, columns, rows))
    path, = segmentation("seg", "LABELMAP", [(1, z) for z in range(SLICES)], bits=8)
    d = dcmread(path)
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.66.7"
    d.BitsAllocated, d.BitsStored, d.HighBit = 16, 16, 15
    d.PixelData = struct.pack("<%dH" % (SLICES * ROWS * COLUMNS), *d.PixelData[:SLICES * ROWS * COLUMNS])
    d["PixelData"].VR = "OW"
    d.save_as(path, write_like_original=False)
    dicom.convert([path], "dcmconv", "+tb")
    same(extract(ct, path, "--roi", "Organ"), "Organ", expected(2))


def damaged_frames(where):
    ran = extract(*encode(where, DEFLATED, lambda f: deflate(packed(f))[:-2]))
    refused(ran, 3, "frame 1 cannot be unpacked (transfer syntax 1.2.840.10008.1.2.8.1)")
    ran = extract(*encode(where, DEFLATED, lambda f: deflate(packed(f) + b"\0\0")))
    refused(ran, 3, "cannot be unpacked")
    ran = extract(*encode(where, DEFLATED, lambda f: deflate(packed(f)) + b"\0\0\0"))
    refused(ran, 3, "cannot be unpacked")
    ran = extract(*encode(where, RLE, lambda f: rle(bytes(f))[:-20]))
    refused(ran, 3, "frame 1 cannot be unpacked (transfer syntax 1.2.840.10008.1.2.5)")
    ran = extract(*encode(where, RLE, lambda f: rle(bytes(f) + b"\1" * 200)))
    refused(ran, 3, "cannot be unpacked")
    ran = extract(*encode(where, PLAIN, lambda f: packed(f)[:-2]))
    refused(ran, 3, "cannot be unpacked")


def label_maps(where):
    """Segments do not overlap in them: the second covers the first."""
    dicom.series("ct")
    path, = segmentation("seg", "LABELMAP", [(1, z) for z in range(SLICES)], bits=8)
    d = dcmread(path)
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.66.7"
    narrow = d.PixelData[:SLICES * ROWS * COLUMNS]
    first = [value(x, y, z) for z in range(SLICES) for y in range(ROWS) for x in range(COLUMNS)
             if inside(1, x, y, z) and not inside(2, x, y, z)]
    wide = {1: 300, 2: 65535}

    def look(names):
        save(d, path)
        ran = extract(os.path.join(where, "ct"), path)
        same(ran, names[0], first, ran.code)
        same(ran, names[1], expected(2), ran.code)

    look(("Tumour", "Organ"))
    d.PhotometricInterpretation = "PALETTE COLOR"  # how viewers show it; the indices are the segments
    look(("Tumour", "Organ"))
    d.file_meta.TransferSyntaxUID = DEFLATED
    size = ROWS * COLUMNS
    d.PixelData = encapsulate([deflate(narrow[i * size:(i + 1) * size]) for i in range(SLICES)])
    d["PixelData"].is_undefined_length = True
    look(("Tumour", "Organ"))
    d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    for s in d.SegmentSequence:
        s.SegmentNumber = wide.get(s.SegmentNumber, s.SegmentNumber)
    d.BitsAllocated = d.BitsStored = 16
    d.HighBit = 15
    d.PixelData = struct.pack("<%dH" % len(narrow), *[wide.get(v, v) for v in narrow])
    d["PixelData"].is_undefined_length = False
    d["PixelData"].VR = "OW"
    look(("Tumour", "Organ"))


def labels_of_no_character_set(where):
    dicom.series("ct")
    path, = segmentation("seg", "BINARY", PLACES)
    d = dcmread(path)
    d.SegmentSequence[0].SegmentLabel = "Tum\xf6r"
    for terms in (None, "ISO_IR 100"):
        if terms:
            d.SpecificCharacterSet = terms
        save(d, path)
        ran = extract(os.path.join(where, "ct"), path)
        same(ran, "Tum\xf6r", expected(1))
        assert ("ROI names have bytes beyond ASCII" in ran.told) == (not terms) and ran.told.count("\n") == (not terms), ran.told


def voxels_that_are_no_whole_numbers(where):
    dicom.series("ct")
    for kind in ("BINARY", "LABELMAP"):
        path, = segmentation("seg", kind, [(1, z) for z in range(SLICES)], bits=8)
        d = dcmread(path)
        del d.PixelData, d.BitsStored, d.HighBit, d.PixelRepresentation
        d.BitsAllocated = 64
        d.DoubleFloatPixelData = struct.pack("<4d", 1, 1e300, float("nan"), 0.5) * (SLICES * ROWS * COLUMNS // 4)
        d.save_as(path, write_like_original=False)
        refused(extract(os.path.join(where, "ct"), path), 3, "a segmentation has whole numbers in PixelData")


def a_segmentation_that_goes_on_beyond_the_image(where):
    dicom.series("ct")
    path, = segmentation("seg", "BINARY", [(2, z) for z in range(-1, SLICES + 2)])
    image = os.path.join(where, "ct")
    refused(extract(image, path), 4, "part of it lies beyond the image", "--clip to leave out what lies beyond")
    ran = extract(image, path, "-r", "Organ", "--clip")
    assert ran.code == 0, ran.err
    got, = ran.rois.values()
    values = expected(2)
    assert abs(got[1] - sum(values) / len(values)) < 1e-9 * abs(got[1]) and got[2:] == (min(values), max(values)), got
    ran.says("voxels of the mask lie beyond the image and are left out")


def cases_of_known_outcome(where):
    if not os.path.isdir(CASES):
        return
    ran = case("seg_deflated_frames", "ct", "seg.dcm")
    near(ran, "A", 102, 46.20588235)
    near(ran, "B", 48, 67.6875)


if __name__ == "__main__":
    main()
