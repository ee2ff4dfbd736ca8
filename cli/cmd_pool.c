#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../pipeline/validate/reference.h"
#include "../report/pooled.h"

#include <stdio.h>
#include <string.h>

enum { TRUSTED, OUTPUT, WITHHOLD, THREADS, FORMULAS };
static const rad_option options[] = {
    [TRUSTED] = {"--trusted", 'k', "KEYS",
                 "public keys of the sites, a line each: the .pub files one after the other"},
    [OUTPUT] = {"--output", 'o', "DIR", "folder of the tables; default: pooled"},
    [WITHHOLD] = {"--withhold", 0, NULL,
                  "leave out quantiles, small sites and harmonisations that are refused, and write the rest"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

/* Values of the digital phantom that an engine has to meet. */
static rad_status count_values(size_t *values, rad_error *error) {
    rad_reference_table table = {0};
    rad_status status = rad_reference_read(&table, error);
    for (size_t i = 0; i < table.count && status == RAD_OK; i++)
        *values += table.rows[i].standardised && !strcmp(table.rows[i].data_set, "digital_phantom");
    rad_reference_free(&table);
    return status;
}

static rad_status pool_all(const rad_arguments *a, const rad_study *study, const rad_trusted *trusted,
                           int threads, rad_error *error) {
    const char *folder = a->value[OUTPUT] ? a->value[OUTPUT] : "pooled";
    rad_radsum_head *seen = NULL;
    size_t seen_count = 0, review = 0, values = 0;
    rad_pool pool = {.study = study};
    rad_warnings warnings = {.count = 0};
    rad_status status = rad_pooled_seen(folder, &seen, &seen_count, error);
    if (status == RAD_OK)
        status = rad_pool_read(&(rad_pool_files){a->operand + 1, a->operands - 1, trusted, seen, seen_count},
                               study, threads, &pool, error);
    if (status == RAD_OK) status = count_values(&values, error);
    if (status == RAD_OK) status = rad_pool_check_engines(&pool, values, error);
    if (status == RAD_OK) status = rad_pool_check(&pool, error);
    if (status == RAD_OK)
        status =
            rad_pooled_write(&pool, folder, a->value[WITHHOLD] != NULL, threads, &review, &warnings, error);
    rad_print_warnings(&warnings);
    if (status == RAD_OK && review)
        rad_show(stderr,
                 "radiomill: warning: the evidence of %zu results says \"review\": a site gave numbers of "
                 "fewer patients than its own rule allows; see %s/evidence\n",
                 review, folder);
    for (size_t i = 0; i < pool.replaced_count && status == RAD_OK; i++)
        rad_show(stderr, "radiomill: warning: release %u of site %s: %s\n", pool.replaced[i].release,
                 pool.replaced[i].site,
                 pool.replaced[i].same ? "the same file is given twice and counts once"
                                       : "a newer release counts");
    if (status == RAD_OK)
        rad_show(stdout, "%s: %zu sites, %llu patients, %zu variables; %s/report.html has it on one page\n",
                 folder, pool.count, (unsigned long long)pool.total.rows, pool.total.count, folder);
    rad_pool_free(&pool);
    rad_free(seen);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_study study;
    rad_trusted trusted = {.count = 0};
    int threads;
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &threads, error);
    if (status == RAD_OK && !a->value[TRUSTED])
        status = rad_fail(error, RAD_USAGE, "pool: --trusted KEYS is needed, the public keys of the sites");
    if (status == RAD_OK) status = rad_study_read(a->operand[0], &study, error);
    if (status != RAD_OK) return status;
    status = rad_trusted_read(a->value[TRUSTED], &trusted, error);
    if (status == RAD_OK) status = pool_all(a, &study, &trusted, threads, error);
    rad_trusted_free(&trusted);
    rad_study_free(&study);
    return status;
}

const rad_command rad_command_pool = {
    "pool",
    "STUDY.yaml SITE.radsum...",
    2,
    RAD_OPERANDS_MAX,
    "Adds the summaries of the sites up: tables that equal those of the pooled rows.",
    options,
    sizeof options / sizeof options[0],
    run,
};
