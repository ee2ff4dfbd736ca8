/* Items of METRICS and CLEAR of which a pool knows something: what it knows, not whether it is enough. */
#include "plots.h"

#include "../core/printable.h"

#include "html.h"
#include "items.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void sites(const void *of, rad_answer *a) {
    const rad_results *r = of;
    rad_answer_put(a, "%zu sites, %" PRIu64 " patients", r->pool->count, r->pool->total.rows);
}

static void software(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_pool *p = r->pool;
    rad_answer_put(a, "%s", p->sites[0].engine);
    for (size_t i = 1; i < p->count; i++)
        if (strcmp(p->sites[i].engine, p->sites[0].engine) != 0)
            rad_answer_put(a, ", %s at %.40s", p->sites[i].engine, p->sites[i].site);
    rad_answer_put(a, "; the IBSI digital phantom as each site met it: sites.csv");
}

static void settings(const void *of, rad_answer *a) {
    const rad_results *r = of;
    if (*r->pool->total.settings)
        rad_answer_put(a, "settings %.64s at all sites: settings.yaml and provenance.json of a run",
                       r->pool->total.settings);
}

static void robust(const void *of, rad_answer *a) {
    const rad_results *r = of;
    size_t good = 0, known = 0;
    if (!r->repeats) return;
    for (size_t v = 0; v < r->pool->total.count; v++) {
        if (!r->repeats[v].basis.shown || isnan(r->repeats[v].icc_a1.value)) continue;
        known++;
        good += r->repeats[v].icc_a1.value >= 0.75;
    }
    if (known)
        rad_answer_put(a, "ICC(A,1) of repeats is 0.75 or more for %zu of %zu variable%s: reliability.csv",
                       good, known, rad_plural(known));
}

static void redundant(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_covariance_results *c = &r->covariance;
    size_t kept = 0;
    if (!c->cluster || !c->kept) return;
    for (size_t i = 0; i < c->correlations.count; i++) kept += c->kept[i];
    rad_answer_put(a, "%zu of %zu variable%s %s kept at a correlation below %g in size: clusters.csv", kept,
                   c->correlations.count, rad_plural(c->correlations.count), kept == 1 ? "is" : "are",
                   r->pool->study->redundancy);
}

static void dimensions(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_pool *p = r->pool;
    size_t features = 0;
    for (size_t v = 0; v < p->total.count; v++) features += p->total.variables[v].kind == RAD_FEATURE;
    rad_answer_put(a, "%zu feature%s, %" PRIu64 " patients", features, rad_plural(features), p->total.rows);
    for (size_t m = 0; r->fitted && m < p->study->model_count; m++)
        if (r->fitted[m].model && r->fitted[m].slopes)
            rad_answer_put(a, "; %.60s: %zu term%s", r->fitted[m].model->name, r->fitted[m].slopes,
                           rad_plural(r->fitted[m].slopes));
}

static void partition(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t m = 0; m < s->model_count; m++)
        if (s->models[m].leave_one_site_out)
            rad_answer_put(a, "%s%.60s: each site left out once, the choice of terms or lambda, too",
                           *a->text ? "; " : "", s->models[m].name);
}

static void confounders(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    if (!s->model || !rad_study_asks(s, RAD_MODEL)) return;
    rad_answer_put(a, "an intercept for each site; ComBat by %.60s", s->batch_by ? s->batch_by : "site");
    for (size_t i = 0; i < s->model->count; i++)
        rad_answer_put(a, "%s%.60s", i ? ", " : ", keeping ", s->model->child[i].text);
}

static void measures(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        char value[RAD_HTML_NUMBER];
        rad_answer_put(a, "%s%.60s: %s %s", *a->text ? "; " : "", s->performances[i].name,
                       s->performances[i].timed ? "C" : "AUC", rad_html_number(x->stratified.value, value));
    }
    if (*a->text) rad_answer_put(a, ": performance.csv");
}

static void uncertainty(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    if (!s->performance_count || !r->performance) return;
    for (size_t i = 0; i < s->performance_count; i++) {
        char low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER];
        rad_answer_put(a, "%s%.60s: 95 %% interval %s to %s", i ? "; " : "", s->performances[i].name,
                       rad_html_number(r->performance[i].stratified.low, low),
                       rad_html_number(r->performance[i].stratified.high, high));
    }
}

