"""Segmentations and parametric maps that highdicom and dcmqi write of known voxels, read by radiomill."""
import json
import os
import struct
import subprocess

import highdicom as hd
import numpy as np
import pydicom
import pydicom.encaps
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

SLICES, ROWS, COLUMNS = 5, 36, 42


def nifti(path, voxels, affine):
    """voxels: slices, rows, columns."""
    head = bytearray(352)
    struct.pack_into('<i', head, 0, 348)
    struct.pack_into('<8h', head, 40, 3, *voxels.shape[::-1], 1, 1, 1, 1)
    struct.pack_into('<2h', head, 70, {'uint8': 2, 'int16': 4, 'float32': 16}[str(voxels.dtype)], 8 * voxels.itemsize)
    struct.pack_into('<8f', head, 76, 1, *np.linalg.norm(affine[:3, :3], axis=0), 0, 0, 0, 0)
    struct.pack_into('<3f', head, 108, 352, 1, 0)
    struct.pack_into('<2h', head, 252, 0, 1)
    struct.pack_into('<12f', head, 280, *affine[:3].flatten())
    head[344:348] = b'n+1\0'
    open(path, 'wb').write(bytes(head) + voxels.tobytes())


def source(folder):
    """A series of CT that objects are made of; its datasets."""
    os.makedirs(folder, exist_ok=True)
    made = []
    for z in range(SLICES):
        d = pydicom.dcmread(pydicom.data.get_testdata_file('CT_small.dcm'))
        d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = '1.2.826.0.1.3680043.8.498.9.%d' % (z + 1)
        d.SeriesInstanceUID, d.FrameOfReferenceUID = '1.2.826.0.1.3680043.8.498.9', '1.2.826.0.1.3680043.8.498.8'
        d.StudyInstanceUID = '1.2.826.0.1.3680043.8.498.7'
        d.ImagePositionPatient, d.PixelSpacing, d.SliceThickness = [-20, -30, 5 + 2.5 * z], [0.75, 0.75], 2.5
        d.ImageOrientationPatient, d.InstanceNumber = [1, 0, 0, 0, 1, 0], z + 1
        for keyword in ('DataSetTrailingPadding', 'PixelPaddingValue'):
            if keyword in d:
                delattr(d, keyword)
        d.Rows, d.Columns = ROWS, COLUMNS
        d.PixelData = np.fromfunction(lambda y, x: 7 * x + 13 * y + 29 * z, (ROWS, COLUMNS)).astype('<i2').tobytes()
        d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        d.save_as(os.path.join(folder, '%d.dcm' % z), enforce_file_format=True)
        made.append(d)
    return made


def regions():
    """Two segments that overlap, without voxels in common rows of a byte."""
    z, y, x = np.mgrid[:SLICES, :ROWS, :COLUMNS]
    return [((x - 6) ** 2 + (y - 6) ** 2 + 4 * (z - 2) ** 2 < 30), ((x > 8) & (x < 35) & (y > 3) & (y < 30) & (z > 0) & ((x + y + z) % 5 > 0))]


def descriptions():
    return [hd.seg.SegmentDescription(i + 1, 'S%d' % (i + 1), codes.SCT.Tissue, codes.SCT.Tissue,
                                      hd.seg.SegmentAlgorithmTypeValues.MANUAL) for i in range(2)]


