/* NIfTI-1 and NIfTI-2 files: .nii, .hdr + .img, either gzipped. */
#ifndef RAD_NIFTI_H
#define RAD_NIFTI_H

#include "../../core/mask.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads geometry and voxels. Every integer type and float32, float64, float128 (kept as float64), either byte
 * order; scl_slope and scl_inter become slope and intercept. The sform gives the geometry where its code is >
 * 0, else the qform, else spacings alone; a warning says when the two disagree or both are missing. 2D images
 * have one slice; 4D images must have one frame. Lengths in metres or micrometres become millimetres.
 * RAD_UNREADABLE, with the file and the value at fault: no such file, not NIfTI, truncated, a size that the
 * file cannot hold (refused before memory is asked for), colour or complex voxels, several frames, sheared
 * axes. */
rad_status rad_nifti_read(const char *path, rad_volume *volume, rad_warnings *warnings,
                          rad_error *error) RAD_MUST_CHECK;

/* Reads the voxels of a box only; box NULL reads all. With an order, grid and box are those that the file has
 * in that order; NULL: as it is stored. Memory is asked for the box and a few rows. A gzipped file is read up
 * to the last slice of the box, and its checksum is looked at only where that is the last slice of the file;
 * `verify` reads on to its end in any case. */
rad_status rad_nifti_read_box(const char *path, const rad_order *order, const rad_box *box, bool verify,
                              rad_volume *volume, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Reads a mask row by row; its voxels are never in memory together. Its labels and their boxes are found on
 * the way (see rad_mask_begin for what is refused). */
rad_status rad_nifti_read_mask(const char *path, rad_mask *mask, rad_warnings *warnings,
                               rad_error *error) RAD_MUST_CHECK;

/* Reads the header alone: the volume has no voxels. */
rad_status rad_nifti_read_header(const char *path, rad_volume *volume, rad_warnings *warnings,
                                 rad_error *error) RAD_MUST_CHECK;

/* Does the name end as that of a file that rad_nifti_write writes: in .nii or .nii.gz? */
bool rad_nifti_is_name(const char *path);

/* Writes NIfTI-1 with an sform, gzipped when the name ends in .gz. The file appears whole or not at all.
 * RAD_UNWRITABLE names the file and the reason. */
rad_status rad_nifti_write(const char *path, const rad_volume *volume, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
