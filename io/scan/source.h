/* An image or mask as a user names it: a file or a folder, of any format that a reader knows. */
#ifndef RAD_SOURCE_H
#define RAD_SOURCE_H

#include "../../core/choice.h"
#include "../dicom/rtstruct.h"
#include "../dicom/series.h"

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_source_options {
    rad_series_options series;
    bool any_frame;                /* ignore frames of reference */
    bool clip;                     /* leave out what of a ROI lies beyond the image */
    double threshold;              /* of fractional segments */
    bool verify;                   /* read gzipped images to their end and check their checksum */
    const rad_array *image, *mask; /* in place of the files, which paths only name; or NULL */
} rad_source_options;

/* An image that is open: its grid is known, its voxels are not read. Grid, boxes and masks are in the order
 * of rad_order_find, whatever the order of the file. */
typedef struct rad_source {
    const char *path; /* borrowed */
    const struct rad_reader *reader;
    rad_volume header;   /* without voxels */
    rad_geometry stored; /* as the file has it */
    rad_facts facts;
    const char *frame_of_reference; /* UID; NULL: the format has none */
    void *state;                    /* the reader's */
} rad_source;

/* What to tell of a path. */
typedef struct rad_source_wants {
    int threads;
    double tolerance; /* per cent by which distances of slices may differ */
    bool labels;      /* read the voxels of a file that may be a mask, and list its labels */
    bool identifiers; /* who the patient is */
} rad_source_wants;

/* A format: how it is recognised, read, and told of. To add one, write its row in a file of its own and add
 * the name to READERS in source.c. What a format does not have is NULL. */
typedef struct rad_reader {
    const char *name;
    const char *const *endings; /* of names of its files, the longer first, in lower case, up to NULL */
    bool (*sniff)(const char *path, bool folder); /* is it of this format? */
    /* Fills header (in the order of the file), facts and state; releases the state again where it fails. */
    rad_status (*open)(rad_source *source, const rad_source_options *options, rad_warnings *warnings,
                       rad_error *error);
    rad_status (*read)(const rad_source *source, const rad_source_options *options, const rad_box *box,
                       rad_volume *volume, rad_warnings *warnings, rad_error *error);
    void (*close)(rad_source *source);
    /* The mask in the order of rad_order_find. */
    rad_status (*read_mask)(const char *path, int threads, const rad_drawing *drawing, rad_mask *mask,
                            rad_warnings *warnings, rad_error *error);
    /* What the path holds, as members of *all. */
    rad_status (*info)(const char *path, const rad_source_wants *wants, json_t **all, rad_warnings *warnings,
                       rad_error *error);
    /* The name of the other file of a pair, whether it is there or not: owned; *other stays NULL where the
     * name is of no pair. */
    rad_status (*partner)(const char *path, char **other, rad_error *error);
} rad_reader;

/* RAD_UNREADABLE: what the reader refuses; a mask in place of an image. */
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

/* What a path holds: its format, images and their geometry, ROIs; members of *all. */
rad_status rad_source_info(const char *path, const rad_source_wants *wants, json_t **all,
                           rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Grid and voxels as members of what rad_source_info tells: for readers. */
void rad_source_tell_grid(json_t **object, const rad_volume *volume);

/* Length of a name without the ending of a format; 0 where it has none, or is nothing else. */
size_t rad_source_stem(const char *name);

/* The other file of a pair (image.hdr and image.img), by its name: owned, NULL where the name is of none. */
rad_status rad_source_partner(const char *path, char **other, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
