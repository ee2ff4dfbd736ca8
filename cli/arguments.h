/* Words of the command line into the rows of a command's option table. */
#ifndef RAD_ARGUMENTS_H
#define RAD_ARGUMENTS_H

#include "command.h"

#include <stdio.h>

/* Parses words[0..count) by the command's tables. `--name value`, `--name=value`, `--na value` where no other
 * option begins so, `-n value`, `-nvalue`; `--` ends options. RAD_USAGE says which word is wrong and names
 * the nearest option; or that an option names a file to write that another word names, too. */
rad_status rad_arguments_parse(const rad_command *command, char **words, size_t count,
                               rad_arguments *arguments, rad_error *error) RAD_MUST_CHECK;

/* Words from that column on, in lines of 80 columns that begin at the indent. */
void rad_arguments_wrap(FILE *to, const char *text, size_t indent, size_t column);

/* Help of one command on standard output. */
void rad_arguments_help(const rad_command *command);

#endif
