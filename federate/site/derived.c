#include "derived.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../core/sort.h"
#include "parts.h"
#include "told.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does the variable order the patients as the levels do: 1; the other way round: -1; neither: 0. So does what
 * the levels are derived of, and the same in other units. */
static int order_of(const rad_cohort *c, const rad_study *s, size_t factor, size_t variable) {
    const rad_factor *f = &s->factors[factor];
    double low[RAD_CUTS_MAX + 1], high[RAD_CUTS_MAX + 1];
    if (!f->cut) return 0;
    for (size_t l = 0; l < f->levels; l++) {
        low[l] = INFINITY;
        high[l] = -INFINITY;
    }
    for (size_t r = 0; r < c->rows; r++) {
        const int8_t level = c->levels[factor * c->rows + r];
        const double x = c->values[variable * c->rows + r];
        if (level < 0 || isnan(x)) continue;
        low[level] = fmin(low[level], x);
        high[level] = fmax(high[level], x);
    }
    bool rises = true, falls = true, both = false;
    for (size_t l = 1, last = 0; l < f->levels; l++) {
        if (low[last] > high[last]) last = l; /* nobody is below */
        if (low[l] > high[l] || l == last) continue;
        rises = rises && high[last] <= low[l];
        falls = falls && low[last] >= high[l];
        both = true;
        last = l;
    }
    if (!strcmp(f->cut->of, c->variables[variable].name)) return 1;
    return !both ? 0 : rises ? 1 : falls ? -1 : 0;
}

/* Factors of which levels leave, by how the variable orders them; false: there is none. */
static bool find_orders(const rad_derived_of *d, int order[RAD_FACTORS_MAX]) {
    bool has = false;
    for (size_t f = 0; f < d->study->factor_count; f++) {
        const rad_factor *factor = &d->study->factors[f];
        bool hidden = d->permit && factor->cut;
        for (size_t l = 0; l < factor->levels && hidden; l++) hidden = d->permit->hidden[f][l];
        order[f] = hidden ? 0 : order_of(d->cohort, d->study, f, d->variable);
        has = has || order[f];
    }
    return has;
}

/* Ascending with the value: how many cuts, of all factors of the variable, are below it. */
static uint32_t segment_of(const rad_derived_of *d, const int *order, size_t row) {
    uint32_t segment = 0;
    for (size_t f = 0; f < d->study->factor_count; f++) {
        const int8_t level = d->cohort->levels[f * d->cohort->rows + row];
        if (!order[f] || level < 0) continue;
        segment += order[f] > 0 ? (uint8_t)level : (uint8_t)((int)d->study->factors[f].levels - 1 - level);
    }
    return segment;
}

typedef struct item {
    double x;
    uint32_t segment, row;
} item;

static int by_value(const void *a, const void *b) {
    const item *x = a, *y = b;
    if (x->x != y->x) return x->x < y->x ? -1 : 1;
    if (x->segment != y->segment) return x->segment < y->segment ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static rad_status sort_items(const rad_derived_of *d, const int *order, rad_derived_bins *b,
                             rad_error *error) {
    const rad_cohort *c = d->cohort;
    item *list = rad_new_raw(c->rows, sizeof *list, error);
    b->row = rad_new_raw(c->rows, sizeof *b->row, error);
    if (!list || !b->row) {
        rad_free(list);
        return RAD_NO_MEMORY;
    }
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[d->variable * c->rows + r];
        if (!isnan(x)) list[b->count++] = (item){x, segment_of(d, order, r), (uint32_t)r};
    }
    if (b->count) qsort(list, b->count, sizeof *list, by_value);
    for (size_t i = 0; i < b->count; i++) {
        b->x[i] = list[i].x;
        b->part[i] = list[i].segment;
        b->row[i] = list[i].row;
    }
    rad_free(list);
    return RAD_OK;
}

static rad_status sort_values(const rad_cohort *c, size_t variable, rad_derived_bins *b, rad_error *error) {
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[variable * c->rows + r];
        if (!isnan(x)) b->x[b->count++] = x;
    }
    memset(b->part, 0, b->count * sizeof *b->part);
    return rad_sort(b->x, b->count, error);
}

