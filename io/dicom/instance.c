#include "instance.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "colour.h"
#include "dose.h"
#include "element.h"
#include "flat.h"
#include "nameless.h"
#include "parametric.h"
#include "rescaling.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char parametric_map[] = "1.2.840.10008.5.1.4.1.1.30";
static const rad_frame nothing = {{NAN, NAN, NAN}, {NAN, NAN, NAN, NAN, NAN, NAN}, {NAN, NAN}, NAN, NAN,
                                  {NAN, NAN}};

void rad_frame_normal(const rad_frame *frame, double normal[3]) {
    const double *o = frame->orientation;
    for (int r = 0; r < 3; r++) {
        const int s = (r + 1) % 3, t = (r + 2) % 3;
        normal[r] = o[s] * o[3 + t] - o[t] * o[3 + s];
    }
}

rad_status rad_instance_new_frames(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    const double stated = rad_element_number(root, rad_tag_NumberOfFrames);
    if (stated > 65535 || stated < 1)
        return rad_fail(error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %g; 1 to 65535 are allowed",
                        n->path, RAD_TAG_WORDS(rad_tag_NumberOfFrames), stated);
    n->frame_count = isnan(stated) ? 1 : (size_t)stated;
    n->frames = rad_new(n->frame_count, sizeof *n->frames, error);
    return n->frames ? RAD_OK : RAD_NO_MEMORY;
}

void rad_instance_read_groups(const rad_dicom_item *shared, const rad_dicom_item *own, rad_frame *frame,
                              double *thickness, double *between) {
    const rad_dicom_item *measures = rad_element_group(shared, own, rad_tag_PixelMeasuresSequence),
                         *values = rad_element_group(shared, own, rad_tag_PixelValueTransformationSequence);
    *frame = nothing;
    rad_element_vector(rad_element_group(shared, own, rad_tag_PlanePositionSequence),
                       rad_tag_ImagePositionPatient, frame->position, 3);
    rad_element_vector(rad_element_group(shared, own, rad_tag_PlaneOrientationSequence),
                       rad_tag_ImageOrientationPatient, frame->orientation, 6);
    if (isnan(frame->position[0])) /* 3D ultrasound: the volume of the transducer */
        rad_element_doubles(rad_element_group(shared, own, rad_tag_PlanePositionVolumeSequence),
                            rad_tag_ImagePositionVolume, frame->position, 3);
    if (isnan(frame->orientation[0]))
        rad_element_doubles(rad_element_group(shared, own, rad_tag_PlaneOrientationVolumeSequence),
                            rad_tag_ImageOrientationVolume, frame->orientation, 6);
    rad_element_vector(measures, rad_tag_PixelSpacing, frame->spacing, 2);
    frame->slope = rad_element_number(values, rad_tag_RescaleSlope);
    frame->intercept = rad_element_number(values, rad_tag_RescaleIntercept);
    *thickness = rad_element_number(measures, rad_tag_SliceThickness);
    *between = rad_element_number(measures, rad_tag_SpacingBetweenSlices);
}

/* One slice: everything stands in the data set itself. */
static void read_slice(const rad_dicom_item *root, rad_instance *n) {
    rad_frame *f = n->frames;
    rad_element_vector(root, rad_tag_ImagePositionPatient, f->position, 3);
    rad_element_vector(root, rad_tag_ImageOrientationPatient, f->orientation, 6);
}

/* Frames of a reconstructed NM image follow each other along the normal, or lie where SliceVector says: one
 * file may hold several gates, time slots or energy windows. */
