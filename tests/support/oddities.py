"""What is odd is said in the same words on the screen and in cases.csv: oddities.py PROGRAM FOLDER. A line for each case: ok or
bad, its name, and why."""

import csv
import os
import subprocess
import sys

from nifti import nifti

program, top = os.path.abspath(sys.argv[1]), sys.argv[2]
SIZE = (24, 22, 12)
os.makedirs(top)
os.chdir(top)


def value(x, y, z):
    return 100 + (37 * x + 59 * y + 83 * z + x * y) % 200


def put(name, of, size=SIZE, code=4, bits=16, kind="h", **place):
    nifti(name, code, bits, kind, size, [of(x, y, z) for z in range(size[2]) for y in range(size[1]) for x in range(size[0])],
          **dict(dict(spacing=(1, 1, 1)), **place))


def box(*ends):
    return lambda x, y, z: int(all(low <= v < high for v, low, high in zip((x, y, z), ends[::2], ends[1::2])))


inner = box(6, 16, 5, 15, 3, 9)
put("image.nii", value)
put("mask.nii", inner)
fine = "discretisation: fbn16\n"


def lines(*words):
    """Exit code, warnings and the last error that the screen has."""
    ran = subprocess.run([program, *words], capture_output=True, text=True)
    mark, told = "radiomill: warning: ", ran.stderr.splitlines()
    return ran.returncode, [l[len(mark):] for l in told if l.startswith(mark)], told[-1] if told else ""


def odd(name, *texts, image="image.nii", mask="mask.nii", settings=fine, options=(), code=0, case="case"):
    """texts: what is said, each in a warning of its own, or, where the command fails, in its one line."""
    why = ""
    with open("s.yaml", "w") as file:
        file.write(settings)
    with open("cases.csv", "w") as file:
        file.write("case,image,mask\n%s,%s,%s\n" % (case, image, mask))
    got, screen, error = lines("extract", image, mask, "-c", "s.yaml", "-o", "o.csv", "--case", case, *options)
    run = "run " + name
    lines("batch", "cases.csv", "-c", "s.yaml", "-o", run, "-q", *options)
    row = next(csv.DictReader(open(run + "/cases.csv")))
    table = [w for w in row["warnings"].split(" | ") if w]
    for place in (image, mask):  # paths of cases.csv are whole
        table = [w.replace(os.path.abspath(place), place) for w in table]
        row["reason"] = row["reason"].replace(os.path.abspath(place), place)
    if got != code:
        why = "exit code %d, %s" % (got, error)
    elif code not in (0, 20):
        missing = [t for t in texts if t not in error or t not in row["reason"]]
        why = missing and "%r not in %r and %r" % (missing, error, row["reason"])
    else:
        missing = [t for t in texts if not any(t in w for w in screen) or not any(t in w for w in table)]
        why = missing and "%r not in %r and %r" % (missing, screen, table)
        if not why and sorted(screen) != sorted(table):
            why = "the screen says %r, cases.csv %r" % (screen, table)
    print("%s %s: %s" % ("bad" if why else "ok", name, why))


odd("nothing")
odd("a bin without an end", "fbs25 without a lower bound in resegmentation.range: bins begin at the smallest intensity", settings="discretisation: fbs25\n")
put("thick.nii", value, spacing=(1, 1, 2.5))
put("thick_mask.nii", inner, spacing=(1, 1, 2.5))
odd("uneven voxels", "voxels of 1 x 1 x 2.5 mm are not resampled", image="thick.nii", mask="thick_mask.nii")
put("metres.nii", value, spacing=(0.001, 0.001, 0.001))
put("metres_mask.nii", inner, spacing=(0.001, 0.001, 0.001))
odd("voxels in metres", "are these millimetres?", image="metres.nii", mask="metres_mask.nii")

