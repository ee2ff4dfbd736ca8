#include "report.h"

#include "../io/bytes.h"
#include "html.h"
#include "page.h"
#include "plots.h"
#include "pooled.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What a study asked for by name and a rule forbade. */
static void put_refusals(FILE *out, const rad_pool *p) {
    static const char *const columns[] = {"site", "<refused", "<rule", "<why", NULL};
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) count += p->sites[i].refusals ? p->sites[i].refused : 0;
    if (!count) return;
    rad_html_table(out, "Refused", "pooled.json", count, columns);
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->sites[i].refused && p->sites[i].refusals; k++) {
            const rad_refusal *r = &p->sites[i].refusals[k];
            rad_html_row(out, p->sites[i].site);
            rad_html_cell(out, r->what);
            rad_html_cell(out, r->rule);
            rad_html_cell(out, r->words);
            rad_html_end_row(out);
        }
    rad_html_end_table(out, count);
}

/* A count that a site may have kept to itself. */
static void put_known(FILE *out, int64_t count) {
    if (count < 0)
        rad_html_cell(out, "");
    else
        rad_html_count(out, (uint64_t)count);
}

static rad_status put_sites(FILE *out, const rad_results *r, rad_error *error) {
    static const char *const columns[] = {"site",    "patients",    "failed",    "excluded", "release",
                                          "<engine", "<self-check", "held back", "refused",  NULL};
    const rad_pool *p = r->pool;
    (void)error;
    rad_html_table(out, "Sites", "sites.csv", p->count, columns);
    for (size_t i = 0; i < p->count; i++) {
        const rad_summary *s = &p->sites[i];
        rad_html_row(out, s->site);
        rad_html_count(out, s->rows);
        put_known(out, rad_summary_failures(s));
        put_known(out, s->excluded);
        rad_html_count(out, s->release);
        rad_html_cell(out, s->engine);
        rad_html_cell(out, s->check);
        rad_html_count(out, s->withheld);
        rad_html_count(out, s->refused);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, p->count);
    if (p->absent) {
        fputs("<p>Nothing came from ", out);
        rad_html_text(out, p->absent);
        fputs(".</p>\n", out);
    }
    put_refusals(out, p);
    return RAD_OK;
}

static rad_status put_variables(FILE *out, const rad_results *r, rad_error *error) {
    static const char *const columns[] = {
        "variable",      "<unit", "sites",    "n",        "missing",
        "mean",          "sd",    "skewness", "kurtosis", "\xce\xb7\xc2\xb2 of sites",
        "I\xc2\xb2 (%)", NULL};
    const rad_pool *p = r->pool;
    (void)error;
    rad_html_table(out, "Variables", "moments.csv", p->total.count, columns);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_description *d = &r->moments.all[v];
        const rad_summary_variable *x = &p->total.variables[v];
        const double numbers[] = {d->mean,
                                  d->deviation,
                                  d->skewness,
                                  d->kurtosis,
                                  r->moments.sites.test[v].effect,
                                  r->moments.means[v].i2};
        char unit[48];
        snprintf(unit, sizeof unit, "%s%s", x->logarithm ? "log " : "", strcmp(x->unit, "1") ? x->unit : "");
        rad_html_row(out, x->name);
        rad_html_cell(out, unit);
        const bool shown = r->moments.basis[v].shown;
        const uint64_t missing = rad_pool_rows_of(p, 0, v) - d->n;
        rad_html_count(out, r->moments.basis[v].sites);
        rad_html_known(out, shown, d->n);
        rad_html_known(out, shown && (!missing || missing >= (uint64_t)p->rules.cell), missing);
        rad_html_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, p->total.count);
    return RAD_OK;
}

