"""What a task is, as settings of each side. A task is a dict:

    case, kind      "P" and so on; extract, organs, configs, filters, batch
    image, mask     .npy files of arrays z, y, x;  files: the same as image files
    spacing         mm along x, y, z;  labels: which labels of the mask
    families        our words;  bins: such as ["fbs25"];  range: of intensities, or None
    filters         None, "ibsi" (LoG and coif1, undecimated) or "pyradiomics"
    standard        "ibsi" or "pyradiomics": whose numbers radiomill gives
"""
SIX = ["fbs10", "fbs25", "fbs50", "fbn16", "fbn32", "fbn64"]
BANDS = ["LLL", "LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH"]
SIGMAS = [1.0, 3.0]
# families of PyRadiomics by ours
CLASSES = {"morph": "shape", "stat": "firstorder", "cm": "glcm", "rlm": "glrlm", "szm": "glszm", "ngt": "ngtdm",
           "ngl": "gldm"}


def classes(families):
    return [CLASSES[f] for f in families if f in CLASSES]


def pyradiomics_dict(task, bins=None):
    """A parameter file of PyRadiomics as a dict."""
    word = bins or task["bins"][0]
    setting = {"binWidth" if word.startswith("fbs") else "binCount": int(word[3:]), "label": task["labels"][0],
               "additionalInfo": False}
    if task["range"]:
        setting["resegmentRange"] = task["range"]
    images = {"Original": {}}
    if task["filters"]:
        images.update({"LoG": {"sigma": SIGMAS}, "Wavelet": {}})
    return {"setting": setting, "imageType": images, "featureClass": {name: None for name in classes(task["families"])}}


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def pyradiomics_yaml(task, bins=None):
    return "".join(f"{key}: {_flow(value)}\n" for key, value in pyradiomics_dict(task, bins).items())


def ibsi_yaml(task, has_spatial):
    """Our settings; has_spatial: this build has the key that leaves Moran's I and Geary's C out."""
    families = [f for f in task["families"] if f != "spatial"]
    if not families:  # spatial alone cannot be asked for
        families = ["morph"]
    lines = [f"families: [{', '.join(families)}]", f"discretisation: [{', '.join(task['bins'])}]",
             "texture: {dimensions: [3D]}"]
    if has_spatial and "spatial" not in task["families"]:
        lines.append("spatial: no")
    if task["range"]:
        lines.append(f"resegmentation: {{range: [{task['range'][0]}, {task['range'][1]}]}}")
    if task["filters"]:
        inner = [f for f in families if f != "morph"]
        lines += ["images:", f"  - log: {{sigma: [{', '.join(map(str, SIGMAS))}]}}",
                  f"  - wavelet: {{wavelet: coif1, subband: [{', '.join(BANDS)}]}}",
                  f"filter_families: [{', '.join(inner)}]", "filter_discretisation: fbn32", "filter_ivh: none"]
    return "\n".join(lines) + "\n"


def ours_yaml(task, has_spatial):
    return pyradiomics_yaml(task) if task["standard"] == "pyradiomics" else ibsi_yaml(task, has_spatial)
