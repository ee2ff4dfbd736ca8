/* Local binary patterns of slices as scikit-image makes them: neighbours on a circle, their places rounded to
 * five decimals, bilinear between pixels, 0 beyond the slice. */
#include "pyr_filters.h"

#include "../core/parallel.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_MAX = 24 };

typedef struct job {
    const rad_field *field;
    rad_pyr_filter o;
    rad_box wanted;
    int row, column; /* axes of the slice */
    double dr[SAMPLES_MAX], dc[SAMPLES_MAX];
    bool whole; /* the map has whole numbers, since the image has */
    double *out;
} job;

static double round5(double x) {
    return rint(x * 1e5) / 1e5;
}

/* The pixel of the slice, or 0 outside; `first` is the place of its (0, 0). */
static double pixel(const job *j, size_t first, double r, double c) {
    const size_t *n = j->field->size, step[3] = {1, n[0], n[0] * n[1]};
    if (r < 0 || c < 0 || r > (double)n[j->row] - 1 || c > (double)n[j->column] - 1) return 0;
    return j->field->data[first + (size_t)r * step[j->row] + (size_t)c * step[j->column]];
}

static double sample(const job *j, size_t first, double r, double c) {
    const double r0 = floor(r), c0 = floor(c), r1 = ceil(r), c1 = ceil(c), dr = r - r0, dc = c - c0;
    const double top = (1 - dc) * pixel(j, first, r0, c0) + dc * pixel(j, first, r0, c1),
                 bottom = (1 - dc) * pixel(j, first, r1, c0) + dc * pixel(j, first, r1, c1);
    return (1 - dr) * top + dr * bottom;
}

/* The number of a pattern; changes are counted along the samples, not from the last to the first. */
static double number_of(const job *j, unsigned bright) {
    const int n = j->o.levels;
    const unsigned all = (1U << n) - 1;
    unsigned least = bright;
    if (j->o.method == RAD_PYR_LBP_UNIFORM) {
        const unsigned changes = (bright ^ bright >> 1) & (all >> 1);
        return __builtin_popcount(changes) <= 2 ? __builtin_popcount(bright) : n + 1;
    }
    for (int k = 1; k < n && j->o.method == RAD_PYR_LBP_ROR; k++) {
        const unsigned turned = (bright >> k | bright << (n - k)) & all;
        least = turned < least ? turned : least;
    }
    return least;
}

static double variance_of(const double *x, int n) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        sum += x[i];
        squares += x[i] * x[i];
    }
    const double variance = (squares - sum * sum / n) / n;
    return variance != 0 ? variance : NAN;
}

/* A number as numpy puts it into a type of whole numbers: what is too large goes round, or leaves nothing. */
static double wrapped(double x, const double ends[2]) {
    const double range = ends[1] - ends[0] + 1, most = range <= 0x1p32 ? 0x1p31 : 0x1p63;
    if (isinf(range)) return trunc(x);
    if (!(fabs(x) < most)) return range == 0x1p32 && ends[0] < 0 ? ends[0] : range < 0x1p33 ? 0 : -0x1p63;
    x = fmod(trunc(x), range);
    return x > ends[1] ? x - range : x < ends[0] ? x + range : x;
}

static void run_voxel(const job *j, const size_t at[3]) {
    const size_t *n = j->field->size, step[3] = {1, n[0], n[0] * n[1]};
    const size_t v = at[0] + at[1] * step[1] + at[2] * step[2], first = at[j->o.axis] * step[j->o.axis];
    double x[SAMPLES_MAX];
    unsigned bright = 0;
    for (int i = 0; i < j->o.levels; i++) {
        x[i] = sample(j, first, (double)at[j->row] + j->dr[i], (double)at[j->column] + j->dc[i]);
        if (x[i] - j->field->data[v] >= 0) bright |= 1U << i;
    }
    const double value = j->o.method == RAD_PYR_LBP_VAR ? variance_of(x, j->o.levels) : number_of(j, bright);
    j->out[v] = j->whole ? wrapped(value, j->field->ends) : j->field->single ? (float)value : value;
}

static void run_row(size_t index, void *context) {
    const job *j = context;
    const rad_box *w = &j->wanted;
    const size_t height = w->end[1] - w->begin[1];
    size_t at[3] = {0, w->begin[1] + index % height, w->begin[2] + index / height};
    for (at[0] = w->begin[0]; at[0] < w->end[0]; at[0]++) run_voxel(j, at);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    job j = {.field = field, .wanted = rad_field_wanted(field), .out = out};
    (void)error;
    memcpy(&j.o, options->own, sizeof j.o);
    j.whole = j.o.method == RAD_PYR_LBP_VAR && field->whole;
    j.column = j.o.axis == 0 ? 2 : 0; /* the slice as numpy has it with the axis swapped to the front */
    j.row = 3 - j.o.axis - j.column;
    for (int i = 0; i < j.o.levels; i++) {
        const double angle = 2 * 3.14159265358979323846 * i / j.o.levels;
        j.dr[i] = round5(-j.o.number * sin(angle));
        j.dc[i] = round5(j.o.number * cos(angle));
    }
    rad_parallel_for((j.wanted.end[1] - j.wanted.begin[1]) * (j.wanted.end[2] - j.wanted.begin[2]), threads,
                     run_row, &j);
    return RAD_OK;
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    rad_pyr_filter o;
    (void)spacing, (void)error;
    memcpy(&o, options->own, sizeof o);
    for (int a = 0; a < 3; a++)
        if (a != o.axis) reach[a] = (size_t)ceil(o.number) + 1;
    return RAD_OK;
}

const rad_filter rad_filter_pyr_lbp = {.name = "lbp",
                                       .code = "",
                                       .help = "local binary patterns of slices",
                                       .named = "",
                                       .others = "",
                                       .reach = reach,
                                       .run = run,
                                       .gives = RAD_GIVES_ALIKE};
