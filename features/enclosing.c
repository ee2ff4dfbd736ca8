#include "enclosing.h"

#include "../core/memory.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_eigenvalues(const double matrix[9], double values[3], rad_error *error) {
    double m[9], ascending[3];
    memcpy(m, matrix, sizeof m);
    if (LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', 3, m, 3, ascending))
        return rad_fail(error, RAD_NO_MEMORY, "the eigenvalues of a 3x3 matrix could not be found");
    for (int i = 0; i < 3; i++) values[i] = ascending[2 - i];
    return RAD_OK;
}

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Two unit vectors at right angles to n and to each other. */
static void complete_basis(const double n[3], double u[3], double v[3]) {
    const int least = fabs(n[0]) <= fabs(n[1]) && fabs(n[0]) <= fabs(n[2]) ? 0
                      : fabs(n[1]) <= fabs(n[2])                           ? 1
                                                                           : 2;
    double e[3] = {0};
    e[least] = 1;
    for (int i = 0; i < 3; i++) u[i] = n[(i + 1) % 3] * e[(i + 2) % 3] - n[(i + 2) % 3] * e[(i + 1) % 3];
    const double norm = sqrt(dot(u, u));
    for (int i = 0; i < 3; i++) u[i] /= norm;
    for (int i = 0; i < 3; i++) v[i] = n[(i + 1) % 3] * u[(i + 2) % 3] - n[(i + 2) % 3] * u[(i + 1) % 3];
}

/* Rotating callipers: for each edge of the polygon the furthest corners along it, across it, and behind it.
 * The three indices only ever move on. */
static void least_rectangle(double (*p)[2], size_t n, double side[2]) {
    double least = INFINITY;
    size_t far = 1, across = 1, behind = 1;
    for (size_t i = 0; i < n; i++) {
        const double *a = p[i], *b = p[(i + 1) % n], dx = b[0] - a[0], dy = b[1] - a[1],
                     norm = sqrt(dx * dx + dy * dy);
        const double e[2] = {dx / norm, dy / norm};
#define ALONG(k)  (p[(k) % n][0] * e[0] + p[(k) % n][1] * e[1])
#define ACROSS(k) (p[(k) % n][1] * e[0] - p[(k) % n][0] * e[1])
        if (far < i + 1) far = i + 1;
        while (ALONG(far + 1) > ALONG(far)) far++;
        if (across < far) across = far;
        while (ACROSS(across + 1) > ACROSS(across)) across++;
        if (behind < across) behind = across;
        while (ALONG(behind + 1) < ALONG(behind)) behind++;
        const double width = ALONG(far) - ALONG(behind), height = ACROSS(across) - ACROSS(i);
#undef ALONG
#undef ACROSS
        if (width * height >= least) continue;
        least = width * height;
        side[0] = width;
        side[1] = height;
    }
}

/* Drops corners that rounding alone tells from the one before: their edges point anywhere. */
static size_t drop_twins(double (*p)[2], size_t n) {
    double extent = 0;
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) extent = fmax(extent, fabs(p[i][0] - p[0][0]) + fabs(p[i][1] - p[0][1]));
    for (size_t i = 0; i < n; i++) {
        const double *before = kept ? p[kept - 1] : p[n - 1];
        if (fabs(p[i][0] - before[0]) + fabs(p[i][1] - before[1]) > 1e-9 * extent)
            memmove(p[kept++], p[i], sizeof *p);
    }
    return kept;
}

rad_status rad_enclosing_box(const rad_hull *hull, double side[3], rad_error *error) {
    const size_t n = hull->vertex_count;
    double(*flat)[2] = rad_new(3 * n + 2, sizeof *flat, error);
    if (!flat) return RAD_NO_MEMORY;
    double least = INFINITY;
    for (size_t f = 0; f < hull->facet_count; f++) {
        double u[3], v[3], low = INFINITY, high = -INFINITY, box[2] = {0};
        complete_basis(hull->normals[f], u, v);
        for (size_t i = 0; i < n; i++) {
            const double *p = hull->vertices[i], h = dot(p, hull->normals[f]);
            low = fmin(low, h);
            high = fmax(high, h);
            flat[i][0] = dot(p, u);
            flat[i][1] = dot(p, v);
        }
        least_rectangle(flat, drop_twins(flat, rad_polygon_hull(flat, n, flat + n)), box);
        const double volume = box[0] * box[1] * (high - low);
        if (volume >= least) continue;
        least = volume;
        side[0] = box[0];
        side[1] = box[1];
        side[2] = high - low;
    }
    rad_free(flat);
    return RAD_OK;
}

/* State of the ascent: points lifted to (x, y, z, 1), their weights, the inverse of sum w q q', and q'
 * inverse q. */
typedef struct ascent {
    size_t count;
    double (*q)[4];
    double *weight, *distance;
    double inverse[4][4];
} ascent;

static void multiply(const ascent *s, const double q[4], double out[4]) {
    for (int r = 0; r < 4; r++) {
        out[r] = 0;
        for (int c = 0; c < 4; c++) out[r] += s->inverse[r][c] * q[c];
    }
}

