/* An image or mask as a user names it: a NIfTI file, a DICOM file, or a folder of DICOM files. */
#ifndef RAD_SOURCE_H
#define RAD_SOURCE_H

#include "../../core/choice.h"
#include "../dicom/series.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_source_kind {
    RAD_SOURCE_NIFTI,
    RAD_SOURCE_SERIES,       /* an image series of DICOM files */
    RAD_SOURCE_STRUCTURES,   /* RTSTRUCT */
    RAD_SOURCE_SEGMENTATION, /* SEG */
} rad_source_kind;

typedef struct rad_source_options {
    rad_series_options series;
    bool any_frame;   /* ignore frames of reference */
    double threshold; /* of fractional segments */
    bool verify;      /* read gzipped images to their end and check their checksum */
} rad_source_options;

/* An image that is open: its grid is known, its voxels are not read. Grid, boxes and masks are in the order
 * of rad_order_find, whatever the order of the file. */
typedef struct rad_source {
    const char *path; /* borrowed */
    rad_source_kind kind;
    rad_volume header;   /* without voxels */
    rad_geometry stored; /* as the file has it */
    rad_series series;   /* of DICOM */
    rad_facts facts;
} rad_source;

/* What a path is. DICOM is told by its content, all else is NIfTI; *file gets the only structure set or
 * segmentation of a folder (owned, or NULL). RAD_UNREADABLE: a folder with several of them. */
rad_status rad_source_tell(const char *path, int threads, rad_source_kind *kind, char **file,
                           rad_error *error) RAD_MUST_CHECK;

/* RAD_UNREADABLE: what rad_nifti_read_header or rad_series_open refuse; a mask in place of an image. */
rad_status rad_source_open(const char *path, const rad_source_options *options, rad_source *source,
                           rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Reads the voxels of a box; box NULL reads all. */
rad_status rad_source_read(const rad_source *source, const rad_source_options *options, const rad_box *box,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Reads the mask of an image: on its own grid, except for structure sets, which are drawn on that of the
 * image. ROIs that are not part of the choice may be listed without voxels. */
rad_status rad_source_read_mask(const char *path, const rad_source *image, const rad_source_options *options,
                                const rad_choice *choice, rad_mask *mask, rad_warnings *warnings,
                                rad_error *error) RAD_MUST_CHECK;

void rad_source_close(rad_source *source);

#ifdef __cplusplus
}
#endif
#endif
