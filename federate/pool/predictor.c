#include "predictor.h"

#include "../../core/memory.h"

#include <math.h>

rad_status rad_predictor_allocate(size_t columns, rad_predictor *f, rad_error *error) {
    *f = (rad_predictor){.columns = columns};
    f->estimate = rad_new(columns + 1, sizeof *f->estimate, error);
    f->se = rad_new(columns + 1, sizeof *f->se, error);
    if (f->estimate && f->se) return RAD_OK;
    rad_predictor_free(f);
    return RAD_NO_MEMORY;
}

void rad_predictor_free(rad_predictor *f) {
    rad_free(f->estimate);
    rad_free(f->se);
    *f = (rad_predictor){.columns = 0};
}

void rad_predictor_clear(const rad_gram *g, rad_predictor *f) {
    const size_t y = f->columns, k = g->columns;
    for (size_t j = 0; j <= f->columns; j++) f->estimate[j] = f->se[j] = NAN;
    f->n = g->n;
    f->df = NAN;
    f->tss = f->rss = g->cross[y * k + y];
    f->estimate[y] = g->n > 0 ? g->mean[y] : NAN;
}

/* b'x of the cross products with a column; columns that are not in it count as 0. */
static double times(const rad_predictor *f, const rad_gram *g, size_t column) {
    double sum = 0;
    for (size_t j = 0; j < f->columns; j++)
        if (!isnan(f->estimate[j])) sum += f->estimate[j] * g->cross[j * g->columns + column];
    return sum;
}

static double square(const rad_predictor *f, const rad_gram *g) {
    double sum = 0;
    for (size_t j = 0; j < f->columns; j++)
        if (!isnan(f->estimate[j])) sum += f->estimate[j] * times(f, g, j);
    return sum;
}

static double mean_of(const rad_predictor *f, const rad_gram *g) {
    double sum = 0;
    for (size_t j = 0; j < f->columns; j++)
        if (!isnan(f->estimate[j])) sum += f->estimate[j] * g->mean[j];
    return sum;
}

void rad_predictor_finish(const rad_gram *g, rad_predictor *f) {
    const size_t y = f->columns;
    f->estimate[y] = g->n > 0 ? g->mean[y] - mean_of(f, g) : NAN;
    f->rss = fmax(0, f->tss - 2 * times(f, g, y) + square(f, g));
}

void rad_predictor_predict(const rad_predictor *f, const rad_gram *g, rad_predicted *out) {
    const size_t y = f->columns;
    *out =
        (rad_predicted){.n = g->n, .mse = NAN, .r2 = NAN, .slope = NAN, .shift = NAN, .sse = NAN, .sst = NAN};
    if (!(g->n > 0) || isnan(f->estimate[y])) return;
    const double with = times(f, g, y), spread = square(f, g);
    out->sst = g->cross[y * g->columns + y];
    out->shift = g->mean[y] - mean_of(f, g) - f->estimate[y];
    out->sse = fmax(0, out->sst - 2 * with + spread) + g->n * out->shift * out->shift;
    out->mse = out->sse / g->n;
    if (out->sst > 0) out->r2 = 1 - out->sse / out->sst;
    if (spread > 0) out->slope = with / spread;
}
