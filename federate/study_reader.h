/* The readers of a study: what those of its keys share, and those that stand in files of their own. */
#ifndef RAD_STUDY_READER_H
#define RAD_STUDY_READER_H

#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_study_reader {
    rad_study *s;
    const char *name; /* of the file */
    rad_error *error;
} rad_study_reader;

#define RAD_STUDY_FAIL(r, node, ...) rad_node_fail(node, (r)->name, (r)->error, __VA_ARGS__)

rad_status rad_study_reader_text(rad_study_reader *r, const rad_node *node, const char **text) RAD_MUST_CHECK;
rad_status rad_study_reader_number(rad_study_reader *r, const rad_node *node, double *value) RAD_MUST_CHECK;

/* The unit of a number goes with its sums, where it has a fixed place. */
rad_status rad_study_reader_unit(rad_study_reader *r, const rad_node *node, const char **text) RAD_MUST_CHECK;

/* A list of texts, none twice. */
rad_status rad_study_reader_list(rad_study_reader *r, const rad_node *node, size_t least) RAD_MUST_CHECK;

/* Are all keys of the mapping among those, of which NULL is the last? */
rad_status rad_study_reader_keys(rad_study_reader *r, const rad_node *map,
                                 const char *const *keys) RAD_MUST_CHECK;

/* A step, as the power of the largest power of two that is not above it. */
rad_status rad_study_reader_step(rad_study_reader *r, const rad_node *node, int *power) RAD_MUST_CHECK;

/* The factor that the node names. */
rad_status rad_study_reader_factor(rad_study_reader *r, const rad_node *node, size_t *at) RAD_MUST_CHECK;

/* study_variables.c: what variables there are, and what stands by their levels. */
rad_status rad_study_read_covariates(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_read_outcomes(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_read_repeats(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_read_groups(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_read_strata(rad_study_reader *r, const rad_node *outcomes) RAD_MUST_CHECK;
rad_status rad_study_read_tables(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_read_model(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

/* study_derived.c: levels of numbers, after these. */
rad_status rad_study_read_derived(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

/* study_computed.c: does that derive numbers, not levels? Ranks, or the columns of a spline. */
bool rad_study_is_computed(const rad_node *node);
rad_status rad_study_read_computed(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

/* study_performance.c: scores whose performance is asked for. */
rad_status rad_study_read_performance(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

/* study_where.c: which rows count; after all else, whether its columns may choose them: variables with
 * levels, what a run directory has beside patients. RAD_REFUSED: the column that names patients. */
rad_status rad_study_read_where(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;
rad_status rad_study_check_where(rad_study_reader *r) RAD_MUST_CHECK;

/* study_models.c: models that are fitted over the sites, and what they own. */
rad_status rad_study_read_models(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

/* closed.c: after all else, whether what models need that follow from sums leaves. */
rad_status rad_study_check_models(rad_study_reader *r) RAD_MUST_CHECK;
void rad_study_free_models(rad_study *study);

/* study_values.c: how values are taken. */
rad_status rad_study_read_variables(rad_study_reader *r, const rad_node *node) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
