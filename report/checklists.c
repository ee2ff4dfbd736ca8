/* Items of METRICS (Kocak et al. 2024, 10.1186/s13244-023-01572-w) and CLEAR (Kocak et al. 2023,
 * 10.1186/s13244-023-01415-8) of which a pool knows something: what it knows, not whether it is enough. */
#include "plots.h"

#include "html.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

typedef struct answer {
    char text[512];
} answer;

static void put(answer *a, const char *format, ...) RAD_PRINTF(2, 3);
static void put(answer *a, const char *format, ...) {
    const size_t used = strlen(a->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->text + used, sizeof a->text - used, format, arguments);
    va_end(arguments);
}

/* Each says what is known; nothing: the item has no row. */

static void sites(const rad_results *r, answer *a) {
    put(a, "%zu sites, %" PRIu64 " patients", r->pool->count, r->pool->total.rows);
}

static void software(const rad_results *r, answer *a) {
    const rad_pool *p = r->pool;
    put(a, "%s", p->sites[0].engine);
    for (size_t i = 1; i < p->count; i++)
        if (strcmp(p->sites[i].engine, p->sites[0].engine) != 0)
            put(a, ", %s at %.40s", p->sites[i].engine, p->sites[i].site);
    put(a, "; the IBSI digital phantom as each site met it: sites.csv");
}

static void settings(const rad_results *r, answer *a) {
    if (*r->pool->total.settings)
        put(a, "settings %.64s at all sites: settings.yaml and provenance.json of a run",
            r->pool->total.settings);
}

static void robust(const rad_results *r, answer *a) {
    size_t good = 0, known = 0;
    if (!r->repeats) return;
    for (size_t v = 0; v < r->pool->total.count; v++) {
        if (!r->repeats[v].basis.shown || isnan(r->repeats[v].icc_a1.value)) continue;
        known++;
        good += r->repeats[v].icc_a1.value >= 0.75;
    }
    if (known)
        put(a, "ICC(A,1) of repeats is 0.75 or more for %zu of %zu variables: reliability.csv", good, known);
}

static void redundant(const rad_results *r, answer *a) {
    const rad_covariance_results *c = &r->covariance;
    size_t kept = 0;
    if (!c->cluster || !c->kept) return;
    for (size_t i = 0; i < c->correlations.count; i++) kept += c->kept[i];
    put(a, "%zu of %zu variables are kept at a correlation below %g in size: clusters.csv", kept,
        c->correlations.count, r->pool->study->redundancy);
}

static void dimensions(const rad_results *r, answer *a) {
    const rad_pool *p = r->pool;
    size_t features = 0;
    for (size_t v = 0; v < p->total.count; v++) features += p->total.variables[v].kind == RAD_FEATURE;
    put(a, "%zu features, %" PRIu64 " patients", features, p->total.rows);
    for (size_t m = 0; r->fitted && m < p->study->model_count; m++)
        if (r->fitted[m].model && r->fitted[m].slopes)
            put(a, "; %.60s: %zu terms", r->fitted[m].model->name, r->fitted[m].slopes);
}

static void partition(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t m = 0; m < s->model_count; m++)
        if (s->models[m].leave_one_site_out)
            put(a, "%s%.60s: each site left out once, the choice of terms or lambda, too",
                *a->text ? "; " : "", s->models[m].name);
}

static void confounders(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    if (!s->model || !rad_study_asks(s, RAD_MODEL)) return;
    put(a, "an intercept for each site; ComBat by %.60s", s->batch_by ? s->batch_by : "site");
    for (size_t i = 0; i < s->model->count; i++)
        put(a, "%s%.60s", i ? ", " : ", keeping ", s->model->child[i].text);
}

static void measures(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        char value[RAD_HTML_NUMBER];
        put(a, "%s%.60s: %s %s", *a->text ? "; " : "", s->performances[i].name,
            s->performances[i].timed ? "C" : "AUC", rad_html_number(x->stratified.value, value));
    }
    if (*a->text) put(a, ": performance.csv");
}

static void uncertainty(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    if (!s->performance_count || !r->performance) return;
    for (size_t i = 0; i < s->performance_count; i++) {
        char low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER];
        put(a, "%s%.60s: 95 %% interval %s to %s", i ? "; " : "", s->performances[i].name,
            rad_html_number(r->performance[i].stratified.low, low),
            rad_html_number(r->performance[i].stratified.high, high));
    }
}

static void calibration(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        char slope[RAD_HTML_NUMBER], ratio[RAD_HTML_NUMBER];
        if (isnan(x->ratio.value) && isnan(x->slope.value)) continue;
        put(a, "%s%.60s: observed by expected %s, slope of classes %s", *a->text ? "; " : "",
            s->performances[i].name, rad_html_number(x->ratio.value, ratio),
            rad_html_number(x->slope.value, slope));
    }
    if (*a->text) put(a, ": calibration.csv");
}

static void external(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    if (s->performance_count)
        put(a, "scores were fixed before; sites that had no part in their training are external: "
               "performance_by_site.csv");
}

