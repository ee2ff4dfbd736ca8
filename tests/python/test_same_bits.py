"""The same doubles from the command, paths, arrays, and the images of other libraries; geometry of all kinds."""
import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

import radiomill
from conftest import DIRECTIONS, assert_same, rows_of_command, voxels


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


def test_torch(case):
    torch = pytest.importorskip("torch")
    image, mask, rows = case
    grid = radiomill.scan(image).grid
    tensors = [torch.from_numpy(np.asarray(nibabel.load(path).dataobj).T.copy()) for path in (image, mask)]
    assert_same(radiomill.extract(*tensors, spacing=grid.spacing, origin=grid.origin, direction=grid.direction), rows)


def test_mixed(case):
    """A mask that is a plain array lies on the grid of its image, whatever that is."""
    image, mask, rows = case
    array = np.asarray(nibabel.load(mask).dataobj).T
    assert_same(radiomill.extract(image, array), rows)
    assert_same(radiomill.extract(sitk.ReadImage(image), array), rows)
    assert_same(radiomill.extract(nibabel.load(image), mask), rows)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", ["nrrd", "mha"])
def test_places_of_files(tmp_path, name, direction):
    """The engine takes from a file the directions and spacings that ITK takes from it, to the last bit: 0.3011 times
    1 / 0.3011 is not 1."""
    paths = []
    for what, data in zip(("image", "mask"), voxels()):
        image = sitk.GetImageFromArray(data.T)
        image.SetSpacing((0.3011, 1.3, 3.0))
        image.SetOrigin((-31.5, 12.25, 7.1))
        image.SetDirection(DIRECTIONS[direction].ravel().tolist())
        paths.append(tmp_path / f"{what}.{name}")
        sitk.WriteImage(image, str(paths[-1]))
    image = sitk.ReadImage(str(paths[0]))
    grid = radiomill.scan(paths[0]).grid
    assert tuple(grid.spacing) == image.GetSpacing() and tuple(grid.origin) == image.GetOrigin()
    assert tuple(np.ravel(grid.direction)) == image.GetDirection()
    assert_same(radiomill.extract(image, sitk.ReadImage(str(paths[1]))), rows_of_command(*paths, tmp_path))


def test_volume(case, tmp_path):
    """One volume of several is what a file of it alone is; without a choice the error lists them."""
    image, mask, rows = case
    one = nibabel.load(image)
    both = np.stack([np.asarray(one.dataobj) + 100, np.asarray(one.dataobj)], axis=-1)
    nibabel.Nifti1Image(both, one.affine, one.header).to_filename(tmp_path / "both.nii")
    for volume in (2, "2"):
        assert_same(radiomill.extract(tmp_path / "both.nii", mask, volume=volume, case=str(image)), rows)
    assert np.array_equal(radiomill.filter(tmp_path / "both.nii", "square", volume=2),
                          radiomill.filter(image, "square"))
    with pytest.raises(radiomill.RadiomillError, match="volume"):
        radiomill.extract(tmp_path / "both.nii", mask)
    with pytest.raises(radiomill.ConfigError, match="in memory"):
        radiomill.extract(one, mask, volume=2)
