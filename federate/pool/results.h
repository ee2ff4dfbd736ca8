/* Tables of what hangs together in a pool: groups, sites, counts, correlations. Each is a body for
 * rad_bytes_stream, with a rad_results as its context. */
#ifndef RAD_RELATIONS_H
#define RAD_RELATIONS_H

#include "combat.h"
#include "estimates.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A pool and what several tables, and the page, need of it. */
typedef struct rad_results {
    const rad_pool *pool;
    rad_correlations correlations;
    rad_harmonisation combat; /* empty without a model */
    rad_models models;        /* likewise */
    rad_findings findings;
    rad_meta *means;          /* by REML, [variable], owned */
    size_t components;        /* of which there are vectors */
    double *values, *vectors; /* owned */
} rad_results;

/* RAD_REFUSED: a site too small for harmonisation, unless `withhold` leaves it out. */
rad_status rad_results_make(const rad_pool *pool, bool withhold, rad_results *results,
                            rad_error *error) RAD_MUST_CHECK;
void rad_results_free(rad_results *results);

/* Of each variable and group: t and Welch for two levels, analysis of variance for any number; p also
 * adjusted by Benjamini and Hochberg over the variables. */
rad_status rad_relations_tests(FILE *out, void *context, rad_error *error);

/* Analysis of variance of each variable over the sites. */
rad_status rad_relations_sites(FILE *out, void *context, rad_error *error);

/* Chi-square and, of two by two, Fisher's exact test; of tables that no site hides a cell of. */
rad_status rad_relations_tables(FILE *out, void *context, rad_error *error);

/* Both tests of a table of the study; NaN where undefined. False: a site hides a cell. */
bool rad_relations_table_test(const rad_pool *pool, size_t table, rad_test *chi, rad_test *fisher);

/* Principal components of the correlations, and the first ten of them by variable. */
rad_status rad_relations_components(FILE *out, void *context, rad_error *error);
rad_status rad_relations_loadings(FILE *out, void *context, rad_error *error);

/* Clusters of variables with |r| of at least the study's `redundancy`, and which of each to keep. */
rad_status rad_relations_clusters(FILE *out, void *context, rad_error *error);

/* Correlations with the study's `volume`, and of pairs given it. */
rad_status rad_relations_partial(FILE *out, void *context, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
