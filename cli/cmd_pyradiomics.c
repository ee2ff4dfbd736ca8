/* PyRadiomics' command: its options, and its layouts of results. */
#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/sheet.h"
#include "../pipeline/extract.h"
#include "../pipeline/pyr_parameters.h"
#include "pyr_results.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PARAM,
    SETTING,
    JOBS,
    VALIDATE,
    OUT,
    OUT_DIR,
    OD,
    MODE,
    SKIP_NANS,
    FORMAT,
    FORMAT_PATH,
    UNIX_PATH,
    UP,
    LOGGING_LEVEL,
    LOG_FILE,
    VERBOSITY,
    LABEL
};
static const rad_option options[] = {
    [PARAM] = {"--param", 'p', "FILE", "parameter file, YAML or JSON; default: PyRadiomics' own"},
    [SETTING] =
        {"--setting", 's', "NAME:VALUE...",
         "a setting that takes the place of what the file says; lists have commas; may be given again"},
    [JOBS] = {"--jobs", 'j', "N", "threads of a case; default: 1; never changes a result"},
    [VALIDATE] = {"--validate", 0, NULL, "only check the parameter file and that images and masks are there"},
    [OUT] = {"--out", 'o', "FILE", "append to the file, as each case ends; default: standard output"},
    [OUT_DIR] =
        {"--out-dir", 0, "DIR",
         "features_N.csv of each case besides; those that are there with the same settings are taken"},
    [OD] = {"-od", 0, "DIR", "the same"},
    [MODE] = {"--mode", 'm', "MODE", "segment; voxel is not made"},
    [SKIP_NANS] = {"--skip-nans", 0, NULL, "leave out features without a value; in CSV they are empty"},
    [FORMAT] = {"--format", 'f', "FORMAT", "csv, json or txt (default: Case-N_name: value)"},
    [FORMAT_PATH] = {"--format-path", 0, "FORM",
                     "paths of images and masks: absolute (default), relative or basename"},
    [UNIX_PATH] = {"--unix-path", 0, NULL, "slashes in paths; they always are"},
    [UP] = {"-up", 0, NULL, "the same"},
    [LOGGING_LEVEL] = {"--logging-level", 0, "LEVEL",
                       "what goes to the log file: NOTSET, DEBUG, INFO, WARNING (default), ERROR, CRITICAL"},
    [LOG_FILE] = {"--log-file", 0, "FILE", "append warnings and errors to the file"},
    [VERBOSITY] = {"--verbosity", 'v', "1..5",
                   "what goes to standard error: 2 errors, 3 (default) warnings too"},
    [LABEL] = {"--label", 'l', "N", "label of the mask; -s label:N says the same"},
};

/* What all cases share. */
typedef struct run {
    rad_settings settings;
    rad_pyr_layout layout;
    int threads, verbosity, log_level;
    const char *directory;
    FILE *out, *log;
    size_t cases, failed;
    rad_error first;
} run_state;

enum { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_CRITICAL };

static void say(const run_state *r, int level, const char *text) {
    static const char *const words[] = {"", "", "warning: ", "", ""};
    if (level >= 5 - r->verbosity) rad_show(stderr, "radiomill: %s%s\n", words[level], text);
    if (r->log && level >= r->log_level) {
        rad_show(r->log, "radiomill: %s%s\n", words[level], text);
        fflush(r->log);
    }
}

static int find_word(const char *const *words, const char *text) {
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], text)) return i;
    return -1;
}

/* One of the words of an option, or the default. */
static rad_status read_word(const rad_arguments *a, int option, const char *const *words, int standard,
                            int *value, rad_error *error) {
    *value = a->value[option] ? find_word(words, a->value[option]) : standard;
    if (*value >= 0) return RAD_OK;
    char text[128] = "";
    for (size_t i = 0; words[i]; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? ", " : "", words[i]);
    return rad_fail(error, RAD_USAGE, "%s: %s is none of %s", options[option].name, a->value[option], text);
}

static rad_status read_settings(const rad_arguments *a, rad_settings *settings, rad_error *error) {
    rad_pyr_override overrides[RAD_MANY_MAX + 1];
    char names[RAD_MANY_MAX][64];
    size_t count = 0;
    for (; count < a->many_count; count++) {
        const char *colon = strchr(a->many[count], ':');
        if (!colon || colon - a->many[count] >= (ptrdiff_t)sizeof names[0])
            return rad_fail(error, RAD_USAGE, "--setting: %s is not NAME:VALUE", a->many[count]);
        snprintf(names[count], sizeof names[0], "%.*s", (int)(colon - a->many[count]), a->many[count]);
        overrides[count] = (rad_pyr_override){names[count], colon + 1};
    }
    if (a->value[LABEL]) overrides[count++] = (rad_pyr_override){"label", a->value[LABEL]};
    return rad_pyr_parameters_file(a->value[PARAM], (rad_pyr_overrides){overrides, count}, settings, error);
}

