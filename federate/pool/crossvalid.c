#include "pool_models.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

/* Patients and the means of the levels of the sites but one. */
static void join_groups(const rad_fitted *f, size_t without, double *n, double *mean) {
    const size_t k = f->slopes, levels = f->lda.groups;
    memset(n, 0, levels * sizeof *n);
    memset(mean, 0, levels * k * sizeof *mean);
    for (size_t s = 0; s < f->sites; s++)
        for (size_t l = 0; l < levels && s != without; l++) {
            const double more = f->crossed[s]->n[l];
            n[l] += more;
            for (size_t c = 0; c < k && more > 0; c++)
                mean[l * k + c] += (f->crossed[s]->mean[l * k + c] - mean[l * k + c]) * (more / n[l]);
        }
}

rad_status rad_crossvalid_discriminate(const rad_fitted *f, size_t without, rad_discriminant *out,
                                       rad_error *error) {
    const size_t k = f->slopes, levels = f->lda.groups;
    rad_gram all = {0};
    double *n = rad_new(levels, sizeof *n, error), *mean = rad_new(levels * k, sizeof *mean, error);
    rad_group_means *group = rad_new(levels, sizeof *group, error);
    rad_status status = n && mean && group ? rad_gram_allocate(k, &all, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_gram_join(f->gram, f->sites, without, &all);
        join_groups(f, without, n, mean);
        for (size_t l = 0; l < levels; l++) group[l] = (rad_group_means){n[l], mean + l * k};
        rad_discriminant_within(&all, group, levels);
        status = rad_discriminant_fit(&all, group, out, error);
    }
    rad_gram_free(&all);
    rad_free(n);
    rad_free(mean);
    rad_free(group);
    return status;
}

static rad_basis basis_of(const rad_fitted *f, size_t without, const rad_rules *rules) {
    double rest = 0;
    for (size_t s = 0; s < f->sites; s++) rest += s != without ? f->gram[s].n : 0;
    return rad_basis_make(rules, f->sites - 1, (uint64_t)fmin(rest, f->gram[without].n));
}

static rad_status allocate(rad_fitted *f, const rad_rules *rules, rad_error *error) {
    f->validated = rad_new(f->sites, sizeof *f->validated, error);
    if (!f->validated) return RAD_NO_MEMORY;
    for (size_t s = 0; s < f->sites; s++)
        f->validated[s] = (rad_validated){.basis = basis_of(f, s, rules), .lambda = NAN};
    return RAD_OK;
}

/* How far the scores of a level lie from those of the first, by the deviation within both. */
static double separate(const rad_discriminant *d, const rad_gram *within, const rad_crossed *site,
                       size_t level, double present) {
    const size_t k = d->columns;
    const double *b = d->estimate + level * (k + 1);
    double between = 0, spread = 0;
    if (!(site->n[0] > 0 && site->n[level] > 0)) return NAN;
    for (size_t i = 0; i < k; i++) {
        if (isnan(b[i])) continue;
        between += b[i] * (site->mean[level * k + i] - site->mean[i]);
        for (size_t j = 0; j < k; j++)
            if (!isnan(b[j])) spread += b[i] * b[j] * within->cross[i * k + j];
    }
    return spread > 0 && within->n > present ? between / sqrt(spread / (within->n - present)) : NAN;
}

static rad_status leave_discriminant(rad_fitted *f, size_t s, rad_discriminant *d, rad_gram *within,
                                     rad_group_means *group, rad_error *error) {
    const rad_crossed *site = f->crossed[s];
    const size_t levels = f->lda.groups;
    rad_validated *out = &f->validated[s];
    double present = 0;
    out->predicted = (rad_predicted){f->gram[s].n, NAN, NAN, NAN, NAN, NAN, NAN};
    out->distance = rad_new(levels, sizeof *out->distance, error);
    if (!out->distance) return RAD_NO_MEMORY;
    for (size_t l = 0; l < levels; l++) out->distance[l] = NAN;
    if (!out->basis.shown) return RAD_OK;
    rad_gram_join(f->gram + s, 1, 1, within);
    for (size_t l = 0; l < levels; l++) {
        group[l] = (rad_group_means){site->n[l], site->mean + l * f->slopes};
        present += site->n[l] > 0;
    }
    rad_discriminant_within(within, group, levels);
    rad_status status = rad_crossvalid_discriminate(f, s, d, error);
    for (size_t l = 1; l < levels && status == RAD_OK; l++)
        out->distance[l] = separate(d, within, site, l, present);
    return status;
}

rad_status rad_crossvalid_discriminant(rad_fitted *f, const rad_rules *rules, rad_error *error) {
    rad_discriminant d = {0};
    rad_gram within = {0};
    rad_group_means *group = rad_new(f->lda.groups, sizeof *group, error);
    rad_status status = group ? allocate(f, rules, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_gram_allocate(f->slopes, &within, error);
    if (status == RAD_OK) status = rad_discriminant_allocate(f->slopes, f->lda.groups, &d, error);
    for (size_t s = 0; s < f->sites && status == RAD_OK; s++)
        status = leave_discriminant(f, s, &d, &within, group, error);
    rad_discriminant_free(&d);
    rad_gram_free(&within);
    rad_free(group);
    return status;
}

/* The mean of the response at the sites but one: what a model without terms predicts. */
static double mean_without(const rad_fitted *f, size_t without) {
    double n = 0, mean = 0;
    for (size_t s = 0; s < f->sites; s++) {
        if (s == without || !(f->gram[s].n > 0)) continue;
        n += f->gram[s].n;
        mean += (f->gram[s].mean[f->slopes] - mean) * (f->gram[s].n / n);
    }
    return mean;
}

static void add_up(rad_fitted *f) {
    rad_predicted *all = &f->all;
    *all = (rad_predicted){.mse = NAN, .r2 = NAN, .slope = NAN, .shift = NAN};
    for (size_t s = 0; s < f->sites; s++) {
        const double n = f->gram[s].n, away = f->gram[s].mean[f->slopes] - mean_without(f, s);
        all->n += n;
        all->sse += f->validated[s].predicted.sse;
        all->sst += f->validated[s].predicted.sst + n * away * away;
    }
    if (!(all->n > 0)) return;
    all->mse = all->sse / all->n;
    if (all->sst > 0) all->r2 = 1 - all->sse / all->sst;
}

rad_status rad_crossvalid_compute(rad_fitted *f, const rad_fitting *fitting, const rad_rules *rules,
                                  rad_error *error) {
    rad_predictor fit;
    rad_status status = rad_predictor_allocate(f->slopes, &fit, error);
    if (status == RAD_OK) status = allocate(f, rules, error);
    for (size_t s = 0; s < f->sites && status == RAD_OK; s++) {
        rad_validated *out = &f->validated[s];
        size_t step = 0;
        out->predicted = (rad_predicted){f->gram[s].n, NAN, NAN, NAN, NAN, NAN, NAN};
        if (!out->basis.shown) continue;
        rad_gram *rest = rad_fitting_without(f->gram, f->sites, s, error);
        status = rest ? rad_fitting_choose(fitting, rest, f->sites - 1, &step, &fit, error) : RAD_NO_MEMORY;
        rad_free(rest);
        if (status != RAD_OK) break;
        if (fitting->lambda && step < fitting->steps) out->lambda = fitting->lambda[step];
        out->slopes = rad_penalised_count(&fit);
        rad_predictor_predict(&fit, &f->gram[s], &out->predicted);
    }
    if (status == RAD_OK) add_up(f);
    rad_predictor_free(&fit);
    return status;
}
