#include "enclosing.h"

#include "../core/linear.h"
#include "../core/memory.h"
#include "../core/simd.h"

#include <lapacke.h>
#include <lapacke_utils.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_eigenvalues(const double matrix[9], double values[3], rad_error *error) {
    enum { ROOM = 3 * 34 };
    double m[9], ascending[3], buffer[ROOM];
    for (int i = 0; i < 9; i++) m[i] = matrix[i % 3 * 3 + i / 3]; /* column by column */
    if (LAPACKE_dsy_nancheck(LAPACK_COL_MAJOR, 'U', 3, m, 3) ||
        LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'N', 'U', 3, m, 3, ascending, buffer, ROOM))
        return rad_fail(error, RAD_NO_RESULT, "the eigenvalues of a 3x3 matrix could not be found");
    for (int i = 0; i < 3; i++) values[i] = ascending[2 - i];
    return RAD_OK;
}

/* State of the ascent: points in units of their bounding box, lifted to (x, y, z, 1), coordinate by
 * coordinate; their weights, few of them above zero; the inverse of sum w q q', and q' inverse q. */
typedef struct ascent {
    size_t count, active_count;
    double half[3]; /* of the bounding box, mm */
    double *q[3];
    double *weight, *distance;
    size_t *active; /* points with weight, and the one that comes in */
    double *at[3],
        *far; /* of these points side by side, a multiple of LANES of them: coordinates, distances */
    double inverse[4][4];
} ascent;

static void lift(const ascent *s, size_t i, double q[4]) {
    for (int a = 0; a < 3; a++) q[a] = s->q[a][i];
    q[3] = 1;
}

static void multiply(const ascent *s, const double q[4], double out[4]) {
    for (int r = 0; r < 4; r++) {
        out[r] = 0;
        for (int c = 0; c < 4; c++) out[r] += s->inverse[r][c] * q[c];
    }
}

static double product(const double a[4], const double b[4]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* distance[i] = q_i' m q_i */
RAD_KERNEL_LOOP void measure_distances_loop(const double *x, const double *y, const double *z,
                                            const double (*m)[4], size_t count, double *restrict distance) {
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double a = m[0][0] * x[i] + 2 * (m[0][1] * y[i] + m[0][2] * z[i] + m[0][3]),
                     b = m[1][1] * y[i] + 2 * (m[1][2] * z[i] + m[1][3]), c = m[2][2] * z[i] + 2 * m[2][3];
        distance[i] = a * x[i] + b * y[i] + c * z[i] + m[3][3];
    }
}
RAD_KERNEL(measure_distances,
           (const double *x, const double *y, const double *z, const double (*m)[4], size_t count,
            double *restrict distance),
           (x, y, z, m, count, distance))

/* The inverse anew from the weights, and the determinant of what it is the inverse of; false when the
 * weighted points lie in a plane. */
static bool invert(ascent *s, double *determinant) {
    double m[16] = {0}, q[4];
    *determinant = 1;
    for (size_t i = 0; i < s->active_count; i++) {
        lift(s, s->active[i], q);
        for (int k = 0; k < 16; k++) m[k] += s->weight[s->active[i]] * q[k / 4] * q[k % 4];
    }
    if (!rad_linear_cholesky('U', 4, m)) return false;
    for (int k = 0; k < 16; k += 5) *determinant *= m[k] * m[k];
    if (!rad_linear_invert('U', 4, m)) return false;
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) s->inverse[r][c] = r <= c ? m[4 * r + c] : m[4 * c + r];
    return true;
}

/* Inverse and distances anew from the weights; false when the weighted points lie in a plane. */
static bool refresh(ascent *s) {
    double determinant;
    if (!invert(s, &determinant)) return false;
    measure_distances(s->q[0], s->q[1], s->q[2], (const double(*)[4])s->inverse, s->count, s->distance);
    return true;
}

enum { LANES = 8 };

RAD_KERNEL_LOOP void highest_lanes_loop(const double *x, size_t count, double *restrict lane) {
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
}
RAD_KERNEL(highest_lanes, (const double *x, size_t count, double *restrict lane), (x, count, lane))

/* The first point with the highest distance. */
static size_t furthest_of(const ascent *s) {
    const size_t whole = s->count - s->count % LANES;
    double lane[LANES], most = -INFINITY;
    for (int l = 0; l < LANES; l++) lane[l] = -INFINITY;
    highest_lanes(s->distance, whole, lane);
    for (int l = 0; l < LANES; l++) most = lane[l] > most ? lane[l] : most;
    for (size_t i = whole; i < s->count; i++) most = s->distance[i] > most ? s->distance[i] : most;
    size_t at = 0;
    while (at + 1 < s->count && s->distance[at] != most) at++;
    return at;
}

