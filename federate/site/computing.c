#include "computing.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool rad_computed_is_rank(const rad_variable *v) {
    return v->computed && v->computed->kind == RAD_COMPUTED_RANK;
}

typedef struct place {
    double x;
    size_t row;
} place;

static int by_value(const void *a, const void *b) {
    const place *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

static void rank(double *x, size_t rows, place *list) {
    size_t n = 0;
    for (size_t r = 0; r < rows; r++)
        if (!isnan(x[r])) list[n++] = (place){x[r], r};
    if (n) qsort(list, n, sizeof *list, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && list[end].x == list[i].x;) end++;
        for (size_t k = i; k < end; k++) x[list[k].row] = (double)(i + end + 1) - (double)(n + 1);
    }
}

rad_status rad_computed_rank(rad_cohort *c, rad_error *error) {
    place *list = rad_new_raw(c->rows, sizeof *list, error);
    if (!list) return RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count; v++)
        if (rad_computed_is_rank(&c->variables[v])) rank(c->values + v * c->rows, c->rows, list);
    rad_free(list);
    return RAD_OK;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Values of a variable among some patients (NULL: all), sorted; how many. */
static size_t sorted(const rad_cohort *c, size_t v, const uint64_t *within, double *x) {
    size_t n = 0;
    for (size_t r = 0; r < c->rows; r++)
        if (!isnan(c->values[v * c->rows + r]) && (!within || rad_bitset_has(within, r)))
            x[n++] = c->values[v * c->rows + r];
    if (n) qsort(x, n, sizeof *x, ascending);
    return n;
}

/* Is nobody tied with another, or are as many as may be counted? */
static bool ties_fit(const rad_permitting *m, size_t v, double *x) {
    const size_t n = sorted(m->cohort, v, NULL, x);
    size_t tied = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && x[end] == x[i];) end++;
        tied += end - i > 1 ? end - i : 0;
    }
    return !tied || tied >= m->permit->cell;
}

/* Where a combination of the source and its columns that is not 0 can be 0 between two knots: so many values.
 */
enum { ROOTS = 3 };

static size_t roots_of(const rad_computed *c) {
    return c->knots == 3 ? 2 : ROOTS; /* with one column it is convex, or concave, all along */
}

/* Of the values first .. end - 1, sorted: how many are beyond the so many that are most frequent. */
static size_t beyond_roots(const double *x, size_t first, size_t end, size_t roots) {
    size_t most[ROOTS] = {0}, left = end - first;
    for (size_t i = first, next; i < end; i = next) {
        for (next = i + 1; next < end && x[next] == x[i];) next++;
        size_t count = next - i;
        for (size_t k = 0; k < roots; k++)
            if (count > most[k]) {
                const size_t less = most[k];
                most[k] = count;
                count = less;
            }
    }
    for (size_t k = 0; k < roots; k++) left -= most[k];
    return left;
}

/* Between any two knots enough are beyond these values. Nobody at all among these patients fits, too. */
static bool knots_fit(const rad_permitting *m, size_t v, const uint64_t *within, double *x) {
    const rad_variable *of = &m->cohort->variables[v];
    const rad_computed *c = of->computed;
    const rad_transform *t = &m->cohort->variables[of->source].transform;
    const size_t n = sorted(m->cohort, of->source, within, x);
    size_t first = 0, end = 0;
    for (size_t k = 0; k < c->knots; k++) {
        const double plain = t->logarithm ? (c->knot[k] > 0 ? log(c->knot[k]) : -INFINITY) : c->knot[k],
                     at = plain - t->centre;
        while (end < n && x[end] <= at) end++;
        if (n && k && beyond_roots(x, first, end, roots_of(c)) < m->permit->cell) return false;
        first = end;
    }
    return true;
}

