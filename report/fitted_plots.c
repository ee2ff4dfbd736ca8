#include "fitted_page.h"

#include "../core/memory.h"
#include "../federate/pool/distributions.h"
#include "effects.h"
#include "fitted_numbers.h"
#include "html.h"
#include "plot.h"

#include <math.h>

enum { SHOWN = 30 };

/* The columns that are largest at a lambda, as the state scales them, and their effects. */
typedef struct largest {
    size_t count, line[SHOWN]; /* the column less the intercept */
    rad_effect row[SHOWN];
} largest;

const char *rad_fitted_ratio(const rad_rounds_fit *f) {
    static const char *const words[] = {[RAD_MODEL_LOGISTIC] = "odds ratio",
                                        [RAD_MODEL_POISSON] = "rate ratio",
                                        [RAD_MODEL_COX] = "hazard ratio"};
    return words[f->model->family];
}

void rad_fitted_say_lambda(FILE *out, const rad_rounds_fit *f) {
    const size_t at = rad_fitted_shown(f);
    char value[RAD_HTML_NUMBER];
    if (!f->found_count)
        rad_html_nothing(out, "No fit came to its end: %s.", f->state.result);
    else if (f->lambdas > 1 && at < f->lambdas && rad_fitted_criterion(f))
        rad_html_say(out, "Of %zu, lambda %s has the least %s of the fit to all sites.", f->lambdas,
                     rad_html_number(f->lambda[at], value), rad_fitted_criterion(f));
    else if (f->lambdas > 1 && at < f->lambdas)
        rad_html_say(out,
                     "Of %zu, lambda %s predicts the sites that were left out best (a choice that has seen "
                     "them).",
                     f->lambdas, rad_html_number(f->lambda[at], value));
    else if (f->lambdas > 1)
        rad_html_say(out, "Of %zu lambdas none is chosen: no site was left out to tell which.", f->lambdas);
    else if (f->lambda[0] > 0)
        rad_html_say(out, "Lambda %s.", rad_html_number(f->lambda[0], value));
    if (f->lambdas > 1 && at + 1 == f->lambdas)
        rad_html_say(out, "It is the last one of the path, so that a smaller one may be better (ratio).");
}

static rad_status find_largest(const rad_rounds_fit *f, const rad_fit_found *x, largest *out,
                               rad_error *error) {
    const size_t first = f->state.intercept, count = f->state.term_count;
    double *key = rad_new(count, sizeof *key, error);
    if (!key) return RAD_NO_MEMORY;
    for (size_t k = 0; k < count; k++) key[k] = x->beta[k + first] != 0 ? -fabs(x->beta[k + first]) : NAN;
    out->count = rad_plot_smallest(key, count, SHOWN, out->line);
    for (size_t i = 0; i < out->count; i++) {
        const size_t j = out->line[i] + first;
        const double half = RAD_Z95 * x->se[j];
        out->row[i] = (rad_effect){rad_fitted_column(f, j), x->beta[j], x->beta[j] - half, x->beta[j] + half};
    }
    rad_free(key);
    return RAD_OK;
}

/* Ratios by term, the largest effect of a deviation first. */
static rad_status put_ratios(FILE *out, const rad_rounds_fit *f, size_t at, rad_error *error) {
    const rad_fit_found *x = rad_fitted_find(f, 0, at);
    char title[256];
    largest l;
    rad_status status = x ? find_largest(f, x, &l, error) : RAD_OK;
    if (status != RAD_OK || !x) return status;
    if (!l.count) {
        rad_html_nothing(out, "All coefficients are 0 at this lambda.");
        return RAD_OK;
    }
    snprintf(title, sizeof title, "%.100s: %ss", f->model->name, rad_fitted_ratio(f));
    rad_effects e = {
        .title = title,
        .desc = "Dots: ratios for one unit of the column as it is scaled; lines: 95 % intervals, "
                "where there are any.",
        .axis = rad_fitted_ratio(f),
        .unit = f->model->scale == RAD_SCALE_NONE ? "per unit of the term" : "per unit of the scaled term",
        .row = l.row,
        .count = l.count,
        .ratio = true};
    rad_effects_range(&e);
    rad_effects_put(out, &e);
    return RAD_OK;
}

static void put_row(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x, size_t column,
                    const rad_fitted_estimate *e) {
    const double numbers[] = {e->value,      e->se,       e->low,       e->high,
                              exp(e->value), exp(e->low), exp(e->high), e->p};
    rad_html_row(out, rad_fitted_column(f, column));
    if (f->lambdas > 1) rad_html_numbers(out, &f->lambda[x->at], 1);
    rad_html_numbers(out, numbers, 8);
    rad_html_end_row(out);
}

