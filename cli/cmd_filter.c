#include "command.h"

#include "../filters/filter.h"
#include "../io/nifti.h"
#include "../pipeline/response.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT, THREADS };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "FILE", "write the response map: FILE.nii or FILE.nii.gz"},
    [THREADS] = {"--threads", 't', "N", "default: all processors; never changes a result"},
};

static rad_status find_filter(const char *name, const rad_filter **filter, rad_error *error) {
    char there[256] = "";
    *filter = rad_filter_find(name);
    if (*filter) return RAD_OK;
    for (const rad_filter *f = rad_filters; f->name; f++) {
        const size_t used = strlen(there);
        snprintf(there + used, sizeof there - used, "%s%s", f == rad_filters ? "" : ", ", f->name);
    }
    return rad_fail(error, RAD_USAGE, "filter: there is no filter %s; there are %s", name, there);
}

/* "sigma=3" */
static rad_status take_word(const char *word, rad_filter_options *o, rad_error *error) {
    char key[64];
    const char *equals = strchr(word, '=');
    if (!equals || (size_t)(equals - word) >= sizeof key)
        return rad_fail(error, RAD_USAGE, "filter: %s is not KEY=VALUE, such as sigma=3", word);
    snprintf(key, sizeof key, "%.*s", (int)(equals - word), word);
    return rad_filter_set(o, key, equals + 1, error);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const rad_filter *filter = NULL;
    rad_filter_options o;
    rad_warnings warnings = {0};
    rad_volume image = {0}, map = {0};
    int threads = 1;
    rad_filter_default(&o);
    rad_status status = find_filter(a->operand[1], &filter, error);
    for (size_t i = 2; i < a->operands && status == RAD_OK; i++) status = take_word(a->operand[i], &o, error);
    if (status == RAD_OK && !a->value[OUTPUT])
        status = rad_fail(error, RAD_USAGE, "filter: --output FILE.nii.gz is needed");
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &threads, error);
    if (status == RAD_OK) status = rad_nifti_read(a->operand[0], &image, &warnings, error);
    rad_print_warnings(&warnings);
    if (status == RAD_OK) status = rad_response_make(&image, a->operand[0], filter, &o, threads, &map, error);
    if (status == RAD_OK) status = rad_nifti_write(a->value[OUTPUT], &map, error);
    rad_volume_free(&image);
    rad_volume_free(&map);
    return status;
}

const rad_command rad_command_filter = {
    "filter",
    "IMAGE NAME [KEY=VALUE ...]",
    2,
    RAD_OPERANDS_MAX,
    "The response map of a filter: mean, gaussian, log, laws, gabor, wavelet, simoncelli.",
    options,
    sizeof options / sizeof options[0],
    run,
};
