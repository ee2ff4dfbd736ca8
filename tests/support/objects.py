"""What the tests of DICOM objects share: files by tests/support/dicom.py, the command on them, voxels counted one by one.

Each function of a script that takes `where` alone, a folder of its own, is a test; test_objects.sh runs them all.
"""

import inspect
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import traceback
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dicom  # noqa: E402

warnings.filterwarnings("ignore", module="pydicom")

from pydicom.sequence import Sequence  # noqa: E402,F401  for those who import this

BINARY = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "radiomill"))
CASES = os.path.join(os.environ.get("RADIOMILL_CASES", "../shared/cases"), "files")
SETTINGS = "families: [stat]\ndiscretisation: none\ndiagnostics: yes\n"


class Ran:
    """A run of the command: exit code, standard error, and of each ROI count, mean, min and max."""

    def __init__(self, *words):
        done = subprocess.run([BINARY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=900)
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        # without remarks on where ROIs lie in the small images of these tests
        self.told = "".join(l for l in self.err.splitlines(True) if not re.search(": (border|size|slices): ", l))

    def read(self, path):
        """What it wrote as JSON, if it did."""
        self.rois, self.values = {}, {}
        for row in json.load(open(path))["rows"] if os.path.exists(path) else []:
            v = self.values[row["roi"]] = row.get("values")
            if v and "original_stat_mean" in v:
                self.rois[row["roi"]] = (v.get("original_int_mask_vox_count_init_roi"), v["original_stat_mean"],
                                         v["original_stat_min"], v["original_stat_max"])
        return self

    def says(self, *texts):
        for text in texts:
            assert text in self.err, "no %r in: %s" % (text, self.err)
        return self


def extract(image, mask, *options, settings=SETTINGS):
    where = os.path.dirname(os.path.abspath(mask))
    path, out = os.path.join(where, "settings.yaml"), os.path.join(where, "out.json")
    if os.path.exists(out):
        os.remove(out)
    with open(path, "w") as file:
        file.write(settings)
    return Ran("extract", image, mask, "-c", path, "-o", out, *options).read(out)


def facts(values):
    """Count, mean, minimum and maximum of voxels, by hand."""
    return len(values), math.fsum(values) / len(values), min(values), max(values)


def same(ran, roi, values, code=0):
    assert ran.code == code, "exit code %d: %s" % (ran.code, ran.err)
    assert roi in ran.rois, "no row of %s: %s" % (roi, ran.err)
    got, expected = ran.rois[roi], facts(values)
    assert all(abs(g - e) <= 1e-9 * max(1, abs(e)) for g, e in zip(got, expected)), "%s: %s, expected %s" % (roi, got, expected)


def refused(ran, code, *texts):
    assert ran.code == code, "exit code %d: %s" % (ran.code, ran.err)
    assert len([l for l in ran.err.splitlines() if not l.startswith("radiomill: warning: ")]) == 1, ran.err
    ran.says(*texts)


def case(name, image, mask, *options):
    """One of the cases of known outcome."""
    folder = os.path.join(CASES, name)
    with tempfile.TemporaryDirectory() as work:
        out = os.path.join(work, "out.json")
        return Ran("extract", os.path.join(folder, image), os.path.join(folder, mask), "-c",
                   os.path.join(folder, "stat.yaml"), "-o", out, *options).read(out)


def near(ran, roi, *expected):
    assert ran.code == 0, "exit code %d: %s" % (ran.code, ran.err)
    for got, want in zip(ran.rois[roi], expected):
        assert want is None or got is None or abs(got - want) <= 1e-8 * max(1, abs(want)), (ran.rois[roi], expected)


def inside(polygon, x, y):
    """Crossings of a ray to the left, one by one: even-odd."""
    odd = False
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1]):
        if (ay <= y) != (by <= y) and x >= ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd


def main():
    """Runs the tests of the script in folders below argv[1]; a line each: ok NAME, or bad NAME and why."""
    own = [f for f in vars(sys.modules["__main__"]).values() if inspect.isfunction(f) and f.__module__ == "__main__"]
    for test in [f for f in own if list(inspect.signature(f).parameters) == ["where"]]:
        where = os.path.join(os.path.abspath(sys.argv[1]), test.__name__)
        os.makedirs(where)
        dicom.top = where
        try:
            test(where)
            print("ok " + test.__name__)
        except Exception:
            print("bad %s: %s" % (test.__name__, traceback.format_exc().replace("\n", " | ")))
