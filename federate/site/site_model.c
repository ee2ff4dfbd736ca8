#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/printable.h"
#include "batched.h"
#include "counted.h"
#include "parts.h"

#include <math.h>
#include <string.h>

static size_t variable_of(const rad_cohort *c, const char *name) {
    size_t v = 0;
    while (v < c->count && strcmp(c->variables[v].name, name) != 0) v++;
    return v;
}

/* The model of a site: its columns over the patients who have all of them. */
typedef struct fitting {
    rad_permitting *m;
    const rad_design *d;
    double *columns;           /* [column][row], NaN but for these patients */
    uint64_t *complete;        /* these patients */
    size_t of[RAD_DESIGN_MAX]; /* variable of a number */
    rad_batched batches;       /* within the site */
    rad_sets *sets;            /* [class] over which sums leave, and what is left over */
    bool *fits;                /* [class] */
    bool *full;                /* one class or more has no room for the rows of the model */
} fitting;

static bool is_number(const fitting *g, size_t column) {
    return !g->d->column[column].level;
}

/* The batches within the site, the one that has no column, too. */
static rad_status add_batches(const fitting *g, const uint64_t *rows, uint64_t *set, rad_sets *sets) {
    const rad_cohort *c = g->m->cohort;
    const size_t first = g->d->covariates;
    rad_status status = RAD_OK;
    for (size_t i = first; i <= g->d->count && status == RAD_OK; i++) {
        memset(set, 0, c->words * sizeof *set);
        for (size_t r = 0; r < c->rows; r++) {
            bool in = i == g->d->count;
            for (size_t k = first; k < g->d->count && in; k++) in = !(g->columns[k * c->rows + r] > 0);
            if (i < g->d->count) in = g->columns[i * c->rows + r] > 0;
            if (in && rad_bitset_has(rows, r)) rad_bitset_add(set, r);
        }
        if (!rad_is_zero(set, c->words * sizeof *set)) status = rad_sets_add(sets, set, g->m->error);
    }
    return status;
}

/* Sets and weights of the model among some patients. */
static rad_status add_rows(const fitting *g, const uint64_t *rows, rad_part *part) {
    rad_permitting *m = g->m;
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    rad_status status = set ? rad_sets_add(&part->sets, rows, m->error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < g->d->covariates && status == RAD_OK; i++) {
        const size_t factor = g->d->column[i].of, level = g->d->column[i].at;
        if (is_number(g, i)) {
            status = rad_part_add_variable(part, m, g->of[i], rows);
            continue;
        }
        for (size_t l = level == 1 ? 0 : level; l <= level && status == RAD_OK; l++) { /* with the first */
            rad_cohort_level(m->cohort, factor, (int)l, rows, set);
            if (!rad_is_zero(set, m->cohort->words * sizeof *set))
                status = rad_sets_add(&part->sets, set, m->error);
        }
    }
    if (status == RAD_OK && g->d->covariates < g->d->count) status = add_batches(g, rows, set, &part->sets);
    rad_free(set);
    return status;
}

static int8_t batch_of(const fitting *g, size_t factor, size_t row) {
    const int8_t level = g->m->cohort->levels[factor * g->m->cohort->rows + row];
    return (int8_t)(level < 0 ? -1 : g->batches.of[level]);
}

/* Places of a column's values or levels among some patients; false: it is a number of many. */
static bool find_places(const fitting *g, size_t column, const uint64_t *rows, int8_t *places) {
    const rad_cohort *c = g->m->cohort;
    const size_t of = is_number(g, column) ? g->of[column] : g->d->column[column].of;
    const rad_score *score = is_number(g, column) ? &g->m->permit->scores[of] : NULL;
    if (score && !score->count) return false;
    for (size_t r = 0; r < c->rows; r++)
        places[r] = (int8_t)(!rad_bitset_has(rows, r) ? -1
                             : score                  ? rad_score_place(score, c->values[of * c->rows + r])
                             : column >= g->d->covariates ? batch_of(g, of, r)
                                                          : c->levels[of * c->rows + r]);
    return true;
}

/* Products of two columns of few values are the cells of a table, and those of one with itself its counts. */
static rad_status fit_tables(const fitting *g, const uint64_t *rows, bool *fits) {
    const size_t n = g->m->cohort->rows;
    int8_t *places = rad_new_raw(n, 2 * sizeof *places, g->m->error);
    if (!places) return RAD_NO_MEMORY;
    for (size_t i = 0; i < g->d->count && *fits; i++)
        for (size_t j = 0; j < i && *fits; j++) {
            const bool same =
                !is_number(g, i) && !is_number(g, j) && g->d->column[i].of == g->d->column[j].of;
            if (!same && find_places(g, i, rows, places) && find_places(g, j, rows, places + n))
                *fits = rad_score_table_fits(places, places + n, n, g->m->permit->cell);
        }
    rad_free(places);
    return RAD_OK;
}

