/* Mean over a box (S60F). */
#include "convolve.h"
#include "filters.h"

#include "../core/memory.h"

rad_status rad_reach_mean(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                          rad_error *error) {
    (void)spacing;
    if (options->size % 2 == 0)
        return rad_fail(error, RAD_CONFIG, "mean: size %d is even; odd sizes have a centre", options->size);
    for (int a = 0; a < options->dimension; a++) reach[a] = (size_t)options->size / 2;
    return RAD_OK;
}

rad_status rad_filter_mean(const rad_field *field, const rad_filter_options *options, int threads,
                           double *out, rad_error *error) {
    const size_t count = rad_field_count(field), length = (size_t)options->size;
    rad_taps taps = {0};
    double *room = rad_new_raw(count, sizeof *room, error), *tap = rad_new_raw(length, sizeof *tap, error);
    rad_status status = room && tap ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < length && status == RAD_OK; i++) tap[i] = 1 / (double)length;
    if (status == RAD_OK) status = rad_taps_make(tap, length, &taps, error);
    if (status == RAD_OK) { /* the last of the passes ends in out */
        double *first = options->dimension % 2 ? out : room, *second = options->dimension % 2 ? room : out;
        rad_convolve(field->data, field->size, 0, &taps, false, (rad_boundary)options->boundary, threads,
                     NULL, first);
        rad_convolve(first, field->size, 1, &taps, false, (rad_boundary)options->boundary, threads, NULL,
                     second);
        if (options->dimension == 3)
            rad_convolve(second, field->size, 2, &taps, false, (rad_boundary)options->boundary, threads, NULL,
                         first);
    }
    rad_taps_free(&taps);
    rad_free(tap);
    rad_free(room);
    return status;
}
