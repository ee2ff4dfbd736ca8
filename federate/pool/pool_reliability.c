#include "pool_reliability.h"

#include "../../core/memory.h"
#include "../describe.h"
#include "distributions.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>

/* Two-way layout of n patients by k occasions: mean squares of patients, occasions, rest, and within
 * patients. */
typedef struct layout {
    double n, k, rows, columns, rest, within;
} layout;

static const rad_interval undefined = {NAN, NAN, NAN};

/* ICC of one-way form (F - 1) / (F + k - 1), for F and its bounds. */
static rad_interval by_ratio(double f, double df1, double df2, double k) {
    const double low = f / rad_f_quantile(0.975, df1, df2), high = f * rad_f_quantile(0.975, df2, df1);
    return (rad_interval){(f - 1) / (f + k - 1), (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)};
}

static rad_interval absolute(const layout *l) {
    const double n = l->n, k = l->k;
    rad_interval out;
    out.value = (l->rows - l->rest) / (l->rows + (k - 1) * l->rest + k * (l->columns - l->rest) / n);
    const double a = k * out.value / (n * (1 - out.value)),
                 b = 1 + k * out.value * (n - 1) / (n * (1 - out.value));
    const double top = a * l->columns + b * l->rest, x = a * l->columns, y = b * l->rest;
    const double v = top * top / (x * x / (k - 1) + y * y / ((n - 1) * (k - 1)));
    const double f = rad_f_quantile(0.975, n - 1, v), g = rad_f_quantile(0.975, v, n - 1);
    const double common = k * l->columns + (k * n - k - n) * l->rest;
    out.low = n * (l->rows - f * l->rest) / (f * common + n * l->rows);
    out.high = n * (g * l->rows - l->rest) / (common + n * g * l->rows);
    return out;
}

/* Two occasions: interval by the inverse hyperbolic tangent (Lin 1989, 2000). */
static void bound_ccc(rad_interval *c, double n, double r, double shift) {
    const double p = c->value, u2 = shift * shift;
    if (!(fabs(p) < 1) || r == 0 || n <= 2) return;
    const double q = 1 - p * p;
    const double variance = ((1 - r * r) * p * p / (q * r * r) + 2 * p * p * p * (1 - p) * u2 / (r * q * q) -
                             p * p * p * p * u2 * u2 / (2 * r * r * q * q)) /
                            (n - 2);
    if (!(variance >= 0)) return;
    const double half = RAD_Z95 * sqrt(variance);
    c->low = tanh(atanh(p) - half);
    c->high = tanh(atanh(p) + half);
}

static rad_interval concordance(size_t k, double n, const double *mean, const double *scatter) {
    rad_interval out = undefined;
    double between = 0, own = 0, shifts = 0;
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i < k; i++) {
            if (i == j)
                own += scatter[j * k + j] / n;
            else
                between += scatter[j * k + i] / n;
            if (i < j) shifts += (mean[j] - mean[i]) * (mean[j] - mean[i]);
        }
    const double all = (double)(k - 1) * own + shifts;
    if (!(all > 0)) return out;
    out.value = between / all;
    const double deviations = sqrt(scatter[0] / n * (scatter[k * k - 1] / n));
    if (k == 2 && deviations > 0)
        bound_ccc(&out, n, scatter[1] / n / deviations, (mean[0] - mean[1]) / sqrt(deviations));
    return out;
}

static rad_status centre(const rad_exact *cells, size_t k, uint64_t n, double *mean, double *scatter,
                         rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t j = 0; j < k; j++) {
        mean[j] = rad_exact_double(&cells[1 + j]) / (double)n;
        for (size_t i = 0; i <= j && status == RAD_OK; i++) {
            status = rad_describe_scatter(n, &cells[1 + i], &cells[1 + j],
                                          &cells[rad_repeats_product(k, i, j)], &scatter[j * k + i], error);
            scatter[i * k + j] = scatter[j * k + i];
        }
    }
    return status;
}

static rad_status reliability_of(const rad_exact *cells, size_t occasions, rad_reliability *out,
                                 rad_error *error) {
    double mean[RAD_OCCASIONS_MAX] = {0}, scatter[RAD_OCCASIONS_MAX * RAD_OCCASIONS_MAX] = {0}, grand = 0,
           sum = 0, trace = 0, columns = 0;
    const uint64_t count = (uint64_t)rad_exact_double(&cells[0]);
    const double n = (double)count, k = (double)occasions;
    const rad_basis basis = out->basis;
    *out = (rad_reliability){basis, n, undefined, undefined, undefined, undefined, undefined};
    if (count < 2 || !basis.shown) return RAD_OK;
    rad_status status = centre(cells, occasions, count, mean, scatter, error);
    if (status != RAD_OK) return status;
    for (size_t j = 0; j < occasions; j++) {
        grand += mean[j] / k;
        trace += scatter[j * occasions + j];
        for (size_t i = 0; i < occasions; i++) sum += scatter[j * occasions + i];
    }
    for (size_t j = 0; j < occasions; j++) columns += n * (mean[j] - grand) * (mean[j] - grand);
    const double rest = fmax(0, trace - sum / k);
    const layout l = {n,
                      k,
                      sum / k / (n - 1),
                      columns / (k - 1),
                      rest / ((n - 1) * (k - 1)),
                      (rest + columns) / (n * (k - 1))};
    out->ccc = concordance(occasions, n, mean, scatter);
    if (l.within > 0) out->icc1 = by_ratio(l.rows / l.within, n - 1, n * (k - 1), k);
    if (l.rest > 0) out->icc_c1 = by_ratio(l.rows / l.rest, n - 1, (n - 1) * (k - 1), k);
    if (l.rest > 0) out->icc_a1 = absolute(&l);
    const double df = n * (k - 1), rc = RAD_Z95 * sqrt(2 * l.within);
    out->repeatability = (rad_interval){rc, rc * sqrt(df / rad_chi_square_quantile(0.975, df)),
                                        rc * sqrt(df / rad_chi_square_quantile(0.025, df))};
    return RAD_OK;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_blocks *b = &p->total.blocks[RAD_RELIABILITY];
    rad_status status = RAD_OK;
    if (!b->cells) return RAD_OK;
    r->repeats = rad_new(p->total.count, sizeof *r->repeats, error);
    if (!r->repeats) return RAD_NO_MEMORY;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
        if (b->shown[v]) {
            r->repeats[v].basis = rad_pool_basis_of_blocks(p, RAD_RELIABILITY, v);
            status = reliability_of(&b->sums[v * b->cells], p->study->occasion_count, &r->repeats[v], error);
        }
    return status;
}

static void clear(rad_results *r) {
    rad_free(r->repeats);
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_blocks(f, site, &site->blocks[RAD_RELIABILITY], "repeats");
}

const rad_pool_analysis rad_pool_reliability = {.compute = compute, .clear = clear, .see = see};
