/* The command: which subcommand is asked for, or which help. */
#include "../core/printable.h"
#include "arguments.h"
#include "commands.h"
#include "help.h"

#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void put_commands(FILE *to) {
    fprintf(to, "usage: radiomill COMMAND ...\n\nRadiomic features by the IBSI standard.\n\n");
    for (const rad_command *const *c = rad_commands; *c; c++) {
        char words[160];
        snprintf(words, sizeof words, "radiomill %s%s%s", (*c)->name, *(*c)->operands ? " " : "",
                 (*c)->operands);
        fprintf(to, "  ");
        rad_arguments_wrap(to, words, 4, 2);
        fprintf(to, "      ");
        rad_arguments_wrap(to, (*c)->help, 6, 6);
    }
    fprintf(to, "\n");
    rad_arguments_wrap(
        to,
        "`radiomill help COMMAND` lists the options of a command, with examples; `man radiomill` "
        "has more.",
        0, 0);
}

static rad_status run(const rad_command *command, char **words, size_t count) {
    rad_error error = {0};
    rad_arguments arguments;
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (!strcmp(words[i], "--help") || !strcmp(words[i], "-h")) {
            rad_help_put(command);
            return RAD_OK;
        }
    rad_status status = rad_arguments_parse(command, words, count, &arguments, &error);
    if (status == RAD_OK) status = command->run(&arguments, &error);
    if (status != RAD_OK && error.text[0]) rad_show(stderr, "radiomill: %s\n", error.text);
    if (status == RAD_NO_MEMORY && !error.text[0]) fputs("radiomill: out of memory\n", stderr);
    return status;
}

/* The exit code, once what was said is out. */
static int end(rad_status status) {
    if (fflush(stdout) != 0 && status == RAD_OK) {
        fprintf(stderr, "radiomill: standard output cannot be written: the device is full or closed\n");
        status = RAD_UNWRITABLE;
    }
    return (int)status;
}

/* One line: a list of all commands would push it out of sight. */
static rad_status refuse(const char *name) {
    if (!strcmp(name, "nvflare") || !strcmp(name, "parquet")) {
        rad_show(stderr, "radiomill: %s is a command of the Python package: docs/howto-python.md\n", name);
        return RAD_USAGE;
    }
    const char *nearest = rad_command_nearest(name);
    rad_show(stderr, "radiomill: unknown command %s%s%s; `radiomill help` lists all\n", name,
             nearest ? "; the nearest is " : "", nearest ? nearest : "");
    return RAD_USAGE;
}

static rad_status help(const char *name) {
    const rad_command *command = name ? rad_command_find(name) : NULL;
    if (name && !command) return refuse(name);
    if (command)
        rad_help_put(command);
    else
        put_commands(stdout);
    return RAD_OK;
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c) {
    return !strcmp(word, a) || !strcmp(word, b) || !strcmp(word, c);
}

/* The heap keeps what one image is done with for the next: the system clears every page that it gives again.
 */
static void keep_heap(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

int main(int argc, char **argv) {
    keep_heap();
    const char *name = argc > 1 ? argv[1] : "";
    if (is_one_of(name, "help", "--help", "-h")) return end(help(argc > 2 ? argv[2] : NULL));
    if (is_one_of(name, "version", "--version", "-V")) {
        printf("radiomill %s\n", RAD_VERSION);
        return end(RAD_OK);
    }
    const rad_command *command = rad_command_find(name);
    if (command) return end(run(command, argv + 2, (size_t)argc - 2));
    if (*name) return (int)refuse(name);
    put_commands(stderr);
    return RAD_USAGE;
}
