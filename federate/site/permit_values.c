#include "../../core/memory.h"
#include "../../core/sort.h"
#include "dominance.h"
#include "permit.h"

#include <math.h>

bool rad_permit_values(const rad_permitting *m, size_t variable, const double *x, size_t count) {
    const size_t cell = m->permit->cell, others = rad_dominance_others(x, count);
    rad_score own; /* a number of many values may have few here; of a few patients they must repeat */
    rad_score_find(x, count, &own);
    const bool repeats = 2 * (size_t)own.count <= count;
    return !(others && others < cell) && rad_dominance_powers(x, count, m->rules->dominance) &&
           rad_score_fits(&m->permit->scores[variable], x, count, cell) &&
           (!repeats || rad_score_fits(&own, x, count, cell)) &&
           !rad_fineness_isolates(x, count, &m->cohort->variables[variable].transform, cell);
}

/* Values of `x` where `by` has that value, as if they were all. */
static rad_status look_at_side(const rad_product *p, bool turned, double value, const rad_limits *limits,
                               double *values, bool *fine, rad_error *error) {
    const double *x = turned ? p->b : p->a, *by = turned ? p->a : p->b;
    size_t count = 0;
    for (size_t r = 0; r < p->rows; r++)
        if (!isnan(x[r]) && by[r] == value) values[count++] = x[r];
    rad_status status = rad_sort(values, count, error);
    if (status != RAD_OK) return status;
    const size_t others = rad_dominance_others(values, count);
    *fine = !(others && others < limits->cell) && rad_dominance_powers(values, count, limits->dominance);
    return RAD_OK;
}

static rad_status look_at_sides(const rad_product *p, const rad_limits *limits, double *values, bool *fine,
                                rad_error *error) {
    rad_status status = RAD_OK;
    for (int turned = 0; turned < 2; turned++) {
        const rad_score *by = turned ? p->score_a : p->score_b;
        for (size_t i = 0; i < 2 && by->count == 2 && *fine && status == RAD_OK; i++)
            status = look_at_side(p, turned == 1, by->value[i], limits, values, fine, error);
    }
    return status;
}

static rad_status look_at_table(const rad_product *p, size_t cell, bool *fine, rad_error *error) {
    int8_t *places = rad_new_raw(p->rows, 2 * sizeof *places, error);
    if (!places) return RAD_NO_MEMORY;
    for (size_t r = 0; r < p->rows; r++) {
        places[r] = rad_score_place(p->score_a, p->a[r]);
        places[p->rows + r] = rad_score_place(p->score_b, p->b[r]);
    }
    *fine = rad_score_table_fits(places, places + p->rows, p->rows, cell);
    rad_free(places);
    return RAD_OK;
}

rad_status rad_permit_product(const rad_product *p, const rad_limits *limits, double *values, bool *fine,
                              rad_error *error) {
    size_t count = 0;
    *fine = true;
    if (!limits->cell) return RAD_OK;
    for (size_t r = 0; r < p->rows; r++)
        if (!isnan(p->a[r]) && !isnan(p->b[r])) values[count++] = p->a[r] * p->b[r];
    *fine = rad_dominance_share(values, count, 0, 1) < limits->dominance;
    if (!*fine) return RAD_OK;
    return p->score_a->count && p->score_b->count ? look_at_table(p, limits->cell, fine, error)
                                                  : look_at_sides(p, limits, values, fine, error);
}

bool rad_permit_joins(const rad_permit *p, size_t a, size_t b) {
    const size_t k = p->of[a], l = p->of[b];
    const uint8_t of_a = p->classes[k].pattern, of_b = p->classes[l].pattern;
    if (!p->joint[k * p->class_count + l]) return false;
    if (a == b || of_a == RAD_PATTERNS_MAX || of_b == RAD_PATTERNS_MAX) return true;
    return !((p->apart[a] | p->unjoined[a]) >> of_b & 1) && !((p->apart[b] | p->unjoined[b]) >> of_a & 1);
}
