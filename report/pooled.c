#include "pooled.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../federate/describe.h"
#include "../federate/pool/models.h"
#include "../federate/pool/put.h"
#include "../federate/pool/relations.h"
#include "../federate/pool/reliability.h"
#include "../federate/pool/survival.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../io/tree.h"
#include "evidence.h"
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH = 4096 };

/* n, missing, mean, variance, sd, skewness, kurtosis of the sums. */
static rad_status put_moments(FILE *out, const rad_moments *m, uint64_t rows, double centre,
                              rad_error *error) {
    rad_description d;
    rad_status status = rad_describe(m, centre, &d, error);
    if (!m->powers) {
        fputs(",,,,,,,", out);
        return status;
    }
    fprintf(out, ",%" PRIu64 ",%" PRIu64, d.n, rows - d.n);
    const double numbers[] = {d.mean, d.variance, d.deviation, d.skewness, d.kurtosis};
    rad_put_numbers(out, numbers, 5);
    return status;
}
#define MOMENTS "n,missing,mean,variance,sd,skewness,kurtosis"

static rad_status put_all(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,unit,scale," MOMENTS ",sites\r\n", out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_csv_put(out, x->name);
        rad_put_text(out, x->unit);
        rad_put_text(out, rad_put_scale(x));
        status = put_moments(out, &p->total.moments[v], rad_pool_rows_of(p, 0, v), x->centre, error);
        fprintf(out, ",%zu", rad_pool_sites_of(p, 0, v));
        rad_put_end(out);
    }
    return status;
}

static rad_status put_sites(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,site," MOMENTS "\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
            rad_csv_put(out, p->total.variables[v].name);
            rad_put_text(out, p->sites[s].site);
            status = put_moments(out, &p->sites[s].moments[v], p->sites[s].rows, p->total.variables[v].centre,
                                 error);
            rad_put_end(out);
        }
    return status;
}

static rad_status put_groups(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    fputs("variable,group,level,n,mean,variance,sd,skewness,kurtosis,sites\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; l < s->factors[f].levels && s->factors[f].group && status == RAD_OK; l++) {
                const size_t set = rad_summary_set(s, f, l);
                rad_description d;
                status = rad_describe(&p->total.moments[set * p->total.count + v],
                                      p->total.variables[v].centre, &d, error);
                rad_csv_put(out, p->total.variables[v].name);
                rad_put_text(out, s->factors[f].name);
                rad_put_text(out, s->factors[f].level[l]);
                fprintf(out, ",%" PRIu64, d.n);
                const double numbers[] = {d.mean, d.variance, d.deviation, d.skewness, d.kurtosis};
                rad_put_numbers(out, numbers, 5);
                fprintf(out, ",%zu\r\n", rad_pool_sites_of(p, set, v));
            }
    return status;
}

/* The pool without one site, and how far that site lies from the others in their deviations. */
static rad_status put_without(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,without," MOMENTS ",distance\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
            rad_moments rest = {0};
            rad_description one, others;
            const double centre = p->total.variables[v].centre;
            const rad_moments *own = &p->sites[s].moments[v];
            status = rad_pool_without(p, s, 0, v, &rest, error);
            if (status == RAD_OK) status = rad_describe(own, centre, &one, error);
            if (status == RAD_OK) status = rad_describe(&rest, centre, &others, error);
            rad_csv_put(out, p->total.variables[v].name);
            rad_put_text(out, p->sites[s].site);
            if (status == RAD_OK)
                status =
                    put_moments(out, &rest, rad_pool_rows_of(p, 0, v) - (own->powers ? p->sites[s].rows : 0),
                                centre, error);
            if (status == RAD_OK)
                rad_put_number(out, others.deviation > 0 ? (one.mean - others.mean) / others.deviation : NAN);
            rad_put_end(out);
            rad_moments_free(&rest);
        }
    return status;
}

static rad_status put_histograms(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,scale,from,to,count\r\n", out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_grid_count *counts = NULL;
        size_t count = 0;
        status = rad_pool_histogram(p, v, &counts, &count, error);
        for (size_t i = 0; i < count && status == RAD_OK; i++) {
            rad_csv_put(out, x->name);
            rad_put_text(out, rad_put_scale(x));
            rad_put_number(out, rad_grid_edge(&x->grid, counts[i].first));
            rad_put_number(out, rad_grid_edge(&x->grid, counts[i].end));
            fprintf(out, ",%" PRIu64 "\r\n", counts[i].count);
        }
        rad_free(counts);
    }
    return status;
}

