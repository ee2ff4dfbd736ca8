#include "pool_analyses.h"

#include "histograms.h"
#include "results.h"

/* In the order of the bits of rad_analysis. */
const rad_pool_analysis rad_pool_analyses[] = {
    {rad_moments_add, rad_moments_compute, rad_moments_clear, rad_moments_see},
    {rad_groups_add, rad_groups_compute, rad_groups_clear, rad_groups_see},
    {NULL, rad_histograms_compute, NULL, rad_histograms_see},
    {rad_counts_add, rad_counts_compute, rad_counts_clear, rad_counts_see},
    {rad_covariance_add, rad_covariance_compute, rad_covariance_clear, rad_covariance_see},
    {rad_models_add, rad_models_compute, rad_models_clear, rad_models_see},
    {rad_reliability_add, rad_reliability_compute, rad_reliability_clear, rad_reliability_see},
    {NULL, rad_survival_compute, rad_survival_clear, rad_survival_see},
};
_Static_assert(sizeof rad_pool_analyses / sizeof rad_pool_analyses[0] == RAD_ANALYSES, "a row per analysis");
