#include "interpolate.h"

#include "memory.h"
#include "parallel.h"
#include "simd.h"

#include <math.h>
#include <stdlib.h>

/* A grid size that floating point puts a hair above a whole number is that whole number. */
static const double SIZE_SLACK = 1e-4;
/* Spacings this close are equal: the axis keeps its voxels. */
static const double SAME_SPACING = 1e-6;
/* A partial volume that rounding puts a hair below the threshold reaches it. */
static const double THRESHOLD_SLACK = 1e-9;
/* Positions this close to a voxel, in voxels, are on it. */
static const double ON_VOXEL = 1e-9;
/* |pole|^48 < 1e-27: what lies further away does not change a bit of the sums. */
enum { PREFILTER_REACH = 48 };
static const double POLE = -0.26794919243112270647; /* sqrt(3) - 2 */

rad_status rad_interpolation_grid(const rad_geometry *in, const double spacing[3], rad_geometry *grid,
                                  rad_error *error) {
    *grid = *in;
    double total = 1, shift[3] = {0};
    for (int a = 0; a < 3; a++) {
        /* one voxel has no neighbour to interpolate with: an axis of one stays as it is */
        if (in->size[a] > 1 && spacing[a] > 0 &&
            fabs(spacing[a] - in->spacing[a]) > SAME_SPACING * in->spacing[a]) {
            const double n = fmax(1, ceil((double)in->size[a] * in->spacing[a] / spacing[a] - SIZE_SLACK));
            if (n > 0x1p40)
                return rad_fail(error, RAD_CONFIG,
                                "interpolation.spacing %g mm gives %g voxels along axis %d; "
                                "choose a coarser spacing",
                                spacing[a], n, a);
            grid->size[a] = (size_t)n;
            grid->spacing[a] = spacing[a];
            shift[a] = (in->spacing[a] * ((double)in->size[a] - 1) - spacing[a] * (n - 1)) / 2;
        }
        total *= (double)grid->size[a];
    }
    if (total > 0x1p40)
        return rad_fail(
            error, RAD_CONFIG,
            "interpolation.spacing %gx%gx%g mm gives a grid of %g voxels; choose a coarser spacing",
            spacing[0], spacing[1], spacing[2], total);
    for (int r = 0; r < 3; r++)
        for (int a = 0; a < 3; a++) grid->origin[r] += in->direction[3 * r + a] * shift[a];
    return RAD_OK;
}

/* How one axis of the grid lies on that of the image, in voxels of the image: x(i) = start + i * step. */
typedef struct axis_map {
    size_t in, out;
    double start, step;
    bool same; /* the axis keeps its voxels */
} axis_map;

static axis_map map_axis(const rad_geometry *in, const rad_geometry *grid, int a) {
    axis_map map = {in->size[a], grid->size[a], 0, 1, true};
    if (in->size[a] == grid->size[a] &&
        fabs(grid->spacing[a] - in->spacing[a]) <= SAME_SPACING * in->spacing[a])
        return map;
    map.same = false;
    map.step = grid->spacing[a] / in->spacing[a];
    map.start = 0.5 * ((double)in->size[a] - 1 - map.step * ((double)grid->size[a] - 1));
    return map;
}

rad_box rad_interpolation_box(const rad_geometry *in, const rad_geometry *grid, const rad_box *roi) {
    rad_box box;
    for (int a = 0; a < 3; a++) {
        const axis_map map = map_axis(in, grid, a);
        /* a voxel reaches as far as its neighbours' centres, or beyond the border of the image */
        const double low = roi->begin[a] ? ((double)roi->begin[a] - 1 - map.start) / map.step : 0;
        const double high =
            roi->end[a] < map.in ? ((double)roi->end[a] - map.start) / map.step : (double)map.out;
        box.begin[a] = low > 0 ? (size_t)floor(low) : 0;
        box.end[a] = high + 1 < (double)map.out ? (size_t)ceil(high) + 1 : map.out;
        if (box.end[a] > map.out) box.end[a] = map.out;
        if (box.begin[a] >= box.end[a]) box.begin[a] = box.end[a] - 1;
    }
    return box;
}

/* What one output position reads on its axis. */
enum { TAPS_MAX = 4 };
typedef struct tap {
    size_t index[TAPS_MAX];
    double weight[TAPS_MAX];
} tap;

typedef struct axis_plan {
    bool same;
    int taps;
    size_t count;      /* outputs */
    tap *tap;          /* indices relative to the crop */
    size_t begin, end; /* crop of the input */
} axis_plan;

static void place_nearest(double x, size_t n, tap *t) {
    const size_t i = (size_t)floor(x + 0.5);
    *t = (tap){{i < n ? i : n - 1}, {1}};
}

