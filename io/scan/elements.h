/* The elements of a raster from front to back, through all of its files and whatever they are coded by. */
#ifndef RAD_ELEMENTS_H
#define RAD_ELEMENTS_H

#include "../stream.h"
#include "raster.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_ELEMENTS_TEXT = 1 << 14 };

typedef struct rad_elements {
    const rad_raster *raster; /* borrowed */
    bool verify;              /* what is left out is inflated to its end, too */
    size_t total, of_file;    /* bytes of elements, of all files and of one */
    size_t at;                /* the next of them */
    size_t file;              /* number of the file that is open + 1; 0: none */
    rad_stream stream;
    void *decoder;       /* of rows; NULL: not begun */
    size_t row;          /* rows that it gave */
    unsigned char *lost; /* a row that is left out */
    char *text;          /* a piece of a file of digits */
    size_t text_at, text_end;
} rad_elements;

/* RAD_UNREADABLE: the first file cannot be opened, or cannot hold what the header asks for. */
rad_status rad_elements_open(const rad_raster *raster, bool verify, rad_elements *feed,
                             rad_error *error) RAD_MUST_CHECK;

/* Exactly `length` bytes from byte `at` on, which is not before the end of what was read last. */
rad_status rad_elements_read(rad_elements *feed, size_t at, void *out, size_t length,
                             rad_error *error) RAD_MUST_CHECK;

/* Goes to the end, where checksums are; more content is refused. */
rad_status rad_elements_finish(rad_elements *feed, rad_error *error) RAD_MUST_CHECK;

/* May be called twice. */
void rad_elements_close(rad_elements *feed);

/* Text and digits as bytes (elements_text.c). */
rad_status rad_elements_end_text(rad_elements *elements, rad_error *error) RAD_MUST_CHECK;
rad_status rad_elements_read_text(rad_elements *feed, void *out, size_t length,
                                  rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
