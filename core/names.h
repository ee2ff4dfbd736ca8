/* Texts in order, so that many are looked up, and repetitions found, in little more than linear time: lists
 * come from outside. */
#ifndef RAD_NAMES_H
#define RAD_NAMES_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_name {
    const char *text; /* borrowed */
    size_t place;
} rad_name;

typedef struct rad_names {
    rad_name *row; /* owned; by text, then by place */
    size_t count;
} rad_names;

/* Memory for that many; the caller sets text and place of each, then sorts. */
rad_status rad_names_allocate(rad_names *names, size_t count, rad_error *error) RAD_MUST_CHECK;
void rad_names_sort(rad_names *names);
void rad_names_free(rad_names *names);

/* The first place of that text, or SIZE_MAX. */
size_t rad_names_find(const rad_names *names, const char *text);

/* The first place whose text has a place before; SIZE_MAX: all differ. */
size_t rad_names_repeated(const rad_names *names);

#ifdef __cplusplus
}
#endif
#endif