/* The numbers of the model are summed over its sets, too, each with the others as weights. */
static rad_status fit_numbers(const fitting *g, const rad_part *part, double *values, bool *fits) {
    rad_permitting *m = g->m;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < g->d->count && *fits && status == RAD_OK; i++) {
        rad_sets sets = {.words = m->cohort->words};
        rad_audit_verdict verdict = RAD_AUDIT_FINE;
        if (!is_number(g, i)) continue;
        const size_t v = g->of[i], class = m->permit->of[v];
        status = rad_part_admit(m, class, part, &verdict);
        *g->full = *g->full || verdict == RAD_AUDIT_MANY;
        *fits = verdict == RAD_AUDIT_FINE && m->permit->powers[v];
        const size_t count = m->permit->scores[v].count ? 1 : part->sets.count; /* of a score: as tables */
        for (size_t k = 0; k < count && *fits && status == RAD_OK; k++)
            status = rad_sets_add(&sets, part->sets.bits + k * sets.words, m->error);
        if (*fits && status == RAD_OK)
            status = rad_part_add_remainders(&m->permit->classes[class], &sets, m->error);
        if (*fits && status == RAD_OK) status = rad_part_look(m, v, &sets, values, fits, m->error);
        rad_sets_free(&sets);
    }
    return status;
}

/* May the patients of a class who have every column of the model be summed over, and each part of them? */
static rad_status fit_class(const fitting *g, size_t class, double *values) {
    rad_permitting *m = g->m;
    rad_class *k = &m->permit->classes[class];
    rad_part part = rad_part_make(m->cohort);
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    uint64_t *rows = rad_new(m->cohort->words, sizeof *rows, m->error);
    rad_status status = rows ? RAD_OK : RAD_NO_MEMORY;
    for (size_t w = 0; w < m->cohort->words && rows; w++) rows[w] = g->complete[w] & k->present[w];
    bool *fits = &g->fits[class];
    *fits = rows && rad_bitset_count(rows, m->cohort->words) >= m->permit->cell;
    if (*fits) status = fit_tables(g, rows, fits);
    if (*fits && status == RAD_OK) status = add_rows(g, rows, &part);
    for (size_t i = 0; i < part.sets.count; i++)
        *fits = *fits && rad_counted_fits(m->permit, part.sets.bits + i * part.sets.words);
    if (*fits && status == RAD_OK) status = rad_part_try(m, class, &part, &verdict);
    *g->full = *g->full || verdict == RAD_AUDIT_MANY;
    *fits = *fits && verdict == RAD_AUDIT_FINE;
    if (*fits && status == RAD_OK) status = fit_numbers(g, &part, values, fits);
    if (*fits && status == RAD_OK) status = rad_part_admit(m, class, &part, &verdict);
    for (size_t i = 0; i < part.sets.count && *fits && status == RAD_OK; i++)
        status = rad_sets_add(&g->sets[class], part.sets.bits + i * part.sets.words, m->error);
    if (*fits && status == RAD_OK) status = rad_part_add_remainders(k, &g->sets[class], m->error);
    rad_part_free(&part);
    rad_free(rows);
    return status;
}

/* Products of a variable with the numbers of the model, and whether all of these may leave themselves. */
static rad_status fit_variable(const fitting *g, size_t v, double *values, bool *fits, rad_error *error) {
    const rad_permitting *m = g->m;
    const rad_cohort *c = m->cohort;
    const rad_limits limits = {m->permit->cell, m->rules->dominance};
    rad_status status = rad_part_look(m, v, &g->sets[m->permit->of[v]], values, fits, error);
    for (size_t i = 0; i < g->d->count && *fits && status == RAD_OK; i++) {
        if (!is_number(g, i)) continue;
        const size_t own = g->of[i];
        const rad_product product = {c->values + v * c->rows, g->columns + i * c->rows, &m->permit->scores[v],
                                     &m->permit->scores[own], c->rows};
        *fits = own != v && m->permit->powers[own];
        if (*fits) status = rad_permit_product(&product, &limits, values, fits, error);
    }
    return status;
}

static rad_status look_at(size_t v, void *context, rad_error *error) {
    const fitting *g = context;
    const rad_permitting *m = g->m;
    bool *fits = &m->permit->blocks[RAD_MODEL][v];
    *fits = m->cohort->variables[v].kind == RAD_FEATURE && m->permit->powers[v] && g->fits[m->permit->of[v]];
    if (!*fits) return RAD_OK;
    double *values = rad_new_raw(m->cohort->rows, sizeof *values, error);
    rad_status status = values ? fit_variable(g, v, values, fits, error) : RAD_NO_MEMORY;
    rad_free(values);
    return status;
}

