"""One image of 9 x 8 x 5 int16 and one mask, as NIfTI and in other formats: tests/support/formats.py FOLDER"""
import gzip, struct, sys
from pathlib import Path

SIZE, SPACING, ORIGIN = (9, 8, 5), (0.75, 1.5, 2.5), (-10.5, 20.25, 30)  # RAS
VOXELS = [(x, y, z) for z in range(SIZE[2]) for y in range(SIZE[1]) for x in range(SIZE[0])]
IMAGE = [(31 * x + 17 * y * y + 101 * z) % 251 - 40 for x, y, z in VOXELS]
MASK = [int(1 < x < 8 and y < 6 and 0 < z < 4 and (x + y + z) % 7 > 0) for x, y, z in VOXELS]


def nifti(values, code, letter):
    head = bytearray(352)
    struct.pack_into('<i', head, 0, 348)
    struct.pack_into('<8h', head, 40, 3, *SIZE, 1, 1, 1, 1)
    struct.pack_into('<2h', head, 70, code, 8 * struct.calcsize(letter))
    struct.pack_into('<8f', head, 76, 1, *SPACING, 0, 0, 0, 0)
    struct.pack_into('<f', head, 108, 352)
    head[123] = 2
    struct.pack_into('<2h', head, 252, 0, 1)
    for row in range(3):
        struct.pack_into('<4f', head, 280 + 16 * row, *(SPACING[row] if a == row else 0 for a in range(3)), ORIGIN[row])
    head[344:348] = b'n+1\0'
    return bytes(head) + struct.pack('<%d%s' % (len(values), letter), *values)


def nrrd(kind, encoding, more=''):
    x, y, z = SPACING
    return ('NRRD0005\ntype: %s\ndimension: 3\nspace: left-posterior-superior\nsizes: %d %d %d\n'
            'space directions: (%g,0,0) (0,%g,0) (0,0,%g)\nkinds: domain domain domain\nendian: little\n'
            'encoding: %s\nspace origin: (%g,%g,%g)\n%s' %
            (kind, *SIZE, -x, -y, z, encoding, -ORIGIN[0], -ORIGIN[1], ORIGIN[2], more)).encode()


def main(folder):
    put = lambda name, data: (folder / name).write_bytes(data)
    image = struct.pack('<%dh' % len(IMAGE), *IMAGE)
    mask = bytes(MASK)
    put('plain.nii', nifti(IMAGE, 4, 'h'))
    put('plain_mask.nii', nifti(MASK, 2, 'B'))
    put('image.nrrd', nrrd('short', 'gzip') + b'\n' + gzip.compress(image))
    put('image.nhdr', nrrd('short', 'raw', 'data file: image.raw\n'))
    put('image.raw', image)
    put('mask.nrrd', nrrd('uchar', 'raw') + b'\n' + mask)
    segment = 'Segment0_ID:=Segment_1\nSegment0_Name:=tumour\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n'
    put('mask.seg.nrrd', nrrd('unsigned char', 'gzip', segment) + b'\n' + gzip.compress(mask))
    put('stat.yaml', b'families: [stat, morph]\ndiscretisation: none\ndiagnostics: no\n')


if __name__ == '__main__':
    main(Path(sys.argv[1]))
