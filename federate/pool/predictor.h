/* Linear predictors of a response, and how well they predict other patients. */
#ifndef RAD_PREDICTOR_H
#define RAD_PREDICTOR_H

#include "gram.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A linear predictor: slopes of the columns before the response, then the intercept; NaN: the column has no
 * part in it. */
typedef struct rad_predictor {
    size_t columns;   /* without the response */
    double *estimate; /* [columns + 1], owned */
    double *se;       /* likewise; NaN where nobody knows one */
    double n, df;     /* patients; degrees of freedom that are left, NaN where they are not known */
    double rss, tss;  /* sums of squares, of residuals and about the mean */
} rad_predictor;

rad_status rad_predictor_allocate(size_t columns, rad_predictor *fit, rad_error *error) RAD_MUST_CHECK;
void rad_predictor_free(rad_predictor *fit);

/* Nothing is in it but the mean of the response. */
void rad_predictor_clear(const rad_gram *gram, rad_predictor *fit);

/* Sets intercept and rss by the slopes. */
void rad_predictor_finish(const rad_gram *gram, rad_predictor *fit);

/* How well it predicts the patients of a gram: mean squared error; R^2 about their own mean; slope of what is
 * seen against what is predicted, and the difference of the means. NaN where undefined. */
typedef struct rad_predicted {
    double n, mse, r2, slope, shift;
    double sse, sst; /* sst about their own mean */
} rad_predicted;
void rad_predictor_predict(const rad_predictor *fit, const rad_gram *gram, rad_predicted *out);

#ifdef __cplusplus
}
#endif
#endif