static rad_status put_quantiles(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,scale,quantile,n,estimate,error,low,high\r\n", out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_quantile q[RAD_QUANTILES_MAX];
        status = rad_pool_quantiles(p, v, q, error);
        for (size_t i = 0; i < p->study->quantile_count && status == RAD_OK; i++) {
            if (q[i].edge) continue;
            rad_csv_put(out, x->name);
            rad_put_text(out, rad_put_scale(x));
            rad_put_number(out, p->study->quantiles[i]);
            fprintf(out, ",%" PRIu64, q[i].n);
            const bool bounded = isfinite(q[i].low) && isfinite(q[i].high);
            const double half = bounded ? (q[i].high - q[i].low) / 2 : NAN;
            const double numbers[] = {q[i].low + half, half, q[i].low, q[i].high};
            rad_put_numbers(out, numbers, 4);
            rad_put_end(out);
        }
    }
    return status;
}

/* Quantiles that are too near to the edge; the first one in words. */
static size_t count_edges(const rad_pool *p, rad_error *error) {
    size_t count = 0;
    for (size_t v = 0; v < p->total.count && p->study->analyses & RAD_ANALYSIS_HISTOGRAMS; v++) {
        uint64_t n = 0;
        for (size_t s = 0; s < p->count; s++)
            for (size_t k = 0; k < p->sites[s].variables[v].count_count; k++)
                n += p->sites[s].variables[v].counts[k].count;
        for (size_t i = 0; i < p->study->quantile_count && n; i++) {
            const double q = p->study->quantiles[i];
            if ((double)n * fmin(q, 1 - q) >= p->rules.cell) continue;
            if (!count++) rad_pool_edge(p, v, q, n, error);
        }
    }
    return count;
}

static rad_status put_covariance(FILE *out, void *context, rad_error *error) {
    const rad_summary *t = &((const rad_results *)context)->pool->total;
    rad_status status = RAD_OK;
    fputs("a,b,n,covariance,correlation\r\n", out);
    for (size_t j = 0; j < t->panel; j++)
        for (size_t i = 0; i <= j && status == RAD_OK; i++) {
            rad_pair_view view;
            rad_relation r;
            if (!rad_summary_pair(t, i, j, &view)) continue;
            status = rad_relate(&view, &r, error);
            rad_csv_put(out, t->variables[t->of[i]].name);
            rad_put_text(out, t->variables[t->of[j]].name);
            fprintf(out, ",%" PRIu64, r.n);
            rad_put_number(out, r.covariance);
            rad_put_number(out, r.correlation);
            rad_put_end(out);
        }
    return status;
}

static const char *level_name(const rad_factor *f, size_t level) {
    return level < f->levels ? f->level[level] : "";
}

/* Sites that hide the cell. */
static size_t hiding(const rad_pool *p, size_t offset, const int64_t *(*cells)(const rad_summary *, size_t),
                     size_t which) {
    size_t count = 0;
    for (size_t s = 0; s < p->count; s++) count += cells(&p->sites[s], which)[offset] < 0;
    return count;
}

static const int64_t *levels_of(const rad_summary *s, size_t factor) {
    return s->levels + factor * (RAD_FACTOR_LEVELS + 1);
}

static const int64_t *table_of(const rad_summary *s, size_t table) {
    return s->tables[table];
}

static rad_status put_counts(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("variable,level,count,sites,sites_hiding\r\n", out);
    for (size_t f = 0; f < s->factor_count; f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++) {
            const size_t hidden = hiding(p, l, levels_of, f);
            rad_csv_put(out, s->factors[f].name);
            rad_put_text(out, level_name(&s->factors[f], l));
            fprintf(out, ",%" PRId64 ",%zu,%zu\r\n", levels_of(&p->total, f)[l], p->count - hidden, hidden);
        }
    return RAD_OK;
}

static rad_status put_tables(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("row_variable,row,column_variable,column,count,sites,sites_hiding\r\n", out);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++) {
            const size_t hidden = hiding(p, i, table_of, t);
            rad_csv_put(out, a->name);
            rad_put_text(out, level_name(a, i / (b->levels + 1)));
            rad_put_text(out, b->name);
            rad_put_text(out, level_name(b, i % (b->levels + 1)));
            fprintf(out, ",%" PRId64 ",%zu,%zu\r\n", p->total.tables[t][i], p->count - hidden, hidden);
        }
    }
    return RAD_OK;
}

