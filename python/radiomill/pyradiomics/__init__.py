"""PyRadiomics' interface on the engine of radiomill: the same names, calls and numbers.

>>> from radiomill.pyradiomics import featureextractor
>>> extractor = featureextractor.RadiomicsFeatureExtractor("params.yaml")
>>> extractor.execute("image.nrrd", "label.nrrd")["original_glcm_Contrast"]

:func:`install` makes ``import radiomics`` give this package, so that programs written for PyRadiomics run unchanged.
docs/pyradiomics.md says what is the same, and what is not.
"""
from __future__ import annotations

import collections
import logging
import sys
import types
from typing import Any

from . import _names, _testcases

__all__ = ["featureextractor", "getFeatureClasses", "getFeatureNames", "getImageTypes", "getProgressReporter",
           "getTestCase", "imageoperations", "install", "logger", "setVerbosity", "testCases"]
__version__ = "3.1.0"  # of PyRadiomics, whose numbers these are

logger = logging.getLogger("radiomics")
if not logger.handlers:
    logger.addHandler(logging.StreamHandler())
    logger.handlers[0].setLevel(logging.WARNING)
handler = logger.handlers[0]
progressReporter = None
testCases, getTestCase = _testcases.NAMES, _testcases.find

from . import featureclasses, featureextractor, imageoperations  # noqa: E402  they log to the logger above


def setVerbosity(level: int) -> None:
    """What goes to standard error: a level of logging."""
    handler.setLevel(max(level, 10))
    logger.setLevel(min(logger.getEffectiveLevel(), max(level, 10)))


def getFeatureClasses() -> collections.OrderedDict[str, type[featureclasses.RadiomicsFeaturesBase]]:
    """The feature classes by their names."""
    return collections.OrderedDict(featureclasses.CLASSES)


def getFeatureNames(name: str) -> dict[str, bool]:
    """Features of a class, and whether they are deprecated."""
    return featureclasses.CLASSES[name].getFeatureNames()


def getImageTypes() -> list[str]:
    """Names of the image types."""
    return list(_names.IMAGE_TYPES)


def getProgressReporter(*_args: Any, **_kwargs: Any) -> Any:
    """One that reports nothing."""
    return featureclasses.Silent()


def install() -> None:
    """From here on ``import radiomics`` gives this package, as long as the process lasts."""
    here = sys.modules[__name__]
    sys.modules["radiomics"] = here
    sys.modules["radiomics.featureextractor"] = featureextractor
    sys.modules["radiomics.imageoperations"] = imageoperations
    base = types.ModuleType("radiomics.base")
    base.RadiomicsFeaturesBase = featureclasses.RadiomicsFeaturesBase  # type: ignore[attr-defined]
    sys.modules["radiomics.base"] = base
    for name, made in featureclasses.CLASSES.items():
        module = types.ModuleType(f"radiomics.{name}")
        setattr(module, made.__name__, made)
        sys.modules[module.__name__] = module
        setattr(here, name, module)
