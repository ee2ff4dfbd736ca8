#include "fitted_page.h"

#include "../core/printable.h"

#include "fitted_numbers.h"
#include "fitted_order.h"
#include "html.h"
#include "plot.h"
#include "site_forest.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A measure at the lambda whose order sites were asked for. */
typedef struct measured {
    const rad_rounds_fit *f;
    size_t measure, at;
} measured;

static const char *without_of(const rad_rounds_fit *f, size_t track) {
    return f->tracks[track].without;
}

/* The lambda at which sites were asked how they are ordered; `lambdas`: at none. */
static size_t asked_at(const rad_rounds_fit *f) {
    for (size_t i = 0; i < f->found_count; i++)
        if (f->found[i].order.asked) return f->found[i].at;
    return f->lambdas;
}

/* Of the site that the track behind `site` leaves out. */
static rad_forest_row site_of(const void *of, size_t site) {
    const measured *m = of;
    const rad_fit_found *x = rad_fitted_find(m->f, site + 1, m->at);
    rad_forest_row row = {without_of(m->f, site + 1), {NAN, NAN, NAN, NAN}, NAN, NAN};
    if (x && x->order.asked) row.is = rad_fitted_of_site(m->f, m->measure, x).is;
    return row;
}

static rad_status put_forest(FILE *out, const measured *of, rad_error *error) {
    const rad_rounds_fit *f = of->f;
    rad_fitted_measured r;
    rad_meta m;
    char title[256];
    rad_status status = rad_fitted_over_sites(f, of->measure, &m, &r, error);
    if (status != RAD_OK || !r.sites) return status;
    const rad_forest_row sum = rad_forest_random(&m, r.share);
    const double slope = strstr(r.measure, "slope") ? 1 : 0;
    const char *words = !strcmp(r.measure, "c") ? "Harrell's C" : r.share ? "AUC" : r.measure;
    snprintf(title, sizeof title, "%.100s: %s of sites by the others", f->model->name, words);
    rad_site_forest_begin(out, &(rad_site_forest){title, words, r.share ? "share of pairs" : "no unit",
                                                  r.share ? 0.5 : slope, r.share ? 0 : -INFINITY,
                                                  r.share ? 1 : INFINITY, f->track_count - 1, site_of, of,
                                                  &sum, isnan(sum.is.value) ? 0U : 1U});
    rad_forest_say_random(out, &m, r.share);
    rad_html_say(out, "%zu site%s, %.0f patients, %.0f event%s.%s", r.sites, rad_plural(r.sites), r.patients,
                 r.events, rad_plural((size_t)r.events),
                 isnan(sum.is.value) ? " Too few for random effects." : "");
    rad_plot_end_figure(out);
    return RAD_OK;
}

static void put_measure(FILE *out, const rad_fitted_measured *r) {
    const double numbers[] = {r->is.value, r->is.se, r->is.low, r->is.high};
    rad_html_row(out, r->of);
    rad_html_cell(out, r->measure);
    rad_html_numbers(out, numbers, 4);
    rad_html_count(out, (uint64_t)r->patients);
    rad_html_count(out, (uint64_t)r->events);
    rad_html_end_row(out);
}

static rad_status put_measures(FILE *out, const rad_rounds_fit *f, size_t at, rad_error *error) {
    static const char *const columns[] = {"site", "<measure", "estimate", "se", "95 % from",
                                          "to",   "patients", "events",   NULL};
    rad_status status = RAD_OK;
    size_t rows = 0;
    bool pooled;
    for (size_t k = 0; k < RAD_FITTED_MEASURES; k++)
        if (rad_fitted_measures(f, k, &pooled)) rows += f->track_count - 1 + pooled;
    rad_html_table(out, "How the fit to the others does at each site", "performance.csv", rows, columns);
    for (size_t k = 0; k < RAD_FITTED_MEASURES && status == RAD_OK; k++) {
        rad_fitted_measured r;
        rad_meta m;
        if (!rad_fitted_measures(f, k, &pooled)) continue;
        for (size_t t = 1; t < f->track_count; t++) {
            const rad_fit_found *x = rad_fitted_find(f, t, at);
            if (!x || !x->order.asked) continue;
            r = rad_fitted_of_site(f, k, x);
            put_measure(out, &r);
        }
        if (!pooled) continue;
        status = rad_fitted_over_sites(f, k, &m, &r, error);
        if (status == RAD_OK) put_measure(out, &r);
    }
    rad_html_end_table(out, rows);
    return status;
}