static void add_to_inverse(ascent *s, const double g[4], double factor) {
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) s->inverse[r][c] += factor * g[r] * g[c];
}

/* Moves weight t from point k to point j: det(M + t (q_j q_j' - q_k q_k')) is a parabola in t; its top, or
 * all weight that k has. */
static void exchange(ascent *s, size_t j, size_t k) {
    double a[4], b[4], g[4], h[4];
    lift(s, j, a);
    multiply(s, a, g);
    lift(s, k, b);
    multiply(s, b, h);
    const double far = product(a, g), near = product(b, h), both = product(a, h),
                 bend = far * near - both * both;
    const bool all = 2 * bend * s->weight[k] <= far - near;
    const double t = all ? s->weight[k] : (far - near) / (2 * bend);
    add_to_inverse(s, g, -t / (1 + t * far));
    multiply(s, b, h);
    add_to_inverse(s, h, t / (1 - t * product(b, h)));
    s->weight[j] += t;
    s->weight[k] = all ? 0 : s->weight[k] - t;
}

/* far[k] = q' m q of as many points, as multiply and product have it: m is symmetric but for its last bits.
 */
RAD_KERNEL_LOOP void measure_active_loop(const double *x, const double *y, const double *z,
                                         const double (*m)[4], size_t count, double *restrict far) {
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double a = x[i + l], b = y[i + l], c = z[i + l];
            const double p = m[0][0] * a + m[0][1] * b + m[0][2] * c + m[0][3],
                         q = m[1][0] * a + m[1][1] * b + m[1][2] * c + m[1][3],
                         r = m[2][0] * a + m[2][1] * b + m[2][2] * c + m[2][3],
                         s = m[3][0] * a + m[3][1] * b + m[3][2] * c + m[3][3];
            far[i + l] = a * p + b * q + c * r + s;
        }
}
RAD_KERNEL(measure_active,
           (const double *x, const double *y, const double *z, const double (*m)[4], size_t count,
            double *restrict far),
           (x, y, z, m, count, far))

/* Points with weight, and how each is to change. */
enum { LEAPING = 24 };
typedef struct leaping {
    size_t count, at[LEAPING];
    double weight[LEAPING], change[LEAPING];
} leaping;

/* The change of weights after which, to first order, all points are equally far: the distance of point k
 * loses (q_k' inverse q_j)^2 for each unit of weight of point j, and the sum of weights stays. A trace on the
 * diagonal stands for points of which some are one too many. */
static bool find_change(const ascent *s, leaping *l) {
    double q[LEAPING][4], g[4], matrix[2][LEAPING * LEAPING], even[LEAPING], all[2] = {0};
    const size_t n = l->count;
    for (size_t k = 0; k < n; k++) lift(s, l->at[k], q[k]);
    for (size_t k = 0; k < n; k++) {
        multiply(s, q[k], g);
        for (size_t j = 0; j < n; j++) {
            const double p = product(q[j], g);
            matrix[0][k * n + j] = p * p + (k == j ? 1e-10 : 0);
        }
        l->change[k] = product(q[k], g) - 4;
        even[k] = 1;
    }
    memcpy(matrix[1], matrix[0], n * n * sizeof(double));
    if (!rad_linear_solve((int)n, matrix[0], l->change) || !rad_linear_solve((int)n, matrix[1], even))
        return false;
    for (size_t k = 0; k < n; k++) {
        all[0] += l->change[k];
        all[1] += even[k];
    }
    for (size_t k = 0; k < n; k++) l->change[k] -= all[0] / all[1] * even[k];
    return true;
}

/* Changes the weights as far as none falls below 0; one that does is 0 then. */
static void change_weights(ascent *s, const leaping *l) {
    double part = 1;
    size_t first = l->count;
    for (size_t k = 0; k < l->count; k++)
        if (l->weight[k] + part * l->change[k] <= 0) {
            part = -l->weight[k] / l->change[k];
            first = k;
        }
    for (size_t k = 0; k < l->count; k++)
        s->weight[l->at[k]] = k == first ? 0 : fmax(l->weight[k] + part * l->change[k], 0);
}