def segmentations(images):
    """name, dataset, segments that are expected."""
    a, b = regions()
    both = np.stack([a, b], axis=-1).astype(np.uint8)
    common = dict(source_images=images, segment_descriptions=descriptions(), series_instance_uid='1.2.826.0.1.3680043.8.498.6', series_number=2,
                  sop_instance_uid='1.2.826.0.1.3680043.8.498.5', instance_number=1, manufacturer='x', manufacturer_model_name='x',
                  software_versions='1', device_serial_number='1')
    kinds = hd.seg.SegmentationTypeValues
    yield 'SEG binary', hd.seg.Segmentation(pixel_array=both, segmentation_type=kinds.BINARY, **common), [a, b]
    yield 'SEG binary, empty frames kept', hd.seg.Segmentation(
        pixel_array=both, segmentation_type=kinds.BINARY, omit_empty_frames=False, **common), [a, b]
    for name, syntax in (('plain', ExplicitVRLittleEndian), ('RLE', RLELossless), ('JPEG 2000', JPEG2000Lossless)):
        yield 'SEG fractional ' + name, hd.seg.Segmentation(
            pixel_array=both * 0.75, segmentation_type=kinds.FRACTIONAL, max_fractional_value=200, transfer_syntax_uid=syntax, **common), [a, b]
    only = b & ~a
    labels = (a + 2 * only).astype(np.uint8)
    for name, syntax in (('plain', ExplicitVRLittleEndian), ('RLE', RLELossless)):
        yield 'SEG label map ' + name, hd.seg.Segmentation(
            pixel_array=labels, segmentation_type=kinds.LABELMAP, transfer_syntax_uid=syntax, **common), [a, only]


def parametric_map(images, voxels):
    return hd.pm.ParametricMap(
        source_images=images, pixel_array=voxels, series_instance_uid='1.2.826.0.1.3680043.8.498.4', series_number=3,
        sop_instance_uid='1.2.826.0.1.3680043.8.498.3', instance_number=1, manufacturer='x', manufacturer_model_name='x', software_versions='1',
        device_serial_number='1', contains_recognizable_visual_features=False, window_center=0, window_width=1,
        real_world_value_mappings=[hd.pm.RealWorldValueMapping(
            lut_label='1', lut_explanation='x', unit=codes.UCUM.NoUnits,
            value_range=[0, 65535] if voxels.dtype == np.uint16 else [-1e6, 1e6], slope=1, intercept=0)])


