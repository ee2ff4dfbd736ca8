#include "fitted_page.h"

#include "../core/printable.h"

#include "fitted_numbers.h"
#include "fitted_order.h"
#include "html.h"
#include "items.h"
#include "page.h"

#include <inttypes.h>
#include <string.h>

static bool always(const rad_rounds_fit *f) {
    (void)f;
    return true;
}

static bool has_path(const rad_rounds_fit *f) {
    return f->lambdas > 1;
}

static bool leaves_out(const rad_rounds_fit *f) {
    return f->model->leave_one_site_out;
}

/* One row per section: when it is there, what it says first, the tables beside it (MODEL.NAME). */
static const struct section {
    const char *id, *title;
    bool (*is)(const rad_rounds_fit *fit);
    rad_fitted_section *body;
    const char *lead;
    const char *files[2];
} sections[] = {
    {"coefficients",
     "Coefficients",
     always,
     rad_fitted_coefficients,
     "Of terms as the study takes them; intervals are normal, 95 %. Under a penalty there are no errors.",
     {"coefficients.csv", "factor_tests.csv"}},
    {"path",
     "Path",
     has_path,
     rad_fitted_path,
     "Coefficients of the columns as the state scales them, over the penalty: the largest lambda is on the "
     "right. Left out: the deviance of all sites, each at the coefficients of the others.",
     {"fits.csv", "coefficients.csv"}},
    {"validation",
     "Sites that had no part",
     leaves_out,
     rad_fitted_validation,
     "Internal-external validation: each site by the fit to all others. Pairs of patients are of the same "
     "site; intervals of AUC and C are on the logit. Calibration is of the outcome of the site's own "
     "patients on the predictor: slope 1 and intercept 0 where it fits. Diamonds: random effects (REML, "
     "interval of Knapp and Hartung with a factor of at least 1); dashed: the 95 % prediction interval of a "
     "new site.",
     {"performance.csv", "validation.csv"}},
    {"rounds",
     "Rounds",
     always,
     rad_fitted_rounds,
     "Rounds that each fit took, beside those at nothing but an intercept, and how often a step was halved "
     "since the likelihood fell along it. Fits without a site share the rounds of the fit to all.",
     {"fits.csv"}},
    {"withheld",
     "What stayed at home",
     always,
     rad_fitted_withheld,
     "A site answers a round only where the sums, with all that left before, keep its rules.",
     {NULL}},
    {"methods",
     "Methods and checklists",
     always,
     rad_fitted_methods,
     "A paragraph for a paper, of what this fit did; and of METRICS (Kocak et al. 2024) and CLEAR (Kocak et "
     "al. 2023) the items of which it knows something.",
     {NULL}},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

static void put_facts(FILE *out, const rad_rounds_fit *f) {
    char text[512];
    const rad_study *s = f->study;
    const rad_model *m = f->model;
    fputs("<header><h1>", out);
    rad_html_text(out, m->name);
    fputs("</h1>\n<dl>", out);
    rad_page_fact(out, "study", s->id);
    rad_page_fact(out, "hash of the study", s->hash);
    rad_page_fact(out, "engine", "radiomill " RAD_VERSION);
    snprintf(text, sizeof text, "%s%s%s of %.100s", rad_items_family(m->family),
             *rad_items_penalty(m) ? ", " : "", rad_items_penalty(m), m->response);
    rad_page_fact(out, "model", text);
    rad_page_count(out, "terms", f->state.term_count);
    rad_page_count(out, "sites", f->site_count);
    rad_page_count(out, "patients", (uint64_t)rad_fit_patients(f, &f->tracks[0]));
    rad_page_count(out, m->family == RAD_MODEL_POISSON ? "patients with events" : "patients with the event",
                   (uint64_t)rad_fit_events(f, &f->tracks[0]));
    snprintf(text, sizeof text, "%.30s after %" PRIu32 " round%s", f->state.result, f->state.round,
             rad_plural(f->state.round));
    rad_page_fact(out, "result", text);
    rad_page_fact(out, "rules of the study", rad_rules_text(&s->rules, text, sizeof text));
    fputs("</dl></header>\n", out);
}

static bool is_there(const rad_rounds_fit *f, const char *file) {
    if (!strcmp(file, "performance.csv")) return rad_fitted_has_order(f);
    return strcmp(file, "factor_tests.csv") != 0 || rad_fitted_has_factors(f);
}

static void put_lead(FILE *out, const struct section *s, const rad_rounds_fit *f) {
    char before[RAD_NAME + 2];
    rad_page_head head = {s->id, s->title, s->lead, before, {NULL}};
    size_t count = 0;
    snprintf(before, sizeof before, "%s.", f->model->name);
    for (size_t i = 0; i < sizeof s->files / sizeof s->files[0] && s->files[i]; i++)
        if (is_there(f, s->files[i])) head.files[count++] = s->files[i];
    rad_page_section(out, &head);
}

rad_status rad_fitted_page(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    rad_status status = RAD_OK;
    char title[RAD_NAME + 80];
    snprintf(title, sizeof title, "%s: %.60s", f->study->id, f->model->name);
    rad_page_begin(out, title, "data:");
    put_facts(out, f);
    rad_page_contents(out);
    for (size_t i = 0; i < SECTIONS; i++)
        if (sections[i].is(f)) rad_page_entry(out, sections[i].id, sections[i].title);
    rad_page_main(out);
    for (size_t i = 0; i < SECTIONS && status == RAD_OK; i++) {
        if (!sections[i].is(f)) continue;
        put_lead(out, &sections[i], f);
        status = sections[i].body(out, f, error);
        fputs("</section>\n", out);
    }
    fputs("</main>\n<footer><p>Estimates have four significant digits here; the tables beside this page have "
          "all. A dash is undefined or held back. Numbers of single sites are for the coordinator and for "
          "these sites.</p>\n<p class=\"sign\">Read "
          "by<span></span>Date<span></span>Signature<span></span></p></footer>\n",
          out);
    rad_page_end(out);
    return status;
}
