#include "copies.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>

/* A variable and its value at a patient. */
typedef struct placed {
    double value;
    size_t variable;
} placed;

typedef struct pair {
    size_t first, second;
} pair;

typedef struct searching {
    const rad_permitting *m;
    const rad_class *class;
    placed *places; /* of the variables of the class, by their values at a patient; owned */
    size_t count;
    pair *pairs; /* owned */
    size_t found, capacity;
} searching;

static int by_value(const void *a, const void *b) {
    const placed *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->variable > y->variable) - (x->variable < y->variable);
}

static int by_second(const void *a, const void *b) {
    const pair *x = a, *y = b;
    return x->second != y->second ? (x->second > y->second) - (x->second < y->second)
                                  : (x->first > y->first) - (x->first < y->first);
}

static double step_of(const rad_cohort *c, size_t variable) {
    return ldexp(1, c->variables[variable].transform.step);
}

static double value_of(const rad_cohort *c, size_t variable, size_t row) {
    return c->values[variable * c->rows + row] + c->variables[variable].transform.centre;
}

/* What the last bits of a centre may add. */
static const double slack = 1 + 1e-9;

/* How far apart rounding puts values that are the same. */
static double tolerance_of(const rad_cohort *c, size_t a, size_t b) {
    const rad_transform *x = &c->variables[a].transform, *y = &c->variables[b].transform;
    return x->step == y->step && x->centre == y->centre ? 0 : (step_of(c, a) + step_of(c, b)) / 2 * slack;
}

/* Fewer than a cell, and less than half of the patients; all that agree is one variable to the audit. */
static bool few_differ(const searching *s, size_t a, size_t b) {
    const rad_cohort *c = s->m->cohort;
    const size_t cell = s->m->permit->cell;
    const double tolerance = tolerance_of(c, a, b);
    size_t differ = 0;
    for (size_t r = 0; r < c->rows && differ < cell; r++)
        differ +=
            rad_bitset_has(s->class->present, r) && fabs(value_of(c, a, r) - value_of(c, b, r)) > tolerance;
    return differ && differ < cell && 2 * differ < s->class->size;
}

static rad_status try_pair(searching *s, size_t a, size_t b, rad_error *error) {
    if (!few_differ(s, a, b)) return RAD_OK;
    rad_status status = rad_grow(&s->pairs, s->found, &s->capacity, sizeof *s->pairs, error);
    if (status == RAD_OK) s->pairs[s->found++] = (pair){a < b ? a : b, a < b ? b : a};
    return status;
}

/* Variables that agree at a patient: from the one of the larger step, whose tolerance holds for both. */
static rad_status search_row(searching *s, size_t row, rad_error *error) {
    const rad_cohort *c = s->m->cohort;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->count; i++) s->places[i].value = value_of(c, s->places[i].variable, row);
    qsort(s->places, s->count, sizeof *s->places, by_value);
    for (size_t i = 0; i < s->count; i++) {
        const placed *x = &s->places[i];
        const double step = step_of(c, x->variable);
        for (int way = -1; way <= 1; way += 2)
            for (size_t j = i + (size_t)way; j < s->count && status == RAD_OK; j += (size_t)way) {
                const placed *y = &s->places[j];
                const double other = step_of(c, y->variable);
                if (fabs(y->value - x->value) > step * slack) break;
                if (other < step || (other == step && way > 0))
                    status = try_pair(s, x->variable, y->variable, error);
            }
    }
    return status;
}

/* Two that differ for fewer than a cell agree at one of so many patients. */
static rad_status search_class(searching *s, rad_error *error) {
    size_t seen = 0;
    rad_status status = RAD_OK;
    for (size_t r = 0; r < s->m->cohort->rows && seen < s->m->permit->cell && status == RAD_OK; r++) {
        if (!rad_bitset_has(s->class->present, r)) continue;
        seen++;
        status = search_row(s, r, error);
    }
    return status;
}

static rad_status refuse(rad_permitting *m, const pair *p) {
    const rad_variable *v = m->cohort->variables;
    if (!m->permit->powers[p->first] || !m->permit->powers[p->second]) return RAD_OK;
    m->permit->powers[p->second] = 0;
    return rad_permit_refuse(m, v[p->second].name, RAD_RULE_CELL,
                             "is the same as %.120s for all but a few patients (fewer than %zu): the "
                             "difference of their sums would be theirs. Leave one of the two out",
                             v[p->first].name, m->permit->cell);
}

rad_status rad_copies_permit(rad_permitting *m) {
    rad_permit *p = m->permit;
    searching s = {.m = m, .places = rad_new(m->cohort->count, sizeof *s.places, m->error)};
    rad_status status = s.places ? RAD_OK : RAD_NO_MEMORY;
    for (size_t k = 0; k < p->class_count && status == RAD_OK; k++) {
        s.class = &p->classes[k];
        s.count = 0;
        for (size_t v = 0; v < m->cohort->count; v++)
            if (p->of[v] == k && p->powers[v] && !m->cohort->variables[v].computed)
                s.places[s.count++].variable = v;
        if (s.count > 1) status = search_class(&s, m->error);
    }
    if (status == RAD_OK && s.found > 1) qsort(s.pairs, s.found, sizeof *s.pairs, by_second);
    for (size_t i = 0; i < s.found && status == RAD_OK; i++) status = refuse(m, &s.pairs[i]);
    rad_free(s.places);
    rad_free(s.pairs);
    return status;
}