def by_dcmqi(work, series):
    """The same segments through dcmqi: name, path, segments; nothing where it does not run."""
    paths, meta = [], {'ContentCreatorName': 'x', 'ClinicalTrialSeriesID': '1', 'ClinicalTrialTimePointID': '1', 'SeriesDescription': 'x',
                       'SeriesNumber': '300', 'InstanceNumber': '1', 'segmentAttributes': []}
    code = {'CodeValue': '85756007', 'CodingSchemeDesignator': 'SCT', 'CodeMeaning': 'Tissue'}
    for i, region in enumerate(regions()):
        paths.append(os.path.join(work, 'dcmqi%d.nii' % i))
        nifti(paths[-1], region.astype(np.uint8), np.array([[-0.75, 0, 0, 20], [0, -0.75, 0, 30], [0, 0, 2.5, 5], [0, 0, 0, 1.0]]))
        meta['segmentAttributes'].append([{'labelID': 1, 'SegmentDescription': 'S%d' % (i + 1), 'SegmentLabel': 'S%d' % (i + 1),
                                           'SegmentAlgorithmType': 'MANUAL', 'SegmentedPropertyCategoryCodeSequence': code,
                                           'SegmentedPropertyTypeCodeSequence': code}])
    json.dump(meta, open(os.path.join(work, 'dcmqi.json'), 'w'))
    out = os.path.join(work, 'dcmqi.dcm')
    tool = os.path.join(os.path.dirname(os.sys.executable), 'itkimage2segimage')
    done = subprocess.run([tool, '--inputImageList', ','.join(paths), '--inputDICOMDirectory', series, '--outputDICOM', out,
                           '--inputMetadata', os.path.join(work, 'dcmqi.json')], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit('dcmqi: ' + (done.stdout + done.stderr)[-500:])
    yield 'SEG of itkimage2segimage', out, regions()


def high_throughput(work):
    """JPEG 2000 of high throughput by OpenJPH (imagecodecs): name, path, voxels, how far they may be off."""
    import imagecodecs
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    grey = ((7 * columns + 13 * rows) ** 2 % 4096).astype(np.uint16)
    colour = np.stack([grey % 256, (grey // 3) % 256, (5 * grey) % 256], -1).astype(np.uint8)
    for name, voxels, options, syntax, off in (
            ('grey', grey, {'reversible': True}, '201', 0), ('grey RPCL', grey, {'reversible': True}, '202', 0),
            ('colour', colour, {'reversible': True, 'rgb': True}, '201', 0), ('grey, lossy', grey, {'reversible': False, 'level': 0.0001}, '203', 1)):
        d = pydicom.dcmread(pydicom.data.get_testdata_file('CT_small.dcm'))
        for keyword in ('DataSetTrailingPadding', 'PixelPaddingValue'):
            d.pop(keyword, None)
        d.SOPClassUID, d.Rows, d.Columns = '1.2.840.10008.5.1.4.1.1.7', ROWS, COLUMNS
        d.RescaleSlope, d.RescaleIntercept, d.PixelRepresentation = 1, 0, 0
        del d.ImagePositionPatient, d.ImageOrientationPatient
        d.BitsAllocated = d.BitsStored = 8 * voxels.itemsize
        d.HighBit = d.BitsStored - 1
        if voxels.ndim == 3:
            d.SamplesPerPixel, d.PlanarConfiguration, d.PhotometricInterpretation = 3, 0, 'YBR_RCT'
        stream = imagecodecs.htj2k_encode(voxels, **options)
        voxels = imagecodecs.htj2k_decode(stream) if off else voxels
        d.PixelData = pydicom.encaps.encapsulate([stream])
        d['PixelData'].VR = 'OB'
        d.file_meta.TransferSyntaxUID = '1.2.840.10008.1.2.4.' + syntax
        path = os.path.join(work, 'htj2k.dcm')
        d.save_as(path, enforce_file_format=True)
        yield 'HTJ2K ' + name, path, voxels if voxels.ndim == 2 else voxels @ [0.299, 0.587, 0.114], off


def read_mask(build, work, path, dummy, run):
    """ROIs as they are read, in the order of the patient: number -> slices, rows, columns; or why not."""
    out = os.path.join(work, 'mask')
    done = run(path, os.path.join(build, 'tests/dump'), 'mask', path, dummy, out)
    if done.returncode:
        return done.stderr.strip()
    lines = done.stdout.strip().split('\n')
    size = [int(n) for n in lines[0].split()[:3]]
    data = np.fromfile(out, np.uint8).reshape([len(lines) - 1] + size[::-1])
    return {int(line.split()[0]): (data[i], line.split(' ', 2)[2]) for i, line in enumerate(lines[1:])}


def problem_of(rois, expected):
    """The first voxel of each lies at the same corner: x to the left of the patient, y to the back, z up."""
    if isinstance(rois, str):
        return rois
    if len(rois) != len(expected):
        return '%d ROIs, not %d' % (len(rois), len(expected))
    for i, region in enumerate(expected):
        got = rois[i + 1][0].astype(bool)
        z, y, x = (np.flatnonzero(region.any(axis=tuple(set(range(3)) - {a}))) for a in range(3))
        inside = region[z[0]:z[-1] + 1, y[0]:y[-1] + 1, x[0]:x[-1] + 1]
        if not got.any():
            return 'segment %d is empty' % (i + 1)
        z, y, x = (np.flatnonzero(got.any(axis=tuple(set(range(3)) - {a}))) for a in range(3))
        there = got[z[0]:z[-1] + 1, y[0]:y[-1] + 1, x[0]:x[-1] + 1]
        if there.shape != inside.shape or (there != inside).any():
            return 'segment %d differs' % (i + 1)
        if rois[i + 1][1] != 'S%d' % (i + 1):
            return 'segment %d is called %s' % (i + 1, rois[i + 1][1])
    return ''


def segments_by_pydicom(path):
    """The segments of an object: number -> slices, rows, columns in the order of its frames' positions, and name."""
    d = pydicom.dcmread(path)
    frames = d.pixel_array.reshape((-1, d.Rows, d.Columns))
    shared = d.SharedFunctionalGroupsSequence[0]
    o = None
    found = {}
    for i, item in enumerate(d.PerFrameFunctionalGroupsSequence):
        o = np.array((getattr(item, 'PlaneOrientationSequence', None) or shared.PlaneOrientationSequence)[0].ImageOrientationPatient, float)
        at = float(np.dot(np.cross(o[:3], o[3:]), np.array(item.PlanePositionSequence[0].ImagePositionPatient, float)))
        if d.SegmentationType == 'LABELMAP':
            for s in d.SegmentSequence:
                if s.SegmentNumber:  # 0 is the background
                    found.setdefault(int(s.SegmentNumber), []).append((at, frames[i] == int(s.SegmentNumber)))
            continue
        number = int((getattr(item, 'SegmentIdentificationSequence', None) or shared.SegmentIdentificationSequence)[0].ReferencedSegmentNumber)
        least = 0.5 * float(d.get('MaximumFractionalValue', 1) if d.SegmentationType == 'FRACTIONAL' else 1)
        found.setdefault(number, []).append((at, frames[i] >= least))
    names = {int(s.SegmentNumber): str(s.SegmentLabel) for s in d.SegmentSequence}
    return {n: (np.stack([f for _, f in sorted(found[n], key=lambda x: x[0])]), names[n]) for n in found}


def per_slice(voxels, axes):
    return sorted(int(n) for n in voxels.sum(axis=axes) if n)


def compare_segmentation(build, work, path, dummy, run):
    """Refused, equal (as many voxels of each segment on as many slices as pydicom has), or differs; and why."""
    rois = read_mask(build, work, path, dummy, run)
    if isinstance(rois, str):
        return 'refused', rois.replace(path, '')
    for number, (region, name) in segments_by_pydicom(path).items():
        slices = per_slice(region, (1, 2))
        if not slices and number not in rois:
            continue
        got = [per_slice(rois[number][0], axes) for axes in ((1, 2), (0, 2), (0, 1))] if number in rois else []
        if slices not in got:
            return 'differs', 'segment %d: %s voxels in slices, not %s' % (number, got and got[0][:9], slices[:9])
        if rois[number][1] != name:
            return 'differs', 'segment %d is called %s, not %s' % (number, rois[number][1], name)
    return 'equal (segmentation)', ''


def compare(build, work, dummy, run):
    series = os.path.join(work, 'series')
    images = source(series)
    path = os.path.join(work, 'written.dcm')
    for name, d, expected in segmentations(images):
        d.save_as(path)
        yield 'highdicom', name, problem_of(read_mask(build, work, path, dummy, run), expected)
    for name, file, expected in by_dcmqi(work, series):
        yield 'dcmqi', name, problem_of(read_mask(build, work, file, dummy, run), expected)
    for name, file, voxels, off in high_throughput(work):
        out = os.path.join(work, 'voxels')
        done = run(name, os.path.join(build, 'tests/dump'), 'image', file, out)
        got = np.fromfile(out) if done.returncode == 0 else None
        yield 'imagecodecs', name, (done.stderr.strip() if got is None else '' if got.size == voxels.size and
                                    np.abs(got - voxels.flatten()).max() <= off + 1e-9 else 'voxels differ')
    for kind in ('float32', 'float64', 'uint16'):
        voxels = np.fromfunction(lambda z, y, x: 3 + x + 10 * y + 100 * z, (SLICES, ROWS, COLUMNS)).astype(kind)
        if kind != 'uint16':
            voxels = voxels / np.array(7, kind)
        parametric_map(images, voxels).save_as(path)
        out = os.path.join(work, 'voxels')
        done = run(name, os.path.join(build, 'tests/dump'), 'image', path, out)
        got = np.fromfile(out) if done.returncode == 0 else None
        yield 'highdicom', 'parametric map ' + kind, (
            done.stderr.strip() if got is None else '' if got.size == voxels.size and (got == voxels.flatten()).all() else 'voxels differ')