static void read_stack(const rad_dicom_item *root, rad_instance *n) {
    rad_dicom_bytes slices;
    const bool told =
        rad_dicom_value(root, rad_tag_SliceVector, &slices) && slices.length >= 2 * n->frame_count;
    const rad_dicom_item *detector = rad_dicom_first(root, rad_tag_DetectorInformationSequence);
    rad_frame *f = n->frames;
    rad_element_vector(detector, rad_tag_ImagePositionPatient, f->position, 3);
    rad_element_vector(detector, rad_tag_ImageOrientationPatient, f->orientation, 6);
    const double step = isnan(n->between) ? n->thickness : n->between;
    double normal[3];
    rad_frame_normal(f, normal);
    for (size_t i = 1; i < n->frame_count; i++) n->frames[i] = *f;
    for (size_t i = 0; i < n->frame_count; i++) {
        const double slice = told ? (double)rad_dicom_short_at(&slices, i) - 1 : (double)i;
        for (int a = 0; a < 3 && slice != 0; a++) n->frames[i].position[a] += slice * step * normal[a];
    }
}

/* Numbers of one slice or stack that are there, but cannot be read, are no numbers that are absent. */
static rad_status check_numbers(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    rad_status status = rad_rescaling_check(root, n, error);
    if (status == RAD_OK) status = rad_element_check(root, rad_tag_PixelSpacing, 2, n->path, error);
    if (status == RAD_OK) status = rad_element_check(root, rad_tag_ImagePositionPatient, 3, n->path, error);
    if (status == RAD_OK)
        status = rad_element_check(root, rad_tag_ImageOrientationPatient, 6, n->path, error);
    return status;
}

static rad_status read_frames(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    const size_t groups = rad_dicom_count(root, rad_tag_PerFrameFunctionalGroupsSequence);
    const bool enhanced = groups > 0;
    double stated = rad_element_number(root, rad_tag_NumberOfFrames);
    if (stated == 0 && !enhanced) stated = 1; /* written by some for one */
    if (stated > 65535 || stated < 1 || (enhanced && !isnan(stated) && stated != (double)groups))
        return rad_fail(error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %g, with %zu item%s for frames",
                        n->path, RAD_TAG_WORDS(rad_tag_NumberOfFrames), stated, groups, rad_plural(groups));
    unsigned windows = 1;
    rad_dicom_short(root, rad_tag_NumberOfEnergyWindows, &windows);
    rad_dicom_bytes vector; /* which frame is of which window */
    if (n->object == RAD_OBJECT_STACK && windows != 1 &&
        !(rad_dicom_value(root, rad_tag_EnergyWindowVector, &vector) &&
          rad_dicom_value(root, rad_tag_SliceVector, &vector)))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT
                        " is %u; only one is allowed: save each frame as a separate file",
                        n->path, RAD_TAG_WORDS(rad_tag_NumberOfEnergyWindows), windows);
    const size_t count = enhanced ? groups : isnan(stated) ? 1 : (size_t)stated;
    if (count > 1 && !enhanced && n->object == RAD_OBJECT_IMAGE)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: %zu frames without " RAD_TAG_FORMAT ": their positions are unknown", n->path,
                        count, RAD_TAG_WORDS(rad_tag_PerFrameFunctionalGroupsSequence));
    n->frames = rad_new(count, sizeof *n->frames, error);
    if (!n->frames) return RAD_NO_MEMORY;
    n->frame_count = count;
    const rad_dicom_item *shared = rad_dicom_first(root, rad_tag_SharedFunctionalGroupsSequence);
    const rad_dicom_item *own = rad_dicom_first(root, rad_tag_PerFrameFunctionalGroupsSequence);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && enhanced && status == RAD_OK; i++, own = rad_dicom_next(own)) {
        rad_instance_read_groups(shared, own, &n->frames[i], &n->thickness, &n->between);
        if (!strcmp(n->sop_class, parametric_map)) rad_parametric_read(shared, own, n, &n->frames[i]);
        if (n->pet.enhanced) rad_pet_read_mapping(shared, own, &n->pet, n->frames[i].mapping);
        status = rad_rescaling_check(rad_element_group(shared, own, rad_tag_PixelValueTransformationSequence),
                                     n, error);
    }
    if (enhanced || status != RAD_OK) return status;
    n->frames[0] = nothing;
    status = check_numbers(root, n, error);
    if (status != RAD_OK) return status;
    rad_element_vector(root, rad_tag_PixelSpacing, n->frames[0].spacing, 2);
    n->frames[0].slope = rad_element_number(root, rad_tag_RescaleSlope);
    n->frames[0].intercept = rad_element_number(root, rad_tag_RescaleIntercept);
    if (n->object == RAD_OBJECT_STACK)
        read_stack(root, n);
    else
        read_slice(root, n);
    return RAD_OK;
}