static rad_status read_options(const rad_arguments *a, run_state *r, rad_error *error) {
    static const char *const modes[] = {"segment", "voxel", NULL},
                             *const formats[] = {"csv", "json", "txt", NULL},
                             *const paths[] = {"absolute", "relative", "basename", NULL},
                             *const levels[] = {"DEBUG",    "INFO",   "WARNING", "ERROR",
                                                "CRITICAL", "NOTSET", NULL};
    int mode = 0, format = 0, path = 0;
    long long threads = 1, verbosity = 3;
    rad_status status = read_word(a, MODE, modes, 0, &mode, error);
    if (status == RAD_OK && mode)
        status = rad_fail(error, RAD_USAGE,
                          "--mode voxel: voxel-based extraction, a map for each feature, is not made; --mode "
                          "segment gives the features of the ROI");
    if (status == RAD_OK) status = read_word(a, FORMAT, formats, 2, &format, error);
    if (status == RAD_OK) status = read_word(a, FORMAT_PATH, paths, 0, &path, error);
    if (status == RAD_OK) status = read_word(a, LOGGING_LEVEL, levels, 2, &r->log_level, error);
    if (status == RAD_OK && a->value[JOBS])
        status = rad_argument_integer("--jobs", a->value[JOBS], 1, 1024, &threads, error);
    if (status == RAD_OK && a->value[VERBOSITY])
        status = rad_argument_integer("--verbosity", a->value[VERBOSITY], 1, 5, &verbosity, error);
    if (r->log_level > LEVEL_CRITICAL) r->log_level = LEVEL_DEBUG;
    r->layout.format = (rad_pyr_format)format;
    r->layout.paths = (rad_pyr_paths)path;
    r->layout.skip_undefined = a->value[SKIP_NANS] != NULL;
    r->threads = (int)threads;
    r->verbosity = (int)verbosity;
    r->directory = a->value[OUT_DIR] ? a->value[OUT_DIR] : a->value[OD];
    return status == RAD_OK ? read_settings(a, &r->settings, error) : status;
}

static rad_status open_append(const char *path, FILE **file, rad_error *error) {
    *file = fopen(path, "ae");
    return *file ? RAD_OK
                 : rad_fail(error, rad_errno_status(RAD_UNWRITABLE), "%s: %s", path, strerror(errno));
}

static rad_status open_outputs(const rad_arguments *a, run_state *r, rad_error *error) {
    rad_status status = RAD_OK;
    r->out = stdout;
    if (a->value[LOG_FILE]) status = open_append(a->value[LOG_FILE], &r->log, error);
    if (r->directory && status == RAD_OK && mkdir(r->directory, 0777) != 0 && errno != EEXIST)
        status = rad_fail(error, RAD_UNWRITABLE, "%s: %s", r->directory, strerror(errno));
    if (a->value[OUT] && status == RAD_OK) status = rad_pyr_layout_begin(&r->layout, a->value[OUT], error);
    if (a->value[OUT] && status == RAD_OK) status = open_append(a->value[OUT], &r->out, error);
    return status;
}

/* The label and channel of a case, where its row has them. */
static rad_status read_label(const rad_pyr_input *input, rad_settings *settings, rad_error *error) {
    long long value = settings->pyr.label;
    const char *label = rad_pyr_input_find(input, "Label"),
               *channel = rad_pyr_input_find(input, "Label_channel");
    rad_status status = RAD_OK;
    if (label && *label) status = rad_argument_integer("Label", label, 1, 2147483647, &value, error);
    settings->pyr.label = (int)value;
    value = settings->pyr.label_channel;
    if (channel && *channel && status == RAD_OK)
        status = rad_argument_integer("Label_channel", channel, 0, 65535, &value, error);
    settings->pyr.label_channel = (int)value;
    return status;
}

static rad_status extract(const run_state *r, const rad_pyr_input *input, rad_table *table,
                          rad_pyr_report *report, rad_warnings *warnings, rad_error *error) {
    rad_settings own = r->settings; /* images are borrowed */
    const rad_extract_options o = {
        .case_name = input->image, .threads = r->threads, .report = own.pyr.information ? report : NULL};
    rad_status status = read_label(input, &own, error);
    return status == RAD_OK ? rad_extract_files((rad_case_paths){input->image, input->mask}, &own, o, table,
                                                NULL, warnings, error)
                            : status;
}

/* A case that fails has a row without features; the others go on. */
static rad_status run_case(run_state *r, const rad_pyr_input *input, rad_error *error) {
    rad_table table = {0};
    rad_pyr_report report = {0};
    rad_warnings warnings = {0};
    rad_error why = {0};
    rad_pyr_results results = {0};
    r->cases++;
    rad_status status = rad_pyr_results_recall(r->directory, r->cases, input, &r->settings, &results, error);
    const bool known = results.count > 0;
    if (status == RAD_OK && !known) {
        const rad_status done = extract(r, input, &table, &report, &warnings, &why);
        for (size_t i = 0; i < warnings.count && i < RAD_WARNINGS_KEPT; i++)
            say(r, LEVEL_WARNING, warnings.text[i]);
        if (done == RAD_NO_MEMORY) {
            *error = why;
            status = done;
        } else if (done != RAD_OK) {
            say(r, LEVEL_ERROR, why.text);
            if (!r->failed++) r->first = why;
        }
        if (status == RAD_OK)
            status = rad_pyr_results_make(input, &r->settings, &report, done == RAD_OK ? &table : NULL,
                                          &results, error);
        if (status == RAD_OK && done == RAD_OK && r->directory)
            status = rad_pyr_results_keep(r->directory, r->cases, &results, error);
    }
    if (status == RAD_OK) status = rad_pyr_results_write(&r->layout, r->cases, &results, r->out, error);
    rad_pyr_results_free(&results);
    rad_pyr_report_free(&report);
    rad_table_free(&table);
    return status;
}

