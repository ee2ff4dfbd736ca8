#include "riesz.h"

#include "gaussian.h"

#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <string.h>

enum { ORDER_MAX = 27, COMPONENTS_MAX = 9 };

static int order_of(const int l[3]) {
    return l[0] + l[1] + l[2];
}

bool rad_riesz_asked(const rad_filter_options *options) {
    return order_of(options->riesz) > 0;
}

rad_status rad_riesz_reach(const rad_filter_options *options, size_t reach[3], rad_error *error) {
    for (int a = 0; a < options->dimension; a++) reach[a] = RAD_REACH_ALL;
    if (options->dimension == 2 && options->riesz[2])
        return rad_fail(error, RAD_CONFIG, "riesz: order %d along z; it must be 0 for dimension 2",
                        options->riesz[2]);
    return RAD_OK;
}

static double factorial(int n) {
    return n > 1 ? n * factorial(n - 1) : 1;
}

/* sqrt(L! / (l1! l2! l3!)) */
static double size_of(const int l[3]) {
    return sqrt(factorial(order_of(l)) / (factorial(l[0]) * factorial(l[1]) * factorial(l[2])));
}

void rad_riesz_factor(const rad_frequency *frequency, const rad_filter_options *options, double factor[2]) {
    const double *v = frequency->exact;
    const int *l = options->riesz;
    const double norm = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    double size = size_of(l);
    for (int a = 0; a < 3; a++)
        for (int i = 0; i < l[a]; i++) size *= norm > 0 ? v[a] / norm : 0;
    /* (-i)^order */
    static const double turns[4][2] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};
    factor[0] = size * turns[order_of(l) % 4][0];
    factor[1] = size * turns[order_of(l) % 4][1];
}

/* Eigenvectors of a symmetric matrix in the columns of u, largest eigenvalue first: Jacobi's rotations. */
static void find_axes(double m[3][3], int n, double u[3][3]) {
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) u[i][k] = i == k;
    for (int sweep = 0; sweep < 30; sweep++) {
        double rest = 0;
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++) {
                rest += m[p][q] * m[p][q];
                if (m[p][q] == 0) continue;
                const double tau = (m[q][q] - m[p][p]) / (2 * m[p][q]);
                const double t = (tau < 0 ? -1 : 1) / (fabs(tau) + sqrt(1 + tau * tau));
                const double c = 1 / sqrt(1 + t * t), s = t * c;
                for (int k = 0; k < n; k++) {
                    const double a = m[k][p], b = m[k][q];
                    m[k][p] = c * a - s * b;
                    m[k][q] = s * a + c * b;
                }
                for (int k = 0; k < n; k++) {
                    const double a = m[p][k], b = m[q][k], x = u[k][p], y = u[k][q];
                    m[p][k] = c * a - s * b;
                    m[q][k] = s * a + c * b;
                    u[k][p] = c * x - s * y;
                    u[k][q] = s * x + c * y;
                }
            }
        if (rest == 0) break;
    }
    for (int i = 0; i + 1 < n; i++)
        for (int k = 0; k + 1 < n; k++)
            if (m[k + 1][k + 1] > m[k][k]) {
                const double value = m[k][k];
                m[k][k] = m[k + 1][k + 1];
                m[k + 1][k + 1] = value;
                for (int a = 0; a < n; a++) {
                    const double x = u[a][k];
                    u[a][k] = u[a][k + 1];
                    u[a][k + 1] = x;
                }
            }
}

typedef struct steering {
    const rad_field *field;
    const rad_filter_options *options;
    int n, threads;
    size_t count;
    double *first[3];               /* transforms of first order; then the last axis */
    double *tensor[COMPONENTS_MAX]; /* products ab for a <= b; then the other axes */
    double *map, *out;
    int order[3]; /* of the map */
} steering;

