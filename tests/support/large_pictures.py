"""Pictures and slices far larger than the memory that they may take, mostly holes in their files: values of ROIs whose voxels
lie apart by hand, and peak memory. tests/support/large_pictures.py RADIOMILL FOLDER"""
import json
import os
import struct
import subprocess
import sys
import zlib

RUN, WHERE = sys.argv[1:3]
W, H = 6000, 10000  # 60 MB; rows come in bands of 16 MB
BAND = (16 << 20) // W
# label: its voxels, at both sides of bands, in the first and the last row
PLACES = {1: [(5, BAND - 1), (6, BAND), (7, BAND + 1)], 2: [(9, 3), (9, 2 * BAND), (8, 3 * BAND - 1)], 3: [(0, 0)],
          4: [(9, H - 1), (8, H - 1)]}
VALUE = {p: 10 * label + i + 1 for label, places in PLACES.items() for i, p in enumerate(places)}
PEAK = 48  # MB


def sparse(name, head, put):
    """The head, then voxels that are zeros but for those of put: (x, y) -> value."""
    path = os.path.join(WHERE, name)
    with open(path, 'wb') as file:
        file.write(head)
        file.truncate(len(head) + W * H)
        for (x, y), value in put.items():
            file.seek(len(head) + y * W + x)
            file.write(bytes([value]))
    return path


def tiff(name, put, strips=1):
    rows = -(-H // strips)
    count = -(-H // rows)
    fields = [(256, 4, W), (257, 4, H), (258, 3, 8), (259, 3, 1), (262, 3, 1), (277, 3, 1), (278, 4, rows)]
    table = 8 + 2 + 12 * (len(fields) + 2) + 4
    head = table + 8 * count
    lists = ((273, [head + i * rows * W for i in range(count)]), (279, [min(rows, H - i * rows) * W for i in range(count)]))
    entries = [(t, k, 1, v) for t, k, v in fields]
    entries += [(t, 4, count, table + 4 * count * i if count > 1 else v[0]) for i, (t, v) in enumerate(lists)]
    entries.sort()
    data = b'II*\0' + struct.pack('<IH', 8, len(entries)) + b''.join(struct.pack('<2H2I', *e) for e in entries) + bytes(4)
    data += b''.join(struct.pack('<%dI' % count, *v) for _, v in lists)
    assert len(data) == head
    return sparse(name, data, put)


def nrrd(name, put):
    return sparse(name, ('NRRD0004\ntype: uchar\ndimension: 3\nsizes: %d %d 1\nspacings: 1 1 1\nencoding: raw\n\n' % (W, H)).encode(), put)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png(name, put, interlaced=False):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    pack, packed = zlib.compressobj(1), b''
    for x0, y0, dx, dy in ADAM7 if interlaced else ((0, 0, 1, 1),):
        blank = bytes(1 + len(range(x0, W, dx)))
        for y in range(y0, H, dy):
            row = bytearray(blank)
            for x in (x for x, row_of in put if row_of == y and x % dx == x0):
                row[1 + x // dx] = put[x, y]
            packed += pack.compress(row)
    path = os.path.join(WHERE, name)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>2I5B', W, H, 8, 0, 0, 0, interlaced)) + chunk(b'IDAT', packed + pack.flush()) +
                   chunk(b'IEND', b''))
    return path


def peak(*words):
    """Exit code, what it said, and MB at most; in a process of its own, since children are counted together."""
    done = subprocess.run([sys.executable, '-c', 'import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); '
                           'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(code)', *words],
                          capture_output=True, text=True)
    return done.returncode, done.stderr, int(done.stdout)


def main():
    labels = {p: label for label, places in PLACES.items() for p in places}
    settings, out = os.path.join(WHERE, 's.yaml'), os.path.join(WHERE, 'o.json')
    with open(settings, 'w') as file:
        file.write('families: [stat]\ndiscretisation: none\nimage_spacing: 1\n')
    bound = PEAK * (10 if 'sanitize' in RUN else 1)  # its shadows are several times as large
    for image, mask in ((tiff('i.tif', VALUE), tiff('m.tif', labels)), (tiff('strips.tif', VALUE, 77), tiff('m2.tif', labels, 3)),
                        (png('i.png', VALUE), png('m.png', labels)),
                        (png('i2.png', VALUE, True), png('m2.png', labels, True)), (nrrd('i.nrrd', VALUE), nrrd('m.nrrd', labels))):
        code, said, most = peak(RUN, 'extract', image, mask, '-c', settings, '-o', out)
        assert code == 0, said
        with open(out) as file:
            got = {row['roi']: row['values'] for row in json.load(file)['rows']}
        for label, places in PLACES.items():
            values = [VALUE[p] for p in places]
            v = got[str(label)]
            assert (v['original_stat_min'], v['original_stat_max']) == (min(values), max(values)), (image, label, v)
            assert abs(v['original_stat_mean'] - sum(values) / len(values)) < 1e-12, (image, label, v)
        assert most <= bound, '%s: %d MB, at most %d' % (image, most, bound)
        os.remove(image)
        os.remove(mask)


main()
