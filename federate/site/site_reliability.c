#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/sort.h"
#include "counted.h"
#include "dominance.h"
#include "parts.h"

#include <string.h>

/* Values of every occasion and the differences of any two: sums of neither may be those of a few patients. */
static rad_status fit_repeats(rad_permitting *m, size_t v, const uint64_t *rows, double *x, bool *fits) {
    const rad_cohort *c = m->cohort;
    const size_t k = m->study->occasion_count;
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i <= j && *fits; i++) { /* i = j: the values themselves */
            const double *a = c->occasions + (i * c->count + v) * c->rows,
                         *b = c->occasions + (j * c->count + v) * c->rows;
            size_t count = 0, moved = 0;
            for (size_t r = 0; r < c->rows; r++)
                if (rad_bitset_has(rows, r)) x[count++] = i < j ? b[r] - a[r] : b[r];
            rad_status status = rad_sort(x, count, m->error);
            if (status != RAD_OK) return status;
            for (size_t r = 0; r < count; r++) moved += x[r] != 0;
            if (i == j) moved = rad_dominance_others(x, count);
            *fits =
                rad_dominance_powers(x, count, m->rules->dominance) && !(moved && moved < m->permit->cell);
        }
    return RAD_OK;
}

/* What is left over of the patients who have the variable, and of sets of them. */
static rad_status look_at_rest(const rad_permitting *m, size_t v, const uint64_t *rows, double *x,
                               bool *fits) {
    rad_sets sets = {.words = m->cohort->words};
    rad_status status = rad_sets_add(&sets, rows, m->error);
    if (status == RAD_OK)
        status = rad_part_add_remainders(&m->permit->classes[m->permit->of[v]], &sets, m->error);
    if (status == RAD_OK) status = rad_part_look(m, v, &sets, x, fits, m->error);
    rad_sets_free(&sets);
    return status;
}

static rad_status permit(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    rad_permit *p = m->permit;
    const size_t k = m->study->occasion_count;
    if ((double)k > m->rules->parameters * (double)c->rows)
        return rad_permit_here(m,
                               rad_permit_refuse(m, "reliability", RAD_RULE_PARAMETERS,
                                                 "has more than %g occasions per patient",
                                                 m->rules->parameters),
                               "%zu occasions for %zu patients", k, c->rows);
    uint64_t *rows = rad_new(c->words, sizeof *rows, m->error);
    double *x = rad_new_raw(c->rows, sizeof *x, m->error);
    rad_status status = rows && x ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        bool fits = p->powers[v] > 0;
        rad_cohort_repeated(c, k, v, rows);
        fits = fits && rad_bitset_count(rows, c->words) >= p->cell && rad_counted_fits(p, rows);
        if (fits) status = fit_repeats(m, v, rows, x, &fits);
        if (fits && status == RAD_OK) status = rad_part_admit_set(m, p->of[v], rows, &fits);
        if (fits && status == RAD_OK) status = look_at_rest(m, v, rows, x, &fits);
        p->blocks[RAD_RELIABILITY][v] = fits;
        p->withheld += !fits && p->powers[v];
    }
    rad_free(rows);
    rad_free(x);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    memset(m->permit->blocks[RAD_RELIABILITY], true, m->cohort->count);
    return RAD_OK;
}

/* Products of the occasions of one variable, over the patients who have all of them. */
static rad_status sum_repeats(const rad_summing *m, size_t v, rad_error *error) {
    const rad_cohort *c = m->cohort;
    const size_t k = m->study->occasion_count;
    rad_exact *out = m->summary->blocks[RAD_RELIABILITY].sums + v * m->summary->blocks[RAD_RELIABILITY].cells;
    double *x = rad_new_raw((k + 1) * c->rows, sizeof *x, error);
    uint64_t *rows = rad_new(c->words, sizeof *rows, error);
    rad_status status = x && rows ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_cohort_repeated(c, k, v, rows);
        for (size_t j = 0; j < k; j++)
            for (size_t r = 0; r < c->rows; r++)
                x[j * c->rows + r] =
                    rad_bitset_has(rows, r) ? c->occasions[(j * c->count + v) * c->rows + r] : 0;
        out[0] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    }
    for (size_t j = 0; j < k && status == RAD_OK; j++)
        status = rad_exact_sum_powers(x + j * c->rows, rows, c->rows, 1, out + 1 + j, error);
    if (status == RAD_OK)
        status = rad_exact_sum_products(x, k, c->rows, 1, out + rad_repeats_product(k, 0, 0), error);
    m->summary->blocks[RAD_RELIABILITY].shown[v] = status == RAD_OK;
    rad_free(x);
    rad_free(rows);
    return status;
}

static rad_status repeat_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    return m->permit->blocks[RAD_RELIABILITY][v] ? sum_repeats(m, v, error) : RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = rad_analyses_blocks(m->study, RAD_RELIABILITY, m->summary, m->error);
    if (status != RAD_OK) return status;
    status = rad_parallel_try(m->cohort->count, m->threads, repeat_variable, (void *)m, NULL);
    return status == RAD_OK ? status : rad_fail(m->error, status, "out of memory: repeats");
}

const rad_site_analysis rad_site_reliability = {.permit = permit, .allow_all = allow_all, .sum = sum};