static void calibration(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        char slope[RAD_HTML_NUMBER], ratio[RAD_HTML_NUMBER];
        if (isnan(x->ratio.value) && isnan(x->slope.value)) continue;
        rad_answer_put(a, "%s%.60s: observed by expected %s, slope of classes %s", *a->text ? "; " : "",
                       s->performances[i].name, rad_html_number(x->ratio.value, ratio),
                       rad_html_number(x->slope.value, slope));
    }
    if (*a->text) rad_answer_put(a, ": calibration.csv");
}

static void external(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    if (s->performance_count)
        rad_answer_put(a, "scores were fixed before; sites that had no part in their training are external: "
                          "performance_by_site.csv");
}

static void eligibility(const void *of, rad_answer *a) {
    const rad_results *r = of;
    char where[256];
    if (r->pool->study->where)
        rad_answer_put(a, "rows with %s", rad_study_where(r->pool->study, where, sizeof where));
}

static void predictors(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->number_count; i++)
        if (!s->numbers[i].outcome)
            rad_answer_put(a, "%s%.60s%s%.30s", *a->text ? ", " : "", s->numbers[i].name,
                           *s->numbers[i].unit ? " in " : "", s->numbers[i].unit);
    for (size_t f = 0; f < s->factor_count; f++)
        if (!s->factors[f].outcome)
            rad_answer_put(a, "%s%.60s (%zu levels)", *a->text ? ", " : "", s->factors[f].name,
                           s->factors[f].levels);
}

static void missing(const void *of, rad_answer *a) {
    const rad_results *r = of;
    rad_answer_put(a, r->pool->study->complete ? "patients who miss a variable of the panel are left out"
                                               : "left out variable by variable; moments.csv has how many");
}

static void balance(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        if (s->performances[i].timed || !x->basis.shown) continue;
        rad_answer_put(a, "%s%.60s: %" PRIu64 " with the event, %" PRIu64 " without", *a->text ? "; " : "",
                       s->performances[i].name, x->events, x->others);
    }
}

static void algorithm(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t m = 0; m < s->model_count; m++)
        rad_answer_put(a, "%s%.60s: %s", m ? "; " : "", s->models[m].name,
                       rad_model_family_word(s->models[m].family));
}

static void tuning(const void *of, rad_answer *a) {
    const rad_results *r = of;
    const rad_study *s = r->pool->study;
    for (size_t m = 0; r->fitted && m < s->model_count; m++)
        if (r->fitted[m].model && r->fitted[m].chosen_by && *r->fitted[m].chosen_by)
            rad_answer_put(a, "%s%.60s: lambda %s", *a->text ? "; " : "", s->models[m].name,
                           !strcmp(r->fitted[m].chosen_by, "bic")        ? "by BIC"
                           : !strcmp(r->fitted[m].chosen_by, "left out") ? "by leaving out sites"
                                                                         : "as given");
}

static void baseline(const void *of, rad_answer *a) {
    (void)of;
    rad_answer_put(a, "table1.csv, by site table1_by_site.csv");
}

static void flow(const void *of, rad_answer *a) {
    (void)of;
    rad_answer_put(a, "flow.csv");
}

static void statistics(const void *of, rad_answer *a) {
    const rad_results *r = of;
    if (rad_study_asks(r->pool->study, RAD_MOMENTS)) rad_answer_put(a, "moments.csv, leave_one_out.csv");
}

static const rad_item metrics[] = {
    {4, sites},      {12, software},    {13, settings},    {14, robust},
    {15, redundant}, {16, dimensions},  {18, partition},   {19, confounders},
    {20, measures},  {21, uncertainty}, {22, calibration}, {27, external},
};

static const rad_item clear[] = {
    {11, eligibility}, {13, sites},       {15, partition}, {17, predictors},  {25, software},
    {27, dimensions},  {28, settings},    {29, missing},   {30, balance},     {31, robust},
    {33, redundant},   {34, algorithm},   {35, tuning},    {36, confounders}, {38, external},
    {39, measures},    {40, uncertainty}, {44, baseline},  {45, flow},        {46, statistics},
    {47, measures},
};

rad_status rad_checklists_put(FILE *out, const rad_results *r, rad_error *error) {
    rad_status status =
        rad_items_put(out, r, RAD_METRICS, metrics, sizeof metrics / sizeof metrics[0], error);
    if (status == RAD_OK)
        status = rad_items_put(out, r, RAD_CLEAR, clear, sizeof clear / sizeof clear[0], error);
    rad_html_say(
        out, "Items that are not listed are for the authors: a pool knows neither images, nor who drew the "
             "regions, nor how patients were chosen. Whether what stands here is enough is theirs to judge.");
    return status;
}
