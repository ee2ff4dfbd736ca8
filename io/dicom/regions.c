#include "regions.h"

#include "../../core/memory.h"

#include <math.h>

static bool read_long(const rad_dicom_item *item, uint32_t tag, size_t *value) {
    rad_dicom_bytes b;
    if (!rad_dicom_value(item, tag, &b) || b.length < 4) return false;
    *value = rad_dicom_whole_at(&b, 0, 4);
    return true;
}

/* A picture in cm: RegionSpatialFormat 1 (2D), or 0 (not applicable); units 3. */
static void read_spacing(const rad_dicom_item *item, rad_region *r) {
    unsigned format = 0, units[2] = {0};
    double delta[2] = {NAN, NAN};
    r->spacing[0] = r->spacing[1] = NAN;
    rad_dicom_short(item, rad_tag_RegionSpatialFormat, &format);
    rad_dicom_short(item, rad_tag_PhysicalUnitsXDirection, &units[0]);
    rad_dicom_short(item, rad_tag_PhysicalUnitsYDirection, &units[1]);
    rad_dicom_double(item, rad_tag_PhysicalDeltaX, &delta[0]);
    rad_dicom_double(item, rad_tag_PhysicalDeltaY, &delta[1]);
    bool scaled = true; /* as far as slices may be apart (series.c) */
    for (int a = 0; a < 2; a++) scaled = scaled && fabs(delta[a]) > 1e-9 && fabs(delta[a]) < 1e3;
    if (format > 1 || units[0] != 3 || units[1] != 3 || !scaled) return;
    for (int a = 0; a < 2; a++) r->spacing[a] = 10 * fabs(delta[a]);
}

rad_status rad_regions_read(const rad_dicom_item *root, const char *path, rad_region **regions, size_t *count,
                            rad_error *error) {
    static const rad_tag first[2] = {rad_tag_RegionLocationMinX0, rad_tag_RegionLocationMinY0},
                         last[2] = {rad_tag_RegionLocationMaxX1, rad_tag_RegionLocationMaxY1};
    *regions = NULL;
    *count = rad_dicom_count(root, rad_tag_SequenceOfUltrasoundRegions);
    if (!*count) return RAD_OK;
    *regions = rad_new(*count, sizeof **regions, error);
    if (!*regions) return RAD_NO_MEMORY;
    const rad_dicom_item *item = rad_dicom_first(root, rad_tag_SequenceOfUltrasoundRegions);
    for (size_t i = 0; i < *count; i++, item = rad_dicom_next(item)) {
        rad_region *r = &(*regions)[i];
        for (int a = 0; a < 2; a++) {
            size_t end = 0;
            if (!read_long(item, first[a], &r->begin[a]) || !read_long(item, last[a], &end) ||
                end < r->begin[a])
                return rad_fail(error, RAD_UNREADABLE,
                                "%s: region %zu of the picture: " RAD_TAG_FORMAT " or " RAD_TAG_FORMAT
                                " is missing, or the first lies beyond the second; export it again",
                                path, i + 1, RAD_TAG_WORDS(first[a]), RAD_TAG_WORDS(last[a]));
            r->end[a] = end + 1;
        }
        read_spacing(item, r);
    }
    return RAD_OK;
}

const rad_region *rad_regions_main(const rad_region *regions, size_t count) {
    const rad_region *best = NULL;
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        const rad_region *r = &regions[i];
        const double area = (double)(r->end[0] - r->begin[0]) * (double)(r->end[1] - r->begin[1]);
        if (isnan(r->spacing[0]) || area <= most) continue;
        most = area;
        best = r;
    }
    return best;
}
