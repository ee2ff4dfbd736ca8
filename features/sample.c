#include "sample.h"

#include "../core/sort.h"
#include "../core/sum.h"

#include <math.h>

/* Mean of sorted values; equal ones are their own mean, so that rounding cannot feign a spread. */
static double mean_of(const double *x, size_t count) {
    return x[0] == x[count - 1] ? x[0] : rad_sum(x, count) / (double)count;
}

rad_status rad_sample_measure(double *x, size_t count, rad_sample *sample, rad_error *error) {
    rad_status status = rad_sort(x, count, error);
    if (status == RAD_OK) rad_sample_measure_sorted(x, count, sample);
    return status;
}

void rad_sample_measure_sorted(const double *x, size_t count, rad_sample *sample) {
    double powers[4];
    *sample = (rad_sample){.x = x, .count = count, .mean = mean_of(x, count)};
    rad_sum_powers(x, count, sample->mean, powers);
    for (int k = 2; k <= 4; k++) sample->moment[k] = powers[k - 1] / (double)count;
}

double rad_sample_quantile(const rad_sample *s, double q) {
    const double at = q * (double)(s->count - 1);
    const size_t i = (size_t)at;
    if (i + 1 >= s->count) return s->x[s->count - 1];
    return s->x[i] + (at - (double)i) * (s->x[i + 1] - s->x[i]);
}

rad_value rad_sample_mean(const rad_sample *s) {
    return rad_defined(s->mean);
}

rad_value rad_sample_variance(const rad_sample *s) {
    return rad_defined(s->moment[2]);
}

rad_value rad_sample_skewness(const rad_sample *s) {
    return rad_defined(s->moment[2] > 0 ? s->moment[3] / pow(s->moment[2], 1.5) : 0);
}

rad_value rad_sample_kurtosis(const rad_sample *s) {
    return rad_defined(s->moment[2] > 0 ? s->moment[4] / (s->moment[2] * s->moment[2]) - 3 : 0);
}

rad_value rad_sample_median(const rad_sample *s) {
    return rad_defined(rad_sample_quantile(s, 0.5));
}

rad_value rad_sample_minimum(const rad_sample *s) {
    return rad_defined(s->x[0]);
}

rad_value rad_sample_p10(const rad_sample *s) {
    return rad_defined(rad_sample_quantile(s, 0.1));
}

rad_value rad_sample_p90(const rad_sample *s) {
    return rad_defined(rad_sample_quantile(s, 0.9));
}

rad_value rad_sample_maximum(const rad_sample *s) {
    return rad_defined(s->x[s->count - 1]);
}

rad_value rad_sample_iqr(const rad_sample *s) {
    return rad_defined(rad_sample_quantile(s, 0.75) - rad_sample_quantile(s, 0.25));
}

rad_value rad_sample_range(const rad_sample *s) {
    return rad_defined(s->x[s->count - 1] - s->x[0]);
}

rad_value rad_sample_mad(const rad_sample *s) {
    return rad_defined(rad_sum_absolute(s->x, s->count, s->mean) / (double)s->count);
}

rad_value rad_sample_rmad(const rad_sample *s) {
    const double low = rad_sample_quantile(s, 0.1), high = rad_sample_quantile(s, 0.9);
    size_t begin = 0, end = s->count;
    while (s->x[begin] < low) begin++;
    while (s->x[end - 1] > high) end--;
    if (begin >= end) return rad_undefined(RAD_NO_MIDDLE); /* as with two values that differ */
    const double n = (double)(end - begin), mean = mean_of(s->x + begin, end - begin);
    return rad_defined(rad_sum_absolute(s->x + begin, end - begin, mean) / n);
}

rad_value rad_sample_medad(const rad_sample *s) {
    return rad_defined(rad_sum_absolute(s->x, s->count, rad_sample_quantile(s, 0.5)) / (double)s->count);
}

rad_value rad_sample_cov(const rad_sample *s) {
    if (s->mean == 0) return rad_undefined(RAD_ZERO_DIVISOR);
    return rad_defined(sqrt(s->moment[2]) / s->mean);
}

rad_value rad_sample_qcod(const rad_sample *s) {
    const double low = rad_sample_quantile(s, 0.25), high = rad_sample_quantile(s, 0.75);
    if (low + high == 0) return rad_undefined(RAD_ZERO_DIVISOR);
    return rad_defined((high - low) / (high + low));
}

rad_value rad_sample_energy(const rad_sample *s) {
    return rad_defined(rad_sum_squares(s->x, s->count));
}

rad_value rad_sample_rms(const rad_sample *s) {
    return rad_defined(sqrt(rad_sum_squares(s->x, s->count) / (double)s->count));
}
