/* What a fit did, in the words of a paper, and the items of checklists of which it knows something. */
#include "fitted_page.h"

#include "../core/printable.h"

#include "fitted_numbers.h"
#include "fitted_order.h"
#include "html.h"
#include "items.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *order_word(const rad_rounds_fit *f) {
    return f->model->family == RAD_MODEL_COX ? "Harrell's C" : "AUC";
}

static void say_model(FILE *out, const rad_rounds_fit *f) {
    const rad_model *m = f->model;
    rad_items_say(out, "Model %.100s of %.100s is %s", m->name, m->response, rad_items_family(m->family));
    if (m->family == RAD_MODEL_COX)
        rad_items_say(out, " (ties by %s)", m->ties == RAD_TIES_EFRON ? "Efron" : "Breslow");
    rad_items_say(out, " with %zu term%s", f->state.term_count, f->state.term_count == 1 ? "" : "s");
    if (m->offset) rad_items_say(out, " and the offset %.100s", m->offset);
    if (*rad_items_penalty(m)) rad_items_say(out, ", %s", rad_items_penalty(m));
    if (m->penalty.kind == RAD_PENALTY_ELASTIC) rad_items_say(out, " with alpha %g", m->penalty.alpha);
    rad_items_say(out, "; %s. ",
                  m->scale == RAD_SCALE_POOLED  ? "columns were divided by their pooled deviations"
                  : m->scale == RAD_SCALE_GIVEN ? "columns were scaled by public numbers"
                                                : "columns were taken as they are");
}

static void say_rounds(FILE *out, const rad_rounds_fit *f) {
    rad_items_say(out,
                  "It was fitted over %zu sites, %.0f patients, %.0f of them with the event, in %" PRIu32
                  " round%s of sums (radiomill " RAD_VERSION
                  "); rows of patients stayed at the sites, which let "
                  "a round leave only where rules of disclosure allow it with all that left before. ",
                  f->site_count, rad_fit_patients(f, &f->tracks[0]), rad_fit_events(f, &f->tracks[0]),
                  f->state.round, rad_plural(f->state.round));
    if (strcmp(f->state.result, "converged") != 0) rad_items_say(out, "It %s. ", f->state.result);
    if (f->model->penalty.kind == RAD_PENALTY_NONE)
        rad_items_say(out, "Errors follow from the information at the estimates; intervals are normal. ");
    else
        rad_items_say(out, "Estimates under a penalty have no errors. ");
    if (f->model->digits)
        rad_items_say(out,
                      "Fits without errors ended where the next step changed the predictors by less than "
                      "10^-%d of their deviation. ",
                      f->model->digits);
}

static void say_lambda(FILE *out, const rad_rounds_fit *f) {
    const size_t shown = rad_fitted_shown(f);
    char value[RAD_HTML_NUMBER];
    if (f->lambdas < 2) return;
    rad_items_say(out, "The path has %zu lambdas", f->lambdas);
    if (shown < f->lambdas && rad_fitted_criterion(f))
        rad_items_say(out, "; %s was chosen, at which the fit to all sites has the least %s",
                      rad_html_number(f->lambda[shown], value), rad_fitted_criterion(f));
    else if (shown < f->lambdas)
        rad_items_say(out, "; %s was chosen, at which the likelihood of the sites that were left out is best",
                      rad_html_number(f->lambda[shown], value));
    rad_items_say(out, ". ");
}

static void say_validation(FILE *out, const rad_rounds_fit *f) {
    if (!f->model->leave_one_site_out) return;
    rad_items_say(out, "For internal-external validation each site was predicted by the fit to the others");
    if (rad_fitted_has_order(f))
        rad_items_say(out,
                      ": %s (%s), and the calibration of its own patients on the predictor; over the sites "
                      "these are random effects (REML, intervals of Knapp and Hartung with a factor of at "
                      "least 1) with prediction intervals",
                      order_word(f),
                      f->model->family == RAD_MODEL_COX ? "infinitesimal jackknife" : "DeLong's variance");
    rad_items_say(out, ". ");
}

static void sites(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    rad_answer_put(a, "%zu sites, %.0f patients", f->site_count, rad_fit_patients(f, &f->tracks[0]));
}

static void dimensions(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    rad_answer_put(a, "%zu term%s, %.0f patients, %.0f with the event", f->state.term_count,
                   rad_plural(f->state.term_count), rad_fit_patients(f, &f->tracks[0]),
                   rad_fit_events(f, &f->tracks[0]));
    const rad_fit_found *x = rad_fitted_find(f, 0, rad_fitted_shown(f));
    if (x && f->model->penalty.alpha > 0) rad_answer_put(a, "; %zu of them not 0", rad_fit_terms(f, x));
}

