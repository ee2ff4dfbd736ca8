/* Checked sizes and allocation. Every size that comes from a file passes through here.
 *
 * Blocks of a megabyte and more lie on huge pages and are kept for the next request when they are released,
 * so that a worker that goes from ROI to ROI and from case to case asks the system for memory once. Of
 * smaller ones, from 64 KB on, 4 MB are kept. */
#ifndef RAD_MEMORY_H
#define RAD_MEMORY_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* *product = a * b; false (and *product untouched) when it does not fit. */
bool rad_multiply(size_t a, size_t b, size_t *product) RAD_MUST_CHECK;

/* count zeroed elements of the given size, at least one byte, to be released with rad_free().
 * NULL with error->status = RAD_NO_MEMORY when the product overflows or memory is short. */
void *rad_new(size_t count, size_t size, rad_error *error) RAD_MUST_CHECK;

/* As rad_new, but the content is undefined: for large buffers that are filled at once. */
void *rad_new_raw(size_t count, size_t size, rad_error *error) RAD_MUST_CHECK;

/* Makes room for one more element: when count elements fill the array at *array (a pointer to the pointer),
 * it moves to one twice as large. What is beyond count is undefined. On failure the array is as it was. */
rad_status rad_grow(void *array, size_t count, size_t *capacity, size_t size,
                    rad_error *error) RAD_MUST_CHECK;

/* Are all bytes 0? */
bool rad_is_zero(const void *bytes, size_t count);

/* A copy of the text; NULL where text is NULL or memory is short. */
char *rad_text_copy(const char *text, rad_error *error) RAD_MUST_CHECK;

/* Releases what the functions above gave; NULL is allowed. */
void rad_free(void *memory);

/* Gives blocks that are kept back to the system. */
void rad_memory_trim(void);

/* So many bytes are kept from now on, at most; what is beyond goes back at once. */
void rad_memory_limit(size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
