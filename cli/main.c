/* The command: a table of subcommands, and nothing else. */
#include "../core/printable.h"
#include "arguments.h"

#include <stdio.h>
#include <string.h>

static const rad_command *const commands[] = {
    &rad_command_batch,    &rad_command_collect,   &rad_command_extract,  &rad_command_features,
    &rad_command_filter,   &rad_command_harmonise, &rad_command_info,     &rad_command_keygen,
    &rad_command_manifest, &rad_command_pool,      &rad_command_sign,     &rad_command_slurm,
    &rad_command_study,    &rad_command_summarise, &rad_command_validate,
};

static void help(FILE *to) {
    fprintf(to, "usage: radiomill COMMAND ...\n\nRadiomic features by the IBSI standard.\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(to, "  radiomill %s%s%s\n      ", commands[i]->name, *commands[i]->operands ? " " : "",
                commands[i]->operands);
        rad_arguments_wrap(to, commands[i]->help, 6, 6);
    }
    fprintf(to, "\n`radiomill COMMAND --help` lists the options of a command;\n`man radiomill` has more.\n");
}

static rad_status run(const rad_command *command, char **words, size_t count) {
    rad_error error = {0};
    rad_arguments arguments;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(words[i], "--help") || !strcmp(words[i], "-h")) {
            rad_arguments_help(command);
            return RAD_OK;
        }
    rad_status status = rad_arguments_parse(command, words, count, &arguments, &error);
    if (status == RAD_OK) status = command->run(&arguments, &error);
    if (status != RAD_OK && error.text[0]) rad_show(stderr, "radiomill: %s\n", error.text);
    if (status == RAD_NO_MEMORY && !error.text[0]) fputs("radiomill: out of memory\n", stderr);
    if (fflush(stdout) != 0 && status == RAD_OK) {
        fprintf(stderr, "radiomill: standard output cannot be written: the device is full or closed\n");
        status = RAD_UNWRITABLE;
    }
    return status;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
        help(stdout);
        return RAD_OK;
    }
    if (!strcmp(name, "--version")) {
        printf("radiomill %s\n", RAD_VERSION);
        return RAD_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (!strcmp(name, commands[i]->name)) return (int)run(commands[i], argv + 2, (size_t)argc - 2);
    if (*name) rad_show(stderr, "radiomill: unknown command %s\n", name);
    help(stderr);
    return RAD_USAGE;
}
