#include "summarise.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "suppress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct maker {
    const rad_cohort *c;
    const rad_study *s;
    const rad_rules *rules;
    const rad_permit *p;
    rad_summary *out;
    int threads;
    uint16_t *class_of_pattern;
} maker;

/* n and sums over the patients of a set who have a value. */
static rad_status sum_set(const maker *m, size_t variable, const uint64_t *set, unsigned powers,
                          rad_moments *out) {
    const rad_cohort *c = m->c;
    const uint64_t *present = m->p->classes[m->p->of[variable]].present;
    uint64_t *rows = rad_new(c->words, sizeof *rows, NULL);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t w = 0; w < c->words; w++) rows[w] = set ? set[w] & present[w] : present[w];
    out->powers = (uint8_t)powers;
    out->n = rad_bitset_count(rows, c->words);
    rad_status status =
        rad_exact_sum_powers(c->values + variable * c->rows, rows, c->rows, powers, out->sum, NULL);
    rad_free(rows);
    return status;
}

static void level_rows(const rad_cohort *c, size_t factor, size_t level, uint64_t *out) {
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++)
        if (c->levels[factor * c->rows + r] == (int)level) rad_bitset_add(out, r);
}

static rad_status sum_groups(const maker *m, size_t v) {
    const rad_study *s = m->s;
    rad_status status = RAD_OK;
    uint64_t *rows = rad_new(m->c->words, sizeof *rows, NULL);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        const uint8_t powers = m->p->powers[(1 + f) * m->c->count + v];
        if (!s->factors[f].group || !powers) continue;
        for (size_t l = 0; l < s->factors[f].levels && status == RAD_OK; l++) {
            if (!m->p->classes[m->p->of[v]].shown[f][l]) continue;
            level_rows(m->c, f, l, rows);
            status =
                sum_set(m, v, rows, powers, &m->out->moments[rad_summary_set(s, f, l) * m->c->count + v]);
        }
    }
    rad_free(rows);
    return status;
}

static int by_cell(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint64_t rounded(const maker *m, uint64_t count) {
    const uint64_t to = m->p->cell ? (uint64_t)m->rules->round : 0;
    return to ? (count + to / 2) / to * to : count;
}

static rad_status count_grid(const maker *m, size_t v) {
    const rad_cohort *c = m->c;
    rad_summary_variable *to = &m->out->variables[v];
    const size_t least = m->p->cell;
    uint32_t *cells = rad_new_raw(c->rows, sizeof *cells, NULL);
    if (!cells) return RAD_NO_MEMORY;
    size_t count = 0;
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[v * c->rows + r];
        if (!isnan(x)) cells[count++] = rad_grid_cell(&to->grid, x + to->centre);
    }
    qsort(cells, count, sizeof *cells, by_cell);
    to->counts = rad_new(count / (least ? least : 1) + 1, sizeof *to->counts, NULL);
    if (to->counts) {
        to->count_count = rad_grid_count_cells(&to->grid, cells, count, least, to->counts);
        for (size_t i = 0; i < to->count_count; i++) to->counts[i].count = rounded(m, to->counts[i].count);
        to->counted = true;
    }
    rad_free(cells);
    return to->counts ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status summarise_variable(size_t v, void *context, rad_error *error) {
    const maker *m = context;
    const rad_variable *from = &m->c->variables[v];
    rad_summary_variable *to = &m->out->variables[v];
    rad_status status = RAD_OK;
    memcpy(to->name, from->name, sizeof to->name);
    memcpy(to->definition, from->definition, sizeof to->definition);
    memcpy(to->unit, from->unit, sizeof to->unit);
    to->kind = from->kind;
    to->centre = from->transform.centre;
    to->logarithm = from->transform.logarithm;
    to->grid = from->transform.grid;
    to->panel = -1;
    if (m->p->powers[v]) status = sum_set(m, v, NULL, m->p->powers[v], &m->out->moments[v]);
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_GROUPS) status = sum_groups(m, v);
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_HISTOGRAMS && m->p->histogram[v])
        status = count_grid(m, v);
    (void)error;
    return status;
}

