#!/usr/bin/env python3
"""Images and parameter files drawn by chance: PyRadiomics, and radiomill on the same files.

    pyr_random.py BINARY DATA FIRST LAST [FOLDER]

A case for each seed from FIRST to LAST - 1; its files stay in FOLDER. Run by a Python that imports radiomics (3.0.1),
scikit-image, SciPy before 1.15 and trimesh. A line a case: `same`, `differs` with its first values, or `fails` where one
of both refuses it. Exit code 1 where a value is beyond 1e-6, or only radiomill refuses.
"""

import csv
import json
import logging
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import SimpleITK as sitk
import radiomics
from radiomics import featureextractor

from pyr_difference import difference

radiomics.logger.setLevel(logging.CRITICAL)
logging.disable(logging.CRITICAL)
warnings.filterwarnings('ignore')
np.seterr(all='ignore')

binary, data, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
folder = sys.argv[5] if len(sys.argv) > 5 else tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)
INTERPOLATORS = [
    'sitkNearestNeighbor',
    'sitkLinear',
    'sitkBSpline',
    'sitkGaussian',
    'sitkLabelGaussian',
    'sitkHammingWindowedSinc',
    'sitkCosineWindowedSinc',
    'sitkWelchWindowedSinc',
    'sitkLanczosWindowedSinc',
    'sitkBlackmanWindowedSinc',
]
WAVELETS = [
    'haar',
    'db2',
    'db4',
    'coif1',
    'coif2',
    'sym3',
    'sym5',
    'bior1.3',
    'bior2.2',
    'rbio1.3',
    'rbio3.1',
    'dmey',
    'db11',
    'sym12',
    'bior4.4',
    'coif5',
]

SOURCES = {
    'brain1': ('pyradiomics/brain1_image.nrrd', 'pyradiomics/brain1_label.nrrd'),
    'breast1': ('pyradiomics/breast1_image.nrrd', 'pyradiomics/breast1_label.nrrd'),
    'digital': ('ibsi1/digital_phantom/image.nii.gz', 'ibsi1/digital_phantom/mask.nii.gz'),
    'phantom': ('ibsi1/ct_phantom/nifti/image.nii.gz', 'ibsi1/ct_phantom/nifti/mask.nii.gz'),
    'sts_pet': ('sts/STS_002/PET_image.nii.gz', 'sts/STS_002/PET_mask.nii.gz'),
}
cache = {}


def source(name):
    if name not in cache:
        cache[name] = [sitk.ReadImage(os.path.join(data, p)) for p in SOURCES[name]]
    return cache[name]


