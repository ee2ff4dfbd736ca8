#!/usr/bin/env python3
"""Values of PyRadiomics for chosen settings, and what radiomill gives for the same parameter files.

    pyr_oracle.py BINARY DATA [--markdown] [s01,s02,...] [phantom,brain1,...]

Every value of every file counts; one that is not there is a difference. A line per setting and image: how many agree of
how many, and the worst difference. Exit code 1 where one is beyond its tolerance: 1e-9 relative for the original image
without resampling (counts, first order, texture), 1e-6 relative for the rest.
"""
import csv
import math
import os
import subprocess
import sys
import tempfile

from pyr_difference import difference

markdown = '--markdown' in sys.argv
binary, data, *rest = [a for a in sys.argv[1:] if a != '--markdown']
oracle = os.path.join(data, 'pyradiomics', 'oracle')
pairs = {
    'phantom': ('ibsi1/digital_phantom/image.nii.gz', 'ibsi1/digital_phantom/mask.nii.gz'),
    'brain1': ('pyradiomics/brain1_image.nrrd', 'pyradiomics/brain1_label.nrrd'),
    'sts2_ct': ('sts/STS_002/CT_image.nii.gz', 'sts/STS_002/CT_mask.nii.gz'),
    'sts2_pet': ('sts/STS_002/PET_image.nii.gz', 'sts/STS_002/PET_mask.nii.gz'),
}
wanted = rest[0].split(',') if rest else None
images = rest[1].split(',') if len(rest) > 1 else list(pairs)


def extract(settings, image):
    out = tempfile.mktemp(suffix='.csv')
    done = subprocess.run(
        [binary, 'extract', *(os.path.join(data, p) for p in pairs[image]), '-c', settings, '-o', out],
        capture_output=True, text=True)
    if not os.path.exists(out):
        return None, done.stderr
    with open(out) as f:
        rows = list(csv.reader(f))
    os.unlink(out)
    return dict(zip(*rows[:2])), done.stderr


def compare(name, image, expected):
    got, said = extract(os.path.join(oracle, name + '.yaml'), image)
    if got is None:
        return 0, len(expected), math.inf, ['%s %s: %s' % (name, image, said.strip())]
    with open(os.path.join(oracle, name + '.yaml')) as f:
        resampled = 'resampledPixelSpacing' in f.read()
    agree, worst, wrong = 0, 0, []
    for column, value in expected.items():
        d = difference(value, got.get(column, 'missing'))
        tolerance = 1e-9 if column.startswith('original') and not resampled else 1e-6
        worst = max(worst, d)
        if d <= tolerance:
            agree += 1
        else:
            wrong.append('%s %s %s: %s, expected %s' % (name, image, column, got.get(column, 'missing'), value))
    return agree, len(expected), worst, wrong


def main():
    total, agreeing, wrong = 0, 0, []
    for file in sorted(os.listdir(oracle)):
        name = file[:-5]
        if not file.endswith('.yaml') or (wanted and name[:3] not in wanted):
            continue
        with open(os.path.join(oracle, name + '.csv')) as f:
            head, *rows = csv.reader(f)
        for image in images:
            if image not in head or not os.path.exists(os.path.join(data, pairs[image][0])):
                continue
            place = head.index(image)
            expected = {r[0]: r[place] for r in rows if r[place] != ''}
            agree, all_of, worst, why = compare(name, image, expected)
            total, agreeing, wrong = total + all_of, agreeing + agree, wrong + why
            print(('| %s | %s | %d of %d | %.1e |' if markdown else '%s %s: %d of %d, worst %.1e') %
                  (name, image, agree, all_of, worst))
    for line in wrong[:20]:
        print('# ' + line)
    print(('\n' if markdown else '') + '%d of %d values agree' % (agreeing, total))
    return 1 if wrong or not total else 0


sys.exit(main())