/* Newton's step for the points that have weight; false, and nothing is changed, where it leads nowhere. */
static bool leap(ascent *s) {
    leaping l = {.count = 0};
    double before, after, kept[4][4];
    for (size_t k = 0; k < s->active_count; k++) {
        if (!(s->weight[s->active[k]] > 0)) continue;
        if (l.count == LEAPING) return false;
        l.weight[l.count] = s->weight[s->active[k]];
        l.at[l.count++] = s->active[k];
    }
    memcpy(kept, s->inverse, sizeof kept);
    if (invert(s, &before) && find_change(s, &l)) {
        change_weights(s, &l);
        if (invert(s, &after) && after >= before * (1 - 1e-12)) return true;
    }
    for (size_t k = 0; k < l.count; k++) s->weight[l.at[k]] = l.weight[k];
    memcpy(s->inverse, kept, sizeof kept);
    return false;
}

/* The furthest of the active points, the nearest that has weight, and their distances. */
typedef struct apart {
    size_t far, near;
    double most, least;
} apart;

static apart find_apart(const ascent *s, size_t count) {
    apart a = {0, 0, -INFINITY, INFINITY};
    measure_active(s->at[0], s->at[1], s->at[2], (const double(*)[4])s->inverse, count, s->far);
    for (size_t k = 0; k < s->active_count; k++) {
        const size_t i = s->active[k];
        const double d = s->far[k];
        if (d > a.most) {
            a.far = i;
            a.most = d;
        }
        if (d < a.least && s->weight[i] > 0) {
            a.near = i;
            a.least = d;
        }
    }
    return a;
}

/* Exchanges between the active points until all that have weight are equally far, and none is further. Where
 * exchanges have found who has weight, Newton's steps find how much; those that do not help are rare. */
static void settle(ascent *s, double tolerance) {
    enum { STEPS = 20000, FIRST = 8 };
    size_t count = 0;
    for (; count < s->active_count; count++)
        for (int a = 0; a < 3; a++) s->at[a][count] = s->q[a][s->active[count]];
    for (; count % LANES; count++)
        for (int a = 0; a < 3; a++) s->at[a][count] = 0;
    double last = INFINITY;
    for (int step = 0, wait = FIRST, next = FIRST; step < STEPS; step++) {
        const apart a = find_apart(s, count);
        const double spread = a.most - a.least;
        if (spread < tolerance) return;
        if (step < next || !(s->weight[a.far] > 0)) {
            exchange(s, a.far, a.near);
            continue;
        }
        if (spread > last / 2) wait *= 2; /* the last one did little */
        last = spread;
        if (!leap(s)) {
            wait *= 2;
            exchange(s, a.far, a.near);
        }
        next = step + (wait > FIRST ? wait : 1);
    }
}

/* Points without weight go. */
static void drop_idle(ascent *s) {
    size_t kept = 0;
    for (size_t k = 0; k < s->active_count; k++)
        if (s->weight[s->active[k]] > 0) s->active[kept++] = s->active[k];
    s->active_count = kept;
}

/* One round of the ascent: the furthest point comes in, and the active ones settle, the closer the nearer the
 * end is. False when all points are close enough to the ellipsoid. */
static bool climb(ascent *s, double tolerance) {
    const size_t far = furthest_of(s);
    const double outside = s->distance[far] - 4;
    double inside = 0;
    bool known = false;
    drop_idle(s);
    for (size_t k = 0; k < s->active_count; k++) {
        inside = fmax(inside, 4 - s->distance[s->active[k]]);
        known = known || s->active[k] == far;
    }
    if (outside < tolerance && inside < tolerance) return false;
    if (!known) s->active[s->active_count++] = far;
    settle(s, fmax(tolerance / 2, outside / 20));
    return true;
}

static void give_weight(ascent *s, size_t i, double weight) {
    if (s->weight[i] == 0) s->active[s->active_count++] = i;
    s->weight[i] += weight;
}

/* The extreme points along the axes and the diagonals are close to the end; where they lie in a plane, all
 * points take part. */
static bool start(ascent *s) {
    static const double ways[][3] = {{1, 0, 0},  {0, 1, 0},  {0, 0, 1}, {1, 1, 1},
                                     {1, 1, -1}, {1, -1, 1}, {-1, 1, 1}};
    enum { WAYS = sizeof ways / sizeof ways[0] };
    for (int w = 0; w < WAYS; w++) {
        size_t low = 0, high = 0;
        double least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < s->count; i++) {
            const double p = ways[w][0] * s->q[0][i] + ways[w][1] * s->q[1][i] + ways[w][2] * s->q[2][i];
            if (p < least) low = i;
            if (p > most) high = i;
            least = p < least ? p : least;
            most = p > most ? p : most;
        }
        give_weight(s, low, 0.5 / WAYS);
        give_weight(s, high, 0.5 / WAYS);
    }
    if (refresh(s)) return true;
    for (size_t k = 0; k < s->active_count; k++) s->weight[s->active[k]] /= 2;
    for (size_t i = 0; i < s->count; i++) give_weight(s, i, 0.5 / (double)s->count);
    return refresh(s);
}

