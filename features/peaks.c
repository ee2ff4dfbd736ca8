/* Local intensity features (IBSI 9ST6). */
#include "families.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"
#include "even_spheres.h"
#include "sphere_sums.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Radius of a sphere of 1 cm3, in mm: (3 / (4 pi))^(1/3) cm. */
static const double RADIUS = 6.20350490899400016668;
/* The prefix sums are exact to about 1e-13 of the largest intensity: all voxels within this of the best are
 * recomputed. */
static const double CANDIDATE_BAND = 1e-9;

/* Mean intensity in a sphere of 1 cm3 around a voxel, over all voxels of the image whose centres lie in it.
 */
typedef struct rad_peaks {
    rad_value
        local; /* around the voxel with the highest intensity; the highest mean of several such voxels */
    rad_value global; /* the highest mean around any voxel of the intensity mask */
} rad_peaks;

static rad_value local(const rad_peaks *peaks) {
    return peaks->local;
}

static rad_value global(const rad_peaks *peaks) {
    return peaks->global;
}

static void sphere_margin(const double spacing[3], size_t margin[3]) {
    for (int a = 0; a < 3; a++) margin[a] = (size_t)floor(RADIUS / spacing[a]);
}

static const rad_feature features[] = {
    {"loc_peak_loc", "VJGA", "intensity", "Local intensity peak", .of.peaks = local},
    {"loc_peak_glob", "0F91", "intensity", "Global intensity peak", .of.peaks = global},
};

static const rad_pass pass;

const rad_family rad_family_loc = {
    .key = "loc",
    .code = "9ST6",
    .name = "Local intensity",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .margin = sphere_margin,
    .pass = &pass,
};

/* Voxels that the sphere reaches to each side along x, in the row at (dy, dz); -1: none. */
static ptrdiff_t half_row(const double spacing[3], ptrdiff_t dy, ptrdiff_t dz) {
    const double y = (double)dy * spacing[1], z = (double)dz * spacing[2],
                 left = RADIUS * RADIUS - y * y - z * z;
    return left < 0 ? -1 : (ptrdiff_t)floor(sqrt(left) / spacing[0]);
}

typedef struct range {
    ptrdiff_t low, high;
} range;

/* centre - reach .. centre + reach, cut at 0 and size - 1. */
static range around(size_t centre, ptrdiff_t reach, size_t size) {
    const ptrdiff_t c = (ptrdiff_t)centre, last = (ptrdiff_t)size - 1;
    return (range){c > reach ? c - reach : 0, c + reach < last ? c + reach : last};
}

/* Mean over the sphere, summed directly in one order. */
static double mean_around(const rad_roi *roi, const size_t at[3]) {
    size_t margin[3], count = 0;
    double sum = 0;
    sphere_margin(roi->grid.spacing, margin);
    const range zs = around(at[2], (ptrdiff_t)margin[2], roi->size[2]),
                ys = around(at[1], (ptrdiff_t)margin[1], roi->size[1]);
    for (ptrdiff_t z = zs.low; z <= zs.high; z++)
        for (ptrdiff_t y = ys.low; y <= ys.high; y++) {
            const ptrdiff_t half = half_row(roi->grid.spacing, y - (ptrdiff_t)at[1], z - (ptrdiff_t)at[2]);
            if (half < 0) continue;
            const range xs = around(at[0], half, roi->size[0]);
            const double *row = roi->intensity + ((size_t)z * roi->size[1] + (size_t)y) * roi->size[0];
            for (ptrdiff_t x = xs.low; x <= xs.high; x++) {
                if (!isfinite(row[x])) continue; /* no intensity was measured there */
                sum += row[x];
                count++;
            }
        }
    return sum / (double)count;
}

static size_t rows_of(const rad_roi *roi, int axis) {
    return roi->inner.end[axis] - roi->inner.begin[axis];
}

/* Highest score of the voxels of the mask in a row. */
static double highest_of_row(const rad_roi *roi, const double *score, size_t from) {
    double extremes[2] = {INFINITY, -INFINITY};
    rad_masked_extremes(score + from, roi->intensity_mask + from, rows_of(roi, 0), extremes);
    return extremes[1];
}

/* Does a sphere around any voxel hold all of the box? Then all have one mean. */
static bool is_covered(const rad_roi *roi) {
    double square = 0;
    for (int a = 0; a < 3; a++) {
        const double side = (double)(roi->size[a] - 1) * roi->grid.spacing[a];
        square += side * side;
    }
    return sqrt(square) < 0.999 * RADIUS;
}

