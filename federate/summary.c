#include "summary.h"

#include "../core/memory.h"

#include <stdio.h>
#include <string.h>

size_t rad_summary_set(const rad_study *study, size_t factor, size_t level) {
    size_t set = 1;
    if (!study->factors[factor].group) return 0;
    for (size_t f = 0; f < factor; f++)
        if (study->factors[f].group) set += study->factors[f].levels;
    return set + level;
}

const rad_moments *rad_summary_level(const rad_summary *summary, const rad_study *study, size_t factor,
                                     size_t level, size_t variable) {
    return &summary->moments[rad_summary_set(study, factor, level) * summary->count + variable];
}

int64_t rad_summary_add(int64_t a, int64_t b) {
    return a < 0 || b < 0 ? -1 : a + b;
}

int64_t rad_summary_failures(const rad_summary *summary) {
    int64_t count = 0;
    for (size_t i = 0; i < RAD_CODES; i++) count = rad_summary_add(count, summary->failures[i]);
    return count;
}

static const char *const codes[RAD_CODES] = {
    [RAD_UNREADABLE] = "input unreadable",    [RAD_CONFIG] = "image, mask and settings do not fit",
    [RAD_UNWRITABLE] = "output unwritable",   [RAD_NO_MEMORY] = "memory",
    [RAD_NO_RESULT] = "a computation failed", [RAD_PARTIAL] = "some regions failed",
    [RAD_NOTHING] = "nothing found",          [RAD_INTERRUPTED] = "crashed or stopped by a limit"};

const char *rad_summary_code(size_t code) {
    return code < RAD_CODES && codes[code] ? codes[code] : "other";
}

void rad_summary_say_check(size_t met, size_t of, char text[RAD_CHECK]) {
    snprintf(text, RAD_CHECK, "digital_phantom: %zu of %zu", met, of);
}

static size_t table_cells(const rad_study *s, size_t table) {
    return (s->factors[s->tables[table][0]].levels + 1) * (s->factors[s->tables[table][1]].levels + 1);
}

