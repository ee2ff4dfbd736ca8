/* All subcommands, and the one that a wrong word may mean. */
#ifndef RAD_COMMANDS_H
#define RAD_COMMANDS_H

#include "command.h"

/* In the order of the alphabet; the last one is NULL. */
extern const rad_command *const rad_commands[];

/* The command of that name, or NULL. */
const rad_command *rad_command_find(const char *name);

/* The name of a command that is near to the word, or NULL. */
const char *rad_command_nearest(const char *name);

#endif
