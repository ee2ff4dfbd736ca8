/* Masks of several files as one. */
#ifndef RAD_MASK_JOIN_H
#define RAD_MASK_JOIN_H

#include "../../core/mask.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts a file's mask on the grid of the others. RAD_UNREADABLE: its voxels do not lie on those of the grid.
 */
rad_status rad_mask_join_settle(rad_mask *one, const rad_geometry *grid, const char *path,
                                rad_error *error) RAD_MUST_CHECK;

/* Adds one label of a mask, with its runs, by another number and name, to a mask that has begun and has the
 * same grid. */
rad_status rad_mask_join_label(const rad_mask *one, const rad_label *label, int64_t number, const char *name,
                               rad_mask *all, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
