/* Statistics of sums: every one is a function of exact whole numbers, rounded once or twice at the end. */
#ifndef RAD_DESCRIBE_H
#define RAD_DESCRIBE_H

#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Undefined ones are NaN: of no patients, of one (variance), of equal values (skewness, kurtosis), of 2
 * powers. */
typedef struct rad_description {
    uint64_t n;
    double mean, variance, deviation;
    double skewness; /* m3 / m2^1.5, m_k = sum (x - mean)^k / n */
    double kurtosis; /* m4 / m2^2 - 3 */
} rad_description;

/* variance = (n S2 - S1^2) / (n (n - 1)); the numerator is exact. */
rad_status rad_describe(const rad_moments *moments, double centre, rad_description *out,
                        rad_error *error) RAD_MUST_CHECK;

/* mean(a) - mean(b) = (n_b S_a - n_a S_b) / (n_a n_b), exact numerator; NaN where one has no patients. */
rad_status rad_describe_difference(const rad_moments *a, const rad_moments *b, double *out,
                                   rad_error *error) RAD_MUST_CHECK;

/* sum (a - mean a)(b - mean b) = (n Sab - Sa Sb) / n, exact numerator. */
rad_status rad_describe_scatter(uint64_t n, const rad_exact *a, const rad_exact *b, const rad_exact *ab,
                                double *out, rad_error *error) RAD_MUST_CHECK;

/* covariance = (n Sab - Sa Sb) / (n (n - 1)); correlation by the exact numerators of both variances, NaN
 * where one is 0. */
rad_status rad_describe_pair(const rad_pair_view *pair, rad_relation *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
