#include "../../core/memory.h"
#include "nrrd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any anatomy has; what is looked up is looked up one by one. */
enum { MOST = 4096 };

/* The segment of that number, which most often is the last one. */
static rad_status find_segment(const char *path, size_t number, rad_nrrd_segments *s,
                               rad_nrrd_segment **found, rad_error *error) {
    for (size_t i = s->count; i > 0; i--)
        if (s->of[i - 1].number == number) {
            *found = &s->of[i - 1];
            return RAD_OK;
        }
    if (s->count == MOST) return rad_fail(error, RAD_UNREADABLE, "%s: more than %d segments", path, MOST);
    rad_status status = rad_grow(&s->of, s->count, &s->room, sizeof *s->of, error);
    if (status != RAD_OK) return status;
    s->of[s->count] = (rad_nrrd_segment){.number = number};
    *found = &s->of[s->count++];
    return RAD_OK;
}

static bool read_whole(const char *text, int64_t *value) {
    char *end;
    *value = strtoll(text, &end, 10);
    return end > text && !*end && *value > -(1LL << 53) && *value < 1LL << 53;
}

/* Escapes of a value: a new line and a backslash. */
static char *unescape(const char *text, rad_error *error) {
    char *copy = rad_text_copy(text, error);
    size_t n = 0;
    for (size_t i = 0; copy && copy[i]; i++, n++) {
        const bool escape = copy[i] == '\\' && (copy[i + 1] == 'n' || copy[i + 1] == '\\');
        i += escape;
        copy[n] = escape && copy[i] == 'n' ? '\n' : copy[i];
    }
    if (copy) copy[n] = '\0';
    return copy;
}

rad_status rad_nrrd_segment_take(const char *path, const char *key, const char *value,
                                 rad_nrrd_segments *segments, rad_error *error) {
    static const char begin[] = "Segment";
    if (strncmp(key, begin, sizeof begin - 1) != 0) return RAD_OK;
    char *end;
    const char *digits = key + sizeof begin - 1;
    const unsigned long number = strtoul(digits, &end, 10);
    if (end == digits || *digits < '0' || *digits > '9' || *end != '_') return RAD_OK;
    const bool name = !strcmp(end, "_Name"), label = !strcmp(end, "_LabelValue"),
               layer = !strcmp(end, "_Layer");
    if (!name && !label && !layer) return RAD_OK;
    rad_nrrd_segment *s = NULL;
    rad_status status = find_segment(path, number, segments, &s, error);
    if (status != RAD_OK) return status;
    if (name) {
        rad_free(s->name);
        s->name = unescape(value, error);
        return s->name ? RAD_OK : RAD_NO_MEMORY;
    }
    if (!read_whole(value, label ? &s->value : &s->layer) || (layer && s->layer < 0))
        return rad_fail(error, RAD_UNREADABLE, "%s: %s is \"%s\", which is not a whole number", path, key,
                        value);
    *(label ? &s->has_value : &s->has_layer) = true;
    return RAD_OK;
}

static int by_number(const void *a, const void *b) {
    const rad_nrrd_segment *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Before there were layers, each segment had one of its own, by its number, or they shared the one. */
rad_status rad_nrrd_segments_label(const char *path, rad_nrrd_segments *segments, rad_raster *raster,
                                   rad_error *error) {
    rad_status status = RAD_OK;
    if (segments->count) qsort(segments->of, segments->count, sizeof *segments->of, by_number);
    for (size_t i = 0; i < segments->count && status == RAD_OK; i++) {
        const rad_nrrd_segment *s = &segments->of[i];
        const bool several = raster->channels > 1;
        const size_t layer = s->has_layer ? (size_t)s->layer : several ? s->number : 0;
        const int64_t value = s->has_value ? s->value : several ? 1 : (int64_t)s->number + 1;
        char number[48];
        snprintf(number, sizeof number, "Segment_%zu", s->number);
        if (layer >= raster->channels)
            return rad_fail(error, RAD_UNREADABLE, "%s: segment %zu is in layer %zu of %zu", path, s->number,
                            layer, raster->channels);
        status = rad_raster_add_label(raster, value, layer, s->name ? s->name : number, error);
    }
    return status;
}

void rad_nrrd_segments_free(rad_nrrd_segments *segments) {
    for (size_t i = 0; i < segments->count; i++) rad_free(segments->of[i].name);
    rad_free(segments->of);
    *segments = (rad_nrrd_segments){.of = NULL};
}
