#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/printable.h"
#include "computing.h"
#include "parts.h"

#include <math.h>
#include <string.h>

static bool in_panel(const rad_permit *p, size_t v) {
    return p->panel[v] && p->powers[v];
}

static rad_status refuse_column(rad_permitting *m, size_t v) {
    m->permit->panel[v] = false;
    return rad_permit_refuse(
        m, m->cohort->variables[v].name, RAD_RULE_CELL,
        "%s: products with it would reveal the few (fewer than %zu) in whom they differ. Leave it out of the "
        "covariance",
        m->permit->scores[v].count == 2
            ? "takes two values, and splits the patients almost as a group or another variable does"
            : "is far out for a few patients, or for all others nearly what other variables and groups make "
              "up",
        m->permit->cell);
}

/* The columns of a pattern one by one: those that do not fit are no weights of the class, and are refused
 * where they would tell of few. */
static rad_status join_columns(rad_permitting *m, size_t class, size_t of, const uint64_t *set) {
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++) {
        rad_part part = rad_part_make(m->cohort);
        rad_audit_verdict verdict = RAD_AUDIT_FINE;
        if (p->of[v] != of || !in_panel(p, v)) continue;
        status = rad_part_add_variable(&part, m, v, set);
        if (status == RAD_OK) status = rad_part_admit(m, class, &part, &verdict);
        if (status == RAD_OK && verdict == RAD_AUDIT_FEW) status = refuse_column(m, v);
        if (verdict != RAD_AUDIT_FINE) {
            p->unjoined[v] |= (uint64_t)1 << p->classes[class].pattern;
            p->withheld++;
        }
        rad_part_free(&part);
    }
    return status;
}

/* The patients whom two classes share; then the sides of columns of two values among them, which products
 * with these are sums over. */
static rad_status find_joint_sets(rad_permitting *m, size_t other, const uint64_t *set, rad_sets sets[2]) {
    rad_permit *p = m->permit;
    const size_t words = m->cohort->words;
    uint64_t *side = rad_new(words, sizeof *side, m->error);
    rad_status status = side ? rad_sets_add(&sets[0], set, m->error) : RAD_NO_MEMORY;
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        for (int larger = 0; larger < 2 && status == RAD_OK; larger++) {
            if (p->of[v] != other || !in_panel(p, v) || p->scores[v].count != 2) continue;
            rad_cohort_side(m->cohort, v, larger, set, side);
            if (!rad_is_zero(side, words * sizeof *side)) status = rad_sets_add(&sets[1], side, m->error);
        }
    rad_free(side);
    return status;
}

/* Sums of the columns of a class over the patients who have the columns of another, too, and with these.
 * Products of two scores are looked at as tables. */
static rad_status look_at_columns(rad_permitting *m, size_t class, size_t other, const uint64_t *set) {
    rad_permit *p = m->permit;
    rad_sets sets[2] = {{.words = m->cohort->words}, {.words = m->cohort->words}};
    double *values = rad_new_raw(m->cohort->rows, sizeof *values, m->error);
    rad_status status = values ? find_joint_sets(m, other, set, sets) : RAD_NO_MEMORY;
    for (size_t i = 0; i < 2 && status == RAD_OK; i++)
        status = rad_part_add_remainders(&p->classes[class], &sets[i], m->error);
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++) {
        bool fine = true;
        if (p->of[v] != class || !in_panel(p, v)) continue;
        if (class != other) status = rad_part_look(m, v, &sets[0], values, &fine, m->error);
        if (status == RAD_OK && fine && !p->scores[v].count)
            status = rad_part_look(m, v, &sets[1], values, &fine, m->error);
        if (fine || status != RAD_OK) continue;
        p->apart[v] |= (uint64_t)1 << p->classes[other].pattern;
        p->withheld++;
    }
    rad_sets_free(&sets[0]);
    rad_sets_free(&sets[1]);
    rad_free(values);
    return status;
}

/* Of how many miss both, the numbers of those who have one, the other and both tell. */
static bool misses_fit(const rad_permitting *m, size_t a, size_t b) {
    const rad_class *k = m->permit->classes;
    const size_t any = k[a].size + rad_bitset_beyond(k[b].present, k[a].present, m->cohort->words);
    return any == m->cohort->rows || any + m->permit->cell <= m->cohort->rows;
}

