#include "computing.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "midranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool rad_computed_is_rank(const rad_variable *v) {
    return v->computed && v->computed->kind == RAD_COMPUTED_RANK;
}

rad_status rad_computed_rank(rad_cohort *c, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        if (rad_computed_is_rank(&c->variables[v]))
            status = rad_midranks(c->values + v * c->rows, c->rows, error);
    return status;
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

/* At how many values between two knots a combination can be 0: of the source and its columns, a cubic; and of
 * their squares and products, too, which are of degree 6. Of three knots they have terms 1, t, t^3 of the
 * distance t from the outer one, and 1, t, t^2, t^3, t^4, t^6: one positive root less (Descartes). */
enum { ROOTS = 3, ROOTS_OF_SQUARES = 6 };

static size_t fewer_roots(const rad_computed *c) {
    return c->knots == 3;
}

static int descending(const void *a, const void *b) {
    return ascending(b, a);
}

/* Of the values first .. end - 1, sorted: how many are beyond the so many that are most frequent. often: room
 * for all. */
static size_t beyond_roots(const double *x, size_t first, size_t end, size_t roots, double *often) {
    size_t values = 0, left = end - first;
    for (size_t i = first, next; i < end; i = next) {
        for (next = i + 1; next < end && x[next] == x[i];) next++;
        often[values++] = (double)(next - i);
    }
    if (values) qsort(often, values, sizeof *often, descending);
    for (size_t k = 0; k < roots && k < values; k++) left -= (size_t)often[k];
    return left;
}

/* A knot as its source has it. */
static double knot_at(const rad_cohort *c, const rad_variable *of, size_t k) {
    const rad_transform *t = &c->variables[of->source].transform;
    const double knot = of->computed->knot[k];
    return (t->logarithm ? (knot > 0 ? log(knot) : -INFINITY) : knot) - t->centre;
}

/* left[k] += how many between knots k - 1 and k are beyond so many values. Are there any patients? */
static bool add_beyond(const rad_permitting *m, size_t v, const uint64_t *within, size_t roots, double *x,
                       size_t left[RAD_KNOTS_MAX]) {
    const rad_variable *of = &m->cohort->variables[v];
    const size_t n = sorted(m->cohort, of->source, within, x);
    size_t first = 0, end = 0;
    for (size_t k = 0; k < of->computed->knots; k++) {
        while (end < n && x[end] <= knot_at(m->cohort, of, k)) end++;
        if (k) left[k] += beyond_roots(x, first, end, roots - fewer_roots(of->computed), x + m->cohort->rows);
        first = end;
    }
    return n > 0;
}

static bool are_enough(const rad_permitting *m, size_t v, const size_t left[RAD_KNOTS_MAX]) {
    for (size_t k = 1; k < m->cohort->variables[v].computed->knots; k++)
        if (left[k] < m->permit->cell) return false;
    return true;
}

/* Of each level of the model, of which only sums leave; and of all of them together, since a combination that
 * has squares is another polynomial in each. A level of nobody fits, too. */
static rad_status levels_fit(const rad_permitting *m, const rad_design *d, size_t v, double *x, bool *fits) {
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    if (!set) return RAD_NO_MEMORY;
    for (size_t i = 0; i < d->count && *fits; i++) {
        size_t all[RAD_KNOTS_MAX] = {0};
        if (!d->column[i].level || d->column[i].at != 1) continue;
        for (size_t l = 0; l < m->study->factors[d->column[i].of].levels && *fits; l++) {
            size_t own[RAD_KNOTS_MAX] = {0};
            rad_cohort_level(m->cohort, d->column[i].of, (int)l, NULL, set);
            *fits = !add_beyond(m, v, set, ROOTS, x, own) || are_enough(m, v, own);
            add_beyond(m, v, set, ROOTS_OF_SQUARES, x, all);
        }
        *fits = *fits && are_enough(m, v, all);
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

static bool is_column(const rad_permitting *m, const rad_design *d, size_t v) {
    for (size_t i = 0; i < d->count; i++)
        if (!d->column[i].level &&
            !strcmp(m->study->numbers[d->column[i].of].name, m->cohort->variables[v].name))
            return true;
    return false;
}

static rad_status look_at(rad_permitting *m, const rad_design *d, size_t v, double *x) {
    const rad_variable *of = &m->cohort->variables[v];
    bool fits = true;
    size_t left[RAD_KNOTS_MAX] = {0};
    rad_status status = RAD_OK;
    if (!m->permit->powers[v]) return RAD_OK; /* refused already */
    if (!m->permit->powers[of->source])
        return refuse(m, v, RAD_RULE_CELL, "is made of a number whose sums stay at home");
    if (rad_computed_is_rank(of) && is_column(m, d, v))
        return refuse(m, v, RAD_RULE_CELL,
                      "is of ranks, whose sums by levels would tell whose they are. Take it out of `model`");
    if (rad_computed_is_rank(of)) {
        m->permit->powers[v] = 2;
        return ties_fit(m, v, x) ? RAD_OK
                                 : refuse(m, v, RAD_RULE_CELL,
                                          "is of ranks, and a few patients have the value of another, whose "
                                          "number would follow. Leave it out");
    }
    m->permit->powers[v] = 2;
    fits = add_beyond(m, v, NULL, ROOTS_OF_SQUARES, x, left) && are_enough(m, v, left);
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
    double *x = rad_new_raw(m->cohort->rows, 2 * sizeof *x, m->error); /* sorted values; how often each is */
    rad_status status = d && x ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        if (m->cohort->variables[v].computed) status = look_at(m, d, v, x);
    rad_free(d);
    rad_free(x);
    return status;
}

/* Numbers of the study come after all features, and few of them are computed. */
static bool is_number(const rad_cohort *c, size_t after) {
    return after && c->variables[after - 1].kind != RAD_FEATURE;
}

static bool is_spline_of(const rad_cohort *c, size_t v, size_t source) {
    const rad_variable *of = &c->variables[v];
    return of->computed && of->source == source && !rad_computed_is_rank(of);
}

bool rad_computed_has_squares_only(const rad_permitting *m, size_t variable) {
    const rad_cohort *c = m->cohort;
    bool only = c->variables[variable].computed;
    for (size_t v = c->count; is_number(c, v) && !only; v--)
        only = is_spline_of(c, v - 1, variable) && m->permit->powers[v - 1];
    return only;
}

rad_status rad_computed_counts_fit(const rad_permitting *m, size_t source, const rad_binned *counted,
                                   bool *fits, rad_error *error) {
    const rad_cohort *c = m->cohort;
    double *often = rad_new_raw(counted->count, sizeof *often, error);
    if (!often) return RAD_NO_MEMORY;
    for (size_t v = c->count; is_number(c, v); v--) {
        const rad_variable *of = &c->variables[v - 1];
        size_t first = 0, end = 0;
        if (!is_spline_of(c, v - 1, source) || !m->permit->powers[v - 1]) continue;
        for (size_t k = 0; k < of->computed->knots; k++) {
            while (end < counted->count && counted->x[end] <= knot_at(c, of, k)) end++;
            const size_t parts = first < end ? counted->interval[end - 1] - counted->interval[first] + 1 : 0;
            if (k &&
                beyond_roots(counted->x, first, end, parts + ROOTS_OF_SQUARES - 1, often) < m->permit->cell)
                *fits = false;
            first = end;
        }
    }
    rad_free(often);
    return RAD_OK;
}

/* The least that the orders of two columns can differ by, as they are in `x` and `y`, sorted, and as much
 * from the other way round: where many are tied it is not 0. */
static void least_apart(double *x, double *y, size_t n, double *same, double *turned) {
    *same = *turned = 0;
    if (!n) return;
    qsort(x, n, sizeof *x, ascending);
    qsort(y, n, sizeof *y, ascending);
    for (size_t i = 0; i < n; i++) {
        *same += (x[i] - y[i]) * (x[i] - y[i]);
        *turned += (x[i] + y[n - 1 - i]) * (x[i] + y[n - 1 - i]);
    }
}

/* Twice the midranks of a column among the patients who have both, in x. */
static rad_status rank_shared(const rad_cohort *c, size_t a, size_t b, double *x, size_t *n,
                              rad_error *error) {
    *n = 0;
    for (size_t r = 0; r < c->rows; r++)
        if (!isnan(c->values[a * c->rows + r]) && !isnan(c->values[b * c->rows + r]))
            x[(*n)++] = c->values[a * c->rows + r];
    return rad_midranks(x, *n, error);
}

rad_status rad_computed_product_fits(const rad_cohort *c, size_t a, size_t b, bool *fits, rad_error *error) {
    const rad_variable *u = &c->variables[a], *w = &c->variables[b];
    const size_t from = u->computed ? u->source : a, to = w->computed ? w->source : b;
    *fits = true;
    if (from == to || !(rad_computed_is_rank(u) || rad_computed_is_rank(w))) return RAD_OK;
    double *x = rad_new_raw(c->rows, 2 * sizeof *x, error), *y = x ? x + c->rows : NULL;
    size_t n;
    rad_status status = x ? rank_shared(c, a, b, x, &n, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rank_shared(c, b, a, y, &n, error);
    if (status == RAD_OK) {
        double same = 0, turned = 0, least, most;
        for (size_t i = 0; i < n; i++) {
            same += (x[i] - y[i]) * (x[i] - y[i]);
            turned += (x[i] + y[i]) * (x[i] + y[i]);
        }
        least_apart(x, y, n, &least, &most);
        const double apart = 4 * (double)n * ((double)n - 1); /* ranks are halves */
        *fits = same - least >= apart && turned - most >= apart;
    }
    rad_free(x);
    return status;
}
