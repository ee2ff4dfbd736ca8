#include "site_analyses.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"

#include <math.h>
#include <string.h>

/* Products with a variable of two values are sums over sets, and have to fit among them. */
static rad_status add_sides(rad_permitting *m, size_t variable, const bool *used, uint64_t *set) {
    rad_permit *p = m->permit;
    bool fits = true;
    rad_status status = RAD_OK;
    for (int add = 0; add < 2; add++)
        for (size_t k = 0; k < p->class_count && fits && status == RAD_OK; k++)
            for (int larger = 0; larger < 2 && used[k] && status == RAD_OK; larger++) {
                rad_cohort_side(m->cohort, variable, larger, p->classes[k].present, set);
                if (rad_is_zero(set, m->cohort->words * sizeof *set)) continue;
                if (add) status = rad_sets_add(&p->classes[k].sets, set, m->error);
                fits = fits && rad_sets_may_add(&p->classes[k].sets, set, p->cell);
            }
    if (fits || status != RAD_OK) return status;
    for (size_t f = 0; f <= m->study->factor_count; f++) p->powers[f * m->cohort->count + variable] = 0;
    return rad_permit_refuse(
        m, m->cohort->variables[variable].name, RAD_RULE_CELL,
        "takes two values, and splits the patients almost as a group or another variable does: products with "
        "it would reveal the few (fewer than %zu) in whom they differ. Leave it out of the covariance",
        p->cell);
}

/* May sums over the patients that two classes share leave? */
static rad_status join(rad_permitting *m, size_t a, size_t b, uint64_t *set) {
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    bool allowed = true;
    for (size_t w = 0; w < m->cohort->words; w++)
        set[w] = p->classes[a].present[w] & p->classes[b].present[w];
    const size_t ends[] = {a, b};
    if (!rad_is_zero(set, m->cohort->words * sizeof *set)) {
        for (size_t i = 0; i < 2; i++)
            allowed = allowed && rad_sets_may_add(&p->classes[ends[i]].sets, set, p->cell);
        for (size_t i = 0; i < 2 && allowed && a != b && status == RAD_OK; i++)
            status = rad_sets_add(&p->classes[ends[i]].sets, set, m->error);
    }
    p->joint[a * p->class_count + b] = p->joint[b * p->class_count + a] = allowed;
    p->withheld += !allowed;
    return status;
}

static rad_status join_classes(rad_permitting *m) {
    rad_permit *p = m->permit;
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    bool *used = rad_new(p->class_count, sizeof *used, m->error);
    rad_status status = set && used ? RAD_OK : RAD_NO_MEMORY;
    size_t count = 0;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        if (m->cohort->variables[v].covariance && p->powers[v] && !used[p->of[v]] &&
            count < RAD_PATTERNS_MAX) {
            used[p->of[v]] = true;
            count++;
        }
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        if (m->cohort->variables[v].covariance && p->powers[v] && m->two[v])
            status = add_sides(m, v, used, set);
    for (size_t a = 0; a < p->class_count && status == RAD_OK; a++)
        for (size_t b = 0; b <= a && status == RAD_OK; b++)
            if (used[a] && used[b]) status = join(m, a, b, set);
    rad_free(set);
    rad_free(used);
    return status;
}

/* The panel against the number of patients: a covariance of as many columns as rows gives the rows. */
static rad_status check_panel(rad_permitting *m) {
    size_t panel = 0;
    for (size_t v = 0; v < m->cohort->count; v++)
        panel += m->cohort->variables[v].covariance && m->permit->powers[v];
    m->permit->covariance = (double)panel <= m->rules->parameters * (double)m->cohort->rows;
    if (m->permit->covariance) return RAD_OK;
    return rad_permit_refuse(
        m, "covariance", RAD_RULE_PARAMETERS,
        "%zu variables for %zu patients; at most %g per patient, which are %zu here. Name a "
        "smaller panel under `covariance`",
        panel, m->cohort->rows, m->rules->parameters,
        (size_t)(m->rules->parameters * (double)m->cohort->rows));
}

static rad_status permit(rad_permitting *m) {
    rad_status status = check_panel(m);
    return status == RAD_OK && m->permit->covariance ? join_classes(m) : status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_permit *p = m->permit;
    memset(p->joint, true, p->class_count * p->class_count);
    p->covariance = true;
    return RAD_OK;
}

/* The columns that are summed. */
typedef struct panel {
    const rad_summing *m;
    uint16_t *class_of; /* [pattern]; owned */
} panel;

