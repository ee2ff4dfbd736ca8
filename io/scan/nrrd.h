/* Headers of NRRD, and what 3D Slicer says of segments in them. */
#ifndef RAD_NRRD_H
#define RAD_NRRD_H

#include "../../core/volume.h"
#include "raster.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What "Segment7_Name" and its like say; numbers of segments may have gaps. */
typedef struct rad_nrrd_segment {
    size_t number;
    char *name; /* owned, as the file writes it */
    int64_t value, layer;
    bool has_value, has_layer;
} rad_nrrd_segment;

typedef struct rad_nrrd_segments {
    rad_nrrd_segment *of; /* owned */
    size_t count, room;
} rad_nrrd_segments;

/* Takes a key and its value, where they are of a segment. */
rad_status rad_nrrd_segment_take(const char *path, const char *key, const char *value,
                                 rad_nrrd_segments *segments, rad_error *error) RAD_MUST_CHECK;

/* Makes labels of them, by their numbers. */
rad_status rad_nrrd_segments_label(const char *path, rad_nrrd_segments *segments, rad_raster *raster,
                                   rad_error *error) RAD_MUST_CHECK;

void rad_nrrd_segments_free(rad_nrrd_segments *segments);

enum { RAD_NRRD_AXES = 16 };

/* Fields of a header, by axis of the file: the first is the fastest. */
typedef struct rad_nrrd {
    const char *path;
    size_t axes;
    size_t sizes, steps, spacings, mins; /* axes that have one; 0: the field is not there */
    size_t size[RAD_NRRD_AXES];
    rad_type type;
    char space[40];    /* in lower case; "" where there is none */
    size_t space_axes; /* coordinates of a vector; 0: no vector was read */
    double scale;      /* mm of a unit of space */
    double origin[RAD_NRRD_AXES], step[RAD_NRRD_AXES][RAD_NRRD_AXES]; /* of space, by axis */
    double spacing[RAD_NRRD_AXES], least[RAD_NRRD_AXES];              /* without a space; NaN: none */
    bool has_origin, is_none[RAD_NRRD_AXES], is_list[RAD_NRRD_AXES], at_nodes[RAD_NRRD_AXES];
    bool big, little; /* byte order; neither: none is said */
    rad_raster_coding coding;
    const char *refused; /* a coding that is not read */
    double lines, skip;
    size_t slab; /* axes that each of several files has; 0: all but one */
    rad_nrrd_segments segments;
} rad_nrrd;

/* The two of nrrd_write.c. Does the name end in .nrrd? */
bool rad_nrrd_is_name(const char *path);

/* Writes voxels without slope and intercept, gzipped, in the world of NIfTI (right, anterior, superior),
 * which the header names. The file appears whole or not at all. */
rad_status rad_nrrd_write(const char *path, const rad_volume *volume, rad_error *error) RAD_MUST_CHECK;

/* Where the grid of the fields lies (nrrd_place.c): geometry and channels of the raster. */
rad_status rad_nrrd_place(const rad_nrrd *nrrd, rad_raster *raster, rad_warnings *warnings,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
