"""Writes PET objects for SUV, and a mask: folders of the 17 reference objects of the IBSI's manual on SUV
(github oncoray/suv_computation, DRO_list.csv), by their elements, and of what de-identification leaves.

Three regions of a slice hold SUV 0.2, 1 and 4 as whole numbers by slopes of the objects; `list` prints name and
the largest error of rounding to them, as SUV.
"""

import math
import os
import sys

import dicom
import pydicom
from pydicom.sequence import Sequence

PT, ENHANCED = dicom.PT, "1.2.840.10008.5.1.4.1.1.130"
WEIGHT, HEIGHT, DOSE, F18, GA68 = 70.0, 1.75, 368.08e6, 6586.2, 4057.7
SUV = (0.2, 1.0, 4.0)
N, SLICES = 9, 3  # regions are columns of three
ALL = ["NORM", "DTIM", "ATTN", "SCAT", "RAN"]
BW = 1000 * WEIGHT
IBW = 1000 * (48 + 1.06 * 23 + 45.5 + 0.91 * 23) / 2
JAMES = 1000 * (1.10 * WEIGHT - 128 * (WEIGHT / 175) ** 2)
BSA = 71.84 * WEIGHT ** 0.425 * 175 ** 0.725


def decayed(seconds, half_life=F18):
    return DOSE * 2 ** (-seconds / half_life)


def mean_time(duration, half_life=F18):
    x = math.log(2) / half_life * duration
    return math.log(x / (1 - math.exp(-x))) * half_life / math.log(2)


def standard(z):
    """Elements of the default object, the dose apart."""
    return dict(Manufacturer="Synthetic", Units="BQML", DecayCorrection="START", CorrectedImage=["DECY"] + ALL,
                PatientSex="O", PatientWeight="70", PatientSize="1.75", SeriesDate="20250101", SeriesTime="110000",
                AcquisitionDate="20250101", AcquisitionTime="110000", FrameReferenceTime="150000",
                ActualFrameDuration="300000", RescaleSlope="1", RescaleIntercept="0", SliceThickness="4")


def tracer():
    return dict(RadiopharmaceuticalStartTime="100000", RadiopharmaceuticalStartDateTime="20250101100000",
                RadionuclideTotalDose="368080000", RadionuclideHalfLife=str(F18))


def put(data, keyword, value):
    """Text that is no number of DICOM goes in under its VR all the same."""
    if value is None:
        return
    tag = pydicom.datadict.tag_for_keyword(keyword)
    kind = pydicom.datadict.dictionary_VR(tag)
    odd = kind in ("DS", "TM") and isinstance(value, str) and not value.replace(".", "").isdigit()
    data[tag] = pydicom.DataElement(tag, "LO" if odd else kind, value)
    data[tag].VR = kind


