#include "fewest.h"

#include <stdio.h>

void rad_fewest_see(rad_fewest *f, uint64_t patients, const char *what, const char *more) {
    if (!patients || (f->patients && f->patients <= patients)) return;
    f->patients = patients;
    snprintf(f->where, sizeof f->where, "%s%s%s", what, *more ? ": " : "", more);
}

void rad_fewest_see_sets(rad_fewest *f, const rad_summary *s, size_t first, size_t end) {
    for (size_t k = first; k < end; k++)
        for (size_t v = 0; v < s->count; v++) {
            const rad_moments *m = &s->moments[k * s->count + v];
            if (m->powers) rad_fewest_see(f, m->n, s->variables[v].name, k ? "a group" : "");
        }
}

void rad_fewest_see_blocks(rad_fewest *f, const rad_summary *s, const rad_blocks *b, const char *what) {
    for (size_t v = 0; v < s->count && b->cells; v++)
        if (b->shown[v])
            rad_fewest_see(f, (uint64_t)rad_exact_double(&b->sums[v * b->cells]), s->variables[v].name, what);
}