static rad_status levels_fit(const rad_permitting *m, const rad_design *d, size_t v, double *x, bool *fits) {
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    if (!set) return RAD_NO_MEMORY;
    for (size_t i = 0; i < d->count && *fits; i++) {
        if (!d->column[i].level) continue;
        for (size_t l = d->column[i].at == 1 ? 0 : d->column[i].at; l <= d->column[i].at && *fits; l++) {
            rad_cohort_level(m->cohort, d->column[i].of, (int)l, NULL, set);
            *fits = knots_fit(m, v, set, x);
        }
    }
    rad_free(set);
    return RAD_OK;
}

/* Sums and squares of k columns, their products with the source and with each other, and with each column of
 * the model. */
static bool equations_fit(const rad_permitting *m, const rad_design *d, size_t v) {
    const rad_cohort *c = m->cohort;
    size_t k = 0, n = 0;
    for (size_t i = 0; i < c->count; i++)
        k += c->variables[i].computed && c->variables[i].source == c->variables[v].source &&
             !rad_computed_is_rank(&c->variables[i]);
    for (size_t r = 0; r < c->rows; r++) n += (size_t)!isnan(c->values[v * c->rows + r]);
    const size_t pairs = k * (k - 1) / 2, equations = 3 * k + pairs + k * d->count;
    return (double)equations <= m->rules->rows * (double)n + 1e-9;
}

static rad_status refuse(rad_permitting *m, size_t v, rad_rule rule, const char *words) {
    m->permit->powers[v] = 0;
    m->permit->panel[v] = false;
    return rad_permit_refuse(m, m->cohort->variables[v].name, rule, "%s", words);
}

static rad_status look_at(rad_permitting *m, const rad_design *d, size_t v, double *x) {
    const rad_variable *of = &m->cohort->variables[v];
    bool fits = true;
    rad_status status = RAD_OK;
    if (!m->permit->powers[v]) return RAD_OK; /* refused already */
    if (!m->permit->powers[of->source])
        return refuse(m, v, RAD_RULE_CELL, "is made of a number whose sums stay at home");
    if (rad_computed_is_rank(of)) {
        m->permit->powers[v] = 2;
        return ties_fit(m, v, x) ? RAD_OK
                                 : refuse(m, v, RAD_RULE_CELL,
                                          "is of ranks, and a few patients have the value of another, whose "
                                          "number would follow. Leave it out");
    }
    m->permit->powers[v] = 2;
    fits = knots_fit(m, v, NULL, x);
    if (fits) status = levels_fit(m, d, v, x, &fits);
    if (status == RAD_OK && !fits)
        return refuse(
            m, v, RAD_RULE_CELL,
            "is a spline, and between two of its knots, of all patients or of a level of the model, "
            "are too few of different values. Choose fewer knots, or other ones");
    if (status == RAD_OK && !equations_fit(m, d, v))
        return refuse(m, v, RAD_RULE_ROWS,
                      "is a spline, whose sums and products would be too many equations for the number it is "
                      "of. Choose fewer knots, or a smaller model");
    return status;
}

rad_status rad_computed_permit(rad_permitting *m) {
    rad_design *d = rad_new(1, sizeof *d, m->error);
    double *x = rad_new_raw(m->cohort->rows, sizeof *x, m->error);
    rad_status status = d && x ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        if (m->cohort->variables[v].computed) status = look_at(m, d, v, x);
    rad_free(d);
    rad_free(x);
    return status;
}

bool rad_computed_product_fits(const rad_cohort *c, size_t a, size_t b) {
    double same = 0, turned = 0, n = 0;
    if (a == b || !rad_computed_is_rank(&c->variables[a]) || !rad_computed_is_rank(&c->variables[b]))
        return true;
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[a * c->rows + r], y = c->values[b * c->rows + r];
        if (isnan(x) || isnan(y)) continue;
        same += (x - y) * (x - y) / 4; /* ranks are halves */
        turned += (x + y) * (x + y) / 4;
        n++;
    }
    return same >= n * (n - 1) && turned >= n * (n - 1);
}
