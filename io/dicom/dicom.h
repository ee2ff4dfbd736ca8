/* The elements of a DICOM file: explicit and implicit VR, little and big endian, sequences to any sensible
 * depth, up to the PixelData. Every length is checked against what holds it before it is used. */
#ifndef RAD_DICOM_H
#define RAD_DICOM_H

#include "../../core/status.h"
#include "tags.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_dicom rad_dicom;              /* a parsed file without its PixelData */
typedef struct rad_dicom_element rad_dicom_item; /* its data set, or an item of a sequence in it */

/* What the samples of a pixel are: grey, or three of a picture in colour (colour.h). */
typedef enum rad_hue { RAD_HUE_GREY, RAD_HUE_RGB, RAD_HUE_YBR, RAD_HUE_YBR_422 } rad_hue;

/* How a frame is stored. */
typedef struct rad_pixel_format {
    unsigned rows, columns, samples;
    rad_hue hue;
    bool is_float; /* FloatPixelData, DoubleFloatPixelData */
    bool planar;   /* samples plane by plane, not pixel by pixel */
    unsigned bits_allocated, bits_stored, high_bit;
    bool is_signed;
    char syntax[65]; /* transfer syntax UID */
} rad_pixel_format;

/* Where the PixelData of a file lies. */
typedef struct rad_pixel_data {
    size_t offset, length; /* of its value in the file; the length is 0 where it is encapsulated */
    bool encapsulated, big_endian;
    bool in_words; /* of 16 bits, big endian: bytes lie swapped in pairs */
    size_t
        deflated_at; /* of the data set in the file, where it is deflated: offset is in its content; or 0 */
} rad_pixel_data;

/* A value as it stands in the file; borrowed. */
typedef struct rad_dicom_bytes {
    const unsigned char *bytes;
    size_t length;
    bool big_endian;
} rad_dicom_bytes;

/* Does the file begin as DICOM files do? One that cannot be read may: whoever opens it is told why, in place
 * of a series without it. rad_dicom_look fails where memory is short; to rad_dicom_is such a file may be one,
 * too. */
rad_status rad_dicom_look(const char *path, bool *is, rad_error *error) RAD_MUST_CHECK;
bool rad_dicom_is(const char *path);

/* Parses the file up to its PixelData. RAD_UNREADABLE: no such file, not DICOM, truncated or damaged. */
rad_status rad_dicom_open(const char *path, rad_dicom **file, rad_error *error) RAD_MUST_CHECK;
void rad_dicom_close(rad_dicom *file); /* NULL is allowed */

/* The same, and where it fails *file is what could be read before, or NULL: to be closed in any case. */
rad_status rad_dicom_open_part(const char *path, rad_dicom **file, rad_error *error) RAD_MUST_CHECK;

/* The data set of the file; NULL where none of it could be read. */
const rad_dicom_item *rad_dicom_root(const rad_dicom *file);

/* The value without leading and trailing blanks, as it stands: text in the character set of the file. False,
 * and an empty text, where the element is absent, empty or too long for the text. */
bool rad_dicom_text(const rad_dicom_item *item, uint32_t tag, char *text, size_t size);

/* The same as UTF-8 (charset.h), and fit to print: what is not text becomes '?'. An absent or empty element
 * is an empty text; RAD_NO_MEMORY is the only failure. */
rad_status rad_dicom_words(const rad_dicom *file, const rad_dicom_item *item, uint32_t tag, char *text,
                           size_t size, rad_error *error) RAD_MUST_CHECK;

/* Has the text bytes beyond ASCII, though the file names no character set? */
bool rad_dicom_guesses(const rad_dicom *file, const rad_dicom_item *item, uint32_t tag);

/* Decimal strings (DS, IS): up to `capacity` of them. How many there are, 0 where one is no
 * number; where that is 0 they are counted, not read. */
size_t rad_dicom_numbers(const rad_dicom_item *item, uint32_t tag, double *values, size_t capacity);

/* The bytes of a value that is no sequence; false where it is absent or empty. */
bool rad_dicom_value(const rad_dicom_item *item, uint32_t tag, rad_dicom_bytes *value);

/* The whole number without sign of 1 to 8 bytes that begins at byte `at`; they have to be there. */
uint64_t rad_dicom_whole_at(const rad_dicom_bytes *value, size_t at, size_t width);

/* The unsigned short of that number in such bytes, which has to be there. */
unsigned rad_dicom_short_at(const rad_dicom_bytes *value, size_t number);

/* One unsigned short (US); false where it is absent. */
bool rad_dicom_short(const rad_dicom_item *item, uint32_t tag, unsigned *value);

/* One double (FD); false where it is absent. */
bool rad_dicom_double(const rad_dicom_item *item, uint32_t tag, double *value);

/* The items of a sequence: how many, the first, and the one after; NULL where there is none. */
size_t rad_dicom_count(const rad_dicom_item *item, uint32_t tag);
const rad_dicom_item *rad_dicom_first(const rad_dicom_item *item, uint32_t tag);
const rad_dicom_item *rad_dicom_next(const rad_dicom_item *item);

/* The full tag of a private element, by its group, its last byte and its creator; 0 where it is absent. */
uint32_t rad_dicom_private(const rad_dicom_item *item, unsigned group, unsigned element, const char *creator);

/* RAD_UNREADABLE, with path, where the file has no PixelData or its format is not one of grey values of 1, 8,
 * 16 or 32 bits. */
rad_status rad_dicom_pixels(const rad_dicom *file, const char *path, rad_pixel_format *format,
                            rad_pixel_data *data, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
