"""RadiomicsJ by its Python package: a JVM in the process."""
import tempfile

FLAGS = {"morph": "Morphological", "loc": "LocalIntensityFeatures", "stat": "IntensityBasedStatistics",
         "ih": "IntensityHistogram", "ivh": "IntensityVolumeHistogram", "cm": "GLCM", "rlm": "GLRLM", "szm": "GLSZM",
         "dzm": "GLDZM", "ngt": "NGTDM", "ngl": "NGLDM"}
OTHERS = ("Shape2D", "GLAM", "Homological", "Fractal", "OperationalInfo", "Diagnostics")
Extractor = None


def start(threads):
    global Extractor
    import importlib.metadata

    from radiomicsj.core import RadiomicsJExtractor, start_jvm
    start_jvm()
    Extractor = RadiomicsJExtractor
    return importlib.metadata.version("radiomicsj")


def properties(task, word):
    lines = [f"INT_label={task['labels'][0]}", "BOOL_USE_GPU=0", f"BOOL_USE_FixedBinNumber={int(word.startswith('fbn'))}",
             f"INT_binCount={word[3:]}", f"DOUBLE_binWidth={word[3:]}", "BOOL_normalize=0", "BOOL_removeOutliers=0"]
    if task["range"]:
        lines += [f"DOUBLE_rangeMin={task['range'][0]}", f"DOUBLE_rangeMax={task['range'][1]}"]
    lines += [f"BOOL_enable{flag}={int(family in task['families'])}" for family, flag in FLAGS.items()]
    return lines + [f"BOOL_enable{flag}=0" for flag in OTHERS]


def extractors(task):
    made = []
    for word in task["bins"] if task["kind"] == "configs" else task["bins"][:1]:
        with tempfile.NamedTemporaryFile("w", suffix=".properties") as file:
            file.write("\n".join(properties(task, word)) + "\n")
            file.flush()
            made.append(Extractor(file.name, use_gpu=False))
    return made


def prepare(task):
    made = extractors(task)
    return lambda image, mask: [one.execute(image, mask, tuple(task["spacing"])) for one in made][0]


def open_files(task):
    made = extractors(task)
    return lambda image, mask: made[0].execute(image, mask)


def values(result):
    found = {}
    for name in result.columns:
        try:
            found[str(name)] = float(result[name].iloc[0])
        except (TypeError, ValueError):
            pass
    return found
