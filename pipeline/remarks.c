#include "remarks.h"

#include "../core/memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Are two remarks about the same thing, both of the original or both of response maps? */
static bool is_alike(const rad_remark *a, const char *about, bool of_map) {
    return !strcmp(a->about, about) && (a->maps > 0) == of_map;
}

static rad_remark *find(const rad_remarks *remarks, const char *about, bool of_map) {
    for (size_t i = 0; i < remarks->count; i++)
        if (is_alike(&remarks->row[i], about, of_map)) return &remarks->row[i];
    return NULL;
}

rad_status rad_remarks_add(rad_remarks *remarks, const char *map, const char *about, rad_error *error,
                           const char *format, ...) {
    rad_remark *known = find(remarks, about, map != NULL);
    if (known) {
        known->maps += map != NULL;
        return RAD_OK;
    }
    if (rad_grow(&remarks->row, remarks->count, &remarks->room, sizeof *remarks->row, error) != RAD_OK)
        return RAD_NO_MEMORY;
    rad_remark *fresh = &remarks->row[remarks->count++];
    *fresh = (rad_remark){.maps = map != NULL};
    snprintf(fresh->about, sizeof fresh->about, "%s", about);
    snprintf(fresh->map, sizeof fresh->map, "%s", map ? map : "");
    va_list args;
    va_start(args, format);
    vsnprintf(fresh->text, sizeof fresh->text, format, args);
    va_end(args);
    return RAD_OK;
}

/* A text that is cut where its room ends. */
typedef struct writer {
    char text[480];
    size_t used;
} writer;

static void put(writer *w, const char *format, ...) RAD_PRINTF(2, 3);
static void put(writer *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(w->text + w->used, sizeof w->text - w->used, format, args);
    va_end(args);
    w->used = length < 0 || w->used + (size_t)length >= sizeof w->text ? sizeof w->text - 1
                                                                       : w->used + (size_t)length;
}

/* The first remark, of the first ROI, and which others have one like it. */
static void tell(const rad_remarked *rois, size_t count, const rad_remark *first, rad_warnings *warnings) {
    enum { NAMED = 8 };
    writer w = {.used = 0};
    size_t others = 0, maps = first->maps;
    put(&w, "ROI %.60s: %s%s%s: %s", rois[0].name, first->map, first->maps ? ": " : "", first->about,
        first->text);
    for (size_t i = 1; i < count; i++) {
        const rad_remark *other = find(rois[i].remarks, first->about, first->maps > 0);
        if (!other) continue;
        maps += other->maps;
        if (others++ < NAMED) put(&w, "%s %.20s", others == 1 ? "; the same for ROI" : ",", rois[i].name);
    }
    if (others > NAMED) put(&w, " and %zu more", others - NAMED);
    if (maps > 1) put(&w, "; %zu response maps in all", maps);
    rad_warn(warnings, "%s", w.text);
}

void rad_remarks_tell(const rad_remarked *rois, size_t count, rad_warnings *warnings) {
    enum { TOLD = 64 }; /* there are fewer things to remark */
    const rad_remark *told[TOLD];
    size_t told_count = 0;
    for (size_t i = 0; i < count && warnings; i++)
        for (size_t k = 0; k < rois[i].remarks->count && told_count < TOLD; k++) {
            const rad_remark *r = &rois[i].remarks->row[k];
            size_t t = 0;
            while (t < told_count && !is_alike(told[t], r->about, r->maps > 0)) t++;
            if (t < told_count) continue;
            told[told_count++] = r;
            tell(rois + i, count - i, r, warnings);
        }
}

void rad_remarks_free(rad_remarks *remarks) {
    rad_free(remarks->row);
    *remarks = (rad_remarks){.row = NULL};
}
