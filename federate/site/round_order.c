#include "round_order.h"

#include "../../core/memory.h"
#include "concordance.h"

#include <math.h>
#include <string.h>

/* At work: predictors, and what each patient has of the pairs. */
typedef struct ordering {
    const rad_round_rows *rows;
    const rad_round_point *point;
    double *eta, *doubled, *pairs; /* [patient]; owned, one block */
    double *buffer;
    bool *event; /* owned */
    rad_concordance sums;
    rad_round_order *out;
    rad_error *error;
} ordering;

static bool is_timed(const ordering *o) {
    return o->rows->model->family == RAD_MODEL_COX;
}

/* 1: the first should have the larger predictor; -1: the second; 0: they are no pair. */
static int sign_of(const ordering *o, size_t i, size_t k) {
    const double *time = o->rows->time;
    if (!is_timed(o)) return (int)o->event[i] - (int)o->event[k];
    if (o->event[i] && (time[k] > time[i] || (time[k] == time[i] && !o->event[k]))) return 1;
    if (o->event[k] && (time[i] > time[k] || (time[i] == time[k] && !o->event[i]))) return -1;
    return 0;
}

static void find_own(ordering *o) {
    const size_t n = o->rows->n;
    for (size_t i = 0; i < n; i++) {
        o->doubled[i] = o->pairs[i] = 0;
        for (size_t k = 0; k < n; k++) {
            const int sign = sign_of(o, i, k);
            if (!sign) continue;
            const double more = (o->eta[i] - o->eta[k]) * sign;
            o->pairs[i]++;
            o->doubled[i] += more > 0 ? 2 : more < 0 ? 0 : 1;
        }
    }
}

static double width_of(const double *x, size_t n) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        const double d = x[i] - mean;
        mean += d / (double)(i + 1);
        square += d * (x[i] - mean);
    }
    return 1.06 * sqrt(square / (double)n) * pow((double)n, -0.2);
}

/* How the doubled pairs change with a predictor; and sums of squares of patients' own numbers: `own` times by
 * which they count (two outcomes count apart). */
static rad_status add_slopes(ordering *o, const double *own, const double by[2]) {
    const size_t n = o->rows->n;
    const double width = width_of(o->eta, n);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            const int sign = sign_of(o, i, k);
            const double away = fabs(o->eta[i] - o->eta[k]);
            if (!sign || !(away < width)) continue;
            sum +=
                sign * (1 - away / width) * (own ? own[i] * by[o->event[i]] + own[k] * by[o->event[k]] : 1);
        }
        o->buffer[i] = sum;
    }
    return rad_round_weights_add(&o->out->columns, o->buffer, 0, o->error);
}

/* Midranks of the predictor less their mean: doubled pairs are the sum of them over the events. */
static rad_status add_ranks(ordering *o) {
    const size_t n = o->rows->n;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) sum += (o->eta[i] > o->eta[k]) - (o->eta[i] < o->eta[k]);
        o->buffer[i] = sum;
    }
    return rad_round_weights_add(&o->out->outcomes, o->buffer, 0, o->error);
}

static double reach_of(const ordering *o) {
    const rad_round_rows *r = o->rows;
    double reach = 0;
    for (size_t j = r->intercept; j < r->columns; j++)
        reach = fmax(reach, fabs(o->point->beta[j]) * r->deviation[j]);
    return reach;
}

/* Sums of probabilities, and of squares of outcomes less these. */
static rad_status put_predicted(ordering *o, rad_exact *sums) {
    const size_t n = o->rows->n;
    const double reach = reach_of(o), noise = rad_round_noise(o->rows, o->point->digits);
    rad_status status = RAD_OK;
    for (int square = 0; square < 2 && status == RAD_OK; square++) {
        for (size_t i = 0; i < n; i++) {
            const double p = 1 / (1 + exp(-o->eta[i])), off = o->rows->y[i] - p;
            o->doubled[i] = square ? off * off : p; /* in the place of pairs, which are done with */
            o->buffer[i] = reach * p * (1 - p) * (square ? -2 * off : 1);
            o->pairs[i] = 1 - 2 * p;
        }
        status = rad_round_sum(o->doubled, n, o->point->digits,
                               &sums[square ? RAD_ORDER_SQUARES : RAD_ORDER_EXPECTED], o->error);
        if (status == RAD_OK) status = rad_round_weights_add(&o->out->columns, o->buffer, noise, o->error);
    }
    return status == RAD_OK ? rad_round_weights_add(&o->out->outcomes, o->pairs, noise, o->error) : status;
}