static void count_levels(maker *m) {
    const rad_cohort *c = m->c;
    for (size_t f = 0; f < m->s->factor_count; f++) {
        const size_t levels = m->s->factors[f].levels;
        int64_t *to = m->out->levels + f * (RAD_FACTOR_LEVELS + 1);
        for (size_t r = 0; r < c->rows; r++) {
            const int8_t level = c->levels[f * c->rows + r];
            to[level < 0 ? levels : (size_t)level]++;
        }
        for (size_t l = 0; l <= levels; l++)
            to[l] = m->p->hidden[f][l] ? -1 : (int64_t)rounded(m, (uint64_t)to[l]);
    }
}

/* Levels that may not be told apart in the margin become one row here, under the first of them. */
static size_t row_of(const maker *m, size_t factor, int8_t level) {
    const size_t levels = m->s->factors[factor].levels, own = level < 0 ? levels : (size_t)level;
    size_t first = 0;
    if (!m->p->hidden[factor][own]) return own;
    while (!m->p->hidden[factor][first]) first++;
    return first;
}

static rad_status count_table(maker *m, size_t t) {
    const rad_cohort *c = m->c;
    const size_t a = m->s->tables[t][0], b = m->s->tables[t][1];
    const size_t rows = m->s->factors[a].levels + 1, columns = m->s->factors[b].levels + 1;
    uint64_t *counts = rad_new(rows * columns, sizeof *counts, NULL);
    bool *hidden = rad_new(rows * columns, sizeof *hidden, NULL);
    if (counts && hidden) {
        for (size_t r = 0; r < c->rows; r++)
            counts[row_of(m, a, c->levels[a * c->rows + r]) * columns +
                   row_of(m, b, c->levels[b * c->rows + r])]++;
        if (m->p->cell) rad_suppress_table(counts, rows, columns, m->p->cell, hidden);
        for (size_t i = 0; i < rows * columns; i++) {
            const bool joined = m->p->hidden[a][i / columns] || m->p->hidden[b][i % columns];
            m->out->tables[t][i] = hidden[i] || joined ? -1 : (int64_t)rounded(m, counts[i]);
            m->out->withheld += hidden[i];
        }
    }
    const bool fine = counts && hidden;
    rad_free(counts);
    rad_free(hidden);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Classes of the variables of the panel, as patterns 0, 1, ... in the order of the panel. */
static rad_status choose_panel(maker *m, rad_error *error) {
    const rad_cohort *c = m->c;
    rad_summary *out = m->out;
    size_t panel = 0, patterns = 0;
    uint16_t *pattern = rad_new(m->p->class_count, sizeof *pattern, error); /* + 1 */
    m->class_of_pattern = rad_new(m->p->class_count, sizeof *pattern, error);
    rad_status status = pattern && m->class_of_pattern ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        if (!c->variables[v].covariance || !m->p->powers[v]) continue;
        if (!pattern[m->p->of[v]]) {
            m->class_of_pattern[patterns++] = m->p->of[v];
            pattern[m->p->of[v]] = (uint16_t)patterns;
        }
        out->variables[v].panel = (int64_t)panel++;
        out->variables[v].pattern = (uint16_t)(pattern[m->p->of[v]] - 1);
    }
    if (status == RAD_OK) status = rad_summary_panel(out, panel, patterns, error);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        if (out->variables[v].panel >= 0) out->of[out->variables[v].panel] = v;
    rad_free(pattern);
    return status;
}

static bool joint(const maker *m, size_t column, size_t pattern) {
    const uint16_t own = m->p->of[m->out->of[column]], other = m->class_of_pattern[pattern];
    return m->p->joint[own * m->p->class_count + other];
}

