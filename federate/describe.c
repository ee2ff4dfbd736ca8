#include "describe.h"

#include <math.h>

/* A polynomial in n and sums: terms factor * n^power * product of sums, added exactly. */
typedef struct term {
    int64_t factor;
    unsigned power;
    const rad_exact *sums[4]; /* NULL ends them */
} term;

static rad_status multiply_by(rad_exact *x, const rad_exact *by, rad_error *error) {
    rad_exact product;
    rad_status status = rad_exact_multiply(x, by, &product, error);
    if (status != RAD_OK) return status;
    rad_exact_free(x);
    *x = product;
    return RAD_OK;
}

static rad_status evaluate(uint64_t n, const term *terms, size_t count, double *out, rad_error *error) {
    rad_exact sum = {0}, size = rad_exact_whole((int64_t)n);
    rad_status status = RAD_OK;
    for (size_t t = 0; t < count && status == RAD_OK; t++) {
        rad_exact product = rad_exact_whole(terms[t].factor);
        for (unsigned k = 0; k < terms[t].power && status == RAD_OK; k++)
            status = multiply_by(&product, &size, error);
        for (size_t k = 0; k < 4 && terms[t].sums[k] && status == RAD_OK; k++)
            status = multiply_by(&product, terms[t].sums[k], error);
        if (status == RAD_OK) status = rad_exact_add(&sum, &product, error);
        rad_exact_free(&product);
    }
    *out = rad_exact_double(&sum);
    rad_exact_free(&sum);
    return status;
}

rad_status rad_describe(const rad_moments *m, double centre, rad_description *out, rad_error *error) {
    const rad_exact *s1 = &m->sum[0], *s2 = &m->sum[1], *s3 = &m->sum[2], *s4 = &m->sum[3];
    const double n = (double)m->n;
    double second, third, fourth;
    *out = (rad_description){
        .n = m->n, .mean = NAN, .variance = NAN, .deviation = NAN, .skewness = NAN, .kurtosis = NAN};
    if (!m->powers || !m->n) return RAD_OK;
    out->mean = centre + rad_exact_double(s1) / n;
    const term squares[] = {{1, 1, {s2}}, {-1, 0, {s1, s1}}};
    rad_status status = evaluate(m->n, squares, 2, &second, error);
    if (status != RAD_OK || m->n < 2) return status;
    out->variance = second / (n * (n - 1));
    out->deviation = sqrt(out->variance);
    if (m->powers < 4 || !(second > 0)) return RAD_OK;
    const term cubes[] = {{1, 2, {s3}}, {-3, 1, {s1, s2}}, {2, 0, {s1, s1, s1}}};
    const term fourths[] = {{1, 3, {s4}}, {-4, 2, {s1, s3}}, {6, 1, {s1, s1, s2}}, {-3, 0, {s1, s1, s1, s1}}};
    status = evaluate(m->n, cubes, 3, &third, error);
    if (status == RAD_OK) status = evaluate(m->n, fourths, 4, &fourth, error);
    if (status != RAD_OK) return status;
    out->skewness = third / (second * sqrt(second));
    out->kurtosis = fourth / (second * second) - 3;
    return RAD_OK;
}

rad_status rad_describe_difference(const rad_moments *a, const rad_moments *b, double *out,
                                   rad_error *error) {
    const term terms[] = {{(int64_t)b->n, 0, {&a->sum[0]}}, {-(int64_t)a->n, 0, {&b->sum[0]}}};
    *out = NAN;
    if (!a->powers || !b->powers || !a->n || !b->n) return RAD_OK;
    rad_status status = evaluate(0, terms, 2, out, error);
    *out /= (double)a->n * (double)b->n;
    return status;
}

rad_status rad_describe_scatter(uint64_t n, const rad_exact *a, const rad_exact *b, const rad_exact *ab,
                                double *out, rad_error *error) {
    const term terms[] = {{1, 1, {ab}}, {-1, 0, {a, b}}};
    rad_status status = evaluate(n, terms, 2, out, error);
    *out /= (double)n;
    return status;
}

rad_status rad_describe_pair(const rad_pair_view *p, rad_relation *out, rad_error *error) {
    const double n = (double)p->n;
    double ab, aa, bb;
    *out = (rad_relation){p->n, NAN, NAN};
    if (p->n < 2) return RAD_OK;
    const term product[] = {{1, 1, {p->ab}}, {-1, 0, {p->a, p->b}}};
    const term first[] = {{1, 1, {p->aa}}, {-1, 0, {p->a, p->a}}},
               second[] = {{1, 1, {p->bb}}, {-1, 0, {p->b, p->b}}};
    rad_status status = evaluate(p->n, product, 2, &ab, error);
    if (status == RAD_OK) status = evaluate(p->n, first, 2, &aa, error);
    if (status == RAD_OK) status = evaluate(p->n, second, 2, &bb, error);
    if (status != RAD_OK) return status;
    out->covariance = ab / (n * (n - 1));
    const double both = aa * bb, root = both > 1e-290 && both < 1e290 ? sqrt(both) : sqrt(aa) * sqrt(bb);
    if (aa > 0 && bb > 0) out->correlation = fmax(-1, fmin(1, ab / root)); /* rounding may go past 1 */
    return RAD_OK;
}