def rotation(r, np_r):
    q = np_r.normal(size=4)
    q /= np.linalg.norm(q)
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def make_image(r, g):
    kind = r.choice(
        [
            'brain1',
            'breast1',
            'digital',
            'phantom',
            'synthetic',
            'synthetic',
            'synthetic',
            'brain1crop',
            'phantomcrop',
            'petcrop',
            'flat',
        ]
    )
    if kind in ('brain1', 'digital', 'breast1'):
        image, mask = source(kind)
        return kind, image, sitk.Cast(mask, sitk.sitkUInt8)
    if kind.endswith('crop') or kind == 'phantom':
        image, mask = source(
            {'brain1crop': 'brain1', 'phantomcrop': 'phantom', 'petcrop': 'sts_pet', 'phantom': 'phantom'}[kind]
        )
        size = [min(r.randint(14, 30), s) for s in image.GetSize()]
        m = sitk.GetArrayFromImage(mask)
        at = r.choice(np.argwhere(m > 0).tolist())[::-1]
        start = [max(0, min(a - n // 2, s - n)) for a, n, s in zip(at, size, image.GetSize())]
        image = sitk.RegionOfInterest(image, size, start)
        a = sitk.GetArrayFromImage(image)
    else:
        size = [r.randint(5, 22) for _ in range(3)]
        a = g.normal(size=size[::-1])
        for axis in range(3):
            for _ in range(r.randint(0, 2)):
                a = (a + np.roll(a, 1, axis)) / 2
        a = a / a.std() * r.choice([1, 30, 300]) + r.choice([0, 0, 100, -1000, 1000])
        if kind == 'flat':
            a = np.round(a / 40) * 40
        image = None
    dtype = r.choice(['int16', 'int16', 'uint8', 'uint16', 'int32', 'float32', 'float32', 'float64'])
    if image is None or r.random() < 0.4:
        if dtype == 'uint8':
            a = np.clip(a, 0, 255)
        if dtype == 'uint16':
            a = np.clip(a, 0, 65535)
        b = a.astype(dtype)
        new = sitk.GetImageFromArray(b)
        if image is None:
            new.SetSpacing(
                [r.choice([1, 0.5, 0.9765625, 1.2, 2.5, 3.0, 5.0]) for _ in range(3)]
                if r.random() < 0.7
                else [r.choice([1.0, 0.8, 3.0])] * 3
            )
            new.SetOrigin([round(r.uniform(-200, 200), r.choice([0, 2, 9])) for _ in range(3)])
            t = r.random()
            if t < 0.3:
                new.SetDirection(rotation(r, g).ravel())
            elif t < 0.6:
                p = np.eye(3)[r.sample(range(3), 3)] * np.array([r.choice([-1, 1]) for _ in range(3)])
                new.SetDirection(p.ravel())
        else:
            new.CopyInformation(image)
        image = new
    n = image.GetSize()
    m = np.zeros(n[::-1], np.uint8)
    z, y, x = np.indices(m.shape)
    shape = r.choice(['ball', 'ball', 'noise', 'box', 'slice', 'blob', 'near'])
    c = [r.uniform(0.25, 0.75) * s for s in m.shape]
    rad = [max(1.1, r.uniform(0.15, 0.4) * s) for s in m.shape]
    if shape == 'near':
        c = [r.choice([0, s - 1]) for s in m.shape]
        rad = [min(s * 0.6, q * 2) for s, q in zip(m.shape, rad)]
    d = ((z - c[0]) / rad[0]) ** 2 + ((y - c[1]) / rad[1]) ** 2 + ((x - c[2]) / rad[2]) ** 2
    label = r.choice([1, 1, 1, 2, 7])
    m[d <= 1] = label
    if shape == 'noise':
        m[g.random(m.shape) < 0.4] = 0
    if shape == 'box':
        m[:] = 0
        m[tuple(slice(int(s * 0.3), max(int(s * 0.3) + 2, int(s * 0.7))) for s in m.shape)] = label
    if shape == 'slice':
        axis = r.choice([0, 0, 0, 1, 2])
        keep = [slice(None)] * 3
        keep[axis] = int(c[axis])
        k = np.zeros_like(m)
        k[tuple(keep)] = 1
        m *= k
    if shape == 'blob':
        m[(g.normal(size=m.shape) > 1.2) & (m == 0)] = label
    mask = sitk.GetImageFromArray(m if r.random() < 0.7 else m.astype(r.choice(['int16', 'uint16', 'float32'])))
    mask.CopyInformation(image)
    if r.random() < 0.12:  # a grid of its own
        ref = sitk.Image([max(2, int(s * 0.8)) for s in n], mask.GetPixelID())
        ref.SetSpacing([s * 1.1 for s in image.GetSpacing()])
        ref.SetOrigin(image.TransformContinuousIndexToPhysicalPoint([0.7, 0.4, 0.2]))
        ref.SetDirection(image.GetDirection())
        mask = sitk.Resample(mask, ref, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
        shape += '-own'
    return '%s-%s-%s-%s' % (kind, image.GetPixelIDTypeAsString().replace(' ', ''), shape, label), image, mask


def maybe(r, p, d, key, value):
    if r.random() < p:
        d[key] = value() if callable(value) else value


def per_image(r, d):
    maybe(r, 0.12, d, 'binWidth', lambda: r.choice([2, 7.5, 25]))
    maybe(r, 0.12, d, 'binCount', lambda: r.choice([6, 16]))
    return d


def make_settings(r, image, label):
    s, i = {}, {}
    sp = image.GetSpacing()
    small = np.prod(image.GetSize()) < 30000
    a = sitk.GetArrayViewFromImage(image)
    span = float(a.max()) - float(a.min()) or 1
    maybe(r, 0.4, s, 'binWidth', lambda: round(span / r.choice([4, 9, 20, 40]), r.choice([0, 2, 5])) or 1)
    maybe(r, 0.35, s, 'binCount', lambda: r.choice([4, 8, 16, 32, 50]))
    if 'binWidth' not in s and 'binCount' not in s:
        if span / 25 > 60 or span < 25:
            s['binCount'] = 12
    maybe(r, 0.3, s, 'normalize', True)
    if s.get('normalize'):
        maybe(r, 0.6, s, 'normalizeScale', lambda: r.choice([1, 100, 7.5]))
        maybe(r, 0.5, s, 'removeOutliers', lambda: r.choice([1, 2.5, 3]))
        if 'binWidth' in s:
            s['binWidth'] = round(s.get('normalizeScale', 1) / r.choice([3, 7, 10]), 3)
    if r.random() < 0.45:
        t = r.random()
        if t < 0.35:
            s['resampledPixelSpacing'] = [round(min(sp) * r.choice([1, 1.5, 2]) if min(sp) * 2 > 0.4 else 1, 2)] * 3
        elif t < 0.7:
            s['resampledPixelSpacing'] = [
                0 if r.random() < 0.35 else round(x * r.choice([0.7, 1, 1.5, 2.3]), r.choice([1, 3])) for x in sp
            ]
        else:
            s['resampledPixelSpacing'] = [round(sp[0] * 1.5, 2), round(sp[1] * 1.5, 2), 0]
        maybe(r, 0.6, s, 'interpolator', lambda: r.choice(INTERPOLATORS + [1, 2] + list(range(4, 11))))
    maybe(r, 0.3, s, 'padDistance', lambda: r.choice([0, 1, 3, 8, 10]))
    maybe(r, 0.2, s, 'preCrop', True)
    if r.random() < 0.25:
        mode = r.choice([None, 'absolute', 'relative', 'sigma'])
        if mode:
            s['resegmentMode'] = mode
        if mode == 'sigma':
            s['resegmentRange'] = r.choice([[-2, 2], [-1, 3], [1.5], [-0.5]])
        elif mode == 'relative':
            s['resegmentRange'] = r.choice([[0.1, 0.9], [0.3], [0, 1]])
        elif s.get('normalize'):
            s['resegmentRange'] = r.choice([[-1, 2], [-0.5]])
        else:
            s['resegmentRange'] = r.choice(
                [[float(np.percentile(a, 10)), float(np.percentile(a, 90))], [float(np.percentile(a, 30))]]
            )
        maybe(r, 0.4, s, 'resegmentShape', lambda: r.choice([True, False]))
    if label != 1:
        s['label'] = label
    else:
        maybe(r, 0.2, s, 'label', 1)
    maybe(r, 0.3, s, 'correctMask', True)
    maybe(r, 0.1, s, 'geometryTolerance', lambda: r.choice([1e-6, 1e-3, 0.1]))
    maybe(r, 0.2, s, 'minimumROIDimensions', lambda: r.choice([1, 2, 3]))
    maybe(r, 0.1, s, 'minimumROISize', lambda: r.choice([2, 10, 50]))
    maybe(r, 0.3, s, 'force2D', True)
    maybe(r, 0.35, s, 'force2Ddimension', lambda: r.choice([0, 1, 2]))
    maybe(r, 0.25, s, 'distances', lambda: r.choice([[1, 2], [2], [1, 3], [3]]))
    maybe(r, 0.25, s, 'weightingNorm', lambda: r.choice(['manhattan', 'euclidean', 'infinity', 'no_weighting']))
    maybe(r, 0.2, s, 'symmetricalGLCM', False)
    maybe(r, 0.2, s, 'gldm_a', lambda: r.choice([1, 2, 5]))
    maybe(r, 0.2, s, 'voxelArrayShift', lambda: r.choice([10, 300, 1000]))
    maybe(r, 0.15, s, 'additionalInfo', lambda: r.choice([True, False]))
    if r.random() < 0.85:
        i['Original'] = per_image(r, {})
    kinds = ['LoG', 'Wavelet', 'Square', 'SquareRoot', 'Logarithm', 'Exponential', 'Gradient', 'LBP2D'] + (
        ['LBP3D'] if small else []
    )
    for k in r.sample(kinds, r.choice([1, 2, 3])):
        d = per_image(r, {})
        if k == 'LoG':
            d['sigma'] = [round(r.uniform(0.4, 4), r.choice([0, 1, 2])) or 1 for _ in range(r.choice([1, 2]))]
        if k == 'Wavelet':
            maybe(r, 0.6, d, 'wavelet', lambda: r.choice(WAVELETS))
            maybe(r, 0.3, d, 'level', lambda: r.choice([1, 2]))
            maybe(r, 0.2, d, 'start_level', lambda: r.choice([0, 1]))
        if k == 'Gradient':
            maybe(r, 0.5, d, 'gradientUseSpacing', lambda: r.choice([True, False]))
        if k == 'LBP2D':
            maybe(r, 0.5, d, 'lbp2DRadius', lambda: r.choice([1, 2, 1.5]))
            maybe(r, 0.5, d, 'lbp2DSamples', lambda: r.choice([8, 9, 12]))
            maybe(r, 0.5, d, 'lbp2DMethod', lambda: r.choice(['default', 'ror', 'uniform', 'var']))
        if k == 'LBP3D':
            maybe(r, 0.5, d, 'lbp3DLevels', lambda: r.choice([1, 2, 3]))
            maybe(r, 0.5, d, 'lbp3DIcosphereRadius', lambda: r.choice([1, 2, 1.5]))
            maybe(r, 0.5, d, 'lbp3DIcosphereSubdivision', lambda: r.choice([0, 1, 2]))
        i[k] = d
    p = {'setting': s, 'imageType': i}
    t = r.random()
    if t < 0.5:
        p['featureClass'] = {c: None for c in ['shape', 'firstorder', 'glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm']}
    elif t < 0.6:
        p['featureClass'] = {c: None for c in ['shape2D', 'firstorder', 'glcm', 'ngtdm']}
    elif t < 0.7:
        p['featureClass'] = {
            'firstorder': ['StandardDeviation', 'Mean', 'Energy'],
            'shape': ['Compactness1', 'Compactness2', 'SphericalDisproportion', 'MeshVolume'],
            'glcm': None,
            'glrlm': [],
            'gldm': ['DependenceEntropy'],
        }
    return p


def oracle(settings, image, mask):
    try:
        values = featureextractor.RadiomicsFeatureExtractor(settings).execute(image, mask)
        return {k: (float(v) if hasattr(v, 'dtype') else v) for k, v in values.items()}, None
    except Exception as error:
        return None, '%s: %s' % (type(error).__name__, str(error).strip()[-200:])


def extract(settings, files, out):
    if os.path.exists(out):
        os.unlink(out)
    done = subprocess.run([binary, 'extract', *files, '-c', settings, '-o', out], capture_output=True, text=True)
    if done.returncode or not os.path.exists(out):
        return None, done.stderr.strip()[-300:]
    with open(out) as f:
        return dict(zip(*list(csv.reader(f))[:2])), None


def compare(expected, got):
    """Values that differ, how many agree, the worst difference of these."""
    wrong, agree, worst = [], 0, 0
    for column, value in expected.items():
        if 'Versions' in column or 'Configuration' in column or (column.endswith('Hash') and got.get(column) == 'none'):
            continue
        d = difference(str(value) or 'nan', got[column] or 'nan') if column in got else math.inf
        if d <= 1e-6:
            agree, worst = agree + 1, max(worst, d)
        else:
            wrong.append((column, value, got.get(column, 'missing')))
    for column, value in got.items():
        if column.count('_') >= 2 and not column.startswith('diagnostics') and column not in expected and value:
            wrong.append((column, 'missing', value))
    return wrong, agree, worst


def one(seed):
    r, g = random.Random(seed), np.random.default_rng(seed)
    name, image, mask = make_image(r, g)
    settings = make_settings(r, image, int(name.rsplit('-', 1)[1]) if '-' in name else 1)
    ending = r.choice(['.nrrd', '.nrrd', '.nii.gz', '.mha'])
    base = os.path.join(folder, str(seed))
    files = [base + '_image' + ending, base + '_mask' + ending]
    sitk.WriteImage(image, files[0])
    sitk.WriteImage(mask, files[1])
    with open(base + '.yaml', 'w') as f:
        json.dump(settings, f, indent=1)
    expected, there = oracle(base + '.yaml', *files)
    got, here = extract(base + '.yaml', files, base + '.csv')
    if expected is None or got is None:
        print(seed, name, 'fails; there:', there, '; here:', here)
        return got is None and expected is not None
    wrong, agree, worst = compare(expected, got)
    print(seed, name, 'differs' if wrong else 'same', '%d of %d' % (agree, agree + len(wrong)), '%.1e' % worst)
    for line in wrong[:6]:
        print('   ', *line)
    sys.stdout.flush()
    return bool(wrong)


sys.exit(1 if sum([one(seed) for seed in range(first, last)]) else 0)
