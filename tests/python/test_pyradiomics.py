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
    with pytest.raises(NotImplementedError, match="voxelBased=True: .* is not made"):
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


def test_every_feature_has_its_method():
    for name, made in pyradiomics.getFeatureClasses().items():
        assert made.__doc__
        for feature in pyradiomics.getFeatureNames(name):
            assert feature in getattr(made, f"get{feature}FeatureValue").__doc__


def test_a_deprecated_feature_that_gives_nothing_says_so(files):
    image, mask, _ = files
    glcm = pyradiomics.getFeatureClasses()["glcm"](sitk.ReadImage(image), sitk.ReadImage(mask))
    with pytest.raises(DeprecationWarning, match="Homogeneity1"):
        glcm.getHomogeneity1FeatureValue()


@pytest.mark.parametrize("settings", [
    {}, {"preCrop": True}, {"resegmentRange": [-50, 300]}, {"resegmentRange": [-1, 2], "resegmentMode": "sigma"},
    {"resegmentRange": [0.2], "resegmentMode": "relative"},
    {"normalize": True, "removeOutliers": 2, "normalizeScale": 50},
    {"interpolator": "sitkLinear", "resampledPixelSpacing": [2, 0, 1.5]},
    {"interpolator": sitk.sitkBSpline, "resampledPixelSpacing": [1.5, 1.1, 2]},
], ids=str)
@pytest.mark.parametrize("way", ["straight", "oblique and flipped"])
def test_steps_of_preparation_are_those_of_the_engine(tmp_path, settings, way):
    image, mask = map(str, conftest.write(tmp_path, conftest.DIRECTIONS[way]))
    extractor = featureextractor.RadiomicsFeatureExtractor(additionalInfo=False, geometryTolerance=1e-3, **settings)
    extractor.disableAllFeatures()
    extractor.enableFeatureClassByName("firstorder")
    expected = extractor.execute(image, mask)
    operations = pyradiomics.imageoperations
    kept = {**extractor.settings, "geometryTolerance": 1e-3}
    volume, labels = extractor.loadImage(image, mask, **kept)
    if settings.get("resegmentRange"):
        labels = operations.resegmentMask(volume, labels, **kept)
    bounds, corrected = operations.checkMask(volume, labels, **kept)
    assert corrected is None
    volume, labels = operations.cropToTumorMask(volume, labels, bounds)
    got = pyradiomics.getFeatureClasses()["firstorder"](volume, labels, **kept).execute()
    assert len(got) == len(expected) == 18
    for name, value in got.items():
        assert value == pytest.approx(float(expected[f"original_firstorder_{name}"]), rel=1e-9, abs=1e-12), name


def test_masks_are_checked_as_settings_say(files):
    image, mask = map(sitk.ReadImage, files[:2])
    check, size = pyradiomics.imageoperations.checkMask, int((sitk.GetArrayViewFromImage(mask) == 1).sum())
    bounds, _ = check(image, mask, minimumROISize=size - 1)
    at = np.argwhere(sitk.GetArrayViewFromImage(mask) == 1)
    assert list(bounds[4::-2]) == list(at.min(0)) and list(bounds[5::-2]) == list(at.max(0))
    with pytest.raises(ValueError, match="too small"):
        check(image, mask, minimumROISize=size)
    with pytest.raises(ValueError, match=r"Label \(7\)"):
        check(image, mask, label=7)
    moved = mask[1:, :, :]
    with pytest.raises(ValueError, match="geometry"):
        check(image, moved)
    corrected = check(image, moved, correctMask=True)[1]
    assert (sitk.GetArrayViewFromImage(corrected)[..., 1:] == sitk.GetArrayViewFromImage(mask)[..., 1:]).all()
    line = sitk.Image(mask) * 0
    line[3:6, 4, 5] = 1
    with pytest.raises(ValueError, match="dimensions 1"):
        check(image, line)
    check(image, line, minimumROIDimensions=1)
    line[3:5, 4, 5] = 0
    with pytest.raises(ValueError, match="single voxel"):
        check(image, line, minimumROIDimensions=1)


def test_images_of_two_dimensions_are_one_slice(files):
    image, mask = map(sitk.ReadImage, files[:2])
    settings = {"additionalInfo": False, "geometryTolerance": 1e-3}
    flat = featureextractor.RadiomicsFeatureExtractor(**settings)
    flat.enableImageTypes(Wavelet={}, LBP3D={})
    got = flat.execute(image[:, :, 6], mask[:, :, 6])
    solid = featureextractor.RadiomicsFeatureExtractor(force2D=True, **settings)
    solid.enableImageTypes(Wavelet={})
    solid.enabledFeatures.pop("shape")
    expected = solid.execute(image[:, :, 6:7], mask[:, :, 6:7])
    assert list(got) == list(expected) and "wavelet-LL_glcm_Contrast" in got
    thick = ("TotalEnergy",)  # of a voxel 3 mm thick there, and of a pixel here
    assert all(got[k] == pytest.approx(float(v), nan_ok=True) for k, v in expected.items() if not k.endswith(thick))
    flat.enableImageTypes(LoG={"sigma": [2.0]})
    with pytest.raises(ValueError, match="LoG"):
        flat.execute(image[:, :, 6], mask[:, :, 6])


def test_test_cases_are_found_or_named(tmp_path):
    for name in ("brain1_image", "brain1_label", "brain1_label_2D"):
        (tmp_path / f"{name}.nrrd").write_bytes(b"")
    assert pyradiomics.getTestCase("brain1", tmp_path)[1] == str(tmp_path / "brain1_label.nrrd")
    assert pyradiomics.getTestCase("Brain1_2D", tmp_path)[1] == str(tmp_path / "brain1_label_2D.nrrd")
    with pytest.raises(ValueError, match="brain2_image"):
        pyradiomics.getTestCase("brain2", tmp_path)
    with pytest.raises(ValueError, match="not recognized"):
        pyradiomics.getTestCase("brain3", tmp_path)