/* Sums of a column over the patients of every other pattern. */
static rad_status sum_patterns(size_t column, void *context, rad_error *error) {
    const maker *m = context;
    rad_summary *out = m->out;
    const size_t v = out->of[column];
    rad_status status = RAD_OK;
    (void)error;
    for (size_t k = 0; k < out->patterns && status == RAD_OK; k++)
        if (joint(m, column, k) && k != out->variables[v].pattern)
            status = sum_set(m, v, m->p->classes[m->class_of_pattern[k]].present, 2,
                             &out->partial[column * out->patterns + k]);
    return status;
}

/* Which products of column j leave. */
static rad_status show_products(size_t j, void *context, rad_error *error) {
    const maker *m = context;
    rad_summary *out = m->out;
    const rad_cohort *c = m->c;
    double *room = rad_new_raw(c->rows, sizeof *room, error);
    if (!room) return RAD_NO_MEMORY;
    for (size_t i = 0; i <= j; i++) {
        const double *a = c->values + out->of[i] * c->rows, *b = c->values + out->of[j] * c->rows;
        bool *shown = &out->product_shown[j * (j + 1) / 2 + i];
        *shown =
            joint(m, i, out->variables[out->of[j]].pattern) &&
            (i == j || rad_permit_product(m->p, a, b, c->rows, m->rules ? m->rules->dominance : 1, room));
    }
    rad_free(room);
    return RAD_OK;
}

