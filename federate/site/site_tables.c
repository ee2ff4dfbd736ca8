#include "site_analyses.h"

#include "../../core/memory.h"
#include "suppress.h"

/* Levels that may not be told apart in the margin become one row here, under the first of them. */
static size_t row_of(const rad_summing *m, size_t factor, int8_t level) {
    const size_t levels = m->study->factors[factor].levels, own = level < 0 ? levels : (size_t)level;
    size_t first = 0;
    if (!m->permit->hidden[factor][own]) return own;
    while (!m->permit->hidden[factor][first]) first++;
    return first;
}

static rad_status count_table(const rad_summing *m, size_t t) {
    const rad_cohort *c = m->cohort;
    const size_t a = m->study->tables[t][0], b = m->study->tables[t][1];
    const size_t rows = m->study->factors[a].levels + 1, columns = m->study->factors[b].levels + 1;
    uint64_t *counts = rad_new(rows * columns, sizeof *counts, m->error);
    bool *hidden = rad_new(rows * columns, sizeof *hidden, m->error);
    if (counts && hidden) {
        for (size_t r = 0; r < c->rows; r++)
            counts[row_of(m, a, c->levels[a * c->rows + r]) * columns +
                   row_of(m, b, c->levels[b * c->rows + r])]++;
        if (m->permit->cell) rad_suppress_table(counts, rows, columns, m->permit->cell, hidden);
        for (size_t i = 0; i < rows * columns; i++) {
            const bool joined = m->permit->hidden[a][i / columns] || m->permit->hidden[b][i % columns];
            m->summary->tables[t][i] =
                hidden[i] || joined ? -1 : (int64_t)rad_summarise_rounded(m, counts[i]);
            m->summary->withheld += hidden[i];
        }
    }
    const bool fine = counts && hidden;
    rad_free(counts);
    rad_free(hidden);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = RAD_OK;
    for (size_t t = 0; t < m->study->table_count && status == RAD_OK; t++) status = count_table(m, t);
    return status;
}

/* Which cells are hidden is found when they are counted. */
const rad_site_analysis rad_site_tables = {.sum = sum};
