"""Results, settings, errors, and what else the package offers, against the command."""
from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas
import pytest

import radiomill
from conftest import DIRECTIONS, SPACING, command, voxels, write


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write(tmp_path_factory.mktemp("files"), DIRECTIONS["oblique"])


@pytest.fixture(scope="module")
def result():
    image, mask = voxels()
    return radiomill.extract(image.T, mask.T, "ibsi-a", spacing=SPACING, case="one")


def test_result_of_one_roi():
    image, mask = voxels()
    one = radiomill.extract(image.T, mask.T, spacing=SPACING, roi=2)
    assert one.roi == "2" and len(one) == len(one.columns) == len(list(one))
    assert one["original_stat_max"] == image[mask == 2].max()
    series = one.to_series()
    assert series.name == "2" and dict(series) == dict(one)
    assert one.rows == [one] and one.by_roi == {"2": one} and not one.failures
    with pytest.raises(KeyError):
        one["original_stat_men"]


def test_result_of_several_rois(result):
    assert [row.roi for row in result.rows] == ["1", "2"]
    frame = result.to_frame()
    assert list(frame.index) == [("one", "1"), ("one", "2")] and list(frame.columns) == [c.name for c in result.columns]
    assert frame.loc[("one", "2"), "original_stat_max"] == result.by_roi["2"]["original_stat_max"]
    assert frame.attrs["columns"]["original_morph_volume"]["code"] == "RNU0"
    assert result.values_array.shape == (2, len(result))
    with pytest.raises(radiomill.ConfigError, match="there are 2 ROIs"):
        result["original_stat_max"]


def test_reasons():
    """One voxel has no variance of a surface: NaN, and why."""
    image, mask = voxels()
    mask = np.zeros_like(mask)
    mask[4, 4, 4] = 1
    one = radiomill.extract(image.T, mask.T, spacing=SPACING)
    undefined = {name for name, value in one.items() if np.isnan(value)}
    assert undefined and set(one.reasons) == undefined and all(one.reasons.values())


def test_roi_that_fails():
    """Others have their values; a warning names the ROI, and its row says why."""
    image, mask = voxels()
    image = image.copy()
    image[mask == 2] = 5000
    with pytest.warns(radiomill.RadiomillWarning, match="ROI 2 failed"):
        both = radiomill.extract(image.T, mask.T, {"resegmentation.range": [-1000, 1000]}, spacing=SPACING)
    assert list(both.failures) == ["2"] and both.rows[0].error is None
    assert np.isnan(both.rows[1].values_array).all() and not np.isnan(both.rows[0]["original_stat_mean"])
    with pytest.raises(radiomill.RadiomillError):
        radiomill.extract(image.T, mask.T, {"resegmentation.range": [-1000, 1000]}, spacing=SPACING, roi=2)


