#include "maps.h"

#include "../../core/memory.h"
#include "../../io/scan/source.h"
#include "../response.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The test with that index: the fields map, phantom, filter and options of the table; NULL where there is
 * none.
 */
static rad_status find_test(rad_sheet *tests, size_t index, char ***fields, rad_error *error) {
    bool more = true;
    rad_status status = rad_reference_open("ibsi2_maps.csv", tests, error);
    for (size_t i = 0; i <= index && more && status == RAD_OK; i++)
        status = rad_sheet_next(tests, &more, error);
    *fields = status == RAD_OK && more && tests->columns == 4 ? tests->field : NULL;
    return status;
}

static rad_status read_options(const char *filter, char *words, rad_image *image, rad_error *error) {
    rad_status status = rad_image_begin(image, filter, error);
    for (char *rest = words, *word; status == RAD_OK && (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        if (!equals) return rad_fail(error, RAD_CONFIG, "ibsi2_maps.csv: %s is not key=value", word);
        *equals = '\0';
        status = rad_image_set_text(image, word, equals + 1, error);
    }
    return status;
}

static bool find_file(const char *data, const char *folder, const char *name, char path[1024]) {
    static const char *const below[] = {"ibsi2/", ""};
    for (size_t i = 0; data && i < sizeof below / sizeof below[0]; i++) {
        snprintf(path, 1024, "%.800s/%s%s/%.64s.nii.gz", data, below[i], folder, name);
        if (!access(path, R_OK)) return true;
    }
    return false;
}

static rad_status read_whole(const char *path, int threads, rad_volume *volume, rad_error *error) {
    const rad_source_options how = {.series = {.threads = threads}, .verify = true};
    rad_source source;
    rad_status status = rad_source_open(path, &how, &source, NULL, error);
    if (status == RAD_OK) status = rad_source_read(&source, &how, NULL, volume, NULL, error);
    rad_source_close(&source);
    return status;
}

static rad_status compare(const rad_volume *map, const rad_volume *reference, rad_map_check *check,
                          rad_error *error) {
    const size_t count = rad_geometry_count(&map->geometry);
    const double *ours = map->voxels;
    const rad_box all = rad_geometry_box(&reference->geometry);
    double low = INFINITY, high = -INFINITY, most = 0;
    if (rad_geometry_count(&reference->geometry) != count)
        return rad_fail(error, RAD_UNREADABLE, "reference map %s: does not have the size of its phantom",
                        check->map);
    double *theirs = rad_new_raw(count, sizeof *theirs, error);
    if (!theirs) return RAD_NO_MEMORY;
    rad_volume_crop(reference, &all, theirs);
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, theirs[i]);
        high = fmax(high, theirs[i]);
        most = fmax(most, fabs(ours[i] - theirs[i]));
    }
    rad_free(theirs);
    check->deviation = most / (high - low);
    check->met = check->deviation <= 0.01;
    return RAD_OK;
}

static rad_status run_test(char *const fields[4], char paths[2][1024], int threads, rad_map_check *check,
                           rad_error *error) {
    rad_image image;
    rad_volume phantom = {0}, reference = {0}, map = {0};
    rad_status status = read_options(fields[2], fields[3], &image, error);
    if (status == RAD_OK) status = read_whole(paths[0], threads, &phantom, error);
    if (status == RAD_OK) status = read_whole(paths[1], threads, &reference, error);
    if (status == RAD_OK)
        status = rad_response_make(&phantom, paths[0], &image.options, NAN, threads, &map, error);
    if (status == RAD_OK) status = compare(&map, &reference, check, error);
    rad_volume_free(&phantom);
    rad_volume_free(&reference);
    rad_volume_free(&map);
    return status;
}

rad_status rad_map_validate(size_t index, const char *data, int threads, rad_map_check *check,
                            rad_error *error) {
    char **fields, paths[2][1024];
    rad_sheet tests;
    *check = (rad_map_check){.deviation = NAN};
    rad_status status = find_test(&tests, index, &fields, error);
    if (fields) {
        snprintf(check->map, sizeof check->map, "%.31s", fields[0]);
        snprintf(check->filter, sizeof check->filter, "%.31s", fields[2]);
        check->ran = find_file(data, "digital_phantoms", fields[1], paths[0]) &&
                     find_file(data, "response_maps", fields[0], paths[1]);
    }
    if (fields && check->ran) status = run_test(fields, paths, threads, check, error);
    rad_sheet_close(&tests);
    return status;
}
