/* Formulas that the run length, size zone, distance zone and dependence matrices share. Such a matrix counts
 * n(i, j): how many runs (zones, voxels) of grey level i have length (size, distance, dependence) j. */
#ifndef RAD_TEXTURE_H
#define RAD_TEXTURE_H

#include "feature.h"
#include "matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_texture {
    const rad_matrix *matrix;
    double total;           /* N_s: all counts */
    double squared_columns; /* sum_j (sum_i n(i,j))^2 */
} rad_texture;

/* sum i^a j^b n(i,j) / N_s with (a, b) in the order of the names: low = -2, high = 2, absent = 0. */
rad_value rad_texture_short(const rad_texture *texture);      /* j^-2 */
rad_value rad_texture_long(const rad_texture *texture);       /* j^2 */
rad_value rad_texture_low(const rad_texture *texture);        /* i^-2 */
rad_value rad_texture_high(const rad_texture *texture);       /* i^2 */
rad_value rad_texture_short_low(const rad_texture *texture);  /* i^-2 j^-2 */
rad_value rad_texture_short_high(const rad_texture *texture); /* i^2 j^-2 */
rad_value rad_texture_long_low(const rad_texture *texture);   /* i^-2 j^2 */
rad_value rad_texture_long_high(const rad_texture *texture);  /* i^2 j^2 */

rad_value rad_texture_level_nonuniformity(const rad_texture *texture); /* sum_i (sum_j n)^2 / N_s */
rad_value rad_texture_level_nonuniformity_normalised(const rad_texture *texture);
rad_value rad_texture_size_nonuniformity(const rad_texture *texture); /* sum_j (sum_i n)^2 / N_s */
rad_value rad_texture_size_nonuniformity_normalised(const rad_texture *texture);
rad_value rad_texture_percentage(const rad_texture *texture);     /* N_s / N_v */
rad_value rad_texture_level_variance(const rad_texture *texture); /* variance of i */
rad_value rad_texture_size_variance(const rad_texture *texture);  /* variance of j */
rad_value rad_texture_entropy(const rad_texture *texture);        /* -sum p log2 p, p = n / N_s */
rad_value rad_texture_energy(const rad_texture *texture);         /* sum p^2 */

/* All features of a family from one matrix; an empty matrix makes them RAD_EMPTY_INTENSITY. */
rad_status rad_texture_evaluate(const rad_matrix *matrix, const rad_family *family, rad_value *out,
                                rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
