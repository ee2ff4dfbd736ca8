/* Images and masks in the caller's memory: a reader that no path is of. */
#ifndef RAD_ARRAY_H
#define RAD_ARRAY_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RAD_CONFIG: no type, a size of 0 or beyond memory, spacings that are not above 0, directions that are no
 * unit vectors at right angles, a slope that is not finite. */
rad_status rad_array_check(const rad_array *array, rad_error *error) RAD_MUST_CHECK;

/* Reads options->image. Voxels are borrowed where they lie in the order of rad_order_find, x fastest and
 * without gaps: then the volume holds all of them, whatever box is asked for. */
extern const rad_reader rad_reader_array;

/* The mask in the order of rad_order_find. */
rad_status rad_array_read_mask(const rad_array *array, double least, rad_mask *mask, rad_warnings *warnings,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
