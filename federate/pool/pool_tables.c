#include "pool_tables.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>

const int64_t *rad_pool_tables_levels(const rad_summary *s, size_t factor) {
    return s->levels + factor * (RAD_FACTOR_LEVELS + 1);
}

const int64_t *rad_pool_tables_cells(const rad_summary *s, size_t table) {
    return s->tables[table];
}

static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    const rad_study *s = p->study;
    (void)threads;
    (void)error;
    rad_pool_add_counts(p->total.levels, site->levels, s->factor_count * (RAD_FACTOR_LEVELS + 1));
    for (size_t i = 0; i < s->table_count; i++)
        rad_pool_add_counts(p->total.tables[i], site->tables[i],
                            (s->factors[s->tables[i][0]].levels + 1) *
                                (s->factors[s->tables[i][1]].levels + 1));
    return RAD_OK;
}

/* The table without its row and column of missing values; false where a site hides a cell. */
static bool copy_table(const rad_pool *p, size_t table, int64_t *counts) {
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    for (size_t r = 0; r < a->levels; r++)
        for (size_t c = 0; c < b->levels; c++) {
            const size_t at = r * (b->levels + 1) + c;
            for (size_t s = 0; s < p->count; s++)
                if (p->sites[s].tables[table][at] < 0) return false;
            counts[r * b->levels + c] = p->total.tables[table][at];
        }
    return true;
}

static rad_pair_tests test_table(const rad_pool *p, size_t table) {
    int64_t counts[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS];
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    const rad_test undefined = {.p = NAN, .estimate = NAN, .statistic = NAN, .df1 = NAN};
    rad_pair_tests t = {copy_table(p, table, counts), undefined, undefined};
    if (!t.whole) return t;
    rad_inference_chi_square(counts, a->levels, b->levels, &t.chi);
    if (a->levels == 2 && b->levels == 2) rad_inference_fisher(counts, &t.fisher);
    return t;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    if (!rad_study_asks(s, RAD_TABLES)) return RAD_OK;
    r->pairs = rad_new(s->table_count, sizeof *r->pairs, error);
    if (!r->pairs) return RAD_NO_MEMORY;
    for (size_t t = 0; t < s->table_count; t++) r->pairs[t] = test_table(r->pool, t);
    return RAD_OK;
}

static void clear(rad_results *r) {
    rad_free(r->pairs);
}

static void see(const rad_summary *s, const rad_study *study, rad_fewest *f) {
    for (size_t i = 0; i < study->factor_count; i++)
        for (size_t l = 0; l <= study->factors[i].levels; l++) {
            const int64_t count = rad_pool_tables_levels(s, i)[l];
            if (count > 0)
                rad_fewest_see(f, (uint64_t)count, study->factors[i].name,
                               l < study->factors[i].levels ? study->factors[i].level[l] : "missing");
        }
    for (size_t t = 0; t < study->table_count && rad_study_asks(study, RAD_TABLES); t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++)
            if (s->tables[t][i] > 0) rad_fewest_see(f, (uint64_t)s->tables[t][i], a->name, b->name);
    }
}

const rad_pool_analysis rad_pool_tables = {.add = add, .compute = compute, .clear = clear, .see = see};
