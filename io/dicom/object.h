/* What is to be done and said about a series of one kind of object: doses, pictures, objects of no known
 * class. */
#ifndef RAD_OBJECT_H
#define RAD_OBJECT_H

#include "colour.h"
#include "series.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of pictures, the frame that was asked for (from 1), or all (0); fills series->flat. */
void rad_object_choose_frame(rad_series *series, size_t frame);

/* Facts and warnings about the kind of object. */
void rad_object_tell(rad_series *series, rad_warnings *warnings);

/* A warning where pixels were not grey. */
void rad_object_tell_colour(const rad_series *series, const rad_tint *tint, size_t pixels,
                            rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