/* Classes of features, then these. */
static rad_status fit_all(const fitting *g, double *values) {
    rad_permitting *m = g->m;
    rad_permit *p = m->permit;
    const size_t count = m->cohort->count;
    rad_status status = RAD_OK;
    size_t some = 0;
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        const size_t class = p->of[v];
        if (m->cohort->variables[v].kind != RAD_FEATURE || !p->powers[v] || g->sets[class].words) continue;
        g->sets[class].words = m->cohort->words;
        status = fit_class(g, class, values);
    }
    if (status == RAD_OK) status = rad_parallel_try(count, m->threads, look_at, (void *)g, m->error);
    for (size_t v = 0; v < count; v++) {
        if (m->cohort->variables[v].kind != RAD_FEATURE || !p->powers[v]) continue;
        some += p->blocks[RAD_MODEL][v];
        p->withheld += !p->blocks[RAD_MODEL][v];
    }
    if (status != RAD_OK || some) return status;
    if (*g->full)
        return rad_permit_refuse(
            m, "model", RAD_RULE_ROWS,
            "makes more independent sums of one variable, with the groups and the covariance, than %g per "
            "patient. Leave a covariate out of `model`, a column out of `covariance`, or a group",
            m->rules->rows);
    return rad_permit_refuse(m, "model", RAD_RULE_CELL,
                             "tells of fewer than %zu patients: by those who have all its columns, by levels "
                             "among them, or by what two of its columns have in common. Leave a covariate "
                             "out of `model`",
                             p->cell);
}

/* Columns without the patients who miss any. */
static void complete_columns(const fitting *g) {
    const size_t n = g->m->cohort->rows;
    for (size_t r = 0; r < n; r++) {
        bool all = true;
        for (size_t i = 0; i < g->d->count; i++) all = all && !isnan(g->columns[i * n + r]);
        if (all) rad_bitset_add(g->complete, r);
        for (size_t i = 0; i < g->d->count && !all; i++) g->columns[i * n + r] = NAN;
    }
}

/* Batches are large enough, and the counts of their levels, of which those that are hidden stay hidden, tell
 * no less beside theirs. */
static rad_status fit_batches(const fitting *g, bool *fits) {
    rad_permitting *m = g->m;
    const size_t factor = rad_study_factor(m->study, m->study->batch_by);
    const rad_factor *f = &m->study->factors[factor];
    const rad_batched *b = &g->batches;
    uint64_t hidden[RAD_FACTOR_LEVELS] = {0};
    size_t small = b->small;
    for (size_t r = 0; r < m->cohort->rows; r++) {
        const int8_t level = m->cohort->levels[factor * m->cohort->rows + r];
        if (level >= 0 && b->of[level] >= 0) hidden[b->of[level]] += m->permit->hidden[factor][level];
    }
    for (size_t l = 0; l < f->levels && small == f->levels; l++)
        if (b->of[l] == (int8_t)l && hidden[l] && hidden[l] < m->permit->cell) small = l;
    *fits = small == f->levels;
    if (*fits) return RAD_OK;
    const rad_status status = rad_permit_refuse_as(
        m, RAD_REFUSED, "model", "batches",
        "the batches of %.60s are too small for `batches`, or tell of a level that is hidden. Set `batches: "
        "{small: merge}` in the study, name a smaller minimum, or leave the site out with --withhold",
        f->name);
    return rad_permit_here(m, status, "%.60s: %llu patient%s", f->level[small],
                           (unsigned long long)b->patients[small], rad_plural((size_t)b->patients[small]));
}

static rad_status fit_design(rad_permitting *m, const rad_design *d) {
    const rad_cohort *c = m->cohort;
    const size_t classes = m->permit->class_count;
    bool full = false;
    fitting g = {.m = m, .d = d, .full = &full};
    g.columns = rad_new_raw((d->count + 1) * c->rows, sizeof *g.columns, m->error);
    g.complete = rad_new(c->words, sizeof *g.complete, m->error);
    g.sets = rad_new(classes, sizeof *g.sets, m->error);
    g.fits = rad_new(classes, sizeof *g.fits, m->error);
    rad_status status = g.columns && g.complete && g.sets && g.fits ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_cohort_columns(c, m->study, d, g.columns);
        if (d->covariates < d->count) rad_batched_find(c, m->study, d, g.columns, &g.batches);
        complete_columns(&g);
        for (size_t i = 0; i < d->count; i++)
            if (is_number(&g, i)) g.of[i] = variable_of(c, d->column[i].name);
        bool fits = true;
        if (d->covariates < d->count) status = fit_batches(&g, &fits);
        if (status == RAD_OK && fits) status = fit_all(&g, g.columns + d->count * c->rows);
    }
    for (size_t k = 0; k < classes && g.sets; k++) rad_sets_free(&g.sets[k]);
    rad_free(g.columns);
    rad_free(g.complete);
    rad_free(g.sets);
    rad_free(g.fits);
    return status;
}

