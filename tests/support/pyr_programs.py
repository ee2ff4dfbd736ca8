#!/usr/bin/env python3
"""Programs written for PyRadiomics, unchanged, on the drop-in of radiomill; what they write against the command.

    pyr_programs.py BINARY TOTALSEGMENTATOR OPENRADIOMICS ECE475

Working trees of wasserth/TotalSegmentator (statistics.py), openradiomics/feature_extraction (FeatureExtraction.py) and
lawrence-chillrud/ece475 (code/2_extract_features.py). Needs the package of radiomill, nibabel, SimpleITK, pandas, tqdm,
matplotlib and scikit-learn, which they import. Exit code 1 where one fails or a value differs.
"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
START = "import radiomill.pyradiomics as p, runpy, sys; p.install(); sys.argv = sys.argv[1:]; "
SCRIPT = START + "import os; sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0]))); " \
    "runpy.run_path(sys.argv[0], run_name='__main__')"
STATISTICS = START + "sys.path.insert(0, sys.argv[0]); from pathlib import Path; " \
    "from totalsegmentator.statistics import get_radiomics_features_for_entire_dir as run; " \
    "run(*map(Path, sys.argv[1:]))"


def program(folder, code, *words):
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], cwd=folder, text=True, capture_output=True,
                          env=dict(os.environ, MPLBACKEND="Agg"))
    if done.returncode:
        sys.exit(f"{words[0]}: {done.stderr}")
    return done.stdout


def command(binary, work, image, mask, parameters):
    (work / "p.json").write_text(json.dumps(parameters))
    subprocess.run([binary, "extract", image, mask, "-c", work / "p.json", "-o", work / "c.csv"], check=True,
                   capture_output=True)
    with open(work / "c.csv") as file:
        row = next(csv.DictReader(file))
    return {name: float(value or "nan") for name, value in row.items() if re.match(r"[a-zA-Z0-9-]+_[a-z]+_[A-Z0-9]", name)}


def compare(name, got, expected, places=None):
    """One line, and whether each expected value is there and the same, to the places that the program keeps."""
    def same(a, b):
        return np.isclose(a, b, rtol=1e-12, atol=1e-14, equal_nan=True) if places is None else a == round(b, places)

    equal = sum(key in got and bool(same(got[key], value)) for key, value in expected.items())
    print(f"{name}: {equal} of {len(expected)} values as the command gives them")
    for key in [k for k, v in expected.items() if k not in got or not same(got[k], v)][:5]:
        print(f"# {key}: {got.get(key)}, expected {expected[key]}")
    return equal == len(expected) > 0


def pair(folder, image_name, mask_name, affine):
    import conftest

    folder.mkdir(parents=True, exist_ok=True)
    image, mask = conftest.voxels()
    nibabel.save(nibabel.Nifti1Image(image, affine), folder / image_name)
    nibabel.save(nibabel.Nifti1Image((mask == 1).astype(np.uint8), affine), folder / mask_name)
    return folder / image_name, folder / mask_name


def totalsegmentator(binary, tree, work):
    image, mask = pair(work / "masks", "ct.nii.gz", "spleen.nii.gz", np.diag([0.9, 1.3, 3, 1]))
    image = image.rename(work / "ct.nii.gz")
    program(work, STATISTICS, tree, image, work / "masks", work / "statistics.json")
    got = json.loads((work / "statistics.json").read_text())["spleen"]
    expected = command(binary, work, image, mask, {
        "setting": {"resampledPixelSpacing": [3, 3, 3], "interpolator": "sitkBSpline", "geometryTolerance": 1e-3},
        "featureClass": {"shape": [], "firstorder": []}})
    return compare("TotalSegmentator", got, {k.replace("original_", ""): v for k, v in expected.items()}, 4)


ALL = {name: {} for name in ("Original", "Exponential", "Gradient", "LBP2D", "LBP3D", "Logarithm", "Square",
                             "SquareRoot", "Wavelet")}
CLASSES = {name: [] for name in ("shape", "firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm")}


def openradiomics(binary, tree, work):
    shutil.copy(tree / "FeatureExtraction.py", work)
    stem = "BraTS-GLI-00000-000"
    image, mask = pair(work / "sample_data" / stem, f"{stem}-t2f.nii.gz", f"{stem}-seg.nii.gz", np.diag([1, 1, 1, 1.0]))
    printed = program(work, SCRIPT, "FeatureExtraction.py")
    solid, _, flat = printed.partition("Maximum tumor area found")
    values = [{m[1]: float(m[2]) for m in re.finditer(r"^([a-zA-Z0-9-]+_[a-z]+_\w+): ([-+.\w]+)$", text, re.M)}
              for text in (solid, flat)]
    # It hands over arrays of x, y, z, of which SimpleITK makes images of z, y, x, of doubles.
    voxels, inside = (nibabel.load(p).get_fdata().transpose(2, 1, 0) for p in (image, mask))
    at = int(np.argmax(inside.sum((1, 2))))
    good = True
    for name, cut, got in (("", slice(None), values[0]), (", one slice", slice(at, at + 1), values[1])):
        pairs = []
        for stem, data, kind in (("i", voxels, float), ("m", inside, np.uint8)):
            pairs.append(work / f"{stem}.nii")
            nibabel.save(nibabel.Nifti1Image(data[cut].astype(kind), np.diag([-1, -1, 1, 1.0])), pairs[-1])
        settings, images, classes = {"binWidth": 15}, dict(ALL), dict(CLASSES)
        if name:
            settings.update(force2D=True, force2Ddimension=2)
            del images["LBP3D"], classes["shape"]
        expected = command(binary, work, *pairs, {"setting": settings, "imageType": images, "featureClass": classes})
        good = compare(f"openradiomics{name}", got, expected) and good
    return good


def ece475(binary, tree, work):
    root = work / "ece475"
    shutil.copytree(tree / "code", root / "code")
    generated = root / "data/generated"
    image, mask = pair(generated / "NIfTI/R01-001", "ct.nii.gz", "seg.nii.gz", np.diag([0.9, 1.3, 3, 1]))
    (generated / "feature_logs").mkdir()
    (generated / "NSCLC_labels.csv").write_text("Case ID,label\nR01-001,1\n")
    program(root, SCRIPT, "code/2_extract_features.py")
    with open(generated / "NSCLC_features.csv") as file:
        got = {k: float(v) for k, v in next(csv.DictReader(file)).items() if k != "Case ID"}
    expected = command(binary, work, image, mask,
                       {"setting": {"correctMask": True}, "imageType": ALL, "featureClass": CLASSES})
    return compare("ece475", got, expected)


def main():
    binary, *trees = [str(Path(word).resolve()) for word in sys.argv[1:]]
    good = True
    for run, tree in zip((totalsegmentator, openradiomics, ece475), trees):
        with tempfile.TemporaryDirectory(prefix="pyr-programs-") as folder:
            good = run(binary, Path(tree), Path(folder)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
