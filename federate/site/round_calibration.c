#include "round_calibration.h"

#include "../../core/memory.h"
#include "dominance.h"

#include <math.h>
#include <string.h>

/* Digits of sums, of what is told; steps; the squared length of the last one, in errors of the estimate. */
enum { SUMMED = -48, TOLD = -50, STEPS = 60, CELLS = 6 };
static const double last_step = 1e-22;

/* The model of the site's own: an intercept, where the family has one, and the predictor. */
typedef struct own {
    rad_round_rows rows;
    rad_round_point point;
    rad_round_cells cells;
    rad_exact sums[CELLS];
    int size[2];
    double mean[2], deviation[2];
    double information[2][2], inverse[2][2], score[2];
    double *buffer; /* [patient] */
} own;

static size_t slope_of(const own *o) {
    return o->rows.intercept;
}

static void forget(own *o) {
    for (size_t k = 0; k < CELLS; k++) rad_exact_free(&o->sums[k]);
}

/* Likelihood, score and information at the point. */
static rad_status evaluate(own *o, double *likelihood, rad_error *error) {
    const size_t c = o->rows.columns;
    forget(o);
    rad_status status = rad_round_answer(&o->rows, &o->point, &o->cells, NULL, error);
    *likelihood = rad_exact_double(&o->sums[0]);
    for (size_t j = 0; j < c; j++) {
        o->score[j] = rad_exact_double(&o->sums[rad_round_score_cell(j)]);
        for (size_t l = 0; l <= j; l++)
            o->information[j][l] = o->information[l][j] =
                rad_exact_double(&o->sums[rad_round_information_cell(c, l, j)]);
    }
    return status;
}

static bool invert(own *o) {
    double(*a)[2] = o->information;
    if (o->rows.columns == 1) {
        o->inverse[0][0] = 1 / a[0][0];
        return a[0][0] > 0;
    }
    const double det = a[0][0] * a[1][1] - a[0][1] * a[0][1];
    o->inverse[0][0] = a[1][1] / det;
    o->inverse[1][1] = a[0][0] / det;
    o->inverse[0][1] = o->inverse[1][0] = -a[0][1] / det;
    return a[0][0] > 0 && det > 1e-12 * a[0][0] * a[1][1];
}

/* Newton's steps, halved where they lead too far. *found: is there an estimate? */
static rad_status solve(own *o, bool *found, rad_error *error) {
    double base[2] = {0}, step[2] = {0}, best = -INFINITY, likelihood;
    const size_t c = o->rows.columns;
    *found = false;
    for (int k = 0; k < STEPS && !*found; k++) {
        rad_status status = evaluate(o, &likelihood, error);
        if (status != RAD_OK) return status;
        if (likelihood < best - 1e-9 * (1 + fabs(best))) {
            for (size_t j = 0; j < c; j++) step[j] /= 2;
        } else {
            double decrement = 0;
            if (!invert(o)) return RAD_OK;
            best = likelihood;
            memcpy(base, o->point.beta, sizeof base);
            for (size_t j = 0; j < c; j++) {
                step[j] = 0;
                for (size_t l = 0; l < c; l++) step[j] += o->inverse[j][l] * o->score[l];
                decrement += step[j] * o->score[j];
            }
            *found = decrement < last_step;
        }
        for (size_t j = 0; j < c; j++) o->point.beta[j] = base[j] + step[j];
    }
    return RAD_OK;
}

static rad_status add(own *o, rad_round_weights *to, rad_error *error) {
    return rad_round_weights_add(to, o->buffer, 0, error);
}

/* Of two outcomes, how an estimate (0: intercept, 1: slope) changes with the predictor of a patient, and with
 * the outcome: those of both equations, sums of residuals and of residuals times the predictor. */
static double moves(const own *o, int which, double eta, double y) {
    const double *v = o->inverse[which], b = o->point.beta[1], p = 1 / (1 + exp(-o->point.beta[0] - b * eta)),
                 w = p * (1 - p);
    return v[0] * -b * w + v[1] * (y - p - b * eta * w);
}

/* How the variance of an estimate falls with the predictor of a patient where both estimates stay; and with
 * the intercept: *by. */
static double falls(const own *o, int which, double eta, double *by) {
    const double *v = o->inverse[which], b = o->point.beta[1], p = 1 / (1 + exp(-o->point.beta[0] - b * eta)),
                 w = p * (1 - p), u = v[0] + v[1] * eta;
    *by = w * (1 - 2 * p) * u * u;
    return b * *by + 2 * w * u * v[1];
}

/* An estimate and its variance. What the variance of the slope has of the intercept is of a row of its own,
 * since the intercept may stay at home. */