/* The interval of each value: beyond the outer ones in these. */
static void place(rad_derived_bins *b, const rad_grid *grid, double centre) {
    for (size_t i = 0, k = 0; i < b->count && b->intervals; i++) {
        while (k + 1 < b->intervals && rad_grid_cell(grid, b->x[i] + centre) >= b->counts[k].end) k++;
        b->interval[i] = (uint32_t)k;
    }
}

static void join(rad_derived_bins *b, uint32_t left) {
    b->counts[left].end = b->counts[left + 1].end;
    b->counts[left].count += b->counts[left + 1].count;
    b->intervals--;
    for (size_t k = left + 1; k < b->intervals; k++) b->counts[k] = b->counts[k + 1];
    for (size_t i = 0; i < b->count; i++) b->interval[i] -= b->interval[i] > left;
}

/* From value `at` on, the end of those in the same interval between the same cuts. */
static size_t end_of_part(const rad_derived_bins *b, size_t at) {
    size_t end = at + 1;
    while (end < b->count && b->interval[end] == b->interval[at] && b->part[end] == b->part[at]) end++;
    return end;
}

/* Joins one interval in which a cut leaves few on a side; *done: there was none. false: it cannot be mended.
 */
static bool mend(rad_derived_bins *b, size_t least, bool *done) {
    *done = false;
    for (size_t i = 0, end; i < b->count && b->intervals > 1; i = end) {
        end = end_of_part(b, i);
        if (end - i >= least) continue;
        const uint32_t k = b->interval[i];
        const bool first = !i || b->interval[i - 1] != k, last = end == b->count || b->interval[end] != k;
        if (first && k)
            join(b, k - 1);
        else if (last && k + 1 < b->intervals)
            join(b, k);
        else
            return false;
        return true;
    }
    *done = true;
    return true;
}

rad_status rad_derived_count(const rad_derived_of *d, size_t least, rad_derived_bins *b, rad_error *error) {
    const rad_cohort *c = d->cohort;
    const rad_variable *v = &c->variables[d->variable];
    int order[RAD_FACTORS_MAX];
    const bool cut = find_orders(d, order);
    *b = (rad_derived_bins){.x = rad_new_raw(c->rows, sizeof *b->x, error),
                            .interval = rad_new_raw(c->rows, sizeof *b->interval, error),
                            .part = rad_new_raw(c->rows, sizeof *b->part, error)};
    rad_status status = b->x && b->interval && b->part ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK)
        status = cut ? sort_items(d, order, b, error) : sort_values(c, d->variable, b, error);
    if (status == RAD_OK) {
        b->counts = rad_new_raw(b->count / (least ? least : 1) + 1, sizeof *b->counts, error);
        status = b->counts ? RAD_OK : RAD_NO_MEMORY;
    }
    for (size_t i = 0; i < b->count && status == RAD_OK; i++)
        b->interval[i] = rad_grid_cell(&v->transform.grid, b->x[i] + v->transform.centre);
    if (status == RAD_OK)
        b->intervals = rad_grid_count_cells(&v->transform.grid, b->interval, b->count, least, b->counts);
    if (status != RAD_OK) {
        rad_derived_bins_free(b);
        return status;
    }
    place(b, &v->transform.grid, v->transform.centre);
    for (bool done = !cut || !least; !done && b->intervals;)
        if (!mend(b, least, &done)) b->intervals = 0;
    uint32_t part = 0; /* intervals, and values between cuts in them, in one row */
    for (size_t i = 0, end; i < b->count && b->intervals; i = end, part++) {
        end = end_of_part(b, i);
        for (size_t k = i; k < end; k++) b->part[k] = part;
    }
    return RAD_OK;
}

void rad_derived_bins_free(rad_derived_bins *b) {
    rad_free(b->x);
    rad_free(b->interval);
    rad_free(b->part);
    rad_free(b->row);
    rad_free(b->counts);
    *b = (rad_derived_bins){.count = 0};
}