static rad_status put_two(ordering *o, rad_exact *sums) {
    const rad_concordance *c = &o->sums;
    const double e = (double)c->events, n = (double)c->others, by[2] = {n * (e - 1), e * (n - 1)};
    sums[RAD_ORDER_FIRST] = rad_exact_whole((int64_t)c->doubled);
    rad_status status = rad_concordance_spread(c, &sums[RAD_ORDER_FIRST + 1], o->error);
    if (status == RAD_OK) status = add_slopes(o, o->doubled, by);
    return status == RAD_OK ? put_predicted(o, sums) : status;
}

static rad_status put_times(ordering *o, rad_exact *sums) {
    const rad_concordance *c = &o->sums;
    const uint64_t number[] = {c->doubled, c->pairs, c->doubled2, c->both, c->pairs2};
    const double by[2] = {1, 1};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        sums[RAD_ORDER_FIRST + i] = rad_exact_whole((int64_t)number[i]);
    rad_status status = add_slopes(o, o->doubled, by);
    return status == RAD_OK ? add_slopes(o, o->pairs, by) : status;
}

static rad_status find(ordering *o, rad_round_cells *cells) {
    const rad_round_rows *r = o->rows;
    for (size_t i = 0; i < r->n; i++) o->event[i] = r->y[i] > 0;
    rad_round_predict(r, o->point, o->eta);
    rad_status status = is_timed(o)
                            ? rad_concordance_of_times(o->eta, r->time, o->event, r->n, &o->sums, o->error)
                            : rad_concordance_of_two(o->eta, o->event, r->n, &o->sums, o->error);
    const rad_concordance *c = &o->sums;
    if (status != RAD_OK || !c->pairs || c->doubled < 2 * c->most || 2 * c->pairs - c->doubled < 2 * c->most)
        return status;
    find_own(o);
    o->out->some = true;
    o->out->columns.n = o->out->outcomes.n = r->n;
    cells->count = RAD_ORDER_CELLS;
    status = add_slopes(o, NULL, NULL);
    if (status == RAD_OK) status = add_ranks(o);
    if (status == RAD_OK) status = is_timed(o) ? put_times(o, cells->sums) : put_two(o, cells->sums);
    return status;
}

rad_status rad_round_order_find(const rad_round_rows *r, const rad_round_point *point, rad_round_cells *cells,
                                rad_round_order *order, rad_error *error) {
    ordering o = {.rows = r, .point = point, .out = order, .error = error};
    cells->count = 1;
    if ((r->model->family != RAD_MODEL_COX && r->model->family != RAD_MODEL_LOGISTIC) ||
        r->n > RAD_CONCORDANCE_MAX)
        return RAD_OK;
    o.eta = rad_new_raw(r->n, 4 * sizeof *o.eta, error);
    o.event = rad_new_raw(r->n, sizeof *o.event, error);
    rad_status status = RAD_NO_MEMORY;
    if (o.eta && o.event) {
        o.doubled = o.eta + r->n;
        o.pairs = o.eta + 2 * r->n;
        o.buffer = o.eta + 3 * r->n;
        status = find(&o, cells);
    }
    rad_free(o.eta);
    rad_free(o.event);
    return status;
}

void rad_round_order_free(rad_round_order *o) {
    rad_round_weights_free(&o->columns);
    rad_round_weights_free(&o->outcomes);
    *o = (rad_round_order){.some = false};
}
