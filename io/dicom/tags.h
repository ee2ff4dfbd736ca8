/* The DICOM elements that are read, by keyword (PS3.6). Errors name them as "PatientWeight (0010,1030)". */
#ifndef RAD_TAGS_H
#define RAD_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_TAGS(X)                                                                                          \
    X(SpecificCharacterSet, 0x00080005)                                                                      \
    X(ImageType, 0x00080008)                                                                                 \
    X(SOPClassUID, 0x00080016)                                                                               \
    X(SOPInstanceUID, 0x00080018)                                                                            \
    X(SeriesDate, 0x00080021)                                                                                \
    X(AcquisitionDate, 0x00080022)                                                                           \
    X(AcquisitionDateTime, 0x0008002A)                                                                       \
    X(SeriesTime, 0x00080031)                                                                                \
    X(AcquisitionTime, 0x00080032)                                                                           \
    X(ContentTime, 0x00080033)                                                                               \
    X(Modality, 0x00080060)                                                                                  \
    X(Manufacturer, 0x00080070)                                                                              \
    X(CodeValue, 0x00080100)                                                                                 \
    X(SeriesDescription, 0x0008103E)                                                                         \
    X(ReferencedSeriesSequence, 0x00081115)                                                                  \
    X(TimezoneOffsetFromUTC, 0x00080201)                                                                     \
    X(FrameType, 0x00089007)                                                                                 \
    X(ReferencedSOPInstanceUID, 0x00081155)                                                                  \
    X(ReferencedFrameNumber, 0x00081160)                                                                     \
    X(SourceImageSequence, 0x00082112)                                                                       \
    X(DerivationImageSequence, 0x00089124)                                                                   \
    X(PatientName, 0x00100010)                                                                               \
    X(PatientID, 0x00100020)                                                                                 \
    X(PatientBirthDate, 0x00100030)                                                                          \
    X(PatientSex, 0x00100040)                                                                                \
    X(PatientSize, 0x00101020)                                                                               \
    X(PatientWeight, 0x00101030)                                                                             \
    X(SliceThickness, 0x00180050)                                                                            \
    X(EchoTime, 0x00180081)                                                                                  \
    X(InversionTime, 0x00180082)                                                                             \
    X(EchoNumbers, 0x00180086)                                                                               \
    X(SpacingBetweenSlices, 0x00180088)                                                                      \
    X(TriggerTime, 0x00181060)                                                                               \
    X(RadiopharmaceuticalStartTime, 0x00181072)                                                              \
    X(RadionuclideTotalDose, 0x00181074)                                                                     \
    X(RadionuclideHalfLife, 0x00181075)                                                                      \
    X(RadiopharmaceuticalStartDateTime, 0x00181078)                                                          \
    X(ConvolutionKernel, 0x00181210)                                                                         \
    X(ActualFrameDuration, 0x00181242)                                                                       \
    X(FlipAngle, 0x00181314)                                                                                 \
    X(FrameAcquisitionDateTime, 0x00189074)                                                                  \
    X(DiffusionGradientDirectionSequence, 0x00189076)                                                        \
    X(EffectiveEchoTime, 0x00189082)                                                                         \
    X(DiffusionBValue, 0x00189087)                                                                           \
    X(DiffusionGradientOrientation, 0x00189089)                                                              \
    X(MREchoSequence, 0x00189114)                                                                            \
    X(MRDiffusionSequence, 0x00189117)                                                                       \
    X(CardiacSynchronizationSequence, 0x00189118)                                                            \
    X(MRImageFrameTypeSequence, 0x00189226)                                                                  \
    X(DecayCorrectionDateTime, 0x00189701)                                                                   \
    X(DecayCorrected, 0x00189758)                                                                            \
    X(AttenuationCorrected, 0x00189759)                                                                      \
    X(ImagerPixelSpacing, 0x00181164)                                                                        \
    X(NominalScannedPixelSpacing, 0x00182010)                                                                \
    X(SequenceOfUltrasoundRegions, 0x00186011)                                                               \
    X(RegionSpatialFormat, 0x00186012)                                                                       \
    X(RegionLocationMinX0, 0x00186018)                                                                       \
    X(RegionLocationMinY0, 0x0018601A)                                                                       \
    X(RegionLocationMaxX1, 0x0018601C)                                                                       \
    X(RegionLocationMaxY1, 0x0018601E)                                                                       \
    X(PhysicalUnitsXDirection, 0x00186024)                                                                   \
    X(PhysicalUnitsYDirection, 0x00186026)                                                                   \
    X(PhysicalDeltaX, 0x0018602C)                                                                            \
    X(PhysicalDeltaY, 0x0018602E)                                                                            \
    X(SeriesInstanceUID, 0x0020000E)                                                                         \
    X(AcquisitionNumber, 0x00200012)                                                                         \
    X(InstanceNumber, 0x00200013)                                                                            \
    X(ImagePositionPatient, 0x00200032)                                                                      \
    X(ImageOrientationPatient, 0x00200037)                                                                   \
    X(FrameOfReferenceUID, 0x00200052)                                                                       \
    X(TemporalPositionIdentifier, 0x00200100)                                                                \
    X(ImageComments, 0x00204000)                                                                             \
    X(StackID, 0x00209056)                                                                                   \
    X(FrameContentSequence, 0x00209111)                                                                      \
    X(ImagePositionVolume, 0x00209301)                                                                       \
    X(ImageOrientationVolume, 0x00209302)                                                                    \
    X(PlanePositionVolumeSequence, 0x0020930E)                                                               \
    X(PlaneOrientationVolumeSequence, 0x0020930F)                                                            \
    X(PlanePositionSequence, 0x00209113)                                                                     \
    X(PlaneOrientationSequence, 0x00209116)                                                                  \
    X(TemporalPositionIndex, 0x00209128)                                                                     \
    X(NominalCardiacTriggerDelayTime, 0x00209153)                                                            \
    X(FrameAcquisitionNumber, 0x00209156)                                                                    \
    X(UnassignedSharedConvertedAttributesSequence, 0x00209170)                                               \
    X(NominalPercentageOfCardiacPhase, 0x00209241)                                                           \
    X(NominalPercentageOfRespiratoryPhase, 0x00209245)                                                       \
    X(RespiratorySynchronizationSequence, 0x00209253)                                                        \
    X(SamplesPerPixel, 0x00280002)                                                                           \
    X(PhotometricInterpretation, 0x00280004)                                                                 \
    X(PlanarConfiguration, 0x00280006)                                                                       \
    X(NumberOfFrames, 0x00280008)                                                                            \
    X(Rows, 0x00280010)                                                                                      \
    X(Columns, 0x00280011)                                                                                   \
    X(PixelSpacing, 0x00280030)                                                                              \
    X(CorrectedImage, 0x00280051)                                                                            \
    X(BitsAllocated, 0x00280100)                                                                             \
    X(BitsStored, 0x00280101)                                                                                \
    X(HighBit, 0x00280102)                                                                                   \
    X(PixelRepresentation, 0x00280103)                                                                       \
    X(PixelPaddingValue, 0x00280120)                                                                         \
    X(PixelPaddingRangeLimit, 0x00280121)                                                                    \
    X(RescaleIntercept, 0x00281052)                                                                          \
    X(RescaleSlope, 0x00281053)                                                                              \
    X(RedPaletteColorLookupTableDescriptor, 0x00281101)                                                      \
    X(GreenPaletteColorLookupTableDescriptor, 0x00281102)                                                    \
    X(BluePaletteColorLookupTableDescriptor, 0x00281103)                                                     \
    X(RedPaletteColorLookupTableData, 0x00281201)                                                            \
    X(GreenPaletteColorLookupTableData, 0x00281202)                                                          \
    X(BluePaletteColorLookupTableData, 0x00281203)                                                           \
    X(SegmentedRedPaletteColorLookupTableData, 0x00281221)                                                   \
    X(SegmentedGreenPaletteColorLookupTableData, 0x00281222)                                                 \
    X(SegmentedBluePaletteColorLookupTableData, 0x00281223)                                                  \
    X(ModalityLUTSequence, 0x00283000)                                                                       \
    X(LUTDescriptor, 0x00283002)                                                                             \
    X(LUTData, 0x00283006)                                                                                   \
    X(PixelMeasuresSequence, 0x00289110)                                                                     \
    X(PixelValueTransformationSequence, 0x00289145)                                                          \
    X(MeasurementUnitsCodeSequence, 0x004008EA)                                                              \
    X(RealWorldValueMappingSequence, 0x00409096)                                                             \
    X(RealWorldValueIntercept, 0x00409224)                                                                   \
    X(RealWorldValueSlope, 0x00409225)                                                                       \
    X(EnergyWindowVector, 0x00540010)                                                                        \
    X(NumberOfEnergyWindows, 0x00540011)                                                                     \
    X(RadiopharmaceuticalInformationSequence, 0x00540016)                                                    \
    X(DetectorInformationSequence, 0x00540022)                                                               \
    X(PhaseVector, 0x00540030)                                                                               \
    X(RRIntervalVector, 0x00540060)                                                                          \
    X(TimeSlotVector, 0x00540070)                                                                            \
    X(SliceVector, 0x00540080)                                                                               \
    X(TimeSliceVector, 0x00540100)                                                                           \
    X(RadionuclideCodeSequence, 0x00540300)                                                                  \
    X(Units, 0x00541001)                                                                                     \
    X(SUVType, 0x00541006)                                                                                   \
    X(DecayCorrection, 0x00541102)                                                                           \
    X(FrameReferenceTime, 0x00541300)                                                                        \
    X(DoseCalibrationFactor, 0x00541322)                                                                     \
    X(SegmentationType, 0x00620001)                                                                          \
    X(SegmentSequence, 0x00620002)                                                                           \
    X(SegmentNumber, 0x00620004)                                                                             \
    X(SegmentLabel, 0x00620005)                                                                              \
    X(SegmentIdentificationSequence, 0x0062000A)                                                             \
    X(ReferencedSegmentNumber, 0x0062000B)                                                                   \
    X(MaximumFractionalValue, 0x0062000E)                                                                    \
    X(ImagePlanePixelSpacing, 0x30020011)                                                                    \
    X(ReferencedFrameOfReferenceSequence, 0x30060010)                                                        \
    X(RTReferencedStudySequence, 0x30060012)                                                                 \
    X(RTReferencedSeriesSequence, 0x30060014)                                                                \
    X(StructureSetROISequence, 0x30060020)                                                                   \
    X(ROINumber, 0x30060022)                                                                                 \
    X(ReferencedFrameOfReferenceUID, 0x30060024)                                                             \
    X(ROIName, 0x30060026)                                                                                   \
    X(ROIContourSequence, 0x30060039)                                                                        \
    X(ContourSequence, 0x30060040)                                                                           \
    X(ContourGeometricType, 0x30060042)                                                                      \
    X(ContourData, 0x30060050)                                                                               \
    X(ReferencedROINumber, 0x30060084)                                                                       \
    X(DoseUnits, 0x30040002)                                                                                 \
    X(GridFrameOffsetVector, 0x3004000C)                                                                     \
    X(DoseGridScaling, 0x3004000E)                                                                           \
    X(SharedFunctionalGroupsSequence, 0x52009229)                                                            \
    X(PerFrameFunctionalGroupsSequence, 0x52009230)                                                          \
    X(FloatPixelData, 0x7FE00008)                                                                            \
    X(DoubleFloatPixelData, 0x7FE00009)

#define RAD_TAG_ROW(keyword, number) rad_tag_##keyword = number,
typedef enum rad_tag { RAD_TAGS(RAD_TAG_ROW) rad_tag_PixelData = 0x7FE00010 } rad_tag;
#undef RAD_TAG_ROW

/* "PatientWeight", and the numbers for printf's RAD_TAG_FORMAT: "PatientWeight (0010,1030)". */
const char *rad_tag_keyword(rad_tag tag);

/* Is it a sequence of the table? Files with implicit VR do not say. */
bool rad_tag_is_sequence(rad_tag tag);

#define RAD_TAG_FORMAT     "%s (%04X,%04X)"
#define RAD_TAG_WORDS(tag) rad_tag_keyword(tag), (unsigned)(tag) >> 16, (unsigned)(tag)&0xFFFFU

#ifdef __cplusplus
}
#endif
#endif
