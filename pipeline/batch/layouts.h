/* Layouts of folders in which images and masks belong together by where they lie: a row each. */
#ifndef RAD_LAYOUTS_H
#define RAD_LAYOUTS_H

#include "pattern.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_layout {
    const char *name; /* who writes it */
    /* Paths below the folder that is searched, without the ending of their format. Image and mask belong
     * together where all parts that both have are the same, in any case; of part k words such as mask or
     * image do not count. */
    const char *mask, *image;
    bool several; /* a row for each image that fits (channels, sequences); else there must be one */
    bool plain;   /* images have no word of masks in their names */
} rad_layout;

/* In the order in which they are tried. */
extern const rad_layout rad_layouts[];
extern const size_t rad_layout_count;

#ifdef __cplusplus
}
#endif
#endif
