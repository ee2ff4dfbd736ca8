"""What `extract` is to say of files that a script writes: cases.txt, a line for each case, of fields between unit separators,
which `as_expected` of checks.sh goes through."""

import os

lines = []


def expect(name, image, mask, options="", code=0, text="", warnings=0, roi="", values=None):
    """values: those of the voxels of the ROI; None: no value is there to be compared. warnings: how many; "-": whatever."""
    stats = ["-"] * 4
    if values:
        stats = [str(len(values)), repr(sum(values) / len(values)), repr(min(values)), repr(max(values))]
    lines.append("\x1f".join([name, image, mask, options, str(code), text, str(warnings), roi, *stats]))


def write(folder):
    with open(os.path.join(folder, "cases.txt"), "w") as file:
        file.write("\n".join(lines) + "\n")
