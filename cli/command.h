/* A subcommand is one row: name, words for the help, options, function. Options are rows too; parsing, help
 * and errors come from them. */
#ifndef RAD_COMMAND_H
#define RAD_COMMAND_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct rad_option {
    const char *name; /* "--label" */
    char letter;      /* 'l', or 0 */
    /* Name of its value in the help, NULL for a flag; "ROI..." may be given again and again, which one option
     * of a command may; "[PAGE.html]": a flag, or a file that ends so. */
    const char *value;
    const char *help;
} rad_option;

enum { RAD_OPTIONS_MAX = 32, RAD_OPERANDS_MAX = 1024, RAD_MANY_MAX = 256 };

typedef struct rad_arguments {
    const char *value[RAD_OPTIONS_MAX]; /* by row of the option table; a flag's value is its name */
    const char *operand[RAD_OPERANDS_MAX];
    size_t operands;
    const char *many[RAD_MANY_MAX]; /* values of the option that may be given many times */
    size_t many_count;
} rad_arguments;

typedef struct rad_command {
    const char *name;
    const char *operands; /* "IMAGE MASK" */
    size_t least, most;   /* operands */
    const char *help;
    const rad_option *options;
    size_t option_count;
    rad_status (*run)(const rad_arguments *arguments, rad_error *error);
} rad_command;

extern const rad_command rad_command_batch;
extern const rad_command rad_command_collect;
extern const rad_command rad_command_completion;
extern const rad_command rad_command_extract;
extern const rad_command rad_command_features;
extern const rad_command rad_command_filter;
extern const rad_command rad_command_fit;
extern const rad_command rad_command_harmonise;
extern const rad_command rad_command_info;
extern const rad_command rad_command_keygen;
extern const rad_command rad_command_ledger;
extern const rad_command rad_command_manifest;
extern const rad_command rad_command_methods;
extern const rad_command rad_command_pool;
extern const rad_command rad_command_compare_standards;
extern const rad_command rad_command_pyradiomics;
extern const rad_command rad_command_score;
extern const rad_command rad_command_settings;
extern const rad_command rad_command_sign;
extern const rad_command rad_command_signature;
extern const rad_command rad_command_slurm;
extern const rad_command rad_command_step;
extern const rad_command rad_command_study;
extern const rad_command rad_command_summarise;
extern const rad_command rad_command_table;
extern const rad_command rad_command_validate;

/* A whole number in low..high; RAD_USAGE names the option otherwise. */
rad_status rad_argument_integer(const char *option, const char *text, long long low, long long high,
                                long long *value, rad_error *error) RAD_MUST_CHECK;

/* The value of --threads: given, or the processors of this machine. */
rad_status rad_argument_threads(const char *text, int *threads, rad_error *error) RAD_MUST_CHECK;

/* From here on no core file of this process is written, and no other process of the user reads its memory. */
void rad_hold_secrets(void);

/* Options of the commands that read one image. */
#define RAD_OPTION_SERIES                                                                                    \
    {                                                                                                        \
        "--series", 0, "SERIES",                                                                             \
            "the image series, where a DICOM folder holds several: its UID, modality, description, or "      \
            "number in `radiomill info`"                                                                     \
    }

#define RAD_OPTION_VOLUME                                                                                    \
    {                                                                                                        \
        "--volume", 0, "N|ELEMENT=VALUE",                                                                    \
            "one of several volumes at one place (time points, echoes, b-values, gates; frames of a 4D "     \
            "file): its number, or an element of DICOM and its value; info lists them"                       \
    }

#define RAD_OPTION_UNEVEN                                                                                    \
    {                                                                                                        \
        "--uneven", 0, "WORD",                                                                               \
            "DICOM slices at uneven distances, the setting uneven: refuse (default) or interpolate"          \
    }

/* What every command that writes tables takes: --formulas quote|keep. */
#define RAD_OPTION_FORMULAS                                                                                  \
    {                                                                                                        \
        "--formulas", 0, "WORD",                                                                             \
            "quote: an apostrophe before texts that a spreadsheet would take for formulas (default); keep: " \
            "as they are"                                                                                    \
    }
rad_status rad_argument_formulas(const char *text, rad_error *error) RAD_MUST_CHECK;

/* --separator: comma, semicolon or tab; 0 where it is not given. */
rad_status rad_argument_separator(const char *text, char *separator, rad_error *error) RAD_MUST_CHECK;

/* --output of a command that writes CSV alone: a name that says another form is refused. */
rad_status rad_argument_csv(const char *path, rad_error *error) RAD_MUST_CHECK;

/* Prints a line to standard error: for rad_control and the notes of an extraction. */
void rad_print_note(const char *text, void *context);

/* Prints warnings to standard error. */
void rad_print_warnings(const rad_warnings *warnings);

#endif
