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
    char name[48]; /* chains of one name are the same; "": nothing is shared with other filters */
} rad_chain;

/* Adds the voxels on either side that a response depends on: all rotations reach as far as the longest chain.
 */
void rad_chain_reach(const rad_chain chain[3], const rad_filter_options *options, size_t reach[3]);

void rad_chain_free(rad_chain chain[3]);

/* out = field under chain[a] along axis a < dimension; with rotations pooled over the 24 (in a slice: 4)
 * proper right-angle rotations of the filter. Rotations that share their first axes share those passes;
 * without rotations filters of one field whose first chains have the same names do. Up to three volumes of
 * memory beside out (four for wavelets beyond level 3). */
rad_status rad_rotate_separable(const rad_field *field, const rad_chain chain[3],
                                const rad_filter_options *options, int threads, double *out,
                                rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
