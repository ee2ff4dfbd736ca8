/* Sums of products that cannot be: covariances, models, repeats. */
#include "../../core/memory.h"
#include "../change.h"
#include "../design.h"
#include "plausible.h"

#include <string.h>

static const char *const words[] = {
    [RAD_FAULT_NONE] = "",
    [RAD_FAULT_MORE] = "more patients than have the variable",
    [RAD_FAULT_EMPTY] = "products of nobody that are not 0",
    [RAD_FAULT_FIRST] = "n S2 < S1^2",
    [RAD_FAULT_SECOND] = "n S2 < S1^2",
    [RAD_FAULT_PAIR] = "|r| > 1",
    [RAD_FAULT_RANGE] = "a sum larger than any of doubles",
};
_Static_assert(sizeof words / sizeof words[0] == RAD_FAULTS, "words for every fault");

/* A covariance. */

static const rad_summary_variable *column_of(const rad_judging *j, size_t column) {
    return &j->site->variables[j->site->of[column]];
}

static const rad_moments *own_moments(const rad_judging *j, size_t column) {
    return &j->site->moments[j->site->of[column]];
}

/* Sums of a column over those who have the variables of another pattern are of some of its patients. */
static rad_status judge_partial(const rad_judging *j, size_t column) {
    const rad_summary *s = j->site;
    const rad_summary_variable *v = column_of(j, column);
    rad_status status = RAD_OK;
    for (size_t k = 0; k < s->patterns && status == RAD_OK; k++) {
        const rad_moments *part = &s->partial[column * s->patterns + k];
        rad_fault fault;
        if (k == v->pattern || !part->powers) continue;
        status = rad_plausible_moments(part, &fault, j->error);
        if (status == RAD_OK && !fault && own_moments(j, column)->powers)
            status = rad_plausible_part(own_moments(j, column), part, &fault, j->error);
        if (status == RAD_OK && fault)
            return rad_plausible_fail(j, v->name, "over the patients of another variable it has %s",
                                      words[fault]);
    }
    return status;
}

/* How many patients a pair has by the sums of either of its columns; false: one of them is withheld. */
static bool counts_of(const rad_judging *j, size_t a, size_t b, uint64_t *of_a, uint64_t *of_b) {
    const rad_summary *s = j->site;
    const size_t p = column_of(j, a)->pattern, q = column_of(j, b)->pattern;
    const rad_moments *x = p == q ? own_moments(j, a) : &s->partial[a * s->patterns + q],
                      *y = p == q ? own_moments(j, b) : &s->partial[b * s->patterns + p];
    *of_a = x->n;
    *of_b = y->n;
    return x->powers && y->powers;
}

static rad_status judge_product(const rad_judging *j, size_t a, size_t b) {
    const char *one = column_of(j, a)->name, *other = column_of(j, b)->name;
    uint64_t of_a, of_b;
    rad_pair_view view;
    rad_fault fault = RAD_FAULT_NONE;
    if (counts_of(j, a, b, &of_a, &of_b) && of_a != of_b)
        return rad_plausible_fail(j, one, "with %.100s it has two numbers of patients", other);
    if (!rad_summary_pair(j->site, a, b, &view)) return RAD_OK;
    if (a == b && !rad_exact_equal(view.ab, view.aa))
        return rad_plausible_fail(j, one, "its product with itself is not its sum of squares");
    rad_status status = a == b ? RAD_OK : rad_plausible_pair(&view, &fault, j->error);
    return fault ? rad_plausible_fail(j, one, "with %.100s it has %s", other, words[fault]) : status;
}

rad_status rad_plausible_covariance(const rad_judging *j) {
    rad_status status = RAD_OK;
    for (size_t b = 0; b < j->site->panel && status == RAD_OK; b++) {
        status = judge_partial(j, b);
        for (size_t a = 0; a <= b && status == RAD_OK; a++) status = judge_product(j, a, b);
    }
    return status;
}

/* Sums of some columns and their products over the same patients, in a block of one variable. */
typedef struct gram {
    uint64_t n;
    size_t columns; /* of the model, before the variable itself; or occasions */
    const rad_exact *sums;
    bool repeats;
} gram;

static const rad_exact *sum_of(const gram *g, size_t i) {
    if (g->repeats) return &g->sums[1 + i];
    return &g->sums[i < g->columns ? rad_design_d(i) : 1];
}

