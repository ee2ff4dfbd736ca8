/* The structure sets and segmentations of a path of DICOM, and which of them is the mask. */
#ifndef RAD_DICOM_MASKS_H
#define RAD_DICOM_MASKS_H

#include "../dicom/folder.h"
#include "../dicom/rtstruct.h"

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An object that holds masks. */
typedef struct rad_mask_object {
    rad_object object;
    const char *files, *rois, *name; /* how its lists, and the names in them, are called */
    json_t *(*list)(const char *path, rad_error *error);
    rad_status (*read)(const char *path, const rad_drawing *drawing, rad_mask *mask, rad_warnings *warnings,
                       rad_error *error);
    bool drawn; /* on the grid of the image, and so in its order */
} rad_mask_object;

enum { RAD_MASK_OBJECTS = 2 };
extern const rad_mask_object rad_mask_objects[RAD_MASK_OBJECTS];

/* NULL: it holds no masks. */
const rad_mask_object *rad_mask_object_find(rad_object object);

/* Of several, those count that are in the frame of reference of the image, refer to its series and hold a ROI
 * of the choice (by name); copies and the others are left out with a warning, unless none would be left. What
 * remains is one mask: ROIs of several objects are joined, where no name is in two of them. RAD_UNREADABLE,
 * with a list: one is; there is none; what the readers refuse. */
rad_status rad_dicom_masks_read(const char *path, const rad_folder *folder, const rad_drawing *drawing,
                                rad_mask *mask, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
