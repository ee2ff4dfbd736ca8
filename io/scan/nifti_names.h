/* Names of labels in the extensions of a NIfTI header: the LabelTable of XML that Caret, Connectome Workbench
 * and TotalSegmentator write. */
#ifndef RAD_NIFTI_NAMES_H
#define RAD_NIFTI_NAMES_H

#include "../../core/mask.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Labels of the mask that have no name get that of the first table in bytes begin..end - 1 of the file, which
 * start with the four that say whether there are extensions; at most 8 MiB are looked at. */
rad_status rad_nifti_names_read(const char *path, size_t begin, size_t end, bool swapped, rad_mask *mask,
                                rad_error *error) RAD_MUST_CHECK;

/* The same of a table as text. */
rad_status rad_nifti_names_parse(const char *text, size_t length, rad_mask *mask,
                                 rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
