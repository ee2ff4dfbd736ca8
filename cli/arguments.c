#include "arguments.h"

#include "../core/nearest.h"
#include "../core/parallel.h"
#include "../core/printable.h"
#include "../core/terminal.h"
#include "../io/csv.h"
#include "../io/file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_many(const rad_option *option) {
    const size_t length = option->value ? strlen(option->value) : 0;
    return length > 3 && !strcmp(option->value + length - 3, "...");
}

/* A value that may be absent: the next word, where it ends as the value in the help does. */
static bool is_optional(const rad_option *option, const char *next) {
    const char *ending = option->value && *option->value == '[' ? strchr(option->value, '.') : NULL;
    const size_t length = ending ? strlen(ending) - 1 : 0, own = next ? strlen(next) : 0;
    return ending && !(own > length && !strncmp(next + own - length, ending, length));
}

/* An option as a word gives it: its row, and where in the word its value begins, or NULL. */
typedef struct given {
    const rad_option *option;
    const char *value;
} given;

/* "--name" and every beginning of it that only one option has; "-n". */
static rad_status find_name(const rad_command *command, const char *word, size_t length, given *g,
                            rad_error *error) {
    char others[256] = "";
    size_t found = 0;
    g->option = NULL;
    for (size_t i = 0; i < command->option_count; i++) {
        const rad_option *option = &command->options[i];
        if (strncmp(option->name, word, length) != 0) continue;
        g->option = option;
        if (strlen(option->name) == length) return RAD_OK;
        found++;
        snprintf(others + strlen(others), sizeof others - strlen(others), "%s%s", found > 1 ? ", " : "",
                 option->name);
    }
    if (found < 2) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "%s: %.*s is the beginning of %s", command->name, (int)length, word,
                    others);
}

static const rad_option *find_letter(const rad_command *command, char letter) {
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].letter == letter) return &command->options[i];
    return NULL;
}

static rad_status find(const rad_command *command, const char *word, given *g, rad_error *error) {
    const char *equals = strchr(word, '=');
    *g = (given){.value = equals ? equals + 1 : NULL};
    if (word[1] == '-')
        return find_name(command, word, equals ? (size_t)(equals - word) : strlen(word), g, error);
    for (size_t i = 0; i < command->option_count; i++) /* names with one dash, as "-od" */
        if (!strcmp(command->options[i].name, word)) {
            g->option = &command->options[i];
            return RAD_OK;
        }
    g->option = find_letter(command, word[1]);
    if (g->option && word[2] && word[2] != '=') g->value = g->option->value ? word + 2 : NULL;
    if (g->option && !g->option->value && word[2] && word[2] != '=') g->option = NULL;
    return RAD_OK;
}

static rad_status refuse(const rad_command *command, const char *word, rad_error *error) {
    if (!access(word, F_OK))
        return rad_fail(error, RAD_USAGE, "%s: unknown option %s; the file of that name is ./%s",
                        command->name, word, word);
    const size_t length = strcspn(word, "=");
    rad_nearest nearest = {NULL, SIZE_MAX};
    char name[80];
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    for (size_t i = 0; i < command->option_count && length < sizeof name; i++)
        rad_nearest_try(&nearest, name, command->options[i].name);
    const bool near = word[1] == '-' && rad_word_is_near(name + 2, nearest.distance);
    bool settings = false; /* bins, spacing, filters and such are in a file */
    for (size_t i = 0; i < command->option_count; i++)
        settings = settings || !strcmp(command->options[i].name, "--settings");
    return rad_fail(error, RAD_USAGE, "%s: unknown option %s%s%s; see `radiomill help %s`%s", command->name,
                    word, near ? "; the nearest is " : "", near ? nearest.word : "", command->name,
                    settings && !near
                        ? "; bins, spacing and filters are set in a file (-c), which `radiomill settings` "
                          "prints"
                        : "");
}

static rad_status keep_many(const rad_option *option, const char *value, rad_arguments *arguments,
                            const char *command, rad_error *error) {
    if (!is_many(option) || !value || !*value) return RAD_OK;
    if (arguments->many_count == RAD_MANY_MAX)
        return rad_fail(error, RAD_USAGE, "%s: %s is given more than %d times", command, option->name,
                        RAD_MANY_MAX);
    arguments->many[arguments->many_count++] = value;
    return RAD_OK;
}

