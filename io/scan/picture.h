/* Pictures: planes of grey, by libraries of their own that decode a whole plane. */
#ifndef RAD_PICTURE_H
#define RAD_PICTURE_H

#include "unplaced.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a decoder gives: rows of `samples` side by side. */
typedef struct rad_picture {
    size_t size[2];
    rad_type type;
    unsigned samples;  /* 1: grey; 3, 4: red, green, blue (and opacity); 2: grey and opacity */
    bool inverted;     /* 0 is white */
    double spacing[2]; /* mm; 0: the file says none */
} rad_picture;

/* The raster of a picture; 72 and 96 dots per inch, which programs write when they know none, are a warning.
 */
rad_status rad_picture_put(const char *path, const rad_picture *picture, rad_raster *raster,
                           rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Grey of a row of samples, as the raster has it. RAD_UNREADABLE: red, green and blue differ; not opaque. */
rad_status rad_picture_grey(const char *path, const rad_picture *picture, const void *row, void *out,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