/* On a voxel, only that one is read: what has no weight may be NaN. */
static void place_linear(double x, size_t n, tap *t) {
    const double nearest = rint(x), f = x - floor(x);
    const size_t i = (size_t)floor(x), at = (size_t)nearest;
    if (fabs(x - nearest) <= ON_VOXEL)
        *t = (tap){{at, at}, {1, 0}};
    else
        *t = (tap){{i, i + 1 < n ? i + 1 : i}, {1 - f, f}};
}

static void place_cubic(double x, size_t n, tap *t) {
    const double i = floor(x), f = x - i, g = 1 - f;
    const double weight[4] = {g * g * g / 6, (4 - 6 * f * f + 3 * f * f * f) / 6,
                              (4 - 6 * g * g + 3 * g * g * g) / 6, f * f * f / 6};
    for (int k = 0; k < 4; k++) {
        t->index[k] = rad_mirror((ptrdiff_t)i - 1 + k, n);
        t->weight[k] = weight[k];
    }
}

static const struct {
    int taps;
    size_t reach; /* of the prefilter */
    void (*place)(double x, size_t n, tap *t);
} methods[] = {
    [RAD_NEAREST] = {1, 0, place_nearest},
    [RAD_LINEAR] = {2, 0, place_linear},
    [RAD_CUBIC] = {4, PREFILTER_REACH, place_cubic},
};

static rad_status plan_axis(const axis_map *map, size_t begin, size_t end, rad_interpolation method,
                            axis_plan *plan, rad_error *error) {
    *plan = (axis_plan){
        .same = map->same, .taps = methods[method].taps, .count = end - begin, .begin = begin, .end = end};
    if (map->same) return RAD_OK;
    plan->tap = rad_new_raw(plan->count, sizeof *plan->tap, error);
    if (!plan->tap) return RAD_NO_MEMORY;
    plan->begin = map->in;
    plan->end = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const double x = map->start + (double)(begin + i) * map->step;
        methods[method].place(fmin(fmax(x, 0), (double)map->in - 1), map->in, &plan->tap[i]);
        for (int k = 0; k < plan->taps; k++) {
            if (plan->tap[i].index[k] < plan->begin) plan->begin = plan->tap[i].index[k];
            if (plan->tap[i].index[k] + 1 > plan->end) plan->end = plan->tap[i].index[k] + 1;
        }
    }
    const size_t reach = methods[method].reach;
    plan->begin -= reach < plan->begin ? reach : plan->begin;
    plan->end += reach < map->in - plan->end ? reach : map->in - plan->end;
    for (size_t i = 0; i < plan->count; i++)
        for (int k = 0; k < plan->taps; k++) plan->tap[i].index[k] -= plan->begin;
    return RAD_OK;
}

/* An array of size[0] x size[1] x size[2] seen along one axis: `outer` blocks of `length` rows of `inner`
 * contiguous elements. */
typedef struct along {
    size_t outer, length, inner;
} along;

static along view(const size_t size[3], int axis) {
    along v = {1, size[axis], 1};
    for (int a = 0; a < axis; a++) v.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) v.outer *= size[a];
    return v;
}

/* Rows are filtered in strips of this many elements, which stay in the first-level cache. */
enum { STRIP = 64 };

typedef struct prefilter_job {
    double *data;
    along v;
    size_t strips;
} prefilter_job;

/* First causal coefficient: the sum of POLE^k s[k] over the mirrored signal. */
static void start_causal(const double *s, size_t n, size_t stride, size_t width, double *start) {
    for (size_t j = 0; j < width; j++) start[j] = 0;
    const size_t period = 2 * n - 2, terms = period < PREFILTER_REACH + 10 ? period : PREFILTER_REACH + 10;
    double power = 1;
    for (size_t k = 0; k < terms; k++, power *= POLE) {
        const double *row = s + rad_mirror((ptrdiff_t)k, n) * stride;
        for (size_t j = 0; j < width; j++) start[j] += power * row[j];
    }
    const double scale = 1 / (1 - pow(POLE, (double)period));
    for (size_t j = 0; j < width; j++) start[j] *= scale;
}

/* Recursive B-spline prefilter of `width` neighbouring lines of n samples. */
RAD_KERNEL_LOOP void prefilter_lines_loop(double *s, size_t n, size_t stride, size_t width,
                                          const double *start) {
    for (size_t j = 0; j < width; j++) s[j] = start[j];
    for (size_t k = 1; k < n; k++) {
        double *row = s + k * stride;
        const double *before = row - stride;
#pragma omp simd
        for (size_t j = 0; j < width; j++) row[j] += POLE * before[j];
    }
    double *last = s + (n - 1) * stride;
    for (size_t j = 0; j < width; j++) /* 6 is the gain of the filter */
        last[j] = 6 * POLE / (POLE * POLE - 1) * (last[j] + POLE * *(last + j - stride));
    for (size_t k = n - 1; k-- > 0;) {
        double *row = s + k * stride;
        const double *after = row + stride;
#pragma omp simd
        for (size_t j = 0; j < width; j++) row[j] = POLE * (after[j] - 6 * row[j]);
    }
}
RAD_KERNEL(prefilter_lines, (double *s, size_t n, size_t stride, size_t width, const double *start),
           (s, n, stride, width, start))

