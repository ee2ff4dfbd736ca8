"""Images of other libraries: their geometry, their types, and what is refused with which words."""
from __future__ import annotations

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

import radiomill
from conftest import DIRECTIONS, SPACING, assert_same, rows_of_command, voxels, write

LPS = np.diag([-1.0, -1.0, 1.0])


@pytest.fixture
def oblique(tmp_path):
    """Paths, the table of the command, and the grid of the image."""
    image, mask = write(tmp_path, DIRECTIONS["oblique and flipped"])
    return image, mask, rows_of_command(image, mask, tmp_path), radiomill.scan(image).grid


def test_grid(oblique):
    """Grid says what SimpleITK says of the same file."""
    image, _, _, grid = oblique
    other = sitk.ReadImage(image)
    assert grid.size == other.GetSize() and grid.dtype == "i2"
    assert grid.spacing == pytest.approx(other.GetSpacing(), abs=1e-12)
    assert grid.origin == pytest.approx(other.GetOrigin(), abs=1e-5)
    assert grid.direction == pytest.approx(other.GetDirection(), abs=1e-6)


def test_rois(oblique):
    """Names, numbers and voxels as numpy counts them."""
    _, mask, _, _ = oblique
    labels = voxels()[1]
    assert radiomill.scan(mask).rois() == [(str(n), n, int((labels == n).sum())) for n in (1, 2)]


def test_itk(oblique):
    itk = pytest.importorskip("itk")
    image, mask, rows, grid = oblique
    arrays = [np.ascontiguousarray(np.asarray(nibabel.load(path).dataobj).T) for path in (image, mask)]
    images = []
    for array in arrays:
        one = itk.image_from_array(array)
        one.SetSpacing(grid.spacing)
        one.SetOrigin(grid.origin)
        one.SetDirection(itk.matrix_from_array(np.reshape(grid.direction, (3, 3))))
        images.append(one)
    assert_same(radiomill.extract(*images), rows)


def test_torch(oblique):
    torch = pytest.importorskip("torch")
    image, mask, rows, grid = oblique
    tensors = [torch.from_numpy(np.ascontiguousarray(np.asarray(nibabel.load(p).dataobj).T)) for p in (image, mask)]
    geometry = {"spacing": grid.spacing, "origin": grid.origin, "direction": grid.direction}
    assert_same(radiomill.extract(tensors[0].float().requires_grad_(), tensors[1], **geometry), rows)
    with pytest.raises(radiomill.ConfigError, match="is on meta"):
        radiomill.extract(tensors[0].to("meta"), tensors[1], spacing=(1, 1, 1))


def test_torch_workers():
    """In the workers of a DataLoader, each a fork of this process."""
    data = pytest.importorskip("torch.utils.data")

    class Cases(data.Dataset):
        def __len__(self):
            return 6

        def __getitem__(self, seed):
            image, mask = voxels(seed)
            return radiomill.extract(image.T, mask.T, spacing=SPACING, roi=1).values_array

    here = np.stack([Cases()[i] for i in range(6)])
    found = [batch.numpy() for batch in data.DataLoader(Cases(), batch_size=2, num_workers=2)]
    assert np.array_equal(np.concatenate(found), here, equal_nan=True)


def test_monai(oblique):
    monai = pytest.importorskip("monai")
    from monai.transforms import LoadImage

    image, mask, rows, _ = oblique
    load = LoadImage(image_only=True, reader="NibabelReader", ensure_channel_first=True)
    tensors = [load(str(path)) for path in (image, mask)]
    assert isinstance(tensors[0], monai.data.MetaTensor) and tensors[0].ndim == 4
    assert_same(radiomill.extract(*tensors), rows)


