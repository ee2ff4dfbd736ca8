/* Co-occurrence matrices for those who make something else of them than their features. */
#ifndef RAD_GLCM_H
#define RAD_GLCM_H

#include "aggregate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As of rad_builder: what is made of a matrix of unordered pairs i <= j, and of levels that are too many for
 * one. */
typedef struct rad_glcm_way {
    const rad_family *const *families;
    rad_status (*evaluate)(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error);
    rad_status (*measure)(const rad_part *part, size_t first, size_t end, rad_value *out, rad_error *error);
} rad_glcm_way;

/* The features of such a matrix; `kind` is looked at by nobody. */
rad_status rad_glcm_evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                             rad_error *error) RAD_MUST_CHECK;

rad_status rad_glcm_aggregate(const rad_feature_input *input, const rad_glcm_way *way,
                              rad_value *const out[RAD_PASS_FAMILIES], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
