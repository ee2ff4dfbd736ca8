#include "visit.h"

#include "../core/memory.h"
#include "../core/pace.h"
#include "../core/printable.h"
#include "../federate/plain.h"
#include "../federate/signed.h"
#include "../pipeline/validate/reference.h"
#include "../report/pooled.h"
#include "pool_rehearsals.h"

#include <string.h>

typedef struct job {
    const rad_pool_options *options;
    const rad_control *control;
    const char *folder;
    rad_study study;
    rad_trusted trusted;
    rad_signer reader; /* the coordinator, where its key is given */
    rad_pool pool;
    rad_radsum_head *seen; /* releases that were pooled before */
    size_t seen_count, review;
    rad_warnings warnings;
    rad_pace pace;
} job;

/* Values of the digital phantom that an engine has to meet. */
static rad_status check_engines(const rad_pool *pool, rad_error *error) {
    rad_reference_table table = {0};
    size_t values = 0;
    rad_status status = rad_reference_read(&table, error);
    for (size_t i = 0; i < table.count && status == RAD_OK; i++)
        values += table.rows[i].standardised && !strcmp(table.rows[i].data_set, "digital_phantom");
    rad_reference_free(&table);
    return status == RAD_OK ? rad_pool_check_engines(pool, values, error) : status;
}

static void note_all(const job *j, rad_status status) {
    rad_visit_warn(j->control, &j->warnings);
    if (status != RAD_OK) return;
    for (size_t i = 0; i < j->pool.count; i++)
        if (!strcmp(j->pool.sites[i].ledger.begun, "again"))
            rad_visit_note(j->control,
                           "warning: site %s has begun a new ledger: what left it before, it does not know",
                           j->pool.sites[i].site);
    if (j->review)
        rad_visit_note(
            j->control,
            "warning: the evidence of %zu results does not say \"pass\": some of their numbers are "
            "of fewer sites than are pooled, or empty; %s/coverage.csv and %s/evidence say which",
            j->review, j->folder, j->folder);
    for (size_t i = 0; i < j->pool.count && j->options->key; i++)
        if (!j->pool.sites[i].sealed)
            rad_visit_note(j->control, "warning: the summary of site %s came open, not sealed",
                           j->pool.sites[i].site);
    for (size_t i = 0; i < j->pool.replaced_count; i++) {
        const rad_replaced *r = &j->pool.replaced[i];
        rad_visit_note(j->control, "warning: release %u of site %s: %s", r->release, r->site,
                       r->same ? "the same file is given twice and counts once" : "a newer release counts");
    }
}

/* What goes back to the sites is signed by the coordinator. */
static rad_status sign_harmonisation(const job *j, rad_error *error) {
    char path[RAD_SIGNED_PATH];
    if (!j->options->key || !rad_pooled_has(&j->study, "harmonisation.json")) return RAD_OK;
    snprintf(path, sizeof path, "%s/harmonisation.json", j->folder);
    return rad_signed_write(path, &j->reader, error);
}

static rad_status pool_all(job *j, rad_error *error) {
    const rad_pool_options *o = j->options;
    const int threads = rad_visit_threads(j->control);
    rad_status status = rad_study_read(o->study, &j->study, error);
    if (status != RAD_OK) return status;
    j->pool.study = &j->study;
    status = rad_trusted_read(o->trusted, &j->trusted, error);
    if (status == RAD_OK && o->key) status = rad_signer_read(o->key, &j->reader, error);
    if (status == RAD_OK) status = rad_pooled_seen(j->folder, &j->seen, &j->seen_count, error);
    if (status == RAD_OK) status = rad_pace_check(&j->pace, error);
    const rad_pool_files files = {o->summaries, o->summary_count, &j->trusted,
                                  j->seen,      j->seen_count,    o->key ? &j->reader : NULL};
    if (status == RAD_OK) status = rad_pool_read(&files, &j->study, threads, &j->pool, error);
    j->pool.absent = o->absent;
    if (status == RAD_OK) status = check_engines(&j->pool, error);
    if (status == RAD_OK) status = rad_pool_check(&j->pool, error);
    rad_pace_add(&j->pace, 1);
    if (status == RAD_OK) status = rad_pace_check(&j->pace, error);
    if (status == RAD_OK)
        status = rad_pooled_write(&j->pool, j->folder, o->withhold, threads, &j->review, &j->warnings, error);
    if (status == RAD_OK) status = sign_harmonisation(j, error);
    note_all(j, status);
    return status;
}

static rad_status put_sites(FILE *out, void *context, rad_error *error) {
    const job *j = context;
    (void)error;
    rad_show(out, "%s: %zu site%s, %llu patient%s, %zu variable%s; %s/report.html has it on one page\n",
             j->folder, j->pool.count, rad_plural(j->pool.count), (unsigned long long)j->pool.total.rows,
             rad_plural(j->pool.total.rows), j->pool.total.count, rad_plural(j->pool.total.count), j->folder);
    return RAD_OK;
}

rad_status rad_pool_summaries(const rad_pool_options *options, const rad_control *control, char **said,
                              rad_error *error) {
    RAD_VISIT(error);
    if (said) *said = NULL;
    RAD_NEEDS(options);
    RAD_NEEDS(options->study);
    RAD_NEEDS(options->summaries);
    RAD_NEEDS(options->trusted);
    char fault[RAD_PLAIN_WORDS];
    if (options->absent && rad_plain_fault(options->absent, fault))
        return rad_fail(error, RAD_USAGE, "pool: --absent: %s", fault);
    for (size_t i = 0; i < options->summary_count; i++) RAD_NEEDS(options->summaries[i]);
    if (options->rehearse) return rad_pool_rehearsals(options, said, error);
    job j = {.options = options, .control = control, .folder = options->output ? options->output : "pooled"};
    rad_pace_begin(&j.pace, control, 2);
    rad_status status = pool_all(&j, error);
    if (status == RAD_OK) status = rad_visit_say(put_sites, &j, said, error);
    rad_pool_free(&j.pool);
    rad_free(j.seen);
    rad_trusted_free(&j.trusted);
    rad_signer_wipe(&j.reader);
    rad_study_free(&j.study);
    return status;
}
