"""DICOM files that packages of Python carry, and objects that highdicom and dcmqi write, against these readers.

    dicom.py BUILD WORK [--write DOC]

Of each file: voxels equal those of pydicom (with its rescaling; grey of colours by weights), or the reason why
not. No command may end with an exit code but 0, 3, 4 and 20. Counts go to the table in docs/files.md, which must
say the same; --write puts them there. Files of more folders: RADIOMILL_FILES=FOLDER[:FOLDER ...].
"""
import collections
import json
import os
import subprocess
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

import page
import written

warnings.simplefilter('ignore')
ALLOWED = {0, 3, 4, 20}
# Lossy streams: decoders may round as they like. Bits above those that are stored are no part of a voxel.
LOSSY = {'1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51', '1.2.840.10008.1.2.4.81', '1.2.840.10008.1.2.4.91'}
failures = []


def fail(name, words):
    failures.append('%s: %s' % (name, words))


def run(name, *command, env=None):
    done = subprocess.run(command, capture_output=True, text=True, errors='replace', env=env)
    if done.returncode not in ALLOWED:
        fail(name, 'exit code %d of %s: %s' % (done.returncode, ' '.join(command[1:2]), done.stderr[-300:]))
    return done


def packages():
    """Files by the name of what carries them."""
    import data_store
    here = {'pydicom': os.path.join(os.path.dirname(pydicom.__file__), 'data'),
            'pydicom-data': os.path.join(os.path.dirname(data_store.__file__), 'data')}
    for folder in filter(None, os.environ.get('RADIOMILL_FILES', '').split(':')):
        here[os.path.basename(folder.rstrip('/'))] = folder
    for name, top in here.items():
        for folder, _, files in sorted(os.walk(top)):
            for file in sorted(files):
                if not file.endswith(('.py', '.pyc', '.md', '.txt', '.json', '.dump', '.icc', '.xml', '.html')):
                    yield name, os.path.join(folder, file), os.path.relpath(os.path.join(folder, file), top)


def heights(d, count):
    """Where the frames lie along their normal; None where the object does not say."""
    def group(i, name):
        own = d.PerFrameFunctionalGroupsSequence[i]
        return getattr(own, name, None) or getattr(d.SharedFunctionalGroupsSequence[0], name)

    if 'PerFrameFunctionalGroupsSequence' in d:
        o = np.array(group(0, 'PlaneOrientationSequence')[0].ImageOrientationPatient, float)
        at = [np.array(group(i, 'PlanePositionSequence')[0].ImagePositionPatient, float) for i in range(count)]
        return [float(np.dot(np.cross(o[:3], o[3:]), p)) for p in at]
    if 'GridFrameOffsetVector' in d and count > 1:
        return [float(x) for x in d.GridFrameOffsetVector]
    return list(range(count))


def swap_palette(d):
    """pydicom leaves the words of a palette as a big endian file has them."""
    for colour in ('Red', 'Green', 'Blue'):
        name = colour + 'PaletteColorLookupTableData'
        if d.file_meta.TransferSyntaxUID == '1.2.840.10008.1.2.2' and name in d:
            setattr(d, name, np.frombuffer(getattr(d, name), '>u2').astype('<u2').tobytes())


def reference(d):
    """Voxels by pydicom: frames, rows, columns."""
    x = d.pixel_array
    samples = int(d.get('SamplesPerPixel', 1))
    if str(d.get('PhotometricInterpretation', '')).startswith('YBR_FULL'):  # RGB would be cut at its ends
        x = pixel_array(d, raw=True)[..., 0]
        x = x.reshape((-1,) + x.shape[-2:])
    elif samples == 3 or d.get('PhotometricInterpretation') == 'PALETTE COLOR':
        if samples == 1:
            swap_palette(d)
            x = apply_color_lut(x, d)
        x = x.reshape((-1,) + x.shape[-3:]).astype(float)
        x = x[..., 0] if (x[..., 0] == x[..., 1]).all() and (x[..., 0] == x[..., 2]).all() else x @ [0.299, 0.587, 0.114]
    else:
        x = x.reshape((-1,) + x.shape[-2:])
    if 'DoseGridScaling' in d:
        x = x * float(d.DoseGridScaling)
    elif 'ModalityLUTSequence' in d:
        x = apply_modality_lut(x, d)
    else:
        values = d
        if 'SharedFunctionalGroupsSequence' in d and 'PixelValueTransformationSequence' in d.SharedFunctionalGroupsSequence[0]:
            values = d.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0]
        x = x * float(values.get('RescaleSlope') or 1) + float(values.get('RescaleIntercept') or 0)
    return x[np.argsort(heights(d, len(x)), kind='stable')]


