"""One image and mask, by chance oblique, as formats and conversions write it: doubles, single precision, and doubles that
were single precision. one_grid.py FOLDER SEED [dicom]; writes image.KIND and mask.KIND of four kinds, and half.yaml; with
dicom (by pydicom) image.dicom, a series whose places are in single precision."""

import os
import random
import struct
import sys

from nifti import header, write

folder, seed = sys.argv[1], int(sys.argv[2])
rng = random.Random(seed)
n, origin = (22, 20, 13), (-60.7, 50.3, 80.1)
side = round(rng.uniform(0.3, 2), rng.randrange(1, 5))
spacing = [side, side, rng.choice([side, 2 * side, 1.7])]
w, x, y, z = (rng.gauss(0, 1) for _ in range(4)) if seed % 3 else (1, 0, 0, 0)
length = (w * w + x * x + y * y + z * z) ** 0.5
w, x, y, z = w / length, x / length, y / length, z / length
turned = [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
          [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
          [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]


def single(value):
    return struct.unpack('<f', struct.pack('<f', value))[0]


def nrrd(path, values, spacing):
    steps = ' '.join('(%s)' % ','.join(repr(turned[r][a] * spacing[a]) for r in range(3)) for a in range(3))
    with open(path, 'wb') as file:
        file.write(('NRRD0004\ntype: short\ndimension: 3\nspace: RAS\nsizes: %d %d %d\n' % n + 'space directions: %s\n' % steps +
                    'space origin: (%s,%s,%s)\n' % origin + 'endian: little\nencoding: raw\n\n').encode() + struct.pack('<%dh' % len(values), *values))


def nii(path, values):
    head = header(4, 16, n, spacing, origin)
    for r in range(3):
        struct.pack_into('<3f', head, 280 + 16 * r, *(turned[r][a] * spacing[a] for a in range(3)))
    write(path, head, 'h', values)


def mgh(path, values):
    centre = [origin[r] + sum(turned[r][a] * spacing[a] * n[a] / 2 for a in range(3)) for r in range(3)]
    head = struct.pack('>7ih3f', 1, *n, 1, 4, 0, 1, *spacing) + struct.pack('>9f', *(turned[r][a] for a in range(3) for r in range(3)))
    with open(path, 'wb') as file:
        file.write((head + struct.pack('>3f', *centre)).ljust(284, b'\0') + struct.pack('>%dh' % len(values), *values))


def dicom(path, values):
    import dicom as maker
    maker.top = folder
    lps = [[(-1, -1, 1)[r] * turned[r][a] for r in range(3)] for a in range(3)]

    def change(d, z):
        d.Rows, d.Columns, d.PixelSpacing, d.SliceThickness = n[1], n[0], [spacing[1], spacing[0]], spacing[2]
        d.ImageOrientationPatient = ['%.12g' % v for v in lps[0] + lps[1]]
        d.ImagePositionPatient = [repr(single((-1, -1, 1)[r] * (origin[r] + z * spacing[2] * turned[r][2])))[:16] for r in range(3)]
        d.RescaleSlope, d.RescaleIntercept = '1', '0'
        d.PixelData = struct.pack('<%dh' % (n[0] * n[1]), *values[z * n[0] * n[1]:(z + 1) * n[0] * n[1]])
    maker.series(path, change, slices=n[2])


at = [(x, y, z) for z in range(n[2]) for y in range(n[1]) for x in range(n[0])]
for name, values in (('image', [rng.randrange(-50, 250) for _ in at]),
                     ('mask', [int(((x - 11) / 9) ** 2 + ((y - 10) / 8) ** 2 + ((z - 6) / 5) ** 2 < 1 and rng.random() < 0.8) for x, y, z in at])):
    base = os.path.join(folder, name)
    nrrd(base + '.nrrd', values, spacing)
    nrrd(base + '.converted.nrrd', values, [single(s) for s in spacing])
    nii(base + '.nii', values)
    mgh(base + '.mgh', values)
    if sys.argv[3:] == ['dicom'] and name == 'image':
        dicom('image.dicom', values)
with open(os.path.join(folder, 'half.yaml'), 'w') as file:
    file.write('interpolation: {spacing: %r, method: %s}\nresegmentation: {range: [-1000, 400]}\ndiscretisation: [fbs25]\n' %
               (round(side * (2, 1.5, 0.5)[seed % 3], 6), ('linear', 'cubic')[seed % 2]))
