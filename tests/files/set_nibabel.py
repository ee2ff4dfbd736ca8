"""Files of nibabel: those of its tests, and those that it writes; what it reads of them."""
import itertools
from pathlib import Path

import nibabel
import numpy

TYPES = 'uint8 int8 uint16 int16 uint32 int32 uint64 int64 float32 float64'.split()


def own(folder):
    root = Path(nibabel.__file__).parent
    return [p for p in root.rglob('*') if p.is_file() and 'data' in p.parent.parts[-1:] and p.parent.name == 'data' and
            p.suffix not in ('.pyc',)]


def array(rng, kind, shape):
    if 'float' in kind:
        return rng.normal(scale=1000, size=shape).astype(kind)
    return rng.integers(0, 100, size=shape).astype(kind)


def affines(rng):
    turn, _ = numpy.linalg.qr(rng.normal(size=(3, 3)))
    for axes in (numpy.eye(3), turn, numpy.eye(3)[:, [2, 0, 1]] * [-1, 1, -1]):
        affine = numpy.eye(4)
        affine[:3, :3] = axes * rng.uniform(0.3, 4, size=3)
        affine[:3, 3] = rng.uniform(-99, 99, size=3)
        yield affine


def written(folder):
    rng = numpy.random.default_rng(1)
    made = []

    def put(name, image):
        path = folder / name
        nibabel.save(image, path)
        made.append(path)

    for kind, (which, affine) in itertools.product(TYPES, enumerate(affines(rng))):
        data = array(rng, kind, (6, 5, 4))
        for ending in ('.nii', '.nii.gz', '.img'):
            put(f'n1_{kind}_{which}{ending}', nibabel.Nifti1Image(data, affine, dtype=kind) if ending != '.img' else nibabel.Nifti1Pair(data, affine, dtype=kind))
        put(f'n2_{kind}_{which}.nii', nibabel.Nifti2Image(data, affine, dtype=kind))
        if kind in ('uint8', 'int16', 'int32', 'float32'):
            put(f'm_{kind}_{which}.mgh', nibabel.MGHImage(data, affine))
            put(f'm_{kind}_{which}.mgz', nibabel.MGHImage(data, affine))
    for kind in ('uint8', 'int16', 'int32', 'float32', 'float64'):
        for order in '<>':
            header = nibabel.AnalyzeHeader(endianness=order)
            put(f'a_{kind}_{"lb"[order == ">"]}.img', nibabel.AnalyzeImage(array(rng, kind, (6, 5, 4)), None, header))
            header = nibabel.Spm99AnalyzeHeader(endianness=order)
            put(f's_{kind}_{"lb"[order == ">"]}.img', nibabel.Spm99AnalyzeImage(array(rng, kind, (6, 5, 4)), None, header))
    put('frames.nii.gz', nibabel.Nifti1Image(array(rng, "int16", (6, 5, 4, 3)), numpy.eye(4)))
    put('frames.mgz', nibabel.MGHImage(array(rng, 'int16', (6, 5, 4, 3)), numpy.eye(4)))
    return made


def read(path):
    if path.suffix == '.dcm':
        import set_simpleitk
        return set_simpleitk.read(path)
    image = nibabel.load(path)
    data = numpy.asarray(image.dataobj)
    while data.ndim > 3 and data.shape[-1] == 1:
        data = data[..., 0]
    affine = image.affine
    units = getattr(image.header, 'get_xyzt_units', lambda: ('mm', ''))()[0]
    return data, numpy.diag([{'meter': 1000, 'micron': 0.001}.get(units, 1)] * 3 + [1]) @ affine
