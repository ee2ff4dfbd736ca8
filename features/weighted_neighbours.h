/* Tone differences and dependences where neighbours weigh by their distance. */
#ifndef RAD_WEIGHTED_NEIGHBOURS_H
#define RAD_WEIGHTED_NEIGHBOURS_H

#include "aggregate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Per level, voxels with neighbours and the sum of |level - weighted mean of the neighbours|: cells (level,
 * 1, n, sum). */
rad_status rad_weighted_tones(const rad_part *part, const double spacing[3], rad_matrix *tones,
                              rad_error *error) RAD_MUST_CHECK;

/* Columns of dependences: 1 + the sum of the weights of all neighbours, rounded; more than a million is
 * refused. */
rad_status rad_weighted_columns(const rad_feature_settings *settings, const double spacing[3],
                                size_t *columns, rad_error *error) RAD_MUST_CHECK;

/* 1 + the weights of the neighbours that depend, rounded to a whole number. */
rad_status rad_weighted_dependences(const rad_part *part, const double spacing[3], rad_tally *tally,
                                    rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
