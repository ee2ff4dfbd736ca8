"""The same CT of 512 x 512 x 300 as NIfTI, NRRD and MetaImage, packed at one level, and a mask of 30 slices: processor time of
`extract`, in turns: bench/formats.py RADIOMILL FOLDER [TURNS]"""
import gzip, os, random, resource, subprocess, sys, zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tests/support'))
from nifti import header  # noqa: E402

SIZE = (512, 512, 300)


def voxels():
    """Noise of 5 bits on two planes of bytes: packs by a half, as a CT does."""
    random.seed(1)
    plane = int.from_bytes(random.randbytes(2 * SIZE[0] * SIZE[1]), 'little')
    few = int.from_bytes(b'\x1f\x00' * (SIZE[0] * SIZE[1]), 'little')
    slices = [((plane >> shift) & few).to_bytes(2 * SIZE[0] * SIZE[1], 'little') for shift in range(8)]
    return b''.join(slices[z % 8] for z in range(SIZE[2]))


def mask():
    row = bytes(200) + b'\1' * 100 + bytes(212)
    plane = bytes(512 * 200) + row * 100 + bytes(512 * 212)
    return bytes(512 * 512 * 140) + plane * 30 + bytes(512 * 512 * 130)


def write(folder, name, data, code, bits, kind, meta):
    head = header(code, bits, SIZE, (0.75, 0.75, 1), signs=(-1, -1, 1))
    nrrd = ('NRRD0004\ntype: %s\ndimension: 3\nspace: LPS\nsizes: %d %d %d\nspace directions: (0.75,0,0) (0,0.75,0) (0,0,1)\n'
            'endian: little\nencoding: gzip\n\n' % (kind, *SIZE))
    mha = ('NDims = 3\nCompressedData = True\nElementSpacing = 0.75 0.75 1\nDimSize = %d %d %d\nElementType = %s\n'
           'ElementDataFile = LOCAL\n' % (*SIZE, meta))
    (folder / f'{name}.nii.gz').write_bytes(gzip.compress(bytes(head) + data, 1))
    (folder / f'{name}.nrrd').write_bytes(nrrd.encode() + gzip.compress(data, 1))
    (folder / f'{name}.mha').write_bytes(mha.encode() + zlib.compress(data, 1))


def main(run, folder, turns=7):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'mask.mha').exists():
        write(folder, 'image', voxels(), 4, 16, 'short', 'MET_SHORT')
        write(folder, 'mask', mask(), 2, 8, 'uchar', 'MET_UCHAR')
    (folder / 's.yaml').write_text('families: [stat]\ndiscretisation: none\n')
    times = {ending: [] for ending in ('nii.gz', 'nrrd', 'mha')}
    tables = set()
    for _ in range(int(turns)):
        for ending, seconds in times.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([run, 'extract', folder / f'image.{ending}', folder / f'mask.{ending}', '-c', folder / 's.yaml',
                            '--case', 'x', '--verify', '-o', folder / 'out.csv'], check=True, stderr=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            tables.add((folder / 'out.csv').read_text().replace(ending, ''))
    assert len(tables) == 1, tables
    for ending, seconds in times.items():
        size = os.path.getsize(folder / f'image.{ending}') / 1e6
        print(f'{ending:8} {size:6.1f} MB  {min(seconds):.3f} s at best, {sorted(seconds)[len(seconds) // 2]:.3f} s in the middle')


if __name__ == '__main__':
    main(*sys.argv[1:])
