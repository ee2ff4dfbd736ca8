import logging
import warnings

OWN = {"morph": "morphology", "loc": "local_intensity", "stat": "statistics", "ih": "intensity_histogram",
       "ivh": "intensity_volume_histogram", "cm": "cm", "rlm": "rlm", "szm": "szm", "dzm": "dzm", "ngt": "ngtdm", "ngl": "ngldm"}


def start(threads):
    import importlib.metadata

    import mirp  # noqa: F401
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    return importlib.metadata.version("mirp")


def options(task):
    word = task["bins"][0]
    fixed = word.startswith("fbs")
    made = {"by_slice": False, "base_feature_families": [OWN[f] for f in task["families"] if f in OWN],
            "base_discretisation_method": "fixed_bin_size" if fixed else "fixed_bin_number",
            "write_features": False, "export_features": True}
    made["base_discretisation_bin_width" if fixed else "base_discretisation_n_bins"] = float(word[3:]) if fixed else int(word[3:])
    if task["range"]:
        made["resegmentation_intensity_range"] = [float(v) for v in task["range"]]
    return made


def open_files(task):
    from mirp import extract_features
    told = options(task)
    return lambda image, mask: extract_features(image=image, mask=mask, **told)[0]


def prepare(task):
    """Arrays have voxels of 1 mm there; other voxels come as files."""
    call = open_files(task)
    if all(abs(s - 1) < 1e-9 for s in task["spacing"]):
        return call
    return lambda image, mask: call(*task["files"])


def values(result):
    found = {}
    for name in result.columns:
        try:
            found[name] = float(result[name].iloc[0])
        except (TypeError, ValueError):
            pass
    return found