static rad_status add_two(own *o, const double *eta, int which, rad_round_order *order, rad_error *error) {
    double by, all = 0;
    for (size_t i = 0; i < o->rows.n; i++) {
        o->buffer[i] = moves(o, which, eta[i], o->rows.y[i]);
        falls(o, which, eta[i], &by);
        all += by;
    }
    rad_status status = add(o, &order->columns, error);
    for (size_t i = 0; i < o->rows.n; i++)
        o->buffer[i] = falls(o, which, eta[i], &by) + all * moves(o, 0, eta[i], o->rows.y[i]);
    if (status == RAD_OK) status = add(o, &order->columns, error);
    for (size_t i = 0; i < o->rows.n; i++)
        o->buffer[i] = o->inverse[which][0] + o->inverse[which][1] * eta[i];
    return status == RAD_OK ? add(o, &order->outcomes, error) : status;
}

/* Of times: how residuals, how they fall and how the information changes (round_cox) make up the same. */
static rad_status add_times(own *o, rad_round_weights *to, rad_error *error) {
    rad_round_weights w = {.n = o->rows.n};
    const double b = o->point.beta[0];
    forget(o);
    rad_status status = rad_round_answer(&o->rows, &o->point, &o->cells, &w, error);
    const bool flat = b == 0; /* rows are residuals, falls times |b|; falls, turns times |b| */
    const double *residual = w.row, *fall = flat ? w.row + w.n : w.row + 2 * w.n,
                 *turn = flat ? NULL : w.row + 3 * w.n;
    for (int row = 0; row < 2 && status == RAD_OK; row++) {
        for (size_t i = 0; i < w.n; i++)
            o->buffer[i] = row ? 2 * fall[i] + (flat    ? 0
                                                : b < 0 ? -turn[i]
                                                        : turn[i])
                               : residual[i] - b * fall[i];
        status = add(o, to, error);
    }
    rad_round_weights_free(&w);
    return status;
}

/* An estimate and its variance, as the next part. */
static rad_status put(const own *o, size_t which, rad_round_cells *cells, rad_round_order *order,
                      rad_error *error) {
    double number[] = {o->point.beta[which], o->inverse[which][which]};
    rad_status status = RAD_OK;
    for (size_t k = 0; k < 2 && status == RAD_OK; k++)
        status = rad_round_sum_product(&number[k], 1, TOLD, &cells->sums[cells->count++], error);
    rad_round_order_part(order, cells->count);
    return status;
}

/* Is the equation of the slope that of more than two patients? */
static rad_status is_shared(own *o, const double *eta, const rad_rules *rules, bool *shared,
                            rad_error *error) {
    rad_round_weights w = {.n = o->rows.n};
    forget(o);
    const rad_status status = rad_round_answer(&o->rows, &o->point, &o->cells, &w, error);
    for (size_t i = 0; i < o->rows.n && status == RAD_OK; i++) o->buffer[i] = w.row[i] * eta[i];
    *shared = status == RAD_OK && rad_dominance_share(o->buffer, o->rows.n, 0, 1) < rules->dominance;
    rad_round_weights_free(&w);
    return status;
}

static rad_status calibrate(own *o, const double *eta, const rad_rules *rules, rad_round_cells *cells,
                            rad_round_order *order, rad_error *error) {
    bool found, shared = false;
    rad_error why = {0};
    rad_status status = solve(o, &found, &why);
    if (status == RAD_OK && found) status = is_shared(o, eta, rules, &shared, &why);
    if (status == RAD_REFUSED || status == RAD_CONFIG) return RAD_OK; /* out of range: no estimate */
    if (status != RAD_OK) *error = why;
    if (status != RAD_OK || !shared) return status;
    if (o->rows.intercept) {
        for (int which = 1; which >= 0 && status == RAD_OK; which--) {
            status = add_two(o, eta, which, order, error);
            if (status == RAD_OK) status = put(o, (size_t)which, cells, order, error);
        }
        return status;
    }
    status = add_times(o, &order->columns, error);
    if (status == RAD_OK) status = rad_round_weights_add(&order->outcomes, eta, 0, error);
    return status == RAD_OK ? put(o, 0, cells, order, error) : status;
}

rad_status rad_round_calibrate(const rad_round_rows *r, const double *eta, const rad_rules *rules,
                               rad_round_cells *cells, rad_round_order *order, rad_error *error) {
    own o = {.rows = *r,
             .point = {.ask = RAD_ASK_INFORMATION, .digits = SUMMED, .fineness = SUMMED},
             .deviation = {1, 1}};
    double *block = rad_new(r->n, 4 * sizeof *block, error);
    if (!block) return RAD_NO_MEMORY;
    const size_t s = slope_of(&o);
    o.rows.columns = 1 + s;
    o.rows.x = block; /* ones, where there is an intercept, and the predictor */
    o.rows.offset = block + 2 * r->n;
    o.buffer = block + 3 * r->n;
    o.rows.size = o.size, o.rows.mean = o.mean, o.rows.deviation = o.deviation;
    o.cells = (rad_round_cells){.count = CELLS, .sums = o.sums};
    o.point.beta[s] = 1;
    for (size_t i = 0; i < r->n; i++) {
        o.rows.x[i] = 1;
        o.rows.x[s * r->n + i] = eta[i];
    }
    rad_status status = calibrate(&o, eta, rules, cells, order, error);
    forget(&o);
    rad_free(block);
    return status;
}
