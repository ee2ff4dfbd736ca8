#include "crossed.h"

#include "../../core/memory.h"
#include "../describe.h"
#include "../design.h"

#include <stdio.h>
#include <string.h>

const char *const rad_crossed_words[RAD_CROSSED_STATES] = {
    "", "its rules hold back sums of the model",
    "not all of its patients have all columns of the model; `missing: complete` leaves out who has not"};

static rad_status add(rad_crossed_columns *c, size_t *capacity, const rad_crossed_column *column,
                      rad_error *error) {
    rad_status status = rad_grow(&c->column, c->count, capacity, sizeof *c->column, error);
    if (status == RAD_OK) c->column[c->count++] = *column;
    return status;
}

static bool is_there(const rad_crossed_columns *c, size_t variable) {
    for (size_t i = 0; i < c->count; i++)
        if (!c->column[i].level && c->column[i].variable == variable) return true;
    return false;
}

static rad_status add_term(const rad_study *s, const rad_model *m, size_t term, const rad_summary *summary,
                           rad_crossed_columns *c, size_t *capacity, rad_error *error) {
    const size_t factor = rad_closed_factor(s, m, term);
    rad_crossed_column column = {.term = term};
    rad_status status = RAD_OK;
    for (size_t l = 1; factor < s->factor_count && l < s->factors[factor].levels && status == RAD_OK; l++) {
        column = (rad_crossed_column){.level = true, .factor = factor, .at = l, .term = term};
        snprintf(column.name, sizeof column.name, "%s=%s", s->factors[factor].name,
                 s->factors[factor].level[l]);
        status = add(c, capacity, &column, error);
    }
    for (size_t v = 0; factor == s->factor_count && v < summary->count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &summary->variables[v];
        if (!rad_closed_has(m, term, x->name, x->kind == RAD_FEATURE) || is_there(c, v)) continue;
        column.variable = v;
        snprintf(column.name, sizeof column.name, "%s", x->name);
        status = add(c, capacity, &column, error);
    }
    return status;
}

rad_status rad_crossed_columns_make(const rad_study *s, const rad_model *m, const rad_summary *summary,
                                    rad_crossed_columns *c, rad_error *error) {
    size_t capacity = 0;
    rad_status status = RAD_OK;
    *c = (rad_crossed_columns){.terms = m->terms.list->count};
    for (size_t t = 0; t < c->terms && status == RAD_OK; t++)
        status = add_term(s, m, t, summary, c, &capacity, error);
    if (status == RAD_OK && !c->count)
        status = rad_fail(error, RAD_CONFIG, "model %s: its terms match no variable", m->name);
    for (size_t v = 0; m->family != RAD_MODEL_LDA && v < summary->count && status == RAD_OK; v++) {
        rad_crossed_column column = {.variable = v, .term = c->terms};
        if (strcmp(summary->variables[v].name, m->response) != 0) continue;
        snprintf(column.name, sizeof column.name, "%s", m->response);
        c->response = true;
        status = add(c, &capacity, &column, error);
    }
    if (status == RAD_OK && m->family != RAD_MODEL_LDA && !c->response)
        status = rad_fail(error, RAD_CONFIG, "model %s: there is no variable %.100s", m->name, m->response);
    if (status != RAD_OK) rad_crossed_columns_free(c);
    return status;
}

void rad_crossed_columns_free(rad_crossed_columns *c) {
    rad_free(c->column);
    *c = (rad_crossed_columns){.count = 0};
}

/* Looking for the products of a model among the sums of a site. */
typedef struct finding {
    const rad_study *study;
    const rad_summary *site;
    const rad_crossed_columns *columns;
    const rad_design *design; /* of the study's `model` */
    uint64_t n;               /* patients, the same of every product */
    const rad_exact *host; /* sums of the model of some column, over these patients; NULL: there are none */
    rad_crossed_state state;
} finding;

/* What some other patients have is of no use. */
static void expect(finding *f, bool shown, uint64_t n) {
    const rad_crossed_state now = !shown      ? RAD_CROSSED_WITHHELD
                                  : n != f->n ? RAD_CROSSED_MIXED
                                              : RAD_CROSSED_FINE;
    if (f->state == RAD_CROSSED_FINE) f->state = now;
}

/* Sums of the study's model of a variable, over all these patients; NULL: there are none. */
static const rad_exact *block_of(const finding *f, size_t variable) {
    const rad_blocks *b = &f->site->blocks[RAD_MODEL];
    if (!b->cells || !b->shown[variable]) return NULL;
    const rad_exact *sums = &b->sums[variable * b->cells];
    return (uint64_t)rad_exact_double(&sums[0]) == f->n ? sums : NULL;
}

