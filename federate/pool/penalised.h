/* Ridge, lasso and elastic net, by cross products alone. */
#ifndef RAD_PENALISED_H
#define RAD_PENALISED_H

#include "predictor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Least of RSS / 2n + lambda (alpha sum |b| + (1 - alpha) / (2 s) sum b^2), b the slopes of columns that are
 * divided by their units, s the deviation (by n) of the response: what glmnet means by lambda and alpha. The
 * intercept is free. */
typedef struct rad_shrinkage {
    double alpha, lambda;
    const double *unit; /* [columns before the response]; NULL: deviations, by n */
} rad_shrinkage;

/* The least lambda of which no slope is left; of ridge, as glmnet has it, that of alpha = 0.001. 0 where
 * nothing varies. */
double rad_penalised_largest(const rad_gram *gram, double alpha, const double *unit);

/* lambda[i], i = 0 .. count - 1 >= 1: from the largest one down to its `ratio`, in equal steps of the
 * logarithm. */
void rad_penalised_grid(double largest, double ratio, size_t count, double *lambda);

/* Coordinate descent from the slopes that are there (`warm`) or from none, then the exact solution of what is
 * not 0; it ends when the conditions of the minimum hold to 1e-12 of the largest lambda. Columns that do not
 * vary stay out. RAD_NO_RESULT: it does not get there. */
rad_status rad_penalised_fit(const rad_gram *gram, const rad_shrinkage *penalty, bool warm,
                             rad_predictor *fit, rad_error *error) RAD_MUST_CHECK;

/* By how much the conditions of the minimum are missed, as a share of the largest lambda. */
double rad_penalised_gap(const rad_gram *gram, const rad_shrinkage *penalty, const rad_predictor *fit);

/* Slopes that are not 0. */
size_t rad_penalised_count(const rad_predictor *fit);

#ifdef __cplusplus
}
#endif
#endif