def test_output(files, tmp_path):
    """The file that is written is that of the command, byte for byte."""
    image, mask = map(str, files)
    for name in ("t.csv", "t.json"):
        radiomill.extract(image, mask, "ibsi-c", output=tmp_path / name)
        command("extract", image, mask, "-c", "ibsi-c", "-o", tmp_path / f"command-{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"command-{name}").read_bytes()


def test_columns_are_those_of_features():
    columns = radiomill.features("ibsi-c")
    image, mask = voxels()
    assert list(radiomill.extract(image.T, mask.T, "ibsi-c", spacing=SPACING).columns) == columns
    told = {line.split()[0]: line.split()[1:3] for line in command("features").splitlines() if line[:1].strip()}
    assert len(columns) > 100 and all(told[c.tag] == [c.code, c.unit] for c in columns if c.tag in told)
    assert sum(c.tag in told for c in columns) > 100


@pytest.mark.parametrize("given", [
    {"interpolation": {"spacing": [1, 1.5, 2]}, "discretisation": ["fbn16", "fbs25"], "families": ["stat", "cm"]},
    {"interpolation.spacing": np.array([1, 1.5, 2]), "discretisation": "[fbn16, fbs25]", "families": ("stat", "cm")},
    "interpolation:\n  spacing: [1, 1.5, 2]\ndiscretisation: [fbn16, fbs25]\nfamilies: [stat, cm]\n",
])
def test_settings(given, tmp_path):
    """A dict, a text and a file are the same settings."""
    made = radiomill.settings(given)
    (tmp_path / "s.yaml").write_text(str(made))
    assert radiomill.settings(tmp_path / "s.yaml") == made == radiomill.settings(str(made))
    assert made["interpolation.spacing"] == "[1, 1.5, 2]" and made["discretisation"] == "[fbn16, fbs25]"
    assert dict(made)["families"] == "[stat, cm]" and "interpolation.method" in made


def test_settings_with_changes():
    base = radiomill.settings("ibsi-c")
    other = radiomill.settings(base, {"images": [{"log": {"sigma": 2.5}}, "square"]}, families=["stat"], diagnostics=True)
    assert base != other and base["images"] != other["images"] and "sigma: 2.5" in other["images"]
    assert other["interpolation.spacing"] == base["interpolation.spacing"] and other["diagnostics"] == "yes"
    with pytest.raises(radiomill.ConfigError, match="did you mean"):
        radiomill.settings(base, {"interpolation.spacin": 2})
    with pytest.raises(radiomill.InputError, match="ibsi-x"):
        radiomill.settings("ibsi-x")
    with pytest.raises(KeyError):
        base["spacing"]


def test_settings_of_a_file_that_changes(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("families: [stat]\n")
    first = radiomill.settings(path)
    path.write_text("families: [cm]\n")
    assert radiomill.settings(str(path)) != first


def test_filter(files, tmp_path):
    """The map of the command, and the axes of what was given."""
    import nibabel

    image = str(files[0])
    command("filter", image, "log", "sigma=1.5", "-o", tmp_path / "map.nii")
    written = np.asarray(nibabel.load(tmp_path / "map.nii").dataobj)
    of_path = radiomill.filter(image, "log: {sigma: 1.5}")
    assert of_path.shape == written.shape[::-1] and np.allclose(of_path.T, written, rtol=1e-6, atol=1e-4)
    of_nibabel = radiomill.filter(nibabel.load(image), {"log": {"sigma": 1.5}})
    assert np.array_equal(of_nibabel, of_path.T)
    with pytest.raises(radiomill.ConfigError, match="loh"):
        radiomill.filter(image, "loh")


def test_info(files):
    told = json.loads(command("info", files[1], "--json"))
    assert {k: v for k, v in radiomill.info(files[1], labels=True).items() if k in told} == told
    with pytest.raises(radiomill.InputError):
        radiomill.info("none.nii")


def test_validate():
    compliance = radiomill.validate(only="digital_phantom")
    assert compliance.met > 400 and compliance.missed == 0
    assert sum(v.met and v.standardised for v in compliance.values) >= compliance.met
    with pytest.raises(radiomill.ConfigError):
        radiomill.validate(only="config_z")


def test_frames_of_a_run(files, tmp_path):
    """The same values in all three kinds of frames, with what columns mean; Parquet reads back."""
    import pyarrow.parquet

    rows = [{"case": f"001{i}", "image": files[0], "mask": files[1], "group": "a,\nb", "number": f"0{i}"} for i in range(3)]
    run = radiomill.batch(rows, tmp_path / "RUN", {"families": ["stat", "cm"]})
    frame = radiomill.read_run(run)
    assert list(frame.number) == ["00", "00", "01", "01", "02", "02"]  # texts stay as they are
    assert list(frame.case) == ["0010", "0010", "0011", "0011", "0012", "0012"] and list(frame.roi) == ["1", "2"] * 3
    columns = [c.name for c in radiomill.features({"families": ["stat", "cm"]})]
    assert all(frame[c].dtype == "float64" for c in columns) and list(frame.attrs["columns"]) == columns
    direct = radiomill.extract(*files, {"families": ["stat", "cm"]})
    assert np.array_equal(frame[columns].to_numpy()[:2], direct.values_array, equal_nan=True)
    arrow = radiomill.read_run(run, engine="pyarrow")
    polars = radiomill.read_run(run, engine="polars")
    for table in (arrow.to_pandas(), polars.to_pandas(), pandas.read_parquet(radiomill.write_parquet(run))):
        pandas.testing.assert_frame_equal(table, frame, check_dtype=False, check_exact=True)
    schema = pyarrow.parquet.read_schema(run / "features.parquet")
    assert schema.field("original_stat_mean").metadata[b"code"] == b"Q4LE"
    assert b"families" in schema.metadata[b"radiomill:settings.yaml"]
    assert str(schema.field("case").type) == "string" and str(schema.field("original_stat_mean").type) == "double"
    for engine in ("pandas", "polars", "pyarrow"):
        cases = radiomill.read_run(run, "cases", engine)
        names = cases.column_names if engine == "pyarrow" else list(cases.columns)
        assert len(cases) == 3 and "seconds" in names
    for wrong in ({"table": "rows"}, {"engine": "dask"}):
        with pytest.raises(radiomill.ConfigError):
            radiomill.read_run(run, **wrong)
    with pytest.raises(radiomill.InputError, match="columns.json"):
        radiomill.read_run(tmp_path)
    for content, words in (("", "is empty"), ("case,roi,original_stat_mean\na,1,x\n", "features.csv")):
        (run / "features.csv").write_text(content)
        for engine in ("pandas", "polars", "pyarrow"):
            with pytest.raises(radiomill.InputError, match=words):
                radiomill.read_run(run, engine=engine)


def test_console_script(files, tmp_path):
    """python -m radiomill is the command of the engine, and parquet."""
    def run(*words):
        return subprocess.run([sys.executable, "-m", "radiomill", *map(str, words)], capture_output=True, text=True)

    assert run("--version").stdout == command("--version") == f"radiomill {radiomill.version()}\n"
    assert run("extract", *files).stdout == command("extract", *files)
    folder = radiomill.batch([{"image": files[0], "mask": files[1]}], tmp_path / "RUN", {"families": ["stat"]})
    done = run("parquet", folder, "-o", tmp_path / "p.parquet")
    assert done.returncode == 0 and len(pandas.read_parquet(tmp_path / "p.parquet")) == 2
    done = run("parquet", tmp_path)
    assert done.returncode == 3 and done.stderr.startswith("radiomill: ") and done.stderr.count("\n") == 1
    done = run("parquet", folder, "-o", tmp_path / "none" / "p.parquet")
    assert done.returncode == 5 and "p.parquet" in done.stderr
    assert run("extract", "none.nii", files[1]).returncode == 3


def test_summarise_and_pool(tmp_path, monkeypatch):
    """Sites and pool, as the command has it: the same tables, the same words."""
    monkeypatch.setenv("RADIOMILL_STATE", str(tmp_path / "state"))
    subprocess.run([sys.executable, "tests/support/cohort.py", tmp_path, "4", "60", "6"], check=True)
    (tmp_path / "study.yaml").write_text(
        "study: generated\npatient: patient\nfeatures: [f*]\ncovariates:\n  age: {unit: years}\nvariables:\n"
        + (tmp_path / "steps").read_text())
    paths, keys = [], ""
    for site in ("s1", "s2", "s3", "s4"):
        command("keygen", site, "-o", tmp_path)
        paths.append(tmp_path / f"{site}.radsum")
        said = radiomill.summarise(tmp_path / f"{site}.csv", tmp_path / "study.yaml", tmp_path / f"{site}.key",
                                   paths[-1], withhold=True)
        assert said and paths[-1].exists()
        keys += (tmp_path / f"{site}.pub").read_text()
    (tmp_path / "trusted").write_text(keys)
    radiomill.pool(tmp_path / "study.yaml", paths, tmp_path / "trusted", tmp_path / "here")
    command("pool", tmp_path / "study.yaml", *paths, "-k", tmp_path / "trusted", "-o", tmp_path / "there")
    assert (tmp_path / "here" / "moments.csv").read_bytes() == (tmp_path / "there" / "moments.csv").read_bytes()
    with pytest.raises(radiomill.UntrustedError, match="s2"):
        (tmp_path / "trusted").write_text((tmp_path / "s1.pub").read_text())
        radiomill.pool(tmp_path / "study.yaml", paths, tmp_path / "trusted", tmp_path / "none")