static void eligibility(const rad_results *r, answer *a) {
    char where[256];
    if (r->pool->study->where) put(a, "rows with %s", rad_study_where(r->pool->study, where, sizeof where));
}

static void predictors(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->number_count; i++)
        if (!s->numbers[i].outcome)
            put(a, "%s%.60s%s%.30s", *a->text ? ", " : "", s->numbers[i].name,
                *s->numbers[i].unit ? " in " : "", s->numbers[i].unit);
    for (size_t f = 0; f < s->factor_count; f++)
        if (!s->factors[f].outcome)
            put(a, "%s%.60s (%zu levels)", *a->text ? ", " : "", s->factors[f].name, s->factors[f].levels);
}

static void missing(const rad_results *r, answer *a) {
    put(a, r->pool->study->complete ? "patients who miss a variable of the panel are left out"
                                    : "left out variable by variable; moments.csv has how many");
}

static void balance(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->performance_count && r->performance; i++) {
        const rad_performance_results *x = &r->performance[i];
        if (s->performances[i].timed || !x->basis.shown) continue;
        put(a, "%s%.60s: %" PRIu64 " with the event, %" PRIu64 " without", *a->text ? "; " : "",
            s->performances[i].name, x->events, x->others);
    }
}

static void algorithm(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t m = 0; m < s->model_count; m++)
        put(a, "%s%.60s: %s", m ? "; " : "", s->models[m].name, rad_model_family_word(s->models[m].family));
}

static void tuning(const rad_results *r, answer *a) {
    const rad_study *s = r->pool->study;
    for (size_t m = 0; r->fitted && m < s->model_count; m++)
        if (r->fitted[m].model && r->fitted[m].chosen_by && *r->fitted[m].chosen_by)
            put(a, "%s%.60s: lambda %s", *a->text ? "; " : "", s->models[m].name,
                !strcmp(r->fitted[m].chosen_by, "bic")        ? "by BIC"
                : !strcmp(r->fitted[m].chosen_by, "left out") ? "by leaving out sites"
                                                              : "as given");
}

static void baseline(const rad_results *r, answer *a) {
    (void)r;
    put(a, "table1.csv, by site table1_by_site.csv");
}

static void flow(const rad_results *r, answer *a) {
    (void)r;
    put(a, "flow.csv");
}

static void statistics(const rad_results *r, answer *a) {
    if (rad_study_asks(r->pool->study, RAD_MOMENTS)) put(a, "moments.csv, leave_one_out.csv");
}

typedef struct item {
    int number;
    const char *subject;
    void (*say)(const rad_results *r, answer *a);
} item;

static const item metrics[] = {
    {4, "several centres", sites},
    {12, "standardised software", software},
    {13, "parameters of extraction", settings},
    {14, "features that are not robust", robust},
    {15, "redundant features", redundant},
    {16, "dimensions for the size of the data", dimensions},
    {18, "partition of the data", partition},
    {19, "confounding factors", confounders},
    {20, "measures of performance", measures},
    {21, "uncertainty", uncertainty},
    {22, "calibration", calibration},
    {27, "external testing", external},
};

static const item clear[] = {
    {11, "eligibility", eligibility},
    {13, "source of the data", sites},
    {15, "split of the data", partition},
    {17, "predictors that are not radiomic", predictors},
    {25, "extraction of features", software},
    {27, "number of features", dimensions},
    {28, "remaining parameters", settings},
    {29, "missing data", missing},
    {30, "imbalance of classes", balance},
    {31, "reliability", robust},
    {33, "reduction of dimensions", redundant},
    {34, "algorithms", algorithm},
    {35, "tuning", tuning},
    {36, "confounders", confounders},
    {38, "technique of testing", external},
    {39, "measures of performance", measures},
    {40, "uncertainty", uncertainty},
    {44, "baseline characteristics", baseline},
    {45, "flow of patients", flow},
    {46, "statistics of features", statistics},
    {47, "performance", measures},
};

static void put_list(FILE *out, const rad_results *r, const char *caption, const item *list, size_t count) {
    static const char *const columns[] = {"item", "<about", "<what this pool knows", NULL};
    rad_html_table(out, caption, "report.html", count, columns);
    for (size_t i = 0; i < count; i++) {
        answer a = {""};
        char number[16];
        list[i].say(r, &a);
        snprintf(number, sizeof number, "%d", list[i].number);
        rad_html_row(out, number);
        rad_html_cell(out, list[i].subject);
        rad_html_cell(out, *a.text ? a.text : "nothing");
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
}

rad_status rad_checklists_put(FILE *out, const rad_results *r, rad_error *error) {
    (void)error;
    put_list(out, r, "METRICS (30 items)", metrics, sizeof metrics / sizeof metrics[0]);
    put_list(out, r, "CLEAR (58 items)", clear, sizeof clear / sizeof clear[0]);
    rad_html_say(
        out, "Items that are not listed are for the authors: a pool knows neither images, nor who drew the "
             "regions, nor how patients were chosen. Whether what stands here is enough is theirs to judge.");
    return RAD_OK;
}