/* Voxels of the mask where score reaches `least`, as long as `see` wants more. */
typedef bool see_voxel(const size_t at[3], void *context);

static void see_best(const rad_roi *roi, const double *score, double least, see_voxel *see, void *context) {
    for (size_t z = 0; z < rows_of(roi, 2); z++)
        for (size_t y = 0; y < rows_of(roi, 1); y++) {
            const size_t from = rad_roi_row(roi, y, z);
            if (!(highest_of_row(roi, score, from) >= least)) continue;
            for (size_t x = 0; x < rows_of(roi, 0); x++) {
                const size_t at[3] = {x + roi->inner.begin[0], y + roi->inner.begin[1],
                                      z + roi->inner.begin[2]};
                if (roi->intensity_mask[from + x] && score[from + x] >= least && !see(at, context)) return;
            }
        }
}

/* The highest direct mean. */
typedef struct direct {
    const rad_roi *roi;
    bool covered;
    rad_even_spheres even; /* away NULL: not worth it */
    double count, best;
} direct;

static bool count_voxel(const size_t at[3], void *context) {
    (void)at;
    ((direct *)context)->count++;
    return true;
}

static bool sum_voxel(const size_t at[3], void *context) {
    direct *d = context;
    if (!d->even.away || !rad_even_spheres_repeats(&d->even, at))
        d->best = fmax(d->best, mean_around(d->roi, at));
    return !d->covered;
}

/* Are there so many spheres that a look at every voxel of the box costs less than to sum them all? */
static bool is_worth(const rad_roi *roi, double spheres) {
    enum { LOOK = 64 };
    const double *side = roi->grid.spacing, box = (double)rad_box_count(&roi->box),
                 sphere = 1000 / (side[0] * side[1] * side[2]);
    return spheres * fmin(sphere, box) > LOOK * box;
}

/* Highest direct mean around the voxels of the mask where score reaches `least`. */
static rad_status best_mean(const rad_roi *roi, const double *score, double least, rad_value *best,
                            rad_error *error) {
    direct d = {.roi = roi, .covered = is_covered(roi), .best = -INFINITY};
    rad_status status = RAD_OK;
    if (!d.covered) see_best(roi, score, least, count_voxel, &d);
    if (is_worth(roi, d.count)) {
        size_t reach[3];
        sphere_margin(roi->grid.spacing, reach);
        status = rad_even_spheres_begin(roi, RADIUS, reach, &d.even, error);
    }
    if (status == RAD_OK) see_best(roi, score, least, sum_voxel, &d);
    rad_even_spheres_free(&d.even);
    *best = rad_defined(d.best);
    return status;
}

static double highest(const rad_roi *roi, const double *score) {
    double most = -INFINITY;
    for (size_t z = 0; z < rows_of(roi, 2); z++)
        for (size_t y = 0; y < rows_of(roi, 1); y++)
            most = fmax(most, highest_of_row(roi, score, rad_roi_row(roi, y, z)));
    return most;
}

/* Sums over the sphere around every voxel of the mask, from prefix sums of the rows. Rows of the sphere that
 * are equally long are added up first, prefix sum by prefix sum: all of them together cost two reads, and a
 * row one. */
typedef struct sweep {
    const rad_roi *roi;
    rad_sphere_row *rows; /* of the sphere, the shortest first */
    size_t row_count;
    double *prefix; /* one longer than the box along x: sums of the values before */
    double *added;  /* a row of prefix sums for each plane */
    double *score;  /* over the box: sums, then means */
    bool counts;    /* the values are 1 for every finite intensity, else the intensity over scale */
    double scale;   /* of the intensities, so that nothing overflows */
} sweep;

/* What each voxel counts: 0 where nothing was measured. */
RAD_KERNEL_LOOP void weigh_row_loop(const double *x, bool counts, double scale, size_t count,
                                    double *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < count; i++) out[i] = fabs(x[i]) <= DBL_MAX ? (counts ? 1 : x[i] / scale) : 0;
}
RAD_KERNEL(weigh_row, (const double *x, bool counts, double scale, size_t count, double *restrict out),
           (x, counts, scale, count, out))