/* Columns of the model with the intercept; of batches only those that the site has. */
static rad_status count_columns(const rad_permitting *m, const rad_design *d, size_t *columns) {
    rad_batched b;
    *columns = d->covariates + 1;
    if (d->covariates == d->count) return RAD_OK;
    double *values = rad_new_raw(d->count * m->cohort->rows, sizeof *values, m->error);
    if (!values) return RAD_NO_MEMORY;
    rad_cohort_columns(m->cohort, m->study, d, values);
    rad_batched_find(m->cohort, m->study, d, values, &b);
    const size_t levels = m->study->factors[rad_study_factor(m->study, m->study->batch_by)].levels;
    size_t batches = 0;
    for (size_t l = 0; l < levels; l++) batches += b.of[l] == (int8_t)l;
    *columns += batches ? batches - 1 : 0;
    rad_free(values);
    return RAD_OK;
}

/* The columns of the model against the number of patients, and every sum that it needs. */
static rad_status permit(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    size_t columns = 0;
    if (status == RAD_OK) status = count_columns(m, d, &columns);
    if (status == RAD_OK && (double)columns > m->rules->parameters * (double)c->rows) {
        status = rad_permit_here(
            m,
            rad_permit_refuse(m, "model", RAD_RULE_PARAMETERS,
                              "has more than %g columns per patient. Leave covariates out of `model`",
                              m->rules->parameters),
            "%zu columns with the intercept for %zu patients", columns, c->rows);
        rad_free(d);
        return status;
    }
    if (status == RAD_OK) status = fit_design(m, d);
    rad_free(d);
    return status;
}

/* Sums of a model of one variable. Products come from the same loops as those of the covariance: the columns
 * and the variable, 0 where a patient misses any of them. */
typedef struct modelling {
    const rad_summing *m;
    size_t columns;
    const double *x; /* [column][row] */
} modelling;

static rad_status sum_model(const modelling *g, size_t v, double *x, rad_exact *products, uint64_t *rows) {
    const rad_cohort *c = g->m->cohort;
    const size_t q = g->columns;
    rad_exact *out = g->m->summary->blocks[RAD_MODEL].sums + v * g->m->summary->blocks[RAD_MODEL].cells;
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
    g->m->summary->blocks[RAD_MODEL].shown[v] = true;
    return RAD_OK;
}

static rad_status model_variable(size_t v, void *context, rad_error *error) {
    const modelling *g = context;
    const rad_cohort *c = g->m->cohort;
    const size_t q = g->columns;
    if (!g->m->permit->blocks[RAD_MODEL][v]) return RAD_OK;
    double *x = rad_new_raw((q + 1) * c->rows, sizeof *x, error);
    rad_exact *products = rad_new((q + 1) * (q + 2) / 2, sizeof *products, error);
    uint64_t *rows = rad_new(c->words, sizeof *rows, error);
    const rad_status status = x && products && rows ? sum_model(g, v, x, products, rows) : RAD_NO_MEMORY;
    rad_free(x);
    rad_free(products);
    rad_free(rows);
    return status;
}

/* Of features: covariates explain, and are not explained. */
static rad_status allow_all(rad_permitting *m) {
    for (size_t v = 0; v < m->cohort->count; v++)
        m->permit->blocks[RAD_MODEL][v] = m->cohort->variables[v].kind == RAD_FEATURE;
    return RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    double *x = status == RAD_OK ? rad_new_raw((d->count + 1) * m->cohort->rows, sizeof *x, m->error) : NULL;
    if (status == RAD_OK && !x) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_analyses_blocks(m->study, RAD_MODEL, m->summary, m->error);
    if (status == RAD_OK) {
        modelling g = {m, d->count, x};
        rad_cohort_columns(m->cohort, m->study, d, x);
        status = rad_parallel_try(m->cohort->count, m->threads, model_variable, &g, NULL);
        if (status != RAD_OK) rad_fail(m->error, status, "out of memory: a model");
    }
    rad_free(d);
    rad_free(x);
    return status;
}

static json_t *products(const rad_cohort *c, const rad_study *study, const rad_permit *p) {
    bool some = false;
    for (size_t v = 0; v < c->count; v++) some = some || p->blocks[RAD_MODEL][v];
    rad_design *d = rad_new(1, sizeof *d, NULL);
    json_t *all = d ? json_array() : NULL;
    some = some && d && rad_design_make(study, d, NULL) == RAD_OK;
    for (size_t i = 0; some && i < d->count; i++) rad_tree_add(&all, json_string(d->column[i].name));
    rad_free(d);
    return all;
}

const rad_site_analysis rad_site_model = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .products = products};
