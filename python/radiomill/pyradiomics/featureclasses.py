"""The feature classes by themselves: one class of features of an image and a mask, as they are."""
from __future__ import annotations

import logging
from typing import Any, ClassVar

from . import _engine, _names


class Silent:
    """A reporter of progress that reports nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())

    def update(self, _n: int = 1) -> None:
        """Nothing."""


class RadiomicsFeaturesBase:
    """Features of one class: ``enableFeatureByName``, then ``execute``."""

    name: ClassVar[str] = ""

    def __init__(self, inputImage: Any, inputMask: Any, **kwargs: Any) -> None:
        if inputImage is None or inputMask is None:
            raise ValueError("Missing input image or mask")
        if kwargs.get("voxelBased"):
            raise NotImplementedError(_names.VOXELWISE)
        self.logger = logging.getLogger(f"radiomics.{self.name}")
        self.inputImage, self.inputMask = inputImage, inputMask
        self.settings, self.label = kwargs, kwargs.get("label", 1)
        self.enabledFeatures: dict[str, bool] = {}
        self.featureValues: dict[str, Any] = {}
        self.featureNames = self.getFeatureNames()

    @classmethod
    def getFeatureNames(cls) -> dict[str, bool]:
        """Features, and whether they are deprecated."""
        return _names.features(cls.name)

    def enableFeatureByName(self, featureName: str, enable: bool = True) -> None:
        """Enables or disables one feature."""
        if featureName not in self.featureNames:
            raise LookupError("Feature not found: " + featureName)
        if self.featureNames[featureName]:
            self.logger.warning("Feature %s is deprecated, use with caution!", featureName)
        self.enabledFeatures[featureName] = enable

    def enableAllFeatures(self) -> None:
        """Enables all features that are not deprecated."""
        for name, deprecated in self.featureNames.items():
            if not deprecated:
                self.enabledFeatures[name] = True

    def disableAllFeatures(self) -> None:
        """Disables all features, and forgets their values."""
        self.enabledFeatures, self.featureValues = {}, {}

    def execute(self) -> dict[str, Any]:
        """Values of the features that are enabled; of all where none is."""
        if not self.enabledFeatures:
            self.enableAllFeatures()
        chosen = [name for name, enabled in self.enabledFeatures.items() if enabled]
        parameters = {"setting": {**_engine.known(self.settings, own_only=True), "minimumROIDimensions": 1,
                                  "label": self.label},
                      "imageType": {"Original": {}}, "featureClass": {self.name: chosen}}
        values = _engine.run(self.inputImage, self.inputMask, parameters) if chosen else {}
        prefix = f"original_{self.name}_"
        self.featureValues = {n: values[prefix + n] for n in chosen if prefix + n in values}
        return self.featureValues


def _getter(kind: str, feature: str, deprecated: bool) -> Any:
    def value(self: RadiomicsFeaturesBase) -> Any:
        made = type(self)(self.inputImage, self.inputMask, **self.settings)
        made.enableFeatureByName(feature)
        values = made.execute()
        if feature not in values:
            raise DeprecationWarning(f"{kind}_{feature} is deprecated, and gives nothing")
        return values[feature]

    value.__name__ = f"get{feature}FeatureValue"
    value.__doc__ = f"{feature} of {kind}{', which is deprecated' if deprecated else ''}."
    return value


def _class(name: str, title: str) -> type[RadiomicsFeaturesBase]:
    content: dict[str, Any] = {f"get{feature}FeatureValue": _getter(name, feature, old)
                               for feature, old in _names.features(name).items()}
    content.update(name=name, __module__=f"radiomics.{name}",
                   __doc__=f"Features of {name}: ``enableFeatureByName``, then ``execute``.")
    return type(f"Radiomics{title}", (RadiomicsFeaturesBase,), content)


_TITLES = {"firstorder": "FirstOrder", "glcm": "GLCM", "gldm": "GLDM", "glrlm": "GLRLM", "glszm": "GLSZM",
           "ngtdm": "NGTDM", "shape": "Shape", "shape2D": "Shape2D"}
CLASSES: dict[str, type[RadiomicsFeaturesBase]] = {name: _class(name, title) for name, title in _TITLES.items()}