static void add_up_plane(size_t z, void *context) {
    const sweep *s = context;
    const size_t *size = s->roi->size;
    for (size_t y = 0; y < size[1]; y++) {
        const double *row = s->roi->intensity + (z * size[1] + y) * size[0];
        double *sums = s->prefix + (z * size[1] + y) * (size[0] + 1), sum = 0;
        weigh_row(row, s->counts, s->scale, size[0], sums + 1);
        sums[0] = 0;
        for (size_t x = 1; x <= size[0]; x++) sums[x] = sum += sums[x];
    }
}

/* out[x] += high[x] - low[x] */
RAD_KERNEL_LOOP void add_windows_loop(const double *high, const double *low, double *restrict out,
                                      size_t width) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) out[x] += high[x] - low[x];
}
RAD_KERNEL(add_windows, (const double *high, const double *low, double *restrict out, size_t width),
           (high, low, out, width))

enum { TOGETHER = 8 };

/* out[x] += in[0][x] + ...; rows that are not there are rows of zeros */
RAD_KERNEL_LOOP void add_rows_loop(const double *const *in, double *restrict out, size_t width) {
    const double *a = in[0], *b = in[1], *c = in[2], *d = in[3], *e = in[4], *f = in[5], *g = in[6],
                 *h = in[7];
#pragma omp simd
    for (size_t x = 0; x < width; x++)
        out[x] += ((a[x] + b[x]) + (c[x] + d[x])) + ((e[x] + f[x]) + (g[x] + h[x]));
}
RAD_KERNEL(add_rows, (const double *const *in, double *restrict out, size_t width), (in, out, width))

/* Adds a row of sums, windows of `half` to each side, to the scores begin..end of a row. */
static void add_sphere_row(const double *sums, size_t half, size_t size, size_t begin, size_t end,
                           double *score) {
    size_t x = begin;
    for (; x < end && x < half; x++) score[x] += sums[x + half + 1 < size ? x + half + 1 : size];
    const size_t whole = size > half && size - half < end ? size - half : end;
    if (size > half && x < whole) {
        add_windows(sums + x + half + 1, sums + x - half, score + x, whole - x);
        x = whole;
    }
    for (; x < end; x++) score[x] += sums[size] - sums[x - half];
}

static int compare_rows(const void *a, const void *b) {
    const rad_sphere_row *p = a, *q = b;
    if (p->half != q->half) return p->half < q->half ? -1 : 1;
    return p->z != q->z ? (p->z > q->z) - (p->z < q->z) : (p->y > q->y) - (p->y < q->y);
}

/* Rows of the sphere that can lie in the box, to each side of the centre along an axis. */
static void sphere_reach(const rad_roi *roi, size_t reach[3]) {
    sphere_margin(roi->grid.spacing, reach);
    for (int a = 0; a < 3; a++)
        if (reach[a] >= roi->size[a]) reach[a] = roi->size[a] - 1;
}

/* The sphere in rows; a row is no longer than the box. Returns the voxels of the whole sphere, where all of
 * it may lie in the box. */
static double list_rows(sweep *s) {
    size_t margin[3];
    double voxels = 0;
    sphere_reach(s->roi, margin);
    for (ptrdiff_t z = -(ptrdiff_t)margin[2]; z <= (ptrdiff_t)margin[2]; z++)
        for (ptrdiff_t y = -(ptrdiff_t)margin[1]; y <= (ptrdiff_t)margin[1]; y++) {
            const ptrdiff_t half = half_row(s->roi->grid.spacing, y, z);
            if (half < 0) continue;
            voxels += 2 * (double)half + 1;
            const size_t most = s->roi->size[0];
            s->rows[s->row_count++] = (rad_sphere_row){y, z, (size_t)half < most ? (size_t)half : most};
        }
    qsort(s->rows, s->row_count, sizeof *s->rows, compare_rows);
    return voxels;
}

/* Adds up the equally long rows from r on that lie in the box, those sums that a span needs; returns the next
 * row. */
