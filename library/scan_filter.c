#include "visit.h"

#include "../core/memory.h"
#include "../core/pace.h"
#include "../pipeline/response.h"
#include "../pipeline/settings_file.h"

#include <stdio.h>
#include <string.h>

/* Settings whose only image is the filter. */
static rad_status read_filter(const char *filter, const rad_settings *from, rad_settings *settings,
                              rad_error *error) {
    const size_t length = strlen(filter) + 16;
    char *text = rad_new(length, 1, error);
    if (!text) return RAD_NO_MEMORY;
    rad_settings_default(settings);
    rad_status status = from ? rad_settings_copy(from, settings, error) : RAD_OK;
    snprintf(text, length, "images: [%s]\n", filter);
    if (status == RAD_OK) status = rad_settings_file_update(text, strlen(text), "filter", settings, error);
    if (status == RAD_OK && settings->image_count != 1)
        status = rad_fail(error, RAD_CONFIG, "rad_scan_filter: %s are %zu filters; give one", filter,
                          settings->image_count);
    rad_free(text);
    return status;
}

static rad_status run(const rad_scan *image, const rad_settings *settings, const rad_control *control,
                      double *out, size_t count, rad_error *error) {
    const rad_filter_options *filter = &settings->images[0].options;
    const int threads = rad_visit_threads(control);
    rad_warnings warnings = {.count = 0};
    rad_source_options how;
    rad_source source = {.path = NULL};
    rad_volume volume = {.voxels = NULL}, map = {.voxels = NULL};
    rad_pace pace;
    rad_pace_begin(&pace, control, 2);
    rad_status status = rad_visit_open(image, settings, threads, &how, &source, &warnings, error);
    const rad_geometry stored = source.stored;
    if (status == RAD_OK && rad_geometry_count(&stored) != count)
        status = rad_fail(error, RAD_CONFIG, "rad_scan_filter: %s has %zu voxels, and there is room for %zu",
                          image->path, rad_geometry_count(&stored), count);
    if (status == RAD_OK) status = rad_pace_check(&pace, error);
    if (status == RAD_OK) status = rad_source_read(&source, &how, NULL, &volume, &warnings, error);
    rad_source_close(&source);
    rad_pace_add(&pace, 1);
    if (status == RAD_OK)
        status = rad_filter_warn(filter, filter->filter->name, &volume.geometry, &warnings, error);
    rad_visit_warn(control, &warnings);
    if (status == RAD_OK) status = rad_pace_check(&pace, error);
    if (status == RAD_OK)
        status = rad_response_make(&volume, image->path, filter, settings->sampling.instead_of_nan, threads,
                                   &map, error);
    rad_volume_free(&volume);
    rad_pace_add(&pace, 1);
    if (status == RAD_OK) status = rad_pace_check(&pace, error);
    if (status == RAD_OK) rad_volume_unturn(&map, &stored, out);
    rad_volume_free(&map);
    return status;
}

rad_status rad_scan_filter(const rad_scan *image, const char *filter, const rad_settings *settings,
                           const rad_control *control, double *out, size_t count, rad_error *error) {
    RAD_VISIT(error);
    rad_settings one = {.images = NULL};
    RAD_NEEDS(image);
    RAD_NEEDS(filter);
    RAD_NEEDS(out);
    rad_status status = read_filter(filter, settings, &one, error);
    if (status == RAD_OK) status = run(image, &one, control, out, count, error);
    rad_settings_clear(&one);
    return status;
}
