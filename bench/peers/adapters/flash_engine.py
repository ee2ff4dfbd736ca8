import logging
import tempfile

import itk_images
import settings as words

OWN = {"ih": "ih", "ivh": "ivh", "dzm": "gldzm"}
count, folder = 1, None


def start(threads):
    global count, folder
    import importlib.metadata

    import flash_radiomics
    logging.getLogger(flash_radiomics.__name__).setLevel(logging.CRITICAL)
    count, folder = threads, tempfile.TemporaryDirectory(prefix="flash")
    return importlib.metadata.version("flash-radiomics")


def make(task, word):
    from flash_radiomics import RadiomicsFeatureExtractor
    given = words.pyradiomics_dict(task, word)
    wanted = [*given["featureClass"], *(OWN[f] for f in task["families"] if f in OWN)]
    extractor = RadiomicsFeatureExtractor(backend="cpu", num_threads=count, hdf5OutputDirectory=folder.name,
                                          segmentClassWorkers=count, **given["setting"])
    extractor.disableAllImageTypes()
    for name, options in given["imageType"].items():
        extractor.enableImageTypeByName(name, customArgs=options or None)
    extractor.disableAllFeatures()
    for name in wanted:
        extractor.enableFeatureClassByName(name)
    return extractor


def run(task, image, mask):
    """Extractors are new each time: they keep what they prepared under the number of an image object."""
    found = {}
    bins = task["bins"] if task["kind"] == "configs" else task["bins"][:1]
    for i, word in enumerate(bins):
        extractor = make(task, word)
        for label in task["labels"]:
            for name, value in extractor.execute(image, mask, label=label, case_id=f"{i}_{label}").items():
                found[name if i == 0 and label == task["labels"][0] else f"{name} {i} {label}"] = value
    return found


def prepare(task):
    return lambda image, mask: run(task, *itk_images.pair(image, mask, task["spacing"]))


def open_files(task):
    return lambda image, mask: run(task, image, mask)


values = itk_images.pick
