"""Writes the digital phantom of the IBSI, 5 x 4 x 4 voxels of 2 mm, as phantom.nii and mask.nii.

usage: python3 samples/phantom.py [FOLDER]
"""
import csv
import struct
import sys
from pathlib import Path

SIZE, SPACING = (5, 4, 4), 2.0
TABLE = Path(__file__).resolve().parent.parent / "reference" / "digital_phantom.csv"


def nifti(values):
    """A NIfTI-1 file of bytes, x fastest (https://nifti.nimh.nih.gov/nifti-1)."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *SIZE, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 2, 8)  # unsigned bytes
    struct.pack_into("<4f", header, 76, 1, SPACING, SPACING, SPACING)
    struct.pack_into("<2f", header, 108, 352, 1)  # where the voxels start, slope
    header[123] = 2  # mm
    struct.pack_into("<h", header, 254, 1)
    for axis in range(3):
        struct.pack_into("<f", header, 280 + 20 * axis, SPACING)
    header[344:348] = b"n+1\0"
    return bytes(header) + bytes(values)


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    with open(TABLE) as f:
        rows = list(csv.DictReader(line for line in f if line[0] != "#"))
    rows.sort(key=lambda row: (int(row["z"]), int(row["y"]), int(row["x"])))
    for name, column in (("phantom", "intensity"), ("mask", "mask")):
        (folder / f"{name}.nii").write_bytes(nifti(int(row[column]) for row in rows))


main()