/* May sums over the patients that two classes share leave, and sums of products? */
static rad_status join(rad_permitting *m, size_t class, size_t other, uint64_t *set, bool *allowed) {
    rad_permit *p = m->permit;
    const size_t words = m->cohort->words;
    rad_part part = rad_part_make(m->cohort);
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    rad_status status = RAD_OK;
    for (size_t w = 0; w < words; w++) set[w] = p->classes[class].present[w] & p->classes[other].present[w];
    *allowed = misses_fit(m, class, other) || rad_is_zero(set, words * sizeof *set);
    if (!*allowed || rad_is_zero(set, words * sizeof *set)) return RAD_OK;
    status = rad_sets_add(&part.sets, set, m->error);
    for (size_t v = 0; v < m->cohort->count && status == RAD_OK; v++)
        if (p->of[v] == other && in_panel(p, v)) status = rad_part_add_variable(&part, m, v, set);
    if (status == RAD_OK) status = rad_part_admit(m, class, &part, &verdict);
    if (status == RAD_OK && verdict != RAD_AUDIT_FINE) {
        status = rad_part_admit_set(m, class, set, allowed);
        if (status == RAD_OK && *allowed) status = join_columns(m, class, other, set);
    }
    if (status == RAD_OK && *allowed) status = look_at_columns(m, class, other, set);
    rad_part_free(&part);
    return status;
}

/* Numbers the classes of the panel as patterns; how many. */
static size_t number_patterns(rad_permitting *m, uint16_t *class_of) {
    rad_permit *p = m->permit;
    size_t count = 0;
    for (size_t v = 0; v < m->cohort->count; v++) {
        rad_class *k = &p->classes[p->of[v]];
        if (!in_panel(p, v) || k->pattern < RAD_PATTERNS_MAX || count == RAD_PATTERNS_MAX) continue;
        class_of[count] = p->of[v];
        k->pattern = (uint8_t)count++;
    }
    return count;
}

static rad_status join_classes(rad_permitting *m) {
    rad_permit *p = m->permit;
    uint16_t class_of[RAD_PATTERNS_MAX];
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    const size_t count = status == RAD_OK ? number_patterns(m, class_of) : 0;
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        for (size_t j = 0; j <= i && status == RAD_OK; j++) {
            const size_t a = class_of[i], b = class_of[j];
            bool one = false, other = false;
            status = join(m, a, b, set, &one);
            if (status == RAD_OK && a != b) status = join(m, b, a, set, &other);
            p->joint[a * p->class_count + b] = p->joint[b * p->class_count + a] = one && (a == b || other);
            p->withheld += !p->joint[a * p->class_count + b];
        }
    rad_free(set);
    return status;
}

/* The panel against the number of patients: a covariance of as many columns as rows gives the rows. */
static rad_status check_panel(rad_permitting *m) {
    size_t panel = 0;
    for (size_t v = 0; v < m->cohort->count; v++) panel += in_panel(m->permit, v);
    m->permit->covariance = (double)panel <= m->rules->parameters * (double)m->cohort->rows;
    if (m->permit->covariance) return RAD_OK;
    return rad_permit_here(
        m,
        rad_permit_refuse(m, "covariance", RAD_RULE_PARAMETERS,
                          "has more than %g variables per patient. Name a smaller panel under `covariance`",
                          m->rules->parameters),
        "%zu variable%s for %zu patient%s; at most %zu", panel, rad_plural(panel), m->cohort->rows,
        rad_plural(m->cohort->rows), (size_t)(m->rules->parameters * (double)m->cohort->rows));
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
        if (!in_panel(m->permit, v)) continue;
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

/* Do sums of a column over the patients of a pattern leave? */
static bool is_joint(const panel *x, size_t column, size_t pattern) {
    const rad_permit *p = x->m->permit;
    const size_t v = x->m->summary->of[column], other = x->class_of[pattern];
    const uint8_t bit = p->classes[other].pattern;
    return p->joint[p->of[v] * p->class_count + other] &&
           (bit == RAD_PATTERNS_MAX || !(p->apart[v] >> bit & 1));
}

/* Sums of a column over the patients of every other pattern. */
static rad_status sum_patterns(size_t column, void *context, rad_error *error) {
    const panel *x = context;
    const rad_summing *m = x->m;
    rad_summary *out = m->summary;
    const size_t v = out->of[column];
    rad_status status = RAD_OK;
    for (size_t k = 0; k < out->patterns && status == RAD_OK; k++)
        if (is_joint(x, column, k) && k != out->variables[v].pattern)
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
    const rad_permit *p = m->permit;
    const rad_limits limits = {p->cell, m->rules ? m->rules->dominance : 1};
    rad_status status = RAD_OK;
    double *values = rad_new_raw(c->rows, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t i = 0; i <= j && status == RAD_OK; i++) {
        const size_t a = out->of[i], b = out->of[j];
        const rad_product product = {c->values + a * c->rows, c->values + b * c->rows, &p->scores[a],
                                     &p->scores[b], c->rows};
        bool *shown = &out->product_shown[j * (j + 1) / 2 + i];
        *shown = rad_permit_joins(p, a, b);
        if (*shown && p->cell) status = rad_computed_product_fits(c, a, b, shown, error);
        if (*shown && i < j && status == RAD_OK)
            status = rad_permit_product(&product, &limits, values, shown, error);
    }
    rad_free(values);
    return status;
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
        if (in_panel(p, v)) rad_tree_add(&all, json_string(c->variables[v].definition));
    return all;
}

const rad_site_analysis rad_site_covariance = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .products = products};
