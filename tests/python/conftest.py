"""Images that the suites of the Python package share, and the command as their oracle."""
from __future__ import annotations

import csv
import itertools
import subprocess
from pathlib import Path

import nibabel
import numpy as np
import pytest

import radiomill._command

SHAPE = (23, 19, 14)  # x, y, z


def turned(angle: float) -> np.ndarray:
    """Axes turned about two of them: no axis of the image is one of the patient."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


DIRECTIONS = {
    "straight": np.eye(3),
    "flipped": np.diag([-1.0, 1.0, -1.0]),
    "left-handed": np.diag([1.0, -1.0, 1.0]),
    "permuted": np.eye(3)[[2, 0, 1]],
    "oblique": turned(0.3),
    "oblique and flipped": turned(0.2) @ np.diag([1.0, -1.0, 1.0]),
}
SPACING = (0.9765625, 1.3, 3.0)


def voxels(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """An image, x, y, z, and a mask of two ROIs that differ in form along every axis."""
    rng = np.random.default_rng(seed)
    x, y, z = np.indices(SHAPE)
    image = (200 * np.sin(x / 3) + 90 * np.cos(y / 2) + 13 * z + rng.normal(0, 40, SHAPE)).astype(np.int16)
    mask = np.zeros(SHAPE, np.uint8)
    mask[((x - 8) / 6.0) ** 2 + ((y - 9) / 7.0) ** 2 + ((z - 6) / 5.0) ** 2 < 1] = 1
    mask[15:21, 3:9, 2:7] = 2
    mask[3, 3, 3] = 2
    return image, mask


def write(folder: Path, direction: np.ndarray, spacing=SPACING, form: str = "sform") -> tuple[Path, Path]:
    """The image and the mask as NIfTI with that direction."""
    affine = np.eye(4)
    affine[:3, :3] = direction * np.asarray(spacing)
    affine[:3, 3] = (-31.5, 12.25, 7)
    paths = []
    for name, data in zip(("image", "mask"), voxels()):
        file = nibabel.Nifti1Image(data, affine)
        if form == "qform":
            file.header.set_qform(affine, 1)
            file.header.set_sform(None, 0)
            file = nibabel.Nifti1Image(data, None, file.header)
        paths.append(folder / f"{name}.nii.gz")
        nibabel.save(file, paths[-1])
    return paths[0], paths[1]


def command(*words) -> str:
    """What the command of the engine prints."""
    done = subprocess.run([radiomill._command.path(), *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of_command(image: Path, mask: Path, folder: Path, *words) -> dict[str, dict[str, str]]:
    """The table that the command writes, by ROI."""
    table = folder / "command.csv"
    command("extract", image, mask, "-o", table, *words)
    with open(table) as file:
        return {row["roi"]: row for row in csv.DictReader(file)}


def assert_same(result, rows: dict[str, dict[str, str]]) -> None:
    """The same ROIs, and for each the same double for every name."""
    assert [row.roi for row in result.rows] == list(rows)
    for row in result.rows:
        expected = {name: text for name, text in rows[row.roi].items() if name in set(row)}
        assert set(expected) == set(row)
        for name, text in expected.items():
            if text == "":
                assert np.isnan(row[name]) and row.reasons[name], name
            else:
                assert row[name] == float(text), (name, row[name], text)


@pytest.fixture(params=list(itertools.product(DIRECTIONS, ("sform", "qform"))), ids=lambda p: " ".join(p))
def case(request, tmp_path):
    """An image, a mask, and the table that the command makes of them."""
    name, form = request.param
    image, mask = write(tmp_path, DIRECTIONS[name], form=form)
    return image, mask, rows_of_command(image, mask, tmp_path)
