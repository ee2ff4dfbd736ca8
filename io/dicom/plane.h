/* One slice of a series. */
#ifndef RAD_PLANE_H
#define RAD_PLANE_H

#include "instance.h"

typedef struct rad_plane {
    const rad_instance *instance;
    size_t frame;
    double height;           /* mm along the normal */
    double slope, intercept; /* of its voxels, SUV included */
} rad_plane;

/* mm along the normal within which slices lie at one place. */
#define RAD_PLANE_SAME 1e-3

#endif
