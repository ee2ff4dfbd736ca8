#include "round_judge.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "dominance.h"

#include <math.h>

/* Would a count and one that holds it tell of few by their difference? */
static bool is_few(size_t count, const rad_rules *rules) {
    return count && count < (size_t)rules->cell;
}

/* Patients of the cohort with the event, and without it, whatever else they miss. */
static void count_all(const rad_round_rows *r, size_t counts[2]) {
    const rad_cohort *c = r->cohort;
    const size_t of = r->model->of;
    counts[0] = counts[1] = 0;
    for (size_t i = 0; i < c->rows && r->model->family != RAD_MODEL_POISSON; i++) {
        const int8_t event =
            r->model->family == RAD_MODEL_COX
                ? (isnan(c->times[of * c->rows + i]) ? (int8_t)-1 : c->events[of * c->rows + i])
                : c->levels[of * c->rows + i];
        if (event >= 0) counts[event > 0]++;
    }
    if (r->model->family == RAD_MODEL_POISSON) {
        counts[0] = r->n - r->events;
        counts[1] = r->events;
    }
}

rad_status rad_round_judge_rows(const rad_round_rows *r, const rad_study *study, const rad_rules *rules,
                                rad_error *error) {
    const char *name = r->model->name;
    const size_t terms = r->columns - r->intercept, without = r->n - r->events;
    size_t all[2];
    count_all(r, all);
    if (r->n < 2 * (size_t)rules->cell || is_few(r->events, rules) || !r->events || is_few(without, rules))
        return rad_fail(
            error, RAD_REFUSED,
            "refused (minimum_cell): model %s has %zu patient%s here, %zu with and %zu without the "
            "event; at least %d with it, and as many or nobody without it, are needed",
            name, r->n, rad_plural(r->n), r->events, without, rules->cell);
    if (r->model->family == RAD_MODEL_LOGISTIC && !without)
        return rad_fail(error, RAD_REFUSED, "refused (minimum_cell): all patients of model %s have %s", name,
                        study->factors[r->model->of].level[1]);
    if (is_few(r->cohort->rows - r->n, rules) || is_few(all[1] - r->events, rules) ||
        is_few(all[0] - without, rules))
        return rad_fail(
            error, RAD_REFUSED,
            "refused (minimum_cell): a few patients (%zu; %zu with the event, %zu without) miss a "
            "term or the response of model %s, and would follow from what left of all; leave them "
            "out of the study (missing: complete with the terms in the covariance, or where)",
            r->cohort->rows - r->n, all[1] - r->events, all[0] - without, name);
    if ((double)terms > rules->parameters * (double)r->n + 1e-9)
        return rad_fail(error, RAD_REFUSED,
                        "refused (parameters): model %s has %zu column%s for %zu patient%s; at most %.0f fit",
                        name, terms, rad_plural(terms), r->n, rad_plural(r->n),
                        floor(rules->parameters * (double)r->n + 1e-9));
    return RAD_OK;
}

rad_status rad_round_judge_weights(const rad_round_rows *r, const rad_round_weights *w, size_t first,
                                   const rad_rules *rules, rad_error *error) {
    double *values = rad_new_raw(r->n, sizeof *values, error);
    rad_status status = values ? RAD_OK : RAD_NO_MEMORY;
    for (size_t j = 0; j <= r->columns && status == RAD_OK; j++) {
        const double *residual = w->row + first * w->n;
        for (size_t i = 0; i < r->n; i++) values[i] = residual[i] * (j ? r->x[(j - 1) * r->n + i] : 1);
        if (rad_dominance_share(values, r->n, 0, 1) >= rules->dominance)
            status =
                rad_fail(error, RAD_REFUSED,
                         "refused (dominance): two patients make up %g or more of a score of model %s at "
                         "these coefficients",
                         rules->dominance, r->model->name);
    }
    rad_free(values);
    return status;
}
