/* A folder with a mask file for each organ: one mask, the names of files are those of ROIs. */
#ifndef RAD_MASK_FOLDER_H
#define RAD_MASK_FOLDER_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Is it a folder that directly holds files of formats of masks (rad_source_stem), and no file of DICOM? Fails
 * where memory is short, or where a folder cannot be listed. */
rad_status rad_mask_folder_is(const char *path, bool *is, rad_error *error) RAD_MUST_CHECK;

/* ROI n is the n-th file by name, called like it without its ending; a file with several labels has one for
 * each: "organs:3". What is wrong with a file is the fault of its ROI. Files that are not of the choice are
 * listed without being read; empty ones are left out with a warning where there is no choice. */
rad_status rad_mask_folder_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                                rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Its files, as the ROIs that they are; none of them is read. */
rad_status rad_mask_folder_info(const char *path, json_t **all, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
