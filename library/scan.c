#include "visit.h"

#include "../core/memory.h"
#include "../io/scan/array.h"

#include <stdint.h>

static void drop(rad_scan *scan) {
    if (!scan) return;
    rad_free((void *)(uintptr_t)scan->path);
    rad_free((void *)(uintptr_t)scan->series);
    rad_free(scan);
}

void rad_scan_free(rad_scan *scan) {
    if (scan && scan->is_array && scan->array.release) scan->array.release(scan->array.context);
    drop(scan);
}

/* A scan with texts of its own. */
static rad_status make(const rad_scan *like, rad_scan **scan, rad_error *error) {
    rad_scan *s = rad_new(1, sizeof *s, error);
    if (!s) return RAD_NO_MEMORY;
    *s = *like;
    s->path = rad_text_copy(like->path, error);
    s->series = rad_text_copy(like->series, error);
    s->array.name = s->path;
    if (!s->path || (like->series && !s->series)) {
        drop(s);
        return RAD_NO_MEMORY;
    }
    *scan = s;
    return RAD_OK;
}

rad_status rad_scan_from_path(const char *path, const rad_scan_options *options, rad_scan **scan,
                              rad_error *error) {
    const rad_scan_options o = options ? *options : (rad_scan_options){.series = NULL};
    if (scan) *scan = NULL;
    rad_status status = RAD_NEEDS(error, path, scan);
    if (status != RAD_OK) return status;
    return make(&(rad_scan){.path = path,
                            .series = o.series,
                            .ignore_frame_of_reference = o.ignore_frame_of_reference,
                            .verify = o.verify},
                scan, error);
}

rad_status rad_scan_from_array(const rad_array *array, rad_scan **scan, rad_error *error) {
    if (scan) *scan = NULL;
    rad_status status = RAD_NEEDS(error, array, scan);
    if (status != RAD_OK) return status;
    rad_array named = *array;
    if (!named.name) named.name = "image in memory";
    status = rad_array_check(&named, error);
    return status == RAD_OK
               ? make(&(rad_scan){.path = named.name, .is_array = true, .array = named}, scan, error)
               : status;
}