rad_status rad_summary_allocate(rad_summary *out, const rad_study *s, size_t count, rad_error *error) {
    size_t cells;
    out->count = count;
    out->sets = 1;
    for (size_t f = 0; f < s->factor_count; f++) out->sets += s->factors[f].group ? s->factors[f].levels : 0;
    if (!rad_multiply(out->sets, count, &cells)) return rad_fail(error, RAD_NO_MEMORY, "too many variables");
    out->variables = rad_new(count, sizeof *out->variables, error);
    out->moments = rad_new(cells, sizeof *out->moments, error);
    out->levels = rad_new(s->factor_count * (RAD_FACTOR_LEVELS + 1), sizeof *out->levels, error);
    if (!out->variables || !out->moments || !out->levels) return RAD_NO_MEMORY;
    for (size_t t = 0; t < s->table_count; t++) {
        out->tables[t] = rad_new(table_cells(s, t), sizeof *out->tables[t], error);
        if (!out->tables[t]) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

rad_status rad_summary_allocate_panel(rad_summary *out, size_t panel, size_t patterns, rad_error *error) {
    size_t cells, partial;
    if (!rad_multiply(panel, panel + 1, &cells) || !rad_multiply(panel, patterns, &partial))
        return rad_fail(error, RAD_NO_MEMORY, "a covariance of too many variables");
    out->of = rad_new(panel, sizeof *out->of, error);
    out->partial = rad_new(partial, sizeof *out->partial, error);
    out->products = rad_new(cells / 2, sizeof *out->products, error);
    out->product_shown = rad_new(cells / 2, sizeof *out->product_shown, error);
    if (!out->of || !out->partial || !out->products || !out->product_shown) return RAD_NO_MEMORY;
    out->panel = panel;
    out->patterns = patterns;
    return RAD_OK;
}

rad_status rad_blocks_allocate(rad_blocks *b, size_t variables, size_t cells, rad_error *error) {
    size_t all;
    if (!rad_multiply(cells, variables, &all))
        return rad_fail(error, RAD_NO_MEMORY, "sums of too many variables");
    b->cells = cells;
    b->sums = rad_new(all, sizeof *b->sums, error);
    b->shown = rad_new(variables, sizeof *b->shown, error);
    return b->sums && b->shown ? RAD_OK : RAD_NO_MEMORY;
}

void rad_blocks_free(rad_blocks *b, size_t variables) {
    for (size_t i = 0; b->sums && i < b->cells * variables; i++) rad_exact_free(&b->sums[i]);
    rad_free(b->sums);
    rad_free(b->shown);
    *b = (rad_blocks){.cells = 0};
}

size_t rad_repeats_cells(size_t occasions) {
    return 1 + occasions + occasions * (occasions + 1) / 2;
}

size_t rad_repeats_product(size_t occasions, size_t i, size_t j) {
    return 1 + occasions + j * (j + 1) / 2 + i;
}

void rad_moments_free(rad_moments *m) {
    for (int k = 0; k < 4; k++) rad_exact_free(&m->sum[k]);
    *m = (rad_moments){0};
}

static void free_pair(rad_pair *p) {
    rad_exact *all[] = {&p->a, &p->b, &p->aa, &p->bb};
    for (size_t i = 0; i < 4; i++) rad_exact_free(all[i]);
}

void rad_summary_free(rad_summary *s) {
    const size_t pairs = s->panel * (s->panel + 1) / 2;
    for (size_t i = 0; s->moments && i < s->sets * s->count; i++) rad_moments_free(&s->moments[i]);
    for (size_t i = 0; s->variables && i < s->count; i++) rad_free(s->variables[i].counts);
    for (size_t i = 0; s->partial && i < s->panel * s->patterns; i++) rad_moments_free(&s->partial[i]);
    for (size_t i = 0; s->products && i < pairs; i++) rad_exact_free(&s->products[i]);
    for (size_t i = 0; s->pairs && i < pairs; i++) free_pair(&s->pairs[i]);
    for (size_t i = 0; i < RAD_ANALYSES; i++) rad_blocks_free(&s->blocks[i], s->count);
    for (size_t i = 0; i < RAD_SURVIVALS_MAX; i++) rad_lifetables_free(&s->lifetables[i]);
    for (size_t i = 0; i < RAD_PERFORMANCES_MAX; i++) rad_performed_free(&s->performed[i]);
    for (size_t t = 0; t < RAD_PAIRS_MAX; t++) rad_free(s->tables[t]);
    rad_free(s->moments);
    rad_free(s->variables);
    rad_free(s->levels);
    rad_free(s->of);
    rad_free(s->partial);
    rad_free(s->products);
    rad_free(s->product_shown);
    rad_free(s->pairs);
    rad_free(s->pair_sites);
    rad_free(s->relations);
    rad_free(s->refusals);
    *s = (rad_summary){.release = 0};
}

bool rad_summary_pair(const rad_summary *s, size_t i, size_t j, rad_pair_view *view) {
    const size_t at = j * (j + 1) / 2 + i;
    if (!s->product_shown[at]) return false;
    view->ab = &s->products[at];
    if (s->pairs) {
        const rad_pair *p = &s->pairs[at];
        view->n = p->n;
        view->a = &p->a, view->b = &p->b, view->aa = &p->aa, view->bb = &p->bb;
        return true;
    }
    const rad_summary_variable *a = &s->variables[s->of[i]], *b = &s->variables[s->of[j]];
    const bool same = a->pattern == b->pattern;
    const rad_moments *x = same ? &s->moments[s->of[i]] : &s->partial[i * s->patterns + b->pattern];
    const rad_moments *y = same ? &s->moments[s->of[j]] : &s->partial[j * s->patterns + a->pattern];
    view->n = x->n;
    view->a = &x->sum[0], view->aa = &x->sum[1], view->b = &y->sum[0], view->bb = &y->sum[1];
    return x->powers && y->powers;
}