/* The tests of tables of pairs. */
static rad_status put_tables(FILE *out, const rad_results *r, rad_error *error) {
    static const char *const columns[] = {"rows", "<columns", "sites",      "n",          "\xcf\x87\xc2\xb2",
                                          "df",   "p",        "p (Fisher)", "odds ratio", NULL};
    const rad_study *s = r->pool->study;
    if (!s->table_count)
        rad_html_nothing(out, "The study asks for no table of pairs; counts.csv has the levels.");
    if (!s->table_count) return RAD_OK;
    rad_html_table(out, "Tests of tables of pairs", "table_tests.csv", s->table_count, columns);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_pair_tests *x = &r->pairs[t];
        const double numbers[] = {x->chi.statistic, x->chi.df1, x->chi.p, x->fisher.p, x->fisher.estimate};
        rad_html_row(out, s->factors[s->tables[t][0]].name);
        rad_html_cell(out, s->factors[s->tables[t][1]].name);
        rad_html_count(out, x->basis.sites);
        if (x->basis.shown) {
            rad_html_count(out, x->chi.n);
            rad_html_numbers(out, numbers, 5);
        } else {
            fputs("<td class=\"t\" colspan=\"6\">held back: too few sites show all cells</td>", out);
        }
        rad_html_end_row(out);
    }
    rad_html_end_table(out, s->table_count);
    fputs("<div class=\"plots\">\n", out);
    rad_status status = RAD_OK;
    for (size_t t = 0; t < s->table_count && status == RAD_OK; t++)
        if (s->factors[s->tables[t][0]].levels == 2 && s->factors[s->tables[t][1]].levels == 2)
            status = rad_forest_odds(out, r, t, error);
    fputs("</div>\n", out);
    return status;
}

