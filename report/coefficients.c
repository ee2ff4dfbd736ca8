#include "plots.h"

#include "../core/memory.h"
#include "effects.h"
#include "html.h"
#include "plot.h"

#include <math.h>

enum { ROWS = 30 };

/* Slopes of a model in deviations of the response by deviation of the column, and half of their intervals. */
typedef struct scaled {
    const rad_fitted *f;
    double *slope, *half; /* [slopes]; owned */
    double *unit;         /* owned */
    size_t *rows, count;  /* columns that are shown, the largest first; owned */
} scaled;

static void release(scaled *x) {
    rad_free(x->slope);
    rad_free(x->half);
    rad_free(x->unit);
    rad_free(x->rows);
}

static rad_status scale(const rad_results *r, const rad_fitted *f, scaled *x, rad_error *error) {
    const size_t k = f->slopes;
    rad_gram all = {0};
    *x = (scaled){.f = f};
    x->slope = rad_new(k, sizeof *x->slope, error);
    x->half = rad_new(k, sizeof *x->half, error);
    x->unit = rad_new(k, sizeof *x->unit, error);
    x->rows = rad_new(k, sizeof *x->rows, error);
    double *key = rad_new(k, sizeof *key, error);
    rad_status status = x->slope && x->half && x->unit && x->rows && key
                            ? rad_gram_allocate(k + 1, &all, error)
                            : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_gram_join(f->gram, f->sites, f->sites, &all);
        const double y = all.cross[k * (k + 1) + k];
        for (size_t j = 0; j < k; j++) {
            const bool shown = rad_fitted_basis(r->pool, f, j).shown;
            x->unit[j] = shown && y > 0 ? sqrt(all.cross[j * (k + 1) + j] / y) : NAN;
            x->slope[j] = f->fit.estimate[j] * x->unit[j];
            x->half[j] = 1.96 * f->fit.se[j] * x->unit[j];
            key[j] = x->slope[j] != 0 ? -fabs(x->slope[j]) : NAN;
        }
        x->count = rad_plot_smallest(key, k, ROWS, x->rows);
    }
    rad_gram_free(&all);
    rad_free(key);
    return status;
}

static void put_dots(FILE *out, const scaled *x, const rad_effect *row) {
    double most = 0;
    char title[256];
    for (size_t i = 0; i < x->count; i++)
        most = fmax(most, fmax(fabs(row[i].value), fmax(fabs(row[i].low), fabs(row[i].high))));
    snprintf(title, sizeof title, "%s: slopes", x->f->model->name);
    rad_effects_put(
        out, &(rad_effects){title, "Dots: slopes of the terms; lines: 95 % intervals, where there are any.",
                            "slope, both standardised", "no unit", row, x->count, -most, most, false});
}

/* The slope of a column at a step of the path; NAN where it is not known. */
static double slope_at(const void *of, size_t step, size_t column) {
    const scaled *x = of;
    return x->f->path[step].fit.estimate[column] * x->unit[column];
}

/* Slopes over lambda, those of the chosen one that are largest in colour. */
static rad_status put_path(FILE *out, const scaled *x, const rad_effect *row, rad_error *error) {
    const rad_fitted *f = x->f;
    char title[256];
    double *lambda = rad_new(f->steps, sizeof *lambda, error);
    if (!lambda) return RAD_NO_MEMORY;
    for (size_t i = 0; i < f->steps; i++) lambda[i] = f->path[i].lambda;
    snprintf(title, sizeof title, "%s: path", f->model->name);
    rad_path_put(
        out, &(rad_path){
                 title,
                 "Lines: slopes of the terms over the logarithm of lambda; the upright line: the one chosen.",
                 "slope, both standardised", "no unit", lambda, f->steps, f->slopes, f->chosen, slope_at, x,
                 row, x->rows, x->count});
    rad_free(lambda);
    return RAD_OK;
}

static rad_status put_model(FILE *out, const rad_results *r, const rad_fitted *f, rad_error *error) {
    scaled x;
    if (!f->basis.shown || !f->fit.columns) return RAD_OK;
    rad_status status = scale(r, f, &x, error);
    rad_effect row[ROWS];
    for (size_t i = 0; i < x.count; i++) {
        const size_t j = x.rows[i];
        row[i] = (rad_effect){f->columns.column[j].name, x.slope[j], x.slope[j] - x.half[j],
                              x.slope[j] + x.half[j]};
    }
    if (status == RAD_OK && x.count) put_dots(out, &x, row);
    if (status == RAD_OK && f->steps > 1 && f->model->penalty.kind != RAD_PENALTY_NONE)
        status = put_path(out, &x, row, error);
    release(&x);
    return status;
}

/* All levels of each factor together, of all models that have some. */
static void put_factors(FILE *out, const rad_results *r) {
    static const char *const columns[] = {"model", "<factor", "F", "df", "df", "p", NULL};
    const rad_study *s = r->pool->study;
    size_t rows = 0;
    for (size_t at = 0; at < s->model_count * s->factor_count; at++) {
        const rad_test *joint = r->fitted[at / s->factor_count].joint;
        rows += joint && joint[at % s->factor_count].n;
    }
    if (!rows) return;
    rad_html_table(out, "All levels of a factor together, beside the other terms", "factor_tests.csv", rows,
                   columns);
    for (size_t at = 0; at < s->model_count * s->factor_count; at++) {
        const rad_fitted *f = &r->fitted[at / s->factor_count];
        const rad_test *x = f->joint ? &f->joint[at % s->factor_count] : NULL;
        if (!x || !x->n) continue;
        rad_html_row(out, f->model->name);
        rad_html_cell(out, s->factors[at % s->factor_count].name);
        rad_html_numbers(out, (const double[]){x->statistic, x->df1, x->df2, x->p}, 4);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, rows);
}

rad_status rad_section_coefficients(FILE *out, const rad_results *r, rad_error *error) {
    rad_status status = RAD_OK;
    size_t shown = 0;
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count && status == RAD_OK; m++) {
        const rad_fitted *f = &r->fitted[m];
        if (!f->model) continue;
        status = put_model(out, r, f, error);
        shown += f->basis.shown;
    }
    if (shown && status == RAD_OK) put_factors(out, r);
    if (!shown && status == RAD_OK)
        rad_html_nothing(out,
                         "Too few sites have part in the models: all of their patients need all columns.");
    return status;
}