def test_xarray():
    xarray = pytest.importorskip("xarray")
    image, mask = voxels()
    coords = {axis: 5 + SPACING[i] * np.arange(image.shape[i]) for i, axis in enumerate("xyz")}
    coords["y"] = coords["y"][::-1]
    usual = [xarray.DataArray(a, dims=("x", "y", "z"), coords=coords) for a in (image, mask)]
    expected = radiomill.extract(image.T[:, ::-1], mask.T[:, ::-1], spacing=SPACING)
    for turned in (usual, [a.transpose("y", "z", "x") for a in usual]):
        result = radiomill.extract(*turned)
        for a, b in zip(result.rows, expected.rows):
            assert np.allclose(a.values_array, b.values_array, rtol=1e-9, equal_nan=True)
    with pytest.raises(radiomill.ConfigError, match="give x, y and z"):
        radiomill.extract(usual[0].rename(x="t"), usual[1], spacing=SPACING)
    with pytest.raises(radiomill.ConfigError, match="has its own origin"):
        radiomill.extract(*usual, origin=(0, 0, 0))
    uneven = usual[0].assign_coords(x=np.arange(image.shape[0]) ** 2.0)
    with pytest.raises(radiomill.ConfigError, match="not evenly spaced"):
        radiomill.extract(uneven, usual[1])


def test_pydicom(tmp_path):
    """Datasets are what their files are: a series in any order, and its mask beside it."""
    pydicom = pytest.importorskip("pydicom")
    image, mask = voxels()
    series = slices_of(pydicom, image)
    for number, dataset in enumerate(series):
        dataset.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
    expected = radiomill.extract(tmp_path, mask.T)
    result = radiomill.extract(series[::-1], mask.T)
    assert len(result.rows) == 2
    for a, b in zip(result.rows, expected.rows):
        assert np.array_equal(a.values_array, b.values_array, equal_nan=True)
    assert result.by_roi["1"]["original_stat_mean"] == pytest.approx(image[mask == 1].mean() - 1024, rel=1e-12)


def slices_of(pydicom, image):
    """An axial series of CT, in memory."""
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    series, frame, study, found = generate_uid(), generate_uid(), generate_uid(), []
    for z in range(image.shape[2]):
        meta = pydicom.dataset.FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        meta.MediaStorageSOPInstanceUID = generate_uid()
        d = pydicom.dataset.FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        d.SeriesInstanceUID, d.FrameOfReferenceUID, d.StudyInstanceUID = series, frame, study
        d.Modality, d.InstanceNumber = "CT", z + 1
        d.ImagePositionPatient, d.ImageOrientationPatient = [0, 0, SPACING[2] * z], [1, 0, 0, 0, 1, 0]
        d.PixelSpacing, d.SliceThickness = [SPACING[1], SPACING[0]], SPACING[2]
        d.Rows, d.Columns, d.SamplesPerPixel, d.PhotometricInterpretation = image.shape[1], image.shape[0], 1, "MONOCHROME2"
        d.BitsAllocated = d.BitsStored = 16
        d.HighBit, d.PixelRepresentation, d.RescaleSlope, d.RescaleIntercept = 15, 1, 1, -1024
        d.PixelData = np.ascontiguousarray(image[:, :, z].T).tobytes()
        found.append(d)
    return found


@pytest.mark.parametrize("kind", ["bool", "i1", "u2", ">i2", "i4", "u8", "f2", "f4", ">f8"])
def test_types(kind):
    """Any type of numbers; those of the engine are used where they are."""
    image, mask = voxels()
    image = image // 64
    expected = radiomill.extract(image.T, (mask == 1).T, spacing=SPACING)
    of_image = radiomill.extract(np.abs(image).astype(kind if kind != "bool" else "u1").T, (mask == 1).T, spacing=SPACING)
    absolute = radiomill.extract(np.abs(image).T, (mask == 1).T, spacing=SPACING)
    assert np.array_equal(of_image.values_array, absolute.values_array, equal_nan=True)
    of_mask = radiomill.extract(image.T, (mask == 1).astype(kind).T, spacing=SPACING)
    assert np.array_equal(of_mask.values_array, expected.values_array, equal_nan=True)


