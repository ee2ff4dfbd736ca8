/* Cases that a folder holds: images and masks that belong together. */
#ifndef RAD_DISCOVER_H
#define RAD_DISCOVER_H

#include "../../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pair {
    char *name;   /* of the case, unique; owned */
    char *image;  /* owned */
    char *mask;   /* owned */
    char *series; /* of DICOM, or NULL; owned */
} rad_pair;

typedef struct rad_discovery {
    rad_pair *pairs; /* by name, owned */
    size_t count, capacity;
    char **alone; /* masks without an image, owned */
    size_t alone_count, alone_capacity;
} rad_discovery;

/* How to tell images from masks among NIfTI files: patterns of file names (fnmatch), NULL for the usual words
 * (mask, seg, segmentation, label, roi, gtv). */
typedef struct rad_discover_options {
    const char *image, *mask;
    int threads;
} rad_discover_options;

/* NIfTI: a mask belongs to the image whose name is the same but for those words, in its folder first and then
 * anywhere (BIDS derivatives), or to the only image of its folder. DICOM: structure sets and segmentations
 * belong to the series that they refer to, or to the only one in their frame of reference. Names of cases
 * come from paths. */
rad_status rad_discover(const char *folder, const rad_discover_options *options, rad_discovery *discovery,
                        rad_error *error) RAD_MUST_CHECK;

void rad_discovery_free(rad_discovery *discovery);

#ifdef __cplusplus
}
#endif
#endif