/* At the lambda that is shown, else at all. */
static void put_table(FILE *out, const rad_rounds_fit *f, size_t shown) {
    const char *columns[] = {"term", "lambda",    "estimate", "se", "95 % from", "to",
                             NULL,   "95 % from", "to",       "p",  NULL};
    rad_fitted_estimate e[RAD_FIT_COLUMNS];
    size_t rows = 0;
    columns[6] = rad_fitted_ratio(f);
    const size_t without = f->lambdas > 1 ? 0 : 1; /* the column of lambda */
    if (without) columns[1] = columns[0];
    for (size_t i = 0; i < f->found_count; i++)
        if (!f->found[i].track && (shown == f->lambdas || f->found[i].at == shown))
            rows += rad_round_columns(&f->state);
    rad_html_table(out, "Coefficients", "coefficients.csv", rows, columns + without);
    for (size_t i = 0; i < f->found_count; i++) {
        const rad_fit_found *x = &f->found[i];
        if (x->track || (shown < f->lambdas && x->at != shown)) continue;
        rad_fitted_estimates(f, x, e);
        for (size_t j = 0; j < rad_round_columns(&f->state); j++) put_row(out, f, x, j, &e[j]);
    }
    rad_html_end_table(out, rows);
}

static void put_factors(FILE *out, const rad_rounds_fit *f) {
    static const char *const columns[] = {"factor", "chi-square", "df", "p", NULL};
    const rad_fit_found *x = rad_fitted_find(f, 0, 0);
    size_t rows = 0;
    rad_fitted_factor k;
    if (!rad_fitted_has_factors(f) || !x) return;
    for (size_t j = 0; j < rad_round_columns(&f->state); j++) rows += rad_fitted_factor_find(f, x, j, &k);
    rad_html_table(out, "All levels of a factor together (Wald)", "factor_tests.csv", rows, columns);
    for (size_t j = 0; j < rad_round_columns(&f->state); j++) {
        if (!rad_fitted_factor_find(f, x, j, &k)) continue;
        rad_html_row(out, k.name);
        rad_html_numbers(out, (const double[]){k.statistic, k.df, k.p}, 3);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, rows);
}

rad_status rad_fitted_coefficients(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    const size_t shown = rad_fitted_shown(f);
    rad_status status = RAD_OK;
    rad_fitted_say_lambda(out, f);
    if (!rad_fitted_find(f, 0, shown < f->lambdas ? shown : 0)) {
        if (f->found_count) rad_html_nothing(out, "The fit to all sites came to no end.");
        return RAD_OK;
    }
    fputs("<div class=\"beside\">\n", out);
    if (shown < f->lambdas) status = put_ratios(out, f, shown, error);
    if (status == RAD_OK) put_table(out, f, shown);
    if (status == RAD_OK) put_factors(out, f);
    fputs("</div>\n", out);
    return status;
}

static double coefficient_at(const void *of, size_t step, size_t line) {
    const rad_rounds_fit *f = of;
    const rad_fit_found *x = rad_fitted_find(f, 0, step);
    return x ? x->beta[line + f->state.intercept] : NAN;
}

/* Named are the terms that are largest at the lambda that is shown, else at the smallest. */
static rad_status put_lines(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    const size_t shown = rad_fitted_shown(f);
    char title[256];
    largest l;
    size_t steps = 0, last = 0;
    for (size_t at = 0; at < f->lambdas; at++) {
        if (f->lambda[at] > 0) steps = at + 1;
        if (rad_fitted_find(f, 0, at)) last = at;
    }
    const rad_fit_found *x = rad_fitted_find(f, 0, shown < f->lambdas ? shown : last);
    if (!x || steps < 2) return RAD_OK;
    rad_status status = find_largest(f, x, &l, error);
    if (status != RAD_OK) return status;
    snprintf(title, sizeof title, "%.100s: path", f->model->name);
    rad_path_put(out,
                 &(rad_path){title,
                             "Lines: coefficients over the logarithm of lambda; the upright line: the one "
                             "that is chosen.",
                             "coefficient, scaled column", "no unit", f->lambda, steps, f->state.term_count,
                             shown, coefficient_at, f, l.row, l.line, l.count});
    return RAD_OK;
}

rad_status rad_fitted_path(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    static const char *const columns[] = {"lambda",   "terms",  "log likelihood", "deviance",
                                          "left out", "rounds", "halved steps",   NULL};
    fputs("<div class=\"beside\">\n", out);
    const rad_status status = put_lines(out, f, error);
    rad_html_table(out, "Lambdas", "fits.csv", f->lambdas, columns);
    for (size_t at = 0; at < f->lambdas; at++) {
        const rad_fit_found *x = rad_fitted_find(f, 0, at);
        char value[RAD_HTML_NUMBER];
        if (!x) continue;
        const double numbers[] = {x->likelihood, rad_fitted_deviance(f, x), rad_fitted_all_left_out(f, at)};
        rad_html_row(out, rad_html_number(f->lambda[at], value));
        rad_html_count(out, rad_fit_terms(f, x));
        rad_html_numbers(out, numbers, 3);
        rad_html_count(out, x->rounds);
        rad_html_count(out, x->halved);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, f->lambdas);
    fputs("</div>\n", out);
    return status;
}
