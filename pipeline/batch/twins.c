#include "twins.h"

#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../core/printable.h"

#include <stdlib.h>
#include <string.h>

rad_status rad_twins_add(rad_twins *twins, const char *name, const char *roi, size_t row, rad_error *error) {
    rad_twin one = {.row = row};
    rad_hash hash;
    const rad_status status = rad_grow(&twins->of, twins->count, &twins->room, sizeof *twins->of, error);
    if (status != RAD_OK) return status;
    rad_hash_begin(&hash, sizeof one.hash, NULL, 0);
    rad_hash_add(&hash, name, strlen(name) + 1);
    rad_hash_add(&hash, roi, strlen(roi));
    rad_hash_end(&hash, (unsigned char *)&one.hash);
    twins->of[twins->count++] = one;
    return RAD_OK;
}

/* Alike ones together, in the order of the manifest. */
static int by_hash(const void *a, const void *b) {
    const rad_twin *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

void rad_twins_tell(rad_twins *twins, const char *run, rad_warnings *warnings) {
    size_t alike = 0;
    const rad_twin *first = NULL;
    if (!twins->count) return;
    qsort(twins->of, twins->count, sizeof *twins->of, by_hash);
    for (size_t i = 1; i < twins->count; i++) {
        const rad_twin *t = &twins->of[i];
        if (t->hash != t[-1].hash) continue;
        alike++;
        if (!first || t->row < first->row) first = t;
    }
    if (!alike) return;
    rad_warn(warnings,
             "%s: %zu row%s of features cannot be told from another: rows %zu and %zu of the manifest give "
             "the same case and ROI; name cases or ROIs otherwise",
             run, alike, rad_plural(alike), first[-1].row + 1, first->row + 1);
}

void rad_twins_free(rad_twins *twins) {
    rad_free(twins->of);
    *twins = (rad_twins){.of = NULL};
}