/* Classes of the variables of the panel, as patterns 0, 1, ... in the order of the panel. */
static rad_status choose_panel(panel *x) {
    const rad_summing *m = x->m;
    const rad_cohort *c = m->cohort;
    rad_summary *out = m->summary;
    size_t columns = 0, patterns = 0;
    uint16_t *pattern = rad_new(m->permit->class_count, sizeof *pattern, m->error); /* + 1 */
    x->class_of = rad_new(m->permit->class_count, sizeof *pattern, m->error);
    rad_status status = pattern && x->class_of ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        if (!c->variables[v].covariance || !m->permit->powers[v]) continue;
        if (!pattern[m->permit->of[v]]) {
            x->class_of[patterns++] = m->permit->of[v];
            pattern[m->permit->of[v]] = (uint16_t)patterns;
        }
        out->variables[v].panel = (int64_t)columns++;
        out->variables[v].pattern = (uint16_t)(pattern[m->permit->of[v]] - 1);
    }
    if (status == RAD_OK) status = rad_summary_allocate_panel(out, columns, patterns, m->error);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        if (out->variables[v].panel >= 0) out->of[out->variables[v].panel] = v;
    rad_free(pattern);
    return status;
}

static bool joint(const panel *x, size_t column, size_t pattern) {
    const rad_summing *m = x->m;
    const uint16_t own = m->permit->of[m->summary->of[column]], other = x->class_of[pattern];
    return m->permit->joint[own * m->permit->class_count + other];
}

/* Sums of a column over the patients of every other pattern. */
static rad_status sum_patterns(size_t column, void *context, rad_error *error) {
    const panel *x = context;
    const rad_summing *m = x->m;
    rad_summary *out = m->summary;
    const size_t v = out->of[column];
    rad_status status = RAD_OK;
    for (size_t k = 0; k < out->patterns && status == RAD_OK; k++)
        if (joint(x, column, k) && k != out->variables[v].pattern)
            status = rad_summarise_set(m, v, m->permit->classes[x->class_of[k]].present, 2,
                                       &out->partial[column * out->patterns + k], error);
    return status;
}

/* Which products of column j leave. */
static rad_status show_products(size_t j, void *context, rad_error *error) {
    const panel *x = context;
    const rad_summing *m = x->m;
    rad_summary *out = m->summary;
    const rad_cohort *c = m->cohort;
    double *values = rad_new_raw(c->rows, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t i = 0; i <= j; i++) {
        const double *a = c->values + out->of[i] * c->rows, *b = c->values + out->of[j] * c->rows;
        bool *shown = &out->product_shown[j * (j + 1) / 2 + i];
        *shown = joint(x, i, out->variables[out->of[j]].pattern) &&
                 (i == j ||
                  rad_permit_product(m->permit, a, b, c->rows, m->rules ? m->rules->dominance : 1, values));
    }
    rad_free(values);
    return RAD_OK;
}

/* Products of the columns, 0 where a patient has no value. */
static rad_status sum_products(const rad_summing *m) {
    const rad_cohort *c = m->cohort;
    rad_summary *out = m->summary;
    double *x = rad_new_raw(out->panel * c->rows, sizeof *x, m->error);
    if (!x) return RAD_NO_MEMORY;
    for (size_t i = 0; i < out->panel; i++)
        for (size_t r = 0; r < c->rows; r++) {
            const double value = c->values[out->of[i] * c->rows + r];
            x[i * c->rows + r] = isnan(value) ? 0 : value;
        }
    rad_status status = rad_exact_sum_products(x, out->panel, c->rows, m->threads, out->products, m->error);
    for (size_t i = 0; i < out->panel * (out->panel + 1) / 2 && status == RAD_OK; i++) {
        if (out->product_shown[i]) continue;
        rad_exact_free(&out->products[i]);
        out->withheld++;
    }
    rad_free(x);
    return status;
}

static rad_status sum(const rad_summing *m) {
    panel x = {.m = m};
    if (!m->permit->covariance) return RAD_OK;
    rad_status status = choose_panel(&x);
    const size_t columns = m->summary->panel;
    if (status == RAD_OK && columns) {
        status = rad_parallel_try(columns, m->threads, sum_patterns, &x, NULL);
        if (status == RAD_OK) status = rad_parallel_try(columns, m->threads, show_products, &x, NULL);
        if (status != RAD_OK) rad_fail(m->error, status, "out of memory: a covariance");
        if (status == RAD_OK) status = sum_products(m);
    }
    rad_free(x.class_of);
    return status;
}

static json_t *products(const rad_cohort *c, const rad_study *study, const rad_permit *p) {
    json_t *all = json_array();
    (void)study;
    for (size_t v = 0; v < c->count && p->covariance; v++)
        if (c->variables[v].covariance && p->powers[v])
            rad_tree_add(&all, json_string(c->variables[v].definition));
    return all;
}

const rad_site_analysis rad_site_covariance = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .products = products};