def test_nibabel_scales(tmp_path):
    """Slope and intercept of a file are the engine's to apply, and a mask that was rescaled is none the less."""
    image, mask = voxels()
    file = nibabel.Nifti1Image(image, np.diag([*SPACING, 1]))
    file.header.set_slope_inter(0.5, -3)
    nibabel.save(file, tmp_path / "scaled.nii")
    expected = radiomill.extract(tmp_path / "scaled.nii", mask.T)
    loaded = nibabel.load(tmp_path / "scaled.nii")
    result = radiomill.extract(loaded, mask.T)
    assert all(np.array_equal(a.values_array, b.values_array, equal_nan=True)
               for a, b in zip(result.rows, expected.rows))
    mean = float(np.asarray(loaded.dataobj)[mask == 1].mean())
    assert result.by_roi["1"]["original_stat_mean"] == pytest.approx(mean, rel=1e-12)


def test_nibabel_that_was_changed(oblique):
    """The affine that an image has now counts, not the one of its file."""
    image, mask, _, _ = oblique
    loaded = nibabel.load(image)
    wider = nibabel.Nifti1Image(np.asarray(loaded.dataobj), loaded.affine @ np.diag([2, 1, 1, 1]), loaded.header)
    result = radiomill.extract(wider, np.asarray(nibabel.load(mask).dataobj).T)
    usual = radiomill.extract(image, mask)
    for a, b in zip(result.rows, usual.rows):
        assert a["original_morph_vol_approx"] == pytest.approx(2 * b["original_morph_vol_approx"], rel=1e-6)


@pytest.mark.parametrize("wrong, words", [
    (lambda i, m: radiomill.extract(i, m), "give spacing="),
    (lambda i, m: radiomill.extract(i, m, spacing=(1, 1)), "spacing has 2 numbers; give 3"),
    (lambda i, m: radiomill.extract(i, m, spacing=(1, 1, 0)), "spacing above 0"),
    (lambda i, m: radiomill.extract(i, m, spacing=(1, 1, 1), direction=np.ones(9)), "right angles"),
    (lambda i, m: radiomill.extract(i[None], m, spacing=(1, 1, 1)), "has 4 axes"),
    (lambda i, m: radiomill.extract(i, m[1:], spacing=(1, 1, 1)), "give a mask of that shape"),
    (lambda i, m: radiomill.extract(i.astype(complex), m, spacing=(1, 1, 1)), "complex128"),
    (lambda i, m: radiomill.extract(i.astype(str), m, spacing=(1, 1, 1)), "<U"),
    (lambda i, m: radiomill.extract(3, m, spacing=(1, 1, 1)), "a int is no image"),
    (lambda i, m: radiomill.extract(i, m, spacing=(1, 1, 1), roi=[]), "roi: is empty"),
    (lambda i, m: radiomill.extract(sitk.GetImageFromArray(i), m, spacing=(1, 1, 1)), "has its own spacing"),
    (lambda i, m: radiomill.extract("ct.nii", m, spacing=(1, 1, 1)), "ct.nii: has its own spacing"),
    (lambda i, m: radiomill.extract(radiomill.scan("ct.nii"), m, origin=(1, 1, 1)), "ct.nii: has its own origin"),
    (lambda i, m: radiomill.extract(i, m, origin=(1, 1, 1)), "give spacing="),
    (lambda i, m: radiomill.extract("ct.nii\0x", m), "ct.nii: is followed by a NUL"),
    (lambda i, m: radiomill.settings("families: [stat]\0"), "followed by a NUL"),
    (lambda i, m: radiomill.extract(sitk.Image(3, 3, 3, sitk.sitkVectorFloat32), m), "components a voxel"),
])
def test_refusals(wrong, words):
    image, mask = voxels()
    with pytest.raises(radiomill.ConfigError, match=words) as caught:
        wrong(image.T, mask.T)
    assert "\n" not in str(caught.value) and caught.value.status == 4
