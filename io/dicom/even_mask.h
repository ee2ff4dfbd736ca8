/* Masks of a series whose slices lie at uneven distances: they have a slice for each plane, and come to lie
 * on the even grid. */
#ifndef RAD_EVEN_MASK_H
#define RAD_EVEN_MASK_H

#include "../../core/mask.h"
#include "even.h"
#include "rtstruct.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each slice of the grid becomes that of the nearest plane; where `backwards`, both run from the last plane
 * on. */
rad_status rad_even_spread(const rad_even *even, bool backwards, const rad_geometry *grid, rad_mask *mask,
                           rad_error *error) RAD_MUST_CHECK;

/* A mask of another format, in the order of the image, that has the columns and rows of its slices and as
 * many slices as there are planes, from the first plane on, is spread, with a warning; any other stays. */
rad_status rad_even_fit(const rad_drawing *drawing, const char *path, rad_mask *mask, rad_warnings *warnings,
                        rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