static void partition(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    if (f->model->leave_one_site_out)
        rad_answer_put(a, "each site left out once; the choice of lambda has seen all");
}

static void confounders(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    if (f->model->family == RAD_MODEL_COX) rad_answer_put(a, "sites are strata: a baseline hazard each");
}

/* "AUC 0.71" over the sites; nothing where too few tell. */
static bool over_sites(const rad_rounds_fit *f, size_t measure, rad_fitted_measured *r, rad_meta *m,
                       rad_answer *a) {
    bool pooled;
    if (!rad_fitted_measures(f, measure, &pooled) || !pooled || a->status != RAD_OK) return false;
    a->status = rad_fitted_over_sites(f, measure, m, r, NULL);
    return a->status == RAD_OK && !isnan(r->is.value);
}

static void say_measures(const rad_rounds_fit *f, rad_answer *a, bool order, bool interval) {
    char value[RAD_HTML_NUMBER], low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER];
    for (size_t k = 0; k < RAD_FITTED_MEASURES; k++) {
        rad_fitted_measured r;
        rad_meta m;
        if (!over_sites(f, k, &r, &m, a) || r.share != order) continue;
        rad_answer_put(a, "%s%s ", *a->text ? "; " : "", r.share ? order_word(f) : r.measure);
        if (interval)
            rad_answer_put(a, "95 %% %s to %s", rad_html_number(r.is.low, low),
                           rad_html_number(r.is.high, high));
        else
            rad_answer_put(a, "%s", rad_html_number(r.is.value, value));
    }
    if (*a->text) rad_answer_put(a, ", over sites that had no part: performance.csv");
}

static void measures(const void *of, rad_answer *a) {
    say_measures(of, a, true, false);
}

static void calibration(const void *of, rad_answer *a) {
    say_measures(of, a, false, false);
}

static void uncertainty(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    say_measures(f, a, true, true);
    if (f->model->penalty.kind == RAD_PENALTY_NONE && f->found_count)
        rad_answer_put(a, "%sintervals of all coefficients: coefficients.csv", *a->text ? "; " : "");
}

static void external(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    if (f->model->leave_one_site_out)
        rad_answer_put(a, "internal-external: each site by a fit that it had no part in; sites of no part at "
                          "all are not among them");
}

static void shared(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    if (f->found_count) rad_answer_put(a, "all coefficients: coefficients.csv");
}

static void missing(const void *of, rad_answer *a) {
    (void)of;
    rad_answer_put(a, "patients who miss a term or the response are left out");
}

static void balance(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    const double n = rad_fit_patients(f, &f->tracks[0]), e = rad_fit_events(f, &f->tracks[0]);
    if (f->model->family != RAD_MODEL_POISSON)
        rad_answer_put(a, "%.0f with the event, %.0f without", e, n - e);
}

static void algorithm(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    rad_answer_put(a, "%s%s%s", rad_items_family(f->model->family), *rad_items_penalty(f->model) ? ", " : "",
                   rad_items_penalty(f->model));
}

static void tuning(const void *of, rad_answer *a) {
    const rad_rounds_fit *f = of;
    const size_t shown = rad_fitted_shown(f);
    if (f->lambdas > 1 && shown < f->lambdas)
        rad_answer_put(a, "lambda, by %s, of %zu",
                       rad_fitted_criterion(f) ? rad_fitted_criterion(f) : "leaving out sites", f->lambdas);
    else if (f->lambdas == 1 && f->lambda[0] > 0)
        rad_answer_put(a, "lambda as given");
}

static const rad_item metrics[] = {
    {4, sites},        {16, dimensions},  {18, partition}, {19, confounders}, {20, measures},
    {21, uncertainty}, {22, calibration}, {27, external},  {30, shared},
};

static const rad_item clear[] = {
    {15, partition},   {29, missing},  {30, balance},  {34, algorithm},   {35, tuning},
    {36, confounders}, {38, external}, {39, measures}, {40, uncertainty}, {47, measures},
};

rad_status rad_fitted_methods(FILE *out, const rad_rounds_fit *f, rad_error *error) {
    fputs("<p class=\"methods\">", out);
    say_model(out, f);
    say_rounds(out, f);
    say_lambda(out, f);
    say_validation(out, f);
    fputs("</p>\n", out);
    rad_status status =
        rad_items_put(out, f, RAD_METRICS, metrics, sizeof metrics / sizeof metrics[0], error);
    if (status == RAD_OK)
        status = rad_items_put(out, f, RAD_CLEAR, clear, sizeof clear / sizeof clear[0], error);
    rad_html_say(out, "Items that are not listed are for the authors, or on the page of the pool of the same "
                      "study. Whether what stands here is enough is theirs to judge.");
    return status;
}
