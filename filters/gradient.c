/* Magnitude of the gradient per mm: central differences, (x(n + 1) - x(n - 1)) / (2 spacing) along each axis.
 */
#include "convolve.h"
#include "filters.h"

#include "../core/parallel.h"

#include <math.h>

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    (void)spacing;
    (void)error;
    for (int a = 0; a < options->dimension; a++) reach[a] = 1;
    return RAD_OK;
}

typedef struct job {
    const rad_field *field;
    const rad_filter_options *options;
    double *out;
} job;

/* The voxel n + step along the axis; a zero outside where the boundary says so. */
static double neighbour(const job *j, const size_t at[3], int axis, ptrdiff_t step) {
    const size_t *n = j->field->size;
    const ptrdiff_t i =
        rad_boundary_index((ptrdiff_t)at[axis] + step, n[axis], (rad_boundary)j->options->boundary);
    size_t to[3] = {at[0], at[1], at[2]};
    if (i < 0) return 0;
    to[axis] = (size_t)i;
    return j->field->data[(to[2] * n[1] + to[1]) * n[0] + to[0]];
}

static void run_row(size_t row, void *context) {
    const job *j = context;
    const size_t *n = j->field->size;
    for (size_t x = 0; x < n[0]; x++) {
        const size_t at[3] = {x, row % n[1], row / n[1]};
        double sum = 0;
        for (int a = 0; a < 3 && a < j->options->dimension; a++) {
            const double slope =
                (neighbour(j, at, a, 1) - neighbour(j, at, a, -1)) / (2 * j->field->spacing[a]);
            sum += slope * slope;
        }
        j->out[row * n[0] + x] = sqrt(sum);
    }
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    job j = {field, options, out};
    (void)error;
    rad_parallel_for(field->size[1] * field->size[2], threads, run_row, &j);
    return RAD_OK;
}

static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key, NULL};

const rad_filter rad_filter_gradient = {.name = "gradient",
                                        .code = "",
                                        .help = "magnitude of the gradient, per mm",
                                        .named = "",
                                        .others = "dimension boundary",
                                        .keys = keys,
                                        .reach = reach,
                                        .run = run};