static const rad_exact *product_of(const gram *g, size_t i, size_t j) { /* i <= j */
    if (g->repeats) return &g->sums[rad_repeats_product(g->columns, i, j)];
    if (j < g->columns) return &g->sums[rad_design_dd(g->columns, i, j)];
    return &g->sums[i < g->columns ? rad_design_dy(g->columns, i) : 2];
}

/* Pairs whose second column is `from` or later, of `count`. */
static rad_status judge_gram(const rad_judging *j, const char *name, const gram *g, size_t from,
                             size_t count) {
    rad_status status = RAD_OK;
    for (size_t b = from; b < count; b++)
        for (size_t a = 0; a <= b && status == RAD_OK; a++) {
            rad_fault fault;
            const rad_pair_view view = {g->n,
                                        sum_of(g, a),
                                        sum_of(g, b),
                                        product_of(g, a, a),
                                        product_of(g, b, b),
                                        product_of(g, a, b)};
            status = rad_plausible_pair(&view, &fault, j->error);
            if (status == RAD_OK && fault)
                return rad_plausible_fail(j, name, "in its %s it has %s", g->repeats ? "repeats" : "model",
                                          words[fault]);
        }
    return status;
}

/* One column of a block against the sums over all who have the variable. */
static rad_status judge_column(const rad_judging *j, const char *name, const gram *g, size_t column,
                               const rad_moments *all) {
    const rad_moments part = {
        .powers = 2, .n = g->n, .sum = {*sum_of(g, column), *product_of(g, column, column)}};
    rad_fault fault;
    rad_status status = all->powers ? rad_plausible_part(all, &part, &fault, j->error) : RAD_OK;
    if (status != RAD_OK || !all->powers || !fault) return status;
    return rad_plausible_fail(j, name, "all patients less those of its %s have %s",
                              g->repeats ? "repeats" : "model", words[fault]);
}

rad_status rad_plausible_reliability(const rad_judging *j) {
    const rad_blocks *blocks = &j->site->blocks[RAD_RELIABILITY];
    rad_status status = RAD_OK;
    for (size_t v = 0; v < j->site->count && blocks->cells && status == RAD_OK; v++) {
        const rad_exact *sums = blocks->sums + v * blocks->cells;
        const gram g = {(uint64_t)rad_exact_double(sums), j->study->occasion_count, sums, true};
        if (!blocks->shown[v]) continue;
        status = judge_gram(j, j->site->variables[v].name, &g, 0, g.columns);
        /* the first occasion is the one that counts in the cohort */
        if (status == RAD_OK)
            status = judge_column(j, j->site->variables[v].name, &g, 0, &j->site->moments[v]);
    }
    return status;
}

/* A count of at most that many? `most` below 0: it is not told. */
static bool is_count(const rad_judging *j, const rad_exact *x, int64_t most) {
    const double value = rad_exact_double(x);
    return rad_exact_is_whole(x) && value >= 0 &&
           (most < 0 || value <= (double)most + (double)rad_plausible_slack(j, 1));
}

/* Changes of a variable by a factor: of no more patients than repeat, and than each level has; sums possible.
 */
static rad_status judge_changes(const rad_judging *j, size_t v, size_t f) {
    const rad_blocks *b = &j->site->blocks[RAD_CHANGE];
    const char *name = j->site->variables[v].name, *group = j->study->factors[f].name;
    rad_status status = RAD_OK;
    double n = 0;
    for (size_t l = 0; l < j->study->factors[f].levels && status == RAD_OK; l++) {
        const int64_t level = j->site->levels[f * (RAD_FACTOR_LEVELS + 1) + l];
        const rad_exact *of = &b->sums[v * b->cells + rad_change_level(j->study, f, l)];
        if (!is_count(j, of, level))
            return rad_plausible_fail(j, name, "changes of more patients than %.60s has", group);
        n += rad_exact_double(of);
        for (size_t k = 1; k < j->study->occasion_count && status == RAD_OK; k++) {
            const rad_moments m = rad_change_moments(j->site, j->study, v, f, l, k);
            rad_fault fault;
            status = rad_plausible_moments(&m, &fault, j->error);
            if (status == RAD_OK && fault)
                return rad_plausible_fail(j, name, "its changes by %.60s have %s", group, words[fault]);
        }
    }
    if (status != RAD_OK || n <= rad_exact_double(&b->sums[v * b->cells])) return status;
    return rad_plausible_fail(j, name, "changes by %.60s of more patients than repeat", group);
}

