#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "intervals.h"
#include "ledger_checks.h"

#include <math.h>
#include <string.h>

/* A histogram in a line: the count of the first interval, where the next begins, its count, and so on. */
static json_t *histogram_of(const rad_release *r, size_t variable, int32_t *interval, uint64_t *count) {
    const rad_summary_variable *v = &r->summary->variables[variable];
    json_t *list = json_array();
    rad_intervals_place(r->cohort, variable, v->counts, v->count_count, interval);
    memset(count, 0, v->count_count * sizeof *count);
    for (size_t i = 0; i < r->cohort->rows; i++)
        if (interval[i] >= 0) count[interval[i]]++; /* as it is: rules may have rounded what leaves */
    for (size_t k = 0; k < v->count_count; k++) {
        if (k) rad_tree_add(&list, json_integer((json_int_t)v->counts[k].first));
        rad_tree_add(&list, json_integer((json_int_t)count[k]));
    }
    return list;
}

json_t *rad_ledger_histograms(const rad_release *r) {
    int32_t *interval = rad_new_raw(r->cohort->rows, sizeof *interval, NULL);
    uint64_t *count = rad_new_raw(r->cohort->rows + 1, sizeof *count, NULL);
    json_t *all = interval && count ? json_object() : NULL;
    for (size_t v = 0; v < r->cohort->count && all; v++)
        if (r->summary->variables[v].counted)
            rad_tree_set(&all, r->cohort->variables[v].definition, histogram_of(r, v, interval, count));
    rad_free(interval);
    rad_free(count);
    return all;
}

/* A histogram of before: owned. */
typedef struct earlier {
    rad_grid_count *counts;
    size_t count;
} earlier;

static rad_status read_earlier(const json_t *list, earlier *out, rad_error *error) {
    const size_t length = json_array_size(list);
    *out = (earlier){rad_new(length / 2 + 1, sizeof *out->counts, error), (length + 1) / 2};
    if (!out->counts) return RAD_NO_MEMORY;
    for (size_t k = 0; k < out->count; k++) {
        const json_int_t end = json_integer_value(json_array_get(list, 2 * k + 1)),
                         count = json_integer_value(json_array_get(list, 2 * k));
        out->counts[k].count = count > 0 ? (uint64_t)count : 0;
        out->counts[k].end = end > 0 && end < UINT32_MAX ? (uint32_t)end : UINT32_MAX;
        if (k) out->counts[k].first = out->counts[k - 1].end;
    }
    return RAD_OK;
}

/* Of those who are in that release alone, nobody or `least` in each of its intervals: they are what is left
 * of its counts. */
static bool gone_fit(const earlier *e, const int32_t *of, size_t rows, size_t least) {
    for (size_t k = 0; k < e->count; k++) {
        uint64_t here = 0;
        for (size_t r = 0; r < rows; r++) here += of[r] == (int32_t)k;
        if (here > e->counts[k].count) return false;
        const uint64_t gone = e->counts[k].count - here;
        if (gone && gone < least) return false;
    }
    return true;
}

static rad_status fit_line(const rad_ledger_checked *c, const rad_ledger_entry *e, size_t variable,
                           bool *fits, rad_error *error) {
    const rad_release *r = c->release;
    const size_t rows = r->cohort->rows, least = (size_t)r->rules->cell, words = rad_bitset_words(c->persons);
    const rad_summary_variable *v = &r->summary->variables[variable];
    const json_t *list =
        json_object_get(json_object_get(e->line, "histograms"), r->cohort->variables[variable].definition);
    earlier before = {0};
    if (!list) return RAD_OK;
    int32_t *interval = rad_new_raw(2 * rows, sizeof *interval, error);
    uint64_t *known = rad_new(words, sizeof *known, error);
    rad_status status = interval && known ? read_earlier(list, &before, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        for (size_t i = 0; i < e->who.patients; i++) rad_bitset_add(known, e->who.person[i]);
        rad_intervals_place(r->cohort, variable, v->counts, v->count_count, interval);
        rad_intervals_place(r->cohort, variable, before.counts, before.count, interval + rows);
        for (size_t i = 0; i < rows; i++)
            if (!rad_bitset_has(known, c->now->who.person[i])) interval[rows + i] = -1;
        *fits = gone_fit(&before, interval + rows, rows, least);
        if (*fits) status = rad_intervals_fit(interval, interval + rows, rows, least, fits, error);
    }
    rad_free(interval);
    rad_free(known);
    rad_free(before.counts);
    return status;
}

/* What left under another definition has the order of the variable; where its edges are is not known. */
static bool is_alike(const rad_ledger_checked *c, const rad_ledger_entry *e, size_t variable) {
    const json_t *all = json_object_get(e->line, "histograms");
    for (size_t i = 0; i < c->likes->count; i++)
        if (c->likes->row[i].place == variable && json_object_get(all, c->likes->row[i].text)) return true;
    return false;
}

static rad_status hold(const rad_ledger_checked *c, size_t variable, bool *fits, rad_error *error) {
    rad_status status = RAD_OK;
    *fits = true;
    for (size_t i = 0; i < c->ledger->count && *fits && status == RAD_OK; i++) {
        const rad_ledger_entry *e = &c->ledger->entries[i];
        if (!c->shared[i]) continue;
        *fits = !is_alike(c, e, variable);
        if (*fits) status = fit_line(c, e, variable, fits, error);
    }
    return status;
}

rad_status rad_ledger_hold_histograms(const rad_ledger_checked *c, size_t *held, rad_error *error) {
    rad_summary *s = c->release->summary;
    rad_status status = RAD_OK;
    *held = 0;
    for (size_t v = 0; v < c->release->cohort->count && status == RAD_OK; v++) {
        rad_summary_variable *x = &s->variables[v];
        bool fits = true;
        if (x->counted) status = hold(c, v, &fits, error);
        if (status != RAD_OK || fits) continue;
        rad_free(x->counts);
        x->counts = NULL;
        x->count_count = 0;
        x->counted = false;
        s->withheld++;
        ++*held;
    }
    return status;
}
