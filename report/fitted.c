#include "fitted.h"

#include "../io/bytes.h"
#include "../io/csv.h"
#include "fields.h"
#include "fitted_numbers.h"
#include "fitted_order.h"
#include "fitted_page.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

static void put_column(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x, size_t j,
                       const rad_fitted_estimate *e) {
    const double numbers[] = {f->lambda[x->at], e->value,    e->se,        e->low,    e->high, e->z, e->p,
                              exp(e->value),    exp(e->low), exp(e->high), x->beta[j]};
    rad_csv_put(out, f->model->name);
    rad_fields_text(out, rad_model_family_word(f->model->family));
    rad_fields_text(out, f->model->response);
    rad_fields_text(out, rad_fitted_column(f, j));
    rad_fields_numbers(out, numbers, 11);
    fprintf(out, ",%zu,%.0f,%.0f\r\n", f->site_count, rad_fit_patients(f, &f->tracks[0]),
            rad_fit_events(f, &f->tracks[0]));
}

static rad_status put_coefficients(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    rad_fitted_estimate column[RAD_FIT_COLUMNS];
    (void)error;
    fputs(
        "model,family,response,term,lambda,estimate,se,low,high,z,p,ratio,ratio_low,ratio_high,scaled,sites,"
        "patients,events\r\n",
        out);
    for (size_t i = 0; i < f->found_count; i++) {
        if (f->found[i].track) continue;
        rad_fitted_estimates(f, &f->found[i], column);
        for (size_t j = 0; j < rad_round_columns(&f->state); j++)
            put_column(out, f, &f->found[i], j, &column[j]);
    }
    return RAD_OK;
}

static rad_status put_factors(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    (void)error;
    fputs("model,family,response,factor,chi_square,df,p,sites,patients,events\r\n", out);
    for (size_t i = 0; i < f->found_count; i++)
        for (size_t j = 0; j < rad_round_columns(&f->state); j++) {
            rad_fitted_factor x;
            if (f->found[i].track || !rad_fitted_factor_find(f, &f->found[i], j, &x)) continue;
            rad_csv_put(out, f->model->name);
            rad_fields_text(out, rad_model_family_word(f->model->family));
            rad_fields_text(out, f->model->response);
            rad_fields_text(out, x.name);
            rad_fields_numbers(out, (const double[]){x.statistic, x.df, x.p}, 3);
            fprintf(out, ",%zu,%.0f,%.0f\r\n", f->site_count, rad_fit_patients(f, &f->tracks[0]),
                    rad_fit_events(f, &f->tracks[0]));
        }
    return RAD_OK;
}

static rad_status put_fits(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    const rad_fit_track *t = &f->tracks[0];
    (void)error;
    fputs("model,family,response,lambda,result,rounds,halvings,terms,log_likelihood,deviance,null_deviance,"
          "left_out_deviance,sites,patients,events\r\n",
          out);
    for (size_t i = 0; i < f->found_count || !i; i++) {
        const bool none = !f->found_count;
        const rad_fit_found empty = {.likelihood = NAN}, *x = none ? &empty : &f->found[i];
        const double numbers[] = {x->likelihood, rad_fitted_deviance(f, x), rad_fitted_null(f),
                                  rad_fitted_all_left_out(f, x->at)};
        if (x->track) continue;
        rad_csv_put(out, f->model->name);
        rad_fields_text(out, rad_model_family_word(f->model->family));
        rad_fields_text(out, f->model->response);
        fprintf(out, ",%.17g,%s,%zu,%zu,%zu", f->lambdas ? f->lambda[x->at] : 0,
                none ? f->state.result : "converged", none ? t->rounds : x->rounds,
                none ? t->halved : x->halved, rad_fit_terms(f, x));
        rad_fields_numbers(out, numbers, 4);
        fprintf(out, ",%zu,%.0f,%.0f\r\n", f->site_count, rad_fit_patients(f, t), rad_fit_events(f, t));
    }
    return RAD_OK;
}

static void put_left_out(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x) {
    const rad_fit_track *t = &f->tracks[x->track];
    const double left = rad_fit_patients(f, &f->tracks[0]) - rad_fit_patients(f, t),
                 events = rad_fit_events(f, &f->tracks[0]) - rad_fit_events(f, t),
                 numbers[] = {rad_fitted_deviance(f, x), rad_fitted_left_out(f, x)};
    rad_csv_put(out, f->model->name);
    rad_fields_text(out, t->without);
    fprintf(out, ",%.17g,%zu", f->lambda[x->at], rad_fit_terms(f, x));
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

static rad_status write_file(const rad_rounds_fit *f, const char *folder, const char *name,
                             rad_put_body *body, rad_error *error) {
    char path[PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s.%s", folder, f->model->name, name);
    if (length < 0 || length >= (int)sizeof path)
        return rad_fail(error, RAD_UNWRITABLE, "%.80s...: the path is too long", folder);
    return rad_bytes_stream(path, body, (void *)f, error);
}

rad_status rad_fitted_write(const rad_rounds_fit *f, const char *folder, rad_error *error) {
    rad_status status = write_file(f, folder, "coefficients.csv", put_coefficients, error);
    if (status == RAD_OK) status = write_file(f, folder, "fits.csv", put_fits, error);
    if (status == RAD_OK && rad_fitted_has_factors(f))
        status = write_file(f, folder, "factor_tests.csv", put_factors, error);
    if (status == RAD_OK && f->model->leave_one_site_out)
        status = write_file(f, folder, "validation.csv", put_validation, error);
    if (status == RAD_OK && rad_fitted_has_order(f))
        status = write_file(f, folder, "performance.csv", rad_fitted_put_order, error);
    return status == RAD_OK ? write_file(f, folder, "report.html", rad_fitted_page, error) : status;
}
