"""What the pictures of ROIs cost a batch of 60 cases, by processor time, in pairs that take turns: outlines.py RADIOMILL [TURNS].
Of scans of clinical size at most a tenth of the time; of small ones the time of a picture is what there is to say."""
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../tests/support'))
from nifti import nifti  # noqa: E402

MOST, CASES = 1.1, 60
KINDS = (('small scans', (64, 64, 32), 13, '-c', 'mr'), ('clinical scans', (256, 256, 64), 24, '-c', 'mr'), ('clinical scans', (256, 256, 64), 24))


def make(folder, size, radius):
    centre = [n // 2 for n in size]
    mask = bytes((x - centre[0]) ** 2 + (y - centre[1]) ** 2 + 4 * (z - centre[2]) ** 2 <= radius ** 2
                 for z in range(size[2]) for y in range(size[1]) for x in range(size[0]))
    nifti(folder + '/m.nii', 2, 8, 'B', size, mask)
    noise = random.Random(1).randbytes(len(mask))
    for i in range(CASES):
        nifti('%s/i%d.nii' % (folder, i), 2, 8, 'B', size, noise[i:] + noise[:i])
    with open(folder + '/cases.csv', 'w') as table:
        table.write('case,image,mask\n' + ''.join('c%d,i%d.nii,m.nii\n' % (i, i) for i in range(CASES)))
    return sum(mask)


def seconds(program, folder, *more):
    """Of the processor, with all workers."""
    words = [program, 'batch', folder + '/cases.csv', '-o', folder + '/run', '--force', '-q', *more]
    code = ('import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL); '
            'u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)')
    return float(subprocess.run([sys.executable, '-c', code, *words], check=True, capture_output=True, text=True).stdout)


def main(program, turns=5):
    program, worst = os.path.abspath(program), 0
    for what, size, radius, *more in KINDS:
        with tempfile.TemporaryDirectory(prefix='radiomill-outlines-') as folder:
            voxels = make(folder, size, radius)
            both = [(seconds(program, folder, *more), seconds(program, folder, '--pictures', *more)) for _ in range(int(turns))]
            ratio = statistics.median(b / a for a, b in both)
            worst = max(worst, ratio if what == 'clinical scans' else 0)
            print('%d %s of %dx%dx%d, a ROI of %d%s: %.2f s, with pictures %.2f s; %.3f of pairs, %.1f ms a picture' % (
                CASES, what, *size, voxels, ''.join(' ' + m for m in more), statistics.median(a for a, _ in both), statistics.median(b for _, b in both), ratio,
                1000 / CASES * statistics.median(b - a for a, b in both)), flush=True)
    return worst > MOST


sys.exit(main(*sys.argv[1:]))
