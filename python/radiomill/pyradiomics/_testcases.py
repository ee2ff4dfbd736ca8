"""The test cases that PyRadiomics' examples and tests ask for by name."""
from __future__ import annotations

import os
import tempfile

NAMES = ("brain1", "brain2", "breast1", "lung1", "lung2", "test_wavelet_64x64x64", "test_wavelet_37x37x37")


def find(testCase: str, dataDirectory: str | None = None) -> tuple[str, str]:
    """Paths of image and mask of a test case, in that folder or PyRadiomics' own; nothing is downloaded."""
    name, form = testCase.lower(), ""
    if name.endswith("_2d"):
        name, form = name[:-3], "_2D"
    if name not in NAMES:
        raise ValueError(f'Testcase "{testCase}" not recognized!')
    folder = dataDirectory or os.path.join(tempfile.gettempdir(), "pyradiomics", "data")
    paths = os.path.join(folder, f"{name}_image.nrrd"), os.path.join(folder, f"{name}_label{form}.nrrd")
    for path in paths:
        if not os.path.isfile(path):
            raise ValueError(f"{path} does not exist: put it there (folder data of the source of PyRadiomics), "
                             "or name its folder; nothing is downloaded")
    return paths
