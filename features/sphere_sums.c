#include "sphere_sums.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <string.h>

/* Values a and sphere b are one complex grid a + i b. The sphere is even, so that its transform B is real:
 * what is at frequencies k and -k tells both, and conj(A B) is put there in their place. The transform of
 * that is the sums, times the voxels of the grid. */
enum { TILE = 16 }; /* lines across, at a time */

typedef struct grid {
    size_t size[3];
    rad_fft_lines lines[3]; /* along x of a plane, along y and z of a tile */
    double *data;           /* complex, x first; owned */
} grid;

/* Sizes at which what wraps around meets zeros. */
static void find_size(const rad_roi *roi, const size_t reach[3], size_t size[3]) {
    for (int a = 0; a < 3; a++) {
        const size_t before = roi->inner.begin[a], after = roi->size[a] - roi->inner.end[a],
                     least = before < after ? before : after;
        size[a] = rad_fft_good_size(roi->size[a] + (reach[a] > least ? reach[a] - least : 0));
    }
}

double rad_sphere_sums_cost(const rad_roi *roi, const size_t reach[3]) {
    size_t size[3];
    find_size(roi, reach, size);
    const double count = (double)size[0] * (double)size[1] * (double)size[2];
    return 5 * count * log2(count);
}

static rad_status transform_plane(size_t z, void *context, rad_error *error) {
    const grid *g = context;
    double *plane = g->data + 2 * z * g->size[0] * g->size[1];
    (void)error;
    return rad_fft_run_complex(&g->lines[0], plane) ? RAD_OK : RAD_NO_MEMORY;
}

/* Lines of n values that are `step` values apart, from each of the values of a row on. */
static rad_status transform_across(const grid *g, int axis, double *row, size_t step) {
    const size_t n = g->size[axis], width = g->size[0];
    double *tile = rad_new(TILE * n, 2 * sizeof *tile, NULL);
    bool so = tile != NULL;
    for (size_t x = 0; x < width && so; x += TILE) {
        const size_t here = width - x < TILE ? width - x : TILE;
        for (size_t i = 0; i < n; i++)
            for (size_t l = 0; l < here; l++)
                memcpy(tile + 2 * (l * n + i), row + 2 * (i * step + x + l), 2 * sizeof *tile);
        so = rad_fft_run_complex(&g->lines[axis], tile);
        for (size_t i = 0; i < n && so; i++)
            for (size_t l = 0; l < here; l++)
                memcpy(row + 2 * (i * step + x + l), tile + 2 * (l * n + i), 2 * sizeof *tile);
    }
    rad_free(tile);
    return so ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status transform_columns(size_t z, void *context, rad_error *error) {
    const grid *g = context;
    (void)error;
    return transform_across(g, 1, g->data + 2 * z * g->size[0] * g->size[1], g->size[0]);
}

static rad_status transform_depth(size_t y, void *context, rad_error *error) {
    const grid *g = context;
    (void)error;
    return transform_across(g, 2, g->data + 2 * y * g->size[0], g->size[0] * g->size[1]);
}

static rad_status transform(grid *g, int threads) {
    rad_status status = rad_parallel_try(g->size[2], threads, transform_plane, g, NULL);
    if (status == RAD_OK) status = rad_parallel_try(g->size[2], threads, transform_columns, g, NULL);
    return status == RAD_OK ? rad_parallel_try(g->size[1], threads, transform_depth, g, NULL) : status;
}

static size_t opposite(size_t k, size_t n) {
    return k ? n - k : 0;
}

/* Planes z and -z: what is at k and -k, in place. */
static void multiply_planes(size_t z, void *context) {
    const grid *g = context;
    const size_t nx = g->size[0], ny = g->size[1], back = opposite(z, g->size[2]);
    for (size_t y = 0; y < ny; y++)
        for (size_t x = 0; x < nx; x++) {
            const size_t at = (z * ny + y) * nx + x,
                         other = (back * ny + opposite(y, ny)) * nx + opposite(x, nx);
            if (other < at) continue;
            double *p = g->data + 2 * at, *q = g->data + 2 * other;
            const double real = (p[0] + q[0]) / 2, imaginary = (p[1] - q[1]) / 2, sphere = (p[1] + q[1]) / 2;
            p[0] = q[0] = real * sphere;
            q[1] = imaginary * sphere;
            if (q != p) p[1] = -q[1];
        }
}

static void put_sphere(grid *g, const rad_sphere_row *rows, size_t count) {
    for (const rad_sphere_row *r = rows; r < rows + count; r++) {
        const size_t y = r->y < 0 ? g->size[1] - (size_t)-r->y : (size_t)r->y,
                     z = r->z < 0 ? g->size[2] - (size_t)-r->z : (size_t)r->z;
        double *row = g->data + 2 * (z * g->size[1] + y) * g->size[0];
        for (size_t x = 0; x <= r->half; x++) row[2 * x + 1] = row[2 * opposite(x, g->size[0]) + 1] = 1;
    }
}

/* Into the grid, or sums out of it. */
static void move_values(const rad_roi *roi, grid *g, double *values, bool out) {
    const double scale = 1 / ((double)g->size[0] * (double)g->size[1] * (double)g->size[2]);
    for (size_t z = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++) {
            double *row = g->data + 2 * (z * g->size[1] + y) * g->size[0],
                   *mine = values + (z * roi->size[1] + y) * roi->size[0];
            for (size_t x = 0; x < roi->size[0] && !out; x++) row[2 * x] = mine[x];
            for (size_t x = 0; x < roi->size[0] && out; x++) mine[x] = row[2 * x] * scale;
        }
}

static rad_status make_grid(const rad_roi *roi, const rad_sphere_row *rows, size_t count, grid *g,
                            rad_error *error) {
    size_t reach[3] = {0};
    for (const rad_sphere_row *r = rows; r < rows + count; r++) {
        if (r->half > reach[0]) reach[0] = r->half;
        if (r->y > (ptrdiff_t)reach[1]) reach[1] = (size_t)r->y;
        if (r->z > (ptrdiff_t)reach[2]) reach[2] = (size_t)r->z;
    }
    find_size(roi, reach, g->size);
    rad_status status = rad_fft_make_complex(g->size[0], g->size[1], &g->lines[0], error);
    for (int a = 1; a < 3 && status == RAD_OK; a++)
        status = rad_fft_make_complex(g->size[a], TILE, &g->lines[a], error);
    if (status != RAD_OK) return status;
    g->data = rad_new(g->size[0] * g->size[1] * g->size[2], 2 * sizeof *g->data, error);
    return g->data ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_sphere_sums(const rad_roi *roi, const rad_sphere_row *rows, size_t count, double *values,
                           int threads, rad_error *error) {
    grid g = {.data = NULL};
    rad_status status = make_grid(roi, rows, count, &g, error);
    if (status == RAD_OK) {
        move_values(roi, &g, values, false);
        put_sphere(&g, rows, count);
        status = transform(&g, threads);
        if (status == RAD_OK) {
            rad_parallel_for(g.size[2] / 2 + 1, threads, multiply_planes, &g);
            status = transform(&g, threads);
        }
        if (status != RAD_OK)
            status = rad_fail(error, status, "out of memory: Fourier transforms of %zux%zux%zu", g.size[0],
                              g.size[1], g.size[2]);
    }
    if (status == RAD_OK) move_values(roi, &g, values, true);
    for (int a = 0; a < 3; a++) rad_fft_free(&g.lines[a]);
    rad_free(g.data);
    return status;
}
