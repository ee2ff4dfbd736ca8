/* Lines for people on standard output: as they are in a file or a pipe, and on a terminal broken to its
 * width. */
#ifndef RAD_SCREEN_H
#define RAD_SCREEN_H

#include "../core/status.h"

#include <stdio.h>

/* One line, without its end in the format. Further lines of a terminal begin at the indent; a word that is
 * longer than a line stays whole, so that it can be copied. What a terminal could obey is escaped, as by
 * rad_show. */
void rad_screen_put(size_t indent, const char *format, ...) RAD_PRINTF(2, 3);

/* Lines, each as rad_screen_put has it: further lines of a terminal begin below the text behind the first
 * word, where at least two blanks part them. NULL is none. */
void rad_screen_text(const char *text);

/* A command to copy: lines that are broken end in a backslash, at any width of a terminal and beyond 80
 * columns. */
void rad_screen_put_command(size_t indent, const char *command);

/* Columns of the terminal, or 0 where standard output is none. */
size_t rad_screen_columns(void);

#endif
