/* Closed contours of structure sets, as planning systems write them. */
#ifndef RAD_CONTOURS_H
#define RAD_CONTOURS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One closed contour in voxel indices of the image. */
typedef struct rad_contour {
    double (*points)[3]; /* owned */
    size_t count;
    double at;      /* along the normal of its plane */
    bool exclusive; /* CLOSEDPLANAR_XOR: a second copy takes the first away, as the standard has it */
} rad_contour;

/* Is it a type of closed contours: CLOSED_PLANAR, INTERPOLATED_PLANAR, CLOSEDPLANAR_XOR? */
bool rad_contour_type(const char *word, bool *exclusive);

/* Drops points that repeat the one before, and all turns but the first of a contour that goes round several
 * times: even-odd would empty it. */
void rad_contour_tidy(rad_contour *contour);

/* Do two contours of one plane go through the same points, from wherever and in whichever direction? To
 * within 0.05 voxels along the axes u and v: files round coordinates. */
bool rad_contour_same(const rad_contour *a, const rad_contour *b, int u, int v);

/* Extent along an axis. */
double rad_contour_spread(const rad_contour *contour, int axis);

/* Does a point lie further out than the voxels of an axis of that size? */
bool rad_contour_beyond(const rad_contour *contour, int axis, size_t size);

#ifdef __cplusplus
}
#endif
#endif
