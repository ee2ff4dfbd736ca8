import logging

import itk_images
import settings as words


def start(threads):
    import radiomics
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    return radiomics.__version__


def prepare(task):
    from radiomics import featureextractor
    bins = task["bins"] if task["kind"] == "configs" else task["bins"][:1]
    extractors = [featureextractor.RadiomicsFeatureExtractor(words.pyradiomics_dict(task, word)) for word in bins]

    def call(image, mask):
        found = {}
        pair = itk_images.pair(image, mask, task["spacing"])
        for i, extractor in enumerate(extractors):
            for label in task["labels"]:
                for name, value in extractor.execute(*pair, label=label).items():
                    found[name if i == 0 and label == task["labels"][0] else f"{name} {i} {label}"] = value
        return found
    return call


def open_files(task):
    from radiomics import featureextractor
    extractor = featureextractor.RadiomicsFeatureExtractor(words.pyradiomics_dict(task))
    return lambda image, mask: extractor.execute(image, mask)


values = itk_images.pick