put("five.nii", box(7, 12, 7, 12, 3, 8))
odd("resampling changes the volume", "ROI 1: interpolation: 125 mm3 become", mask="five.nii", settings=fine + "interpolation: {spacing: 3.5}\n")
put("two.nii", box(9, 11, 9, 11, 5, 7))
odd("resampling loses the ROI", "ROI 1: no voxel is left on the grid of 3 mm", mask="two.nii", settings=fine + "interpolation: {spacing: 3}\n", code=3)
odd("re-segmentation", "resegmentation: ", settings=fine + "resegmentation: {range: [100, 150]}\n")
put("flat.nii", lambda x, y, z: 7)
odd("one level", "ROI 1", image="flat.nii")
put("one.nii", box(9, 10, 9, 10, 5, 6))
odd("one voxel", "size: it is one voxel", mask="one.nii")
put("slice.nii", box(6, 16, 5, 15, 5, 6))
odd("one slice", "size: it lies in one slice", mask="slice.nii")
odd("smaller than asked", "size: 600 voxels of 0.6 mL: less than the 700 voxels that minimum_roi asks for", settings=fine + "minimum_roi: {voxels: 700}\n")
odd("a narrow kernel", "gaussian0.1mm: sigma", settings=fine + "images:\n  - gaussian: {sigma: 0.1}\n")
odd("a wide kernel", "gaussian30mm: its kernel reaches 120 voxels to either side along z", settings=fine + "images:\n  - gaussian: {sigma: 30}\n")
put("border.nii", box(0, 9, 5, 15, 3, 9))
odd("at the border", "border: it touches the border of the image along x", mask="border.nii")
put("gap.nii", lambda x, y, z: inner(x, y, z) and z not in (5, 6))
odd("slices without it", "slices: 2 slices between its first and its last have no voxel of it", mask="gap.nii")
put("gap1.nii", lambda x, y, z: inner(x, y, z) and z != 5)
odd("a slice without it", "slices: 1 slice between its first and its last has no voxel of it", mask="gap1.nii")
put("negative.nii", lambda x, y, z: -3 * inner(x, y, z))
odd("a negative label", "labels of ROIs are seldom negative", mask="negative.nii")
put("labels.nii", lambda x, y, z: inner(x, y, z) * (1 + x % 2))
odd("one file for both", "image and mask are one file; its labels are taken for intensities", image="labels.nii", mask="labels.nii")
odd("an image of 8 bits for a mask", "image.nii: the mask has 200 labels from 100 on; are image and mask in the wrong order?", image="mask.nii", mask="image.nii")
put("wide.nii", lambda x, y, z: 3 * value(x, y, z) + x % 3)
odd("swapped", "are image and mask in the wrong order? Swap them", image="mask.nii", mask="wide.nii", code=4)
put("apart.nii", inner, origin=(500, 0, 0))
odd("a mask beside", "mm apart", mask="apart.nii", options=("--resample-mask",), code=4)
put("partly.nii", inner, origin=(-12, 0, 0))
odd("a mask partly beside", "voxels of the mask lie beyond the image and are left out", mask="partly.nii", options=("--resample-mask",))
put("nan.nii", lambda x, y, z: float("nan") if (x, y, z) == (0, 0, 0) else inner(x, y, z), code=16, bits=32, kind="f")
odd("NaN in the mask", "1 voxel of the mask is NaN and counts as background", mask="nan.nii")
put("half.nii", lambda x, y, z: 0.75 * inner(x, y, z), code=16, bits=32, kind="f")
odd("fractions", "the mask holds fractions; voxels of at least 0.5 are the ROI", mask="half.nii", settings=fine + "mask_fractions: 0.5\n")
put("hole.nii", lambda x, y, z: float("nan") if (x, y, z) == (8, 8, 5) else value(x, y, z), code=16, bits=32, kind="f")
odd("NaN in the ROI", "NaN", image="hole.nii", code=3)

# What is wrong with a whole table is a warning of the run, and of each row.
put("other.nii", box(6, 16, 5, 14, 3, 9))
with open("cases.csv", "w") as file:
    file.write("case,image,mask,note\n/home/x/a,image.nii,mask.nii,\nDOE^JANE,image.nii,other.nii,\nb,image.nii,gap.nii,seen 1960-02-29\n")
code, screen, _ = lines("batch", "cases.csv", "-c", "s.yaml", "-o", "run")
rows = [r["warnings"].split(" | ")[-1] for r in csv.DictReader(open("run/cases.csv"))]
for (column, words), row in zip((("case", "looks like a path"), ("case", "looks like the name of a person"), ("note", "looks like a date")), rows):
    said = "the column %s %s" % (column, words)
    good = code == 0 and said in row and sum(said in w and "(1 row)" in w for w in screen) == 1
    print("%s names: %s" % ("ok" if good else "bad", (said, row, screen)))
good = not any(n in w for n in ("DOE", "1960", "/home") for w in screen + rows)
print("%s names are not repeated: %s" % ("ok" if good else "bad", (screen, rows)))
