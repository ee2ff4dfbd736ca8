"""Steps of preparation by themselves, on images of SimpleITK, for programs that call them before a feature class.

The extractor does not use them: the engine prepares images itself.
"""
from __future__ import annotations

import logging
from typing import Any, Union

import numpy as np

logger = logging.getLogger("radiomics.imageoperations")


def library() -> Any:
    """SimpleITK, which only those need who have its images."""
    try:
        import SimpleITK
    except ImportError as error:
        raise ImportError("radiomill.pyradiomics needs SimpleITK for this: pip install SimpleITK") from error
    return SimpleITK


def getMask(mask: Any, **kwargs: Any) -> Any:
    """The mask as numbers of labels; of several channels, that of ``label_channel``."""
    sitk = library()
    channel = kwargs.get("label_channel", 0)
    if mask.GetNumberOfComponentsPerPixel() > 1:
        if channel >= mask.GetNumberOfComponentsPerPixel():
            raise ValueError(f"label_channel {channel}: the mask has {mask.GetNumberOfComponentsPerPixel()} channels")
        mask = sitk.VectorIndexSelectionCast(mask, channel)
    return sitk.Cast(mask, sitk.sitkUInt32)


def _box(mask: Any, label: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """First and last index of a label along x, y, z, and its voxels."""
    at = np.argwhere(library().GetArrayViewFromImage(mask) == label)[:, ::-1]
    if not len(at):
        raise ValueError(f"Label ({label}) not present in mask")
    return at.min(0), at.max(0), len(at)


def _checked_box(image: Any, mask: Any, label: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """The same of a mask on a grid of its own; an error where the label leaves the image."""
    low, high, count = _box(mask, label)
    size = np.array(image.GetSize())
    for corner in (low - 0.5, high + 0.5):
        place = mask.TransformContinuousIndexToPhysicalPoint([float(v) for v in corner])
        index = np.array(image.TransformPhysicalPointToContinuousIndex(place))
        if np.any(index < -0.5 - 1e-3) or np.any(index > size - 0.5 + 1e-3):
            raise ValueError("Bounding box of ROI is larger than image space")
    return low, high, count


def _same_grid(image: Any, mask: Any, tolerance: float) -> bool:
    if image.GetSize() != mask.GetSize():
        return False
    near = tolerance * np.array(image.GetSpacing()).min()
    return bool(np.allclose(image.GetOrigin(), mask.GetOrigin(), rtol=0, atol=near)
                and np.allclose(image.GetSpacing(), mask.GetSpacing(), rtol=0, atol=near)
                and np.allclose(image.GetDirection(), mask.GetDirection(), rtol=0, atol=max(tolerance, 1e-6)))


def _on_grid_of(image: Any, mask: Any) -> Any:
    sitk = library()
    return sitk.Resample(mask, image, sitk.Transform(), sitk.sitkNearestNeighbor)


def checkMask(imageNode: Any, maskNode: Any, **kwargs: Any) -> tuple[np.ndarray[Any, Any], Any]:
    """Bounds of the label (first and last of x, y, z in turn), and the mask on the grid of the image or None.

    ValueError where a setting (minimumROIDimensions, minimumROISize, correctMask, geometryTolerance) refuses it.
    """
    label, corrected = int(kwargs.get("label", 1)), None
    maskNode = getMask(maskNode, **kwargs)
    if not _same_grid(imageNode, maskNode, kwargs.get("geometryTolerance") or 1e-6):
        if not kwargs.get("correctMask", False):
            raise ValueError("Image/Mask geometry mismatch. Potential fix: increase tolerance using "
                             "geometryTolerance, or set correctMask")
        _checked_box(imageNode, maskNode, label)
        corrected = maskNode = _on_grid_of(imageNode, maskNode)
    low, high, count = _box(maskNode, label)
    dimensions, least = int(np.sum(high > low)), int(kwargs.get("minimumROIDimensions", 2))
    if dimensions == 0:
        raise ValueError("mask only contains 1 segmented voxel! Cannot extract features for a single voxel.")
    if dimensions < least:
        raise ValueError(f"mask has too few dimensions (number of dimensions {dimensions}, minimum required {least})")
    smallest = kwargs.get("minimumROISize")
    if smallest is not None and count <= smallest:
        raise ValueError(f"Size of the ROI is too small (minimum size: {smallest}, ROI size: {count}")
    return np.stack([low, high], 1).ravel(), corrected


def cropToTumorMask(imageNode: Any, maskNode: Any, boundingBox: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Image and mask cut to the bounds of :func:`checkMask`, and ``padDistance`` voxels (0) around them."""
    bounds, pad = np.reshape(boundingBox, (-1, 2)), int(kwargs.get("padDistance", 0))
    size = np.array(maskNode.GetSize())
    low, high = np.maximum(bounds[:, 0] - pad, 0), np.minimum(bounds[:, 1] + pad, size - 1)
    cut = tuple(slice(int(a), int(b) + 1) for a, b in zip(low, high))
    return imageNode[cut], maskNode[cut]


def _interpolator(given: Union[int, str]) -> Any:
    return getattr(library(), given) if isinstance(given, str) else given


def resampleImage(imageNode: Any, maskNode: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Both on a grid of ``resampledPixelSpacing`` that begins at the corner of the mask, cut to the label."""
    sitk, label, pad = library(), int(kwargs.get("label", 1)), kwargs.get("padDistance", 5)
    old, size = np.array(maskNode.GetSpacing()), np.array(maskNode.GetSize())
    wanted = np.array(kwargs["resampledPixelSpacing"], float)
    if wanted.shape != old.shape:
        raise ValueError(f"resampledPixelSpacing: has {wanted.size} numbers, the mask {old.size} dimensions")
    low, high, _ = _checked_box(imageNode, maskNode, label)
    new = np.where((wanted == 0) | (high == low), old, wanted)
    if np.allclose(imageNode.GetSpacing(), new):
        maskNode = _on_grid_of(imageNode, maskNode)
        low, high, _ = _box(maskNode, label)
        return cropToTumorMask(imageNode, maskNode, np.stack([low, high], 1).ravel(), padDistance=pad)
    ratio = old / new
    first = np.maximum(np.floor((low - 0.5) * ratio - pad), 0)
    last = np.minimum(np.ceil((high + 0.5) * ratio + pad), np.ceil(size * ratio) - 1)
    corner = 0.5 * (new - old) / old + first / ratio
    grid = sitk.ResampleImageFilter()
    grid.SetOutputSpacing(new.tolist())
    grid.SetOutputDirection(maskNode.GetDirection())
    grid.SetSize([int(n) for n in last - first + 1])
    grid.SetOutputOrigin(maskNode.TransformContinuousIndexToPhysicalPoint(corner.tolist()))
    made = []
    way = kwargs.get("interpolator", sitk.sitkBSpline)
    for volume, way in ((imageNode, way), (maskNode, sitk.sitkNearestNeighbor)):
        grid.SetOutputPixelType(volume.GetPixelID())
        grid.SetInterpolator(_interpolator(way))
        made.append(grid.Execute(volume))
    return made[0], made[1]


def normalizeImage(image: Any, **kwargs: Any) -> Any:
    """z-scores of the whole image, cut at ``removeOutliers``, times ``normalizeScale``."""
    sitk = library()
    image, most = sitk.Normalize(image), kwargs.get("removeOutliers")
    if most is not None:
        image = sitk.Clamp(image, image.GetPixelID(), -float(most), float(most))
    return image * float(kwargs.get("normalizeScale", 1))


def resegmentMask(imageNode: Any, maskNode: Any, **kwargs: Any) -> Any:
    """The label where the image lies in ``resegmentRange``: from, or from and to."""
    sitk, label, mode = library(), int(kwargs.get("label", 1)), kwargs.get("resegmentMode", "absolute")
    bounds = kwargs.get("resegmentRange")
    if bounds is None or not 1 <= len(bounds) <= 2:
        raise ValueError(f"resegmentRange: {bounds}; give one number or two")
    voxels = sitk.GetArrayViewFromImage(imageNode)
    inside = sitk.GetArrayViewFromImage(maskNode) == label
    scales = {"absolute": lambda t: t, "relative": lambda t: t * np.max(voxels[inside]),
              "sigma": lambda t: np.mean(voxels[inside]) + t * np.std(voxels[inside])}
    if mode not in scales:
        raise ValueError(f"resegmentMode: {mode}; allowed: {', '.join(scales)}")
    limits = [scales[mode](t) for t in sorted(bounds)]
    kept = inside & (voxels >= limits[0]) & (voxels <= (limits[1] if len(limits) > 1 else np.inf))
    if np.count_nonzero(kept) <= 1:
        raise ValueError(f"Resegmentation excluded too many voxels with label {label}")
    made = sitk.GetImageFromArray(kept.astype(np.uint32) * np.uint32(label))
    made.CopyInformation(maskNode)
    return made


def load(image: Any, mask: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Image and mask after normalisation, and resampling or the crop before it."""
    sitk = library()
    image, mask = (v if isinstance(v, sitk.Image) else sitk.ReadImage(str(v)) for v in (image, mask))
    mask = getMask(mask, **kwargs)
    if kwargs.get("normalize", False):
        image = normalizeImage(image, **kwargs)
    if kwargs.get("interpolator") is not None and kwargs.get("resampledPixelSpacing") is not None:
        return resampleImage(image, mask, **kwargs)
    if kwargs.get("preCrop", False):
        bounds, corrected = checkMask(image, mask, **kwargs)
        return cropToTumorMask(image, corrected if corrected is not None else mask, bounds, **kwargs)
    return image, mask
