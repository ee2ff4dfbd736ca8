/* Where the voxels of a NIfTI file lie in space, by each of the ways of its header. */
#ifndef RAD_NIFTI_PLACE_H
#define RAD_NIFTI_PLACE_H

#include "../../core/geometry.h"

#include <nifti2_io.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_nifti_place {
    int qform, sform, units; /* codes of the format */
    double spacing[3];
    bool assumed; /* one of them is none in the header, and counts as 1 */
    nifti_dmat44 by_qform, by_sform;
} rad_nifti_place;

/* Fills spacing and by_qform, as the NIfTI library does when it makes an image of a header, for which it
 * would ask for memory: sizes and numbers that are none count as 1 and 0. */
void rad_nifti_place_qform(rad_nifti_place *place, const int64_t dim[8], const double pixdim[4],
                           const double quaternion[3], const double offset[3]);

/* The grid in RAS, mm: of the sform where its code is set and it is a grid at right angles, else of the
 * qform, else of the spacings alone. A warning says where the first is not used, where the two disagree, and
 * where there is neither; *other is then the grid of the qform, else of size 0. RAD_UNREADABLE: no way gives
 * a grid; a sheared sform without a qform. */
rad_status rad_nifti_place_find(const char *path, const rad_nifti_place *place, const int64_t dim[8],
                                rad_geometry *grid, rad_geometry *other, rad_warnings *warnings,
                                rad_error *error) RAD_MUST_CHECK;

/* Does it say nothing: neither form set, or an sform of zeros alone? */
bool rad_nifti_place_is_unset(const rad_nifti_place *place);

#ifdef __cplusplus
}
#endif
#endif
