/* An image or mask as a user names it: a file or a folder, of any format that a reader knows. */
#ifndef RAD_SOURCE_H
#define RAD_SOURCE_H

#include "../../core/choice.h"
#include "../dicom/rtstruct.h"
#include "../dicom/series.h"
#include "raster.h"

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_source_options {
    rad_series_options series;
    bool any_frame;                /* ignore frames of reference */
    double spacing[3];             /* mm, of images whose files say none; 0: the file's */
    bool clip;                     /* leave out what of a ROI lies beyond the image */
    double threshold;              /* of fractional segments */
    size_t channel;                /* of a mask of several, from 1; 0: all of them */
    double fractions;              /* of masks of other formats that hold fractions; 0: they are refused */
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
    rad_geometry other;  /* another grid that the file gives, at odds with that; of size 0: none */
    int reversed;        /* as the raster has it */
    rad_facts facts;
    const char *frame_of_reference; /* UID; NULL: the format has none */
    const char *series;             /* SeriesInstanceUID; NULL: the same */
    rad_flat flat;                  /* where it is a picture without a place */
    bool slabs;                     /* contours of other planes are drawn on it as slabs (rad_drawing) */
    double widest;                  /* of slices that are interpolated: rad_drawing */
    const rad_even *even;           /* the same */
    void *state;                    /* the reader's */
} rad_source;

/* What to tell of a path. */
typedef struct rad_source_wants {
    int threads;
    double tolerance; /* per cent by which distances of slices may differ */
    bool labels;      /* read the voxels of a file that may be a mask, and list its labels */
    bool identifiers; /* who the patient is */
} rad_source_wants;

/* What is seen of a path before a format is chosen: the first bytes of the file, or of what is gzipped in
 * it. */
typedef struct rad_glance {
    const char *path;
    bool folder, gzipped;
    size_t count;
    unsigned char bytes[1024];
} rad_glance;

/* What cannot be opened or is damaged has no bytes, and the last reader says so; fails where memory is short.
 */
rad_status rad_source_look(const char *path, rad_glance *glance, rad_error *error) RAD_MUST_CHECK;

/* Another file that belongs to a path. */
typedef rad_status rad_source_part(const char *path, void *context, rad_error *error);

/* A format: how it is recognised, read, and told of. To add one, write its row in a file of its own and add
 * the name to READERS in source.c. What a format does not have is NULL. A format whose files hold the voxels
 * of a grid one after the other has `parse` in place of open, read, close, read_mask and info. */
typedef struct rad_reader {
    const char *name;
    const char *const *endings; /* of names of its files, the longer first, in lower case, up to NULL */
    bool (*sniff)(const rad_glance *glance); /* is it of this format? */
    /* Names of its labels that the file has beside its voxels, as those of a sidecar. */
    rad_status (*names)(const char *path, rad_mask *mask, rad_error *error);
    /* What the header says; the raster is empty before, and is freed by who calls, whatever is returned. */
    rad_raster_parse_header *parse;
    bool names_files; /* a header may name other files, which have the voxels and belong to it */
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
    /* Calls `part` for the other files that belong to one of that name, whether they are there or not. */
    rad_status (*parts)(const char *path, rad_source_part *part, void *context, rad_error *error);
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

/* Grid and type of one file whose header says both, at little cost. RAD_UNREADABLE: it is none, or of DICOM.
 */
rad_status rad_source_header(const char *path, rad_volume *header, rad_error *error) RAD_MUST_CHECK;

/* Length of a name without the ending of a format; 0 where it has none, or is nothing else. */
size_t rad_source_stem(const char *name);

/* Calls `part` for the other files that belong to a path by its name: of image.hdr that is image.img. */
rad_status rad_source_parts(const char *path, rad_source_part *part, void *context,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
