"""Files that SimpleITK, tifffile and Pillow write, and what SimpleITK reads of them."""
import itertools

import nrrd
import numpy
import SimpleITK
import tifffile
from PIL import Image

from set_nibabel import TYPES, array


def written(folder):
    rng = numpy.random.default_rng(2)
    made = []
    for kind, ending, packed, flat in itertools.product(TYPES, ('.nrrd', '.nhdr', '.mha', '.mhd', '.nii.gz'), (False, True), (False, True)):
        image = SimpleITK.GetImageFromArray(array(rng, kind, (5, 6) if flat else (4, 5, 6)))
        axes = 2 if flat else 3
        image.SetSpacing(rng.uniform(0.3, 4, size=axes).tolist())
        image.SetOrigin(rng.uniform(-99, 99, size=axes).tolist())
        turn = numpy.array([[0.6, -0.8], [0.8, 0.6]]) if flat else numpy.linalg.qr(rng.normal(size=(3, 3)))[0]
        if numpy.linalg.det(turn) < 0 and ending == '.nii.gz':
            turn[:, 2] *= -1
        image.SetDirection(turn.ravel().tolist())
        path = folder / f'{kind}_{"gz" if packed else "raw"}_{axes}{ending}'
        SimpleITK.WriteImage(image, str(path), useCompression=packed)
        made.append(path)
    for ending in ('.nrrd', '.mha'):
        vector = folder / f'vector{ending}'
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(array(rng, 'int16', (4, 5, 6, 3)), isVector=True), str(vector))
        frames = folder / f'frames{ending}'
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(array(rng, 'int16', (3, 4, 5, 6)), isVector=False), str(frames))
        made += [vector, frames]
    return made


def read(path):
    image = SimpleITK.ReadImage(str(path))
    axes = image.GetDimension()
    lps = numpy.eye(4)
    lps[:axes, :axes] = numpy.array(image.GetDirection()).reshape(axes, axes) * image.GetSpacing()
    lps[:axes, 3] = image.GetOrigin()
    return numpy.transpose(SimpleITK.GetArrayFromImage(image)), numpy.diag([-1, -1, 1, 1]) @ lps


def by_pynrrd(folder):
    """Encodings that SimpleITK does not write, headers of their own, spaces; it reads them all but bzip2."""
    rng = numpy.random.default_rng(5)
    made = []
    spaces = ('right-anterior-superior', 'left-anterior-superior', 'left-posterior-superior')
    for number, (kind, encoding, own) in enumerate(itertools.product(TYPES, ('raw', 'gzip', 'ascii', 'bzip2'), (False, True))):
        header = {'space': spaces[number % 3], 'space origin': rng.uniform(-99, 99, size=3),
                  'space directions': (numpy.linalg.qr(rng.normal(size=(3, 3)))[0] * rng.uniform(0.3, 4, size=3)).T,
                  'encoding': encoding, 'kinds': ['domain'] * 3}
        path = folder / f'{kind}_{encoding}{".nhdr" if own else ".nrrd"}'
        values = array(rng, kind, (6, 5, 4))
        if encoding == 'ascii' and 'float' in kind:
            values = numpy.round(values)
        nrrd.write(str(path), values, header, detached_header=own)
        made.append(path)
    return made


def pictures(folder):
    rng = numpy.random.default_rng(3)
    made = []
    for kind, packed, order in itertools.product(TYPES, (None, 'zlib'), '<>'):
        if kind in ('uint64', 'int64'):
            continue
        for tile in (None, (16, 16)):
            path = folder / f'{kind}_{packed}_{"lb"[order == ">"]}_{"tiles" if tile else "strips"}.tif'
            tifffile.imwrite(path, array(rng, kind, (37, 53)), compression=packed, byteorder=order, tile=tile,
                             resolution=(100, 200), resolutionunit='CENTIMETER')
            made.append(path)
    for kind in ('uint8', 'uint16'):
        path = folder / f'{kind}.png'
        Image.fromarray(array(rng, kind, (37, 53))).save(path, dpi=(254, 508))
        made.append(path)
    return made


def read_picture(path):
    """Voxels by tifffile or Pillow; both write 0.1 x 0.05 mm, and the third axis has no length."""
    data = tifffile.imread(path) if path.suffix == '.tif' else numpy.asarray(Image.open(path))
    return data.T, None
