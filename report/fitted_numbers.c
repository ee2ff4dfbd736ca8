#include "fitted_numbers.h"

#include "../federate/pool/distributions.h"
#include "../federate/round_terms.h"

#include <math.h>
#include <string.h>

void rad_fitted_estimates(const rad_rounds_fit *f, const rad_fit_found *x, rad_fitted_estimate *out) {
    double beta[RAD_FIT_COLUMNS], se[RAD_FIT_COLUMNS];
    rad_fit_unscale(f, x, beta, se);
    for (size_t j = 0; j < rad_round_columns(&f->state); j++) {
        const double z = beta[j] / se[j], half = RAD_Z95 * se[j];
        out[j] =
            (rad_fitted_estimate){beta[j], se[j], beta[j] - half, beta[j] + half, z, erfc(fabs(z) / sqrt(2))};
    }
}

const char *rad_fitted_column(const rad_rounds_fit *f, size_t column) {
    if (f->state.intercept && !column) return "(intercept)";
    return f->state.terms[column - f->state.intercept].name;
}

bool rad_fitted_factor_find(const rad_rounds_fit *f, const rad_fit_found *x, size_t column,
                            rad_fitted_factor *out) {
    const size_t levels = rad_fit_levels(f, column, NULL);
    rad_round_place p;
    if (!levels || !rad_round_term_find(f->study, f->model, rad_fitted_column(f, column), &p)) return false;
    const double square = x->joint[column], df = isnan(square) ? NAN : (double)levels;
    *out = (rad_fitted_factor){f->study->factors[p.of].name, square, df,
                               isnan(square) ? NAN : rad_chi_square_tail(square, df)};
    return true;
}

bool rad_fitted_has_factors(const rad_rounds_fit *f) {
    bool some = false;
    for (size_t j = 0; j < rad_round_columns(&f->state); j++) some = some || rad_fit_levels(f, j, NULL);
    return some && f->model->penalty.kind == RAD_PENALTY_NONE;
}

static double saturated_of(const rad_rounds_fit *f, const char *without, const char *only) {
    double sum = 0;
    for (size_t i = 0; i < f->site_count; i++)
        if (*only ? !strcmp(f->sites[i].name, only) : strcmp(f->sites[i].name, without) != 0)
            sum += f->sites[i].saturated;
    return sum;
}

double rad_fitted_deviance(const rad_rounds_fit *f, const rad_fit_found *x) {
    return -2 * (x->likelihood - saturated_of(f, f->tracks[x->track].without, ""));
}

double rad_fitted_null(const rad_rounds_fit *f) {
    return -2 * (f->tracks[0].null - saturated_of(f, "", ""));
}

double rad_fitted_left_out(const rad_rounds_fit *f, const rad_fit_found *x) {
    return -2 * (x->left_out - saturated_of(f, "", f->tracks[x->track].without));
}

double rad_fitted_all_left_out(const rad_rounds_fit *f, size_t at) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < f->found_count; i++) {
        const rad_fit_found *x = &f->found[i];
        if (!x->track || x->at != at) continue;
        count++;
        sum += rad_fitted_left_out(f, x);
    }
    return count && count + 1 == f->track_count ? sum : NAN;
}

const rad_fit_found *rad_fitted_find(const rad_rounds_fit *f, size_t track, size_t lambda) {
    for (size_t i = 0; i < f->found_count; i++)
        if (f->found[i].track == track && f->found[i].at == lambda) return &f->found[i];
    return NULL;
}

size_t rad_fitted_shown(const rad_rounds_fit *f) {
    if (f->lambdas == 1) return 0;
    return rad_fit_chosen(f);
}

const char *rad_fitted_criterion(const rad_rounds_fit *f) {
    static const char *const words[] = {
        [RAD_CHOOSE_LEFT_OUT] = NULL, [RAD_CHOOSE_AIC] = "AIC", [RAD_CHOOSE_BIC] = "BIC"};
    return words[f->model->penalty.choose];
}
