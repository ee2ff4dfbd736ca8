#include "round_answer.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../step.h"

#include <math.h>
#include <string.h>

rad_status rad_round_weights_add(rad_round_weights *w, const double *row, double noise, rad_error *error) {
    rad_status status = rad_grow(&w->row, w->count, &w->capacity, w->n * sizeof *w->row, error);
    if (status == RAD_OK) status = rad_grow(&w->noise, w->count, &w->noise_capacity, sizeof *w->noise, error);
    if (status != RAD_OK) return status;
    memcpy(w->row + w->count * w->n, row, w->n * sizeof *row);
    w->noise[w->count++] = noise;
    return RAD_OK;
}

void rad_round_weights_free(rad_round_weights *w) {
    rad_free(w->row);
    rad_free(w->noise);
    *w = (rad_round_weights){.n = w->n};
}

double rad_round_noise(const rad_round_rows *r, int digits) {
    return ldexp(sqrt((double)r->n / 12), digits);
}

/* Contributions that rounding makes 0 or 1 of would be counts of patients. */
static bool is_coarse(const double *values, size_t count, int digits) {
    double square = 0;
    size_t some = 0;
    for (size_t i = 0; i < count; i++) {
        square += values[i] * values[i];
        some += values[i] != 0;
    }
    return some && square < ldexp((double)some, 2 * digits + 2);
}

rad_status rad_round_sum(double *values, size_t count, int digits, rad_exact *sum, rad_error *error) {
    if (is_coarse(values, count, digits))
        return rad_fail(
            error, RAD_REFUSED,
            "refused (minimum_cell): the state asks for sums of contributions that are rounded "
            "more coarsely than they differ, which would count single patients; so it is where the response "
            "follows from the terms (leave one out, or penalise)");
    return rad_round_sum_product(values, count, digits, sum, error);
}

rad_status rad_round_sum_product(double *values, size_t count, int digits, rad_exact *sum, rad_error *error) {
    const size_t words = rad_bitset_words(count);
    uint64_t *all = rad_new(words, sizeof *all, error);
    rad_status status = all ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        if (!(fabs(values[i]) < 1e18))
            status = rad_fail(error, RAD_CONFIG,
                              "the state asks at coefficients that lead out of range; the coordinator has to "
                              "begin anew with terms on a scale (key scale)");
        values[i] = rad_step_rounded(values[i], digits);
        rad_bitset_add(all, i);
    }
    if (status == RAD_OK) status = rad_exact_sum_powers(values, all, count, 1, sum, error);
    rad_free(all);
    return status;
}

rad_status rad_round_score(const rad_round_work *k, const double *residual) {
    const rad_round_rows *r = k->rows;
    rad_status status = RAD_OK;
    for (size_t j = 0; j < r->columns && status == RAD_OK; j++) {
        for (size_t i = 0; i < r->n; i++) k->buffer[i] = r->x[j * r->n + i] * residual[i];
        status = rad_round_sum(k->buffer, r->n, k->point->digits + r->size[j],
                               &k->cells->sums[rad_round_score_cell(j)], k->error);
    }
    return status;
}

rad_status rad_round_moments(const rad_round_work *k, const double *weight) {
    const rad_round_rows *r = k->rows;
    rad_status status = RAD_OK;
    for (int power = 1; power <= 2; power++)
        for (size_t j = 0; j < r->columns && status == RAD_OK; j++) {
            for (size_t i = 0; i < r->n; i++) k->buffer[i] = weight[i] * pow(r->x[j * r->n + i], power);
            status = rad_round_sum(k->buffer, r->n, RAD_ROUND_FINE + power * r->size[j],
                                   &k->cells->sums[rad_round_moment_cell(r->columns, power, j)], k->error);
        }
    return status == RAD_OK && k->weights ? rad_round_weights_add(k->weights, weight, 0, k->error) : status;
}

/* x log x - x, and its limit. */
static double saturated_of(double y) {
    return y > 0 ? y * log(y) - y : 0;
}

rad_status rad_round_saturated(const rad_round_rows *r, rad_exact *sum, rad_error *error) {
    *sum = (rad_exact){.count = 0};
    if (r->model->family != RAD_MODEL_POISSON) return RAD_OK;
    double *values = rad_new_raw(r->n, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t i = 0; i < r->n; i++) values[i] = saturated_of(r->y[i]);
    rad_status status = rad_round_sum(values, r->n, RAD_ROUND_FINE, sum, error);
    rad_free(values);
    return status;
}

static double deviation_of_offset(const rad_round_rows *r) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < r->n; i++) {
        const double d = r->offset[i] - mean;
        mean += d / (double)(i + 1);
        square += d * (r->offset[i] - mean);
    }
    return sqrt(square / (double)r->n);
}

void rad_round_predict(const rad_round_rows *r, const rad_round_point *point, double *eta) {
    for (size_t i = 0; i < r->n; i++) {
        eta[i] = r->offset[i];
        for (size_t j = 0; j < r->columns; j++) eta[i] += point->beta[j] * r->x[j * r->n + i];
    }
}

rad_status rad_round_answer(const rad_round_rows *r, const rad_round_point *point, rad_round_cells *cells,
                            rad_round_weights *weights, rad_error *error) {
    rad_round_work k = {.rows = r, .point = point, .cells = cells, .weights = weights, .error = error};
    k.least = 1;
    for (size_t j = r->intercept; j < r->columns; j++) {
        k.reach = fmax(k.reach, fabs(point->beta[j]) * r->deviation[j]);
        k.least = fmin(k.least, ldexp(1, r->size[j]) / r->deviation[j]);
    }
    k.reach = fmax(k.reach, deviation_of_offset(r)); /* which has the coefficient 1 */
    k.flat = k.reach == 0;
    k.eta = rad_new_raw(r->n, sizeof *k.eta, error);
    k.buffer = rad_new_raw(r->n, sizeof *k.buffer, error);
    rad_status status = k.eta && k.buffer ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) rad_round_predict(r, point, k.eta);
    if (status == RAD_OK) status = r->model->family == RAD_MODEL_COX ? rad_round_cox(&k) : rad_round_glm(&k);
    rad_free(k.eta);
    rad_free(k.buffer);
    return status;
}
