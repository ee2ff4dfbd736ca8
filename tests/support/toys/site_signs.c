/* Of how many patients a value lies below 0. */
#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "parts.h"
#include "site_analyses.h"

#include <math.h>
#include <string.h>

static void find_rows(const rad_cohort *c, size_t v, uint64_t *rows) {
    memset(rows, 0, c->words * sizeof *rows);
    for (size_t r = 0; r < c->rows; r++)
        if (c->values[v * c->rows + r] + c->variables[v].transform.centre < 0) rad_bitset_add(rows, r);
}

static size_t count_values(const rad_cohort *c, size_t v) {
    size_t n = 0;
    for (size_t r = 0; r < c->rows; r++) n += (size_t)!isnan(c->values[v * c->rows + r]);
    return n;
}

/* Those below 0 are a set of patients like any other: not few, and not all but few. */
static rad_status permit(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    uint64_t *rows = rad_new(c->words, sizeof *rows, m->error);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        bool *fits = &p->blocks[RAD_SIGNS][v];
        find_rows(c, v, rows);
        if (p->powers[v]) status = rad_part_admit_set(m, p->of[v], rows, fits);
    }
    rad_free(rows);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    memset(m->permit->blocks[RAD_SIGNS], true, m->cohort->count);
    return RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    const rad_cohort *c = m->cohort;
    rad_blocks *b = &m->summary->blocks[RAD_SIGNS];
    rad_status status = rad_analyses_blocks(m->study, RAD_SIGNS, m->summary, m->error);
    uint64_t *rows = rad_new(c->words, sizeof *rows, m->error);
    if (!rows) status = RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        b->shown[v] = m->permit->blocks[RAD_SIGNS][v];
        if (!b->shown[v]) continue;
        find_rows(c, v, rows);
        b->sums[v * b->cells] = rad_exact_whole((int64_t)count_values(c, v));
        b->sums[v * b->cells + 1] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    }
    rad_free(rows);
    return status;
}

const rad_site_analysis rad_site_signs = {.permit = permit, .allow_all = allow_all, .sum = sum};
