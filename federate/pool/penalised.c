#include "penalised.h"

#include "../../core/linear.h"
#include "../../core/memory.h"

#include <math.h>
#include <string.h>

static const double near = 1e-12; /* of the largest lambda */

static double deviation(const rad_gram *g, size_t column) {
    return sqrt(g->cross[column * g->columns + column] / g->n);
}

static double unit_of(const rad_gram *g, const double *unit, size_t column) {
    return unit ? unit[column] : deviation(g, column);
}

/* Columns that vary, divided by their units; slopes b and what is left of the products with the response,
 * c - R b. */
typedef struct problem {
    size_t count, *at; /* owned, as are all below */
    double *r;         /* [count][count] */
    double *c, *b, *left;
    double *system, *right; /* of those that are not 0 */
    size_t *active;
    double first, second; /* lambda alpha, lambda (1 - alpha) / s */
    double largest;       /* |c| */
} problem;

static rad_status allocate(size_t columns, problem *p, rad_error *error) {
    *p = (problem){.at = rad_new(columns, sizeof *p->at, error),
                   .r = rad_new(columns * columns, sizeof *p->r, error),
                   .c = rad_new(columns, sizeof *p->c, error),
                   .b = rad_new(columns, sizeof *p->b, error),
                   .left = rad_new(columns, sizeof *p->left, error),
                   .system = rad_new(columns * columns, sizeof *p->system, error),
                   .right = rad_new(columns, sizeof *p->right, error),
                   .active = rad_new(columns, sizeof *p->active, error)};
    return p->at && p->r && p->c && p->b && p->left && p->system && p->right && p->active ? RAD_OK
                                                                                          : RAD_NO_MEMORY;
}

static void release(problem *p) {
    rad_free(p->at);
    rad_free(p->r);
    rad_free(p->c);
    rad_free(p->b);
    rad_free(p->left);
    rad_free(p->system);
    rad_free(p->right);
    rad_free(p->active);
}

static void scale(const rad_gram *g, const rad_shrinkage *penalty, problem *p) {
    const size_t k = g->columns, y = k - 1;
    for (size_t c = 0; c < y; c++)
        if (g->cross[c * k + c] > 0) p->at[p->count++] = c;
    for (size_t i = 0; i < p->count; i++) {
        const size_t a = p->at[i];
        const double of = unit_of(g, penalty->unit, a);
        for (size_t j = 0; j < p->count; j++)
            p->r[i * p->count + j] =
                g->cross[a * k + p->at[j]] / (g->n * of * unit_of(g, penalty->unit, p->at[j]));
        p->c[i] = p->left[i] = g->cross[a * k + y] / (g->n * of);
        p->largest = fmax(p->largest, fabs(p->c[i]));
    }
    const double s = deviation(g, y);
    p->first = penalty->lambda * penalty->alpha;
    p->second = penalty->alpha < 1 && s > 0 ? penalty->lambda * (1 - penalty->alpha) / s : 0;
}

static void move(problem *p, size_t i, double to) {
    const double by = to - p->b[i];
    p->b[i] = to;
    for (size_t j = 0; j < p->count && by != 0; j++) p->left[j] -= p->r[i * p->count + j] * by;
}

/* One round over all slopes; the largest step. */
static double descend(problem *p) {
    double most = 0;
    for (size_t i = 0; i < p->count; i++) {
        const double own = p->r[i * p->count + i], z = p->left[i] + own * p->b[i], size = fabs(z) - p->first;
        const double to = size > 0 ? copysign(size, z) / (own + p->second) : 0;
        most = fmax(most, fabs(to - p->b[i]) * own);
        move(p, i, to);
    }
    return most;
}

/* How far the conditions of the minimum are missed. */
static double miss(const problem *p) {
    double most = 0;
    for (size_t i = 0; i < p->count; i++) {
        const double slope = p->left[i] - p->second * p->b[i];
        most = fmax(most, p->b[i] != 0 ? fabs(slope - copysign(p->first, p->b[i])) : fabs(slope) - p->first);
    }
    return most;
}

/* What is left, anew: steps add up their rounding. */
static void refresh(problem *p) {
    for (size_t i = 0; i < p->count; i++) {
        p->left[i] = p->c[i];
        for (size_t j = 0; j < p->count; j++)
            if (p->b[j] != 0) p->left[i] -= p->r[i * p->count + j] * p->b[j];
    }
}

