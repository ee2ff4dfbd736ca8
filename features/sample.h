/* A sorted sample and the formulas that intensity statistics (UHIW) and intensity histogram (ZVCW) share. */
#ifndef RAD_SAMPLE_H
#define RAD_SAMPLE_H

#include "../core/value.h"

#include "../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_sample {
    const double *x; /* ascending, borrowed */
    size_t count;    /* > 0 */
    double mean;
    double moment[5]; /* moment[k] = sum (x - mean)^k / count for k = 2..4; all 0 for a flat sample */
} rad_sample;

/* Sorts x in place and measures it. */
rad_status rad_sample_measure(double *x, size_t count, rad_sample *sample, rad_error *error) RAD_MUST_CHECK;

/* Measures what is sorted already. */
void rad_sample_measure_sorted(const double *x, size_t count, rad_sample *sample);

/* Quantile q in [0, 1] with linear interpolation between order statistics (Hyndman and Fan's type 7). */
double rad_sample_quantile(const rad_sample *sample, double q);

rad_value rad_sample_mean(const rad_sample *sample);
rad_value rad_sample_variance(const rad_sample *sample); /* without bias correction */
rad_value rad_sample_skewness(const rad_sample *sample); /* 0 for a flat sample, as the manual says */
rad_value rad_sample_kurtosis(const rad_sample *sample); /* excess; 0 for a flat sample */
rad_value rad_sample_median(const rad_sample *sample);
rad_value rad_sample_minimum(const rad_sample *sample);
rad_value rad_sample_p10(const rad_sample *sample);
rad_value rad_sample_p90(const rad_sample *sample);
rad_value rad_sample_maximum(const rad_sample *sample);
rad_value rad_sample_iqr(const rad_sample *sample);
rad_value rad_sample_range(const rad_sample *sample);
rad_value rad_sample_mad(const rad_sample *sample);   /* mean absolute deviation from the mean */
rad_value rad_sample_rmad(const rad_sample *sample);  /* the same for P10 <= x <= P90; undefined for none */
rad_value rad_sample_medad(const rad_sample *sample); /* mean absolute deviation from the median */
rad_value rad_sample_cov(const rad_sample *sample);   /* undefined for mean 0 */
rad_value rad_sample_qcod(const rad_sample *sample);  /* undefined for P25 + P75 = 0 */
rad_value rad_sample_energy(const rad_sample *sample);
rad_value rad_sample_rms(const rad_sample *sample);

#ifdef __cplusplus
}
#endif
#endif