static rad_status sum_panel(maker *m, rad_error *error) {
    const rad_cohort *c = m->c;
    rad_summary *out = m->out;
    rad_status status = choose_panel(m, error);
    if (status != RAD_OK || !out->panel) return status;
    const size_t pairs = out->panel * (out->panel + 1) / 2;
    double *x = rad_new_raw(out->panel * c->rows, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    for (size_t i = 0; i < out->panel; i++)
        for (size_t r = 0; r < c->rows; r++) {
            const double value = c->values[out->of[i] * c->rows + r];
            x[i * c->rows + r] = isnan(value) ? 0 : value;
        }
    status = rad_parallel_try(out->panel, m->threads, sum_patterns, m, NULL);
    if (status == RAD_OK) status = rad_parallel_try(out->panel, m->threads, show_products, m, NULL);
    status = status == RAD_OK
                 ? rad_exact_sum_products(x, out->panel, c->rows, m->threads, out->products, error)
                 : rad_fail(error, status, "out of memory: a covariance");
    for (size_t i = 0; i < pairs && status == RAD_OK; i++)
        if (!out->product_shown[i]) {
            rad_exact_free(&out->products[i]);
            out->withheld++;
        }
    rad_free(x);
    return status;
}

/* Sums of a model of one variable. Products come from the same loops as those of the covariance: the columns
 * and the variable, 0 where a patient misses any of them. */
typedef struct modelling {
    maker *m;
    size_t columns;
    const double *x; /* [column][row] */
} modelling;

static rad_status sum_model(const modelling *g, size_t v, double *x, rad_exact *products, uint64_t *rows) {
    const rad_cohort *c = g->m->c;
    const size_t q = g->columns;
    rad_exact *out = g->m->out->models.sums + v * g->m->out->models.cells;
    for (size_t r = 0; r < c->rows; r++) {
        bool all = !isnan(c->values[v * c->rows + r]);
        for (size_t i = 0; i < q; i++) all = all && !isnan(g->x[i * c->rows + r]);
        if (all) rad_bitset_add(rows, r);
        for (size_t i = 0; i < q; i++) x[i * c->rows + r] = all ? g->x[i * c->rows + r] : 0;
        x[q * c->rows + r] = all ? c->values[v * c->rows + r] : 0;
    }
    out[0] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    rad_status status = rad_exact_sum_powers(x + q * c->rows, rows, c->rows, 2, out + 1, NULL);
    for (size_t i = 0; i < q && status == RAD_OK; i++)
        status = rad_exact_sum_powers(x + i * c->rows, rows, c->rows, 1, out + rad_design_d(i), NULL);
    if (status == RAD_OK) status = rad_exact_sum_products(x, q + 1, c->rows, 1, products, NULL);
    if (status != RAD_OK) return status;
    for (size_t j = 0; j <= q; j++)
        for (size_t i = 0; i <= j; i++) {
            rad_exact *from = &products[j * (j + 1) / 2 + i];
            if (j < q)
                out[rad_design_dd(q, i, j)] = *from;
            else if (i < q)
                out[rad_design_dy(q, i)] = *from;
            else
                rad_exact_free(from);
        }
    g->m->out->models.shown[v] = true;
    return RAD_OK;
}

static rad_status model_variable(size_t v, void *context, rad_error *error) {
    const modelling *g = context;
    const rad_cohort *c = g->m->c;
    const size_t q = g->columns;
    if (!g->m->p->modelled[v]) return RAD_OK;
    double *x = rad_new_raw((q + 1) * c->rows, sizeof *x, error);
    rad_exact *products = rad_new((q + 1) * (q + 2) / 2, sizeof *products, error);
    uint64_t *rows = rad_new(c->words, sizeof *rows, error);
    const rad_status status = x && products && rows ? sum_model(g, v, x, products, rows) : RAD_NO_MEMORY;
    rad_free(x);
    rad_free(products);
    rad_free(rows);
    return status;
}

static rad_status sum_models(maker *m, rad_error *error) {
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_status status = d ? rad_design_make(m->s, d, error) : RAD_NO_MEMORY;
    double *x = status == RAD_OK ? rad_new_raw((d->count + 1) * m->c->rows, sizeof *x, error) : NULL;
    if (status == RAD_OK && !x) status = RAD_NO_MEMORY;
    if (status == RAD_OK)
        status = rad_blocks_room(&m->out->models, m->out->count, rad_design_cells(d->count), error);
    if (status == RAD_OK) {
        modelling g = {m, d->count, x};
        rad_cohort_columns(m->c, m->s, d, x);
        status = rad_parallel_try(m->c->count, m->threads, model_variable, &g, NULL);
        if (status != RAD_OK) rad_fail(error, status, "out of memory: a model");
    }
    rad_free(d);
    rad_free(x);
    return status;
}

/* Products of the occasions of one variable, over the patients who have all of them. */
static rad_status sum_repeats(const maker *m, size_t v) {
    const rad_cohort *c = m->c;
    const size_t k = m->s->occasion_count;
    rad_exact *out = m->out->repeated.sums + v * m->out->repeated.cells;
    double *x = rad_new_raw((k + 1) * c->rows, sizeof *x, NULL);
    uint64_t *rows = rad_new(c->words, sizeof *rows, NULL);
    rad_status status = x && rows ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_repeats_rows(c, k, v, rows);
        for (size_t j = 0; j < k; j++)
            for (size_t r = 0; r < c->rows; r++)
                x[j * c->rows + r] =
                    rad_bitset_has(rows, r) ? c->occasions[(j * c->count + v) * c->rows + r] : 0;
        out[0] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    }
    for (size_t j = 0; j < k && status == RAD_OK; j++)
        status = rad_exact_sum_powers(x + j * c->rows, rows, c->rows, 1, out + 1 + j, NULL);
    if (status == RAD_OK)
        status = rad_exact_sum_products(x, k, c->rows, 1, out + rad_repeats_product(k, 0, 0), NULL);
    m->out->repeated.shown[v] = status == RAD_OK;
    rad_free(x);
    rad_free(rows);
    return status;
}

static rad_status repeat_variable(size_t v, void *context, rad_error *error) {
    const maker *m = context;
    (void)error;
    return m->p->repeated[v] ? sum_repeats(m, v) : RAD_OK;
}

