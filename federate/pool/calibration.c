#include "distributions.h"
#include "pool_performance.h"

#include <math.h>

enum { STEPS = 50 };

void rad_performance_observed(const rad_performance_class *c, rad_performance_estimate *out) {
    const double n = (double)(c->events + c->others), p = (double)c->events / n, z2 = RAD_Z95 * RAD_Z95;
    const double middle = (p + z2 / (2 * n)) / (1 + z2 / n),
                 half = RAD_Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    *out = (rad_performance_estimate){p, sqrt(p * (1 - p) / n), middle - half, middle + half};
}

void rad_performance_decide(const rad_performance_classes *c, size_t at, rad_performance_benefit *out) {
    uint64_t tp, fp;
    const double n = (double)(c->events + c->others), t = c->class[at].from, odds = t / (1 - t);
    rad_performance_above(c, at, &tp, &fp);
    out->model = ((double)tp - odds * (double)fp) / n;
    out->all = ((double)c->events - odds * (double)c->others) / n;
    out->avoided = (out->model - out->all) / odds;
}

static double log_odds(double share) {
    return log(share) - log1p(-share);
}

/* Score and information of intercept and slope. */
typedef struct step {
    double score[2], information[3];
} step;

static step look(const rad_performance_classes *c, double a, double b) {
    step s = {{0}, {0}};
    for (size_t k = 0; k < c->count; k++) {
        const rad_performance_class *x = &c->class[k];
        const double n = (double)(x->events + x->others), at = log_odds(x->predicted / n),
                     p = rad_performance_share(a + b * at), left = (double)x->events - n * p,
                     w = n * p * (1 - p);
        s.score[0] += left;
        s.score[1] += left * at;
        s.information[0] += w;
        s.information[1] += w * at;
        s.information[2] += w * at * at;
    }
    return s;
}

static rad_performance_estimate estimate(double value, double variance) {
    const double se = sqrt(variance);
    return (rad_performance_estimate){value, se, value - RAD_Z95 * se, value + RAD_Z95 * se};
}

void rad_performance_calibrate(const rad_performance_classes *c, rad_performance_estimate *slope,
                               rad_performance_estimate *intercept) {
    double a = 0, b = 1, determinant = NAN;
    step s = {{0}, {0}};
    *slope = *intercept = (rad_performance_estimate){NAN, NAN, NAN, NAN};
    if (c->count < 3) return;
    for (int i = 0; i < STEPS; i++) {
        s = look(c, a, b);
        determinant = s.information[0] * s.information[2] - s.information[1] * s.information[1];
        const double da = (s.information[2] * s.score[0] - s.information[1] * s.score[1]) / determinant,
                     db = (s.information[0] * s.score[1] - s.information[1] * s.score[0]) / determinant;
        if (!isfinite(da) || !isfinite(db)) return;
        a += da;
        b += db;
        if (fabs(da) + fabs(db) > 1e-12 * (1 + fabs(a) + fabs(b))) continue;
        *slope = estimate(b, s.information[0] / determinant);
        *intercept = estimate(a, s.information[2] / determinant);
        return;
    }
}
