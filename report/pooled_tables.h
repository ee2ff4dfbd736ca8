/* The tables of a pool: name, body (by subject in tables_*.c), the analyses of which any makes the file be
 * there (0: always), and what it says. */
#ifndef RAD_POOLED_TABLES_H
#define RAD_POOLED_TABLES_H

#include "pooled.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_POOLED_LIST(FILE)                                                                                \
    FILE("sites.csv", rad_tables_sites, 0, "which summaries were pooled, and what they left out")            \
    FILE("coverage.csv", rad_tables_coverage, 0,                                                             \
         "which parts of each analysis each site shows, and why not")                                        \
    FILE("flow.csv", rad_tables_flow, 0, "how many rows each site read, and which of them count")            \
    FILE("table1.csv", rad_tables_baseline,                                                                  \
         RAD_ANALYSIS_MOMENTS | RAD_ANALYSIS_GROUPS | RAD_ANALYSIS_TABLES,                                   \
         "who the patients are, by the levels of each group")                                                \
    FILE("table1_smd.csv", rad_tables_apart, RAD_ANALYSIS_GROUPS | RAD_ANALYSIS_TABLES,                      \
         "how far the levels of a group lie apart in who the patients are")                                  \
    FILE("table1_by_site.csv", rad_tables_baseline_by_site, RAD_ANALYSIS_MOMENTS | RAD_ANALYSIS_TABLES,      \
         "the same of each site")                                                                            \
    FILE("moments.csv", rad_tables_moments, RAD_ANALYSIS_MOMENTS | RAD_ANALYSIS_SKEWNESS,                    \
         "number, mean, spread and shape of every variable, all patients")                                   \
    FILE("moments_by_site.csv", rad_tables_moments_by_site, RAD_ANALYSIS_MOMENTS, "the same of each site")   \
    FILE("leave_one_out.csv", rad_tables_leave_one_out, RAD_ANALYSIS_MOMENTS,                                \
         "the same without each site, and how far that site lies from the others")                           \
    FILE("moments_by_group.csv", rad_tables_moments_by_group, RAD_ANALYSIS_GROUPS,                           \
         "the same of each level of each group")                                                             \
    FILE("histograms.csv", rad_tables_histograms, RAD_ANALYSIS_HISTOGRAMS,                                   \
         "how many patients lie in the intervals of a public grid")                                          \
    FILE("quantiles.csv", rad_tables_quantiles, RAD_ANALYSIS_HISTOGRAMS,                                     \
         "between which values each quantile lies")                                                          \
    FILE("counts.csv", rad_tables_counts, RAD_ANALYSIS_TABLES, "how many patients have each level")          \
    FILE("tables.csv", rad_tables_pairs, RAD_ANALYSIS_TABLES, "how many have each pair of levels")           \
    FILE("covariance.csv", rad_tables_covariance, RAD_ANALYSIS_COVARIANCE,                                   \
         "covariance and correlation of each pair of the panel")                                             \
    FILE("models.csv", rad_tables_models, RAD_ANALYSIS_MODEL,                                                \
         "linear models of every feature, without and with sites")                                           \
    FILE("model_coefficients.csv", rad_tables_coefficients, RAD_ANALYSIS_MODELS,                             \
         "what the models of the study are made of")                                                         \
    FILE("model_fits.csv", rad_tables_fits, RAD_ANALYSIS_MODELS, "how well they fit")                        \
    FILE("model_path.csv", rad_tables_path, RAD_ANALYSIS_MODELS,                                             \
         "how they change with lambda, or with each term that enters")                                       \
    FILE("model_validation.csv", rad_tables_validation, RAD_ANALYSIS_MODELS,                                 \
         "how well they predict each site, which is left out")                                               \
    FILE("factor_tests.csv", rad_tables_factors, RAD_ANALYSIS_MODEL | RAD_ANALYSIS_MODELS,                   \
         "whether a factor tells of a variable beside the other terms, all its levels together")             \
    FILE("harmonisation.csv", rad_tables_harmonisation, RAD_ANALYSIS_MODEL,                                  \
         "what ComBat takes out of each feature at each site")                                               \
    FILE("harmonisation.json", rad_tables_harmonisation_file, RAD_ANALYSIS_MODEL,                            \
         "the same, for `radiomill harmonise` at the sites")                                                 \
    FILE("reliability.csv", rad_tables_reliability, RAD_ANALYSIS_RELIABILITY,                                \
         "how well repeats of every variable agree")                                                         \
    FILE("paired.csv", rad_tables_paired, RAD_ANALYSIS_RELIABILITY | RAD_ANALYSIS_CHANGE,                    \
         "whether repeats differ from earlier ones, by group too")                                           \
    FILE("change_tests.csv", rad_tables_change_tests, RAD_ANALYSIS_CHANGE,                                   \
         "whether changes differ between the levels of a group")                                             \
    FILE("survival.csv", rad_tables_curves, RAD_ANALYSIS_SURVIVAL,                                           \
         "Kaplan-Meier curves on the public grid of times")                                                  \
    FILE("survival_by_site.csv", rad_tables_curves_by_site, RAD_ANALYSIS_SURVIVAL,                           \
         "the same of each site, at its own times")                                                          \
    FILE("survival_medians.csv", rad_tables_medians, RAD_ANALYSIS_SURVIVAL,                                  \
         "between which times half of the patients had the event")                                           \
    FILE("survival_rmst.csv", rad_tables_rmst, RAD_ANALYSIS_SURVIVAL,                                        \
         "how long patients were without the event, on average, up to each time")                            \
    FILE("rmst_tests.csv", rad_tables_rmst_tests, RAD_ANALYSIS_SURVIVAL,                                     \
         "whether that differs between levels of a group")                                                   \
    FILE("incidence.csv", rad_tables_incidence, RAD_ANALYSIS_SURVIVAL,                                       \
         "cumulative incidence of each cause, where causes compete")                                         \
    FILE("incidence_tests.csv", rad_tables_gray, RAD_ANALYSIS_SURVIVAL,                                      \
         "whether it differs between levels of a group, without and with sites as strata")                   \
    FILE("logrank.csv", rad_tables_logrank, RAD_ANALYSIS_SURVIVAL,                                           \
         "whether levels of a group differ in survival, without and with sites as strata")                   \
    FILE("logrank_levels.csv", rad_tables_logrank_levels, RAD_ANALYSIS_SURVIVAL,                             \
         "observed and expected events of each level")                                                       \
    FILE("performance.csv", rad_tables_performance, RAD_ANALYSIS_PERFORMANCE,                                \
         "how well scores tell outcomes: AUC or C, Brier score, calibration")                                \
    FILE("performance_by_site.csv", rad_tables_performance_by_site, RAD_ANALYSIS_PERFORMANCE,                \
         "the same of each site")                                                                            \
    FILE("roc.csv", rad_tables_roc, RAD_ANALYSIS_PERFORMANCE,                                                \
         "how many of either outcome lie above public cuts of a score")                                      \
    FILE("calibration.csv", rad_tables_calibration, RAD_ANALYSIS_PERFORMANCE,                                \
         "events that were seen and expected, by class of a probability")                                    \
    FILE("decision.csv", rad_tables_decision, RAD_ANALYSIS_PERFORMANCE,                                      \
         "net benefit of acting by a probability, at public thresholds")                                     \
    FILE("tests.csv", rad_tables_tests, RAD_ANALYSIS_GROUPS,                                                 \
         "whether a variable differs between the levels of a group")                                         \
    FILE("rank_tests.csv", rad_tables_ranks, RAD_ANALYSIS_RANKS, "the same by ranks within sites")           \
    FILE("site_effects.csv", rad_tables_site_effects, RAD_ANALYSIS_MOMENTS,                                  \
         "whether a variable differs between sites")                                                         \
    FILE("table_tests.csv", rad_tables_pair_tests, RAD_ANALYSIS_TABLES,                                      \
         "whether two variables with levels depend on each other")                                           \
    FILE("meta.csv", rad_tables_estimates,                                                                   \
         RAD_ANALYSIS_MOMENTS | RAD_ANALYSIS_GROUPS | RAD_ANALYSIS_TABLES | RAD_ANALYSIS_COVARIANCE |        \
             RAD_ANALYSIS_MODEL | RAD_ANALYSIS_SURVIVAL,                                                     \
         "what each site estimates, as random-effects meta-analyses")                                        \
    FILE("components.csv", rad_tables_components, RAD_ANALYSIS_COVARIANCE,                                   \
         "principal components of the panel")                                                                \
    FILE("loadings.csv", rad_tables_loadings, RAD_ANALYSIS_COVARIANCE, "which variables make them up")       \
    FILE("clusters.csv", rad_tables_clusters, RAD_ANALYSIS_COVARIANCE,                                       \
         "which variables of the panel are redundant, and which to keep")                                    \
    FILE("partial.csv", rad_tables_partial, RAD_ANALYSIS_COVARIANCE,                                         \
         "correlations of the panel with volume held fixed")

#define RAD_POOLED_BODY(name, body, analyses, answers) rad_pooled_body body;
RAD_POOLED_LIST(RAD_POOLED_BODY)
#undef RAD_POOLED_BODY

#ifdef __cplusplus
}
#endif
#endif