static void prefilter_strip(size_t index, void *context) {
    const prefilter_job *job = context;
    const size_t strip = index % job->strips, first = strip * STRIP;
    const size_t left = job->v.inner - first, width = left < STRIP ? left : STRIP;
    double *lines = job->data + index / job->strips * job->v.length * job->v.inner + first, start[STRIP];
    start_causal(lines, job->v.length, job->v.inner, width, start);
    prefilter_lines(lines, job->v.length, job->v.inner, width, start);
}

void rad_bspline_prefilter(double *data, const size_t size[3], int axis, int threads) {
    prefilter_job job = {data, view(size, axis), 0};
    if (job.v.length == 1) return;
    job.strips = (job.v.inner + STRIP - 1) / STRIP;
    rad_parallel_for(job.v.outer * job.strips, threads, prefilter_strip, &job);
}

typedef struct pass_job {
    const double *in;
    double *out;
    along v;
    const axis_plan *plan;
} pass_job;

/* out = the weighted sum of rows, one after the other. */
RAD_KERNEL_LOOP void blend_rows_loop(const double *const row[TAPS_MAX], const double weight[TAPS_MAX],
                                     int taps, size_t width, double *restrict out) {
    const double *a = row[0], *b = row[1], *c = row[2], *d = row[3];
    const double p = weight[0], q = weight[1], r = weight[2], s = weight[3];
    if (taps == 2)
#pragma omp simd
        for (size_t j = 0; j < width; j++) out[j] = p * a[j] + q * b[j];
    else if (taps == TAPS_MAX)
#pragma omp simd
        for (size_t j = 0; j < width; j++) out[j] = ((p * a[j] + q * b[j]) + r * c[j]) + s * d[j];
    else
        for (size_t j = 0; j < width; j++) out[j] = p * a[j];
}
RAD_KERNEL(blend_rows,
           (const double *const row[TAPS_MAX], const double weight[TAPS_MAX], int taps, size_t width,
            double *restrict out),
           (row, weight, taps, width, out))

/* One output row (axis 1 and 2): a weighted sum of input rows. */
static void blend_row(size_t index, void *context) {
    const pass_job *job = context;
    const size_t width = job->v.inner, i = index % job->plan->count, block = index / job->plan->count;
    const double *in = job->in + block * job->v.length * width, *row[TAPS_MAX];
    const tap *t = &job->plan->tap[i];
    for (int k = 0; k < TAPS_MAX; k++) row[k] = in + t->index[k < job->plan->taps ? k : 0] * width;
    blend_rows(row, t->weight, job->plan->taps, width, job->out + index * width);
}

/* One line (axis 0): every output a weighted sum of its own elements. */
static void blend_line(size_t index, void *context) {
    const pass_job *job = context;
    const double *in = job->in + index * job->v.length;
    double *out = job->out + index * job->plan->count;
    for (size_t i = 0; i < job->plan->count; i++) {
        const tap *t = &job->plan->tap[i];
        double sum = t->weight[0] * in[t->index[0]];
        for (int k = 1; k < job->plan->taps; k++) sum += t->weight[k] * in[t->index[k]];
        out[i] = sum;
    }
}

/* Interpolates data (of that size) along one axis into `out`; size becomes that of the result. */
static void pass(const double *data, size_t size[3], int axis, const axis_plan *plan, int threads,
                 double *out) {
    const pass_job job = {data, out, view(size, axis), plan};
    size[axis] = plan->count;
    if (axis == 0)
        rad_parallel_for(job.v.outer, threads, blend_line, (void *)&job);
    else
        rad_parallel_for(job.v.outer * plan->count, threads, blend_row, (void *)&job);
}

typedef struct box_plan {
    axis_plan axis[3];
    rad_box crop; /* of the input */
} box_plan;

static void box_plan_free(box_plan *plan) {
    for (int a = 0; a < 3; a++) rad_free(plan->axis[a].tap);
}

static rad_status plan_box(const rad_geometry *in, const rad_geometry *grid, const rad_box *box,
                           rad_interpolation method, box_plan *plan, rad_error *error) {
    *plan = (box_plan){0};
    for (int a = 0; a < 3; a++) {
        const axis_map map = map_axis(in, grid, a);
        rad_status status = plan_axis(&map, box->begin[a], box->end[a], method, &plan->axis[a], error);
        if (status != RAD_OK) {
            box_plan_free(plan);
            return status;
        }
        plan->crop.begin[a] = plan->axis[a].begin;
        plan->crop.end[a] = plan->axis[a].end;
    }
    return RAD_OK;
}