def write(top, name, unit, change=None, dose=None, private=None):
    """unit(z): what a stored 1, times the slope, is as SUV."""
    folder = os.path.join(top, name)
    os.makedirs(folder)
    series, worst = dicom.uid(), 0
    for z in range(SLICES):
        d = dicom.blank(PT, "PT")
        d.SeriesInstanceUID, d.FrameOfReferenceUID = series, dicom.PREFIX + "7"
        elements, t = standard(z), tracer()
        elements.update(change(z) if change else {})
        t.update((dose(z) if callable(dose) else dose) or {})
        for keyword, value in elements.items():
            put(d, keyword, value)
        dose_item = pydicom.Dataset()
        for keyword, value in t.items():
            put(dose_item, keyword, value)
        d.RadiopharmaceuticalInformationSequence = Sequence([dose_item])
        for tag, kind, value in private or []:
            d.add_new(tag, kind, value)
        step = float(elements["RescaleSlope"]) * unit(z)
        stored = [round(v / step) for v in SUV]
        worst = max(worst, max(abs(s * step - v) for s, v in zip(stored, SUV)))
        data = b"".join(stored[x // 3].to_bytes(2, "little", signed=True) for _ in range(N) for x in range(N))
        dicom.pixels(d, data, columns=N, rows=N)
        d.PixelSpacing, d.ImageOrientationPatient = ["4", "4"], dicom.AXIAL
        d.ImagePositionPatient = ["0", "0", str(4 * z)]
        pydicom.dcmwrite(os.path.join(folder, "%d.dcm" % z), d)
    print(name, "%.6f" % worst)


def enhanced(top, name, **change):
    d = dicom.blank(ENHANCED, "PT")
    d.SeriesInstanceUID, d.FrameOfReferenceUID = dicom.uid(), dicom.PREFIX + "7"
    d.PatientSex, d.PatientWeight, d.PatientSize = "M", "70", "1.75"
    d.AcquisitionDateTime, d.DecayCorrectionDateTime = "20250101110500", "20250101110000"
    d.DecayCorrected, d.AttenuationCorrected = "YES", "YES"
    d.RadiopharmaceuticalInformationSequence = Sequence([dicom.item(
        RadiopharmaceuticalStartDateTime="20250101100000", RadionuclideTotalDose=change.pop("dose", "368.08"), RadionuclideHalfLife=str(F18))])
    slope, code = change.pop("slope", 0.5), change.pop("code", "Bq/ml")
    d.NumberOfFrames = str(SLICES)
    item = dicom.item
    mapping = item(RealWorldValueSlope=slope, RealWorldValueIntercept=0.0, RealWorldValueFirstValueMapped=0, RealWorldValueLastValueMapped=65535,
                   MeasurementUnitsCodeSequence=Sequence([item(CodeValue=code, CodingSchemeDesignator="UCUM", CodeMeaning="x")]))
    shared = item(PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=dicom.AXIAL)]),
                  PixelMeasuresSequence=Sequence([item(SliceThickness="4", PixelSpacing=["4", "4"])]),
                  PixelValueTransformationSequence=Sequence([item(RescaleSlope="1", RescaleIntercept="0")]))
    if code:
        shared.RealWorldValueMappingSequence = Sequence([mapping])
    d.SharedFunctionalGroupsSequence = Sequence([shared])
    d.PerFrameFunctionalGroupsSequence = Sequence(
        [item(PlanePositionSequence=Sequence([item(ImagePositionPatient=["0", "0", str(4 * z)])])) for z in range(SLICES)])
    for keyword, value in change.items():
        if value is None:
            delattr(d, keyword)
        else:
            setattr(d, keyword, value)
    step = slope * (BW / decayed(3600) if code.lower() == "bq/ml" else 1)
    stored = [round(v / step) for v in SUV]
    data = b"".join(stored[x // 3].to_bytes(2, "little") for _ in range(SLICES * N) for x in range(N))
    dicom.pixels(d, data, signed=0, columns=N, rows=N)
    os.makedirs(os.path.join(top, name))
    pydicom.dcmwrite(os.path.join(top, name, "pet.dcm"), d)
    print(name, "%.6f" % max(abs(s * step - v) for s, v in zip(stored, SUV)))


def objects(top):
    usual = BW / decayed(3600)
    always = lambda value: lambda z: value  # noqa: E731
    with_ = lambda **other: lambda z: other  # noqa: E731
    late = 600 * 0.5
    write(top, "0_0", always(usual))
    write(top, "1_0", always(usual), lambda z: dict(RescaleSlope="34"[z % 2]))
    write(top, "2_0", always(1), with_(Units="GML", SUVType="BW", RescaleSlope="0.1"))
    write(top, "2_1", always(BW / JAMES), with_(Units="GML", SUVType="LBMJAMES128", PatientSex="M", RescaleSlope="0.001"))
    write(top, "2_2", always(BW / IBW), with_(Units="GML", SUVType="IBW", RescaleSlope="0.002"))
    write(top, "2_3", always(BW / BSA), with_(Units="CM2ML", SUVType="BSA", RescaleSlope="0.01"))
    philips = with_(Units="CNTS", Manufacturer="Philips Medical Systems")
    write(top, "2_4", always(0.0005), philips, private=[(0x70531000, "DS", "0.0005")])
    write(top, "2_5", always(usual / 2), philips, private=[(0x70531009, "DS", "0.5")])
    write(top, "3_0", always(usual), dose=dict(RadionuclideTotalDose="368.08"))
    write(top, "small_dose", always(usual), dose=dict(RadionuclideTotalDose="368080"))
    write(top, "least_dose", always(usual), dose=dict(RadionuclideTotalDose="1000000"))
    write(top, "3_1", always(BW / DOSE), with_(DecayCorrection="ADMIN"))
    mean = mean_time(603)
    write(top, "3_2", always(BW / decayed(3600)), lambda z: dict(
        SeriesTime="113000", AcquisitionTime=["110230", "110500"][z % 2], ActualFrameDuration="603000",
        FrameReferenceTime="%.6f" % (1000 * (mean + [150, 300][z % 2]))))
    write(top, "3_3", always(usual), with_(Manufacturer="GE MEDICAL SYSTEMS", SeriesTime="114500", AcquisitionTime="113000"),
          private=[(0x0009100D, "DT", "20250101110000")])
    write(top, "3_4", lambda z: BW / decayed(3600 + [0, late][z % 2] + mean), lambda z: dict(
        DecayCorrection="NONE", CorrectedImage=ALL, AcquisitionTime=["110000", "110500"][z % 2], ActualFrameDuration="603000"))
    write(top, "4_0", always(usual), dose=dict(RadiopharmaceuticalStartTime=None))
    write(top, "4_1", always(usual), dose=dict(RadiopharmaceuticalStartDateTime=None))
    write(top, "4_2", always(usual), with_(SeriesDate="20250102", AcquisitionDate="20250102", SeriesTime="003000", AcquisitionTime="003000"),
          dose=dict(RadiopharmaceuticalStartTime="233000", RadiopharmaceuticalStartDateTime=None))
    write(top, "5_0", always(BW / decayed(3600, GA68)), dose=dict(RadionuclideHalfLife=str(GA68)))


def others(top):
    usual = BW / decayed(3600)
    same = lambda z: usual  # noqa: E731
    always = lambda value: lambda z: value  # noqa: E731
    blanked = lambda **other: lambda z: dict(SeriesDate=None, AcquisitionDate=None, **other)  # noqa: E731
    undated = dict(RadiopharmaceuticalStartDateTime=None)
    write(top, "blanked", same, blanked(), dose=undated)
    write(top, "blanked_scan", same, blanked())
    write(top, "blanked_midnight", same, blanked(SeriesTime="003000", AcquisitionTime="003000"),
          dose=dict(RadiopharmaceuticalStartTime="233000", RadiopharmaceuticalStartDateTime=None))
    write(top, "shifted", same, dose=dict(RadiopharmaceuticalStartDateTime="19970315100000"))
    for name, start, zone in (("zone_utc", "20250101090000+0000", "+0100"), ("zone_same", "20250101100000+0100", "+0100"),
                              ("zone_day_before", "20241231230000.0-1030", "+0030"), ("zone_unknown", "20250101100000+0100", None)):
        write(top, name, same, lambda z: dict(TimezoneOffsetFromUTC=zone), dose=dict(RadiopharmaceuticalStartDateTime=start))
    write(top, "grams", same, lambda z: dict(PatientWeight="70000"))
    for name, value in (("weight_kg", "70 kg"), ("weight_lb", "154.3235835 lbs"), ("weight_comma", "70,5"), ("weight_word", "seventy")):
        write(top, name, same, lambda z: dict(PatientWeight=value))
    write(top, "size_cm", lambda z: BW / BSA, lambda z: dict(Units="CM2ML", SUVType="BSA", PatientSize="175cm", RescaleSlope="0.01"))
    write(top, "size_in_cm", lambda z: BW / BSA, lambda z: dict(Units="CM2ML", SUVType="BSA", PatientSize="175", RescaleSlope="0.01"))
    write(top, "lower_case", same, lambda z: dict(Units="bqml", DecayCorrection="Start"))
    for name, word in (("male", "Male"), ("males", "MALE "), ("man", "man")):
        write(top, "sex_" + name, always(BW / JAMES), lambda z: dict(Units="g/ml", SUVType="LBMJAMES128", PatientSex=word, RescaleSlope="0.001"))
    for name, word in (("female", "female"), ("neither", "1"), ("unknown", "Unknown"), ("both", "Male to female")):
        write(top, "sex_" + name, same, lambda z: dict(PatientSex=word))
    for n, word in enumerate(("Bq/ml", "BQ/ML", "Bq ml-1", "BQ/CC", "Bq.ml^-1", "kBq/ml", "MBq/mL", "Bq", "SUV")):
        write(top, "units_%d" % n, same, lambda z: dict(Units=word))
    write(top, "two_weights", same, lambda z: dict(PatientWeight=["70", "75"][z % 2]))
    write(top, "two_doses", same, lambda z: dict(Units="bqml"), dose=lambda z: dict(RadionuclideTotalDose=["368080000", "370000000"][z % 2]))
    write(top, "dose_mbq", same, dose=dict(RadionuclideTotalDose="368.08 MBq", RadionuclideHalfLife="6586.2 s"))
    write(top, "dose_words", same, dose=dict(RadionuclideTotalDose="10 mCi Tc"))
    write(top, "time_words", same, dose=dict(RadiopharmaceuticalStartTime="10h", RadiopharmaceuticalStartDateTime=None))
    write(top, "no_half_life", same, dose=dict(RadionuclideHalfLife=None, RadionuclideCodeSequence=Sequence([dicom.item(
        CodeValue="C-111A1", CodingSchemeDesignator="SRT", CodeMeaning="^18^Fluorine")])))
    write(top, "no_attenuation", same, lambda z: dict(CorrectedImage=["DECY", "NORM"]))
    write(top, "rate", lambda z: usual / 0.064, lambda z: dict(Units="CPS", CorrectedImage=["DECY", "DCAL"] + ALL, RescaleSlope="0.1"))
    write(top, "no_weight", same, lambda z: dict(PatientWeight=None))
    write(top, "no_dose", same, dose=dict(RadionuclideTotalDose=None))
    write(top, "no_injection", same, dose=dict(RadiopharmaceuticalStartTime=None, RadiopharmaceuticalStartDateTime=None))
    write(top, "no_times", same, lambda z: dict(SeriesTime=None, AcquisitionTime=None))
    write(top, "zero_times", same, lambda z: dict(SeriesTime="000000", AcquisitionTime="000000"),
          dose=dict(RadiopharmaceuticalStartTime="000000", RadiopharmaceuticalStartDateTime=None))
    write(top, "intercept", same, lambda z: dict(RescaleIntercept="5"))
    write(top, "no_maker", lambda z: 0.0005, lambda z: dict(Units="CNTS", Manufacturer=None), private=[(0x70531000, "DS", "0.0005")])
    write(top, "proportional", same, lambda z: dict(Units="PROPCPS"))
    enhanced(top, "enhanced")
    enhanced(top, "enhanced_bq", dose="368080000")
    enhanced(top, "enhanced_suv", code="g/ml{SUVbw}", slope=0.01)
    enhanced(top, "enhanced_litre", code="Bq/mL")
    enhanced(top, "enhanced_no_units", code="")
    enhanced(top, "enhanced_no_zero", DecayCorrectionDateTime=None)
    enhanced(top, "enhanced_not_corrected", DecayCorrected="NO")


if __name__ == "__main__":
    objects(sys.argv[1])
    others(sys.argv[1])
