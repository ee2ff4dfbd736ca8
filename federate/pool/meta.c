#include "meta.h"

#include "distributions.h"

#include <math.h>

const char *const rad_meta_words[RAD_META_METHODS] = {"REML", "PM", "DL"};

enum { STEPS = 1000 };

/* Sums over the sites with weights w = 1 / (v + tau2). */
typedef struct sums {
    double w, w2, w3; /* of powers of the weights */
    double mean;
    double square, square2; /* of w (y - mean)^2, w^2 (y - mean)^2 */
} sums;

static sums weigh(const double *y, const double *v, size_t k, double tau2) {
    sums s = {0};
    for (size_t i = 0; i < k; i++) {
        const double w = 1 / (v[i] + tau2);
        s.w += w;
        s.w2 += w * w;
        s.w3 += w * w * w;
        s.mean += w * y[i];
    }
    s.mean /= s.w;
    for (size_t i = 0; i < k; i++) {
        const double w = 1 / (v[i] + tau2), d = y[i] - s.mean;
        s.square += w * d * d;
        s.square2 += w * w * d * d;
    }
    return s;
}

static double by_dl(const double *y, const double *v, size_t k) {
    const sums s = weigh(y, v, k, 0);
    return fmax(0, (s.square - (double)(k - 1)) / (s.w - s.w2 / s.w));
}

/* Q(tau2) = k - 1; Q falls, and is convex. */
static double by_pm(const double *y, const double *v, size_t k) {
    double tau2 = 0;
    for (int step = 0; step < STEPS; step++) {
        const sums s = weigh(y, v, k, tau2);
        const double excess = s.square - (double)(k - 1);
        if (excess <= 0) break; /* from the left Newton's method stays there */
        const double next = tau2 + excess / s.square2;
        if (next - tau2 <= 1e-15 * next) break;
        tau2 = next;
    }
    return tau2;
}

/* The score of the restricted likelihood is 0. */
static double by_reml(const double *y, const double *v, size_t k) {
    double tau2 = by_dl(y, v, k);
    for (int step = 0; step < STEPS; step++) {
        const sums s = weigh(y, v, k, tau2);
        const double trace = s.w - s.w2 / s.w,
                     information = s.w2 - 2 * s.w3 / s.w + s.w2 / s.w * (s.w2 / s.w);
        const double next = fmax(0, tau2 + (s.square2 - trace) / information);
        const double change = fabs(next - tau2);
        tau2 = next;
        if (change <= 1e-14 * tau2) break; /* 0 twice is 0 */
    }
    return tau2;
}

void rad_meta_analyse(const double *y, const double *v, size_t sites, rad_meta_method method, rad_meta *out) {
    static double (*const methods[])(const double *, const double *, size_t) = {by_reml, by_pm, by_dl};
    *out = (rad_meta){sites, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (sites < 2) return;
    const double df = (double)(sites - 1);
    const sums fixed = weigh(y, v, sites, 0);
    out->tau2 = methods[method](y, v, sites);
    const sums s = weigh(y, v, sites, out->tau2);
    out->q = fixed.square;
    out->q_p = rad_chi_square_tail(out->q, df);
    const double typical = df * fixed.w / (fixed.w * fixed.w - fixed.w2);
    out->i2 = 100 * out->tau2 / (out->tau2 + typical);
    out->estimate = s.mean;
    out->se = sqrt(fmax(1, s.square / df) / s.w);
    const double t = rad_t_quantile(0.975, df), wide = t * sqrt(out->se * out->se + out->tau2);
    out->low = s.mean - t * out->se;
    out->high = s.mean + t * out->se;
    out->predict_low = s.mean - wide;
    out->predict_high = s.mean + wide;
}
