/* Series that hold several volumes at one place: time points, echoes, b-values, gates. What differs between
 * them is found in the elements of their slices, and one is chosen. */
#ifndef RAD_VOLUMES_H
#define RAD_VOLUMES_H

#include "plane.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One volume. */
typedef struct rad_volume_choice {
    char words[200]; /* "EchoTime=4.6", or of two elements "EchoTime=4.6,FlipAngle=20": what names it */
    size_t slices;
} rad_volume_choice;

typedef struct rad_volumes {
    rad_volume_choice *row; /* owned; in the order of values */
    size_t count;           /* 0: slices are at different places, or what repeats cannot be told apart */
} rad_volumes;

/* Looks for volumes among planes that are sorted by height: elements (one, or two together) whose values tell
 * apart all slices that lie at one place, and are as many as most slices at one place; else the order in
 * time. Then keeps the planes of the volume that `wanted` names, by number or by values, first in `planes`,
 * and *count of them. RAD_UNREADABLE: a file cannot be read again; of several volumes nothing is named, or
 * none or several by that name: they are listed. */
rad_status rad_volumes_choose(rad_plane *planes, size_t *count, const char *wanted, rad_volumes *volumes,
                              rad_error *error) RAD_MUST_CHECK;

/* May be called twice. */
void rad_volumes_free(rad_volumes *volumes);

#ifdef __cplusplus
}
#endif
#endif