static rad_status put_site_list(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    (void)error;
    fputs("site,release,patients,failed,excluded,repeats,incomplete,refused,held_back,engine,check,"
          "settings\r\n",
          out);
    for (size_t i = 0; i < p->count; i++) {
        const rad_summary *s = &p->sites[i];
        rad_csv_put(out, s->site);
        fprintf(out,
                ",%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                ",%" PRIu64,
                s->release, s->rows, rad_summary_failures(s), s->excluded, s->repeats, s->incomplete,
                s->refused, s->withheld);
        rad_put_text(out, s->engine);
        rad_put_text(out, s->check);
        rad_put_text(out, s->settings);
        rad_put_end(out);
    }
    return RAD_OK;
}

/* The files: what they say, and the analyses of which any makes them be there; 0: always. */
static const struct {
    const char *name;
    rad_put_body *body;
    unsigned analyses;
    const char *answers;
} files[] = {
    {"sites.csv", put_site_list, 0, "which summaries were pooled, and what they left out"},
    {"moments.csv", put_all, RAD_ANALYSIS_MOMENTS,
     "number, mean, spread and shape of every variable, all patients"},
    {"moments_by_site.csv", put_sites, RAD_ANALYSIS_MOMENTS, "the same of each site"},
    {"leave_one_out.csv", put_without, RAD_ANALYSIS_MOMENTS,
     "the same without each site, and how far that site lies from the others"},
    {"moments_by_group.csv", put_groups, RAD_ANALYSIS_GROUPS, "the same of each level of each group"},
    {"histograms.csv", put_histograms, RAD_ANALYSIS_HISTOGRAMS,
     "how many patients lie in the intervals of a public grid"},
    {"quantiles.csv", put_quantiles, RAD_ANALYSIS_HISTOGRAMS, "between which values each quantile lies"},
    {"counts.csv", put_counts, RAD_ANALYSIS_TABLES, "how many patients have each level"},
    {"tables.csv", put_tables, RAD_ANALYSIS_TABLES, "how many have each pair of levels"},
    {"covariance.csv", put_covariance, RAD_ANALYSIS_COVARIANCE,
     "covariance and correlation of each pair of the panel"},
    {"models.csv", rad_models_table, RAD_ANALYSIS_MODEL,
     "linear models of every feature, without and with sites"},
    {"harmonisation.csv", rad_combat_table, RAD_ANALYSIS_MODEL,
     "what ComBat takes out of each feature at each site"},
    {"harmonisation.json", rad_combat_file, RAD_ANALYSIS_MODEL,
     "the same, for `radiomill harmonise` at the sites"},
    {"reliability.csv", rad_reliability_table, RAD_ANALYSIS_RELIABILITY,
     "how well repeats of every variable agree"},
    {"survival.csv", rad_survival_curves, RAD_ANALYSIS_SURVIVAL,
     "Kaplan-Meier curves on the public grid of times"},
    {"survival_by_site.csv", rad_survival_curves_by_site, RAD_ANALYSIS_SURVIVAL,
     "the same of each site, at its own times"},
    {"survival_medians.csv", rad_survival_medians, RAD_ANALYSIS_SURVIVAL,
     "between which times half of the patients had the event"},
    {"logrank.csv", rad_survival_tests, RAD_ANALYSIS_SURVIVAL,
     "whether levels of a group differ in survival, without and with sites as strata"},
    {"logrank_levels.csv", rad_survival_levels, RAD_ANALYSIS_SURVIVAL,
     "observed and expected events of each level"},
    {"tests.csv", rad_relations_tests, RAD_ANALYSIS_GROUPS,
     "whether a variable differs between the levels of a group"},
    {"site_effects.csv", rad_relations_sites, RAD_ANALYSIS_MOMENTS,
     "whether a variable differs between sites"},
    {"table_tests.csv", rad_relations_tables, RAD_ANALYSIS_TABLES,
     "whether two variables with levels depend on each other"},
    {"meta.csv", rad_estimates_table,
     RAD_ANALYSIS_MOMENTS | RAD_ANALYSIS_GROUPS | RAD_ANALYSIS_TABLES | RAD_ANALYSIS_COVARIANCE |
         RAD_ANALYSIS_MODEL | RAD_ANALYSIS_SURVIVAL,
     "what each site estimates, as random-effects meta-analyses"},
    {"components.csv", rad_relations_components, RAD_ANALYSIS_COVARIANCE,
     "principal components of the panel"},
    {"loadings.csv", rad_relations_loadings, RAD_ANALYSIS_COVARIANCE, "which variables make them up"},
    {"clusters.csv", rad_relations_clusters, RAD_ANALYSIS_COVARIANCE,
     "which variables of the panel are redundant, and which to keep"},
    {"partial.csv", rad_relations_partial, RAD_ANALYSIS_COVARIANCE,
     "correlations of the panel with volume held fixed"},
    {"report.html", rad_report_page, 0, "all of it on one page, with plots"},
};
enum { FILES = sizeof files / sizeof files[0] };

