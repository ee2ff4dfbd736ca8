/* SHA-1 of image and mask as ITK has them in memory, by which PyRadiomics' diagnostics tell files. */
#ifndef RAD_PYR_HASH_H
#define RAD_PYR_HASH_H

#include "../core/mask.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PYR_HASH = 41 }; /* digits, and the end */

/* Of voxels in the order of their file and their own type; of rescaled ones as floats. "none": whole numbers
 * that are rescaled, whose type ITK takes from the format. */
rad_status rad_pyr_hash_image(const rad_volume *stored, char text[RAD_PYR_HASH],
                              rad_error *error) RAD_MUST_CHECK;

/* Of all labels, as unsigned numbers of 32 bits, in the order of the file. "none": ROIs overlap. */
rad_status rad_pyr_hash_mask(const rad_mask *mask, char text[RAD_PYR_HASH], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
