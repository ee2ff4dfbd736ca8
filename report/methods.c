/* What was done, in the words of a paper: each sentence follows from the study and the pool. */
#include "plots.h"

#include "../core/printable.h"

#include "items.h"

#include <inttypes.h>
#include <string.h>

/* "a, b and c" of the factors for which it is so. */
static void say_factors(FILE *out, const rad_study *s, bool (*is)(const rad_study *s, size_t factor)) {
    size_t count = 0, seen = 0;
    for (size_t f = 0; f < s->factor_count; f++) count += is(s, f);
    for (size_t f = 0; f < s->factor_count; f++) {
        if (!is(s, f)) continue;
        rad_items_say(out, "%s%.100s", !seen ? "" : seen + 1 == count ? " and " : ", ", s->factors[f].name);
        seen++;
    }
}

static bool is_group(const rad_study *s, size_t factor) {
    return s->factors[factor].group;
}

static void say_sites(FILE *out, const rad_results *r) {
    const rad_pool *p = r->pool;
    rad_items_say(out,
                  "%" PRIu64
                  " patients of %zu sites were analysed; images and rows of patients stayed at the sites. ",
                  p->total.rows, p->count);
    if (*p->total.settings)
        rad_items_say(out, "Each site extracted features with the same settings (id %.64s) and radiomill. ",
                      p->total.settings);
    bool whole = true;
    for (size_t i = 0; i < p->count; i++) whole = whole && !p->sites[i].refused && !p->sites[i].withheld;
    rad_items_say(
        out,
        "Each sent one signed file of exact sums of values rounded to public steps (radiomill " RAD_VERSION
        "), so that pooled numbers are those of the pooled rows%s. ",
        whole ? "" : " of the sites that show them, whose number each table says beside them");
    if (p->rules.cell && p->rules.sites)
        rad_items_say(
            out,
            "Sums left a site only where rules of disclosure let them: no combination of them rests on fewer "
            "than %d patients, nor do two make up a share of %g of one; numbers of fewer than %d sites are "
            "empty. ",
            p->rules.cell, p->rules.dominance, p->rules.sites);
    rad_items_say(out, "%s ",
                  p->study->complete
                      ? "Patients who miss a variable of the panel were left out."
                      : "Missing values were left out variable by variable, and pair by pair.");
}

static void say_moments(FILE *out, const rad_results *r) {
    (void)r;
    rad_items_say(
        out,
        "Sites were compared by analysis of variance, and their means by a model of random effects (REML, "
        "intervals of Knapp and Hartung with a factor of at least 1). ");
}

static void say_groups(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    bool some = false;
    for (size_t f = 0; f < s->factor_count; f++) some = some || is_group(s, f);
    if (!some) return;
    rad_items_say(out, "Variables were compared between the levels of ");
    say_factors(out, s, is_group);
    rad_items_say(
        out,
        " by Welch's t test (two levels) or analysis of variance; p-values were adjusted over %zu variable%s "
        "(Benjamini and Hochberg). ",
        r->pool->total.count, rad_plural(r->pool->total.count));
}

static void say_ranks(FILE *out, const rad_results *r) {
    (void)r;
    rad_items_say(
        out, "Ranks were compared within sites (van Elteren's test for two levels, Kruskal and Wallis for "
             "more). ");
}

static void say_tables(FILE *out, const rad_results *r) {
    if (r->pool->study->table_count)
        rad_items_say(
            out,
            "Tables of counts were tested by chi-square without correction, of two by two by Fisher's exact "
            "test as well. ");
}

static void say_covariance(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    rad_items_say(
        out,
        "Redundant variables were grouped by complete linkage, at a correlation (Pearson) of at least %g in "
        "size within a cluster; of each cluster one was kept. ",
        s->redundancy);
    if (*s->volume) rad_items_say(out, "Correlations are also given with %.100s held fixed. ", s->volume);
}

static void say_model(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    rad_items_say(out, "Linear models of every variable had an intercept for each site");
    for (size_t i = 0; i < s->model->count; i++)
        rad_items_say(out, "%s%.100s",
                      !i                        ? " and the covariates "
                      : i + 1 < s->model->count ? ", "
                                                : " and ",
                      s->model->child[i].text);
    rad_items_say(out, ". ");
    if (!r->combat.count) return;
    rad_items_say(
        out,
        "Variables were harmonised by ComBat (Johnson, Li and Rabinovic 2007; parametric priors, iterated to "
        "the end) with ");
    if (s->batch_by)
        rad_items_say(out, "%.100s within sites as batches", s->batch_by);
    else
        rad_items_say(out, "sites as batches");
    rad_items_say(out, " of at least %d patients%s%s. ", s->batch_minimum,
                  s->batch_merge ? " (smaller ones were joined)" : "",
                  s->model->count ? ", which kept what the covariates explain" : "");
    if (r->combat.covbat.count)
        rad_items_say(
            out,
            "The first %zu component%s of what that left of %zu variables %s harmonised, too (CovBat, Chen "
            "et al. 2022). ",
            r->combat.covbat.parts, rad_plural(r->combat.covbat.parts), r->combat.covbat.count,
            r->combat.covbat.parts == 1 ? "was" : "were");
}

