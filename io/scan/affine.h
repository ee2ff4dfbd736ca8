/* Grids by affines: from a voxel's index to millimetres, right, front, head. */
#ifndef RAD_AFFINE_H
#define RAD_AFFINE_H

#include "../../core/geometry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Column a of the first three: the step along axis a; the last: where voxel (0, 0, 0) is. */
typedef struct rad_affine {
    double m[3][4];
} rad_affine;

/* Spacing, origin and direction of an affine whose numbers are `scale` mm; why it has none, or NULL. */
const char *rad_affine_geometry(const rad_affine *affine, double scale,
                                rad_geometry *geometry) RAD_MUST_CHECK;

/* A spacing that the header names beside the affine, which has it rounded more often, is taken where both
 * agree to a millionth. */
bool rad_affine_named(rad_geometry *geometry, size_t axis, double spacing);

/* A flat image often has no third axis in its affine: any at right angles serves. */
void rad_affine_complete(rad_affine *affine);

/* From left, back, head (DICOM, ITK), and back: signs of the first two rows. */
void rad_affine_turn_lps(rad_affine *affine);

#ifdef __cplusplus
}
#endif
#endif
