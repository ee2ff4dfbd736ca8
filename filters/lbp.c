/* Local binary patterns: which neighbours are at least as bright as the voxel. In a slice the neighbours are
 * points on a circle (T. Ojala et al., IEEE PAMI 24, 2002), in space the 26 directions of the voxels around,
 * on a sphere; between voxels intensities are interpolated linearly.
 *
 * uniform: the number of neighbours that are bright where these, and the others too, hang together, else
 * neighbours + 1. minimum: the least code under all rotations of the neighbours. code: the sum of 2^p. */
#include "convolve.h"
#include "filters.h"

#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <stdlib.h>

enum { UNIFORM, MINIMUM, CODE };

typedef struct own {
    double radius; /* voxels */
    int samples;   /* in 2D: points on the circle */
    int pattern;
} own;
RAD_OWN_OPTIONS

static const char *const patterns[] = {[UNIFORM] = "uniform", [MINIMUM] = "minimum", [CODE] = "code", NULL};
static const rad_key radius_key = {
    "radius",   RAD_KEY_NUMBER, RAD_OWN(radius), 1, 50, NULL, "1", NULL, "of the neighbourhood, voxels",
    "_radius%s"};
static const rad_key samples_key = {"samples",
                                    RAD_KEY_INTEGER,
                                    RAD_OWN(samples),
                                    4,
                                    24,
                                    NULL,
                                    "8",
                                    NULL,
                                    "points on the circle of the 2D neighbourhood",
                                    "_samples%s"};
static const rad_key pattern_key = {"pattern",
                                    RAD_KEY_WORD,
                                    RAD_OWN(pattern),
                                    0,
                                    0,
                                    patterns,
                                    "uniform",
                                    NULL,
                                    "how a pattern becomes a number",
                                    "_%s"};
static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key, &radius_key,
                                      &samples_key,       &pattern_key,      NULL};

enum { POINTS_MAX = 26, CORNERS = 8, TURNS_MAX = 24 };

/* A neighbour: a weighted sum of the voxels around it. */
typedef struct point {
    ptrdiff_t at[3];
    double weight[CORNERS];
    double direction[3];
    unsigned beside; /* bits of the neighbours that touch it */
} point;

typedef struct job {
    const rad_field *field;
    own own;
    point point[POINTS_MAX];
    int count;
    unsigned char turn[TURNS_MAX][POINTS_MAX]; /* neighbour p goes to turn[r][p] */
    int turns;
    ptrdiff_t *from[3]; /* voxel that stands for index i - margin of an axis, or -1 */
    ptrdiff_t margin;
    double *out;
} job;

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    (void)error;
    (void)spacing;
    for (int a = 0; a < options->dimension; a++) reach[a] = (size_t)ceil(own_of(options).radius);
    return RAD_OK;
}

/* Rounding must not put a point beside the voxel that it is on. */
static double snap(double x) {
    return fabs(x - rint(x)) < 1e-9 ? rint(x) : x;
}

static void place(point *p, double radius) {
    double share[3];
    for (int a = 0; a < 3; a++) {
        const double x = snap(radius * p->direction[a]);
        p->at[a] = (ptrdiff_t)floor(x);
        share[a] = x - floor(x);
    }
    for (int c = 0; c < CORNERS; c++) {
        p->weight[c] = 1;
        for (int a = 0; a < 3; a++) p->weight[c] *= c >> a & 1 ? share[a] : 1 - share[a];
    }
}

static void list_circle(job *j) {
    const int n = j->count = j->turns = j->own.samples;
    for (int p = 0; p < n; p++) {
        const double angle = 2 * acos(-1) * p / n;
        j->point[p].direction[0] = cos(angle);
        j->point[p].direction[1] = sin(angle);
        j->point[p].beside = 1U << (p + 1) % n | 1U << (p + n - 1) % n;
        for (int r = 0; r < n; r++) j->turn[r][p] = (unsigned char)((p + r) % n);
    }
}

static int index_of(const int d[3]) {
    const int cell = (d[2] + 1) * 9 + (d[1] + 1) * 3 + d[0] + 1;
    return cell < 13 ? cell : cell - 1; /* the middle is no neighbour */
}

static void direction_of(int p, int d[3]) {
    const int cell = p < 13 ? p : p + 1;
    d[0] = cell % 3 - 1;
    d[1] = cell / 3 % 3 - 1;
    d[2] = cell / 9 - 1;
}

/* Do two directions touch: one voxel step apart in a box around the voxel? */
static bool touch(const int a[3], const int b[3]) {
    int steps = 0;
    for (int k = 0; k < 3; k++) {
        if (abs(a[k] - b[k]) > 1) return false;
        steps += a[k] != b[k];
    }
    return steps == 1;
}

