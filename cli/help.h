/* Help of one command: its options, examples, and what belongs to it alone. */
#ifndef RAD_HELP_H
#define RAD_HELP_H

#include "command.h"

/* On standard output. */
void rad_help_put(const rad_command *command);

#endif
