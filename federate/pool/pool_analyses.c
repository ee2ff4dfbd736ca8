#include "pool_analyses.h"

#include "histograms.h"
#include "results.h"

const rad_pool_analysis rad_pool_analyses[] = {
    [RAD_MOMENTS] = {rad_moments_add, rad_moments_compute, rad_moments_clear, rad_moments_see},
    [RAD_GROUPS] = {rad_groups_add, rad_groups_compute, rad_groups_clear, rad_groups_see},
    [RAD_HISTOGRAMS] = {NULL, rad_histograms_compute, NULL, rad_histograms_see},
    [RAD_TABLES] = {rad_counts_add, rad_counts_compute, rad_counts_clear, rad_counts_see},
    [RAD_COVARIANCE] = {rad_covariance_add, rad_covariance_compute, rad_covariance_clear, rad_covariance_see},
    [RAD_MODEL] = {rad_models_add, rad_models_compute, rad_models_clear, rad_models_see},
    [RAD_RELIABILITY] = {rad_reliability_add, rad_reliability_compute, rad_reliability_clear,
                         rad_reliability_see},
    [RAD_SURVIVAL] = {NULL, rad_survival_compute, rad_survival_clear, rad_survival_see},
};
_Static_assert(sizeof rad_pool_analyses / sizeof rad_pool_analyses[0] == RAD_ANALYSES, "a row per analysis");