def compare(build, work, path, name):
    """Outcome of an image, and the reason."""
    out = os.path.join(work, 'voxels')
    environment, given = dict(os.environ), []
    for words, variable, value in ((None, '', ''), ('the distance of pixels is unknown', 'DUMP_SPACING', '1,1,1'),
                                   ('which are no volume', 'DUMP_FRAME', '1')):
        if words is None or words in done.stderr:
            given += [variable[5:].lower()] if words else []
            environment.update({variable: value} if words else {})
            done = run(name, os.path.join(build, 'tests/dump'), 'image', path, out, env=environment)
    if done.returncode:
        return 'refused', done.stderr.strip().split('\n')[-1].replace(path, '')
    columns, rows, slices = map(int, done.stdout.split()[:3])
    got = np.fromfile(out).reshape(slices, rows, columns)
    try:
        d = pydicom.dcmread(path, force=True)
        expected = reference(d)[:1 if 'frame' in given else None]
    except Exception as problem:  # whatever a reader may raise
        return 'read, pydicom does not', str(problem)
    if got.shape != expected.shape:
        fail(name, '%s voxels, not %s' % (got.shape, expected.shape))
        return 'differs', ''
    worst = float(np.abs(got - expected).max())
    scale = max(1.0, float(np.abs(expected).max()))
    if worst <= 1e-12 * scale:
        return 'equal' + (', where %s is given' % ' and '.join(given) if given else ''), ''
    lossy = d.file_meta.get('TransferSyntaxUID') in LOSSY
    if (lossy and worst <= 0.02 * scale) or (int(d.get('SamplesPerPixel', 1)) == 3 and worst <= 1):
        return 'within rounding', 'by up to %g' % worst
    stored, allocated = int(d.get('BitsStored', 16)), int(d.get('BitsAllocated', 16))
    if stored < allocated and (np.abs(got - expected) % 2 ** stored == 0).all():
        return 'within rounding', 'bits above the %d that are stored are left out' % stored
    fail(name, 'differs by up to %g of %g' % (worst, scale))
    return 'differs', ''


def compare_structures(build, path, name):
    """Names and contours of a structure set as pydicom has them."""
    told = run(name, os.path.join(build, 'radiomill'), 'info', path, '--json')
    d = pydicom.dcmread(path, force=True)
    contours = {int(c.ReferencedROINumber): len(c.get('ContourSequence') or []) for c in d.ROIContourSequence}
    expected = sorted((int(r.ROINumber), str(r.ROIName), contours.get(int(r.ROINumber), 0)) for r in d.StructureSetROISequence)
    got = sorted((r['number'], r['name'], r['contours']) for r in json.loads(told.stdout)['structure_sets'][0]['rois'])
    if got != expected:
        fail(name, '%s, not %s' % (got, expected))
    return ('equal (names and contours)', '') if got == expected else ('differs', '')


def reason_of(text):
    """A refusal in few words."""
    for words, reason in (('Secondary Capture', 'secondary capture: without position, or in colour'),
                          ('Ultrasound', 'ultrasound without a spacing, or in colour'), ('Computed Radiography', 'radiograph without a spacing'),
                          ('no image among', 'no image (report, plan, palette, directory, waveform)'),
                          ('has no PixelData', 'an image without its voxels'), ('is deflated', 'deflated'),
                          ('truncated', 'damaged on purpose'), ('ImagePositionPatient', 'a slice without a position'),
                          ('the distance of pixels is unknown', 'pixels of unknown distance'),
                          ('which are no volume', 'several frames that are no volume'),
                          ('its palette in segments', 'a palette in segments'), ('packed by gzip', 'DICOM packed by gzip'),
                          ('voxels of 3 samples, 32 bits', 'colours of 32 bits'), ('cannot be decoded', 'JPEG 2000 whose header contradicts the file'), ('their positions are unknown', 'frames without positions'),
                          ('no image or mask of a format', 'not DICOM')):
        if words in text:
            return reason
    return 'other: ' + text.lstrip(': ')[:70]


def table(outcomes):
    lines = ['| files of | what came out | files |', '|---|---|---|']
    for key in sorted(outcomes):
        lines.append('| %s | %s | %d |' % (key + (outcomes[key],)))
    return '\n'.join(lines) + '\n'


def check_commands(build, path, name, dummy):
    """Exit codes of what people would type."""
    command = os.path.join(build, 'radiomill')
    told = run(name, command, 'info', path, '--json')
    if told.returncode == 0:
        json.loads(told.stdout)
    run(name, command, 'info', path, '--labels')
    run(name, command, 'extract', path, dummy)
    run(name, command, 'extract', dummy, path)


def main(build, work, doc, write):
    os.makedirs(work, exist_ok=True)
    dummy = os.path.join(work, 'dummy.nii')
    written.nifti(dummy, np.ones((4, 5, 6), np.uint8), np.diag([1.0, 1, 1, 1]))
    outcomes = collections.Counter()
    for package, path, name in packages():
        check_commands(build, path, name, dummy)
        outcome, reason = compare(build, work, path, name)
        if outcome == 'refused' and 'Segmentation (' in reason:
            outcome, reason = written.compare_segmentation(build, work, path, dummy, run)
            if outcome == 'differs':
                fail(name, reason)
        if outcome == 'refused' and 'RT Structure Set (' in reason:
            outcome, reason = compare_structures(build, path, name)
        if outcome == 'refused':
            outcome = 'refused: ' + reason_of(reason)
        outcomes[package, outcome] += 1
        print('%-12s %-60s %s %s' % (package, name, outcome, reason))
    for package, name, problem in written.compare(build, work, dummy, run):
        outcomes[package, 'differs' if problem else 'equal'] += 1
        print('%-12s %-60s %s' % (package, name, problem or 'equal'))
        if problem:
            fail(name, problem)
    if 'RADIOMILL_FILES' not in os.environ and not page.settle(doc, 'files of DICOM', table(outcomes), write):
        failures.append('%s: the table of DICOM files says something else; make test-files WRITE=1' % doc)
    print(table(outcomes) + '\n'.join(failures))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2], 'docs/files.md', '--write' in sys.argv))
