/* --save-mask and --save-image of extract: ROIs as features use them, as files. */
#ifndef RAD_ROI_FILES_H
#define RAD_ROI_FILES_H

#include "../pipeline/extract.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_roi_files {
    rad_case_paths from;
    const char *mask, *image; /* as they were given, or NULL: a file, or a folder for a file for each ROI */
    size_t rois;
    rad_onlooker onlooker;
} rad_roi_files;

/* Makes it the onlooker of the options, which borrow it, where one is given. RAD_USAGE: that is neither a
 * folder nor ends in .nii, .nii.gz or .nrrd; of a ROI: its file is that of the other option, or an input. */
rad_status rad_roi_files_begin(rad_roi_files *files, rad_case_paths from, const char *mask, const char *image,
                               rad_extract_options *options, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
