/* Slope and intercept of slices: what the files say, and what is taken where they do not. */
#ifndef RAD_RESCALING_H
#define RAD_RESCALING_H

#include "series.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether slope and intercept of an item are numbers; NaN counts as absent, and is kept in n->nan_slope.
 * RAD_UNREADABLE: they are something else ("1,0"). */
rad_status rad_rescaling_check(const rad_dicom_item *item, rad_instance *n, rad_error *error) RAD_MUST_CHECK;

/* Slope and intercept of a plane: of its rescaling, or for SUV of Enhanced PET of the mapping to its units.
 * RAD_UNREADABLE: they cannot be used. */
rad_status rad_rescaling_find(rad_plane *plane, bool mapped, rad_error *error) RAD_MUST_CHECK;

/* Says where stored values are taken. RAD_UNREADABLE: some slices have a slope or an
 * intercept, others none. */
rad_status rad_rescaling_tell(const rad_series *series, bool mapped, rad_warnings *warnings,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