/* The series that a structure set or segmentation refers to. */
static void read_reference(const rad_dicom_item *root, rad_instance *n) {
    const rad_dicom_item *item = root;
    if (n->object == RAD_OBJECT_STRUCTURES) {
        item = rad_dicom_first(item, rad_tag_ReferencedFrameOfReferenceSequence);
        if (item && !*n->frame_of_reference)
            rad_dicom_text(item, rad_tag_FrameOfReferenceUID, n->frame_of_reference,
                           sizeof n->frame_of_reference);
        if (!*n->frame_of_reference)
            rad_dicom_text(rad_dicom_first(root, rad_tag_StructureSetROISequence),
                           rad_tag_ReferencedFrameOfReferenceUID, n->frame_of_reference,
                           sizeof n->frame_of_reference);
        item = rad_dicom_first(item, rad_tag_RTReferencedStudySequence);
        item = rad_dicom_first(item, rad_tag_RTReferencedSeriesSequence);
    } else {
        item = rad_dicom_first(item, rad_tag_ReferencedSeriesSequence);
    }
    rad_dicom_text(item, rad_tag_SeriesInstanceUID, n->referenced, sizeof n->referenced);
}

/* The word of the standard, and those that scanners write. */
static bool is_localizer(const char *type) {
    static const char *const words[] = {"LOCALIZER", "SCOUT", "TOPOGRAM", "SURVIEW", "SCANOGRAM"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasestr(type, words[i])) return true;
    return false;
}

/* Slices of MR side by side in one picture; read as it is it would be one slice. */
static rad_status check_mosaic(const rad_dicom_item *root, const rad_instance *n, rad_error *error) {
    char type[129];
    rad_dicom_text(root, rad_tag_ImageType, type, sizeof type);
    if (strcmp(n->modality, "MR") != 0 || !strcasestr(type, "MOSAIC")) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: a mosaic: its " RAD_TAG_FORMAT
                    " says that slices lie side by side in one picture: make a volume of it, with dcm2niix",
                    n->path, RAD_TAG_WORDS(rad_tag_ImageType));
}

/* What tells one object from another; also of a file that is damaged further on. */
static void identify(const rad_dicom_item *root, rad_instance *n) {
    char type[129];
    rad_dicom_text(root, rad_tag_SOPClassUID, n->sop_class, sizeof n->sop_class);
    rad_dicom_text(root, rad_tag_SOPInstanceUID, n->sop_instance, sizeof n->sop_instance);
    rad_dicom_text(root, rad_tag_SeriesInstanceUID, n->series, sizeof n->series);
    rad_dicom_text(root, rad_tag_Modality, n->modality, sizeof n->modality);
    rad_dicom_text(root, rad_tag_ImageType, type, sizeof type);
    n->localizer = is_localizer(type);
    n->captured = strstr(type, "SECONDARY") || strstr(type, "SCREEN");
}

/* Stored values that stand for nothing: one, or a range. They are of the sign of the voxels, whatever the
 * file says. */
static void read_padding(const rad_dicom_item *root, rad_instance *n) {
    unsigned value[2];
    n->pads = rad_dicom_short(root, rad_tag_PixelPaddingValue, &value[0]);
    if (!n->pads) return;
    if (!rad_dicom_short(root, rad_tag_PixelPaddingRangeLimit, &value[1])) value[1] = value[0];
    for (int i = 0; i < 2; i++)
        n->pad[i] = n->format.is_signed && value[i] > 32767 ? (double)value[i] - 65536 : (double)value[i];
    if (n->pad[0] <= n->pad[1]) return;
    const double high = n->pad[0];
    n->pad[0] = n->pad[1];
    n->pad[1] = high;
}

