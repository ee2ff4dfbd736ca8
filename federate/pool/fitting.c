#include "fitting.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

static rad_status fit_mixed(const rad_fitting *f, const rad_gram *site, size_t count, rad_predictor *out,
                            rad_error *error) {
    rad_mixed m;
    rad_status status = rad_mixed_allocate(f->columns, &m, error);
    if (status == RAD_OK) status = rad_mixed_fit(site, count, !f->model->ml, f->origin, &m, error);
    if (status == RAD_OK) {
        memcpy(out->estimate, m.fixed.estimate, (f->columns + 1) * sizeof *out->estimate);
        memcpy(out->se, m.fixed.se, (f->columns + 1) * sizeof *out->se);
        out->n = m.fixed.n;
        out->df = NAN;
        out->rss = m.fixed.rss;
        out->tss = m.fixed.tss;
    }
    rad_mixed_free(&m);
    return status;
}

static rad_status fit_forward(const rad_fitting *f, const rad_gram *g, rad_predictor *out, rad_error *error) {
    static const rad_criterion by[] = {
        [RAD_SELECT_AIC] = RAD_AIC, [RAD_SELECT_BIC] = RAD_BIC, [RAD_SELECT_F] = RAD_F_TO_ENTER};
    const rad_forward how = {by[f->model->select], f->model->enter, f->term, f->terms};
    size_t steps = 0;
    bool *in = rad_new(f->columns, sizeof *in, error);
    rad_status status = in ? rad_forward_select(g, &how, in, NULL, &steps, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_ordinary_fit(g, in, out, error);
    rad_free(in);
    return status;
}

rad_status rad_fitting_fit(const rad_fitting *f, const rad_gram *site, size_t count, size_t step, bool warm,
                           rad_predictor *out, rad_error *error) {
    rad_gram all;
    if (f->model->family == RAD_MODEL_MIXED) return fit_mixed(f, site, count, out, error);
    rad_status status = rad_gram_allocate(f->columns + 1, &all, error);
    if (status != RAD_OK) return status;
    rad_gram_join(site, count, count, &all);
    for (size_t j = 0; j <= f->columns && f->origin && all.n > 0; j++) all.mean[j] += f->origin[j];
    if (f->lambda) {
        const rad_shrinkage by = {f->model->penalty.alpha, f->lambda[step], f->unit};
        status = rad_penalised_fit(&all, &by, warm, out, error);
        if (status == RAD_NO_RESULT) {
            rad_predictor_clear(&all, out);
            out->estimate[f->columns] = NAN;
            status = RAD_OK;
        }
    } else if (f->model->select != RAD_SELECT_NONE) {
        status = fit_forward(f, &all, out, error);
    } else {
        status = rad_ordinary_fit(&all, NULL, out, error);
    }
    rad_gram_free(&all);
    return status;
}

rad_gram *rad_fitting_without(const rad_gram *site, size_t count, size_t without, rad_error *error) {
    rad_gram *list = rad_new(count, sizeof *list, error);
    for (size_t i = 0, at = 0; list && i < count; i++)
        if (i != without) list[at++] = site[i];
    return list;
}

/* Adds what the fits without a site miss of it. */
static rad_status add_errors(const rad_fitting *f, const rad_gram *site, size_t count, size_t without,
                             rad_predictor *fit, double *sse, rad_error *error) {
    rad_gram *rest = rad_fitting_without(site, count, without, error);
    rad_status status = rest ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < f->steps && status == RAD_OK; i++) {
        rad_predicted p;
        status = rad_fitting_fit(f, rest, count - 1, i, i > 0, fit, error);
        if (status != RAD_OK) break;
        rad_predictor_predict(fit, &site[without], &p);
        sse[i] += p.sse;
    }
    rad_free(rest);
    return status;
}

rad_status rad_fitting_errors(const rad_fitting *f, const rad_gram *site, size_t count, double *mse,
                              rad_error *error) {
    rad_predictor fit;
    double n = 0;
    rad_status status = rad_predictor_allocate(f->columns, &fit, error);
    memset(mse, 0, f->steps * sizeof *mse);
    for (size_t s = 0; s < count && status == RAD_OK; s++) {
        if (!(site[s].n > 0)) continue;
        n += site[s].n;
        status = add_errors(f, site, count, s, &fit, mse, error);
    }
    for (size_t i = 0; i < f->steps; i++) mse[i] = n > 0 && count > 1 ? mse[i] / n : NAN;
    rad_predictor_free(&fit);
    return status;
}

size_t rad_fitting_least(const double *value, size_t steps) {
    size_t least = steps;
    for (size_t i = 0; i < steps; i++)
        if (!isnan(value[i]) && (least == steps || value[i] < value[least])) least = i;
    return least;
}

rad_status rad_fitting_choose(const rad_fitting *f, const rad_gram *site, size_t count, size_t *step,
                              rad_predictor *out, rad_error *error) {
    double *mse = rad_new(f->steps, sizeof *mse, error);
    rad_status status = mse ? RAD_OK : RAD_NO_MEMORY;
    *step = 0;
    if (status == RAD_OK && f->steps > 1) {
        status = rad_fitting_errors(f, site, count, mse, error);
        *step = rad_fitting_least(mse, f->steps);
    }
    /* from the first on, as a path is fitted, so that the same sums give the same bits */
    for (size_t i = 0; i <= *step && *step < f->steps && status == RAD_OK; i++)
        status = rad_fitting_fit(f, site, count, i, i > 0, out, error);
    if (status == RAD_OK && *step == f->steps)
        for (size_t j = 0; j <= f->columns; j++) out->estimate[j] = NAN;
    rad_free(mse);
    return status;
}
