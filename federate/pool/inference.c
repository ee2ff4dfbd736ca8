#include "inference.h"

#include "../../core/linear.h"
#include "../../core/memory.h"
#include "../describe.h"
#include "distributions.h"

#include <math.h>
#include <stdlib.h>

const char *const rad_test_words[RAD_TEST_KINDS] = {"t", "welch", "anova"};

static const rad_test undefined = {.statistic = NAN,
                                   .df1 = NAN,
                                   .df2 = NAN,
                                   .p = NAN,
                                   .estimate = NAN,
                                   .low = NAN,
                                   .high = NAN,
                                   .effect = NAN};

rad_status rad_inference_means(const rad_moments *a, const rad_moments *b, bool welch, rad_test *out,
                               rad_error *error) {
    rad_description x, y;
    double difference = NAN;
    *out = undefined;
    rad_status status = rad_describe(a, 0, &x, error);
    if (status == RAD_OK) status = rad_describe(b, 0, &y, error);
    if (status == RAD_OK) status = rad_describe_difference(a, b, &difference, error);
    if (status != RAD_OK || !a->powers || !b->powers || x.n < 2 || y.n < 2) return status;
    const double n = (double)x.n, m = (double)y.n, u = x.variance / n, v = y.variance / m;
    const double pooled = ((n - 1) * x.variance + (m - 1) * y.variance) / (n + m - 2);
    const double se = welch ? sqrt(u + v) : sqrt(pooled * (1 / n + 1 / m));
    out->n = x.n + y.n;
    out->estimate = difference;
    if (!(se > 0)) return RAD_OK;
    out->df1 = welch ? (u + v) * (u + v) / (u * u / (n - 1) + v * v / (m - 1)) : n + m - 2;
    out->statistic = difference / se;
    out->p = rad_t_two_sided(out->statistic, out->df1);
    const double half = rad_t_quantile(0.975, out->df1) * se;
    out->low = difference - half;
    out->high = difference + half;
    return RAD_OK;
}

static rad_status add_all(const rad_moments *const *groups, size_t count, rad_moments *all,
                          rad_error *error) {
    rad_status status = RAD_OK;
    *all = (rad_moments){.powers = 2};
    for (size_t i = 0; i < count; i++) {
        if (!groups[i]->powers) continue;
        all->n += groups[i]->n;
        for (int k = 0; k < 2 && status == RAD_OK; k++)
            status = rad_exact_add(&all->sum[k], &groups[i]->sum[k], error);
    }
    return status;
}

rad_status rad_inference_anova(const rad_moments *const *groups, size_t count, rad_test *out,
                               rad_error *error) {
    rad_moments all;
    double between = 0, within = 0, used = 0;
    *out = undefined;
    rad_status status = add_all(groups, count, &all, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_description d;
        double distance = 0;
        if (!groups[i]->powers || !groups[i]->n) continue;
        status = rad_describe(groups[i], 0, &d, error);
        if (status == RAD_OK) status = rad_describe_difference(groups[i], &all, &distance, error);
        const double n = (double)groups[i]->n;
        between += n * distance * distance;
        within += n > 1 ? d.variance * (n - 1) : 0;
        used++;
    }
    out->n = all.n;
    rad_moments_free(&all);
    if (status != RAD_OK || used < 2 || (double)out->n <= used || !(between + within > 0)) return status;
    const uint64_t n = out->n;
    rad_inference_f(between, (size_t)used - 1, within, (double)n - used, out);
    out->n = n;
    return RAD_OK;
}

double rad_inference_joint(const double *estimate, const double *v, size_t columns, const size_t *at,
                           size_t count) {
    double part[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS], x[RAD_FACTOR_LEVELS], sum = 0;
    for (size_t i = 0; i < count; i++) {
        x[i] = estimate[at[i]];
        for (size_t j = 0; j <= i; j++)
            part[i * count + j] = at[i] > at[j] ? v[at[i] * columns + at[j]] : v[at[j] * columns + at[i]];
    }
    if (!rad_linear_solve((int)count, part, x)) return NAN;
    for (size_t i = 0; i < count; i++) sum += x[i] * estimate[at[i]];
    return sum;
}

