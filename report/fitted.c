#include "fitted.h"

#include "../federate/pool/distributions.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "fields.h"
#include "fitted_order.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double saturated_of(const rad_rounds_fit *f, const char *without, const char *only) {
    double sum = 0;
    for (size_t i = 0; i < f->site_count; i++)
        if (*only ? !strcmp(f->sites[i].name, only) : strcmp(f->sites[i].name, without) != 0)
            sum += f->sites[i].saturated;
    return sum;
}

static void put_column(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x, size_t j,
                       const double *beta, const double *se) {
    const double z = beta[j] / se[j], low = beta[j] - RAD_Z95 * se[j], high = beta[j] + RAD_Z95 * se[j];
    const bool intercept = f->state.intercept && !j;
    const double numbers[] = {f->lambda[x->at],        beta[j],      se[j],    low,       high,      z,
                              erfc(fabs(z) / sqrt(2)), exp(beta[j]), exp(low), exp(high), x->beta[j]};
    rad_csv_put(out, f->model->name);
    rad_fields_text(out, rad_model_family_word(f->model->family));
    rad_fields_text(out, f->model->response);
    rad_fields_text(out, intercept ? "(intercept)" : f->state.terms[j - f->state.intercept].name);
    rad_fields_numbers(out, numbers, 11);
    fprintf(out, ",%zu,%.0f,%.0f\r\n", f->site_count, rad_fit_patients(f, &f->tracks[0]),
            rad_fit_events(f, &f->tracks[0]));
}

static rad_status put_coefficients(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    double beta[RAD_FIT_COLUMNS], se[RAD_FIT_COLUMNS];
    (void)error;
    fputs(
        "model,family,response,term,lambda,estimate,se,low,high,z,p,ratio,ratio_low,ratio_high,scaled,sites,"
        "patients,events\r\n",
        out);
    for (size_t i = 0; i < f->found_count; i++) {
        if (f->found[i].track) continue;
        rad_fit_unscale(f, &f->found[i], beta, se);
        for (size_t j = 0; j < rad_round_columns(&f->state); j++)
            put_column(out, f, &f->found[i], j, beta, se);
    }
    return RAD_OK;
}

static size_t terms_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    size_t count = 0;
    for (size_t j = f->state.intercept; j < rad_round_columns(&f->state); j++) count += x->beta[j] != 0;
    return count;
}

/* Twice the likelihood of all sites that were left out, each by the others; NaN where one is not known. */
static double left_out_of(const rad_rounds_fit *f, size_t at) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < f->found_count; i++) {
        const rad_fit_found *x = &f->found[i];
        if (!x->track || x->at != at) continue;
        count++;
        sum -= 2 * (x->left_out - saturated_of(f, "", f->tracks[x->track].without));
    }
    return count && count + 1 == f->track_count ? sum : NAN;
}

static rad_status put_fits(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    const rad_fit_track *t = &f->tracks[0];
    (void)error;
    fputs("model,family,response,lambda,result,rounds,terms,log_likelihood,deviance,null_deviance,"
          "left_out_deviance,sites,patients,events\r\n",
          out);
    for (size_t i = 0; i < f->found_count || !i; i++) {
        const bool none = !f->found_count;
        const rad_fit_found empty = {.likelihood = NAN}, *x = none ? &empty : &f->found[i];
        const double full = saturated_of(f, "", "");
        const double numbers[] = {x->likelihood, -2 * (x->likelihood - full), -2 * (t->null - full),
                                  left_out_of(f, x->at)};
        if (x->track) continue;
        rad_csv_put(out, f->model->name);
        rad_fields_text(out, rad_model_family_word(f->model->family));
        rad_fields_text(out, f->model->response);
        fprintf(out, ",%.17g,%s,%zu,%zu", f->lambdas ? f->lambda[x->at] : 0,
                none ? f->state.result : "converged", none ? t->rounds : x->rounds, terms_of(f, x));
        rad_fields_numbers(out, numbers, 4);
        fprintf(out, ",%zu,%.0f,%.0f\r\n", f->site_count, rad_fit_patients(f, t), rad_fit_events(f, t));
    }
    return RAD_OK;
}

static void put_left_out(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x) {
    const rad_fit_track *t = &f->tracks[x->track];
    const double left = rad_fit_patients(f, &f->tracks[0]) - rad_fit_patients(f, t),
                 events = rad_fit_events(f, &f->tracks[0]) - rad_fit_events(f, t),
                 numbers[] = {-2 * (x->likelihood - saturated_of(f, t->without, "")),
                              -2 * (x->left_out - saturated_of(f, "", t->without))};
    rad_csv_put(out, f->model->name);
    rad_fields_text(out, t->without);
    fprintf(out, ",%.17g,%zu", f->lambda[x->at], terms_of(f, x));
    rad_fields_numbers(out, numbers, 2);
    fprintf(out, ",%zu,%.0f,%.0f,%.0f,%.0f\r\n", f->site_count - 1, rad_fit_patients(f, t),
            rad_fit_events(f, t), left, events);
}

static rad_status put_validation(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    (void)error;
    fputs("model,site,lambda,terms,deviance,left_out_deviance,sites,patients,events,left_out_patients,"
          "left_out_events\r\n",
          out);
    for (size_t at = 0; at < f->lambdas; at++)
        for (size_t t = 1; t < f->track_count; t++)
            for (size_t i = 0; i < f->found_count; i++)
                if (f->found[i].at == at && f->found[i].track == t) put_left_out(out, f, &f->found[i]);
    return RAD_OK;
}

static rad_status write_table(const rad_rounds_fit *f, const char *folder, const char *name,
                              rad_put_body *body, rad_error *error) {
    char path[PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s.%s.csv", folder, f->model->name, name);
    if (length < 0 || length >= (int)sizeof path)
        return rad_fail(error, RAD_UNWRITABLE, "%.80s...: the path is too long", folder);
    return rad_bytes_stream(path, body, (void *)f, error);
}

rad_status rad_fitted_write(const rad_rounds_fit *f, const char *folder, rad_error *error) {
    rad_status status = write_table(f, folder, "coefficients", put_coefficients, error);
    if (status == RAD_OK) status = write_table(f, folder, "fits", put_fits, error);
    if (status == RAD_OK && f->model->leave_one_site_out)
        status = write_table(f, folder, "validation", put_validation, error);
    if (status == RAD_OK && rad_fitted_has_order(f))
        status = write_table(f, folder, "performance", rad_fitted_put_order, error);
    return status;
}
