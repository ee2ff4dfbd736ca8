/* The same ROI by PyRadiomics and by the IBSI, side by side. */
#include "command.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../io/csv.h"
#include "../pipeline/extract.h"
#include "../pipeline/pyr_parameters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SETTINGS, ROI, THREADS };
static const rad_option options[] = {
    [SETTINGS] = {"--settings", 'c', "FILE", "parameter file of PyRadiomics; default: its own"},
    [ROI] = {"--roi", 'r', "ROI...", "the ROI; default: the label of the file"},
    [THREADS] = {"--threads", 't', "N", "default: all processors; never changes a result"},
};

/* The two tables, of the original image alone. */
typedef struct compared {
    rad_settings settings[2];
    rad_table table[2];
} compared;

enum { THERE, HERE };

static rad_status set(rad_settings *s, const char *key, const char *const *words, size_t count,
                      rad_error *error) {
    return rad_settings_set_words(s, key, words, count, error);
}

/* The settings of the IBSI that come nearest: bins, spacing, interpolation and range are the same words. */
static rad_status translate(const rad_settings *there, rad_settings *here, rad_error *error) {
    static const char *const methods[] = {"nearest", "linear", "cubic"};
    const rad_pyr_case *how = &there->pyr;
    const rad_discretisation d = there->features.discretisation.row[0];
    char text[4][48];
    const char *words[3] = {text[0], text[1], text[2]};
    rad_settings_default(here);
    here->features.merging = RAD_AVERAGED; /* as there */
    snprintf(text[0], sizeof text[0], "%s%.15g", d.binning == RAD_BIN_COUNT ? "fbn" : "fbs", d.amount);
    rad_status status = set(here, "discretisation", words, 1, error);
    for (size_t i = 0; i < how->spacing.count; i++) rad_number_write(how->spacing.value[i], text[i]);
    if (status == RAD_OK && how->spacing.count && how->interpolator >= 0) {
        const char *method = methods[how->interpolator < 3 ? how->interpolator : 2];
        status = set(here, "interpolation.spacing", words, 3, error);
        if (status == RAD_OK) status = set(here, "interpolation.method", &method, 1, error);
    }
    if (status == RAD_OK && how->range.count && how->range_mode == RAD_PYR_ABSOLUTE) {
        const double first = how->range.value[0],
                     second = how->range.count > 1 ? how->range.value[1] : INFINITY;
        rad_number_write(fmin(first, second), text[0]);
        rad_number_write(fmax(first, second), text[1]);
        status = set(here, "resegmentation.range", words, 2, error);
    }
    return status;
}

/* What is not the same words there. */
static void warn_apart(const rad_pyr_case *how) {
    const struct {
        bool given;
        const char *key;
    } keys[] = {{how->normalise, "normalize"},
                {how->spacing.count && how->interpolator > RAD_ITK_BSPLINE, "interpolator"},
                {how->range.count && how->range_mode != RAD_PYR_ABSOLUTE, "resegmentMode"}};
    rad_warnings warnings = {0};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].given)
            rad_warn(&warnings, "%s of the file has no equal in the IBSI's settings; values differ by it",
                     keys[i].key);
    rad_print_warnings(&warnings);
}

/* The column of the IBSI's feature with that code, of the whole volume. */
static const rad_column *find_column(const rad_table *table, const char *code, size_t *at) {
    for (size_t i = 0; *code && i < table->column_count; i++) {
        const rad_column *c = &table->columns[i];
        const bool whole =
            !*c->aggregation || !strcmp(c->aggregation, "3D_avg") || !strcmp(c->aggregation, "3D");
        if (strcmp(c->code, code) != 0 || !whole) continue;
        *at = i;
        return c;
    }
    return NULL;
}

static void put_value(rad_value v) {
    char text[RAD_NUMBER_TEXT];
    printf(",%s", v.reason ? "" : rad_number_write(v.value, text));
}

static void put_tables(const compared *c) {
    const rad_value *values[2] = {c->table[THERE].rows[0].values, c->table[HERE].rows[0].values};
    printf("feature,pyradiomics,ibsi,ibsi_feature,relative_difference\r\n");
    for (size_t i = 0; i < c->table[THERE].column_count; i++) {
        const rad_column *there = &c->table[THERE].columns[i];
        size_t at = 0;
        const rad_column *here = find_column(&c->table[HERE], there->code, &at);
        printf("%s", there->name);
        put_value(values[THERE][i]);
        put_value(here ? values[HERE][at] : rad_undefined(RAD_NOT_COMPUTED));
        printf(",%s", here ? here->name : "");
        const double a = values[THERE][i].value, b = here ? values[HERE][at].value : NAN;
        if (isfinite(a) && isfinite(b))
            put_value(rad_defined(a == b ? 0 : fabs(a - b) / fmax(fabs(a), fabs(b))));
        else
            printf(",");
        printf("\r\n");
    }
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    compared c = {.settings = {{.image_count = 0}}};
    char label[32];
    const char *words[] = {label};
    rad_extract_options o = {
        .case_name = a->operand[0], .choice = {a->many, a->many_count}, .resample_mask = true};
    rad_status status = rad_argument_threads(a->value[THREADS], &o.threads, error);
    if (status == RAD_OK)
        status = rad_pyr_parameters_file(a->value[SETTINGS], (rad_pyr_overrides){NULL, 0}, &c.settings[THERE],
                                         error);
    if (status == RAD_OK) warn_apart(&c.settings[THERE].pyr);
    c.settings[THERE].image_count = 0; /* the original image alone */
    if (status == RAD_OK) status = translate(&c.settings[THERE], &c.settings[HERE], error);
    snprintf(label, sizeof label, "%d", c.settings[THERE].pyr.label);
    if (!o.choice.count) o.choice = (rad_choice){words, 1};
    for (int k = 0; k < 2 && status == RAD_OK; k++) {
        rad_warnings warnings = {0};
        status = rad_extract_files((rad_case_paths){a->operand[0], a->operand[1]}, &c.settings[k], o,
                                   &c.table[k], NULL, &warnings, error);
        if (k == THERE) rad_print_warnings(&warnings);
    }
    if (status == RAD_OK) put_tables(&c);
    for (int k = 0; k < 2; k++) {
        rad_table_free(&c.table[k]);
        rad_settings_clear(&c.settings[k]);
    }
    return status;
}

const rad_command rad_command_compare_standards = {
    "compare-standards",
    "IMAGE MASK",
    2,
    2,
    "Features of a ROI by PyRadiomics and by the IBSI, side by side, as CSV: by one parameter file, its "
    "bins, spacing and range the same on both sides.",
    options,
    sizeof options / sizeof options[0],
    run,
};