static const rad_sphere_row *add_equal_rows(const sweep *s, const rad_sphere_row *r, size_t y, size_t z,
                                            const size_t span[2], double *added) {
    const size_t *size = s->roi->size, length = size[0] + 1, half = r->half;
    const size_t low = span[0] > half ? span[0] - half : 0,
                 high = span[1] + half < size[0] ? span[1] + half + 1 : length;
    const double *zeros = s->added + size[2] * length, *in[TOGETHER],
                 *centre = s->prefix + (z * size[1] + y) * length + low;
    size_t waiting = 0;
    memset(added, 0, length * sizeof *added);
    for (; r < s->rows + s->row_count && r->half == half; r++) {
        if (y + (size_t)r->y >= size[1] || z + (size_t)r->z >= size[2]) continue; /* below 0 wraps */
        in[waiting++] = centre + (r->z * (ptrdiff_t)size[1] + r->y) * (ptrdiff_t)length;
        if (waiting < TOGETHER) continue;
        add_rows(in, added + low, high - low);
        waiting = 0;
    }
    for (size_t i = waiting; waiting && i < TOGETHER; i++) in[i] = zeros + low;
    if (waiting) add_rows(in, added + low, high - low);
    return r;
}

static void sweep_plane(size_t plane, void *context) {
    const sweep *s = context;
    const rad_roi *roi = s->roi;
    const size_t z = plane + roi->inner.begin[2], left = roi->inner.begin[0];
    double *added = s->added + z * (roi->size[0] + 1);
    for (size_t row = 0; row < rows_of(roi, 1); row++) {
        const size_t y = row + roi->inner.begin[1], from = rad_roi_row(roi, row, plane);
        size_t span[2];
        double *score = s->score + from - left;
        memset(s->score + from, 0, rows_of(roi, 0) * sizeof *score);
        if (!rad_mask_span(roi->intensity_mask + from, rows_of(roi, 0), &span[0], &span[1])) continue;
        span[0] += left;
        span[1] += left;
        for (const rad_sphere_row *r = s->rows; r < s->rows + s->row_count;) {
            const size_t half = r->half;
            r = add_equal_rows(s, r, y, z, span, added);
            add_sphere_row(added, half, roi->size[0], span[0], span[1], score);
        }
    }
}

/* Would transforms take much less time? They take more memory. */
enum { DEARER = 4 };
static bool is_large(const rad_roi *roi, size_t rows) {
    size_t reach[3];
    sphere_reach(roi, reach);
    const double width = (double)(rows_of(roi, 0) + reach[0]),
                 steps = (double)rows_of(roi, 1) * (double)rows_of(roi, 2) * (double)rows * width;
    return steps > DEARER * rad_sphere_sums_cost(roi, reach);
}

static rad_status sweep_rows(sweep *s, int threads, rad_error *error) {
    const size_t *size = s->roi->size;
    s->prefix = rad_new_raw((size[0] + 1) * size[1] * size[2], sizeof *s->prefix, error);
    s->added = rad_new((size[0] + 1) * (size[2] + 1), sizeof *s->added, error); /* a row of zeros */
    const rad_status status = s->prefix && s->added ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_parallel_for(size[2], threads, add_up_plane, s);
        rad_parallel_for(rows_of(s->roi, 2), threads, sweep_plane, s);
    }
    rad_free(s->prefix);
    rad_free(s->added);
    return status;
}

static rad_status run_sweep(sweep *s, bool counts, double *score, int threads, rad_error *error) {
    const size_t count = rad_box_count(&s->roi->box);
    s->counts = counts;
    s->score = score;
    if (!is_large(s->roi, s->row_count)) return sweep_rows(s, threads, error);
    weigh_row(s->roi->intensity, counts, s->scale, count, score);
    const rad_status status = rad_sphere_sums(s->roi, s->rows, s->row_count, score, threads, error);
    for (size_t i = 0; i < count && counts && status == RAD_OK; i++) score[i] = nearbyint(score[i]);
    return status;
}

enum { LANES = 8 };

/* Largest magnitudes of finite values, in lanes, and how many values are not finite. */
RAD_KERNEL_LOOP void find_magnitudes_loop(const double *x, size_t count, double *restrict most,
                                          uint64_t *restrict bad) {
    uint64_t others[LANES] = {0};
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double magnitude = fabs(x[i + l]);
            const bool finite = magnitude <= DBL_MAX;
            most[l] = finite && magnitude > most[l] ? magnitude : most[l];
            others[l] += finite ? 0 : 1;
        }
    for (size_t l = 0; l < LANES; l++) *bad += others[l];
}
RAD_KERNEL(find_magnitudes, (const double *x, size_t count, double *restrict most, uint64_t *restrict bad),
           (x, count, most, bad))

