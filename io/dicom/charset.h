/* Texts of DICOM as UTF-8: single character sets, code extensions of ISO 2022, GB18030 and UTF-8. */
#ifndef RAD_CHARSET_H
#define RAD_CHARSET_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Do the terms name a set beyond ASCII? */
bool rad_charset_is_stated(const char *terms);

/* `terms` is the value of SpecificCharacterSet (PS3.3 C.12.1.1.2), spelled as its standard does or nearly so;
 * "" or NULL: none. Bytes beyond ASCII in a text of no character set are UTF-8 where they can be, else
 * Latin-1. What is no text, and what is not fit to print, becomes '?'. out holds size bytes, the last 0.
 * RAD_NO_MEMORY is the only failure. */
rad_status rad_charset_read(const char *terms, const char *from, size_t length, char *out, size_t size,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
