/* The sums of a site at the coefficients of a point, and the weights by which they tell of patients. */
#ifndef RAD_ROUND_ANSWER_H
#define RAD_ROUND_ANSWER_H

#include "round_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of weights over the patients of the model. Who knows every column but one has, of each number that
 * leaves, an equation for that one: to first order these rows, times how far a value is from a guess, in
 * deviations of the column; the number is told but for what rounding adds, whose deviation is the noise
 * (docs/federation.md has them by family). */
typedef struct rad_round_weights {
    size_t n, count, capacity, noise_capacity;
    double *row;   /* [count][n], owned */
    double *noise; /* [count]; below 0: of a row that holds for small changes only; owned */
} rad_round_weights;

rad_status rad_round_weights_add(rad_round_weights *weights, const double *row, double noise,
                                 rad_error *error) RAD_MUST_CHECK;
void rad_round_weights_free(rad_round_weights *weights);

/* The sums of the point; weights (NULL: none) get those of each number. RAD_CONFIG: the coefficients lead out
 * of range. */
rad_status rad_round_answer(const rad_round_rows *rows, const rad_round_point *point, rad_round_cells *cells,
                            rad_round_weights *weights, rad_error *error) RAD_MUST_CHECK;

/* The predictors at the coefficients of a point. */
void rad_round_predict(const rad_round_rows *rows, const rad_round_point *point, double *eta);

/* Log likelihood of a model that fits each patient, which deviances are measured from. */
rad_status rad_round_saturated(const rad_round_rows *rows, rad_exact *sum, rad_error *error) RAD_MUST_CHECK;

/* What the families share: a sum of contributions that are rounded to 2^digits, in place. RAD_REFUSED: digits
 * as coarse as the contributions, which would count those who are large. */
rad_status rad_round_sum(double *values, size_t count, int digits, rad_exact *sum,
                         rad_error *error) RAD_MUST_CHECK;

/* The same, of products of columns, which may be smaller: whose own squares are looked at. */
rad_status rad_round_sum_product(double *values, size_t count, int digits, rad_exact *sum,
                                 rad_error *error) RAD_MUST_CHECK;

/* Deviation of what rounding to 2^digits adds to a sum over the patients. */
double rad_round_noise(const rad_round_rows *rows, int digits);

/* At work on a point. */
typedef struct rad_round_work {
    const rad_round_rows *rows;
    const rad_round_point *point;
    rad_round_cells *cells;
    rad_round_weights *weights; /* NULL: none */
    bool flat;                  /* no column has a coefficient */
    double reach;               /* the largest coefficient, of a column of deviation 1 */
    double least;               /* size of a column over its deviation, the least of all */
    double *eta;                /* [patient] */
    double *buffer;             /* [patient] */
    rad_error *error;
} rad_round_work;

rad_status rad_round_glm(const rad_round_work *work) RAD_MUST_CHECK;
rad_status rad_round_cox(const rad_round_work *work) RAD_MUST_CHECK;

/* Cells of the first round: columns and their squares, weighted. */
rad_status rad_round_moments(const rad_round_work *work, const double *weight) RAD_MUST_CHECK;

/* Cells of the score: column weighted by the residuals. */
rad_status rad_round_score(const rad_round_work *work, const double *residual) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
