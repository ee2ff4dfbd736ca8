#include "distributions.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>

static void keep_running(void) {
    gsl_set_error_handler_off();
}

/* GSL ends the process over what it cannot compute, unless told to return NaN; it is not asked about what is
 * no distribution. */
static bool is_distribution(double df1, double df2) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, keep_running);
    return df1 > 0 && df2 > 0 && isfinite(df1) && isfinite(df2);
}

static double chi_square_below(double x, double df1, double df2) {
    (void)df2;
    return gsl_cdf_chisq_P(x, df1);
}

/* By halves, where GSL's own search does not end, or does not begin: F with less than one degree of
 * freedom. NaN where it lies beyond the range of numbers. */
static double search(double (*below)(double x, double df1, double df2), double p, double df1, double df2) {
    double low = -1022, high = 1023; /* exponents of 2 */
    if (!(below(exp2(low), df1, df2) < p && p < below(exp2(high), df1, df2))) return NAN;
    for (double x = 0; x > low && x < high; x = low + (high - low) / 2)
        *(below(exp2(x), df1, df2) < p ? &low : &high) = x;
    return exp2(low);
}

double rad_f_quantile(double p, double df1, double df2) {
    if (!is_distribution(df1, df2)) return NAN;
    const double x = df1 < 1 || df2 < 1 ? NAN : gsl_cdf_fdist_Pinv(p, df1, df2);
    return isnan(x) ? search(gsl_cdf_fdist_P, p, df1, df2) : x;
}

double rad_chi_square_quantile(double p, double df) {
    if (!is_distribution(df, 1)) return NAN;
    const double x = gsl_cdf_chisq_Pinv(p, df);
    return isnan(x) ? search(chi_square_below, p, df, 1) : x;
}

double rad_t_two_sided(double t, double df) {
    return is_distribution(df, 1) && !isnan(t) ? 2 * gsl_cdf_tdist_Q(fabs(t), df) : NAN;
}

double rad_t_quantile(double p, double df) {
    return is_distribution(df, 1) ? gsl_cdf_tdist_Pinv(p, df) : NAN;
}

double rad_chi_square_tail(double x, double df) {
    return is_distribution(df, 1) && isfinite(x) ? gsl_cdf_chisq_Q(x, df) : NAN;
}

double rad_f_tail(double x, double df1, double df2) {
    return is_distribution(df1, df2) && !isnan(x) ? gsl_cdf_fdist_Q(x, df1, df2) : NAN;
}

double rad_hypergeometric(unsigned drawn, unsigned marked, unsigned others, unsigned draws) {
    return is_distribution(1, 1) ? gsl_ran_hypergeometric_pdf(drawn, marked, others, draws) : NAN;
}
