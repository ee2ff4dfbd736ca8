/* How a DICOM file begins: with a preamble or without, with meta information or without. */
#ifndef RAD_OPENING_H
#define RAD_OPENING_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a file that tell it. */
enum { RAD_OPENING_BYTES = 1024 };

typedef struct rad_opening {
    size_t begin;       /* of the meta information or, where there is none, of the data set */
    bool has_meta;      /* (group 2) */
    const char *syntax; /* of the data set, where there is no meta information to name it */
} rad_opening;

/* False: these bytes, the first of a file, are not those of DICOM. Without "DICM" the first elements must be
 * those of groups 2 or 8 in ascending order, one of them a UID of a class that is of DICOM. */
bool rad_opening_find(const unsigned char *head, size_t length, rad_opening *opening);

/* Has the element at these eight bytes a value representation of its own? */
bool rad_opening_is_explicit(const unsigned char *element);

#ifdef __cplusplus
}
#endif
#endif