static void list_turns(job *j) {
    static const int permutation[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
    for (int k = 0; k < 6; k++)
        for (unsigned flips = 0; flips < 8; flips++) {
            if ((k > 2) != __builtin_popcount(flips) % 2) continue;
            for (int p = 0; p < POINTS_MAX; p++) {
                int d[3], to[3];
                direction_of(p, d);
                for (int a = 0; a < 3; a++)
                    to[a] = flips >> a & 1 ? -d[permutation[k][a]] : d[permutation[k][a]];
                j->turn[j->turns][p] = (unsigned char)index_of(to);
            }
            j->turns++;
        }
}

static void list_sphere(job *j) {
    j->count = POINTS_MAX;
    for (int p = 0; p < POINTS_MAX; p++) {
        int d[3], e[3];
        direction_of(p, d);
        const double length = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        for (int a = 0; a < 3; a++) j->point[p].direction[a] = d[a] / length;
        for (int q = 0; q < POINTS_MAX; q++) {
            direction_of(q, e);
            if (touch(d, e)) j->point[p].beside |= 1U << q;
        }
    }
    list_turns(j);
}

/* Do the neighbours in the set hang together? */
static bool is_connected(const job *j, unsigned set) {
    unsigned reached = set & -set, fresh = reached;
    while (fresh) {
        unsigned next = 0;
        for (unsigned rest = fresh; rest; rest &= rest - 1) next |= j->point[__builtin_ctz(rest)].beside;
        fresh = next & set & ~reached;
        reached |= fresh;
    }
    return reached == set;
}

static double number_of(const job *j, unsigned bright) {
    const unsigned all = j->count == 32 ? ~0U : (1U << j->count) - 1;
    if (j->own.pattern == CODE) return bright;
    if (j->own.pattern == UNIFORM)
        return is_connected(j, bright) && is_connected(j, all & ~bright) ? __builtin_popcount(bright)
                                                                         : j->count + 1;
    unsigned least = bright;
    for (int r = 0; r < j->turns; r++) {
        unsigned turned = 0;
        for (unsigned rest = bright; rest; rest &= rest - 1) turned |= 1U << j->turn[r][__builtin_ctz(rest)];
        least = turned < least ? turned : least;
    }
    return least;
}

static double intensity_at(const job *j, const ptrdiff_t at[3], const point *p) {
    const size_t *n = j->field->size;
    double sum = 0;
    for (int c = 0; c < CORNERS; c++) {
        ptrdiff_t to[3];
        if (p->weight[c] == 0) continue;
        for (int a = 0; a < 3; a++) to[a] = j->from[a][at[a] + p->at[a] + (c >> a & 1) + j->margin];
        if (to[0] < 0 || to[1] < 0 || to[2] < 0) continue;
        sum += p->weight[c] * j->field->data[((size_t)to[2] * n[1] + (size_t)to[1]) * n[0] + (size_t)to[0]];
    }
    return sum;
}

static void run_row(size_t row, void *context) {
    const job *j = context;
    const size_t *n = j->field->size;
    for (size_t x = 0; x < n[0]; x++) {
        const ptrdiff_t at[3] = {(ptrdiff_t)x, (ptrdiff_t)(row % n[1]), (ptrdiff_t)(row / n[1])};
        const double here = j->field->data[row * n[0] + x];
        unsigned bright = 0;
        /* Interpolated intensities of a flat region are equal to it but for rounding. */
        for (int p = 0; p < j->count; p++)
            if (intensity_at(j, at, &j->point[p]) - here >= -1e-9 * fabs(here)) bright |= 1U << p;
        j->out[row * n[0] + x] = number_of(j, bright);
    }
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    job j = {.field = field, .own = own_of(options), .out = out};
    rad_status status = RAD_OK;
    j.margin = (ptrdiff_t)ceil(j.own.radius) + 1;
    if (options->dimension == 2)
        list_circle(&j);
    else
        list_sphere(&j);
    for (int p = 0; p < j.count; p++) place(&j.point[p], j.own.radius);
    for (int a = 0; a < 3 && status == RAD_OK; a++) {
        const ptrdiff_t length = (ptrdiff_t)field->size[a] + 2 * j.margin;
        j.from[a] = rad_new((size_t)length, sizeof *j.from[a], error);
        if (!j.from[a]) status = RAD_NO_MEMORY;
        for (ptrdiff_t i = 0; i < length && j.from[a]; i++)
            j.from[a][i] = rad_boundary_index(i - j.margin, field->size[a], (rad_boundary)options->boundary);
    }
    if (status == RAD_OK) rad_parallel_for(field->size[1] * field->size[2], threads, run_row, &j);
    for (int a = 0; a < 3; a++) rad_free(j.from[a]);
    return status;
}

const rad_filter rad_filter_lbp = {.name = "lbp",
                                   .code = "",
                                   .help = "local binary patterns",
                                   .named = "",
                                   .others = "pattern radius samples dimension boundary",
                                   .keys = keys,
                                   .reach = reach,
                                   .run = run};
