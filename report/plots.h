/* Sections of the page of a pool that draw. A section that has nothing to show says why. */
#ifndef RAD_PLOTS_H
#define RAD_PLOTS_H

#include "pooled.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PLOTS_SHOWN = 6, RAD_ROWS_SHOWN = 15 };

rad_pooled_body rad_section_coverage;     /* what numbers stand on; parts by site */
rad_pooled_body rad_section_baseline;     /* Table 1, flow of patients */
rad_pooled_body rad_section_forest;       /* where sites differ most */
rad_pooled_body rad_section_groups;       /* p-values, tables, forests */
rad_pooled_body rad_section_densities;    /* before and after ComBat */
rad_pooled_body rad_section_heatmap;      /* correlations, clusters */
rad_pooled_body rad_section_components;   /* scree */
rad_pooled_body rad_section_models;       /* p-values of terms */
rad_pooled_body rad_section_coefficients; /* models from sums: slopes, paths */
rad_pooled_body rad_section_reliability;  /* ICC(A,1) */
rad_pooled_body rad_section_curves;       /* Kaplan-Meier */
rad_pooled_body rad_section_performance;  /* forests, ROC, calibration, decision curves of scores */

rad_pooled_body rad_section_risk;    /* Kaplan-Meier by classes of scores */
rad_pooled_body rad_section_methods; /* a paragraph of methods, checklists */
rad_pooled_body rad_checklists_put;  /* items of METRICS and CLEAR */

/* Forests of what the sites estimate: differences between two levels, odds ratios of a table of two by two,
 * hazard ratios of two levels. Nothing where fewer than two sites have one. */
rad_status rad_forest_differences(FILE *out, const rad_results *results, size_t factor, size_t variable,
                                  rad_error *error) RAD_MUST_CHECK;

rad_status rad_forest_odds(FILE *out, const rad_results *results, size_t table,
                           rad_error *error) RAD_MUST_CHECK;
rad_status rad_forest_hazards(FILE *out, const rad_results *results, size_t outcome, size_t factor,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
