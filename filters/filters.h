/* The filters of the registry, one file each. */
#ifndef RAD_FILTERS_H
#define RAD_FILTERS_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

rad_status rad_filter_mean(const rad_field *field, const rad_filter_options *options, int threads,
                           double *out, rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_gaussian(const rad_field *field, const rad_filter_options *options, int threads,
                               double *out, rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_log(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                          rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_laws(const rad_field *field, const rad_filter_options *options, int threads,
                           double *out, rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_gabor(const rad_field *field, const rad_filter_options *options, int threads,
                            double *out, rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_wavelet(const rad_field *field, const rad_filter_options *options, int threads,
                              double *out, rad_error *error) RAD_MUST_CHECK;
rad_status rad_filter_simoncelli(const rad_field *field, const rad_filter_options *options, int threads,
                                 double *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
