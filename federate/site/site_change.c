#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/sort.h"
#include "../change.h"
#include "counted.h"
#include "dominance.h"
#include "parts.h"

#include <string.h>

/* The patients of a variable who have all occasions, in parts: all of them, each level of each factor, and
 * who is in none of its levels. What leaves are sums of differences from the first occasion over these. */
typedef struct changing {
    rad_permitting *m;
    size_t v;
    uint64_t *set; /* the part that is at work */
    double *x;     /* room for the differences of a part */
    rad_sets parts;
} changing;

static rad_status add_part(changing *g, const uint64_t *set) {
    return rad_is_zero(set, g->parts.words * sizeof *set) ? RAD_OK
                                                          : rad_sets_add(&g->parts, set, g->m->error);
}

static rad_status find_parts(changing *g, const uint64_t *rows) {
    const rad_cohort *c = g->m->cohort;
    const rad_study *s = g->m->study;
    rad_status status = add_part(g, rows);
    for (size_t f = 0; f < s->factor_count; f++)
        for (int l = -1; s->changes_by[f] && l < (int)s->factors[f].levels && status == RAD_OK; l++) {
            rad_cohort_level(c, f, l, rows, g->set);
            status = add_part(g, g->set);
        }
    return status;
}

/* Differences of the set: not of a few, not the same for all but a few, not made up by two patients. */
static rad_status fit_set(changing *g, const uint64_t *set, bool *fits) {
    const rad_cohort *c = g->m->cohort;
    const size_t cell = g->m->permit->cell;
    for (size_t j = 1; j < g->m->study->occasion_count && *fits; j++) {
        const double *a = c->occasions + g->v * c->rows, *b = c->occasions + (j * c->count + g->v) * c->rows;
        size_t count = 0, moved = 0;
        for (size_t r = 0; r < c->rows; r++)
            if (rad_bitset_has(set, r)) g->x[count++] = b[r] - a[r];
        const rad_status status = rad_sort(g->x, count, g->m->error);
        if (status != RAD_OK) return status;
        for (size_t r = 0; r < count; r++) moved += g->x[r] != 0;
        const size_t others = rad_dominance_others(g->x, count);
        *fits = count >= cell && rad_dominance_powers(g->x, count, g->m->rules->dominance) &&
                !(moved && moved < cell) && !(others && others < cell);
    }
    return RAD_OK;
}

/* What is left over where a part lies in another one, or what two have beyond each other. */
static rad_status fit_differences(changing *g, bool *fits) {
    const size_t words = g->parts.words;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < g->parts.count && *fits && status == RAD_OK; i++)
        for (size_t k = 0; k < i && *fits && status == RAD_OK; k++) {
            const uint64_t *a = g->parts.bits + i * words, *b = g->parts.bits + k * words;
            if (!rad_bitset_common(a, b, words)) continue;
            for (size_t w = 0; w < words; w++) g->set[w] = a[w] ^ b[w];
            if (!rad_is_zero(g->set, words * sizeof *g->set)) status = fit_set(g, g->set, fits);
        }
    return status;
}

static rad_status fit_variable(changing *g, const uint64_t *rows, bool *fits) {
    rad_permit *p = g->m->permit;
    const size_t words = g->parts.words;
    rad_status status = find_parts(g, rows);
    for (size_t i = 0; i < g->parts.count && *fits && status == RAD_OK; i++) {
        const uint64_t *set = g->parts.bits + i * words;
        *fits = rad_bitset_count(set, words) >= p->cell && rad_counted_fits(p, set);
        if (*fits) status = fit_set(g, set, fits);
    }
    if (*fits && status == RAD_OK) status = fit_differences(g, fits);
    if (*fits && status == RAD_OK) { /* they are sets of the values, too, of this and of earlier releases */
        rad_part part = rad_part_make(g->m->cohort);
        rad_audit_verdict verdict = RAD_AUDIT_FINE;
        for (size_t i = 0; i < g->parts.count && status == RAD_OK; i++)
            status = rad_sets_add(&part.sets, g->parts.bits + i * words, g->m->error);
        if (status == RAD_OK) status = rad_part_admit(g->m, p->of[g->v], &part, &verdict);
        *fits = verdict == RAD_AUDIT_FINE;
        rad_part_free(&part);
    }
    return status;
}

