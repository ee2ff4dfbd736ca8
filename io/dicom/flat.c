#include "flat.h"

#include "element.h"

#include <math.h>

/* Where a spacing may stand, the best first. */
static const rad_tag spacings[] = {rad_tag_PixelSpacing, rad_tag_ImagerPixelSpacing,
                                   rad_tag_NominalScannedPixelSpacing, rad_tag_ImagePlanePixelSpacing};

static bool is_spacing(const double value[2]) {
    return value[0] > 0 && value[1] > 0 && isfinite(value[0]) && isfinite(value[1]);
}

static void find_spacing(const rad_dicom_item *root, rad_instance *n, double spacing[2]) {
    const rad_region *main = rad_regions_main(n->regions, n->region_count);
    const rad_dicom_item *shared = rad_dicom_first(root, rad_tag_SharedFunctionalGroupsSequence),
                         *measures = rad_dicom_first(shared, rad_tag_PixelMeasuresSequence);
    spacing[0] = spacing[1] = NAN;
    if (main) {
        spacing[0] = main->spacing[1];
        spacing[1] = main->spacing[0];
        n->spacing_from = rad_tag_SequenceOfUltrasoundRegions;
        return;
    }
    n->spacing_from = rad_tag_PixelSpacing;
    rad_element_vector(measures, rad_tag_PixelSpacing, spacing, 2);
    for (size_t i = 0; i < sizeof spacings / sizeof spacings[0] && !is_spacing(spacing); i++) {
        rad_element_vector(root, spacings[i], spacing, 2);
        n->spacing_from = spacings[i];
    }
    if (!is_spacing(spacing)) spacing[0] = spacing[1] = NAN;
}

rad_status rad_flat_read(const rad_dicom_item *root, rad_instance *n, rad_error *error) {
    static const double axes[6] = {1, 0, 0, 0, 1, 0};
    rad_frame first = {.position = {0, 0, 0}};
    rad_status status = rad_instance_new_frames(root, n, error);
    if (status == RAD_OK) status = rad_regions_read(root, n->path, &n->regions, &n->region_count, error);
    if (status != RAD_OK) return status;
    find_spacing(root, n, first.spacing);
    rad_element_vector(root, rad_tag_ImagePositionPatient, first.position, 3);
    rad_element_vector(root, rad_tag_ImageOrientationPatient, first.orientation, 6);
    n->placed = n->frame_count == 1 && !n->region_count && isfinite(first.position[0]) &&
                isfinite(first.orientation[0]) && isfinite(first.spacing[0]);
    for (int a = 0; a < 6 && !n->placed; a++) first.orientation[a] = axes[a];
    for (int a = 0; a < 3 && !n->placed; a++) first.position[a] = 0;
    if (!n->placed) n->thickness = n->between = 1;
    first.slope = rad_element_number(root, rad_tag_RescaleSlope);
    first.intercept = rad_element_number(root, rad_tag_RescaleIntercept);
    for (size_t i = 0; i < n->frame_count; i++) {
        n->frames[i] = first;
        if (!n->placed) n->frames[i].position[2] = (double)i;
    }
    return RAD_OK;
}

/* Of what a file does not say, and of what is not the body's. */
static rad_status settle_spacing(const rad_instance *n, const double given[2], rad_warnings *warnings,
                                 rad_error *error) {
    if (isfinite(n->frames[0].spacing[0])) {
        if (n->spacing_from == rad_tag_ImagerPixelSpacing)
            rad_warn(warnings,
                     "%.200s: spacing is that of the detector (" RAD_TAG_FORMAT
                     "), not corrected for magnification",
                     n->path, RAD_TAG_WORDS(rad_tag_ImagerPixelSpacing));
        return RAD_OK;
    }
    if (!(given[0] > 0 && given[1] > 0))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the distance of pixels is unknown: no " RAD_TAG_FORMAT ", no " RAD_TAG_FORMAT
                        ", no regions in cm; give it by the setting image_spacing: [x, y, z], in mm",
                        n->path, RAD_TAG_WORDS(rad_tag_PixelSpacing),
                        RAD_TAG_WORDS(rad_tag_ImagerPixelSpacing));
    for (size_t i = 0; i < n->frame_count; i++) {
        n->frames[i].spacing[0] = given[1];
        n->frames[i].spacing[1] = given[0];
    }
    rad_warn(warnings,
             "%.200s: the file does not say how far pixels are apart; image_spacing is taken: %g, %g mm",
             n->path, given[0], given[1]);
    return RAD_OK;
}

rad_status rad_flat_prepare(const rad_instance *const *members, size_t count, const rad_flat_options *options,
                            rad_warnings *warnings, rad_error *error) {
    const rad_instance *n = members[0];
    if (n->object != RAD_OBJECT_FLAT || n->placed) return RAD_OK;
    if (count > 1)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: one of %zu pictures of its series, which have no place in the patient; give one file",
            n->path, count);
    if (options->frame > n->frame_count)
        return rad_fail(error, RAD_UNREADABLE, "%s: has no frame %zu; it has %zu", n->path, options->frame,
                        n->frame_count);
    return settle_spacing(n, options->spacing, warnings, error);
}
