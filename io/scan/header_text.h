/* Headers that are lines of text, before voxels or in a file of their own. */
#ifndef RAD_HEADER_TEXT_H
#define RAD_HEADER_TEXT_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_header_text {
    char *text;    /* ends in 0; owned */
    size_t length; /* of the header in the content of the file */
    bool gzipped;  /* the file as a whole */
    char *at;      /* next line */
} rad_header_text;

/* Length of the header that the text begins with; 0: more is needed. */
typedef size_t rad_header_end(const char *text, size_t length);

/* Reads the header of a file, up to its end or to that of the file. RAD_UNREADABLE: bytes of value 0, more
 * than 8 MiB. */
rad_status rad_header_text_read(const char *path, rad_header_end *end, rad_header_text *header,
                                rad_error *error) RAD_MUST_CHECK;

/* The next line, cut out in place, without its end; NULL: no more. */
char *rad_header_text_line(rad_header_text *header);

void rad_header_text_free(rad_header_text *header);

/* The text without white space around it, cut in place. */
char *rad_header_trim(char *text);

/* The numbers of a text, which stand between white space, commas and parentheses; *count of them, at most
 * `most`. false: something else, or more. "nan" is one. */
bool rad_header_numbers(const char *text, double *values, size_t most, size_t *count);

/* A whole number of at most 2^40. */
bool rad_header_whole(double value, size_t *whole);

#ifdef __cplusplus
}
#endif
#endif