static void say_reliability(FILE *out, const rad_results *r) {
    (void)r;
    rad_items_say(out, "Agreement of repeats is ICC(A,1), with others in a table (McGraw and Wong 1996). ");
}

static void say_survival(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->survival_count; i++) {
        const rad_survival *v = &s->survivals[i];
        rad_items_say(
            out,
            "The time to %.100s was described by %s on a public grid of %zu time%s up to %g%s%.32s, to which "
            "times were rounded up. ",
            v->name,
            v->causes ? "cumulative incidences (Aalen and Johansen)"
                      : "Kaplan-Meier curves (Greenwood's formula)",
            v->times, rad_plural(v->times), v->grid[v->times - 1], *v->unit ? " " : "", v->unit);
    }
    if (s->survival_count)
        rad_items_say(
            out,
            "Curves were compared by log-rank tests, pooled and stratified by site, with Peto's hazard ratio "
            "for two levels. ");
}

static void say_scores(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    bool classes = false;
    for (size_t i = 0; i < s->performance_count; i++) {
        const rad_performance *p = &s->performances[i];
        if (p->timed)
            rad_items_say(
                out, "The score %.100s, fixed before, was judged for the time to %.100s by Harrell's C. ",
                p->score, s->survivals[p->outcome].name);
        else
            rad_items_say(out,
                          "The score %.100s, fixed before, was judged for %.100s %.100s by the AUC (DeLong's "
                          "variance). ",
                          p->score, s->factors[p->outcome].name, s->factors[p->outcome].level[p->event]);
        classes = classes || p->cuts;
    }
    if (!s->performance_count) return;
    rad_items_say(
        out, "Pairs of patients of the same site count; sites were joined as strata and by random effects. ");
    if (classes)
        rad_items_say(
            out,
            "Classes between public cuts have ROC, precision, calibration and net benefit (Vickers and Elkin "
            "2006). ");
}

static void say_penalty(FILE *out, const rad_model *m) {
    static const char *const selections[] = {"", "forward by AIC", "forward by BIC", "forward by F"};
    if (m->penalty.kind != RAD_PENALTY_NONE) rad_items_say(out, ", %s", rad_items_penalty(m));
    if (m->select != RAD_SELECT_NONE) rad_items_say(out, ", %s", selections[m->select]);
    if (m->leave_one_site_out) rad_items_say(out, ", validated by leaving out one site after the other");
}

static void say_models(FILE *out, const rad_results *r) {
    const rad_study *s = r->pool->study;
    for (size_t i = 0; i < s->model_count; i++) {
        const rad_model *m = &s->models[i];
        const bool rounds = m->family < RAD_MODEL_GAUSSIAN;
        rad_items_say(out, "Model %.100s of %.100s is %s", m->name, m->response, rad_items_family(m->family));
        say_penalty(out, m);
        rad_items_say(out, "; it was fitted %s. ",
                      rounds ? "in rounds of sums (its page is that of fit)" : "to these sums");
    }
}

/* In the order of a paper. */
static const struct {
    unsigned analysis;
    void (*say)(FILE *out, const rad_results *r);
} sentences[] = {
    {0, say_sites},
    {RAD_ANALYSIS_MODEL, say_model},
    {RAD_ANALYSIS_MOMENTS, say_moments},
    {RAD_ANALYSIS_GROUPS, say_groups},
    {RAD_ANALYSIS_RANKS, say_ranks},
    {RAD_ANALYSIS_TABLES, say_tables},
    {RAD_ANALYSIS_COVARIANCE, say_covariance},
    {RAD_ANALYSIS_RELIABILITY, say_reliability},
    {RAD_ANALYSIS_SURVIVAL, say_survival},
    {RAD_ANALYSIS_PERFORMANCE, say_scores},
    {0, say_models},
};

rad_status rad_section_methods(FILE *out, const rad_results *r, rad_error *error) {
    fputs("<p class=\"methods\">", out);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (!sentences[i].analysis || r->pool->study->analyses & sentences[i].analysis)
            sentences[i].say(out, r);
    fputs("</p>\n", out);
    return rad_checklists_put(out, r, error);
}
