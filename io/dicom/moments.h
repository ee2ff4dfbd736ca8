/* Elements by which slices at one place differ, and their values as text. */
#ifndef RAD_MOMENTS_H
#define RAD_MOMENTS_H

#include "plane.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_MOMENTS = 25, RAD_MOMENT_TEXT = 65 };

/* The values of one slice, in the order in which elements are tried; "" where it has none. */
typedef struct rad_moments {
    char text[RAD_MOMENTS][RAD_MOMENT_TEXT];
} rad_moments;

/* The element of that number, as it stands in a data set. */
rad_tag rad_moment_tag(size_t number);

/* Does it grow in time, so that slices at one place can be put in order by it? */
bool rad_moment_is_time(size_t number);

/* Reads those of all planes: each file once. RAD_UNREADABLE: a file that cannot be read again. */
rad_status rad_moments_read(const rad_plane *planes, size_t count, rad_moments *moments,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
