"""Files of other programs: what is read of each is that of its reference reader, voxel by voxel and axis by axis, or it is
refused in the words that stand in REASONS. Counts go to the table in docs/files.md, which must say the same.

    tests/files/formats.py DUMP [--write]     DUMP: build/tests/dump; --write puts the counts there

A set is a name, the files that it has, and the reader that they are compared with: to add one, write a module with
`files(folder)` and `read(path)`, and add it to SETS.
"""
import argparse, collections, re, subprocess, sys, tempfile
from pathlib import Path

import numpy

import page, set_nibabel, set_simpleitk

SETS = [
    ('nibabel, its own test files', set_nibabel.own, set_nibabel.read),
    ('nibabel, written by it', set_nibabel.written, set_nibabel.read),
    ('SimpleITK, written by it', set_simpleitk.written, set_simpleitk.read),
    ('pynrrd, written by it', set_simpleitk.by_pynrrd, set_simpleitk.read),
    ('tifffile and Pillow, written by them', set_simpleitk.pictures, set_simpleitk.read_picture),
]
# What is refused: pattern of the file, words of the message, why.
REASONS = [
    (r'\.(PAR|REC)$', 'Philips', 'Philips PAR/REC: named'),
    (r'\.mnc$', 'MINC', 'MINC: named'),
    (r'\.nc$', 'netCDF', 'netCDF: named'),
    (r'\.(HEAD|BRIK|BRIK\.gz)$', 'AFNI', 'AFNI: named'),
    (r'\.(trk|tck)$', 'fibres', 'fibres: named'),
    (r'\.gii(\.gz)?$', 'GIfTI', 'GIfTI surfaces: named'),
    (r'bzip2|\.bz2$', 'bzip2', 'bzip2: named'),
    (r'\.v$', 'ECAT', 'ECAT: named'),
    (r'\.(py|pyc|m|rst|dat|gitignore|bin|bin\.gz|txt)$|no_magic', '', 'no image'),
    (r'\.dcm\.gz$', 'packed by gzip', 'DICOM packed by gzip: named'),
    (r'(4d|functional|dconn|example_nifti2|frames)', 'frames', 'several frames: refused'),
    (r'test\.mgz', 'not at right angles', 'axes that are not at right angles: refused'),
    (r'(rgb|vector|colour)', 'values a voxel', 'several values a voxel: refused'),
    (r'(nifti[12]|analyze)\.hdr$', 'cannot be read: No such file', 'a header without its voxels'),
    (r'\.dcm$', 'a mosaic', 'DICOM, mosaics: named'),
    (r'\.dcm$', 'has no PixelData', 'DICOM without voxels'),
]
EXIT_CODES = {0, 3, 4}


def dump(tool, path, out):
    done = subprocess.run([tool, 'image', str(path), str(out)], capture_output=True, text=True, errors='replace')
    return done.returncode, done.stdout.split(), done.stderr.strip()


def compare(words, out, expected):
    """Why what was dumped is not the expected (voxels x, y, z; affine in RAS), or None."""
    voxels, affine = expected
    size = tuple(int(w) for w in words[:3])
    voxels = voxels.reshape(voxels.shape + (1,) * (3 - voxels.ndim), order='F') if voxels.ndim < 3 else voxels
    if size != voxels.shape:
        return f'size {size}, expected {voxels.shape}'
    spacing, origin = (numpy.array(words[a:a + 3], float) for a in (4, 7))
    direction = numpy.array(words[10:19], float).reshape(3, 3)
    if affine is not None:
        axes = [a for a in range(3) if voxels.shape[a] > 1]  # that of a single voxel has no length to compare
        got = direction * spacing
        scale = numpy.abs(affine[:3, :3]).max()
        if not numpy.allclose(got[:, axes], affine[:3, axes], rtol=1e-6, atol=1e-6 * scale):
            return f'axes {got.tolist()}, expected {affine[:3, :3].tolist()}'
        if not numpy.allclose(origin, affine[:3, 3], rtol=1e-6, atol=1e-5):
            return f'origin {origin}, expected {affine[:3, 3]}'
    values = numpy.fromfile(out).reshape(size, order='F')
    if not numpy.array_equal(values, voxels.astype(float), equal_nan=True):
        return f'voxels differ by up to {numpy.nanmax(numpy.abs(values - voxels))}'
    return None


def judge(tool, path, read, out):
    """(what came of it, a fault or None)"""
    code, words, message = dump(tool, path, out)
    if code not in EXIT_CODES:
        return 'failed', f'exit code {code}: {message}'
    if code == 0:
        try:
            fault = compare(words, out, read(path))
        except Exception as error:  # of whatever kind the readers have
            fault = f'the reference reader says: {error!r}'[:300]
        return ('differs', fault) if fault else ('equal', None)
    for pattern, text, why in REASONS:
        if re.search(pattern, path.name, re.I) and text in message:
            return why, None
    return 'refused', message


def table(counts):
    lines = ['| files | | number |', '|---|---|---|']
    for name, kinds in counts.items():
        lines += [f'| {name} | {what} | {number} |' for what, number in sorted(kinds.items(), key=lambda k: (k[0] != 'equal', k[0]))]
    return '\n'.join(lines) + '\n'


def main():
    options = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    options.add_argument('dump')
    options.add_argument('--write', action='store_true')
    given = options.parse_args()
    counts, faults = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, files, read) in enumerate(SETS):
            place = Path(folder) / str(number)
            place.mkdir()
            kinds = counts[name] = collections.Counter()
            for path in sorted(files(place)):
                what, fault = judge(given.dump, path, read, Path(folder) / 'out')
                kinds[what] += 1
                if fault:
                    faults.append(f'{path}: {what}: {fault}')
    sys.stdout.write(table(counts))
    if not page.settle('docs/files.md', 'files of other formats', table(counts), given.write and not faults):
        faults.append('docs/files.md: the table of other formats says something else; make test-files WRITE=1')
    for fault in faults:
        print(fault, file=sys.stderr)
    return bool(faults)


if __name__ == '__main__':
    sys.exit(main())
