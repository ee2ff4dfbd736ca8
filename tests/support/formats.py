"""One image of 9 x 8 x 5 int16 and one mask, as NIfTI and in other formats: tests/support/formats.py FOLDER"""
import gzip, struct, sys, zlib
from pathlib import Path

from nifti import header

SIZE, SPACING, ORIGIN = (9, 8, 5), (0.75, 1.5, 2.5), (-10.5, 20.25, 30)  # RAS
FLAT = (1000 / 1333, 1000 / 667)  # whole dots per metre
VOXELS = [(x, y, z) for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])]
IMAGE = [(31 * x + 17 * y * y + 101 * z) % 251 - 40 for x, y, z in VOXELS]
MASK = [int(1 < x < 8 and y < 6 and 0 < z < 4 and (x + y + z) % 7 > 0) for x, y, z in VOXELS]


def packed(values, letter):
    return struct.pack('<%d%s' % (len(values), letter), *values)


def nifti(values, code, letter):
    head = header(code, 8 * struct.calcsize(letter), SIZE, SPACING, ORIGIN)
    head[123] = 2
    return bytes(head) + packed(values, letter)


def nrrd(kind, encoding, more=''):
    x, y, z = SPACING
    return ('NRRD0005\ntype: %s\ndimension: 3\nspace: left-posterior-superior\nsizes: %d %d %d\n'
            'space directions: (%g,0,0) (0,%g,0) (0,0,%g)\nkinds: domain domain domain\nendian: little\n'
            'encoding: %s\nspace origin: (%g,%g,%g)\n%s' %
            (kind, *SIZE, -x, -y, z, encoding, -ORIGIN[0], -ORIGIN[1], ORIGIN[2], more)).encode()


def npy(values, letter, fortran):
    """(z, y, x)"""
    shape = SIZE[::-1]
    if fortran:
        values = [values[x + SIZE[0] * (y + SIZE[1] * z)] for x in range(SIZE[0]) for y in range(SIZE[1]) for z in range(SIZE[2])]
    words = repr({'descr': {'h': '<i2', 'B': '|u1'}[letter], 'fortran_order': fortran, 'shape': shape}).encode()
    words = words.ljust(117) + b'\n'
    return b'\x93NUMPY\x01\0' + struct.pack('<H', len(words)) + words + packed(values, letter)


def flat(values):
    """The third slice, from 0 on."""
    plane = SIZE[0] * SIZE[1]
    return [v + 40 if values is IMAGE else v for v in values[2 * plane:3 * plane]]


def nifti_2d(values, code, letter):
    head = header(code, 8 * struct.calcsize(letter), (*SIZE[:2], 1), (*FLAT, 1), (*ORIGIN[:2], 0))
    head[40], head[123] = 2, 2
    return bytes(head) + packed(values, letter)


def png(values):
    def chunk(name, data):
        return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
    rows = b''.join(b'\0' + bytes(values[y * SIZE[0]:(y + 1) * SIZE[0]]) for y in range(SIZE[1]))
    dots = [round(1000 / s) for s in FLAT]
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>2I5B', *SIZE[:2], 8, 0, 0, 0, 0)) +
            chunk(b'pHYs', struct.pack('>2IB', *dots, 1)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def tiff(values):
    tags = [(256, 3, SIZE[0]), (257, 3, SIZE[1]), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 3, SIZE[1]), (279, 4, len(values))]
    at = 8 + len(values)
    return (struct.pack('<2sHI', b'II', 42, at) + bytes(values) + struct.pack('<H', len(tags)) +
            b''.join(struct.pack('<2HI', tag, kind, 1) + struct.pack('<HH' if kind == 3 else '<I', *((value, 0) if kind == 3 else (value,)))
                     for tag, kind, value in tags) + struct.pack('<I', 0))


def meta(kind, compressed, more):
    x, y, z = SPACING
    return ('ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = %s\n'
            'TransformMatrix = -1 0 0 0 -1 0 0 0 1\nOffset = %g %g %g\nElementSpacing = %g %g %g\nDimSize = %d %d %d\n'
            'ElementType = %s\nElementDataFile = %s\n' %
            (compressed, -ORIGIN[0], -ORIGIN[1], ORIGIN[2], x, y, z, *SIZE, kind, more)).encode()


def mgh(values, code, letter):
    centre = [o + s * n / 2 for o, s, n in zip(ORIGIN, SPACING, SIZE)]
    head = struct.pack('>7ih3f9f3f', 1, *SIZE, 1, code, 0, 1, *SPACING, 1, 0, 0, 0, 1, 0, 0, 0, 1, *centre)
    return head.ljust(284, b'\0') + struct.pack('>%d%s' % (len(values), letter), *values) + struct.pack('>4f', 2, 1, 3, 4)


def analyze(code, bits):
    head = bytearray(348)
    struct.pack_into('<i', head, 0, 348)
    struct.pack_into('<5h', head, 40, 4, *SIZE, 1)
    struct.pack_into('<2h', head, 70, code, bits)
    struct.pack_into('<4f', head, 76, 0, *SPACING)
    return bytes(head)


def main(folder):
    put = lambda name, data: (folder / name).write_bytes(data)
    image = packed(IMAGE, 'h')
    mask = bytes(MASK)
    put('plain.nii', nifti(IMAGE, 4, 'h'))
    put('plain_mask.nii', nifti(MASK, 2, 'B'))
    put('image.nrrd', nrrd('short', 'gzip') + b'\n' + gzip.compress(image))
    put('image.nhdr', nrrd('short', 'raw', 'data file: image.raw\n'))
    put('image.raw', image)
    put('mask.nrrd', nrrd('uchar', 'raw') + b'\n' + mask)
    segment = 'Segment0_ID:=Segment_1\nSegment0_Name:=tumour\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n'
    put('mask.seg.nrrd', nrrd('unsigned char', 'gzip', segment) + b'\n' + gzip.compress(mask))
    put('image.mha', meta('MET_SHORT', True, 'LOCAL') + zlib.compress(image))
    put('image.mhd', meta('MET_SHORT', False, 'image2.raw'))
    put('image2.raw', image)
    put('mask.mha', meta('MET_UCHAR', False, 'LOCAL') + mask)
    put('image.mgz', gzip.compress(mgh(IMAGE, 4, 'h')))
    put('mask.mgh', mgh(MASK, 0, 'B'))
    put('old.hdr', analyze(4, 16))
    put('old.img', image)
    put('old_mask.hdr', analyze(2, 8))
    put('old_mask.img', mask)
    for fortran in (False, True):
        put('image_%s.npy' % 'CF'[fortran], npy(IMAGE, 'h', fortran))
        put('mask_%s.npy' % 'CF'[fortran], npy(MASK, 'B', fortran))
    put('flat.nii', nifti_2d(flat(IMAGE), 512, 'H'))
    put('flat_mask.nii', nifti_2d(flat(MASK), 2, 'B'))
    put('flat.png', png(flat(IMAGE)))
    put('flat_mask.png', png(flat(MASK)))
    put('flat.tif', tiff(flat(IMAGE)))
    put('spaced.yaml', b'families: [stat, morph]\ndiscretisation: none\ndiagnostics: no\nimage_spacing: [0.75, 1.5, 2.5]\n')
    put('flat.yaml', b'families: [stat, morph]\ndiscretisation: none\ndiagnostics: no\nimage_spacing: [%.9f, %.9f, 1]\n' % FLAT)
    put('stat.yaml', b'families: [stat, morph]\ndiscretisation: none\ndiagnostics: no\n')


if __name__ == '__main__':
    main(Path(sys.argv[1]))
