"""What PyRadiomics tells of image and mask, of those that were given. Needs SimpleITK; without it there is less."""
from __future__ import annotations

import platform
from typing import Any

import numpy as np

from .. import version
from .imageoperations import library


def _library(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def versions() -> dict[str, Any]:
    """Of the engine, and of libraries that are here."""
    return {"diagnostics_Versions_PyRadiomics": f"radiomill {version()}", "diagnostics_Versions_Numpy": np.__version__,
            "diagnostics_Versions_SimpleITK": _library("SimpleITK"),
            "diagnostics_Versions_PyWavelet": _library("PyWavelets"),
            "diagnostics_Versions_Python": platform.python_version()}


def _read(image: Any) -> Any:
    """An image of SimpleITK, or None."""
    try:
        sitk = library()
    except ImportError:
        return None
    if isinstance(image, sitk.Image):
        return image
    try:
        return sitk.ReadImage(str(image))
    except RuntimeError:
        return None


def of_image(image: Any) -> dict[str, Any]:
    """Grid and intensities of the image as it is given."""
    read = _read(image)
    if read is None:
        return {}
    sitk = library()
    voxels = sitk.GetArrayViewFromImage(read)
    values = {"Hash": sitk.Hash(read), "Dimensionality": f"{read.GetDimension()}D", "Spacing": read.GetSpacing(),
              "Size": read.GetSize(), "Mean": float(np.mean(voxels, dtype=float)), "Minimum": float(voxels.min()),
              "Maximum": float(voxels.max())}
    return {f"diagnostics_Image-original_{k}": v for k, v in values.items()}


def of_mask(mask: Any, label: int) -> dict[str, Any]:
    """Grid and ROI of the mask as it is given."""
    read = _read(mask)
    if read is None or read.GetNumberOfComponentsPerPixel() != 1:
        return {}
    sitk = library()
    read = sitk.Cast(read, sitk.sitkUInt32)
    inside = sitk.GetArrayViewFromImage(read) == label
    at = np.argwhere(inside)[:, ::-1]
    if not len(at):
        return {}
    low, high = at.min(0), at.max(0)
    box = tuple(slice(a, b + 1) for a, b in zip(low[::-1], high[::-1]))
    parts = sitk.ConnectedComponentImageFilter()
    parts.FullyConnectedOn()
    parts.Execute(sitk.GetImageFromArray(inside[box].astype(np.uint8)))
    centre = tuple(float(v) for v in at.mean(0))
    values = {"Hash": sitk.Hash(read), "Spacing": read.GetSpacing(), "Size": read.GetSize(),
              "BoundingBox": tuple(int(v) for v in (*low, *(high - low + 1))), "VoxelNum": len(at),
              "VolumeNum": parts.GetObjectCount(), "CenterOfMassIndex": centre,
              "CenterOfMass": read.TransformContinuousIndexToPhysicalPoint(centre)}
    return {f"diagnostics_Mask-original_{k}": v for k, v in values.items()}