static rad_status check_case(run_state *r, const rad_pyr_input *input) {
    char text[512];
    const char *const paths[] = {input->image, input->mask};
    r->cases++;
    size_t missing = 0;
    for (int i = 0; i < 2; i++)
        if (access(paths[i], R_OK) != 0) {
            snprintf(text, sizeof text, "case %zu: %.400s: %s", r->cases, paths[i], strerror(errno));
            say(r, LEVEL_ERROR, text);
            if (!missing++ && !r->failed++) rad_fail(&r->first, RAD_UNREADABLE, "%s", text);
        }
    return RAD_OK;
}

static rad_status run_input(run_state *r, const rad_pyr_input *input, bool check, rad_error *error) {
    return check ? check_case(r, input) : run_case(r, input, error);
}

static rad_status run_batch(run_state *r, const char *path, bool check, rad_error *error) {
    rad_sheet sheet;
    bool more = false;
    rad_status status = rad_sheet_open(path, &sheet, error);
    if (status != RAD_OK) return status;
    const size_t image = rad_sheet_column(&sheet, "Image"), mask = rad_sheet_column(&sheet, "Mask");
    if (image == sheet.columns || mask == sheet.columns)
        status = rad_fail(error, RAD_UNREADABLE, "%s: the columns Image and Mask are needed", path);
    while (status == RAD_OK && (status = rad_sheet_next(&sheet, &more, error)) == RAD_OK && more) {
        rad_pyr_input input;
        status = rad_pyr_input_of_row(&sheet, path, &r->layout, &input, error);
        if (status == RAD_OK && (!*sheet.field[image] || !*sheet.field[mask])) {
            say(r, LEVEL_WARNING, "a case without image or mask is left out");
        } else if (status == RAD_OK) {
            status = run_input(r, &input, check, error);
        }
        rad_pyr_input_free(&input);
    }
    rad_sheet_close(&sheet);
    return status;
}

static rad_status sum_up(run_state *r, rad_error *error) {
    if (!r->cases) return rad_fail(error, RAD_UNREADABLE, "there are no cases");
    if (!r->failed) return RAD_OK;
    if (r->failed == r->cases) {
        *error = r->first;
        if (r->verbosity >= 2) error->text[0] = '\0'; /* it is said already */
        return r->first.status;
    }
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu case%s failed", r->failed, r->cases,
                    rad_plural(r->cases));
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    run_state r = {.settings = {.image_count = 0}};
    const char *input = a->operand[0];
    const size_t length = strlen(input);
    const bool batch = length > 4 && !strcmp(input + length - 4, ".csv");
    rad_status status =
        batch || a->operands == 2
            ? RAD_OK
            : rad_fail(error, RAD_USAGE, "pyradiomics: %s is no .csv, and no mask is given", input);
    if (status == RAD_OK) status = read_options(a, &r, error);
    if (status == RAD_OK) status = open_outputs(a, &r, error);
    const bool check = a->value[VALIDATE] != NULL;
    if (status == RAD_OK && batch) {
        status = run_batch(&r, input, check, error);
    } else if (status == RAD_OK) {
        rad_pyr_input one;
        status = rad_pyr_input_of_pair(input, a->operand[1], &r.layout, &one, error);
        if (status == RAD_OK) status = run_input(&r, &one, check, error);
        rad_pyr_input_free(&one);
    }
    if (status == RAD_OK && !check) status = rad_pyr_results_end(&r.layout, r.out, error);
    if (r.layout.left_out)
        say(&r, LEVEL_WARNING, "values of columns that the first case has not are left out");
    if (status == RAD_OK) status = sum_up(&r, error);
    if (r.log) fclose(r.log);
    if (r.out && r.out != stdout && fclose(r.out) != 0 && status == RAD_OK)
        status = rad_fail(error, RAD_UNWRITABLE, "%s: %s", a->value[OUT], strerror(errno));
    rad_settings_clear(&r.settings);
    return status;
}

const rad_command rad_command_pyradiomics = {
    "pyradiomics",
    "IMAGE|BATCH.csv [MASK]",
    1,
    2,
    "PyRadiomics' command with its numbers: one case, or a CSV of cases with the columns Image, Mask, and "
    "perhaps Label, Label_channel.",
    options,
    sizeof options / sizeof options[0],
    run,
};