/* The counts of the permit, rounded where the rules want it. */
static rad_status copy_lifetables(maker *m, size_t outcome, rad_error *error) {
    const rad_lifetables *all = &m->p->lifetables[outcome];
    rad_lifetables *out = &m->out->lifetables[outcome];
    rad_status status = rad_lifetables_room(out, all->strata, error);
    for (size_t i = 0; i < all->strata && status == RAD_OK; i++) {
        const rad_lifetable *from = &all->stratum[i];
        if (!from->edges) continue;
        status = rad_lifetable_room(&out->stratum[i], from->edges, error);
        if (status != RAD_OK) break;
        memcpy(out->stratum[i].edge, from->edge, from->edges * sizeof *from->edge);
        for (size_t k = 0; k < rad_lifetable_cells(from->edges); k++)
            out->stratum[i].counts[k] = rounded(m, from->counts[k]);
    }
    return status;
}

static rad_status copy_head(maker *m, rad_error *error) {
    const rad_cohort *c = m->c;
    rad_summary *out = m->out;
    memcpy(out->study_hash, m->s->hash, sizeof out->study_hash);
    strncpy(out->study, m->s->id, sizeof out->study - 1);
    strncpy(out->engine, "radiomill " RAD_VERSION, sizeof out->engine - 1);
    memcpy(out->settings, c->settings, sizeof out->settings);
    if (m->rules) out->rules = *m->rules;
    out->rows = c->rows;
    out->excluded = c->excluded;
    out->repeats = c->repeats;
    out->unmatched = c->unmatched;
    out->incomplete = c->incomplete;
    for (size_t i = 0; i < RAD_CODES; i++) out->failures[i] = c->failures[i];
    out->withheld = m->p->withheld;
    out->refused = m->p->refusal_count;
    out->refusals = rad_new(m->p->refusal_count, sizeof *out->refusals, error);
    if (!out->refusals) return RAD_NO_MEMORY;
    if (out->refused) memcpy(out->refusals, m->p->refusals, out->refused * sizeof *out->refusals);
    return RAD_OK;
}

rad_status rad_summarise(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                         const rad_permit *permit, int threads, rad_summary *summary, rad_error *error) {
    maker m = {.c = cohort, .s = study, .rules = rules, .p = permit, .out = summary, .threads = threads};
    *summary = (rad_summary){.release = 1};
    rad_status status = rad_summary_room(summary, study, cohort->count, error);
    if (status == RAD_OK) status = copy_head(&m, error);
    if (status == RAD_OK) {
        status = rad_parallel_try(cohort->count, threads, summarise_variable, &m, NULL);
        if (status != RAD_OK) rad_fail(error, status, "out of memory: a summary");
    }
    if (status == RAD_OK) count_levels(&m);
    for (size_t t = 0; t < study->table_count && study->analyses & RAD_ANALYSIS_TABLES && status == RAD_OK;
         t++)
        status = count_table(&m, t);
    for (size_t i = 0;
         i < study->survival_count && study->analyses & RAD_ANALYSIS_SURVIVAL && status == RAD_OK; i++)
        status = copy_lifetables(&m, i, error);
    if (status == RAD_OK && permit->covariance) status = sum_panel(&m, error);
    if (status == RAD_OK && study->model && study->analyses & RAD_ANALYSIS_MODEL)
        status = sum_models(&m, error);
    if (status == RAD_OK && study->analyses & RAD_ANALYSIS_RELIABILITY) {
        status = rad_blocks_room(&summary->repeated, cohort->count, rad_repeats_cells(study->occasion_count),
                                 error);
        if (status == RAD_OK) {
            status = rad_parallel_try(cohort->count, threads, repeat_variable, &m, NULL);
            if (status != RAD_OK) rad_fail(error, status, "out of memory: repeats");
        }
    }
    rad_free(m.class_of_pattern);
    if (status != RAD_OK) rad_summary_free(summary);
    return status;
}
