"""Images and masks: paths, arrays, and the images of other libraries, as the engine takes them."""
from __future__ import annotations

import ctypes
import os
from typing import Any, NamedTuple, Optional, Sequence

import numpy as np

from . import _native as native
from ._errors import ConfigError

ImageLike = Any  # a path, an array, an image of another library, or a Scan
Numbers = Sequence[float]


class Roi(NamedTuple):
    """A ROI of a mask: its name as in tables, its number, its voxels in the mask (0: none can be computed)."""

    name: str
    number: int
    voxels: int


class Grid(NamedTuple):
    """Where the voxels of an image lie, as it is stored.

    size: voxels along x, y, z. spacing: mm along x, y, z. origin: mm, centre of voxel (0, 0, 0). direction: 9
    numbers, row by row, the unit vector of axis a in column a. Origin and direction are those of DICOM and
    SimpleITK (left, back, head). dtype: of the voxels.
    """

    size: tuple[int, int, int]
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float]
    direction: tuple[float, ...]
    dtype: str


class Geometry(NamedTuple):
    """Geometry that goes with an array; None: that of the image, or for an image straight axes at 0."""

    spacing: Optional[Numbers] = None
    origin: Optional[Numbers] = None
    direction: Optional[Numbers] = None
    lps: bool = True


def geometry_of(grid: native.Array) -> Geometry:
    """What the engine says of a grid, to be given back to it."""
    return Geometry(list(grid.spacing), list(grid.origin), list(grid.direction), lps=bool(grid.lps))


class Scan:
    """An image or a mask that the engine can use; made by :func:`scan`. Borrows the voxels, copies none."""

    def __init__(self, handle: ctypes.c_void_p, keep: Any, name: str, x_first: bool = False) -> None:
        self._handle, self._keep, self.name, self.x_first = handle, keep, name, x_first

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            native.engine().rad_scan_free(self._handle)

    def __repr__(self) -> str:
        return f"radiomill.Scan({self.name!r})"

    def _raw_grid(self) -> native.Array:
        grid = native.Array()
        native.call("rad_scan_grid", self._handle, ctypes.byref(grid))
        return grid

    @property
    def grid(self) -> Grid:
        """Size, geometry and type; of a path the header is read."""
        g = self._raw_grid()
        sign = [1, 1] if g.lps else [-1, -1]
        origin = [a * b + 0.0 for a, b in zip(g.origin, sign + [1])]
        direction = [v * s + 0.0 for v, s in zip(g.direction, [sign[0]] * 3 + [sign[1]] * 3 + [1] * 3)]
        return Grid(tuple(g.size), tuple(g.spacing), tuple(origin), tuple(direction), native.TYPES[g.type])

    def rois(self, image: ImageLike = None) -> list[Roi]:
        """The ROIs of this mask. Contours of an RTSTRUCT need their image."""
        of = self if image is None else scan(image)
        count = ctypes.c_size_t()
        native.call("rad_scan_rois", self._handle, of._handle, None, 0, ctypes.byref(count))
        found = (native.RoiInfo * max(count.value, 1))()
        native.call("rad_scan_rois", self._handle, of._handle, found, count.value, ctypes.byref(count))
        return [Roi(native.decode(r.name), r.number, r.voxels) for r in found[: count.value]]


def _usable(array: Any, name: str) -> np.ndarray[Any, Any]:
    """The array with a type that the engine knows, of its voxels where it has one already."""
    voxels = np.asarray(array)
    if voxels.dtype == np.bool_:
        return voxels.view(np.uint8)
    if voxels.dtype == np.float16:
        return voxels.astype(np.float32)
    if voxels.dtype.newbyteorder("=").str[1:] not in native.TYPES:
        raise ConfigError(f"{name}: voxels of type {voxels.dtype} are no numbers that are read; "
                          f"give one of bool, {', '.join(np.dtype(t).name for t in native.TYPES[1:])}", 4)
    return voxels if voxels.dtype.isnative else voxels.astype(voxels.dtype.newbyteorder("="))


def _numbers(values: Any, count: int, what: str, name: str) -> list[float]:
    numbers = [float(v) for v in np.asarray(values, dtype=float).ravel()]
    if len(numbers) != count:
        raise ConfigError(f"{name}: {what} has {len(numbers)} numbers; give {count}", 4)
    return numbers


