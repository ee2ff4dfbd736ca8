#include "command.h"
#include "suv_options.h"

#include "../core/number.h"
#include "../filters/filters.h"
#include "../io/scan/nifti.h"
#include "../pipeline/case_files.h"
#include "../pipeline/response.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OUTPUT, SERIES, VOLUME, UNEVEN, RAD_SUV_OPTION_NAMES, NAN_VALUE, THREADS };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "FILE", "write the response map: FILE.nii or FILE.nii.gz"},
    [SERIES] = RAD_OPTION_SERIES,
    [VOLUME] = RAD_OPTION_VOLUME,
    [UNEVEN] = RAD_OPTION_UNEVEN,
    RAD_SUV_OPTIONS,
    [NAN_VALUE] = {"--nan", 0, "NUMBER",
                   "what the filter sees in place of NaN and infinity; default: refuse"},
    [THREADS] = {"--threads", 't', "N", "default: all processors; never changes a result"},
};

/* "sigma=3" */
static rad_status read_word(const char *word, rad_image *image, rad_error *error) {
    char key[64];
    const char *equals = strchr(word, '=');
    if (!equals || (size_t)(equals - word) >= sizeof key)
        return rad_fail(error, RAD_USAGE, "filter: %s is not KEY=VALUE, such as sigma=3", word);
    snprintf(key, sizeof key, "%.*s", (int)(equals - word), word);
    return rad_image_set_text(image, key, equals + 1, error);
}

static rad_status read_nan(const char *text, double *value, rad_error *error) {
    *value = NAN;
    if (!text || (rad_number_read(text, value) && isfinite(*value))) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "--nan: %s is not a number", text);
}

static rad_status read_image(const rad_arguments *a, int threads, rad_volume *image, rad_geometry *stored,
                             rad_warnings *warnings, rad_error *error) {
    rad_settings settings;
    rad_source source = {0};
    rad_settings_default(&settings);
    rad_status status = rad_suv_options_read(&a->value[SUV], &settings, error);
    if (status == RAD_OK && a->value[UNEVEN])
        status = rad_settings_set_words(&settings, "uneven", &a->value[UNEVEN], 1, error);
    rad_source_options how = rad_case_source_options(&settings, a->value[SERIES], threads);
    how.series.volume = a->value[VOLUME];
    how.verify = true;
    if (status == RAD_OK) status = rad_source_open(a->operand[0], &how, &source, warnings, error);
    if (status == RAD_OK) status = rad_source_read(&source, &how, NULL, image, warnings, error);
    *stored = source.stored;
    rad_source_close(&source);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_image filter;
    rad_warnings warnings = {0};
    rad_volume image = {0}, map = {0};
    rad_geometry stored;
    double instead = NAN;
    int threads = 1;
    rad_status status = rad_image_begin(&filter, a->operand[1], error);
    for (size_t i = 2; i < a->operands && status == RAD_OK; i++)
        status = read_word(a->operand[i], &filter, error);
    if (status == RAD_OK && !a->value[OUTPUT])
        status = rad_fail(error, RAD_USAGE, "filter: --output FILE.nii.gz is needed");
    if (status == RAD_OK && !rad_nifti_is_name(a->value[OUTPUT]))
        status =
            rad_fail(error, RAD_USAGE, "--output: %s ends neither in .nii nor in .nii.gz", a->value[OUTPUT]);
    if (status == RAD_OK) status = read_nan(a->value[NAN_VALUE], &instead, error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &threads, error);
    if (status == RAD_OK) status = read_image(a, threads, &image, &stored, &warnings, error);
    if (status == RAD_OK)
        status =
            rad_filter_warn(&filter.options, filter.options.filter->name, &image.geometry, &warnings, error);
    rad_print_warnings(&warnings);
    if (status == RAD_OK)
        status = rad_response_make(&image, a->operand[0], &filter.options, instead, threads, &map, error);
    if (status == RAD_OK) status = rad_volume_restore(&map, &stored, error);
    if (status == RAD_OK) status = rad_nifti_write(a->value[OUTPUT], &map, error);
    rad_volume_free(&image);
    rad_volume_free(&map);
    return status;
}

#define WORD(name) " " #name
const rad_command rad_command_filter = {
    "filter",
    "IMAGE NAME [KEY=VALUE ...]",
    2,
    RAD_OPERANDS_MAX,
    "The response map of a filter:" RAD_FILTERS(WORD),
    options,
    sizeof options / sizeof options[0],
    run,
};
