/* How long after the injection the activity of a PET slice is. */
#ifndef RAD_SUV_TIME_H
#define RAD_SUV_TIME_H

#include "suv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds from injection to the time that the voxels were corrected to, which *from tells; what was assumed
 * of days goes to *notes. NaN where *absent is missing. Dates that cannot be true (before the injection, or
 * beyond ten half-lives) and those that are missing count as the day that fits, within half a day. */
double rad_suv_elapsed(const rad_suv_slice *slice, rad_tag *from, rad_tag *absent, unsigned *notes);

/* Seconds: what the file says, or of the nuclide that it names (*named); NaN where it does neither. */
double rad_suv_half_life(const rad_pet *pet, bool *named);

#ifdef __cplusplus
}
#endif
#endif
