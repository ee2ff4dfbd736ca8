/* A table as so many sites, summarised and pooled below the rules of disclosure: what the comparison with R
 * reads. usage: no_rules STUDY TABLE SITES FOLDER */
#include "../../core/memory.h"
#include "../../federate/site/summarise.h"
#include "../../report/pooled.h"

#include <stdio.h>
#include <stdlib.h>

static rad_status pool_site(const rad_cohort *all, const rad_study *study, size_t site, size_t sites,
                            rad_pool *pool, rad_error *error) {
    rad_cohort part = {0};
    rad_permit permit = {0};
    rad_summary summary = {0};
    uint64_t *rows = rad_new(all->words, sizeof *rows, error);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t r = 0; r < all->rows; r++)
        if (r * sites / all->rows == site) rows[r / 64] |= (uint64_t)1 << (r % 64);
    rad_status status = rad_cohort_select(all, study, rows, &part, error);
    if (status == RAD_OK) status = rad_permit_make(&part, study, NULL, 2, &permit, error);
    if (status == RAD_OK) status = rad_summarise(&part, study, NULL, &permit, 2, &summary, error);
    snprintf(summary.site, sizeof summary.site, "site%zu", site + 1);
    if (status == RAD_OK) status = rad_pool_add(pool, &summary, 2, error);
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    rad_cohort_free(&part);
    rad_free(rows);
    return status;
}

int main(int argc, char **argv) {
    rad_error error = {0};
    rad_study study = {0};
    rad_cohort cohort = {0};
    rad_pool pool = {.study = &study};
    if (argc != 5) return RAD_USAGE;
    const size_t sites = strtoul(argv[3], NULL, 10);
    rad_status status = rad_study_read(argv[1], &study, &error);
    if (status == RAD_OK) status = rad_cohort_read(argv[2], NULL, &study, &cohort, &error);
    for (size_t i = 0; i < sites && status == RAD_OK; i++)
        status = pool_site(&cohort, &study, i, sites, &pool, &error);
    pool.rules = (rad_rules){.cell = 0}; /* of sites too: one or two may be compared with the others */
    if (status == RAD_OK) status = rad_pooled_write(&pool, argv[4], true, 2, NULL, NULL, &error);
    if (status != RAD_OK) fprintf(stderr, "no_rules: %s\n", error.text);
    rad_pool_free(&pool);
    rad_cohort_free(&cohort);
    rad_study_free(&study);
    return (int)status;
}