/* Takes the option at words[*at], and its value; *at ends on the last word used. */
static rad_status read_option(const rad_command *command, char **words, size_t count, size_t *at,
                              rad_arguments *arguments, rad_error *error) {
    const char *word = words[*at];
    given g;
    rad_status status = find(command, word, &g, error);
    if (status != RAD_OK) return status;
    const rad_option *option = g.option;
    if (!option) return refuse(command, word, error);
    const char **slot = &arguments->value[option - command->options];
    if (*slot && !is_many(option))
        return rad_fail(error, RAD_USAGE, "%s: %s is given twice", command->name, option->name);
    *slot = NULL;
    if (!option->value || (!g.value && is_optional(option, *at + 1 < count ? words[*at + 1] : NULL))) {
        if (g.value) return rad_fail(error, RAD_USAGE, "%s: %s takes no value", command->name, option->name);
        *slot = option->name;
        return RAD_OK;
    }
    *slot = g.value ? g.value : *at + 1 < count ? words[++*at] : NULL;
    status = keep_many(option, *slot, arguments, command->name, error);
    if (status != RAD_OK || (*slot && **slot)) return status;
    return rad_fail(error, RAD_USAGE, "%s: %s needs a value: %s", command->name, option->name, option->value);
}

/* Does the option name a file to write, and is one there? */
static bool replaces(const char *option, const char *path) {
    static const char *const written[] = {"--output", "--out", "--picture", "--log-file"};
    struct stat there;
    size_t i = 0, count = sizeof written / sizeof written[0];
    while (i < count && strcmp(written[i], option) != 0) i++;
    return i < count && path && !stat(path, &there) && S_ISREG(there.st_mode);
}

static rad_status apart(const rad_command *command, const char *option, const char *output, const char *input,
                        rad_error *error) {
    if (!input || input == output || !rad_file_is_one(output, input)) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "%s: %s: %s is a file that the command reads; write another one",
                    command->name, option, output);
}

/* What is written would take the place of what is read: a table, an image, a key. */
static rad_status keep_inputs(const rad_command *command, const rad_arguments *arguments, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < command->option_count; i++) {
        const char *option = command->options[i].name, *output = arguments->value[i];
        if (!replaces(option, output)) continue;
        for (size_t k = 0; k < arguments->operands && status == RAD_OK; k++)
            status = apart(command, option, output, arguments->operand[k], error);
        for (size_t k = 0; k < command->option_count && status == RAD_OK; k++)
            status = apart(command, option, output, arguments->value[k], error);
    }
    return status;
}

rad_status rad_arguments_parse(const rad_command *command, char **words, size_t count,
                               rad_arguments *arguments, rad_error *error) {
    *arguments = (rad_arguments){0};
    bool options = true;
    for (size_t i = 0; i < count; i++) {
        if (options && !strcmp(words[i], "--")) {
            options = false;
        } else if (options && words[i][0] == '-' && words[i][1]) {
            rad_status status = read_option(command, words, count, &i, arguments, error);
            if (status != RAD_OK) return status;
        } else if (!strcmp(words[i], "-")) {
            return rad_fail(
                error, RAD_USAGE,
                "%s: - would be standard input, which is not read: save it as a file (one that is "
                "called so is ./-)",
                command->name);
        } else if (arguments->operands == command->most) {
            return rad_fail(error, RAD_USAGE, "%s: too many arguments at %s; usage: radiomill %s%s%s",
                            command->name, words[i], command->name, *command->operands ? " " : "",
                            command->operands);
        } else {
            arguments->operand[arguments->operands++] = words[i];
        }
    }
    if (arguments->operands >= command->least) return keep_inputs(command, arguments, error);
    return rad_fail(error, RAD_USAGE, "%s: too few arguments; usage: radiomill %s %s", command->name,
                    command->name, command->operands);
}

enum { WIDEST = 80, OPTION_COLUMN = 31 };