static double largest_magnitude(const rad_roi *roi, uint64_t *bad) {
    const size_t count = rad_box_count(&roi->box), whole = count - count % LANES;
    double most[LANES] = {0};
    *bad = 0;
    find_magnitudes(roi->intensity, whole, most, bad);
    for (size_t i = whole; i < count; i++) {
        const double magnitude = fabs(roi->intensity[i]);
        if (!(magnitude <= DBL_MAX))
            ++*bad;
        else if (magnitude > most[0])
            most[0] = magnitude;
    }
    for (size_t l = 1; l < LANES; l++) most[0] = most[l] > most[0] ? most[l] : most[0];
    return most[0];
}

/* Do the spheres around all voxels lie in the box? */
static bool is_whole(const rad_roi *roi) {
    size_t margin[3];
    sphere_margin(roi->grid.spacing, margin);
    for (int a = 0; a < 3; a++)
        if (roi->inner.begin[a] < margin[a] || roi->size[a] - roi->inner.end[a] < margin[a]) return false;
    return true;
}

/* Sums over spheres become means over them. */
static void divide_scores(const rad_roi *roi, double all, const double *voxels, double *score) {
    for (size_t z = 0; z < rows_of(roi, 2); z++)
        for (size_t y = 0; y < rows_of(roi, 1); y++) {
            const size_t from = rad_roi_row(roi, y, z);
            for (size_t i = from; i < from + rows_of(roi, 0); i++) score[i] /= voxels ? voxels[i] : all;
        }
}

/* Means over the sphere around the voxels of the mask, over scale, true to CANDIDATE_BAND. */
static rad_status find_means(const rad_roi *roi, double scale, bool whole, double *means, int threads,
                             rad_error *error) {
    sweep s = {.roi = roi, .scale = scale};
    size_t reach[3];
    sphere_reach(roi, reach);
    double *voxels = whole ? NULL : rad_new_raw(rad_box_count(&roi->box), sizeof *voxels, error);
    s.rows = rad_new_raw((2 * reach[1] + 1) * (2 * reach[2] + 1), sizeof *s.rows, error);
    rad_status status = s.rows && (whole || voxels) ? RAD_OK : RAD_NO_MEMORY;
    const double all = status == RAD_OK ? list_rows(&s) : 0;
    if (status == RAD_OK) status = run_sweep(&s, false, means, threads, error);
    if (status == RAD_OK && !whole) status = run_sweep(&s, true, voxels, threads, error);
    if (status == RAD_OK) divide_scores(roi, all, voxels, means);
    rad_free(voxels);
    rad_free(s.rows);
    return status;
}

/* Leaves means to the voxels of the highest intensity. */
static void keep_brightest(const rad_roi *roi, double *means) {
    const double most = highest(roi, roi->intensity);
    for (size_t z = 0; z < rows_of(roi, 2); z++)
        for (size_t y = 0; y < rows_of(roi, 1); y++) {
            const size_t from = rad_roi_row(roi, y, z);
            for (size_t i = from; i < from + rows_of(roi, 0); i++)
                if (!(roi->intensity[i] >= most)) means[i] = -INFINITY;
        }
}

/* The highest means, which are summed again where several are as high as can be told. */
static rad_status measure(const rad_roi *roi, int threads, rad_peaks *peaks, rad_error *error) {
    uint64_t bad;
    const double scale = largest_magnitude(roi, &bad);
    *peaks = (rad_peaks){rad_defined(0), rad_defined(0)};
    if (!(scale > 0)) return RAD_OK;
    double *means = rad_new_raw(rad_box_count(&roi->box), sizeof *means, error);
    if (!means) return RAD_NO_MEMORY;
    const bool whole = !bad && is_whole(roi); /* then all spheres have the same number of voxels */
    rad_status status = find_means(roi, scale, whole, means, threads, error);
    if (status == RAD_OK)
        status = best_mean(roi, means, highest(roi, means) - CANDIDATE_BAND, &peaks->global, error);
    if (status == RAD_OK) {
        keep_brightest(roi, means);
        status = best_mean(roi, means, highest(roi, means) - CANDIDATE_BAND, &peaks->local, error);
    }
    rad_free(means);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    rad_peaks peaks;
    const rad_status status = measure(input->roi, input->threads, &peaks, error);
    for (size_t i = 0; i < rad_family_loc.count && status == RAD_OK; i++)
        out[0][i] = features[i].of.peaks(&peaks);
    return status;
}

static const rad_pass pass = {"local intensity", RAD_NO_LEVELS, {&rad_family_loc}, run};
