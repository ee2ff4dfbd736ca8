/* Parts and holes of a mask. */
#ifndef RAD_CONNECTED_H
#define RAD_CONNECTED_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps the part with most voxels, which hang together by faces, edges or corners (26 neighbours); of equal
 * ones the first in memory. *parts: how many there were. */
rad_status rad_components_largest(uint8_t *inside, const size_t size[3], size_t *parts,
                                  rad_error *error) RAD_MUST_CHECK;

/* Fills what lies outside and is not joined by faces to the border of the box; slice by slice where `flat`.
 */
rad_status rad_components_fill(uint8_t *inside, const size_t size[3], bool flat,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
