#include "pool_tables.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>
#include <stdio.h>

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

rad_cell rad_pool_tables_cell(const rad_pool *p, rad_cells_of *cells, size_t which, size_t at) {
    rad_cell out = {.count = cells(&p->total, which)[at]};
    uint64_t patients = 0;
    for (size_t s = 0; s < p->count; s++) {
        const bool hides = cells(&p->sites[s], which)[at] < 0;
        out.hiding += hides;
        patients += hides ? 0 : p->sites[s].rows;
    }
    out.basis = rad_basis_make(&p->rules, p->count - out.hiding, patients);
    if (out.count && out.count + p->rules.round < p->rules.cell) out.basis.shown = false;
    out.known = out.basis.shown && !out.hiding;
    return out;
}

/* Adds the table of a site without its row and column of missing values, where the site shows all of it;
 * returns its patients. */
static uint64_t add_table(const rad_pool *p, size_t site, size_t table, int64_t *counts) {
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    const int64_t *own = p->sites[site].tables[table];
    uint64_t n = 0;
    for (size_t i = 0; i < a->levels * b->levels; i++) {
        const int64_t count = own[i / b->levels * (b->levels + 1) + i % b->levels];
        if (count < 0) return 0;
        n += (uint64_t)count;
    }
    for (size_t i = 0; i < a->levels * b->levels; i++)
        counts[i] += own[i / b->levels * (b->levels + 1) + i % b->levels];
    return n;
}

rad_basis rad_pool_tables_sum(const rad_pool *p, size_t table, int64_t *counts) {
    size_t sites = 0;
    uint64_t patients = 0;
    for (size_t s = 0; s < p->count; s++) {
        const uint64_t n = add_table(p, s, table, counts);
        sites += n > 0;
        patients += n;
    }
    return rad_basis_make(&p->rules, sites, patients);
}

static rad_pair_tests test_table(const rad_pool *p, size_t table) {
    int64_t counts[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS] = {0};
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    const rad_test undefined = {.p = NAN, .estimate = NAN, .statistic = NAN, .df1 = NAN};
    rad_pair_tests t = {.chi = undefined, .fisher = undefined};
    t.basis = rad_pool_tables_sum(p, table, counts);
    if (!t.basis.shown) return t;
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

static rad_status cover_cells(const rad_covering *at, const char *name, const int64_t *counts, size_t cells,
                              rad_error *error) {
    uint64_t shown = 0;
    for (size_t i = 0; i < cells; i++) shown += counts[i] >= 0;
    return rad_coverage_add(at, name, name, cells, shown, error);
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_study *study = at->pool->study;
    const rad_summary *s = &at->pool->sites[at->site];
    rad_status status = RAD_OK;
    for (size_t f = 0; f < study->factor_count && status == RAD_OK; f++)
        status = cover_cells(at, study->factors[f].name, rad_pool_tables_levels(s, f),
                             study->factors[f].levels + 1, error);
    for (size_t t = 0; t < study->table_count && status == RAD_OK; t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        char name[3 * RAD_NAME];
        snprintf(name, sizeof name, "%s x %s", a->name, b->name);
        status = cover_cells(at, name, s->tables[t], (a->levels + 1) * (b->levels + 1), error);
    }
    return status;
}

const rad_pool_analysis rad_pool_tables = {
    .add = add, .compute = compute, .clear = clear, .see = see, .cover = cover};
