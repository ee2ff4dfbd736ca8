/* Sections of the page of a pool that draw: each a body as in relations.h, with a rad_results as its context.
 * A section that has nothing to show says why. */
#ifndef RAD_PLOTS_H
#define RAD_PLOTS_H

#include "../federate/pool/relations.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PLOTS_SHOWN = 6, RAD_ROWS_SHOWN = 15 };

rad_status rad_section_forest(FILE *out, void *context, rad_error *error);     /* where sites differ most */
rad_status rad_section_groups(FILE *out, void *context, rad_error *error);     /* p-values, tables, forests */
rad_status rad_section_densities(FILE *out, void *context, rad_error *error);  /* before and after ComBat */
rad_status rad_section_heatmap(FILE *out, void *context, rad_error *error);    /* correlations, clusters */
rad_status rad_section_components(FILE *out, void *context, rad_error *error); /* scree */
rad_status rad_section_models(FILE *out, void *context, rad_error *error);     /* p-values of terms */
rad_status rad_section_reliability(FILE *out, void *context, rad_error *error); /* ICC(A,1) */
rad_status rad_section_curves(FILE *out, void *context, rad_error *error);      /* Kaplan-Meier */

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