/* Of each site that was left out, at the lambda that is shown, else at all. */
static void put_deviances(FILE *out, const rad_rounds_fit *f, size_t shown) {
    static const char *const columns[] = {
        "site", "lambda", "terms", "deviance of the others", "deviance of the site", NULL};
    size_t rows = 0;
    for (size_t i = 0; i < f->found_count; i++)
        rows += f->found[i].track && (shown == f->lambdas || f->found[i].at == shown);
    rad_html_table(out, "Each site at the coefficients of the others", "validation.csv", rows, columns);
    for (size_t t = 1; t < f->track_count; t++)
        for (size_t at = 0; at < f->lambdas; at++) {
            const rad_fit_found *x = rad_fitted_find(f, t, at);
            if (!x || (shown < f->lambdas && at != shown)) continue;
            const double numbers[] = {rad_fitted_deviance(f, x), rad_fitted_left_out(f, x)};
            rad_html_row(out, without_of(f, t));
            rad_html_numbers(out, &f->lambda[at], 1);
            rad_html_count(out, rad_fit_terms(f, x));
            rad_html_numbers(out, numbers, 2);
            rad_html_end_row(out);
        }
    rad_html_end_table(out, rows);
}

rad_status rad_fitted_validation(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    const size_t at = asked_at(f);
    rad_status status = RAD_OK;
    bool pooled;
    if (!rad_fitted_has_order(f))
        rad_html_nothing(out, f->model->family == RAD_MODEL_POISSON
                                  ? "Counts have no order of two outcomes: deviances only."
                                  : "The fit ended before a site was asked how it is ordered.");
    if (rad_fitted_has_order(f)) {
        fputs("<div class=\"plots\">\n", out);
        for (size_t k = 0; k < RAD_FITTED_MEASURES && status == RAD_OK; k++)
            if (rad_fitted_measures(f, k, &pooled) && pooled)
                status = put_forest(out, &(measured){f, k, at}, error);
        fputs("</div>\n", out);
        if (status == RAD_OK) status = put_measures(out, f, at, error);
    }
    if (status == RAD_OK) put_deviances(out, f, rad_fitted_shown(f));
    return status;
}

/* How a track ended at a lambda, or why it did not. */
static const char *ended(const rad_rounds_fit *f, const rad_fit_track *t, bool found, char text[256]) {
    if (found) return "converged";
    if (t->phase == RAD_FIT_STUCK) return "no step makes it better";
    if (t->phase != RAD_FIT_SEPARATED) return "not within the rounds";
    snprintf(text, 256, "separated by %.200s",
             t->term >= f->state.intercept ? rad_fitted_column(f, t->term) : "a term");
    return text;
}

static void put_track(FILE *out, const rad_rounds_fit *f, size_t track, size_t at) {
    const rad_fit_track *t = &f->tracks[track];
    const rad_fit_found *x = rad_fitted_find(f, track, at);
    char text[256];
    snprintf(text, sizeof text, "%s%.100s", track ? "without " : "all sites", t->without);
    rad_html_row(out, text);
    rad_html_numbers(out, &f->lambda[at], 1);
    rad_html_count(out, x ? x->rounds : t->rounds);
    rad_html_count(out, x ? x->halved : t->halved);
    rad_html_cell(out, ended(f, t, x != NULL, text));
    rad_html_end_row(out);
}