/* Inverse and distances anew from the weights; false when the weighted points lie in a plane. */
static bool refresh(ascent *s) {
    double m[16] = {0};
    for (size_t i = 0; i < s->count; i++)
        for (int k = 0; k < 16; k++) m[k] += s->weight[i] * s->q[i][k / 4] * s->q[i][k % 4];
    if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'U', 4, m, 4) || LAPACKE_dpotri(LAPACK_ROW_MAJOR, 'U', 4, m, 4))
        return false;
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) s->inverse[r][c] = r <= c ? m[4 * r + c] : m[4 * c + r];
    for (size_t i = 0; i < s->count; i++) {
        double product[4];
        multiply(s, s->q[i], product);
        s->distance[i] = dot(product, s->q[i]) + product[3] * s->q[i][3];
    }
    return true;
}

/* Moves weight `step` to point j (from it where the step is negative): rank-one updates of everything. */
static void move(ascent *s, size_t j, double step) {
    double g[4];
    multiply(s, s->q[j], g);
    const double kappa = s->distance[j], scale = 1 / (1 - step), factor = step / (1 - step + step * kappa);
    for (size_t i = 0; i < s->count; i++) {
        const double p = dot(g, s->q[i]) + g[3] * s->q[i][3];
        s->distance[i] = scale * (s->distance[i] - factor * p * p);
        s->weight[i] *= 1 - step;
    }
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) s->inverse[r][c] = scale * (s->inverse[r][c] - factor * g[r] * g[c]);
    s->weight[j] = fmax(s->weight[j] + step, 0);
}

/* One step of the ascent; false when all points are close enough to the ellipsoid. */
static bool climb(ascent *s, double tolerance) {
    size_t far = 0, near = SIZE_MAX;
    for (size_t i = 0; i < s->count; i++) {
        if (s->distance[i] > s->distance[far]) far = i;
        if (s->weight[i] > 1e-12 && (near == SIZE_MAX || s->distance[i] < s->distance[near])) near = i;
    }
    const double outside = s->distance[far] / 4 - 1, inside = 1 - s->distance[near] / 4;
    if (outside < tolerance && inside < tolerance) return false;
    const size_t j = outside >= inside ? far : near;
    const double kappa = s->distance[j];
    double step = (kappa - 4) / (4 * (kappa - 1));
    const double all = -s->weight[j] / (1 - s->weight[j]); /* takes the point's whole weight */
    if (step < all || (j == near && j != far && kappa <= 1)) step = all;
    move(s, j, step);
    return true;
}

/* Half of the weight to the extreme points along each axis is a start of full rank. */
static bool start(ascent *s) {
    for (int a = 0; a < 3; a++) {
        size_t low = 0, high = 0;
        for (size_t i = 0; i < s->count; i++) {
            if (s->q[i][a] < s->q[low][a]) low = i;
            if (s->q[i][a] > s->q[high][a]) high = i;
        }
        s->weight[low] += 1.0 / 12;
        s->weight[high] += 1.0 / 12;
    }
    for (size_t i = 0; i < s->count; i++) s->weight[i] += 0.5 / (double)s->count;
    return refresh(s);
}

/* Semi-axes of the ellipsoid of the weights, grown until it holds every point. */
static rad_status take_axes(const ascent *s, double semi_axis[3], rad_error *error) {
    double centre[3] = {0}, scatter[9] = {0}, furthest = 0;
    for (size_t i = 0; i < s->count; i++) {
        furthest = fmax(furthest, s->distance[i] - 1);
        for (int a = 0; a < 3; a++) centre[a] += s->weight[i] * s->q[i][a];
    }
    for (size_t i = 0; i < s->count; i++)
        for (int a = 0; a < 9; a++)
            scatter[a] += s->weight[i] * (s->q[i][a / 3] - centre[a / 3]) * (s->q[i][a % 3] - centre[a % 3]);
    rad_status status = rad_eigenvalues(scatter, semi_axis, error);
    for (int a = 0; a < 3 && status == RAD_OK; a++) semi_axis[a] = sqrt(semi_axis[a] * furthest);
    return status;
}

rad_status rad_enclosing_ellipsoid(const rad_hull *hull, double semi_axis[3], rad_error *error) {
    enum { ROUNDS = 20000, REFRESH = 500 };
    ascent s = {.count = hull->vertex_count};
    s.q = rad_new(s.count, sizeof *s.q, error);
    s.weight = rad_new(s.count, 2 * sizeof *s.weight, error);
    rad_status status = s.q && s.weight ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        s.distance = s.weight + s.count;
        for (size_t i = 0; i < s.count; i++) {
            memcpy(s.q[i], hull->vertices[i], sizeof(rad_point));
            s.q[i][3] = 1;
        }
        bool solid = start(&s);
        for (int round = 1; solid && round <= ROUNDS && climb(&s, 2.5e-6); round++)
            if (round % REFRESH == 0) solid = refresh(&s); /* rounding gathers in the updates */
        if (!solid || !refresh(&s))
            status = rad_fail(error, RAD_NO_MEMORY, "the enclosing ellipsoid of %zu points failed", s.count);
    }
    if (status == RAD_OK) {
        status = take_axes(&s, semi_axis, error);
    }
    rad_free(s.q);
    rad_free(s.weight);
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