/* Numbers of few values have few differences, of which sums and squares are equations. */
static rad_status permit(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    rad_permit *p = m->permit;
    changing g = {.m = m,
                  .set = rad_new(c->words, sizeof *g.set, m->error),
                  .x = rad_new_raw(c->rows, sizeof *g.x, m->error)};
    uint64_t *rows = rad_new(c->words, sizeof *rows, m->error);
    rad_status status = rows && g.set && g.x ? RAD_OK : RAD_NO_MEMORY;
    for (g.v = 0; g.v < c->count && status == RAD_OK; g.v++) {
        bool fits = p->powers[g.v] > 0 && !p->scores[g.v].count;
        g.parts = (rad_sets){.words = c->words};
        rad_cohort_repeated(c, m->study->occasion_count, g.v, rows);
        fits = fits && !rad_is_zero(rows, c->words * sizeof *rows);
        if (fits) status = fit_variable(&g, rows, &fits);
        p->blocks[RAD_CHANGE][g.v] = fits;
        p->withheld += !fits && p->powers[g.v];
        rad_sets_free(&g.parts);
    }
    rad_free(rows);
    rad_free(g.set);
    rad_free(g.x);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    memset(m->permit->blocks[RAD_CHANGE], true, m->cohort->count);
    return RAD_OK;
}

static rad_status sum_level(const rad_summing *m, size_t v, const uint64_t *set, double *x, rad_exact *out,
                            rad_error *error) {
    const rad_cohort *c = m->cohort;
    rad_status status = RAD_OK;
    *out++ = rad_exact_whole((int64_t)rad_bitset_count(set, c->words));
    for (size_t j = 1; j < m->study->occasion_count && status == RAD_OK; j++, out += 2) {
        for (size_t r = 0; r < c->rows; r++)
            x[r] = rad_bitset_has(set, r)
                       ? c->occasions[(j * c->count + v) * c->rows + r] - c->occasions[v * c->rows + r]
                       : 0;
        status = rad_exact_sum_powers(x, set, c->rows, 2, out, error);
    }
    return status;
}

static rad_status sum_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    const rad_cohort *c = m->cohort;
    rad_blocks *b = &m->summary->blocks[RAD_CHANGE];
    if (!m->permit->blocks[RAD_CHANGE][v]) return RAD_OK;
    uint64_t *rows = rad_new(c->words, sizeof *rows, error), *set = rad_new(c->words, sizeof *set, error);
    double *x = rad_new_raw(c->rows, sizeof *x, error);
    rad_status status = rows && set && x ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_cohort_repeated(c, m->study->occasion_count, v, rows);
        b->sums[v * b->cells] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    }
    for (size_t f = 0; f < m->study->factor_count; f++)
        for (size_t l = 0; m->study->changes_by[f] && l < m->study->factors[f].levels && status == RAD_OK;
             l++) {
            rad_cohort_level(c, f, (int)l, rows, set);
            status =
                sum_level(m, v, set, x, &b->sums[v * b->cells + rad_change_level(m->study, f, l)], error);
        }
    b->shown[v] = status == RAD_OK;
    rad_free(rows);
    rad_free(set);
    rad_free(x);
    return status;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = rad_analyses_blocks(m->study, RAD_CHANGE, m->summary, m->error);
    if (status != RAD_OK) return status;
    status = rad_parallel_try(m->cohort->count, m->threads, sum_variable, (void *)m, NULL);
    return status == RAD_OK ? status : rad_fail(m->error, status, "out of memory: changes of repeats");
}

const rad_site_analysis rad_site_change = {.permit = permit, .allow_all = allow_all, .sum = sum};
