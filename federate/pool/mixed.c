#include "mixed.h"

#include "../../core/linear.h"
#include "../../core/memory.h"
#include "ordinary.h"

#include <math.h>
#include <string.h>

/* Sums of squares about a weighted grand mean: w_i = n_i / (1 + n_i theta) is the weight of the mean of a
 * site, theta = tau^2 / sigma^2. The columns that are used are scaled to a deviation of 1. */
typedef struct problem {
    const rad_gram *site;
    size_t count, k, p; /* columns with the response; those that are used, with the intercept */
    bool reml;
    double n;
    size_t *at;     /* [p]: column, or k for the intercept; owned, as are all below */
    double *shift;  /* [k]: subtracted from the means, so that they are small */
    double *scale;  /* [k] */
    double *within; /* [p + 1][p + 1]: sums within the sites, the response last */
    double *a;      /* [p][p]: inverse of X' V^-1 X, sigma aside */
    double *b;      /* [p] slopes, scaled */
    double *row;    /* [p + 1] */
    double rss, logdet;
} problem;

static rad_status allocate(size_t k, problem *q, rad_error *error) {
    const size_t cells = (k + 1) * (k + 1);
    q->at = rad_new(k + 1, sizeof *q->at, error);
    q->shift = rad_new(k, sizeof *q->shift, error);
    q->scale = rad_new(k, sizeof *q->scale, error);
    q->within = rad_new(cells, sizeof *q->within, error);
    q->a = rad_new(cells, sizeof *q->a, error);
    q->b = rad_new(k + 1, sizeof *q->b, error);
    q->row = rad_new(k + 1, sizeof *q->row, error);
    return q->at && q->shift && q->scale && q->within && q->a && q->b && q->row ? RAD_OK : RAD_NO_MEMORY;
}

static void release(problem *q) {
    rad_free(q->at);
    rad_free(q->shift);
    rad_free(q->scale);
    rad_free(q->within);
    rad_free(q->a);
    rad_free(q->b);
    rad_free(q->row);
}

static double weight(const problem *q, size_t site, double theta) {
    const double n = q->site[site].n;
    return n / (1 + n * theta);
}

/* Means of a site: the columns that are used, 1 for the intercept, and the response. */
static void means(const problem *q, size_t site, double *row) {
    const double *mean = q->site[site].mean;
    for (size_t i = 0; i < q->p; i++) {
        const size_t c = q->at[i];
        row[i] = c == q->k ? 1 : (mean[c] - q->shift[c]) / q->scale[c];
    }
    const size_t y = q->k - 1;
    row[q->p] = (mean[y] - q->shift[y]) / q->scale[y];
}

/* Sums within the sites, of what is used and the response; the intercept has none. */
static void add_within(problem *q) {
    const size_t side = q->p + 1;
    memset(q->within, 0, side * side * sizeof *q->within);
    for (size_t s = 0; s < q->count; s++)
        for (size_t i = 0; i < side; i++)
            for (size_t j = 0; j < side; j++) {
                const size_t a = i < q->p ? q->at[i] : q->k - 1, b = j < q->p ? q->at[j] : q->k - 1;
                if (a == q->k || b == q->k || !(q->site[s].n > 0)) continue;
                q->within[i * side + j] += q->site[s].cross[a * q->k + b] / (q->scale[a] * q->scale[b]);
            }
}

/* Generalised least squares at theta: slopes, residual, log |X' V^-1 X|, its inverse. */
static bool solve(problem *q, double theta) {
    const size_t p = q->p, side = p + 1;
    double yy = q->within[p * side + p], *right = q->b;
    for (size_t i = 0; i < p; i++) {
        right[i] = q->within[i * side + p];
        for (size_t j = 0; j < p; j++) q->a[i * p + j] = q->within[i * side + j];
    }
    for (size_t s = 0; s < q->count; s++) {
        const double w = weight(q, s, theta);
        if (!(w > 0)) continue;
        means(q, s, q->row);
        yy += w * q->row[p] * q->row[p];
        for (size_t i = 0; i < p; i++) {
            right[i] += w * q->row[i] * q->row[p];
            for (size_t j = 0; j < p; j++) q->a[i * p + j] += w * q->row[i] * q->row[j];
        }
    }
    if (!rad_linear_cholesky('L', (int)p, q->a)) return false;
    q->logdet = 0;
    for (size_t i = 0; i < p; i++) q->logdet += 2 * log(q->a[i * p + i]);
    for (size_t i = 0; i < p; i++) { /* L z = right; the residual is what z leaves */
        for (size_t j = 0; j < i; j++) right[i] -= q->a[i * p + j] * right[j];
        right[i] /= q->a[i * p + i];
        yy -= right[i] * right[i];
    }
    for (size_t i = p; i-- > 0;) {
        for (size_t j = i + 1; j < p; j++) right[i] -= q->a[j * p + i] * right[j];
        right[i] /= q->a[i * p + i];
    }
    q->rss = yy;
    if (!rad_linear_invert('L', (int)p, q->a)) return false;
    for (size_t i = 0; i < p; i++)
        for (size_t j = i + 1; j < p; j++) q->a[i * p + j] = q->a[j * p + i];
    return yy > 0;
}

static double left_over(const problem *q) {
    return q->reml ? q->n - (double)q->p : q->n;
}

static double deviance(const problem *q, double theta) {
    const double left = left_over(q);
    double sum = left * log(q->rss / left);
    for (size_t s = 0; s < q->count; s++) sum += log1p(q->site[s].n * theta);
    return sum + (q->reml ? q->logdet : 0);
}

