/* Ordinary least squares, and forward selection of terms. */
#ifndef RAD_ORDINARY_H
#define RAD_ORDINARY_H

#include "predictor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Least squares of the columns that `in` names (NULL: all); a column that does not vary, or that those before
 * it make up but for a 1e-12th of its square, stays out. se of slopes and intercept by RSS / df.
 * O(columns^3). */
rad_status rad_ordinary_fit(const rad_gram *gram, const bool *in, rad_predictor *fit,
                            rad_error *error) RAD_MUST_CHECK;

/* The sum of squares by which the residual grows without the columns of `of`, beside all others, and how many
 * of them are independent of these: what drop1 of R calls "Sum of Sq" and Df. */
rad_status rad_ordinary_drop(const rad_gram *gram, const bool *of, double *square, size_t *df,
                             rad_error *error) RAD_MUST_CHECK;

/* By what a term is chosen: n log(RSS / n) + 2 k, or + log(n) k, k coefficients, is smaller than before; or
 * the p-value of F on entering is below `enter`. */
typedef enum rad_criterion { RAD_AIC, RAD_BIC, RAD_F_TO_ENTER, RAD_CRITERIA } rad_criterion;
extern const char *const rad_criterion_words[RAD_CRITERIA];

/* term[column]: 0, 1, ... Columns of one term enter together. */
typedef struct rad_forward {
    rad_criterion criterion;
    double enter;
    const size_t *term;
    size_t terms;
} rad_forward;

/* One step: the term, and what is known of the model with it. */
typedef struct rad_forward_step {
    size_t term, df;       /* coefficients, with the intercept */
    double rss, criterion; /* of F: its p-value */
} rad_forward_step;

/* The best term enters, while there is one; of equal ones the first. in[column]: is it chosen; step (NULL or
 * [terms + 1]): the first one is the intercept alone; *steps of them. O(columns^2) a step. */
rad_status rad_forward_select(const rad_gram *gram, const rad_forward *how, bool *in, rad_forward_step *step,
                              size_t *steps, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
