/* Linear discriminant analysis, by cross products and the means of groups. */
#ifndef RAD_DISCRIMINANT_H
#define RAD_DISCRIMINANT_H

#include "predictor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Patients of a group, and their means of the columns. */
typedef struct rad_group_means {
    double n;
    const double *mean; /* [columns] */
} rad_group_means;

/* Groups against the first: log odds = intercept + slopes of the columns, by one covariance within the groups
 * (divided by n - groups) and the shares of the groups as priors. */
typedef struct rad_discriminant {
    size_t columns, groups;
    double *estimate;      /* [group][columns + 1]; 0 of the first; NaN: the column has no part; owned */
    double *distance;      /* [group]: squared, of Mahalanobis, from the first; owned */
    double *statistic, *p; /* [group]: F of Hotelling's T^2 against the first, and its p-value; owned */
    double df1, df2;
} rad_discriminant;

/* `within`: the cross products about the means of the groups, of n patients. Groups of nobody have NaN, as
 * has all where no patients are left over. */
rad_status rad_discriminant_fit(const rad_gram *within, const rad_group_means *group, rad_discriminant *out,
                                rad_error *error) RAD_MUST_CHECK;
rad_status rad_discriminant_allocate(size_t columns, size_t groups, rad_discriminant *out,
                                     rad_error *error) RAD_MUST_CHECK;
void rad_discriminant_free(rad_discriminant *discriminant);

/* Takes what lies between the groups out of the cross products of all. */
void rad_discriminant_within(rad_gram *gram, const rad_group_means *group, size_t groups);

#ifdef __cplusplus
}
#endif
#endif
