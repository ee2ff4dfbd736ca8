/* Features of one case: an image, a mask with one or many labels, one row per label. */
#ifndef RAD_EXTRACT_H
#define RAD_EXTRACT_H

#include "../core/mask.h"
#include "../core/settings.h"
#include "../core/table.h"
#include "../core/volume.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_extract_options {
    const char *case_name; /* first column of the rows */
    const char *mask_path; /* names the mask in errors */
    bool one_label;        /* only `label`; else all labels of the mask */
    int64_t label;
    bool resample_mask; /* put a mask on another grid on that of the image */
    bool verify;        /* read gzipped images to their end and check their checksum */
    int threads;
    void (*note)(const char *text, void *context); /* what filters see, line by line; or NULL */
    void *note_context;
} rad_extract_options;

/* Appends the features of every label, of the image and of its response maps, to the table, whose columns it
 * makes when it has none. Rows of labels that fail carry their error; then the status is RAD_PARTIAL, or that
 * of the error when no label is left. RAD_UNREADABLE: an empty mask, no such label. RAD_CONFIG: mask and
 * image have different grids. The bytes of the table do not depend on the number of threads. */
rad_status rad_extract(const rad_volume *image, rad_mask *mask, const rad_settings *settings,
                       const rad_extract_options *options, rad_table *table, rad_error *error) RAD_MUST_CHECK;

/* The same from NIfTI files. The mask is read first, then of the image only what its ROIs need (all of it for
 * diagnostics and for filters that see all of it). */
rad_status rad_extract_files(const char *image_path, const char *mask_path, const rad_settings *settings,
                             rad_extract_options options, rad_table *table, rad_warnings *warnings,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
