#include "intervals.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "derived.h"

#include <math.h>
#include <stdlib.h>

void rad_intervals_place(const rad_cohort *c, size_t variable, const rad_grid_count *counts, size_t count,
                         int32_t *interval) {
    const rad_transform *t = &c->variables[variable].transform;
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[variable * c->rows + r];
        interval[r] = -1;
        if (isnan(x) || !count) continue;
        const uint32_t cell = rad_grid_cell(&t->grid, x + t->centre);
        size_t low = 0, high = count - 1;
        while (low < high) {
            const size_t at = (low + high) / 2;
            if (cell >= counts[at].end)
                low = at + 1;
            else
                high = at;
        }
        interval[r] = (int32_t)low;
    }
}

static int by_key(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

rad_status rad_intervals_fit(const int32_t *a, const int32_t *b, size_t patients, size_t least, bool *fits,
                             rad_error *error) {
    uint64_t *key = rad_new_raw(patients, sizeof *key, error);
    size_t count = 0;
    *fits = true;
    if (!key) return RAD_NO_MEMORY;
    for (size_t r = 0; r < patients; r++)
        if (a[r] >= 0 || b[r] >= 0) key[count++] = (uint64_t)(a[r] + 1) << 32 | (uint64_t)(b[r] + 1);
    if (count) qsort(key, count, sizeof *key, by_key);
    for (size_t i = 0, end; i < count && *fits; i = end) {
        for (end = i + 1; end < count && key[end] == key[i];) end++;
        *fits = end - i >= least;
    }
    rad_free(key);
    return RAD_OK;
}

typedef struct ranked {
    double x;
    size_t row;
} ranked;

static int by_value(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->x != y->x) return x->x < y->x ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t sort_patients(const rad_cohort *c, size_t variable, ranked *order) {
    size_t count = 0;
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[variable * c->rows + r];
        if (!isnan(x)) order[count++] = (ranked){x, r};
    }
    if (count) qsort(order, count, sizeof *order, by_value);
    return count;
}

/* Does x never fall (turn 1), or never rise (turn -1), along the order? Among those who are tied there, x may
 * go as it likes: steps round values together. */
static bool follows(const ranked *order, size_t count, const double *x, double turn) {
    double most = -INFINITY, first = NAN;
    bool varies = false;
    for (size_t i = 0, end; i < count; i = end) {
        double low = INFINITY, high = -INFINITY;
        for (end = i; end < count && order[end].x == order[i].x; end++) {
            const double here = turn * x[order[end].row];
            low = fmin(low, here); /* not of NaN */
            high = fmax(high, here);
        }
        if (low > high) continue;
        if (low < most) return false;
        if (isnan(first)) first = low;
        varies = varies || high > first;
        most = fmax(most, high);
    }
    return varies;
}

/* Which of two patients has the smaller value: of 64 pairs, spread over the rows. */
typedef struct compared {
    uint64_t less, more;
} compared;

static compared compare(const rad_cohort *c, size_t variable) {
    const double *x = c->values + variable * c->rows;
    compared out = {0, 0};
    for (size_t i = 0; i < 64; i++) {
        const double a = x[i * c->rows / 64], b = x[(i * c->rows / 64 + c->rows / 2 + i) % c->rows];
        out.less |= (uint64_t)(a < b) << i;
        out.more |= (uint64_t)(a > b) << i;
    }
    return out;
}

/* By their first pairs, whichever way they go: only variables of one key may order all patients alike, unless
 * one has a tie there, or no value. */
enum { KEYED = 12 };
#define ANY_KEY UINT32_MAX
typedef struct keyed {
    uint32_t key, variable;
} keyed;

static uint32_t key_of(compared c) {
    const uint32_t all = ((uint32_t)1 << KEYED) - 1, less = (uint32_t)c.less & all;
    if (((c.less | c.more) & all) != all) return ANY_KEY;
    return less & 1 ? less : less ^ all;
}

static int by_key_and_place(const void *a, const void *b) {
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->variable > y->variable) - (x->variable < y->variable);
}

static size_t first_of(const keyed *list, size_t count, uint32_t key) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t at = (low + high) / 2;
        if (list[at].key < key)
            low = at + 1;
        else
            high = at;
    }
    return low;
}

/* Of two that order all patients alike no pair is ordered otherwise. */
static bool may_follow(compared a, compared b, bool turned) {
    return turned ? !(a.less & b.less) && !(a.more & b.more) : !(a.less & b.more) && !(a.more & b.less);
}

static bool is_counted(const rad_permit *p, size_t variable) {
    return p->powers[variable] && !p->uncounted[variable];
}

