"""pyCERR: its function of arrays, which takes the box of the ROI, rows, columns and slices, in cm."""
import numpy

CLASSES = {"morph": "shape", "stat": "firstOrder", "cm": "glcm", "rlm": "glrlm", "szm": "glszm", "ngl": "gldm", "ngt": "gtdm"}


def start(threads):
    import importlib.metadata

    from cerr.radiomics import ibsi1  # noqa: F401
    return importlib.metadata.version("pycerr")


def parameters(task, word):
    texture = {"directionality": "3D", "avgType": "feature", "voxelOffset": 1, "patchRadiusVox": [1, 1, 1], "imgDiffThresh": 0,
               "binwidth" if word.startswith("fbs") else "binNum": int(word[3:])}
    first = {"offsetForEnergy": 0}
    first["binWidthEntropy" if word.startswith("fbs") else "binNumEntropy"] = int(word[3:])
    if task["range"]:
        texture.update(minClipIntensity=task["range"][0], maxClipIntensity=task["range"][1])
    return {"settings": {"shape": {"rcs": []}, "firstOrder": first, "texture": texture}, "imageType": {"Original": {}},
            "featureClass": {CLASSES[f]: {"featureList": ["all"]} for f in task["families"] if f in CLASSES}}


def box_of(mask):
    return tuple(slice(where.min(), where.max() + 1) for where in numpy.nonzero(mask))


def run(task, told, image, mask):
    from cerr.radiomics import ibsi1
    inside = mask == task["labels"][0]
    box = box_of(inside)
    values = numpy.moveaxis(image[box], 0, 2).astype(float)
    shape = numpy.moveaxis(inside[box], 0, 2).copy()
    roi = shape & (values >= task["range"][0]) & (values <= task["range"][1]) if task["range"] else shape.copy()
    x, y, z = (s / 10 for s in task["spacing"])
    grid = {"xValsV": numpy.arange(values.shape[1]) * x, "yValsV": numpy.arange(values.shape[0]) * y,
            "zValsV": numpy.arange(values.shape[2]) * z, "PixelSpacingV": [x, y, z]}
    found = {}
    for i, one in enumerate(told):
        flat = ibsi1.createFlatFeatureDict(ibsi1.calcRadiomicsForImgType(values.copy(), roi, shape, grid, one), "original",
                                           "feature", "3D", mapToIBSI=True)
        found.update({name if i == 0 else f"{name} {i}": value for name, value in flat.items()})
    return found


def prepare(task):
    told = [parameters(task, word) for word in (task["bins"] if task["kind"] == "configs" else task["bins"][:1])]
    return lambda image, mask: run(task, told, image, mask)


def open_files(task):
    import SimpleITK
    call = prepare(task)

    def read(path):
        return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))
    return lambda image, mask: call(read(image), read(mask))


def values(result):
    """Of each feature its mean; the other statistics over directions are left out."""
    found = {}
    for name, value in result.items():
        if not name.endswith(("_Median", "_StdDev", "_Min", "_Max")):
            try:
                found[name.removeprefix("original_")] = float(numpy.real(value))
            except (TypeError, ValueError):
                pass
    return found