/* Place of a level among the columns of the study's model, or their number. */
static size_t place(const finding *f, const rad_crossed_column *c) {
    size_t j = 0;
    while (j < f->design->covariates &&
           !(f->design->column[j].level && f->design->column[j].of == c->factor &&
             f->design->column[j].at == c->at))
        j++;
    return j < f->design->covariates ? j : f->design->count; /* batches within sites are none */
}

/* The sums of a variable by a factor, all of whose levels are shown, and have these patients together. */
static bool has_groups(const finding *f, size_t factor, size_t variable) {
    uint64_t n = 0;
    if (!f->study->factors[factor].group || !rad_study_asks(f->study, RAD_GROUPS)) return false;
    for (size_t l = 0; l < f->study->factors[factor].levels; l++) {
        const rad_moments *m = rad_summary_level(f->site, f->study, factor, l, variable);
        if (!m->powers) return false;
        n += m->n;
    }
    return n == f->n;
}

/* Some variable that is a column: the last one, which is the response where there is one. */
static size_t some_variable(const finding *f) {
    size_t found = 0;
    for (size_t i = 0; i < f->columns->count; i++)
        if (!i || !f->columns->column[i].level) found = f->columns->column[i].variable;
    return found;
}

/* Patients of a level. */
static rad_status count_level(finding *f, const rad_crossed_column *c, rad_exact *out, rad_error *error) {
    const size_t at = place(f, c), v = some_variable(f);
    *out = (rad_exact){0};
    if (f->host && at < f->design->count) return rad_exact_add(out, &f->host[rad_design_d(at)], error);
    expect(f, has_groups(f, c->factor, v), f->n);
    if (f->state == RAD_CROSSED_FINE)
        *out = rad_exact_whole((int64_t)rad_summary_level(f->site, f->study, c->factor, c->at, v)->n);
    return RAD_OK;
}

/* Patients of two levels. Counts that are rounded are of no use. */
static rad_status count_both(finding *f, const rad_crossed_column *a, const rad_crossed_column *b,
                             rad_exact *out, rad_error *error) {
    const size_t i = place(f, a), j = place(f, b), q = f->design->count;
    const rad_study *s = f->study;
    if (a->factor == b->factor) return a->at == b->at ? count_level(f, a, out, error) : RAD_OK;
    if (f->host && i < q && j < q)
        return rad_exact_add(out, &f->host[rad_design_dd(q, i < j ? i : j, i < j ? j : i)], error);
    for (size_t t = 0; t < s->table_count && rad_study_asks(s, RAD_TABLES) && !f->site->rules.round; t++) {
        const bool same = s->tables[t][0] == a->factor && s->tables[t][1] == b->factor,
                   turned = s->tables[t][0] == b->factor && s->tables[t][1] == a->factor;
        if (!same && !turned) continue;
        const size_t columns = s->factors[s->tables[t][1]].levels + 1, row = same ? a->at : b->at,
                     column = same ? b->at : a->at;
        const int64_t count = f->site->tables[t][row * columns + column];
        expect(f, count >= 0, f->site->rows);
        if (count >= 0) *out = rad_exact_whole(count);
        return RAD_OK;
    }
    expect(f, false, f->n);
    return RAD_OK;
}

/* Place of a variable among the columns of the study's model, or their number. */
static size_t place_number(const finding *f, size_t variable) {
    size_t j = 0;
    while (j < f->design->covariates &&
           (f->design->column[j].level ||
            strcmp(f->design->column[j].name, f->site->variables[variable].name) != 0))
        j++;
    return j < f->design->covariates ? j : f->design->count;
}

static rad_status sum_level(finding *f, const rad_crossed_column *x, const rad_crossed_column *level,
                            rad_exact *out, rad_error *error) {
    const rad_exact *block = block_of(f, x->variable);
    const size_t at = place(f, level), q = f->design->count, own = place_number(f, x->variable);
    if (f->host && at < q && own < q)
        return rad_exact_add(out, &f->host[rad_design_dd(q, at < own ? at : own, at < own ? own : at)],
                             error);
    if (block && at < q) return rad_exact_add(out, &block[rad_design_dy(q, at)], error);
    expect(f, has_groups(f, level->factor, x->variable), f->n);
    if (f->state != RAD_CROSSED_FINE) return RAD_OK;
    return rad_exact_add(
        out, &rad_summary_level(f->site, f->study, level->factor, level->at, x->variable)->sum[0], error);
}

/* The sum of the products of two columns; the patients are looked at. */
static rad_status find_product(finding *f, size_t i, size_t j, rad_exact *out, rad_error *error) {
    const rad_crossed_column *a = &f->columns->column[i], *b = &f->columns->column[j];
    rad_pair_view view;
    *out = (rad_exact){0};
    if (a->level && b->level) return count_both(f, a, b, out, error);
    if (a->level) return sum_level(f, b, a, out, error);
    if (b->level) return sum_level(f, a, b, out, error);
    const int64_t p = f->site->variables[a->variable].panel, q = f->site->variables[b->variable].panel;
    const bool shown = p >= 0 && q >= 0 &&
                       rad_summary_pair(f->site, (size_t)(p < q ? p : q), (size_t)(p < q ? q : p), &view);
    expect(f, shown, shown ? view.n : 0);
    return f->state == RAD_CROSSED_FINE ? rad_exact_add(out, view.ab, error) : RAD_OK;
}