static rad_status place_variable(const rad_permitting *m, size_t variable, int32_t *interval,
                                 rad_error *error) {
    rad_derived_bins bins;
    const rad_derived_of of = {m->cohort, m->study, m->permit, variable};
    rad_status status = rad_derived_count(&of, m->permit->cell, &bins, error);
    if (status != RAD_OK) return status;
    rad_intervals_place(m->cohort, variable, bins.counts, bins.intervals, interval);
    rad_derived_bins_free(&bins);
    return RAD_OK;
}

static rad_status fit_pair(const rad_permitting *m, size_t a, size_t b, bool *fits, rad_error *error) {
    const size_t rows = m->cohort->rows;
    int32_t *interval = rad_new_raw(2 * rows, sizeof *interval, error);
    rad_status status = interval ? place_variable(m, a, interval, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = place_variable(m, b, interval + rows, error);
    if (status == RAD_OK)
        status = rad_intervals_fit(interval, interval + rows, rows, m->permit->cell, fits, error);
    rad_free(interval);
    return status;
}

/* Earlier variables with which each does not fit. */
typedef struct unfit {
    size_t *with; /* owned */
    size_t count, capacity;
} unfit;

typedef struct search {
    const rad_permitting *m;
    unfit *of;          /* [variable] */
    compared *compared; /* [variable] */
    keyed *keyed;       /* those that are counted, by key */
    size_t count;
} search;

static rad_status look_at_pair(const search *s, const ranked *order, size_t count, size_t with,
                               size_t variable, rad_error *error) {
    const double *x = s->m->cohort->values + with * s->m->cohort->rows;
    const compared a = s->compared[variable], b = s->compared[with];
    unfit *u = &s->of[variable];
    bool fits = true;
    if (!(may_follow(a, b, false) && follows(order, count, x, 1)) &&
        !(may_follow(a, b, true) && follows(order, count, x, -1)))
        return RAD_OK;
    rad_status status = fit_pair(s->m, with, variable, &fits, error);
    if (status != RAD_OK || fits) return status;
    status = rad_grow(&u->with, u->count, &u->capacity, sizeof *u->with, error);
    if (status == RAD_OK) u->with[u->count++] = with;
    return status;
}

static rad_status look_at_key(const search *s, const ranked *order, size_t count, uint32_t key,
                              size_t variable, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = first_of(s->keyed, s->count, key);
         i < s->count && s->keyed[i].key == key && s->keyed[i].variable < variable && status == RAD_OK; i++)
        status = look_at_pair(s, order, count, s->keyed[i].variable, variable, error);
    return status;
}

static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const search *s = context;
    const rad_cohort *c = s->m->cohort;
    const uint32_t key = key_of(s->compared[variable]);
    if (!is_counted(s->m->permit, variable)) return RAD_OK;
    ranked *order = rad_new_raw(c->rows, sizeof *order, error);
    rad_status status = order ? RAD_OK : RAD_NO_MEMORY;
    const size_t count = order ? sort_patients(c, variable, order) : 0;
    if (status == RAD_OK) status = look_at_key(s, order, count, key, variable, error);
    if (status == RAD_OK && key != ANY_KEY) status = look_at_key(s, order, count, ANY_KEY, variable, error);
    for (size_t i = 0; key == ANY_KEY && i < s->count && s->keyed[i].key != ANY_KEY && status == RAD_OK; i++)
        if (s->keyed[i].variable < variable)
            status = look_at_pair(s, order, count, s->keyed[i].variable, variable, error);
    rad_free(order);
    return status;
}

rad_status rad_intervals_permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    rad_permit *p = m->permit;
    if (!p->cell) return RAD_OK;
    search s = {.m = m,
                .of = rad_new(count, sizeof *s.of, m->error),
                .compared = rad_new(count, sizeof *s.compared, m->error),
                .keyed = rad_new(count, sizeof *s.keyed, m->error)};
    const bool room = s.of && s.compared && s.keyed;
    for (size_t v = 0; v < count && room; v++) {
        s.compared[v] = compare(m->cohort, v);
        if (is_counted(p, v)) s.keyed[s.count++] = (keyed){key_of(s.compared[v]), (uint32_t)v};
    }
    if (s.count) qsort(s.keyed, s.count, sizeof *s.keyed, by_key_and_place);
    rad_status status = room ? rad_parallel_try(count, m->threads, look_at, &s, m->error) : RAD_NO_MEMORY;
    for (size_t v = 0; v < count && status == RAD_OK; v++)
        for (size_t i = 0; i < s.of[v].count && !p->uncounted[v]; i++)
            if (!p->uncounted[s.of[v].with[i]]) {
                p->uncounted[v] = true;
                p->withheld++;
            }
    for (size_t v = 0; v < count && s.of; v++) rad_free(s.of[v].with);
    rad_free(s.of);
    rad_free(s.compared);
    rad_free(s.keyed);
    return status;
}