/* Some programs leave the rescaling of frames where single slices have it. */
static void read_rescaling_of_all(const rad_dicom_item *root, rad_instance *n) {
    const double slope = rad_element_number(root, rad_tag_RescaleSlope),
                 intercept = rad_element_number(root, rad_tag_RescaleIntercept);
    for (size_t i = 0; i < n->frame_count; i++) {
        rad_frame *f = &n->frames[i];
        if (!isnan(f->slope) || !isnan(f->intercept)) continue;
        f->slope = slope;
        f->intercept = intercept;
    }
}

static rad_status read_planes(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    if (n->object == RAD_OBJECT_DOSE) return rad_dose_read(root, n, error);
    if (n->object == RAD_OBJECT_FLAT) return rad_flat_read(root, n, error);
    const rad_status status = read_frames(root, n, error);
    if (status == RAD_OK && strcmp(n->sop_class, parametric_map) != 0) read_rescaling_of_all(root, n);
    return status;
}

/* Series whose UIDs cannot be told apart would become one. */
static rad_status check_uid(const rad_dicom_item *root, const rad_instance *n, rad_error *error) {
    rad_dicom_bytes v;
    if (!rad_dicom_value(root, rad_tag_SeriesInstanceUID, &v) || *n->series || v.length < RAD_UID)
        return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " has %zu characters; up to %d are read: give it a shorter one",
                    n->path, RAD_TAG_WORDS(rad_tag_SeriesInstanceUID), v.length, RAD_UID - 1);
}

static rad_status read_file(const rad_dicom *file, rad_instance *n, rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(file);
    rad_dicom_text(root, rad_tag_FrameOfReferenceUID, n->frame_of_reference, sizeof n->frame_of_reference);
    rad_dicom_text(root, rad_tag_PhotometricInterpretation, n->photometric, sizeof n->photometric);
    rad_status status = check_uid(root, n, error);
    if (status == RAD_OK)
        status = rad_dicom_words(file, root, rad_tag_SeriesDescription, n->description, sizeof n->description,
                                 error);
    if (status != RAD_OK) return status;
    n->object = rad_nameless_find(root, n->sop_class);
    if (n->object == RAD_OBJECT_STRUCTURES || n->object == RAD_OBJECT_SEGMENTATION) read_reference(root, n);
    if (!rad_instance_is_image(n)) return RAD_OK;
    n->thickness = rad_element_number(root, rad_tag_SliceThickness);
    n->between = rad_element_number(root, rad_tag_SpacingBetweenSlices);
    if (!strcmp(n->modality, "PT")) rad_pet_read(root, n->sop_class, &n->pet);
    n->lut = rad_lut_kind_of(root, n->photometric);
    status = check_mosaic(root, n, error);
    if (status == RAD_OK) status = read_planes(root, n, error);
    if (status == RAD_OK) status = rad_dicom_pixels(file, n->path, &n->format, &n->data, error);
    if (status == RAD_UNREADABLE && n->object == RAD_OBJECT_FLAT && n->data.offset &&
        rad_colour_find(root, n->photometric, &n->format))
        status = RAD_OK;
    read_padding(root, n);
    return status;
}

void rad_instance_read(rad_instance *instance) {
    rad_dicom *file = NULL;
    char *path = instance->path;
    *instance = (rad_instance){.path = path, .thickness = NAN, .between = NAN};
    rad_status status = rad_dicom_open_part(path, &file, &instance->error);
    if (file) identify(rad_dicom_root(file), instance);
    if (status == RAD_OK) status = read_file(file, instance, &instance->error);
    if (status == RAD_OK) instance->error = (rad_error){0};
    rad_dicom_close(file);
}

bool rad_instance_is_image(const rad_instance *n) {
    return n->object == RAD_OBJECT_IMAGE || n->object == RAD_OBJECT_STACK || n->object == RAD_OBJECT_DOSE ||
           n->object == RAD_OBJECT_FLAT;
}

void rad_instance_free(rad_instance *instance) {
    rad_free(instance->path);
    rad_free(instance->frames);
    rad_free(instance->regions);
    *instance = (rad_instance){0};
}
