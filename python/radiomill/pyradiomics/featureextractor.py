"""The extractor of PyRadiomics on the engine of radiomill."""
from __future__ import annotations

import collections
import json
import logging
import os
import re
from typing import Any, Mapping

from .. import _settings
from .._errors import RadiomillError
from . import _diagnostics, _engine, _names, imageoperations

logger = logging.getLogger("radiomics.featureextractor")


class RadiomicsFeatureExtractor:
    """Features of an image and a mask by PyRadiomics' settings.

    The first argument is a parameter file (YAML or JSON) or a dict of its content; keywords are settings that take the
    place of what it says.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.settings: dict[str, Any] = {}
        self.enabledImagetypes: dict[str, Any] = {}
        self.enabledFeatures: dict[str, Any] = {}
        self.featureClassNames = list(_names.FEATURES)
        if len(args) == 1 and isinstance(args[0], Mapping):
            self._applyParams(paramsDict=args[0])
        elif len(args) == 1 and isinstance(args[0], (str, os.PathLike)):
            self._applyParams(paramsFile=args[0])
        else:
            self.settings = self._getDefaultSettings()
            self.enabledImagetypes = {"Original": {}}
            self.enabledFeatures = {name: [] for name in self.featureClassNames if name != "shape2D"}
        self.settings.update(kwargs)

    @staticmethod
    def _getDefaultSettings() -> dict[str, Any]:
        return dict(_names.DEFAULTS)

    def addProvenance(self, provenance_on: bool = True) -> None:
        """Whether results begin with diagnostics."""
        self.settings["additionalInfo"] = provenance_on

    def loadParams(self, paramsFile: Any) -> None:
        """Takes everything from a parameter file."""
        self._applyParams(paramsFile=paramsFile)

    def loadJSONParams(self, JSON_configuration: str) -> None:
        """Takes everything from a text of JSON."""
        self._applyParams(paramsDict=json.loads(JSON_configuration))

    def _applyParams(self, paramsFile: Any = None, paramsDict: Mapping[str, Any] | None = None) -> None:
        if paramsFile is not None:
            if not os.path.isfile(paramsFile):
                raise OSError(f"Parameter file {paramsFile} does not exist.")
            paramsDict = _read_parameters(os.fspath(paramsFile))
        parameters = dict(paramsDict or {})
        try:
            _settings.settings(json.dumps({"standard": "pyradiomics", **_engine.plain(parameters)}))
        except RadiomillError as error:
            raise ValueError(str(error)) from error
        self.enabledImagetypes = dict(parameters.get("imageType") or {}) or {"Original": {}}
        self.enabledFeatures = dict(parameters.get("featureClass") or {}) or {n: [] for n in self.featureClassNames}
        self.settings = self._getDefaultSettings()
        self.settings.update(parameters.get("setting") or {})
        self.settings.update(parameters.get("voxelSetting") or {})

    def enableAllImageTypes(self) -> None:
        """Enables all image types, without settings of their own."""
        self.enabledImagetypes = {name: {} for name in _names.IMAGE_TYPES}

    def disableAllImageTypes(self) -> None:
        """Disables all image types."""
        self.enabledImagetypes = {}

    def enableImageTypeByName(self, imageType: str, enabled: bool = True, customArgs: Any = None) -> None:
        """Enables an image type, with settings of its own if there are any; or disables it."""
        if imageType not in _names.IMAGE_TYPES:
            logger.warning("Image type %s is not recognized", imageType)
        elif enabled:
            self.enabledImagetypes[imageType] = customArgs or {}
        else:
            self.enabledImagetypes.pop(imageType, None)

    def enableImageTypes(self, **enabledImagetypes: Any) -> None:
        """Enables image types with their settings."""
        self.enabledImagetypes.update(enabledImagetypes)

    def enableAllFeatures(self) -> None:
        """Enables all features of all classes."""
        self.enabledFeatures = {name: [] for name in self.featureClassNames if name != "shape2D"}

    def disableAllFeatures(self) -> None:
        """Disables all classes."""
        self.enabledFeatures = {}

    def enableFeatureClassByName(self, featureClass: str, enabled: bool = True) -> None:
        """Enables all features of a class, or disables it."""
        if featureClass not in self.featureClassNames:
            logger.warning("Feature class %s is not recognized", featureClass)
        elif enabled:
            self.enabledFeatures[featureClass] = []
        else:
            self.enabledFeatures.pop(featureClass, None)

    def enableFeaturesByName(self, **enabledFeatures: Any) -> None:
        """Enables some features of classes: ``firstorder=["Mean"]``."""
        self.enabledFeatures.update(enabledFeatures)

    def _parameters(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        images = {name: _engine.plain(dict(own or {})) for name, own in self.enabledImagetypes.items()
                  if name != "LoG" or (own or {}).get("sigma") or settings.get("sigma")}
        return {"setting": _engine.known(settings), "imageType": images or {"Original": {}},
                "featureClass": {k: list(v or []) for k, v in self.enabledFeatures.items()}}

    def execute(self, imageFilepath: Any, maskFilepath: Any, label: int | None = None, label_channel: int | None = None,
                voxelBased: bool = False) -> collections.OrderedDict[str, Any]:
        """Features by name, behind diagnostics. Image and mask are paths, or images of SimpleITK."""
        if voxelBased:
            raise NotImplementedError(_names.VOXELWISE)
        settings = dict(self.settings)
        if label is not None:
            settings["label"] = int(label)
        if label_channel is not None:
            settings["label_channel"] = int(label_channel)
        out: collections.OrderedDict[str, Any] = collections.OrderedDict()
        if settings.get("additionalInfo"):
            out.update(_diagnostics.versions())
            out["diagnostics_Configuration_Settings"] = settings
            out["diagnostics_Configuration_EnabledImageTypes"] = self.enabledImagetypes
            out.update(_diagnostics.of_image(imageFilepath))
            out.update(_diagnostics.of_mask(maskFilepath, settings.get("label", 1)))
        if self.enabledFeatures:
            values = _engine.run(imageFilepath, maskFilepath, self._parameters(settings))
            out.update((k, v) for k, v in values.items() if self.enabledImagetypes or "_shape" in k)
        return out

    @staticmethod
    def loadImage(ImageFilePath: Any, MaskFilePath: Any, generalInfo: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """Image and mask of SimpleITK, normalised, and resampled or cropped by settings; ``execute`` does it itself."""
        return imageoperations.load(ImageFilePath, MaskFilePath, **kwargs)

    def computeFeatures(self, image: Any, mask: Any, imageTypeName: str,
                        **kwargs: Any) -> collections.OrderedDict[str, Any]:
        """Features of an image as it is, under the name of an image type; without shape."""
        classes = {k: list(v or []) for k, v in self.enabledFeatures.items() if not k.startswith("shape")}
        return self._compute(image, mask, classes, imageTypeName, kwargs)

    def computeShape(self, image: Any, mask: Any, boundingBox: Any = None,
                     **kwargs: Any) -> collections.OrderedDict[str, Any]:
        """Features of the shape of a mask as it is."""
        classes = {k: list(v or []) for k, v in self.enabledFeatures.items() if k.startswith("shape")}
        return self._compute(image, mask, classes, "original", kwargs)

    @staticmethod
    def _compute(image: Any, mask: Any, classes: dict[str, Any], name: str,
                 settings: dict[str, Any]) -> collections.OrderedDict[str, Any]:
        if not classes:
            return collections.OrderedDict()
        parameters = {"setting": {**_engine.known(settings, own_only=True), "label": settings.get("label", 1)},
                      "imageType": {"Original": {}}, "featureClass": classes}
        values = _engine.run(image, mask, parameters)
        return collections.OrderedDict((name + k[len("original"):], v) for k, v in values.items())


def _typed(value: Any) -> Any:
    """What a text of YAML says."""
    if isinstance(value, dict):
        return {k: _typed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed(v) for v in value]
    if value.lower() in ("", "~", "null"):
        return None
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value


def _read_parameters(path: str) -> dict[str, Any]:
    """A parameter file as a dict, by the engine's own reader."""
    try:
        text = str(_settings.settings(path))
    except RadiomillError as error:
        raise ValueError(str(error)) from error
    lines = [line.partition(": ") for line in text.splitlines()]
    quoted = {key: re.sub(r"([{,] ?)([\w.]+): ", r'\1"\2": ', value) for key, _, value in lines
              if key in ("setting", "imageType", "featureClass", "voxelSetting")}
    return {key: _typed(json.loads(value)) for key, value in quoted.items()}