bool rad_pooled_has(const rad_study *study, const char *name) {
    for (size_t i = 0; i < FILES; i++)
        if (!strcmp(files[i].name, name)) return !files[i].analyses || study->analyses & files[i].analyses;
    return false;
}

static bool is_asked(const rad_pool *p, size_t file) {
    return !files[file].analyses || p->study->analyses & files[file].analyses;
}

static json_t *number_or_null(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *variable_object(const rad_pool *p, size_t v) {
    const rad_summary_variable *x = &p->total.variables[v];
    const rad_moments *m = &p->total.moments[v];
    char text[RAD_EXACT_TEXT];
    rad_description d;
    json_t *sums = json_array();
    if (rad_describe(m, x->centre, &d, NULL) != RAD_OK) return NULL;
    for (int k = 0; k < m->powers; k++) rad_tree_add(&sums, json_string(rad_exact_write(&m->sum[k], text)));
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:I, s:o, s:o, s:o, s:o, s:o, s:I}", "name", x->name,
                     "definition", x->definition, "unit", x->unit, "scale", rad_put_scale(x), "centre",
                     x->centre, "n", (json_int_t)d.n, "mean", number_or_null(d.mean), "variance",
                     number_or_null(d.variance), "skewness", number_or_null(d.skewness), "kurtosis",
                     number_or_null(d.kurtosis), "sums", sums, "sites",
                     (json_int_t)rad_pool_sites_of(p, 0, v));
}

static json_t *sites_array(const rad_pool *p) {
    json_t *sites = json_array();
    for (size_t i = 0; i < p->count; i++) {
        const rad_summary *s = &p->sites[i];
        json_t *refused = json_array();
        for (size_t k = 0; k < s->refused; k++)
            rad_tree_add(&refused, json_pack("{s:s, s:s, s:s}", "what", s->refusals[k].what, "rule",
                                             s->refusals[k].rule, "words", s->refusals[k].words));
        rad_tree_add(&sites,
                     json_pack("{s:s, s:I, s:s, s:I, s:I, s:s, s:s, s:I, s:o}", "site", s->site, "release",
                               (json_int_t)s->release, "digest", s->digest, "patients", (json_int_t)s->rows,
                               "failed", (json_int_t)rad_summary_failures(s), "engine", s->engine, "check",
                               s->check, "held_back", (json_int_t)s->withheld, "refused", refused));
    }
    return sites;
}

static rad_status put_json(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    char rules[512];
    json_t *variables = json_array(), *replaced = json_array(), *names = json_array();
    for (size_t v = 0; v < p->total.count; v++) rad_tree_add(&variables, variable_object(p, v));
    for (size_t i = 0; i < p->replaced_count; i++)
        rad_tree_add(&replaced, json_pack("{s:s, s:I, s:s}", "site", p->replaced[i].site, "release",
                                          (json_int_t)p->replaced[i].release, "why",
                                          p->replaced[i].same ? "a copy" : "a newer release counts"));
    for (size_t i = 0; i < FILES; i++)
        if (is_asked(p, i)) rad_tree_add(&names, json_string(files[i].name));
    json_t *all = json_pack("{s:{s:s, s:s}, s:{s:s, s:s}, s:I, s:s, s:s, s:o, s:o, s:I, s:o, s:o}", "engine",
                            "name", "radiomill", "version", RAD_VERSION, "study", "id", p->study->id, "hash",
                            p->study->hash, "patients", (json_int_t)p->total.rows, "settings",
                            p->total.settings, "rules", rad_rules_text(&p->rules, rules, sizeof rules),
                            "sites", sites_array(p), "replaced", replaced, "quantiles_refused",
                            (json_int_t)count_edges(p, NULL), "files", names, "variables", variables);
    rad_status status = rad_tree_put(out, all, JSON_INDENT(1), error);
    fputc('\n', out);
    return status;
}

