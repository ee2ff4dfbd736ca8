#include "site_analyses.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/sort.h"
#include "../step.h"
#include "copies.h"
#include "dominance.h"
#include "parts.h"

#include <math.h>
#include <string.h>

typedef enum verdict { FINE, DOMINATED, FEW_DIFFER, FEW_HAVE, COARSE, TOO_FINE, TELLING } verdict;

typedef struct looking {
    rad_permitting *m;
    uint8_t *verdict; /* of each variable, from the look at its values */
} looking;

static verdict look_at_step(const rad_permitting *m, size_t variable, const double *sorted, size_t count) {
    const rad_variable *v = &m->cohort->variables[variable];
    const size_t cell = m->permit->cell;
    return v->fineness == RAD_FINENESS_COARSE                                           ? COARSE
           : v->fineness == RAD_FINENESS_FINE                                           ? TOO_FINE
           : count >= cell && rad_fineness_isolates(sorted, count, &v->transform, cell) ? TELLING
                                                                                        : FINE;
}

static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const looking *l = context;
    const rad_permitting *m = l->m;
    const rad_cohort *c = m->cohort;
    const rad_class *k = &m->permit->classes[m->permit->of[variable]];
    const double *x = c->values + variable * c->rows;
    double *sorted = rad_new_raw(c->rows, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    const size_t count = rad_sets_values(k->present, x, c->rows, sorted);
    const rad_status status = rad_sort(sorted, count, error);
    if (status == RAD_OK) {
        const size_t differ = rad_dominance_others(sorted, count);
        rad_score *score = &m->permit->scores[variable];
        rad_score_find(sorted, count, score);
        const bool few = count >= m->permit->cell && !rad_score_fits(score, sorted, count, m->permit->cell);
        const bool dominated =
            count >= m->permit->cell && !rad_dominance_powers(sorted, count, m->rules->dominance);
        l->verdict[variable] =
            (uint8_t)(differ && differ < m->permit->cell && count >= m->permit->cell ? FEW_DIFFER
                      : dominated                                                    ? DOMINATED
                      : few                                                          ? FEW_HAVE
                            : look_at_step(m, variable, sorted, count));
    }
    rad_free(sorted);
    return status;
}

/* How many miss the variable would follow from how many have it. */
static rad_status refuse_missing(rad_permitting *m, size_t variable, size_t missing) {
    const rad_variable *v = &m->cohort->variables[variable];
    return rad_permit_here(
        m,
        rad_permit_refuse(
            m, v->name, RAD_RULE_CELL,
            "is missing of a few patients (fewer than %zu), whose number would follow. Leave the "
            "variable out, or these patients, by `missing: complete`%s",
            m->permit->cell, v->covariance ? "" : " and the variable under `covariance`"),
        "%zu miss it", missing);
}

static rad_status refuse_step(rad_permitting *m, const rad_variable *v, verdict why) {
    const double step = ldexp(1, v->transform.step);
    if (why == COARSE)
        return rad_permit_refuse_as(
            m, RAD_CONFIG, v->name, "step",
            "its step of %g does not resolve its spread. Name a smaller `step` under `variables`", step);
    if (why == TOO_FINE)
        return rad_permit_refuse_as(
            m, RAD_CONFIG, v->name, "step",
            "has values of more than 2^%d steps of %g. Name a larger `step` under `variables`, a public "
            "`centre`, or take its logarithm (`transform: log`)",
            RAD_STEP_BITS, step);
    return rad_permit_refuse_as(m, RAD_REFUSED, v->name, "step",
                                "all but a few patients have values of fewer digits, so that the last digits "
                                "of its sums would tell of these few. "
                                "Name a larger `step` under `variables`, or leave the variable out");
}

/* What the look at a variable means for it as a whole. */
static rad_status judge(const looking *l, size_t variable) {
    rad_permitting *m = l->m;
    rad_permit *p = m->permit;
    const char *name = m->cohort->variables[variable].name;
    const rad_class *k = &p->classes[p->of[variable]];
    uint8_t *powers = &p->powers[variable];
    const size_t missing = m->cohort->rows - k->size;
    *powers = 0;
    if (k->size && k->size < p->cell)
        return rad_permit_here(
            m,
            rad_permit_refuse(m, name, RAD_RULE_CELL,
                              "has values for fewer than %zu patients, the minimum. Leave the "
                              "variable out",
                              p->cell),
            "%zu %s values", k->size, k->size == 1 ? "has" : "have");
    if (missing && missing < p->cell) return refuse_missing(m, variable, missing);
    switch ((verdict)l->verdict[variable]) {
    case FEW_DIFFER:
        return rad_permit_refuse(
            m, name, RAD_RULE_CELL,
            "is the same for all but a few patients (fewer than %zu): its sums and products would "
            "be theirs. Leave the variable out",
            p->cell);
    case DOMINATED:
        return rad_permit_refuse(
            m, name, RAD_RULE_DOMINANCE,
            "has a sum or a sum of squares of which two patients make up %g or more: it reveals their "
            "values. Take its logarithm (`transform: log`), or leave the variable out",
            m->rules->dominance);
    case FEW_HAVE:
        return rad_permit_refuse(
            m, name, RAD_RULE_CELL,
            "has few values, and one of them only a few patients (fewer than %zu): its sums would count "
            "them. Declare it with levels in place of a number, or leave it out",
            p->cell);
    case COARSE:
    case TOO_FINE:
    case TELLING:
        return refuse_step(m, &m->cohort->variables[variable], (verdict)l->verdict[variable]);
    case FINE:
        break;
    }
    *powers = 2;
    return RAD_OK;
}

/* Values of single variables, and the patients who have them as the first set of each class. */
static rad_status permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    looking l = {m, rad_new(count, 1, m->error)};
    rad_status status = l.verdict ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_parallel_try(count, m->threads, look_at, &l, m->error);
    for (size_t v = 0; v < count && status == RAD_OK; v++) status = judge(&l, v);
    if (status == RAD_OK) status = rad_copies_permit(m);
    for (size_t k = 0; k < m->permit->class_count && status == RAD_OK; k++) {
        bool fits;
        if (m->permit->classes[k].size >= m->permit->cell)
            status = rad_part_admit_set(m, k, m->permit->classes[k].present, &fits);
    }
    rad_free(l.verdict);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    memset(m->permit->powers, 2, m->cohort->count);
    return RAD_OK;
}

static rad_status sum_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    const uint8_t powers = m->permit->powers[v];
    return powers ? rad_summarise_set(m, v, NULL, powers, &m->summary->moments[v], error) : RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    return rad_summarise_each(m, sum_variable);
}

/* Whatever a study asks for rests on these. */
const rad_site_analysis rad_site_moments = {
    .always = true, .permit = permit, .allow_all = allow_all, .sum = sum};
