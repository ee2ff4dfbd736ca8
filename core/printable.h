/* Text from outside as people may see it. Names of files, cases, ROIs, sites and studies can hold what a
 * terminal takes for commands, what forges a line of ours, or what turns the direction of writing round. */
#ifndef RAD_PRINTABLE_H
#define RAD_PRINTABLE_H

#include "status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The character that a text, not at its end, begins with: its bytes, and how it is shown: as it is (true), or
 * as an escape, \u001b for characters of control (C0, DEL, C1, ends of lines, marks of direction) and for
 * those that nobody sees (of no width), \xff for a byte that is no UTF-8. */
enum { RAD_SHOWN = 12 };
bool rad_printable_next(const char *text, size_t *bytes, char shown[RAD_SHOWN]);

/* Has a name no such character? *code: the first one, else. */
bool rad_printable_plain(const char *text, uint32_t *code);

/* Are letters of Latin mixed with others that look like them? *code: the first such letter. */
bool rad_printable_mixed(const char *text, uint32_t *code);

/* The text on one line, cut between characters where there is no more room. Twice gives the same as once. */
const char *rad_printable(const char *text, char *out, size_t size);
void rad_printable_format(char *out, size_t size, const char *format, va_list words);

/* Bytes line by line: ends of lines and tabs pass. */
void rad_printable_lines(FILE *to, const char *bytes, size_t length);

/* As fprintf, for people; line ends pass at the beginning and at the end. */
void rad_show(FILE *to, const char *format, ...) RAD_PRINTF(2, 3);

/* What a word for so many things ends in: "" for one, "s" for any other number. */
const char *rad_plural(size_t count);

#ifdef __cplusplus
}
#endif
#endif
