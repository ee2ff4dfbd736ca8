#include "filters.h"

#include <math.h>
#include <string.h>

#define ROW(name) &rad_filter_##name,
const rad_filter *const rad_filters[] = {RAD_FILTERS(ROW) NULL};

const rad_filter *rad_filter_find(const char *name) {
    for (const rad_filter *const *f = rad_filters; *f; f++)
        if (!strcmp((*f)->name, name)) return *f;
    return NULL;
}

size_t rad_field_count(const rad_field *field) {
    return field->size[0] * field->size[1] * field->size[2];
}

rad_box rad_field_wanted(const rad_field *field) {
    if (field->wanted.end[0]) return field->wanted;
    return (rad_box){{0, 0, 0}, {field->size[0], field->size[1], field->size[2]}};
}

rad_status rad_reach_all(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                         rad_error *error) {
    (void)options, (void)spacing, (void)error;
    for (int a = 0; a < 3; a++) reach[a] = RAD_REACH_ALL;
    return RAD_OK;
}

void rad_filter_default(const rad_filter *filter, rad_filter_options *options) {
    *options = (rad_filter_options){.filter = filter};
    for (const rad_key *const *key = filter->keys; key && *key; key++) rad_keys_default(*key, 1, options);
}

bool rad_filter_is_flat(const rad_filter_options *options) {
    return options->filter->flat ? options->filter->flat(options) : options->dimension == 2;
}

/* What lies beyond the grid is made up by the boundary: one line, of the axis along which that is most. */
static rad_status warn_of_reach(const rad_filter_options *options, const char *name, const rad_geometry *grid,
                                rad_warnings *warnings, rad_error *error) {
    size_t reach[3] = {0};
    rad_error unfit = {0}; /* is said where the filter runs */
    double largest = 0;
    int most = -1;
    const rad_status status = rad_filter_reach(options, grid->spacing, reach, &unfit);
    if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", unfit.text);
    if (status != RAD_OK) return RAD_OK;
    for (int a = 0; a < 3; a++) {
        if (reach[a] == RAD_REACH_ALL || reach[a] <= grid->size[a] || grid->size[a] == 1) continue;
        const double share = (double)reach[a] / (double)grid->size[a];
        if (share > largest) largest = share, most = a;
    }
    if (most < 0) return RAD_OK;
    const char axis = "xyz"[most];
    rad_warn(
        warnings,
        "%.100s: its kernel reaches %zu voxels to either side along %c, and the image has %zu: what lies "
        "beyond is made up by the boundary; choose a smaller kernel%s",
        name, reach[most], axis, grid->size[most], most == 2 ? " or dimension 2" : "");
    return RAD_OK;
}

rad_status rad_filter_warn(const rad_filter_options *options, const char *name, const rad_geometry *grid,
                           rad_warnings *warnings, rad_error *error) {
    if (options->filter->warn) options->filter->warn(options, name, grid->spacing, warnings);
    return warn_of_reach(options, name, grid, warnings, error);
}

rad_status rad_filter_reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                            rad_error *error) {
    return options->filter->reach ? options->filter->reach(options, spacing, reach, error) : RAD_OK;
}

rad_status rad_filter_run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                          rad_error *error) {
    size_t reach[3] = {0};
    rad_status status = rad_filter_reach(options, field->spacing, reach, error);
    return status == RAD_OK ? options->filter->run(field, options, threads, out, error) : status;
}
