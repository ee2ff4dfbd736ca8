import settings as words

torch = None


def start(threads):
    global torch
    import importlib.metadata

    import torch as library
    torch = library
    torch.set_num_threads(threads)
    return importlib.metadata.version("fastrad")


def prepare(task):
    from fastrad import FeatureExtractor, FeatureSettings, Mask, MedicalImage
    bins = task["bins"] if task["kind"] == "configs" else task["bins"][:1]
    made = [FeatureExtractor(FeatureSettings(feature_classes=words.classes(task["families"]), bin_width=float(word[3:]),
                                             device="cpu")) for word in bins if word.startswith("fbs")]
    spacing = tuple(float(s) for s in task["spacing"][::-1])

    def call(image, mask):
        """It has no range of intensities: what lies outside is taken from the mask."""
        inside = mask == task["labels"][0]
        if task["range"]:
            inside &= (image >= task["range"][0]) & (image <= task["range"][1])
        pair = (MedicalImage(torch.from_numpy(image.astype("float32")), spacing),
                Mask(torch.from_numpy(inside.astype("float32")), spacing))
        found = {}
        for i, extractor in enumerate(made):
            found.update({name if i == 0 else f"{name} {i}": v for name, v in extractor.extract(*pair).items()})
        return found
    return call


def open_files(task):
    """It reads DICOM alone; SimpleITK, which it needs as well, reads the rest."""
    import SimpleITK
    call = prepare(task)

    def read(path):
        return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))
    return lambda image, mask: call(read(image), read(mask))


def camel(name):
    """glcm:joint_average is glcm_JointAverage in PyRadiomics."""
    group, _, rest = name.partition(":")
    words = {"3d": "3D", "2d": "2D", "mcc": "MCC", "10th": "10", "90th": "90"}
    parts = [words.get(part, part[:1].upper() + part[1:]) for part in rest.split("_")]
    return f"original_{group}_{''.join(parts)}"


def values(result):
    found = {}
    for name, value in result.items():
        try:
            found[camel(name)] = float(value)
        except (TypeError, ValueError):
            pass
    return found
