"""PyRadiomics' interface against the command, and by itself."""
from __future__ import annotations

import subprocess
import sys

import conftest
import numpy as np
import pytest
import SimpleITK as sitk

import radiomill.pyradiomics as pyradiomics
from radiomill.pyradiomics import featureextractor

PARAMETERS = """
setting: {binWidth: 20, label: 2, resampledPixelSpacing: [1, 1, 2]}
imageType: {Original: {}, LoG: {sigma: [2.0]}, Wavelet: {level: 1}}
featureClass: {shape: , firstorder: , glcm: [Contrast, MCC], gldm: }
"""


@pytest.fixture
def files(tmp_path):
    image, mask = conftest.write(tmp_path, conftest.DIRECTIONS["straight"])
    parameters = tmp_path / "params.yaml"
    parameters.write_text(PARAMETERS)
    return str(image), str(mask), str(parameters)


def test_the_command_gives_the_same(files, tmp_path):
    image, mask, parameters = files
    (row,) = conftest.rows_of_command(image, mask, tmp_path, "-c", parameters).values()
    got = featureextractor.RadiomicsFeatureExtractor(parameters).execute(image, mask)
    assert got["original_glcm_Contrast"].shape == ()
    names = [name for name in got if not name.startswith("diagnostics")]
    assert len(names) == 14 + 10 * (18 + 2 + 14)
    assert all(float(row[name]) == got[name] for name in names)


def test_images_in_memory_give_the_same(files):
    image, mask, parameters = files
    extractor = featureextractor.RadiomicsFeatureExtractor(parameters, additionalInfo=False)
    paths, memory = extractor.execute(image, mask), extractor.execute(sitk.ReadImage(image), sitk.ReadImage(mask))
    assert list(paths) == list(memory)
    assert all(np.array_equal(paths[name], memory[name], equal_nan=True) for name in paths)


def test_a_file_is_a_dict(files):
    extractor = featureextractor.RadiomicsFeatureExtractor(files[2], binWidth=30)
    assert extractor.settings["binWidth"] == 30 and extractor.settings["label"] == 2
    assert extractor.settings["resampledPixelSpacing"] == [1, 1, 2]
    assert extractor.enabledImagetypes["LoG"] == {"sigma": [2.0]}
    assert extractor.enabledFeatures["glcm"] == ["Contrast", "MCC"]


def test_features_are_enabled_by_name(files):
    image, mask, _ = files
    extractor = featureextractor.RadiomicsFeatureExtractor(geometryTolerance=1e-3, additionalInfo=False)
    extractor.disableAllFeatures()
    assert not extractor.execute(image, mask)
    extractor.enableFeaturesByName(firstorder=["Mean", "Skewness"])
    assert list(extractor.execute(image, mask)) == ["original_firstorder_Mean", "original_firstorder_Skewness"]
    extractor.enableFeatureClassByName("shape")
    extractor.disableAllImageTypes()
    assert all("_shape_" in name for name in extractor.execute(image, mask))
    extractor.enableImageTypeByName("Square")
    assert "square_firstorder_Mean" in extractor.execute(image, mask)


def test_what_cannot_be_is_a_value_error(files):
    image, mask, _ = files
    extractor = featureextractor.RadiomicsFeatureExtractor()
    with pytest.raises(ValueError, match="no ROI matches 9"):
        extractor.execute(image, mask, label=9)
    with pytest.raises(ValueError, match="binwidth"):
        featureextractor.RadiomicsFeatureExtractor({"setting": {"binwidth": 25}})
    with pytest.raises(NotImplementedError):
        extractor.execute(image, mask, voxelBased=True)
    with pytest.raises(OSError):
        featureextractor.RadiomicsFeatureExtractor("none.yaml")


def test_names_are_those_of_the_engine(files):
    image, mask, _ = files
    for name in pyradiomics.getFeatureClasses():
        if name == "shape2D":
            continue
        features = pyradiomics.getFeatureNames(name)
        extractor = featureextractor.RadiomicsFeatureExtractor(additionalInfo=False)
        extractor.disableAllFeatures()
        extractor.enableFeaturesByName(**{name: list(features)})
        got = {key.split("_")[2] for key in extractor.execute(image, mask)}
        assert got <= set(features) and {f for f, old in features.items() if not old} <= got


def test_classes_by_themselves(files):
    image, mask, _ = files
    glcm = pyradiomics.getFeatureClasses()["glcm"](sitk.ReadImage(image), sitk.ReadImage(mask), binWidth=25)
    glcm.enableFeatureByName("Contrast")
    assert list(glcm.execute()) == ["Contrast"] and glcm.getContrastFeatureValue() == glcm.featureValues["Contrast"]
    with pytest.raises(LookupError):
        glcm.enableFeatureByName("Contrats")


def test_install_gives_radiomics():
    code = ("import radiomill.pyradiomics as p; p.install(); import radiomics; "
            "from radiomics import featureextractor, glcm, setVerbosity; setVerbosity(40); "
            "print(radiomics.__version__, featureextractor.RadiomicsFeatureExtractor, glcm.RadiomicsGLCM)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "RadiomicsFeatureExtractor" in done.stdout