/* One row per section: the analysis that it belongs to (0: always there), what it says first, its tables. */
static const struct section {
    const char *id, *title;
    unsigned analysis;
    rad_pooled_body *body;
    const char *lead;
    const char *files[5];
} sections[] = {
    {"sites",
     "Sites",
     0,
     put_sites,
     "What each site sent. Patients are rows that count; failed are cases whose extraction failed; excluded "
     "are rows that the study leaves out. Self-check: reference values of the IBSI digital phantom that the "
     "site's program met. Held back are small cells, refused are parts that a rule forbids.",
     {"sites.csv"}},
    {"coverage",
     "What the numbers stand on",
     0,
     rad_section_coverage,
     "A number is here only where as many sites have part in it, and as many patients, as the rules require; "
     "else it is empty. The tables have the sites and patients of each row. This page shows numbers of "
     "single "
     "sites (forests, densities): it is for the coordinator, who has the sums of every site, and for the "
     "sites, and so are some tables; the others are for readers.",
     {"coverage.csv"}},
    {"table1",
     "Patients",
     0,
     rad_section_baseline,
     "Rows that the sites read, and which count: excluded by the study, further occasions, incomplete; "
     "without a "
     "match are rows of the clinical table without features, failed are cases without a row. Then who the "
     "patients "
     "are: counts with their share of those who have a level, means with standard deviations. SMD: "
     "standardised "
     "mean difference, |difference| over the root of the mean of both variances, for levels that of Yang and "
     "Dalton (2012), for more than two groups the mean over pairs. A dash is held back, or stands on too "
     "little.",
     {"table1.csv", "table1_smd.csv", "table1_by_site.csv", "flow.csv"}},
    {"variables",
     "Variables",
     RAD_ANALYSIS_MOMENTS,
     put_variables,
     "Of the pooled patients, from exact sums. Skewness is m3 / m2^1.5, kurtosis m4 / m2^2 - 3. Eta squared "
     "is the share of the variance that lies between sites; I\xc2\xb2 the share of the variance of the "
     "sites' means that is not chance (random effects by REML).",
     {"moments.csv", "moments_by_site.csv", "site_effects.csv", "meta.csv"}},
    {"heterogeneity",
     "Where sites differ",
     RAD_ANALYSIS_MOMENTS,
     rad_section_forest,
     "The six variables with the largest I\xc2\xb2. Squares are the means of the sites with 95 % intervals, "
     "their area goes with the weight; the diamond is the estimate of random effects (REML, interval of "
     "Knapp and Hartung with a factor of at least 1), the dashed line the 95 % prediction interval of a new "
     "site.",
     {"meta.csv", "leave_one_out.csv"}},
    {"groups",
     "Groups",
     RAD_ANALYSIS_GROUPS,
     rad_section_groups,
     "Tests of every variable between the levels of a group, from pooled moments: Welch's t test for two "
     "levels, analysis of variance for more. p is adjusted over the variables by Benjamini and Hochberg; "
     "points above the dashed line have an adjusted p of at most 0.05.",
     {"tests.csv", "moments_by_group.csv", "meta.csv"}},
    {"harmonisation",
     "Harmonisation",
     RAD_ANALYSIS_MODEL,
     rad_section_densities,
     "Site densities before and after ComBat (Johnson, Li and Rabinovic 2007), for the variables with the "
     "largest site effect (eta squared) that the harmonisation used. Before: the site's histogram on its "
     "public intervals (those narrower than a quarter of its deviation are joined), or, where there is none, "
     "a normal curve with its mean and deviation. After: the same, moved and stretched so that mean and "
     "deviation are exactly those after harmonisation; its shape is that of before. Of many sites the first "
     "eight are in colour, the others thin and grey.",
     {"harmonisation.csv", "harmonisation.json", "histograms.csv"}},
    {"correlations",
     "Correlations and clusters",
     RAD_ANALYSIS_COVARIANCE,
     rad_section_heatmap,
     "Pearson's correlations of the pooled patients, variables in the order of their clusters, the largest "
     "cluster first. Clusters (complete linkage) are outlined: in each, all pairs have at least the |r| that "
     "the study calls redundant. A mark beside the row says which variable of each cluster to keep.",
     {"covariance.csv", "clusters.csv", "partial.csv"}},
    {"components",
     "Components",
     RAD_ANALYSIS_COVARIANCE,
     rad_section_components,
     "Principal components of the correlations: share of the variance of each (bars), and of all up to it "
     "(line).",
     {"components.csv", "loadings.csv"}},
    {"models",
     "Linear models",
     RAD_ANALYSIS_MODEL,
     rad_section_models,
     "Least squares of every variable on the study's covariates, with an intercept for each site. For each "
     "term: p of all variables, and the smallest in a table; of a factor with more than two levels also the "
     "F "
     "test of all of them. The tables beside this page have the models without sites too.",
     {"models.csv", "factor_tests.csv"}},
    {"fitted",
     "Models of the study",
     RAD_ANALYSIS_MODELS,
     rad_section_coefficients,
     "Models that follow from sums. Slopes are in deviations of the response for a deviation of the term, "
     "the "
     "30 largest of each model. Intervals after a selection know nothing of it; slopes under a penalty have "
     "none. A path goes from the largest lambda on the right to the smallest.",
     {"model_coefficients.csv", "model_fits.csv", "factor_tests.csv", "model_path.csv",
      "model_validation.csv"}},
    {"reliability",
     "Agreement of repeats",
     RAD_ANALYSIS_RELIABILITY,
     rad_section_reliability,
     "ICC(A,1), absolute agreement of single measurements, with 95 % intervals (McGraw and Wong 1996).",
     {"reliability.csv"}},
    {"survival",
     "Survival",
     RAD_ANALYSIS_SURVIVAL,
     rad_section_curves,
     "Kaplan-Meier curves on the study's grid of times. Times count as rounded up to the grid; the shaded "
     "band is what exact times could give. Ticks are times of the grid; below, how many patients are left "
     "after each. The median lies in the interval that is given. Log-rank tests of the pooled life table, "
     "and stratified by site.",
     {"survival.csv", "survival_medians.csv", "logrank.csv", "logrank_levels.csv"}},
    {"performance",
     "Scores",
     RAD_ANALYSIS_PERFORMANCE,
     rad_section_performance,
     "How well scores that were fixed before tell outcomes. AUC and Harrell's C count pairs of patients of "
     "the same "
     "site; intervals are on the logit. ROC, precision, calibration and net benefit are those of classes "
     "between public "
     "cuts that "
     "enough sites have: the curve of all scores lies in the shaded band.",
     {"performance.csv", "roc.csv", "calibration.csv", "decision.csv"}},
    {"risk",
     "Risk groups",
     RAD_ANALYSIS_SURVIVAL,
     rad_section_risk,
     "Kaplan-Meier curves of the classes of a score between public cuts (derived levels, where an outcome "
     "names them under groups), with the patients who are left after each time of the public grid. Log-rank "
     "tests of the pooled life table, and stratified by site.",
     {"survival.csv", "survival_medians.csv", "logrank.csv"}},
    {"tables",
     "Tables of counts",
     RAD_ANALYSIS_TABLES,
     put_tables,
     "Chi-square tests without correction, and Fisher's exact test of two by two, over the sites that show "
     "all cells of the table. Forests: log odds ratios of the sites, where both have two levels.",
     {"counts.csv", "tables.csv", "table_tests.csv", "meta.csv"}},
    {"methods",
     "Methods and checklists",
     0,
     rad_section_methods,
     "A paragraph for a paper, of what this pool did; and of METRICS (Kocak et al. 2024) and CLEAR (Kocak et "
     "al. 2023) the items of which it knows something.",
     {"flow.csv"}},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* Has an outcome curves by classes of a score? */
static bool has_classes(const rad_study *s) {
    for (size_t o = 0; o < s->survival_count; o++)
        for (size_t f = 0; f < s->factor_count; f++)
            if (s->survivals[o].by[f] && s->factors[f].cut) return true;
    return false;
}

static bool is_asked(const struct section *s, const rad_study *study) {
    if (s->body == rad_section_risk && !has_classes(study)) return false;
    return !s->analysis || study->analyses & s->analysis;
}

static void put_facts(FILE *out, const rad_pool *p) {
    char text[512];
    const rad_study *s = p->study;
    fputs("<header><h1>", out);
    rad_html_text(out, s->title && *s->title ? s->title : s->id);
    fputs("</h1>\n<dl>", out);
    rad_page_fact(out, "study", s->id);
    rad_page_fact(out, "hash of the study", s->hash);
    rad_page_fact(out, "engine", "radiomill " RAD_VERSION);
    snprintf(text, sizeof text, "%zu", p->count);
    rad_page_fact(out, "sites", text);
    snprintf(text, sizeof text, "%" PRIu64, p->total.rows);
    rad_page_fact(out, "patients", text);
    snprintf(text, sizeof text, "%zu", p->total.count);
    rad_page_fact(out, "variables", text);
    rad_page_fact(out, "settings", *p->total.settings ? p->total.settings : "none given");
    rad_page_fact(out, "rules in force", rad_rules_text(&p->rules, text, sizeof text));
    fputs("</dl></header>\n", out);
}

static void put_lead(FILE *out, const struct section *s, const rad_study *study) {
    rad_page_head head = {s->id, s->title, s->lead, "", {NULL}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof s->files / sizeof s->files[0] && s->files[i]; i++)
        if (rad_pooled_has(study, s->files[i])) head.files[count++] = s->files[i];
    rad_page_section(out, &head);
}

rad_status rad_report_page(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_status status = RAD_OK;
    char title[RAD_NAME + 16];
    snprintf(title, sizeof title, "%s: pooled", p->study->id);
    rad_page_begin(out, title, "data:");
    put_facts(out, p);
    rad_page_contents(out);
    for (size_t i = 0; i < SECTIONS; i++)
        if (is_asked(&sections[i], p->study)) rad_page_entry(out, sections[i].id, sections[i].title);
    rad_page_main(out);
    for (size_t i = 0; i < SECTIONS && status == RAD_OK; i++) {
        if (!is_asked(&sections[i], p->study)) continue;
        put_lead(out, &sections[i], p->study);
        status = sections[i].body(out, r, error);
        fputs("</section>\n", out);
    }
    fputs("</main>\n<footer><p>Estimates have four significant digits here; the tables beside this page have "
          "all. A dash is undefined or held back. The folder evidence says of each file "
          "which rules it keeps to.</p>\n<p class=\"sign\">Read "
          "by<span></span>Date<span></span>Signature<span></span></p></footer>\n",
          out);
    rad_page_end(out);
    return status;
}
