#include "dose.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "element.h"

#include <math.h>
#include <string.h>

static rad_status missing(const rad_instance *n, rad_tag tag, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " %s; export the dose again", n->path,
                    RAD_TAG_WORDS(tag), what);
}

static rad_status read_offsets(const rad_dicom_item *root, const rad_instance *n, double *offsets,
                               rad_error *error) {
    const size_t count = n->frame_count,
                 there = rad_dicom_numbers(root, rad_tag_GridFrameOffsetVector, NULL, 0);
    if (count == 1 && there != 1) {
        offsets[0] = 0;
        return RAD_OK;
    }
    if (there != count || rad_dicom_numbers(root, rad_tag_GridFrameOffsetVector, offsets, count) != count)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " has %zu number%s for %zu frame%s; export the dose again",
                        n->path, RAD_TAG_WORDS(rad_tag_GridFrameOffsetVector), there, rad_plural(there),
                        count, rad_plural(count));
    for (size_t i = 0; i < count; i++)
        if (!isfinite(offsets[i])) return missing(n, rad_tag_GridFrameOffsetVector, "is not finite", error);
    return RAD_OK;
}

/* Offsets that are places along z are turned into those from the first plane. */
static void place(rad_instance *n, const double *offsets) {
    const rad_frame first = n->frames[0];
    double normal[3];
    rad_frame_normal(&first, normal);
    const bool absolute = offsets[0] != 0 && fabs(fabs(normal[2]) - 1) < 1e-3 &&
                          fabs(offsets[0] - first.position[2]) <= 0.01 * fmax(1, fabs(offsets[0]));
    for (size_t i = 0; i < n->frame_count; i++) {
        n->frames[i] = first;
        if (absolute)
            n->frames[i].position[2] = offsets[i];
        else
            for (int a = 0; a < 3; a++) n->frames[i].position[a] += (offsets[i] - offsets[0]) * normal[a];
    }
}

rad_status rad_dose_read(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    rad_status status = rad_instance_new_frames(root, n, error);
    if (status != RAD_OK) return status;
    double *offsets = rad_new(n->frame_count, sizeof *offsets, error);
    if (!offsets) status = RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_frame *f = n->frames;
        rad_element_vector(root, rad_tag_ImagePositionPatient, f->position, 3);
        rad_element_vector(root, rad_tag_ImageOrientationPatient, f->orientation, 6);
        rad_element_vector(root, rad_tag_PixelSpacing, f->spacing, 2);
        f->slope = rad_element_number(root, rad_tag_DoseGridScaling);
        f->intercept = 0;
        if (!(f->slope > 0 && isfinite(f->slope)))
            status = missing(n, rad_tag_DoseGridScaling, "is missing or not above 0", error);
        else if (!isfinite(f->position[0]))
            status = missing(n, rad_tag_ImagePositionPatient, "is missing", error);
        else if (!isfinite(f->orientation[0]))
            status = missing(n, rad_tag_ImageOrientationPatient, "is missing", error);
    }
    if (status == RAD_OK) status = read_offsets(root, n, offsets, error);
    if (status == RAD_OK) place(n, offsets);
    if (status == RAD_OK) rad_dicom_text(root, rad_tag_DoseUnits, n->unit, sizeof n->unit);
    rad_free(offsets);
    return status;
}