rad_status rad_interpolation_support(const rad_geometry *in, const rad_geometry *grid, const rad_box *box,
                                     rad_interpolation method, rad_box *support, rad_error *error) {
    box_plan plan;
    rad_status status = plan_box(in, grid, box, method, &plan, error);
    if (status != RAD_OK) return status;
    *support = plan.crop;
    box_plan_free(&plan);
    return RAD_OK;
}

/* The last axis that is interpolated; -1: none is, and the crop is the box. */
static int last_axis(const box_plan *plan) {
    int last = 2;
    while (last >= 0 && plan->axis[last].same) last--;
    return last;
}

/* All passes over the crop in data, which is released; the last one goes to `out`. */
static rad_status run_passes(const box_plan *plan, double *data, int threads, double *out, rad_error *error) {
    size_t size[3];
    rad_status status = RAD_OK;
    const int last = last_axis(plan);
    for (int a = 0; a < 3; a++) size[a] = plan->crop.end[a] - plan->crop.begin[a];
    for (int a = 0; a <= last && status == RAD_OK; a++) {
        const axis_plan *axis = &plan->axis[a];
        if (axis->same) continue;
        if (axis->taps == TAPS_MAX) rad_bspline_prefilter(data, size, a, threads);
        double *to = out;
        if (a < last)
            to = rad_new_raw(size[0] * size[1] / size[a] * axis->count, size[2] * sizeof *to, error);
        if (to) pass(data, size, a, axis, threads, to);
        status = to ? RAD_OK : RAD_NO_MEMORY;
        rad_free(data);
        data = a < last ? to : NULL;
    }
    rad_free(data);
    return status;
}

RAD_KERNEL_LOOP void round_values_loop(size_t count, double *restrict x) {
#pragma omp simd
    for (size_t i = 0; i < count; i++) x[i] = rint(x[i]);
}
RAD_KERNEL(round_values, (size_t count, double *restrict x), (count, x))

rad_status rad_interpolate_image(const rad_volume *image, const rad_interpolating *to, bool round,
                                 double *out, rad_error *error) {
    box_plan plan;
    rad_status status = plan_box(&image->geometry, to->grid, to->box, to->method, &plan, error);
    if (status != RAD_OK) return status;
    if (last_axis(&plan) < 0)
        rad_volume_crop(image, &plan.crop, out);
    else {
        double *data = rad_new_raw(rad_box_count(&plan.crop), sizeof *data, error);
        if (data) rad_volume_crop(image, &plan.crop, data);
        status = data ? run_passes(&plan, data, to->threads, out, error) : RAD_NO_MEMORY;
    }
    if (status == RAD_OK && round) round_values(rad_box_count(to->box), out);
    box_plan_free(&plan);
    return status;
}

RAD_KERNEL_LOOP void compare_values_loop(const double *x, double least, size_t count, uint8_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < count; i++) out[i] = x[i] >= least;
}
RAD_KERNEL(compare_values, (const double *x, double least, size_t count, uint8_t *restrict out),
           (x, least, count, out))

/* The part of each voxel of the box that is in the mask. */
static rad_status find_parts(const rad_mask *mask, int64_t label, const box_plan *plan, int threads,
                             double *parts, rad_error *error) {
    const size_t cropped = rad_box_count(&plan->crop);
    uint8_t *inside = rad_new_raw(cropped, 1, error);
    double *data = inside ? rad_new_raw(cropped, sizeof *data, error) : NULL;
    if (data) {
        rad_mask_crop(mask, label, &plan->crop, inside);
        for (size_t i = 0; i < cropped; i++) data[i] = inside[i];
    }
    rad_free(inside);
    return data ? run_passes(plan, data, threads, parts, error) : RAD_NO_MEMORY;
}

rad_status rad_interpolate_mask(const rad_mask *mask, int64_t label, const rad_interpolating *to,
                                double threshold, uint8_t *out, rad_error *error) {
    box_plan plan;
    rad_status status = plan_box(&mask->volume.geometry, to->grid, to->box, to->method, &plan, error);
    if (status != RAD_OK) return status;
    const size_t count = rad_box_count(to->box);
    if (last_axis(&plan) < 0)
        rad_mask_crop(mask, label, &plan.crop, out); /* whole voxels reach every threshold */
    else {
        double *parts = rad_new_raw(count, sizeof *parts, error);
        status = parts ? find_parts(mask, label, &plan, to->threads, parts, error) : RAD_NO_MEMORY;
        if (status == RAD_OK) compare_values(parts, threshold - THRESHOLD_SLACK, count, out);
        rad_free(parts);
    }
    box_plan_free(&plan);
    return status;
}
