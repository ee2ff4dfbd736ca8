/* Models of a study that follow from sums which leave once: gaussian, mixed, lda. Their columns are columns
 * of the covariance, and levels whose sums leave by groups or by the model. */
#ifndef RAD_CLOSED_H
#define RAD_CLOSED_H

#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

bool rad_closed_is(const rad_model *model);

/* Does the study have any? */
bool rad_closed_some(const rad_study *study);

/* Does term number `term` of the model stand for that variable, a number or a feature? Patterns mean
 * features; the response is no term. */
bool rad_closed_has(const rad_model *model, size_t term, const char *name, bool feature);

/* Is it a column of one of them, or its response? */
bool rad_closed_takes(const rad_study *study, const char *name, bool feature);

/* How many variables with full names they add to those of a panel; *all is false where patterns may add more.
 */
size_t rad_closed_more(const rad_study *study, bool *all);

/* The factor that the term names, or factor_count. */
size_t rad_closed_factor(const rad_study *study, const rad_model *model, size_t term);

#ifdef __cplusplus
}
#endif
#endif
