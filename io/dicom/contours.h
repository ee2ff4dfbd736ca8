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
    double low[3], high[3]; /* box of the points */
    double at;              /* along the normal of its plane */
    bool exclusive;         /* CLOSEDPLANAR_XOR: a second copy takes the first away, as the standard has it */
} rad_contour;

/* Is it a type of closed contours: CLOSED_PLANAR, INTERPOLATED_PLANAR, CLOSEDPLANAR_XOR? */
bool rad_contour_type(const char *word, bool *exclusive);

/* Drops points that repeat the one before, and all turns but the first of a contour that goes round several
 * times: even-odd would empty it. Finds the box. */
void rad_contour_tidy(rad_contour *contour);

/* Are two contours of one plane the same outline, from wherever and in whichever direction, also with further
 * points on its edges? To within 0.05 voxels along the axes u and v: files round coordinates. */
bool rad_contour_same(const rad_contour *a, const rad_contour *b, int u, int v);

/* Extent along an axis. */
double rad_contour_spread(const rad_contour *contour, int axis);

/* Does a point lie further out than the voxels of an axis of that size? */
bool rad_contour_beyond(const rad_contour *contour, int axis, size_t size);

#ifdef __cplusplus
}
#endif
#endif