/* Of the deviance, by theta: slopes are at their least, so that they have no part in it. */
static double derivative(problem *q, double theta) {
    double sum = 0;
    for (size_t s = 0; s < q->count; s++) {
        const double w = weight(q, s, theta);
        double rest, lever = 0;
        if (!(w > 0)) continue;
        means(q, s, q->row);
        rest = q->row[q->p];
        for (size_t i = 0; i < q->p; i++) {
            rest -= q->row[i] * q->b[i];
            for (size_t j = 0; j < q->p; j++) lever += q->row[i] * q->a[i * q->p + j] * q->row[j];
        }
        sum += w - w * w * (left_over(q) * rest * rest / q->rss + (q->reml ? lever : 0));
    }
    return sum;
}

/* The zero between two thetas at which the derivative is below and above 0, by halves of the logarithm until
 * doubles are neighbours. */
static double find_zero(problem *q, double low, double high) {
    for (int i = 0; i < 200; i++) {
        const double middle = low > 0 ? sqrt(low) * sqrt(high) : high / 2;
        if (!(middle > low && middle < high) || !solve(q, middle)) break;
        if (derivative(q, middle) < 0)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The theta of the least deviance: 0, or where the derivative turns from below to above 0. */
static bool find_theta(problem *q, double *theta) {
    double before = 0, least, most = 0;
    for (size_t s = 0; s < q->count; s++) most = fmax(most, q->site[s].n);
    *theta = 0;
    if (!solve(q, 0)) return false;
    least = deviance(q, 0);
    double slope = derivative(q, 0);
    double at = 1e-6 / most;
    while (at < 1e9 && solve(q, at)) {
        const double next = derivative(q, at);
        if (slope < 0 && next >= 0) {
            const double zero = find_zero(q, before, at);
            if (solve(q, zero) && deviance(q, zero) < least) {
                least = deviance(q, zero);
                *theta = zero;
            }
        }
        slope = next;
        before = at;
        at *= 2;
    }
    return solve(q, *theta);
}

/* The columns that ordinary least squares uses, too. */
static rad_status choose(problem *q, rad_mixed *m, rad_error *error) {
    rad_gram all;
    rad_status status = rad_gram_allocate(q->k, &all, error);
    if (status != RAD_OK) return status;
    rad_gram_join(q->site, q->count, q->count, &all);
    q->n = all.n;
    status = rad_ordinary_fit(&all, NULL, &m->fixed, error);
    for (size_t c = 0; c < q->k && status == RAD_OK; c++) {
        const double of = all.n > 0 ? sqrt(all.cross[c * q->k + c] / all.n) : 0;
        q->shift[c] = all.mean[c];
        q->scale[c] = of > 0 ? of : 1;
        if (c + 1 < q->k && !isnan(m->fixed.estimate[c])) q->at[q->p++] = c;
    }
    q->at[q->p++] = q->k;
    rad_predictor_clear(&all, &m->fixed);
    m->fixed.estimate[m->fixed.columns] = NAN;
    rad_gram_free(&all);
    return status;
}

static void finish(const problem *q, double theta, const double *origin, rad_mixed *m) {
    const size_t y = q->k - 1;
    const double left = left_over(q), unit = q->scale[y], sigma2 = q->rss / left;
    rad_predictor *f = &m->fixed;
    double intercept = q->shift[y] + (origin ? origin[y] : 0), share = 0;
    double *row = q->row;
    for (size_t i = 0; i < q->p; i++) {
        const size_t c = q->at[i];
        const double by = c == q->k ? unit : unit / q->scale[c];
        row[i] = c == q->k ? 1 : -(q->shift[c] + (origin ? origin[c] : 0)) / q->scale[c];
        f->estimate[c == q->k ? y : c] = q->b[i] * by;
        f->se[c == q->k ? y : c] = sqrt(sigma2 * q->a[i * q->p + i]) * by;
        intercept += q->b[i] * unit * row[i];
    }
    for (size_t i = 0; i < q->p; i++)
        for (size_t j = 0; j < q->p; j++) share += row[i] * q->a[i * q->p + j] * row[j];
    f->estimate[y] = intercept;
    f->se[y] = sqrt(sigma2 * share) * unit;
    f->rss = q->rss * unit * unit;
    m->sigma = sqrt(sigma2) * unit;
    m->tau = m->sigma * sqrt(theta);
    m->icc = theta / (1 + theta);
    /* of the response and the columns in their own units */
    m->deviance = deviance(q, theta) + left * (1 + log(2 * acos(-1)) + 2 * log(unit));
    for (size_t i = 0; i < q->p && q->reml; i++)
        if (q->at[i] < q->k) m->deviance += 2 * log(q->scale[q->at[i]]);
}

rad_status rad_mixed_fit(const rad_gram *sites, size_t count, bool reml, const double *origin, rad_mixed *m,
                         rad_error *error) {
    problem q = {.site = sites, .count = count, .k = m->fixed.columns + 1, .reml = reml};
    double theta = 0;
    m->sites = 0;
    m->sigma = m->tau = m->icc = m->deviance = NAN;
    m->reml = reml;
    for (size_t s = 0; s < count; s++) m->sites += sites[s].n > 0;
    rad_status status = allocate(q.k, &q, error);
    if (status == RAD_OK) status = choose(&q, m, error);
    if (status == RAD_OK && m->sites > 1 && q.n > (double)(q.p + 1)) {
        add_within(&q);
        if (find_theta(&q, &theta)) finish(&q, theta, origin, m);
    }
    release(&q);
    return status;
}

rad_status rad_mixed_allocate(size_t columns, rad_mixed *m, rad_error *error) {
    *m = (rad_mixed){.sites = 0};
    return rad_predictor_allocate(columns, &m->fixed, error);
}

void rad_mixed_free(rad_mixed *m) {
    rad_predictor_free(&m->fixed);
}