/* Was the track at that lambda? */
static bool was_at(const rad_rounds_fit *f, size_t track, size_t at) {
    if (track && rad_fit_chooses_first(f)) return at == rad_fit_chosen(f);
    return at <= f->tracks[track].at;
}

rad_status rad_fitted_rounds(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    static const char *const columns[] = {"fit to",       "lambda",        "rounds",
                                          "halved steps", "<how it ended", NULL};
    size_t rows = 0;
    (void)error;
    for (size_t i = 0; i < f->track_count * f->lambdas; i++)
        rows += was_at(f, i / f->lambdas, i % f->lambdas);
    rad_html_say(out, "%" PRIu32 " round%s in all, of at most %d.", f->state.round,
                 rad_plural(f->state.round), f->model->rounds);
    if (*f->gone) rad_html_say(out, "Left out from there on, since nothing came any more: %s.", f->gone);
    rad_html_table(out, "Rounds", "fits.csv", rows, columns);
    for (size_t t = 0; t < f->track_count; t++)
        for (size_t at = 0; at < f->lambdas; at++)
            if (was_at(f, t, at)) put_track(out, f, t, at);
    rad_html_end_table(out, rows);
    return RAD_OK;
}

/* Which sites told what of themselves. */
static void put_told(FILE *out, const rad_rounds_fit *f, size_t at) {
    const char *columns[] = {"site", "<order of its patients", "<calibration slope", "<calibration intercept",
                             NULL};
    if (f->model->family == RAD_MODEL_COX) columns[3] = NULL;
    rad_html_table(out, "What each site told, of what it was asked of itself", "performance.csv",
                   f->track_count - 1, columns);
    for (size_t t = 1; t < f->track_count; t++) {
        const rad_fit_found *x = rad_fitted_find(f, t, at);
        if (!x || !x->order.asked) continue;
        rad_html_row(out, without_of(f, t));
        rad_html_cell(out, x->order.told ? "told" : "stayed at home");
        rad_html_cell(out, isfinite(x->order.slope) ? "told" : "stayed at home");
        if (f->model->family != RAD_MODEL_COX)
            rad_html_cell(out, isfinite(x->order.intercept) ? "told" : "stayed at home");
        rad_html_end_row(out);
    }
    rad_html_end_table(out, f->track_count - 1);
}

rad_status rad_fitted_withheld(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    size_t asked = 0, order = 0, slope = 0, intercept = 0;
    (void)error;
    for (size_t i = 0; i < f->found_count; i++) {
        const rad_fit_order *o = &f->found[i].order;
        asked += o->asked;
        order += o->asked && !o->told;
        slope += o->asked && !isfinite(o->slope);
        intercept += o->asked && f->model->family != RAD_MODEL_COX && !isfinite(o->intercept);
    }
    if (!asked) {
        rad_html_nothing(out, "Nothing: every site answered all that it was asked in every round.");
        return RAD_OK;
    }
    char last[48] = "";
    if (f->model->family != RAD_MODEL_COX) snprintf(last, sizeof last, ", %zu its intercept", intercept);
    rad_html_say(out,
                 "%zu site%s asked that had no part in a fit: %zu kept their order at home, %zu the slope of "
                 "their calibration%s.",
                 asked, asked == 1 ? " was" : "s were", order, slope, last);
    if (order || slope || intercept)
        rad_html_say(out,
                     "A site keeps these at home, and answers the rest of the round, where with all that "
                     "left before they would tell too much of a patient (minimum_cell) or too much in all "
                     "(rows), where nearly all pairs of patients are in order, or nearly none, where two "
                     "patients dominate the slope (dominance), or where it has no finite estimate. Which "
                     "of these it was, the screen of the site says; the coordinator is not told.");
    put_told(out, f, asked_at(f));
    return RAD_OK;
}
