"""Voxels of each segment of a binary DICOM segmentation, counted bit by bit: "number count" a line."""

import sys

import pydicom

d = pydicom.dcmread(sys.argv[1])
bits = d.Rows * d.Columns
whole = int.from_bytes(d.PixelData, "little")
counts = {}
for i, frame in enumerate(d.PerFrameFunctionalGroupsSequence):
    number = frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber
    part = whole >> i * bits & (1 << bits) - 1
    counts[number] = counts.get(number, 0) + bin(part).count("1")
for number in sorted(counts):
    print(number, counts[number])
