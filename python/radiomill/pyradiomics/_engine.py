"""From PyRadiomics' settings to the engine's, and back to its results."""
from __future__ import annotations

import json
import logging
import sys
import warnings
from typing import Any, Mapping

import numpy as np

from .. import _features
from .._errors import ConfigError, InputError, RadiomillWarning
from . import _names, imageoperations

logger = logging.getLogger("radiomics.engine")


def plain(value: Any) -> Any:
    """Without types of numpy, as JSON has it."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    return value


def _interpolator(number: int) -> Any:
    """The name of a constant of SimpleITK, whose numbers differ between its versions."""
    sitk = sys.modules.get("SimpleITK")
    names = [name for name in _names.INTERPOLATORS if sitk is not None and getattr(sitk, name, None) == number]
    return names[0] if names else number


def known(settings: Mapping[str, Any], own_only: bool = False) -> dict[str, Any]:
    """Settings that the engine has; others have no effect in PyRadiomics either, and are logged."""
    allowed = _names.OWN if own_only else _names.BEFORE | _names.OWN
    for name in settings:
        if name not in _names.BEFORE | _names.OWN:
            logger.warning("setting %s is unknown and has no effect", name)
    kept = {k: plain(v) for k, v in settings.items() if k in allowed}
    if isinstance(kept.get("interpolator"), int):
        kept["interpolator"] = _interpolator(kept["interpolator"])
    return kept


def _flat(image: Any) -> bool:
    return hasattr(image, "GetDimension") and image.GetDimension() == 2


def _lifted(image: Any, mask: Any, parameters: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Images of two dimensions as one slice, of which everything is done within the slice."""
    sitk = imageoperations.library()
    made = {key: dict(value) for key, value in parameters.items()}
    made["setting"].update(force2D=True, force2Ddimension=0)
    spacing = made["setting"].get("resampledPixelSpacing")
    if spacing is not None and len(spacing) == 2:
        made["setting"]["resampledPixelSpacing"] = [*spacing, 0]
    if "LoG" in made["imageType"]:
        raise ValueError("LoG of an image of two dimensions is not made here")
    for group, name in (("featureClass", "shape"), ("imageType", "LBP3D")):
        if made[group].pop(name, None) is not None:
            logger.warning("%s needs an image of three dimensions, and is left out", name)
    return sitk.JoinSeries(image), sitk.JoinSeries(mask) if _flat(mask) else mask, made


def run(image: Any, mask: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Features by name, arrays without dimensions as PyRadiomics gives them."""
    if _flat(image):
        image, mask, parameters = _lifted(image, mask, parameters)
        if not parameters["featureClass"]:
            return {}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RadiomillWarning)
        try:
            result = _features.extract(image, mask, json.dumps(plain(parameters)))
        except (ConfigError, InputError) as error:
            raise ValueError(str(error)) from error
    for one in said:
        if issubclass(one.category, RadiomillWarning):
            logger.info("%s", one.message)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return {name: np.array(value) for name, value in zip(result, result.values_array)}