rad_status rad_plausible_change(const rad_judging *j) {
    const rad_blocks *b = &j->site->blocks[RAD_CHANGE];
    rad_status status = RAD_OK;
    for (size_t v = 0; v < j->site->count && b->cells; v++)
        for (size_t f = 0; f < j->study->factor_count && b->shown[v] && status == RAD_OK; f++)
            if (j->study->changes_by[f]) status = judge_changes(j, v, f);
    return status;
}

/* A model: 0 and 1 for levels, so that their sums and products are counts. */

static const rad_moments *moments_of_name(const rad_judging *j, const char *name) {
    for (size_t v = 0; v < j->site->count; v++)
        if (!strcmp(j->site->variables[v].name, name)) return &j->site->moments[v];
    return NULL;
}

static bool level_fits(const rad_judging *j, const rad_design *d, const gram *g, size_t i) {
    const size_t f = d->column[i].of;
    const bool batch = i >= d->covariates; /* which may be of several levels */
    const int64_t patients = batch ? -1 : j->site->levels[f * (RAD_FACTOR_LEVELS + 1) + d->column[i].at];
    bool fits = rad_exact_equal(sum_of(g, i), product_of(g, i, i)) && is_count(j, sum_of(g, i), patients);
    for (size_t k = 0; k < i && fits; k++) {
        const rad_exact *both = product_of(g, k, i);
        if (!d->column[k].level) continue;
        const double a = rad_exact_double(sum_of(g, k)), b = rad_exact_double(sum_of(g, i)),
                     ab = rad_exact_double(both);
        fits = d->column[k].of == f
                   ? !both->count && a + b <= (double)g->n
                   : is_count(j, both, -1) && ab <= a && ab <= b && a + b - ab <= (double)g->n;
    }
    return fits;
}

/* The columns of the model, over the patients of this variable. */
static rad_status judge_design(const rad_judging *j, const rad_design *d, const char *name, const gram *g) {
    rad_status status = judge_gram(j, name, g, 0, d->count);
    for (size_t i = 0; i < d->count && status == RAD_OK; i++) {
        const rad_moments *all = d->column[i].level ? NULL : moments_of_name(j, d->column[i].name);
        if (d->column[i].level && !level_fits(j, d, g, i))
            status = rad_plausible_fail(j, name, "in its model %.100s has counts", d->column[i].name);
        else if (all)
            status = judge_column(j, d->column[i].name, g, i, all);
    }
    return status;
}

/* Most variables have the same patients, and so the same sums of columns. */
static bool is_same_design(const gram *a, const gram *b) {
    if (!a->sums || a->n != b->n) return false;
    for (size_t k = 0; k < a->columns; k++) {
        if (!rad_exact_equal(sum_of(a, k), sum_of(b, k))) return false;
        for (size_t i = 0; i <= k; i++)
            if (!rad_exact_equal(product_of(a, i, k), product_of(b, i, k))) return false;
    }
    return true;
}

static rad_status judge_models(const rad_judging *j, const rad_design *d) {
    const rad_blocks *blocks = &j->site->blocks[RAD_MODEL];
    gram last = {.sums = NULL};
    rad_status status = RAD_OK;
    for (size_t v = 0; v < j->site->count && blocks->cells && status == RAD_OK; v++) {
        const rad_exact *sums = blocks->sums + v * blocks->cells;
        const gram g = {(uint64_t)rad_exact_double(sums), d->count, sums, false};
        const char *name = j->site->variables[v].name;
        if (!blocks->shown[v]) continue;
        if (!is_same_design(&last, &g)) status = judge_design(j, d, name, &g);
        if (status == RAD_OK) status = judge_gram(j, name, &g, d->count, d->count + 1);
        if (status == RAD_OK) status = judge_column(j, name, &g, d->count, &j->site->moments[v]);
        last = g;
    }
    return status;
}

rad_status rad_plausible_model(const rad_judging *j) {
    if (!j->site->blocks[RAD_MODEL].cells) return RAD_OK;
    rad_design *d = rad_new(1, sizeof *d, j->error);
    rad_status status = d ? rad_design_make(j->study, d, j->error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = judge_models(j, d);
    rad_free(d);
    return status;
}