bool rad_derived_fits(const rad_derived_of *d, const rad_derived_bins *b, unsigned powers, size_t least) {
    bool fits = rad_told_fits(&(rad_binned){b->x, b->part, b->count}, powers, least);
    int order[RAD_FACTORS_MAX];
    if (!b->row) return fits;
    find_orders(d, order);
    for (size_t f = 0; f < d->study->factor_count && fits; f++) {
        if (!d->study->factors[f].group || !order[f]) continue;
        const int8_t *level = d->cohort->levels + f * d->cohort->rows;
        for (size_t i = 0, end; i < b->count && fits; i = end) {
            for (end = i + 1; end < b->count && level[b->row[end]] == level[b->row[i]];) end++;
            fits =
                rad_told_fits(&(rad_binned){b->x + i, b->part + i, end - i}, powers < 2 ? powers : 2, least);
        }
    }
    return fits;
}

static void hide(rad_permitting *m, size_t factor) {
    bool *hidden = m->permit->hidden[factor];
    for (size_t l = 0; l <= m->study->factors[factor].levels; l++) {
        m->permit->withheld += !hidden[l];
        hidden[l] = true;
    }
}

/* Sums and powers of the number, and how many are between the cuts. */
static rad_status look_at_values(rad_permitting *m, size_t variable, bool *fits) {
    const rad_derived_of d = {m->cohort, m->study, m->permit, variable};
    const unsigned powers = rad_study_asks(m->study, RAD_SKEWNESS) ? 4 : 2;
    int order[RAD_FACTORS_MAX];
    rad_derived_bins b = {.x = rad_new_raw(m->cohort->rows, sizeof *b.x, m->error),
                          .part = rad_new_raw(m->cohort->rows, sizeof *b.part, m->error)};
    rad_status status = b.x && b.part ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && find_orders(&d, order)) {
        status = sort_items(&d, order, &b, m->error);
        if (status == RAD_OK)
            *fits = rad_told_fits(&(rad_binned){b.x, b.part, b.count}, powers, m->permit->cell);
    }
    rad_derived_bins_free(&b);
    return status;
}

static rad_status admit_levels(rad_permitting *m, size_t factor, size_t variable, bool *fits) {
    const size_t words = m->cohort->words, class = m->permit->of[variable];
    uint64_t *set = rad_new(words, sizeof *set, m->error);
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    for (size_t l = 0; l < m->study->factors[factor].levels && status == RAD_OK && *fits; l++) {
        if (m->permit->hidden[factor][l]) continue;
        rad_cohort_level(m->cohort, factor, (int)l, m->permit->classes[class].present, set);
        if (!rad_is_zero(set, words * sizeof *set)) status = rad_part_admit_set(m, class, set, fits);
    }
    rad_free(set);
    return status;
}

/* The same of all that orders the patients as the levels do. */
static rad_status look_at_factor(rad_permitting *m, size_t factor, bool *fits) {
    rad_status status = RAD_OK;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK && *fits; v++) {
        if (!order_of(m->cohort, m->study, factor, v)) continue;
        status = look_at_values(m, v, fits);
        if (status == RAD_OK && *fits) status = admit_levels(m, factor, v, fits);
    }
    return status;
}

rad_status rad_derived_permit(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++) {
        const rad_cut *cut = m->study->factors[f].cut;
        bool fits = true;
        if (!cut) continue;
        status = look_at_factor(m, f, &fits);
        if (status != RAD_OK || fits) continue;
        hide(m, f);
        status =
            rad_permit_refuse(m, cut->name, RAD_RULE_CELL,
                              "has levels that, with what else is summed and counted of %.80s, tell of few; "
                              "choose other cuts",
                              cut->of);
    }
    return status;
}

const char *rad_derived_text(const rad_cohort *c, const rad_study *s, size_t variable, char *text,
                             size_t length) {
    char number[RAD_NUMBER_TEXT];
    size_t used = 0;
    *text = '\0';
    for (size_t f = 0; f < s->factor_count; f++) {
        const rad_cut *cut = s->factors[f].cut;
        const bool of = cut && order_of(c, s, f, variable);
        for (size_t i = 0; of && i < cut->count && used < length; i++)
            used += (size_t)snprintf(text + used, length - used, "%s%s %s", used ? ", " : "",
                                     cut->from ? ">=" : ">", rad_number_write(cut->at[i], number));
    }
    return text;
}