void rad_inference_f(double square, size_t df1, double residual, double df2, rad_test *out) {
    *out = undefined;
    if (!df1 || !(df2 > 0) || !(square + residual > 0)) return;
    out->df1 = (double)df1;
    out->df2 = df2;
    out->effect = square / (square + residual);
    if (!(residual > 0)) return;
    out->statistic = square / out->df1 / (residual / df2);
    out->p = rad_f_tail(out->statistic, out->df1, df2);
}

void rad_inference_chi_square(const int64_t *counts, size_t rows, size_t columns, rad_test *out) {
    double row[RAD_FACTOR_LEVELS + 1] = {0}, column[RAD_FACTOR_LEVELS + 1] = {0}, n = 0, sum = 0;
    size_t r_used = 0, c_used = 0;
    *out = undefined;
    if (!rows || !columns) return;
    for (size_t i = 0; i < rows * columns; i++) {
        row[i / columns] += (double)counts[i];
        column[i % columns] += (double)counts[i];
        n += (double)counts[i];
    }
    for (size_t r = 0; r < rows; r++) r_used += row[r] > 0;
    for (size_t c = 0; c < columns; c++) c_used += column[c] > 0;
    out->n = (uint64_t)n;
    if (r_used < 2 || c_used < 2) return;
    for (size_t i = 0; i < rows * columns; i++) {
        const double expected = row[i / columns] * column[i % columns] / n, d = (double)counts[i] - expected;
        if (expected > 0) sum += d * d / expected;
    }
    out->statistic = sum;
    out->df1 = (double)((r_used - 1) * (c_used - 1));
    out->p = rad_chi_square_tail(sum, out->df1);
}

void rad_inference_fisher(const int64_t counts[4], rad_test *out) {
    const unsigned a = (unsigned)counts[0], b = (unsigned)counts[1], c = (unsigned)counts[2],
                   d = (unsigned)counts[3];
    *out = undefined;
    out->n = (uint64_t)a + b + c + d;
    if (!(a + b) || !(c + d) || !(a + c) || !(b + d)) return;
    const double here = rad_hypergeometric(a, a + b, c + d, a + c);
    double sum = 0;
    for (unsigned x = a + c > c + d ? a - d : 0; x <= a + b && x <= a + c; x++) {
        const double p = rad_hypergeometric(x, a + b, c + d, a + c);
        if (p <= here * (1 + 1e-7)) sum += p; /* rounding must not part equal ones */
    }
    out->p = fmin(1, sum);
    if (b && c) out->estimate = (double)a * d / ((double)b * c);
}

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

rad_status rad_inference_adjust(const double *p, size_t count, double *adjusted, rad_error *error) {
    ranked *list = rad_new(count, sizeof *list, error);
    size_t used = 0;
    if (!list) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i])) list[used++] = (ranked){p[i], i};
    }
    if (used > 1) qsort(list, used, sizeof *list, by_p);
    double least = 1;
    for (size_t i = used; i-- > 0;) {
        least = fmin(least, list[i].p * (double)used / (double)(i + 1));
        adjusted[list[i].at] = least;
    }
    rad_free(list);
    return RAD_OK;
}

rad_status rad_inference_allocate(size_t count, rad_tests *t, rad_error *error) {
    t->test = rad_new(count, sizeof *t->test, error);
    t->adjusted = rad_new(count, sizeof *t->adjusted, error);
    return t->test && t->adjusted ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_inference_adjust_tests(rad_tests *t, size_t count, rad_error *error) {
    double *values = rad_new(count, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t v = 0; v < count; v++) values[v] = t->test[v].p;
    rad_status status = rad_inference_adjust(values, count, t->adjusted, error);
    rad_free(values);
    return status;
}

void rad_inference_free(rad_tests *t) {
    rad_free(t->test);
    rad_free(t->adjusted);
}
