#include "round_order.h"

#include "../../core/memory.h"
#include "concordance.h"
#include "midranks.h"
#include "round_calibration.h"
#include "round_slopes.h"

#include <math.h>
#include <string.h>

/* At work: predictors, and what each patient has of the pairs. */
typedef struct ordering {
    const rad_round_rows *rows;
    const rad_round_point *point;
    const rad_rules *rules;
    double *eta, *buffer, *other, *until; /* [patient]; owned, one block */
    uint64_t *doubled, *pairs;            /* [patient]; owned, one block */
    bool *event;                          /* owned */
    rad_concordance sums;
    rad_round_order *out;
    rad_error *error;
} ordering;

static bool is_timed(const ordering *o) {
    return o->rows->model->family == RAD_MODEL_COX;
}

/* How the doubled pairs change with a predictor; and sums of squares of patients' own numbers: `own` times by
 * which they count (two outcomes count apart, and pairs are of both). */
static rad_status add_slopes(ordering *o, const uint64_t *own, const double by[2]) {
    const size_t n = o->rows->n;
    rad_status status =
        rad_round_slopes(o->eta, &(rad_outcomes){o->until, o->event, n}, own, o->buffer, o->other, o->error);
    for (size_t i = 0; i < n && own; i++)
        o->buffer[i] = o->buffer[i] * (double)own[i] * by[o->event[i]] + o->other[i] * by[!o->event[i]];
    return status == RAD_OK ? rad_round_weights_add(&o->out->columns, o->buffer, 0, o->error) : status;
}

/* Midranks of the predictor less their mean: doubled pairs are the sum of them over the events. */
static rad_status add_ranks(ordering *o) {
    const size_t n = o->rows->n;
    memcpy(o->buffer, o->eta, n * sizeof *o->buffer);
    rad_status status = rad_midranks(o->buffer, n, o->error);
    return status == RAD_OK ? rad_round_weights_add(&o->out->outcomes, o->buffer, 0, o->error) : status;
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
            o->until[i] = square ? off * off : p; /* in the place of times, which are done with */
            o->buffer[i] = reach * p * (1 - p) * (square ? -2 * off : 1);
            o->other[i] = 1 - 2 * p;
        }
        status = rad_round_sum(o->until, n, o->point->digits,
                               &sums[square ? RAD_ORDER_SQUARES : RAD_ORDER_EXPECTED], o->error);
        if (status == RAD_OK) status = rad_round_weights_add(&o->out->columns, o->buffer, noise, o->error);
    }
    return status == RAD_OK ? rad_round_weights_add(&o->out->outcomes, o->other, noise, o->error) : status;
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
    for (size_t i = 0; i < r->n; i++) {
        o->event[i] = r->y[i] > 0;
        o->until[i] = is_timed(o) ? r->time[i] : !o->event[i]; /* who has no event outlives who has it */
    }
    rad_round_predict(r, o->point, o->eta);
    rad_status status = is_timed(o)
                            ? rad_concordance_of_times(o->eta, r->time, o->event, r->n, &o->sums, o->error)
                            : rad_concordance_of_two(o->eta, o->event, r->n, &o->sums, o->error);
    const rad_concordance *c = &o->sums;
    if (status != RAD_OK || !c->pairs || c->doubled < 2 * c->most || 2 * c->pairs - c->doubled < 2 * c->most)
        return status;
    status = rad_concordance_each(o->eta, &(rad_outcomes){o->until, o->event, r->n}, o->doubled, o->pairs,
                                  o->error);
    if (status != RAD_OK) return status;
    o->out->some = true;
    o->out->columns.n = o->out->outcomes.n = r->n;
    cells->count = RAD_ORDER_CELLS;
    status = add_slopes(o, NULL, NULL);
    if (status == RAD_OK) status = add_ranks(o);
    if (status == RAD_OK) status = is_timed(o) ? put_times(o, cells->sums) : put_two(o, cells->sums);
    if (status != RAD_OK) return status;
    rad_round_order_part(o->out, RAD_ORDER_CELLS);
    return rad_round_calibrate(r, o->eta, o->rules, cells, o->out, o->error);
}

void rad_round_order_part(rad_round_order *o, size_t cells) {
    o->part[o->parts++] = (rad_round_part){cells, o->columns.count, o->outcomes.count};
}

void rad_round_order_cut(rad_round_order *o, rad_round_cells *cells, size_t parts) {
    const rad_round_part *last = &o->part[parts - 1];
    o->parts = parts;
    o->columns.count = last->columns;
    o->outcomes.count = last->outcomes;
    rad_round_cells_cut(cells, last->cells);
}

rad_status rad_round_order_find(const rad_round_rows *r, const rad_round_point *point, const rad_rules *rules,
                                rad_round_cells *cells, rad_round_order *order, rad_error *error) {
    ordering o = {.rows = r, .point = point, .rules = rules, .out = order, .error = error};
    cells->count = 1;
    if ((r->model->family != RAD_MODEL_COX && r->model->family != RAD_MODEL_LOGISTIC) ||
        r->n > RAD_CONCORDANCE_MAX)
        return RAD_OK;
    o.eta = rad_new_raw(r->n, 4 * sizeof *o.eta, error);
    o.doubled = rad_new_raw(r->n, 2 * sizeof *o.doubled, error);
    o.event = rad_new_raw(r->n, sizeof *o.event, error);
    rad_status status = RAD_NO_MEMORY;
    if (o.eta && o.doubled && o.event) {
        o.buffer = o.eta + r->n;
        o.other = o.eta + 2 * r->n;
        o.until = o.eta + 3 * r->n;
        o.pairs = o.doubled + r->n;
        status = find(&o, cells);
    }
    rad_free(o.eta);
    rad_free(o.doubled);
    rad_free(o.event);
    return status;
}

void rad_round_order_free(rad_round_order *o) {
    rad_round_weights_free(&o->columns);
    rad_round_weights_free(&o->outcomes);
    *o = (rad_round_order){.some = false};
}
