/* Names of labels that stand in a file beside a mask. */
#ifndef RAD_SIDECAR_H
#define RAD_SIDECAR_H

#include "../../core/mask.h"
#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names the labels of a mask that have none by MASK.tsv (BIDS: columns index and name), else MASK.json:
 * numbers to names or names to numbers, as the whole or as its member labels, LabelMap, label_names; else the
 * member labels of ../dataset.json, where the folder of the mask is called labels*. A file that cannot be
 * read is a warning. */
rad_status rad_sidecar_read(const char *path, rad_mask *mask, rad_warnings *warnings,
                            rad_error *error) RAD_MUST_CHECK;

/* One entry of any such list: the label of that number (a text) gets the name, if it is there and has none;
 * *named counts. */
rad_status rad_sidecar_name(rad_mask *mask, const char *number, const char *name, size_t *named,
                            rad_error *error) RAD_MUST_CHECK;

/* Calls `part` for those that a mask of that name may have. */
rad_status rad_sidecar_parts(const char *path, rad_source_part *part, void *context,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
