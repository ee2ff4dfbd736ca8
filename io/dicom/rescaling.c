#include "rescaling.h"

#include "element.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const rad_frame *frame_of(const rad_plane *p) {
    return &p->instance->frames[p->frame];
}

rad_status rad_rescaling_check(const rad_dicom_item *item, rad_instance *n, rad_error *error) {
    static const rad_tag tags[] = {rad_tag_RescaleSlope, rad_tag_RescaleIntercept};
    for (int i = 0; i < 2; i++) {
        char text[65];
        double value;
        const bool said = rad_dicom_text(item, tags[i], text, sizeof text),
                   number = rad_dicom_numbers(item, tags[i], &value, 1) >= 1;
        if (said && !number)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: " RAD_TAG_FORMAT " is \"%s\", which is no number; correct it", n->path,
                            RAD_TAG_WORDS(tags[i]), text);
        n->nan_slope = n->nan_slope || (said && isnan(value));
    }
    return RAD_OK;
}

rad_status rad_rescaling_find(rad_plane *p, bool mapped, rad_error *error) {
    const rad_frame *f = frame_of(p);
    const bool looks_up = p->instance->lut != RAD_LUT_NONE; /* in place of slope and intercept */
    p->slope = mapped ? f->mapping[0] : isnan(f->slope) || looks_up ? 1 : f->slope;
    p->intercept = mapped ? f->mapping[1] : isnan(f->intercept) || looks_up ? 0 : f->intercept;
    if (isfinite(p->slope) && isfinite(p->intercept) && p->slope != 0) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: " RAD_TAG_FORMAT " %g, " RAD_TAG_FORMAT " %g; both must be finite, and the slope not 0",
        p->instance->path, RAD_TAG_WORDS(mapped ? rad_tag_RealWorldValueSlope : rad_tag_RescaleSlope),
        p->slope, RAD_TAG_WORDS(mapped ? rad_tag_RealWorldValueIntercept : rad_tag_RescaleIntercept),
        p->intercept);
}

static bool has_no_slope(const rad_frame *f) {
    return isnan(f->slope);
}

static bool has_no_intercept(const rad_frame *f) {
    return isnan(f->intercept);
}

/* Has it what its absence does not mean? */
static bool is_scaled(const rad_frame *f) {
    return !isnan(f->slope) && (f->slope != 1 || f->intercept != 0);
}

static bool is_shifted(const rad_frame *f) {
    return !isnan(f->intercept) && f->intercept != 0;
}

static const rad_plane *find_plane(const rad_series *s, bool (*fits)(const rad_frame *)) {
    for (size_t i = 0; i < s->plane_count; i++)
        if (fits(frame_of(&s->planes[i]))) return &s->planes[i];
    return NULL;
}

static rad_status refuse(const rad_plane *bare, const rad_plane *other, rad_tag tag, double value,
                         rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE,
                    "%.200s: " RAD_TAG_FORMAT
                    " is missing or NaN in this slice, and %g in %.200s; correct it, or fetch it again",
                    bare->instance->path, RAD_TAG_WORDS(tag), value, other->instance->path);
}

static bool has_nan(const rad_series *s) {
    for (size_t i = 0; i < s->plane_count; i++)
        if (s->planes[i].instance->nan_slope) return true;
    return false;
}

rad_status rad_rescaling_tell(const rad_series *s, bool mapped, rad_warnings *warnings, rad_error *error) {
    const bool ct = !strcmp(s->first->modality, "CT"), pet = !strcmp(s->first->modality, "PT");
    const rad_plane *bare = find_plane(s, has_no_slope), *scaled = find_plane(s, is_scaled);
    const rad_plane *level = find_plane(s, has_no_intercept), *shifted = find_plane(s, is_shifted);
    if (mapped || s->first->lut) return RAD_OK;
    if (bare && scaled) return refuse(bare, scaled, rad_tag_RescaleSlope, frame_of(scaled)->slope, error);
    if (level && shifted)
        return refuse(level, shifted, rad_tag_RescaleIntercept, frame_of(shifted)->intercept, error);
    if (has_nan(s))
        rad_warn(warnings,
                 "%.200s: " RAD_TAG_FORMAT " or " RAD_TAG_FORMAT
                 " is NaN, which counts as absent: it is taken as 1, or 0",
                 s->first->path, RAD_TAG_WORDS(rad_tag_RescaleSlope),
                 RAD_TAG_WORDS(rad_tag_RescaleIntercept));
    else if (bare && (ct || pet))
        rad_warn(warnings, "%.200s: " RAD_TAG_FORMAT " is missing; stored values are taken as %s",
                 s->first->path, RAD_TAG_WORDS(rad_tag_RescaleSlope),
                 ct ? "Hounsfield units" : "activity, or what Units (0054,1001) says");
    else if (ct && level)
        rad_warn(warnings, "%.200s: " RAD_TAG_FORMAT " is missing; it is taken as 0", s->first->path,
                 RAD_TAG_WORDS(rad_tag_RescaleIntercept));
    return RAD_OK;
}
