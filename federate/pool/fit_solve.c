#include "fit.h"

#include "../../core/linear.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 100000 };

static double penalised(const rad_fit_problem *p, size_t j) {
    return j || !p->intercept;
}

/* Newton's step of a smooth problem. */
static bool solve_smooth(const rad_fit_problem *p, double *a, double *d) {
    const size_t c = p->columns;
    memcpy(a, p->curvature, c * c * sizeof *a);
    for (size_t j = 0; j < c; j++) {
        a[j * c + j] += p->l2 * penalised(p, j);
        d[j] = p->score[j] - p->l2 * penalised(p, j) * p->base[j];
    }
    return rad_linear_solve((int)c, a, d);
}

static double shrink(double x, double by) {
    return x > by ? x - by : x < -by ? x + by : 0;
}

/* One column after the other; fall: score less curvature times the step. */
static bool descend(const rad_fit_problem *p, double *fall, double *d) {
    const size_t c = p->columns;
    memcpy(fall, p->score, c * sizeof *fall);
    memset(d, 0, c * sizeof *d);
    for (size_t j = 0; j < c; j++)
        if (!(p->curvature[j * c + j] > 0)) return false;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double most = 0;
        for (size_t j = 0; j < c; j++) {
            const double h = p->curvature[j * c + j], of = penalised(p, j), at = p->base[j] + d[j],
                         to = shrink(fall[j] + h * at, p->l1 * of) / (h + p->l2 * of), by = to - at;
            if (by == 0) continue;
            d[j] += by;
            for (size_t k = 0; k < c; k++) fall[k] -= by * p->curvature[k * c + j];
            most = fmax(most, by * by * h);
        }
        if (most < 1e-26) return true;
    }
    return false;
}

bool rad_fit_solve(const rad_fit_problem *p, double *memory, double *d, double *decrement) {
    const size_t c = p->columns;
    if (p->l1 > 0 ? !descend(p, memory, d) : !solve_smooth(p, memory, d)) return false;
    *decrement = 0;
    for (size_t j = 0; j < c; j++) {
        /* What the penalty takes away is away, also beyond rounding. */
        if (p->l1 > 0 && fabs(p->base[j] + d[j]) < 1e-14 * fabs(d[j])) d[j] = -p->base[j];
        double row = p->l2 * penalised(p, j) * d[j];
        for (size_t k = 0; k < c; k++) row += p->curvature[j * c + k] * d[k];
        *decrement += d[j] * row;
    }
    return isfinite(*decrement);
}

void rad_fit_secant(double *b, size_t c, const double *s, const double *y) {
    double bs[RAD_FIT_COLUMNS], sbs = 0, sy = 0;
    for (size_t j = 0; j < c; j++) {
        bs[j] = 0;
        for (size_t k = 0; k < c; k++) bs[j] += b[j * c + k] * s[k];
        sbs += s[j] * bs[j];
        sy += s[j] * y[j];
    }
    if (!(sbs > 1e-14) || !(sy > 1e-3 * sbs)) return; /* too short a step, or not concave along it */
    for (size_t j = 0; j < c; j++)
        for (size_t k = 0; k < c; k++) b[j * c + k] += y[j] * y[k] / sy - bs[j] * bs[k] / sbs;
}
