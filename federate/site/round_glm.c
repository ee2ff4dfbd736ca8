#include "round_answer.h"

#include "../../core/memory.h"

#include <math.h>

/* What a patient contributes: log likelihood, residual, weight, and how the weight changes. */
typedef struct contribution {
    double likelihood, residual, weight, change;
} contribution;

static contribution logistic(double eta, double y) {
    const double tail = exp(-fabs(eta)), mu = eta > 0 ? 1 / (1 + tail) : tail / (1 + tail),
                 weight = tail / ((1 + tail) * (1 + tail));
    return (contribution){y * eta - (eta > 0 ? eta : 0) - log1p(tail), y - mu, weight, weight * (1 - 2 * mu)};
}

static contribution poisson(double eta, double y) {
    const double mu = exp(eta);
    return (contribution){y * eta - mu, y - mu, mu, mu};
}

/* Lower triangle of the information: sums of w x x'. */
static rad_status put_information(const rad_round_work *k, const double *weight) {
    const rad_round_rows *r = k->rows;
    rad_status status = RAD_OK;
    for (size_t j = 0; j < r->columns; j++)
        for (size_t l = 0; l <= j && status == RAD_OK; l++) {
            for (size_t i = 0; i < r->n; i++)
                k->buffer[i] = weight[i] * r->x[j * r->n + i] * r->x[l * r->n + i];
            status = (l == j ? rad_round_sum : rad_round_sum_product)(
                k->buffer, r->n, k->point->fineness + r->size[j] + r->size[l],
                &k->cells->sums[rad_round_information_cell(r->columns, l, j)], k->error);
        }
    return status;
}

/* A column, centred, of deviation 1; and its size then. */
static double value_of(const rad_round_rows *r, size_t j, size_t i) {
    return (r->x[j * r->n + i] - r->mean[j]) / r->deviation[j];
}

static double size_of(const rad_round_rows *r, size_t j) {
    return ldexp(1, r->size[j]) / r->deviation[j];
}

/* Weights times columns, told to so many digits; times products of two columns. */
static rad_status add_columns(const rad_round_work *k, const double *weight, double by, int digits) {
    const rad_round_rows *r = k->rows;
    rad_status status = RAD_OK;
    for (size_t j = 0; j < r->columns && status == RAD_OK; j++) {
        for (size_t i = 0; i < r->n; i++) k->buffer[i] = by * weight[i] * value_of(r, j, i);
        status = rad_round_weights_add(k->weights, k->buffer, rad_round_noise(r, digits) * size_of(r, j),
                                       k->error);
    }
    return status;
}

static rad_status add_products(const rad_round_work *k, const double *weight) {
    const rad_round_rows *r = k->rows;
    rad_status status = RAD_OK;
    for (size_t j = 0; j < r->columns; j++)
        for (size_t l = 0; l <= j && status == RAD_OK; l++) {
            for (size_t i = 0; i < r->n; i++)
                k->buffer[i] = k->reach * weight[i] * value_of(r, j, i) * value_of(r, l, i);
            status = rad_round_weights_add(
                k->weights, k->buffer,
                -rad_round_noise(r, k->point->fineness) * size_of(r, j) * size_of(r, l), k->error);
        }
    return status;
}

/* Of a value of column j, the score of j changes by the residual, and all scores by w x beta_j; the
 * information by w x of the column's own products, and all of it by w' x x' beta_j; the likelihood by the
 * residual times beta_j. */
static rad_status add_weights(const rad_round_work *k, const double *residual, const double *weight,
                              const double *change) {
    const rad_round_ask ask = k->point->ask;
    const int digits = k->point->digits;
    const double noise = rad_round_noise(k->rows, digits);
    if (ask <= RAD_ASK_DEVIANCE) {
        for (size_t i = 0; i < k->rows->n; i++) k->buffer[i] = k->reach * residual[i];
        return rad_round_weights_add(k->weights, k->buffer, noise, k->error);
    }
    rad_status status = rad_round_weights_add(k->weights, residual, noise * k->least, k->error);
    if (status == RAD_OK && !k->flat) status = add_columns(k, weight, k->reach, digits);
    if (status == RAD_OK && ask == RAD_ASK_INFORMATION)
        status = add_columns(k, weight, 1, k->point->fineness);
    if (status == RAD_OK && ask == RAD_ASK_INFORMATION && !k->flat) status = add_products(k, change);
    return status;
}

rad_status rad_round_glm(const rad_round_work *k) {
    const rad_round_rows *r = k->rows;
    double *all = rad_new_raw(r->n, 4 * sizeof *all, k->error), *residual = all + r->n,
           *weight = all + 2 * r->n, *change = all + 3 * r->n;
    if (!all) return RAD_NO_MEMORY;
    for (size_t i = 0; i < r->n; i++) {
        const contribution c = r->model->family == RAD_MODEL_LOGISTIC ? logistic(k->eta[i], r->y[i])
                                                                      : poisson(k->eta[i], r->y[i]);
        all[i] = c.likelihood;
        residual[i] = c.residual;
        weight[i] = c.weight;
        change[i] = c.change;
    }
    rad_status status = rad_round_sum(all, r->n, k->point->digits, &k->cells->sums[0], k->error);
    if (status == RAD_OK && k->point->ask >= RAD_ASK_SCORE) status = rad_round_score(k, residual);
    if (status == RAD_OK && k->point->ask == RAD_ASK_INFORMATION) status = put_information(k, weight);
    if (status == RAD_OK && k->point->ask == RAD_ASK_MOMENTS) status = rad_round_moments(k, weight);
    if (status == RAD_OK && k->weights) status = add_weights(k, residual, weight, change);
    rad_free(all);
    return status;
}
