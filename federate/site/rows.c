#include "loader.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../step.h"
#include "computing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct named {
    const char *name;
    size_t row;
    int8_t occasion;
} named;

static int by_name(const void *a, const void *b) {
    const named *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    if (order) return order;
    if (x->occasion != y->occasion) return x->occasion < y->occasion ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* owner[row]: the first row of its patient, which is that of the earliest occasion. */
static rad_status find_owners(rad_loader *l, size_t *owner) {
    rad_cohort *c = l->c;
    named *list = rad_new(c->rows, sizeof *list, l->error);
    if (!list) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->rows; i++) list[i] = (named){c->patients[i], i, l->occasions[i]};
    if (c->rows > 1) qsort(list, c->rows, sizeof *list, by_name);
    for (size_t i = 0; i < c->rows && status == RAD_OK; i++) {
        const bool first = !i || strcmp(list[i].name, list[i - 1].name) != 0;
        owner[list[i].row] = first ? list[i].row : owner[list[i - 1].row];
        if (first) continue;
        c->repeats++;
        c->behind.again += i < 2 || strcmp(list[i - 1].name, list[i - 2].name) != 0;
        if (list[i].occasion == list[i - 1].occasion)
            status = rad_fail(
                l->error, RAD_CONFIG,
                "%s: a patient has more than one row (rows %zu and %zu)%s; say which count under `where` in "
                "the study, such as {roi: GTV-1}, or name `repeats`",
                l->path, list[i - 1].row + 1, list[i].row + 1, l->study->occasion ? " of one occasion" : "");
    }
    rad_free(list);
    return status;
}

/* Values of each occasion, in the rows that their patients have now. */
static rad_status place_occasions(rad_loader *l, const size_t *owner, const bool *keep) {
    rad_cohort *c = l->c;
    const size_t rows_before = l->rows_before, k = l->study->occasion_count;
    size_t *now = rad_new(rows_before, sizeof *now, l->error), cells = 0, next = 0;
    rad_status status = now ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && (!rad_multiply(c->count, c->rows, &cells) || !rad_multiply(cells, k, &cells)))
        status = rad_fail(l->error, RAD_NO_MEMORY, "%s: too many values", l->path);
    if (status == RAD_OK) c->occasions = rad_new_raw(cells, sizeof *c->occasions, l->error);
    if (status == RAD_OK && !c->occasions) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < cells && status == RAD_OK; i++) c->occasions[i] = NAN;
    for (size_t r = 0; r < rows_before && status == RAD_OK; r++) now[r] = keep[r] ? next++ : SIZE_MAX;
    for (size_t r = 0; r < rows_before && status == RAD_OK; r++) {
        const size_t to = now[owner[r]];
        for (size_t v = 0; v < c->count && to != SIZE_MAX; v++)
            c->occasions[((size_t)l->occasions[r] * c->count + v) * c->rows + to] =
                rad_computed_is_rank(&c->variables[v])
                    ? NAN
                    : rad_step_rounded(l->numbers[r * c->count + v], c->variables[v].transform.step);
    }
    rad_free(now);
    return status;
}

static rad_status keep_complete(rad_loader *l, bool *keep) {
    rad_cohort *c = l->c;
    for (size_t r = 0; r < c->rows; r++)
        for (size_t v = 0; v < c->count && keep[r]; v++)
            if (c->variables[v].covariance && isnan(l->numbers[r * c->count + v])) {
                keep[r] = false;
                c->incomplete++;
                c->behind.incomplete_records += rad_clinical_find(l, c->patients[r]) != NULL;
            }
    return RAD_OK;
}

/* Rows that count, by column. */
static rad_status transpose(rad_loader *l, const bool *keep) {
    rad_cohort *c = l->c;
    const rad_study *s = l->study;
    size_t rows = 0, cells;
    for (size_t r = 0; r < c->rows; r++) rows += keep[r];
    if (!rad_multiply(c->count, rows, &cells))
        return rad_fail(l->error, RAD_NO_MEMORY, "%s: too many values", l->path);
    c->values = rad_new_raw(cells, sizeof *c->values, l->error);
    c->levels = rad_new_raw(s->factor_count * rows, sizeof *c->levels, l->error);
    c->times = rad_new_raw(s->survival_count * rows, sizeof *c->times, l->error);
    c->events = rad_new_raw(s->survival_count * rows, sizeof *c->events, l->error);
    if (!c->values || !c->levels || !c->times || !c->events) return RAD_NO_MEMORY;
    size_t to = 0;
    for (size_t r = 0; r < c->rows; r++) {
        if (!keep[r]) {
            rad_free(c->patients[r]);
            continue;
        }
        for (size_t v = 0; v < c->count; v++) c->values[v * rows + to] = l->numbers[r * c->count + v];
        for (size_t f = 0; f < s->factor_count; f++)
            c->levels[f * rows + to] = l->levels[r * s->factor_count + f];
        for (size_t i = 0; i < s->survival_count; i++) {
            c->times[i * rows + to] = l->times[r * s->survival_count + i];
            c->events[i * rows + to] = l->events[r * s->survival_count + i];
        }
        memmove(&c->sample[to * c->sampled], &c->sample[r * c->sampled], c->sampled * sizeof *c->sample);
        c->patients[to++] = c->patients[r];
    }
    c->rows = rows;
    c->words = rad_bitset_words(rows);
    rad_status status = rad_computed_rank(c, l->error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < c->count; v++) rad_values_round(&c->variables[v], c->values + v * rows, rows);
    return RAD_OK;
}

rad_status rad_rows_settle(rad_loader *l) {
    const size_t rows = l->c->rows;
    bool *keep = rad_new(rows, sizeof *keep, l->error);
    size_t *owner = rad_new(rows, sizeof *owner, l->error);
    rad_status status = keep && owner ? find_owners(l, owner) : RAD_NO_MEMORY;
    for (size_t r = 0; r < rows && status == RAD_OK; r++) keep[r] = owner[r] == r;
    l->rows_before = rows;
    if (status == RAD_OK && l->study->complete) status = keep_complete(l, keep);
    if (status == RAD_OK) status = rad_identifiers_check(l, keep);
    if (status == RAD_OK) status = transpose(l, keep);
    if (status == RAD_OK && l->study->occasion) status = place_occasions(l, owner, keep);
    rad_free(keep);
    rad_free(owner);
    return status;
}
