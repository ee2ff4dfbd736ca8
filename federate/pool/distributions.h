/* The distributions that tests and intervals go by. */
#ifndef RAD_DISTRIBUTIONS_H
#define RAD_DISTRIBUTIONS_H

#ifdef __cplusplus
extern "C" {
#endif

/* The normal quantile of 95 % intervals. */
#define RAD_Z95 1.959963984540054

/* Quantiles and tails of the F, t and chi-square distributions. NaN where the degrees of freedom are not
 * positive, an argument is no number or the result cannot be computed. */
double rad_f_quantile(double p, double df1, double df2);
double rad_chi_square_quantile(double p, double df);
double rad_f_tail(double x, double df1, double df2);
double rad_t_two_sided(double t, double df);
double rad_t_quantile(double p, double df);
double rad_chi_square_tail(double x, double df);

/* The probability that so many of the draws are marked ones. */
double rad_hypergeometric(unsigned drawn, unsigned marked, unsigned others, unsigned draws);

#ifdef __cplusplus
}
#endif
#endif
