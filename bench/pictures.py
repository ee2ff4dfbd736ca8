"""Pictures and doses through `extract`: processor time and peak memory of an ultrasound of 200 frames, grey and in colour, an RTDOSE with an
RTSTRUCT of 30 ROIs, and a TIFF of 20,000 x 20,000 pixels: bench/pictures.py RADIOMILL FOLDER [TURNS]. Needs python3-pydicom."""
import os
import random
import resource
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tests/support'))
from dicom import PREFIX, RTSTRUCT, Sequence, blank, item, pixels, uid  # noqa: E402
from nifti import header  # noqa: E402

FRAMES, WIDTH, HEIGHT, RADIUS = 200, 800, 600, 100
DOSE, ROIS, CONTOURS, POINTS = (200, 200, 150), 30, 100, 200
SIDE = 20000


def clip(path, colour):
    d = blank('1.2.840.10008.5.1.4.1.1.3.1', 'US')
    d.SeriesInstanceUID, d.StudyInstanceUID, d.NumberOfFrames = uid(), uid(), FRAMES
    d.SequenceOfUltrasoundRegions = Sequence([item(
        RegionSpatialFormat=1, RegionDataType=1, RegionFlags=0, RegionLocationMinX0=0, RegionLocationMinY0=0, RegionLocationMaxX1=WIDTH - 1,
        RegionLocationMaxY1=HEIGHT - 1, PhysicalUnitsXDirection=3, PhysicalUnitsYDirection=3, PhysicalDeltaX=0.02, PhysicalDeltaY=0.02)])
    random.seed(1)
    one = random.randbytes(WIDTH * HEIGHT * (3 if colour else 1))
    pixels(d, b''.join(one[f:] + one[:f] for f in range(FRAMES)), 8, signed=0, columns=WIDTH, rows=HEIGHT)
    if colour:
        d.SamplesPerPixel, d.PlanarConfiguration, d.PhotometricInterpretation = 3, 0, 'RGB'
    d.save_as(path, write_like_original=False)


def disc(path):
    rows = []
    for y in range(HEIGHT):
        half = int(max(RADIUS ** 2 - (y - HEIGHT // 2) ** 2, 0) ** 0.5) if abs(y - HEIGHT // 2) <= RADIUS else -1
        rows.append(bytes(WIDTH // 2 - half) + b'\1' * (2 * half + 1) + bytes(WIDTH - WIDTH // 2 - half - 1) if half >= 0 else bytes(WIDTH))
    path.write_bytes(bytes(header(2, 8, (WIDTH, HEIGHT, 1), (0.2, 0.2, 1), signs=(-1, -1, 1))) + b''.join(rows))


def dose(path):
    d = blank('1.2.840.10008.5.1.4.1.1.481.2', 'RTDOSE')
    d.SeriesInstanceUID, d.FrameOfReferenceUID = uid(), PREFIX + '9.1'
    d.ImageOrientationPatient, d.ImagePositionPatient, d.PixelSpacing = [1, 0, 0, 0, 1, 0], [0, 0, 0], [2.5, 2.5]
    d.NumberOfFrames, d.GridFrameOffsetVector, d.FrameIncrementPointer = DOSE[2], [2.5 * z for z in range(DOSE[2])], 0x3004000C
    d.DoseUnits, d.DoseType, d.DoseSummationType, d.DoseGridScaling = 'GY', 'PHYSICAL', 'PLAN', '1e-6'
    random.seed(2)
    pixels(d, random.randbytes(4 * DOSE[0] * DOSE[1] * DOSE[2]), 32, signed=0, columns=DOSE[0], rows=DOSE[1])
    d.save_as(path, write_like_original=False)


def structures(path):
    """Discs of growing size, on as many slices of the planning CT."""
    from math import cos, pi, sin
    d = blank(RTSTRUCT, 'RTSTRUCT')
    d.SeriesInstanceUID = uid()
    d.StructureSetROISequence = Sequence([item(ROINumber=i + 1, ROIName='R%d' % (i + 1), ReferencedFrameOfReferenceUID=PREFIX + '9.1') for i in range(ROIS)])
    circle = [(cos(2 * pi * k / POINTS), sin(2 * pi * k / POINTS)) for k in range(POINTS)]
    d.ROIContourSequence = Sequence([item(ReferencedROINumber=i + 1, ContourSequence=Sequence([item(
        ContourGeometricType='CLOSED_PLANAR', NumberOfContourPoints=POINTS,
        ContourData=['%.3f' % v for x, y in circle for v in (250 + (20 + 5 * i) * x, 250 + (20 + 5 * i) * y, 50 + 2.5 * z)])
        for z in range(CONTOURS)])) for i in range(ROIS)])
    d.save_as(path, write_like_original=False)


def tiff(path, value):
    """One strip; a hole but for a square."""
    fields = [(256, SIDE), (257, SIDE), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, SIDE), (279, SIDE * SIDE)]
    begin = 8 + 2 + 12 * len(fields) + 4
    with open(path, 'wb') as file:
        file.write(b'II*\0' + struct.pack('<IH', 8, len(fields)))
        file.write(b''.join(struct.pack('<2H2I', tag, 4, 1, begin if tag == 273 else v) for tag, v in fields) + bytes(4))
        file.truncate(begin + SIDE * SIDE)
        for y in range(9000, 9300):
            file.seek(begin + y * SIDE + 8000)
            file.write(bytes(value(x, y) for x in range(400)))


def measure(run, image, mask, settings, out):
    """Seconds of processor time and MB, of a process that has no other children."""
    code = ('import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL); '
            'u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)')
    done = subprocess.run([sys.executable, '-c', code, run, 'extract', image, mask, '-c', settings, '-o', out], check=True, capture_output=True, text=True)
    return [float(v) for v in done.stdout.split()]


def main(run, folder, turns=3):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'big_mask.tif').exists():
        clip(folder / 'grey.dcm', False), clip(folder / 'colour.dcm', True), disc(folder / 'disc.nii')
        dose(folder / 'dose.dcm'), structures(folder / 'rs.dcm')
        tiff(folder / 'big.tif', lambda x, y: (7 * x + 13 * y) % 251), tiff(folder / 'big_mask.tif', lambda x, y: 1)
    (folder / 'stat.yaml').write_text('families: [stat]\ndiscretisation: none\nimage_spacing: 1\n')
    (folder / 'all.yaml').write_text('discretisation: fbn32\nimage_spacing: 1\n')
    for image, mask in (('grey.dcm', 'disc.nii'), ('colour.dcm', 'disc.nii'), ('dose.dcm', 'rs.dcm'), ('big.tif', 'big_mask.tif')):
        for settings in ('stat.yaml', 'all.yaml'):
            found = sorted(measure(run, folder / image, folder / mask, folder / settings, folder / 'out.csv') for _ in range(int(turns)))
            seconds, megabytes = found[len(found) // 2][0], max(m for _, m in found)
            print(f'{image:10} {os.path.getsize(folder / image) / 1e6:6.1f} MB  {settings:9} {seconds:6.2f} s in the middle of {turns}, {megabytes:5.0f} MB')


main(*sys.argv[1:])