/* Semi-axes of the ellipsoid of the weights, grown until it holds every point. */
static rad_status compute_axes(const ascent *s, double semi_axis[3], rad_error *error) {
    double centre[3] = {0}, scatter[9] = {0};
    const double furthest = s->distance[furthest_of(s)] - 1;
    for (size_t k = 0; k < s->active_count; k++)
        for (int a = 0; a < 3; a++) centre[a] += s->weight[s->active[k]] * s->q[a][s->active[k]];
    for (size_t k = 0; k < s->active_count; k++) {
        const size_t i = s->active[k];
        for (int a = 0; a < 9; a++)
            scatter[a] += s->weight[i] * (s->q[a / 3][i] - centre[a / 3]) * (s->q[a % 3][i] - centre[a % 3]);
    }
    for (int a = 0; a < 9; a++) scatter[a] *= s->half[a / 3] * s->half[a % 3];
    rad_status status = rad_eigenvalues(scatter, semi_axis, error);
    for (int a = 0; a < 3 && status == RAD_OK; a++)
        semi_axis[a] = sqrt(fmax(semi_axis[a], 0) * fmax(furthest, 0));
    return status;
}

static rad_status ascend(ascent *s, rad_error *error) {
    enum { ROUNDS = 1000 };
    bool solid = start(s), on = true;
    for (int round = 1; solid && on && round <= ROUNDS; round++) {
        on = climb(s, 4e-10);
        if (on) solid = refresh(s);
    }
    if (solid && !on) return RAD_OK;
    return rad_fail(error, RAD_NO_RESULT, "the smallest enclosing ellipsoid of %zu points was not found: %s",
                    s->count,
                    solid ? "its computation did not converge" : "the points lie too close to a plane");
}

/* The least ellipsoid turns and stretches with its points: in units of the box all sums are well conditioned.
 */
static void place_points(const rad_hull *hull, size_t length, double *buffer, ascent *s) {
    for (size_t a = 0; a < 3; a++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < s->count; i++) {
            low = fmin(low, hull->vertices[i][a]);
            high = fmax(high, hull->vertices[i][a]);
        }
        const double middle = low / 2 + high / 2;
        s->half[a] = high > low ? high / 2 - low / 2 : 1;
        s->q[a] = buffer + a * length;
        s->at[a] = buffer + (a + 3) * length;
        for (size_t i = 0; i < s->count; i++) s->q[a][i] = (hull->vertices[i][a] - middle) / s->half[a];
    }
    s->weight = buffer + 6 * length;
    s->distance = buffer + 7 * length;
    s->far = buffer + 8 * length;
}

rad_status rad_enclosing_ellipsoid(const rad_hull *hull, double semi_axis[3], rad_error *error) {
    const size_t n = hull->vertex_count;
    double *buffer = rad_new(n + LANES, 9 * sizeof *buffer, error);
    ascent s = {.count = n, .active = rad_new(n, sizeof *s.active, error)};
    rad_status status = buffer && s.active ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        place_points(hull, n + LANES, buffer, &s);
        status = ascend(&s, error);
    }
    if (status == RAD_OK) status = compute_axes(&s, semi_axis, error);
    rad_free(buffer);
    rad_free(s.active);
    return status;
}

/* h_n = (alpha beta)^n P_n((alpha^2 + beta^2) / (2 alpha beta)) has a recurrence of its own without the
 * division. */
double rad_ellipsoid_area(const double semi_axis[3]) {
    enum { DEGREE = 20 };
    const double a = semi_axis[0], b = semi_axis[1], c = semi_axis[2];
    const double alpha2 = 1 - b * b / (a * a), beta2 = 1 - c * c / (a * a);
    const double mean = (alpha2 + beta2) / 2, product = alpha2 * beta2;
    double before = 1, here = mean, sum = 1;
    for (int n = 1; n <= DEGREE; n++) {
        sum += here / (1 - 4.0 * n * n);
        const double next = ((2 * n + 1) * mean * here - n * product * before) / (n + 1);
        before = here;
        here = next;
    }
    return 4 * acos(-1) * a * b * sum;
}
