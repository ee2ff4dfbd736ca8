import importlib.metadata
import logging
import warnings

import settings as words

warnings.simplefilter("ignore")
OWN = {"morph": "morphology", "stat": "intensity", "ih": "histogram", "ivh": "ivh", "cm": "texture_glcm",
       "rlm": "texture_glrlm", "szm": "texture_glszm", "dzm": "texture_gldzm", "ngt": "texture_ngtdm", "ngl": "texture_ngldm"}
TEXTURES = ("cm", "rlm", "szm", "dzm", "ngt", "ngl")
Image = None


def start(threads):
    global Image
    import pictologics
    logging.getLogger("pictologics").setLevel(logging.CRITICAL)
    pictologics.set_num_threads(threads)
    Image = pictologics.Image
    return importlib.metadata.version("pictologics")


def discretise(word, task):
    if word.startswith("fbn"):
        return {"step": "discretise", "params": {"method": "FBN", "n_bins": int(word[3:])}}
    low = task["range"][0] if task["range"] else None
    params = {"method": "FBS", "bin_width": float(word[3:])}
    return {"step": "discretise", "params": dict(params, min_val=float(low)) if low is not None else params}


def extraction(families):
    own = [OWN[f] for f in families if f in OWN and f not in TEXTURES]
    own += ["texture"] if all(f in families for f in TEXTURES) else [OWN[f] for f in families if f in TEXTURES]
    if ("loc" in families or "spatial" in families) and "intensity" not in own:
        own.append("intensity")
    return {"step": "extract_features", "params": {
        "families": own, "ivh_use_continuous": True, "include_spatial_intensity": "spatial" in families, "include_local_intensity": "loc" in families}}


def filters():
    steps = [[{"step": "filter", "params": {"type": "log", "sigma_mm": s, "boundary": "mirror"}}] for s in words.SIGMAS]
    return steps + [[{"step": "filter", "params": {"type": "wavelet", "wavelet": "coif1", "decomposition": b,
                                                   "boundary": "mirror"}}] for b in words.BANDS]


def make(task):
    from pictologics import RadiomicsPipeline
    pipeline = RadiomicsPipeline(load_standard=False)
    first = []
    if task["range"]:
        first = [{"step": "resegment", "params": {
            "range_min": task["range"][0], "range_max": task["range"][1], "apply_to": "intensity"}}]
    for word in task["bins"]:
        pipeline.add_config(word, [*first, discretise(word, task), extraction(task["families"])])
    if task["filters"]:
        inner = [f for f in task["families"] if f not in ("morph", "spatial")]
        for i, step in enumerate(filters()):
            pipeline.add_config(f"filter{i}", [*first, *step, discretise("fbn32", task), extraction(inner)])
    return pipeline


def run(task, image, mask):
    """Pipelines are new each time: they keep parts of the arrays that they saw."""
    pipeline = make(task)
    if task["kind"] == "organs":
        return pipeline.run_rois(image, mask)
    return pipeline.run(image, mask)


def prepare(task):
    place = dict(spacing=tuple(map(float, task["spacing"])), origin=(0.0, 0.0, 0.0))

    def call(image, mask):
        return run(task, Image(array=image.T, **place), Image(array=mask.T, **place))
    return call


def open_files(task):
    return lambda image, mask: run(task, image, mask)


def prime():
    """One small extraction of each kind."""
    import numpy
    image = numpy.random.default_rng(1).integers(-500, 300, (24, 26, 28)).astype(numpy.int16)
    mask = numpy.zeros(image.shape, numpy.uint8)
    mask[4:20, 4:20, 4:20] = 1
    families = [*OWN, "loc", "spatial"]
    for filtered in (None, "ibsi"):
        task = {"kind": "extract", "families": families, "bins": words.SIX, "range": [-1000, 400], "filters": filtered,
                "spacing": [1, 1, 1], "labels": [1]}
        prepare(task)(image, mask)
    prepare(dict(task, kind="organs", filters=None))(image, mask)


def batch(cases, folder, threads):
    task = cases["task"]
    rows = [{"subject_id": name, "image": image, "mask": mask} for name, image, mask in cases["rows"]]
    table = make(task).run_batch(rows, folder, workers=threads, show_progress=False)
    return int((table["status"] == "completed").sum())


def values(result):
    found = {}
    for name, series in result.items():
        if isinstance(series, dict):  # of a ROI
            return values(series)
        for key, value in series.items():
            found[key if not found or key not in found else f"{name} {key}"] = float(value)
    return found


def columns(result):
    return sum(columns(inner) if isinstance(inner, dict) else len(inner) for inner in result.values())
