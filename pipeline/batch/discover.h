/* Cases that a folder holds: images and masks that belong together. */
#ifndef RAD_DISCOVER_H
#define RAD_DISCOVER_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pair {
    char *name;                           /* of the case, unique; owned */
    char *image;                          /* owned */
    char *mask;                           /* owned */
    char *series;                         /* of DICOM, or NULL; owned */
    char *channel;                        /* by dataset.json, or NULL; owned */
    char *labels;                         /* by dataset.json: "liver=1; tumour=2", or NULL; owned */
    char *member;                         /* a file of the series of DICOM, or NULL; owned */
    char *patient, *timepoint, *modality; /* without what tells who it is, or NULL; owned */
} rad_pair;

typedef struct rad_discovery {
    rad_pair *pairs; /* by name, owned */
    size_t count, capacity;
    char **alone; /* masks without an image, owned */
    size_t alone_count, alone_capacity;
    char *spare; /* the first image that is in no pair, or NULL; owned */
    size_t spare_count;
    bool subjects;        /* some pairs have a patient, ... */
    bool times;           /* ... and a time point */
    bool listed;          /* a dataset.json gave channels or labels */
    size_t files;         /* that were looked at, DICOM apart */
    size_t dicom;         /* files of DICOM */
    char *unread;         /* the first file of DICOM that cannot be read, and why; owned, or NULL */
    size_t images, masks; /* of these, that may be one: that fit the pattern, where one is given */
    char suggestion[300]; /* patterns that would fit, where there are no pairs; or "" */
} rad_discovery;

/* How to tell images from masks among files: patterns of names (fnmatch), or of paths below the folder where
 * they have a slash. NULL: by layouts and the usual words (mask, seg, segmentation, label, roi, gtv ...). */
typedef struct rad_discover_options {
    const char *image, *mask;
    int threads;
} rad_discover_options;

/* Files belong together, in this order: by lists (dataset.json), by the entities of BIDS, by a layout that
 * projects have (layouts.h), by names that are the same but for those words or the wildcards of patterns, in
 * their folder first and then anywhere, or as the only image of a folder. DICOM: structure sets and
 * segmentations belong to the series that they refer to, or to the only one in their frame of reference; a
 * mask of another format to the only series of its folder, or of the one above, and so on. Names of cases
 * come from paths. */
rad_status rad_discover(const char *folder, const rad_discover_options *options, rad_discovery *discovery,
                        rad_error *error) RAD_MUST_CHECK;

void rad_discovery_free(rad_discovery *discovery);

#ifdef __cplusplus
}
#endif
#endif
