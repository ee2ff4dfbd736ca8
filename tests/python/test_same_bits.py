"""The same doubles from the command, paths, arrays, and the images of other libraries; geometry of all kinds."""
import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

import radiomill
from conftest import assert_same


def test_paths(case):
    image, mask, rows = case
    assert len(rows) == 2
    assert_same(radiomill.extract(image, mask), rows)
    assert_same(radiomill.extract(str(image), str(mask), threads=1), rows)


@pytest.mark.parametrize("order", ["C", "F", "negative", "gaps"])
def test_arrays(case, order):
    image, mask, rows = case
    grid = radiomill.scan(image).grid
    arrays = [np.asarray(nibabel.load(path).dataobj).T for path in (image, mask)]
    if order == "negative":
        arrays = [np.ascontiguousarray(a[::-1, :, ::-1])[::-1, :, ::-1] for a in arrays]
    elif order == "gaps":
        arrays = [np.repeat(a, 2, axis=2)[:, :, ::2] for a in arrays]
    else:
        arrays = [np.array(a, order=order) for a in arrays]
    assert_same(radiomill.extract(*arrays, spacing=grid.spacing, origin=grid.origin, direction=grid.direction), rows)


def test_nibabel(case):
    image, mask, rows = case
    assert_same(radiomill.extract(nibabel.load(image), nibabel.load(mask)), rows)


def test_simpleitk(case):
    image, mask, rows = case
    assert_same(radiomill.extract(sitk.ReadImage(image), sitk.ReadImage(mask)), rows)


def test_mixed(case):
    """A mask that is a plain array lies on the grid of its image, whatever that is."""
    image, mask, rows = case
    array = np.asarray(nibabel.load(mask).dataobj).T
    assert_same(radiomill.extract(image, array), rows)
    assert_same(radiomill.extract(sitk.ReadImage(image), array), rows)
    assert_same(radiomill.extract(nibabel.load(image), mask), rows)
