#include "command.h"

#include "../io/bytes.h"
#include "../pipeline/batch/wide.h"

#include <string.h>

enum { WIDE, OUTPUT, PATIENT, BY, DELTA, SEPARATOR, FORMULAS };
static const rad_option options[] = {
    [WIDE] = {"--wide", 0, NULL, "a row for each patient: the one form that there is"},
    [OUTPUT] = {"--output", 'o', "FILE",
                "FILE.csv or FILE.tsv, with .gz behind it or not; default: standard output"},
    [PATIENT] = {"--patient", 'p', "COLUMN",
                 "column that names the patient; default: patient, or case where there is none"},
    [BY] =
        {"--by", 0, "COLUMNS",
         "columns that tell the rows of a patient apart, such as modality,roi, and run, its name; default: "
         "modality (run where several are given without it) and timepoint, where there is one"},
    [DELTA] = {"--delta", 0, "A,B", "differences, too: what is B in the column timepoint less what is A"},
    [SEPARATOR] = {"--separator", 0, "WORD", "of fields: comma (default), semicolon or tab"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

/* The names that CSV has, and what flows (rad_bytes_flow). */
static rad_status check_name(const char *path, rad_error *error) {
    const size_t length = path ? strlen(path) : 0,
                 end = length > 3 && !strcmp(path + length - 3, ".gz") ? length - 3 : length;
    if (!path || rad_bytes_flow(path)) return RAD_OK;
    if (end > 4 && (!strncmp(path + end - 4, ".csv", 4) || !strncmp(path + end - 4, ".tsv", 4)))
        return RAD_OK;
    return rad_fail(error, RAD_USAGE,
                    "--output: %s ends neither in .csv nor in .tsv, with .gz behind it or not", path);
}

enum { WORDS = 1024 };

/* The words between commas, in a copy. */
static rad_status split(const char *option, const char *text, char copy[WORDS], const char **word,
                        size_t most, size_t *count, rad_error *error) {
    *count = 0;
    snprintf(copy, WORDS, "%s", text);
    for (char *next = copy; next; (*count)++) {
        char *at = next;
        next = strchr(at, ',');
        if (next) *next++ = '\0';
        if (*count == most || !*at)
            return rad_fail(error, RAD_USAGE, "%s: %.60s is not a list of 1 to %zu words between commas",
                            option, text, most);
        word[*count] = at;
    }
    return RAD_OK;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    char by[WORDS], times[WORDS];
    const char *time[2] = {NULL, NULL};
    size_t count = 0;
    rad_wide_options o = {.runs = a->operand, .run_count = a->operands, .patient = a->value[PATIENT]};
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_separator(a->value[SEPARATOR], &o.separator, error);
    if (status == RAD_OK) status = check_name(a->value[OUTPUT], error);
    if (status == RAD_OK && a->value[BY])
        status = split("--by", a->value[BY], by, o.by, RAD_WIDE_BY, &o.by_count, error);
    if (status == RAD_OK && a->value[DELTA])
        status = split("--delta", a->value[DELTA], times, time, 2, &count, error);
    if (status == RAD_OK && a->value[DELTA] && count != 2)
        status = rad_fail(error, RAD_USAGE, "--delta: %.60s is not two times, such as baseline,followup",
                          a->value[DELTA]);
    o.from = time[0];
    o.to = time[1];
    rad_warnings warnings = {.count = 0};
    if (status == RAD_OK) status = rad_wide_write(&o, a->value[OUTPUT], &warnings, error);
    rad_print_warnings(&warnings);
    return status;
}

const rad_command rad_command_table = {
    "table",
    "RUN...",
    1,
    RAD_OPERANDS_MAX,
    "Features of runs with one row for each patient: CT_..., MR_baseline_..., delta_...",
    options,
    sizeof options / sizeof options[0],
    run,
};