static rad_status make_folder(const char *path, rad_error *error) {
    if (!mkdir(path, 0777) || errno == EEXIST) return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be made: %s", path, strerror(errno));
}

/* Files are written at once: none needs another. */
typedef struct writing {
    const rad_results *results;
    const char *folder;
    bool review[FILES];
} writing;

/* A file and its evidence. */
static rad_status write_file(size_t i, void *context, rad_error *error) {
    writing *w = context;
    char path[PATH];
    bool pass = true;
    rad_evidence e = {.result = files[i].name, .answers = files[i].answers, .analyses = files[i].analyses};
    if (!is_asked(w->results->pool, i)) return RAD_OK;
    snprintf(path, sizeof path, "%s/%s", w->folder, files[i].name);
    rad_status status = rad_bytes_stream(path, files[i].body, (void *)w->results, error);
    if (status == RAD_OK) status = rad_radsum_digest(path, e.digest, error);
    snprintf(path, sizeof path, "%s/evidence/%s.json", w->folder, files[i].name);
    if (status == RAD_OK) status = rad_evidence_write(path, w->results->pool, &e, &pass, error);
    w->review[i] = !pass;
    return status;
}

static rad_status write_files(const rad_results *r, const char *folder, int threads, size_t *review,
                              rad_error *error) {
    writing w = {.results = r, .folder = folder};
    const rad_status status = rad_parallel_try(FILES, threads, write_file, &w, error);
    for (size_t i = 0; i < FILES; i++) *review += w.review[i];
    return status;
}

rad_status rad_pooled_write(const rad_pool *pool, const char *folder, bool withhold, int threads,
                            size_t *review, rad_warnings *warnings, rad_error *error) {
    char path[PATH];
    size_t ignored = 0;
    rad_results results;
    if (!review) review = &ignored;
    *review = 0;
    if (!withhold && count_edges(pool, error)) return RAD_REFUSED;
    rad_status status = rad_results_make(pool, withhold, &results, error);
    if (status != RAD_OK) return status;
    rad_harmonisation_explain(&results.combat, warnings);
    status = make_folder(folder, error);
    snprintf(path, sizeof path, "%s/evidence", folder);
    if (status == RAD_OK) status = make_folder(path, error);
    if (status == RAD_OK) status = write_files(&results, folder, threads, review, error);
    snprintf(path, sizeof path, "%s/pooled.json", folder);
    if (status == RAD_OK) status = rad_bytes_stream(path, put_json, &results, error);
    rad_results_free(&results);
    return status;
}

rad_status rad_pooled_seen(const char *folder, rad_radsum_head **seen, size_t *count, rad_error *error) {
    char path[PATH];
    struct stat about;
    size_t i;
    json_t *all, *entry;
    *seen = NULL;
    *count = 0;
    snprintf(path, sizeof path, "%s/pooled.json", folder);
    if (stat(path, &about)) return RAD_OK;
    rad_status status = rad_tree_read(path, &all, error);
    json_t *sites = json_object_get(all, "sites");
    if (status == RAD_OK && !json_is_array(sites))
        status = rad_fail(error, RAD_UNREADABLE, "%s: is no pooled.json", path);
    if (status == RAD_OK) *seen = rad_new(json_array_size(sites), sizeof **seen, error);
    if (status == RAD_OK && !*seen) status = RAD_NO_MEMORY;
    json_array_foreach(sites, i, entry) {
        const char *site = json_string_value(json_object_get(entry, "site")),
                   *digest = json_string_value(json_object_get(entry, "digest"));
        if (status != RAD_OK || !site || !digest) continue;
        rad_radsum_head *h = &(*seen)[(*count)++];
        snprintf(h->site, sizeof h->site, "%s", site);
        snprintf(h->digest, sizeof h->digest, "%s", digest);
        h->release = (uint32_t)json_integer_value(json_object_get(entry, "release"));
    }
    json_decref(all);
    return status;
}