static size_t pair_of(int a, int b) {
    static const size_t index[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
    return index[a][b];
}

enum { PIECE = 4096 };

static size_t end_of(const steering *s, size_t piece) {
    return s->count - piece * PIECE < PIECE ? s->count : (piece + 1) * PIECE;
}

static void for_pieces(steering *s, rad_body *body) {
    rad_parallel_for((s->count + PIECE - 1) / PIECE, s->threads, body, s);
}

/* The axes take the place of tensor and transforms: axis k in tensor[3 k + a], the last one in first[a]. */
static double *axis_of(const steering *s, int k, int a) {
    return k == 2 ? s->first[a] : s->tensor[3 * k + a];
}

static void align(size_t piece, void *context) {
    const steering *s = context;
    for (size_t i = piece * PIECE; i < end_of(s, piece); i++) {
        double m[3][3] = {{0}}, u[3][3], r[3] = {0};
        for (int a = 0; a < s->n; a++) {
            r[a] = s->first[a][i];
            for (int b = 0; b < s->n; b++) m[a][b] = s->tensor[pair_of(a, b)][i];
        }
        find_axes(m, s->n, u);
        for (int k = 0; k < s->n; k++) {
            const double along = u[0][k] * r[0] + u[1][k] * r[1] + u[2][k] * r[2], sign = along < 0 ? -1 : 1;
            for (int a = 0; a < s->n; a++) axis_of(s, k, a)[i] = sign * u[a][k];
        }
    }
}

/* The coefficient of v^l in the product over k of (axis k . v)^wanted[k]. */
static double coefficient(const steering *s, size_t i) {
    double c[ORDER_MAX + 1][ORDER_MAX + 1] = {{1}}; /* powers of v1 and v2; that of v3 follows */
    int degree = 0;
    for (int k = 0; k < s->n; k++)
        for (int times = 0; times < s->options->riesz[k]; times++) {
            const double u = axis_of(s, k, 0)[i], v = axis_of(s, k, 1)[i],
                         w = s->n > 2 ? axis_of(s, k, 2)[i] : 0;
            degree++;
            for (int p = degree; p >= 0; p--)
                for (int q = degree - p; q >= 0; q--)
                    c[p][q] = (p + q < degree ? w * c[p][q] : 0) + (p ? u * c[p - 1][q] : 0) +
                              (q ? v * c[p][q - 1] : 0);
        }
    return c[s->order[0]][s->order[1]];
}

static void add_component(size_t piece, void *context) {
    const steering *s = context;
    const double size = size_of(s->options->riesz) / size_of(s->order);
    for (size_t i = piece * PIECE; i < end_of(s, piece); i++)
        s->out[i] += size * coefficient(s, i) * s->map[i];
}

static void multiply(size_t piece, void *context) {
    const steering *s = context;
    const double *a = s->first[s->order[0]], *b = s->first[s->order[1]];
    for (size_t i = piece * PIECE; i < end_of(s, piece); i++) s->map[i] = a[i] * b[i];
}

enum { WINDOW_CUTOFF = 4 };

/* Sums of products over a Gaussian window. */
static rad_status smooth_products(steering *s, rad_error *error) {
    const rad_smoothing window = {s->options->steered, WINDOW_CUTOFF, RAD_PERIODIC, s->n};
    rad_field product = *s->field;
    rad_status status = RAD_OK;
    product.data = s->map;
    for (int a = 0; a < s->n && status == RAD_OK; a++)
        for (int b = a; b < s->n && status == RAD_OK; b++) {
            s->order[0] = a;
            s->order[1] = b;
            for_pieces(s, multiply);
            status = rad_gaussian_smooth(&product, window, s->threads, s->tensor[pair_of(a, b)], error);
        }
    return status;
}

static rad_status steer(steering *s, rad_spectrum *spectrum, rad_factor *factor, rad_error *error) {
    rad_filter_options o = *s->options;
    const int all = order_of(s->options->riesz);
    rad_status status = RAD_OK;
    for (int a = 0; a < s->n && status == RAD_OK; a++) {
        for (int b = 0; b < 3; b++) o.riesz[b] = a == b;
        status = rad_spectrum_apply(s->field, spectrum, true, (rad_response){factor, &o}, s->threads,
                                    s->first[a], error);
    }
    if (status == RAD_OK) status = smooth_products(s, error);
    if (status != RAD_OK) return status;
    for_pieces(s, align);
    memset(s->out, 0, s->count * sizeof *s->out);
    for (int p = 0; p <= all; p++)
        for (int q = s->n > 2 ? 0 : all - p; q <= all - p && status == RAD_OK; q++) {
            const int l[3] = {p, q, all - p - q};
            memcpy(s->order, l, sizeof l);
            memcpy(o.riesz, l, sizeof l);
            status = rad_spectrum_apply(s->field, spectrum, true, (rad_response){factor, &o}, s->threads,
                                        s->map, error);
            if (status == RAD_OK) for_pieces(s, add_component);
        }
    return status;
}

static rad_status run_steered(const rad_field *field, rad_spectrum *spectrum, rad_factor *factor,
                              const rad_filter_options *options, int threads, double *out, rad_error *error) {
    rad_field whole = *field; /* the window sees around what is wanted */
    whole.wanted = (rad_box){{0}, {0}};
    steering s = {.field = &whole,
                  .options = options,
                  .n = options->dimension,
                  .threads = threads,
                  .count = rad_field_count(field),
                  .out = out};
    double *buffer[COMPONENTS_MAX + 1] = {NULL};
    rad_status status = RAD_OK;
    for (int i = 0; i <= COMPONENTS_MAX && status == RAD_OK; i++) {
        buffer[i] = rad_new_raw(s.count, sizeof *out, error);
        if (!buffer[i]) status = RAD_NO_MEMORY;
    }
    memcpy(s.tensor, buffer, 6 * sizeof *buffer);
    memcpy(s.first, buffer + 6, sizeof s.first);
    s.map = buffer[COMPONENTS_MAX];
    if (status == RAD_OK) status = steer(&s, spectrum, factor, error);
    for (int i = 0; i <= COMPONENTS_MAX; i++) rad_free(buffer[i]);
    return status;
}

rad_status rad_riesz_filter(const rad_field *field, rad_spectrum *spectrum, rad_factor *factor,
                            const rad_filter_options *options, int threads, double *out, rad_error *error) {
    if (rad_riesz_asked(options) && !isnan(options->steered))
        return run_steered(field, spectrum, factor, options, threads, out, error);
    return rad_spectrum_apply(field, spectrum, field->shared != NULL, (rad_response){factor, options},
                              threads, out, error);
}