void rad_arguments_wrap(FILE *to, const char *text, size_t indent, size_t column) {
    const int columns = rad_terminal_columns(fileno(to));
    const size_t width = columns < WIDEST ? (size_t)columns : WIDEST;
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, " ");
        const bool breaks = column > indent && column + 1 + length > width;
        if (breaks) fprintf(to, "\n%*s", (int)indent, "");
        if (breaks) column = indent;
        column += (size_t)fprintf(to, "%s%.*s", column > indent ? " " : "", (int)length, at);
        at += length + strspn(at + length, " ");
    }
    fputc('\n', to);
}

void rad_arguments_help(const rad_command *command) {
    char usage[200];
    snprintf(usage, sizeof usage, "radiomill %s%s%s%s", command->name, *command->operands ? " " : "",
             command->operands, command->option_count ? " [OPTIONS]" : "");
    printf("usage: ");
    rad_arguments_wrap(stdout, usage, 7, 7);
    printf("\n");
    rad_arguments_wrap(stdout, command->help, 0, 0);
    if (command->option_count) printf("\n");
    for (size_t i = 0; i < command->option_count; i++) {
        const rad_option *option = &command->options[i];
        const char letter[] = {'-', option->letter, ',', '\0'};
        const int left = printf("  %-3s %s%s%s", option->letter ? letter : "", option->name,
                                option->value ? " " : "", option->value ? option->value : "");
        if (left >= OPTION_COLUMN)
            printf("\n%*s", OPTION_COLUMN, "");
        else
            printf("%*s", OPTION_COLUMN - left, "");
        rad_arguments_wrap(stdout, option->help, OPTION_COLUMN, OPTION_COLUMN);
    }
}

rad_status rad_argument_integer(const char *option, const char *text, long long low, long long high,
                                long long *value, rad_error *error) {
    char *end = NULL;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (end != text && !*end && !errno && *value >= low && *value <= high) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "%s: %s is not a whole number from %lld to %lld", option, text, low,
                    high);
}

rad_status rad_argument_threads(const char *text, int *threads, rad_error *error) {
    long long value = rad_parallel_processors();
    if (text) {
        rad_status status = rad_argument_integer("--threads", text, 1, 1024, &value, error);
        if (status != RAD_OK) return status;
    }
    *threads = (int)value;
    return RAD_OK;
}

rad_status rad_argument_formulas(const char *text, rad_error *error) {
    if (text && strcmp(text, "quote") != 0 && strcmp(text, "keep") != 0)
        return rad_fail(error, RAD_USAGE, "--formulas: %s is neither quote nor keep", text);
    rad_csv_keep_formulas(text && !strcmp(text, "keep"));
    return RAD_OK;
}

rad_status rad_argument_separator(const char *text, char *separator, rad_error *error) {
    static const struct {
        const char *word;
        char separator;
    } rows[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}};
    *separator = 0;
    for (size_t i = 0; text && i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(text, rows[i].word)) *separator = rows[i].separator;
    if (!text || *separator) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "--separator: %s is none of comma, semicolon, tab", text);
}

rad_status rad_argument_csv(const char *path, rad_error *error) {
    static const char *const others[] = {".tsv", ".gz",      ".json", ".xlsx",
                                         ".xls", ".parquet", ".yaml", ".nii"};
    const char *ending = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; ending && i < sizeof others / sizeof others[0]; i++)
        if (!strcasecmp(ending, others[i]))
            return rad_fail(error, RAD_USAGE, "--output: %s: the table is CSV; give a name in .csv", path);
    return RAD_OK;
}

void rad_hold_secrets(void) {
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0); /* where core files go to a program, the limit does not hold */
}

void rad_print_note(const char *text, void *context) {
    (void)context;
    rad_show(stderr, "radiomill: %s\n", text);
}

void rad_print_warnings(const rad_warnings *warnings) {
    for (size_t i = 0; i < warnings->count && i < RAD_WARNINGS_KEPT; i++)
        rad_show(stderr, "radiomill: warning: %s\n", warnings->text[i]);
    if (warnings->count > RAD_WARNINGS_KEPT)
        fprintf(stderr, "radiomill: warning: and %zu more\n", warnings->count - RAD_WARNINGS_KEPT);
}
