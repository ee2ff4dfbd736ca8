/* Names that people read must be what they look like: no characters that a terminal obeys or nobody sees, no
 * letters of Latin mixed with others that look like them. */
#ifndef RAD_PLAIN_H
#define RAD_PLAIN_H

#include "../io/document.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PLAIN_WORDS = 160 };

/* What is wrong with the text, in words; NULL: nothing. */
const char *rad_plain_fault(const char *text, char fault[RAD_PLAIN_WORDS]);

/* All keys and texts of a document. RAD_CONFIG names file, line and column. */
rad_status rad_plain_check(const rad_node *root, const char *name, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
