#include "object.h"

#include "../../core/printable.h"
#include <string.h>
#include <strings.h>

/* Of pictures, the one that was asked for, or all; what those need to know who draw on them. */
void rad_object_choose_frame(rad_series *s, size_t frame) {
    const rad_instance *n = s->first;
    if (n->object != RAD_OBJECT_FLAT || n->placed) return;
    s->flat = (rad_flat){.is = true,
                         .frames = n->frame_count,
                         .sop_instance = n->sop_instance,
                         .regions = n->regions,
                         .region_count = n->region_count};
    if (!frame) return;
    s->flat.first = frame - 1;
    s->planes[0] = s->planes[frame - 1];
    s->plane_count = s->header.geometry.size[2] = 1;
    rad_facts_add(&s->facts, "frame", "%zu of %zu", frame, n->frame_count);
}

/* What is said of an object that is not a slice of CT, MR, PT or NM by its SOP class. */
void rad_object_tell(rad_series *s, rad_warnings *warnings) {
    const rad_instance *n = s->first;
    if (!rad_class_words(n->sop_class))
        rad_warn(warnings,
                 "%.200s: " RAD_TAG_FORMAT
                 " is %s, no image that is known; it is taken as %s by its modality",
                 n->path, RAD_TAG_WORDS(rad_tag_SOPClassUID), *n->sop_class ? n->sop_class : "absent",
                 n->modality);
    if (n->object == RAD_OBJECT_FLAT)
        rad_facts_add(&s->facts, "spacing_from", "%s", rad_tag_keyword(n->spacing_from));
    if (n->object != RAD_OBJECT_DOSE && *n->unit) rad_facts_add(&s->facts, "unit", "%s", n->unit);
    if (n->object != RAD_OBJECT_DOSE) return;
    rad_facts_add(&s->facts, "dose_units", "%s", *n->unit ? n->unit : "(absent)");
    if (strcasecmp(n->unit, "GY") != 0)
        rad_warn(warnings, "%.200s: " RAD_TAG_FORMAT " is %s: doses are taken as they stand, not as Gy",
                 n->path, RAD_TAG_WORDS(rad_tag_DoseUnits), *n->unit ? n->unit : "absent");
}

void rad_object_tell_colour(const rad_series *s, const rad_tint *tint, size_t pixels,
                            rad_warnings *warnings) {
    if (tint->coloured)
        rad_warn(
            warnings,
            "%.200s: %zu of %zu pixel%s %s a colour; their luminance is taken (0.299 R + 0.587 G + 0.114 B)",
            s->first->path, (size_t)tint->coloured, pixels, rad_plural(pixels),
            tint->coloured == 1 ? "has" : "have");
}