static rad_status find_sum(finding *f, const rad_crossed_column *c, rad_exact *out, rad_error *error) {
    const rad_moments *m = &f->site->moments[c->variable];
    *out = (rad_exact){0};
    if (c->level) return count_level(f, c, out, error);
    expect(f, m->powers > 0, m->n);
    return f->state == RAD_CROSSED_FINE ? rad_exact_add(out, &m->sum[0], error) : RAD_OK;
}

/* Means, and products about them: numerators are exact. */
static rad_status fill(finding *f, rad_exact *sum, rad_gram *g, rad_error *error) {
    const rad_crossed_column *column = f->columns->column;
    const size_t k = column ? g->columns : 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < k && status == RAD_OK; i++) {
        status = find_sum(f, &column[i], &sum[i], error);
        g->mean[i] = rad_exact_double(&sum[i]) / (double)f->n;
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i && status == RAD_OK && f->state == RAD_CROSSED_FINE; j++) {
            rad_exact product;
            status = find_product(f, i, j, &product, error);
            if (status == RAD_OK)
                status = rad_describe_scatter(f->n, &sum[i], &sum[j], &product, &g->cross[i * k + j], error);
            g->cross[j * k + i] = g->cross[i * k + j];
            rad_exact_free(&product);
        }
    g->n = (double)f->n;
    return status;
}

/* n and the means of each level of the response. */
static rad_status fill_levels(finding *f, const rad_model *m, rad_crossed *out, rad_error *error) {
    const size_t k = f->columns->count, levels = f->study->factors[m->of].levels;
    out->n = rad_new(levels, sizeof *out->n, error);
    out->mean = rad_new(levels * k, sizeof *out->mean, error);
    if (!out->n || !out->mean) return RAD_NO_MEMORY;
    out->levels = levels;
    for (size_t c = 0; c < k; c++) {
        const size_t v = f->columns->column[c].variable;
        expect(f, has_groups(f, m->of, v), f->n);
        for (size_t l = 0; l < levels && f->state == RAD_CROSSED_FINE; l++) {
            const rad_moments *x = rad_summary_level(f->site, f->study, m->of, l, v);
            out->n[l] = (double)x->n;
            if (x->n) out->mean[l * k + c] = rad_exact_double(&x->sum[0]) / (double)x->n;
        }
    }
    return RAD_OK;
}

static rad_status find_all(finding *f, const rad_model *m, rad_crossed *out, rad_error *error) {
    const size_t k = f->columns->count;
    rad_exact *sum = rad_new(k, sizeof *sum, error);
    rad_status status = sum ? rad_gram_allocate(k, &out->gram, error) : RAD_NO_MEMORY;
    for (size_t i = k; i-- > 0 && !f->host;)
        if (!f->columns->column[i].level) f->host = block_of(f, f->columns->column[i].variable);
    if (status == RAD_OK && f->n && f->state == RAD_CROSSED_FINE) status = fill(f, sum, &out->gram, error);
    if (status == RAD_OK && m->family == RAD_MODEL_LDA) status = fill_levels(f, m, out, error);
    for (size_t i = 0; sum && i < k; i++) rad_exact_free(&sum[i]);
    rad_free(sum);
    return status;
}

rad_status rad_crossed_make(const rad_study *s, const rad_model *m, const rad_summary *site, rad_crossed *out,
                            rad_error *error) {
    rad_crossed_columns columns;
    *out = (rad_crossed){.state = RAD_CROSSED_FINE};
    rad_design *design = rad_new(1, sizeof *design, error);
    rad_status status = design ? rad_design_make(s, design, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_crossed_columns_make(s, m, site, &columns, error);
    if (status == RAD_OK) {
        finding f = {.study = s, .site = site, .columns = &columns, .design = design};
        const rad_moments *first = &site->moments[some_variable(&f)];
        f.n = first->powers ? first->n : 0;
        expect(&f, first->powers > 0, f.n);
        status = find_all(&f, m, out, error);
        out->state = f.state;
        if (f.state != RAD_CROSSED_FINE) out->gram.n = 0;
        rad_crossed_columns_free(&columns);
    }
    rad_free(design);
    if (status != RAD_OK) rad_crossed_free(out);
    return status;
}

void rad_crossed_free(rad_crossed *c) {
    rad_gram_free(&c->gram);
    rad_free(c->n);
    rad_free(c->mean);
    *c = (rad_crossed){.state = RAD_CROSSED_FINE};
}
