/* Functions of the intensity of a voxel alone, without rescaling: the response does not depend on the rest of
 * the image. */
#ifndef RAD_POINT_H
#define RAD_POINT_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* scale: of the intensities, where the function takes one. */
typedef double rad_point(double x, double scale);

/* out = f(field). RAD_CONFIG: a result that is too large for a double; a scale of 0 is none. */
rad_status rad_point_run(const rad_field *field, const rad_filter *filter, rad_point *f, double scale,
                         int threads, double *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
