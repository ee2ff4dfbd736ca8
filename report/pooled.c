#include "pooled.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../federate/member.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "evidence.h"
#include "fields.h"
#include "pooled_tables.h"
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH = 4096 };

static const struct {
    const char *name;
    rad_pooled_body *body;
    unsigned analyses;
    const char *answers;
} files[] = {
#define ROW(name, body, analyses, answers) {name, body, analyses, answers},
    RAD_POOLED_LIST(ROW){"report.html", rad_report_page, 0, "all of it on one page, with plots"},
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

/* Sums and what follows from them, where as many sites and patients stand behind them as the rules want. */
static json_t *variable_object(const rad_results *r, size_t v) {
    const rad_basis *b = &r->moments.basis[v];
    const rad_summary_variable *x = &r->pool->total.variables[v];
    const rad_moments *m = &r->pool->total.moments[v];
    const rad_description *d = &r->moments.all[v];
    char text[RAD_EXACT_TEXT];
    json_t *sums = json_array();
    for (int k = 0; k < m->powers && b->shown; k++)
        rad_tree_add(&sums, json_string(rad_exact_write(&m->sum[k], text)));
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "name", x->name,
                     "definition", x->definition, "unit", x->unit, "scale", rad_fields_scale(x), "centre",
                     x->centre, "step", ldexp(1, x->step), "n",
                     b->shown ? json_integer((json_int_t)d->n) : json_null(), "mean", number_or_null(d->mean),
                     "variance", number_or_null(d->variance), "skewness", number_or_null(d->skewness),
                     "kurtosis", number_or_null(d->kurtosis), "sums", sums, "sites", (json_int_t)b->sites);
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
                     json_pack("{s:s, s:I, s:s, s:I, s:o, s:s, s:s, s:I, s:o, s:o}", "site", s->site,
                               "release", (json_int_t)s->release, "digest", s->digest, "patients",
                               (json_int_t)s->rows, "failed", rad_member_cell(rad_summary_failures(s)),
                               "engine", s->engine, "check", s->check, "held_back", (json_int_t)s->withheld,
                               "refused", refused, "ledger",
                               json_pack("{s:s, s:s, s:I, s:s}", "id", s->ledger.id, "begun", s->ledger.begun,
                                         "entries", (json_int_t)s->ledger.entries, "head", s->ledger.head)));
    }
    return sites;
}

static rad_status put_json(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    char rules[512];
    json_t *variables = json_array(), *replaced = json_array(), *names = json_array();
    for (size_t v = 0; v < p->total.count; v++) rad_tree_add(&variables, variable_object(r, v));
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
                            (json_int_t)r->quantiles_refused, "files", names, "variables", variables);
    rad_status status = rad_tree_put(out, all, JSON_INDENT(1), error);
    fputc('\n', out);
    return status;
}

static rad_status make_folder(const char *path, rad_error *error) {
    if (!mkdir(path, 0777) || errno == EEXIST) return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be created: %s", path, strerror(errno));
}

/* A body and what it says. */
typedef struct printing {
    rad_pooled_body *body;
    const rad_results *results;
} printing;

static rad_status put_body(FILE *out, void *context, rad_error *error) {
    const printing *p = context;
    return p->body(out, p->results, error);
}

static rad_status print_file(const char *path, rad_pooled_body *body, const rad_results *r,
                             rad_error *error) {
    return rad_bytes_stream(path, put_body, &(printing){body, r}, error);
}

/* Tables are written at once: none needs another. Then the page, which says what their numbers stand on, then
 * the evidence of each. */
enum { PAGE = FILES - 1 };
typedef struct writing {
    const rad_results *results;
    const char *folder;
    rad_tally *tally; /* of each file */
    bool review[FILES];
} writing;

static rad_status write_file(size_t i, void *context, rad_error *error) {
    const writing *w = context;
    char path[PATH];
    rad_results own = *w->results;
    if (!is_asked(own.pool, i)) return RAD_OK;
    own.tally = &w->tally[i];
    own.tallies = w->tally;
    own.tally_count = i == PAGE ? PAGE : 0;
    w->tally[i].file = files[i].name;
    snprintf(path, sizeof path, "%s/%s", w->folder, files[i].name);
    return print_file(path, files[i].body, &own, error);
}

static rad_status write_evidence(size_t i, void *context, rad_error *error) {
    writing *w = context;
    char path[PATH];
    bool pass = true;
    rad_evidence e = {.result = files[i].name,
                      .answers = files[i].answers,
                      .analyses = files[i].analyses,
                      .tally = &w->tally[i]};
    if (!is_asked(w->results->pool, i)) return RAD_OK;
    snprintf(path, sizeof path, "%s/%s", w->folder, files[i].name);
    rad_status status = rad_radsum_digest(path, NULL, e.digest, error);
    snprintf(path, sizeof path, "%s/evidence/%s.json", w->folder, files[i].name);
    if (status == RAD_OK) status = rad_evidence_write(path, w->results->pool, &e, &pass, error);
    w->review[i] = !pass && !w->tally[i].unasked;
    return status;
}

static rad_status write_files(const rad_results *r, const char *folder, int threads, size_t *review,
                              rad_error *error) {
    writing w = {.results = r, .folder = folder, .tally = rad_new(FILES, sizeof *w.tally, error)};
    if (!w.tally) return RAD_NO_MEMORY;
    rad_status status = rad_parallel_try(PAGE, threads, write_file, &w, error);
    w.tally[PAGE].single = true;
    for (size_t i = 0; i < PAGE; i++)
        if (!w.tally[i].unasked) rad_tally_add(&w.tally[PAGE], &w.tally[i]);
    if (status == RAD_OK) status = write_file(PAGE, &w, error);
    if (status == RAD_OK) status = rad_parallel_try(FILES, threads, write_evidence, &w, error);
    for (size_t i = 0; i < FILES; i++) *review += w.review[i];
    rad_free(w.tally);
    return status;
}

rad_status rad_pooled_write(const rad_pool *pool, const char *folder, bool withhold, int threads,
                            size_t *review, rad_warnings *warnings, rad_error *error) {
    char path[PATH];
    size_t ignored = 0;
    rad_results results;
    if (!review) review = &ignored;
    *review = 0;
    rad_status status = rad_results_make(pool, withhold, &results, error);
    if (status != RAD_OK) return status;
    rad_harmonisation_explain(&results.combat, warnings);
    rad_pool_models_explain(&results, warnings);
    status = make_folder(folder, error);
    snprintf(path, sizeof path, "%s/evidence", folder);
    if (status == RAD_OK) status = make_folder(path, error);
    if (status == RAD_OK) status = write_files(&results, folder, threads, review, error);
    snprintf(path, sizeof path, "%s/pooled.json", folder);
    if (status == RAD_OK) status = print_file(path, put_json, &results, error);
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
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not a pooled.json", path);
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
        const json_t *ledger = json_object_get(entry, "ledger");
        const char *id = json_string_value(json_object_get(ledger, "id"));
        snprintf(h->ledger.id, sizeof h->ledger.id, "%s", id ? id : "");
        h->ledger.entries = (uint64_t)json_integer_value(json_object_get(ledger, "entries"));
    }
    json_decref(all);
    return status;
}
