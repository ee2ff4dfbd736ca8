/* Features of one case: an image, a mask with one or many labels, one row per label. */
#ifndef RAD_EXTRACT_H
#define RAD_EXTRACT_H

#include "../core/choice.h"
#include "../core/facts.h"
#include "../core/roi.h"
#include "../core/table.h"
#include "../core/volume.h"
#include "pyr_diagnostics.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A case as files; where options bring an array along, its path only names it. */
typedef struct rad_case_paths {
    const char *image, *mask;
} rad_case_paths;

/* Who looks at a case while it is in memory. */
typedef struct rad_onlooker {
    double around[3]; /* mm around the ROIs, by axis of the image, that are read of it, too */
    /* Once, or once for each frame of a picture, before anything is normalised: ROIs as rows call them. */
    void (*seen)(const rad_volume *image, const rad_mask *mask, const char *modality, void *context);
    /* Each ROI as features see it, named as its row; from many threads. What fails is the failure of the row.
     */
    rad_status (*prepared)(const rad_roi *roi, const char *name, void *context, rad_error *error);
    void *context;
} rad_onlooker;

typedef struct rad_extract_options {
    const char *case_name; /* first column of the rows */
    const char *mask_path; /* names the mask in errors */
    rad_choice choice;     /* of ROIs; none: all, one row each */
    bool resample_mask; /* take a mask on a grid of its own: interpolated once, to the grid of the features */
    bool flat_shapes;   /* images of one slice get the family shape2d where settings name no families */
    bool clip;          /* leave out what of a ROI lies beyond the image: the setting clip */
    const char *series; /* SeriesInstanceUID of the image, where a folder holds several */
    const char *volume; /* of the image, where there are several at one place: number, or ELEMENT=VALUE */
    bool any_frame;     /* ignore frames of reference of DICOM */
    bool stamped;       /* the caller sees to it that no file changes meanwhile */
    bool verify;        /* read gzipped images to their end and check their checksum */
    const rad_array *image, *mask; /* in place of the files, which paths only name; or NULL */
    int threads;
    const rad_control
        *control; /* looks on, and may end it with RAD_CANCELLED; or NULL. Its threads do not count */
    void (*note)(const char *text, void *context); /* what filters see, line by line; or NULL */
    void *note_context;
    rad_warnings *warnings;       /* what was assumed or left out of ROIs; or NULL */
    rad_pyr_report *report;       /* what PyRadiomics tells of image and mask; or NULL */
    const rad_onlooker *onlooker; /* or NULL */
} rad_extract_options;

/* Image and mask are taken in the order of axes in which they come; rad_source_read gives that of the
 * patient. Appends the features of every ROI, of the image and of its response maps, to the table, whose
 * columns it makes when it has none. Rows of labels that fail carry their error; then the status is
 * RAD_PARTIAL, or that of the error when no label is left. Rows fail, too, that resampling or re-segmentation
 * leaves no voxel. RAD_UNREADABLE: an empty mask, no such ROI. RAD_CONFIG: voxels of the mask lie between
 * those of the image, or beyond them, and resample_mask is not set. The bytes of the table do not depend on
 * the number of threads. */
rad_status rad_extract_volume(const rad_volume *image, rad_mask *mask, const rad_settings *settings,
                              const rad_extract_options *options, rad_table *table,
                              rad_error *error) RAD_MUST_CHECK;

/* The same of a mask that fits already (mask_fit.h). */
rad_status rad_extract_run(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                           const rad_extract_options *options, rad_table *table,
                           rad_error *error) RAD_MUST_CHECK;

/* The same of an image and a mask that are as features see them, whatever the standard. */
rad_status rad_extract_prepared(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                                const rad_extract_options *options, rad_table *table,
                                rad_error *error) RAD_MUST_CHECK;

/* The same from files (case_files.c): NIfTI, or folders and files of DICOM. The mask is read first, then of
 * the image only what its ROIs need (all of it for diagnostics and for filters that see all of it). facts,
 * which may be NULL, gets where the intensities come from; warnings, which may be NULL too, those of options
 * as well. RAD_UNREADABLE: a file was changed meanwhile. */
rad_status rad_extract_files(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                             rad_table *table, rad_facts *facts, rad_warnings *warnings,
                             rad_error *error) RAD_MUST_CHECK;

/* The columns that these make of a table without any. */
rad_status rad_extract_columns(const rad_settings *settings, rad_table *table,
                               rad_error *error) RAD_MUST_CHECK;

/* Everything before the features: headers, geometry, the ROIs of the mask; how many ROIs there are. Fails as
 * rad_extract_files would; RAD_PARTIAL where some ROIs have no voxels, or none on the grid of the features.
 */
rad_status rad_extract_check(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                             size_t *rois, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
