"""The images of other libraries, none of which is imported here: who has such an image has its library."""
from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

import numpy as np

from ._errors import ConfigError, RadiomillError
from ._scan import Geometry, Scan, from_array, from_path, geometry_of, no_geometry


def _is_of(image: Any, library: str) -> bool:
    return any(c.__module__.split(".")[0] == library for c in type(image).__mro__)


def _from_sitk(image: Any, name: str) -> Scan:
    sitk = sys.modules["SimpleITK"]
    if image.GetNumberOfComponentsPerPixel() != 1:
        raise ConfigError(f"{name}: has {image.GetNumberOfComponentsPerPixel()} components a voxel; give one", 4)
    if image.GetDimension() != 3:
        raise ConfigError(f"{name}: has {image.GetDimension()} dimensions; give an image of 3", 4)
    geometry = Geometry(image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    made = from_array(sitk.GetArrayViewFromImage(image), geometry, name)
    made._keep = (made._keep, image)
    return made


def _from_itk(image: Any, name: str) -> Scan:
    itk = sys.modules["itk"]
    direction = [float(v) for v in np.ravel(itk.array_from_matrix(image.GetDirection()))]
    geometry = Geometry(list(image.GetSpacing()), list(image.GetOrigin()), direction)
    made = from_array(itk.array_view_from_image(image), geometry, name)
    made._keep = (made._keep, image)
    return made


def _affine_geometry(affine: Any, name: str) -> Geometry:
    """Of an affine from x, y, z to mm right, front, head."""
    m = np.asarray(affine, dtype=float)
    if m.shape != (4, 4):
        raise ConfigError(f"{name}: the affine is {m.shape}; give 4 x 4", 4)
    columns = [[float(m[row, axis]) for row in range(3)] for axis in range(3)]
    spacing = [(a * a + b * b + c * c) ** 0.5 for a, b, c in columns]
    if not all(s > 0 for s in spacing):
        raise ConfigError(f"{name}: the affine has a spacing of 0", 4)
    direction = [columns[axis][row] / spacing[axis] for row in range(3) for axis in range(3)]
    return Geometry(spacing, [float(v) for v in m[:3, 3]], direction, lps=False)


def _header_geometry(image: Any) -> Optional[Geometry]:
    """What the engine makes of the header of a NIfTI, where the image still has the affine of that header."""
    header: Any = getattr(image, "header", None)
    if not hasattr(header, "get_best_affine") or not hasattr(header, "binaryblock") or not hasattr(header, "get_sform"):
        return None
    if not np.array_equal(header.get_best_affine(), image.affine) or not hasattr(os, "memfd_create"):
        return None
    header = header.copy()  # as if it stood before its voxels in one file
    small = int(header["sizeof_hdr"]) == 348
    header["magic"] = b"n+1" if small else b"n+2\0\r\n\x1a\n"
    header["vox_offset"], header["scl_slope"], header["scl_inter"] = (352 if small else 544), 1, 0
    file = os.memfd_create("radiomill.nii")
    try:
        os.write(file, header.binaryblock)
        os.truncate(file, 1024 + int(np.prod(image.shape)) * header.get_data_dtype().itemsize)
        return geometry_of(from_path(f"/proc/self/fd/{file}")._raw_grid())
    except RadiomillError:
        return None
    finally:
        os.close(file)


def _from_nibabel(image: Any, name: str) -> Scan:
    data = image.dataobj
    geometry = _header_geometry(image) or _affine_geometry(image.affine, name)
    slope, intercept = 0.0, 0.0
    if hasattr(data, "get_unscaled") and hasattr(data, "slope"):
        slope, intercept = float(data.slope), float(data.inter)
        data = data.get_unscaled()
    data = np.asarray(data)
    if data.ndim > 3 and all(n == 1 for n in data.shape[3:]):
        data = data.reshape(data.shape[:3], order="F")
    return from_array(data, geometry, name, x_first=True, slope=slope, intercept=intercept)


def _detached(tensor: Any, name: str) -> Any:
    if tensor.device.type != "cpu":
        raise ConfigError(f"{name}: is on {tensor.device}; give tensor.cpu()", 4)
    return tensor.detach()


def _from_tensor(tensor: Any, geometry: Geometry, name: str) -> Scan:
    array = _detached(tensor, name)
    if str(array.dtype) == "torch.bfloat16":
        array = array.float()
    return from_array(array.numpy(), geometry, name)


def _from_monai(tensor: Any, name: str) -> Scan:
    array = _detached(tensor, name).as_tensor().numpy()
    if array.ndim == 4 and array.shape[0] == 1:
        array = array[0]
    geometry = _affine_geometry(tensor.affine, name)
    pixdim = np.ravel(getattr(tensor, "meta", {}).get("pixdim", []))  # of the header, where a file had one
    norms = list(geometry.spacing or ())
    named = [float(v) for v in pixdim[1:4]] if len(pixdim) > 3 else norms
    spacing = [n if abs(n - s) <= 1e-6 * n else s for n, s in zip(named, norms)]
    return from_array(array, geometry._replace(spacing=spacing), name, x_first=True)


def _xarray_geometry(image: Any, name: str) -> Optional[Geometry]:
    """What the coordinates of x, y and z say, mm left, back, head; None: there are none."""
    if not all(axis in image.coords for axis in "xyz"):
        return None
    spacing, origin = [], []
    for axis in "xyz":
        places = np.asarray(image.coords[axis], dtype=float)
        steps = np.diff(places)
        if len(steps) == 0 or not np.allclose(steps, steps[0], rtol=1e-3) or steps[0] == 0:
            raise ConfigError(f"{name}: coordinates of {axis} are not evenly spaced; give spacing=", 4)
        spacing.append(float(places[-1] - places[0]) / len(steps))
        origin.append(float(places[0]))
    signs = np.diag([1.0 if s > 0 else -1.0 for s in spacing])
    return Geometry([abs(s) for s in spacing], origin, [float(v) for v in signs.ravel()])


def _from_datasets(datasets: list[Any], ignore_frame_of_reference: bool) -> Scan:
    """Written as files, which the engine's own reader of DICOM sees, with all that it checks."""
    import tempfile

    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.TemporaryDirectory(prefix="radiomill-", dir=shared)
    pydicom = sys.modules["pydicom"]
    for index, dataset in enumerate(datasets):
        path = os.path.join(folder.name, f"{index:06}.dcm")
        try:
            pydicom.dcmwrite(path, dataset, enforce_file_format=True)
        except TypeError:  # before pydicom 3
            pydicom.dcmwrite(path, dataset, write_like_original=False)
    path = folder.name if len(datasets) > 1 else os.path.join(folder.name, "000000.dcm")
    return from_path(path, ignore_frame_of_reference=ignore_frame_of_reference, keep=folder)


def _own(image: Any) -> Optional[Callable[[Any, str], Scan]]:
    """How an image that brings its geometry is read; None: it brings none."""
    if _is_of(image, "SimpleITK"):
        return _from_sitk
    if _is_of(image, "itk") and hasattr(image, "GetDirection"):
        return _from_itk
    if hasattr(image, "dataobj") and hasattr(image, "affine"):
        return _from_nibabel
    if _is_of(image, "monai") and hasattr(image, "affine"):
        return _from_monai
    return None


def _is_dataset(image: Any) -> bool:
    return _is_of(image, "pydicom") and hasattr(image, "file_meta")


def read(image: Any, geometry: Geometry, name: Optional[str], like: Optional[Scan],
         ignore_frame_of_reference: bool) -> Scan:
    """What scan() says, of all but paths."""
    word = name or ("image in memory" if like is None else "mask in memory")
    own = _own(image)
    if own:
        no_geometry(geometry, word)
        return own(image, word)
    datasets = list(image) if isinstance(image, (list, tuple)) else [image]
    if datasets and all(map(_is_dataset, datasets)):
        no_geometry(geometry, word)
        return _from_datasets(datasets, ignore_frame_of_reference)
    if _is_of(image, "xarray"):
        if sorted(map(str, image.dims)) != ["x", "y", "z"]:
            raise ConfigError(f"{word}: has dims {tuple(image.dims)}; give x, y and z", 4)
        image = image.transpose("z", "y", "x")
        told = _xarray_geometry(image, word) if geometry.spacing is None else None
        if told:
            no_geometry(geometry, word)
            geometry = told
        image = image.data
    if like is not None and all(given is None for given in geometry[:3]):
        grid = like._raw_grid()
        geometry = geometry_of(grid)
        shape, size = np.shape(image), tuple(grid.size)[::-1]
        if shape != size and not (len(shape) == 2 and (1, *shape) == size):
            raise ConfigError(f"{word}: has shape {shape}, and the image {size} (z, y, x); "
                              "give a mask of that shape, or spacing= of its own by radiomill.scan()", 4)
    if _is_of(image, "torch"):
        return _from_tensor(image, geometry, word)
    if isinstance(image, (list, tuple)) or not (hasattr(image, "__array__") or hasattr(image, "__array_interface__")):
        raise ConfigError(f"{word}: a {type(image).__name__} is no image; give a path, an array, or an image of "
                          "SimpleITK, ITK, nibabel, MONAI, pydicom or xarray", 4)
    return from_array(image, geometry, word)