def no_geometry(geometry: Geometry, name: str) -> None:
    """An error where a geometry is given for what brings its own."""
    for word in ("spacing", "origin", "direction"):
        if getattr(geometry, word) is not None:
            raise ConfigError(f"{name}: has its own {word}; {word}= is for plain arrays", 4)


def from_array(array: Any, geometry: Geometry, name: str = "array", *, x_first: bool = False, slope: float = 0.0,
               intercept: float = 0.0) -> Scan:
    """An array with axes z, y, x (x_first: x, y, z) and its geometry. A single slice may have two axes."""
    voxels = _usable(array, name)
    if voxels.ndim == 2:
        voxels = voxels[..., None] if x_first else voxels[None]
    if voxels.ndim != 3:
        raise ConfigError(f"{name}: has {voxels.ndim} axes, of lengths {voxels.shape}; "
                          f"give {'x, y, z' if x_first else 'z, y, x'} of one image", 4)
    if geometry.spacing is None:
        raise ConfigError(f"{name}: an array has no spacing; give spacing=(x, y, z) in mm", 4)
    spacing = _numbers(geometry.spacing, 3, "spacing", name)
    origin = [0.0] * 3 if geometry.origin is None else _numbers(geometry.origin, 3, "origin", name)
    direction = [0.0] * 9 if geometry.direction is None else _numbers(geometry.direction, 9, "direction", name)
    shape, strides = (voxels.shape, voxels.strides) if x_first else (voxels.shape[::-1], voxels.strides[::-1])
    raw = native.Array(voxels=voxels.ctypes.data, type=native.TYPES.index(voxels.dtype.str[1:]), size=shape,
                       stride=strides, spacing=tuple(spacing), origin=tuple(origin), direction=tuple(direction),
                       lps=geometry.lps, slope=slope, intercept=intercept, name=native.encode(name))
    return Scan(native.make("rad_scan_from_array", ctypes.byref(raw)), voxels, name, x_first)


def from_path(path: Any, series: str | None = None, volume: int | str | None = None,
              ignore_frame_of_reference: bool = False, keep: Any = None) -> Scan:
    """A file or folder of any format that the engine reads; opened when it is used."""
    chosen = None if volume is None else str(volume)
    options = native.ScanOptions(native.encode(series), native.encode(chosen), ignore_frame_of_reference, False)
    handle = native.make("rad_scan_from_path", native.encode(path), ctypes.byref(options))
    return Scan(handle, keep, os.fsdecode(path))


def scan(image: ImageLike, *, spacing: Numbers | None = None, origin: Numbers | None = None,
         direction: Numbers | None = None, series: str | None = None, volume: int | str | None = None,
         ignore_frame_of_reference: bool = False, name: str | None = None, like: Scan | None = None) -> Scan:
    """An image or a mask, whatever holds it.

    image: a path; an array (numpy, torch on the CPU, anything with the array interface) with axes z, y, x; an
        image of SimpleITK, ITK, nibabel, MONAI (MetaTensor), xarray (dims x, y, z by name); a dataset of
        pydicom, or a list of them (a series).
    spacing: mm along **x, y, z**, as ``GetSpacing()`` of SimpleITK gives it; arrays need it.
    origin, direction: mm and 9 numbers, as ``GetOrigin()`` and ``GetDirection()`` of SimpleITK give them.
    series: SeriesInstanceUID, where a folder of DICOM holds several.
    volume: of an image that has several at one place (times, echoes, gates): its number from 1, or
        "EchoTime=80"; :func:`info` lists them.
    like: the image of a mask: an array without a spacing of its own has that image's geometry.

    Voxels are used where they are; of arrays that are not x fastest, or with axes that do not point left, back
    and head, the part that ROIs need is copied.
    """
    geometry = Geometry(spacing, origin, direction)
    if not isinstance(image, (str, os.PathLike)) and (series, volume) != (None, None):
        raise ConfigError("series and volume choose from what a path holds; this image is in memory", 4)
    if isinstance(image, Scan):
        no_geometry(geometry, image.name)
        return image
    if isinstance(image, (str, os.PathLike)):
        no_geometry(geometry, os.fsdecode(image))
        return from_path(image, series, volume, ignore_frame_of_reference)
    from ._images import read  # what knows of other libraries, where one is used

    return read(image, geometry, name, like, ignore_frame_of_reference)
