// The functions of distributions.h by Boost.Math, which throw nothing here: what they cannot compute is found
// by halves, or NaN.
#define BOOST_DISABLE_ASSERTS // they would end the process
#include "distributions.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <climits>
#include <cmath>
#include <limits>

namespace {

namespace policies = boost::math::policies;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

// Doubles are not promoted: the same bits on every machine.
using quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>, policies::promote_double<false>,
    policies::promote_float<false>>;
using f_distribution = boost::math::fisher_f_distribution<double, quiet>;
using chi_squared = boost::math::chi_squared_distribution<double, quiet>;
using students_t = boost::math::students_t_distribution<double, quiet>;

bool is_distribution(double df1, double df2) {
    return df1 > 0 && df2 > 0 && std::isfinite(df1) && std::isfinite(df2);
}

// By halves, where the library's own search ends elsewhere. NaN where it lies beyond the range of numbers.
template <class D> double search(const D &distribution, double p) {
    double low = -1022, high = 1023; // exponents of 2
    if (!(cdf(distribution, std::exp2(low)) < p && p < cdf(distribution, std::exp2(high)))) return none;
    for (double x = 0; x > low && x < high; x = low + (high - low) / 2)
        *(cdf(distribution, std::exp2(x)) < p ? &low : &high) = x;
    return std::exp2(low);
}

// Of a distribution on positive numbers: what the library finds is looked at before it is believed.
template <class D> double find_quantile(const D &distribution, double p) {
    if (!(p > 0 && p < 1)) return none;
    const double x = quantile(distribution, p);
    const bool found =
        std::isfinite(x) && x > 0 && std::fabs(cdf(distribution, x) - p) <= 1e-12 * std::fmin(p, 1 - p);
    return found ? x : search(distribution, p);
}

} // namespace

double rad_f_quantile(double p, double df1, double df2) {
    return is_distribution(df1, df2) ? find_quantile(f_distribution(df1, df2), p) : none;
}

double rad_chi_square_quantile(double p, double df) {
    return is_distribution(df, 1) ? find_quantile(chi_squared(df), p) : none;
}

double rad_t_two_sided(double t, double df) {
    if (!is_distribution(df, 1) || std::isnan(t)) return none;
    return std::isinf(t) ? 0 : 2 * cdf(complement(students_t(df), std::fabs(t)));
}

double rad_t_quantile(double p, double df) {
    if (!is_distribution(df, 1) || !(p > 0 && p < 1)) return none;
    return quantile(students_t(df), p);
}

double rad_chi_square_tail(double x, double df) {
    if (!is_distribution(df, 1) || !std::isfinite(x)) return none;
    return x > 0 ? cdf(complement(chi_squared(df), x)) : 1;
}

double rad_f_tail(double x, double df1, double df2) {
    if (!is_distribution(df1, df2) || std::isnan(x)) return none;
    if (std::isinf(x)) return x < 0;
    return x > 0 ? cdf(complement(f_distribution(df1, df2), x)) : 1;
}

double rad_hypergeometric(unsigned drawn, unsigned marked, unsigned others, unsigned draws) {
    if (marked > UINT_MAX - others || draws > marked + others || drawn > marked || drawn > draws ||
        draws - drawn > others)
        return 0;
    return pdf(boost::math::hypergeometric_distribution<double, quiet>(marked, draws, marked + others),
               drawn);
}
