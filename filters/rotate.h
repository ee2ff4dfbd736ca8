/* Separable filters under all right-angle rotations. */
#ifndef RAD_ROTATE_H
#define RAD_ROTATE_H

#include "convolve.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_CHAIN_MAX = 10 };

/* Convolutions along one axis, one after the other. */
typedef struct rad_chain {
    rad_taps taps[RAD_CHAIN_MAX];
    size_t count;
} rad_chain;

/* out = field under chain[a] along axis a < dimension; with rotations pooled over the 24 (in a slice: 4)
 * proper right-angle rotations of the filter. Rotations that share their first axes share those passes. Four
 * volumes of memory beside out. */
rad_status rad_rotate_separable(const rad_field *field, const rad_chain chain[3],
                                const rad_filter_options *options, int threads, double *out,
                                rad_error *error) RAD_MUST_CHECK;

/* Adds the map of one rotation, which stands for `times` of them, to the pool; `first` begins it. */
void rad_pool_add(double *pool, const double *map, size_t count, rad_pooling pooling, bool first,
                  double times, int threads);

/* Ends a mean over `all` maps. */
void rad_pool_end(double *pool, size_t count, rad_pooling pooling, double all);

#ifdef __cplusplus
}
#endif
#endif