/* The slopes that are not 0, solved with their signs as they are, where that keeps the signs. */
static void polish(problem *p) {
    size_t n = 0;
    refresh(p);
    for (size_t i = 0; i < p->count; i++)
        if (p->b[i] != 0 || p->first == 0) p->active[n++] = i;
    for (size_t i = 0; i < n; i++) {
        const size_t a = p->active[i];
        for (size_t j = 0; j < n; j++) p->system[i * n + j] = p->r[a * p->count + p->active[j]];
        p->system[i * n + i] += p->second;
        /* the step from where they are, so that rounding is that of the step */
        p->right[i] = p->left[a] - p->second * p->b[a] - (p->first > 0 ? copysign(p->first, p->b[a]) : 0);
    }
    if (!n || !rad_linear_solve((int)n, p->system, p->right)) return;
    for (size_t i = 0; i < n; i++) {
        const double to = p->b[p->active[i]] + p->right[i];
        if (!isfinite(to) || (p->first > 0 && !(to * p->b[p->active[i]] > 0))) return;
    }
    for (size_t i = 0; i < n; i++) move(p, p->active[i], p->b[p->active[i]] + p->right[i]);
}

/* Rounds, each tenth of a finer step followed by an exact solution. */
static bool minimise(problem *p) {
    enum { ROUNDS = 20000 };
    double step = 1e-3 * p->largest;
    for (int round = 0; round < ROUNDS; round++) {
        if (descend(p) > step) continue;
        polish(p);
        polish(p);
        refresh(p);
        if (miss(p) <= near * p->largest) return true;
        step = fmax(step / 10, 1e-16 * p->largest);
    }
    return false;
}

double rad_penalised_largest(const rad_gram *g, double alpha, const double *unit) {
    const size_t k = g->columns, y = k - 1;
    double most = 0;
    for (size_t c = 0; c < y; c++)
        if (g->cross[c * k + c] > 0)
            most = fmax(most, fabs(g->cross[c * k + y]) / (g->n * unit_of(g, unit, c)));
    return most / fmax(alpha, 1e-3);
}

void rad_penalised_grid(double largest, double ratio, size_t count, double *lambda) {
    for (size_t i = 0; i < count; i++)
        lambda[i] = count > 1 ? largest * pow(ratio, (double)i / (double)(count - 1)) : largest;
}

rad_status rad_penalised_fit(const rad_gram *g, const rad_shrinkage *penalty, bool warm, rad_predictor *f,
                             rad_error *error) {
    problem p;
    rad_status status = allocate(f->columns, &p, error);
    if (status == RAD_OK && g->n > 0) {
        scale(g, penalty, &p);
        for (size_t i = 0; i < p.count && warm; i++)
            if (!isnan(f->estimate[p.at[i]]))
                move(&p, i, f->estimate[p.at[i]] * unit_of(g, penalty->unit, p.at[i]));
        if (p.largest > 0 && !minimise(&p))
            status = rad_fail(error, RAD_NO_RESULT, "penalised regression: lambda %g does not converge",
                              penalty->lambda);
    }
    if (status == RAD_OK) rad_predictor_clear(g, f);
    for (size_t i = 0; i < p.count && status == RAD_OK; i++)
        f->estimate[p.at[i]] = p.largest > 0 ? p.b[i] / unit_of(g, penalty->unit, p.at[i]) : 0;
    if (status == RAD_OK && g->n > 0) rad_predictor_finish(g, f);
    release(&p);
    return status;
}

double rad_penalised_gap(const rad_gram *g, const rad_shrinkage *penalty, const rad_predictor *f) {
    const size_t k = g->columns, y = k - 1;
    const double largest = rad_penalised_largest(g, 1, penalty->unit), s = deviation(g, y);
    double most = 0;
    for (size_t c = 0; c < y; c++) {
        const double of = unit_of(g, penalty->unit, c), b = f->estimate[c] * of;
        if (!(g->cross[c * k + c] > 0) || isnan(b)) continue;
        double slope = g->cross[c * k + y];
        for (size_t j = 0; j < y; j++)
            if (!isnan(f->estimate[j])) slope -= g->cross[c * k + j] * f->estimate[j];
        slope = slope / (g->n * of) - (s > 0 ? penalty->lambda * (1 - penalty->alpha) / s * b : 0);
        const double first = penalty->lambda * penalty->alpha;
        most = fmax(most, b != 0 ? fabs(slope - copysign(first, b)) : fabs(slope) - first);
    }
    return largest > 0 ? most / largest : 0;
}

size_t rad_penalised_count(const rad_predictor *f) {
    size_t count = 0;
    for (size_t j = 0; j < f->columns; j++) count += !isnan(f->estimate[j]) && f->estimate[j] != 0;
    return count;
}
