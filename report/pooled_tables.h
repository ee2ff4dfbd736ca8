/* Bodies of the tables of a pool, by subject in tables_*.c; pooled.c has the row of each. */
#ifndef RAD_POOLED_TABLES_H
#define RAD_POOLED_TABLES_H

#include "pooled.h"

#ifdef __cplusplus
extern "C" {
#endif

rad_pooled_body rad_tables_sites;

rad_pooled_body rad_tables_moments, rad_tables_moments_by_site, rad_tables_moments_by_group,
    rad_tables_leave_one_out;

rad_pooled_body rad_tables_tests, rad_tables_site_effects;

rad_pooled_body rad_tables_histograms, rad_tables_quantiles;

rad_pooled_body rad_tables_counts, rad_tables_pairs, rad_tables_pair_tests;

rad_pooled_body rad_tables_covariance, rad_tables_components, rad_tables_loadings, rad_tables_clusters,
    rad_tables_partial;

rad_pooled_body rad_tables_models, rad_tables_harmonisation, rad_tables_harmonisation_file;

rad_pooled_body rad_tables_reliability;

rad_pooled_body rad_tables_curves, rad_tables_curves_by_site, rad_tables_medians, rad_tables_logrank,
    rad_tables_logrank_levels;

rad_pooled_body rad_tables_estimates;

#ifdef __cplusplus
}
#endif
#endif
