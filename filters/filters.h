/* The filters of the registry, one file each: what a response reaches, and the response. */
#ifndef RAD_FILTERS_H
#define RAD_FILTERS_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_FILTER(name)                                                                                     \
    rad_status rad_reach_##name(const rad_filter_options *options, const double spacing[3], size_t reach[3], \
                                rad_error *error) RAD_MUST_CHECK;                                            \
    rad_status rad_filter_##name(const rad_field *field, const rad_filter_options *options, int threads,     \
                                 double *out, rad_error *error) RAD_MUST_CHECK

RAD_FILTER(mean);
RAD_FILTER(gaussian);
RAD_FILTER(log);
RAD_FILTER(laws);
RAD_FILTER(gabor);
RAD_FILTER(wavelet);
RAD_FILTER(simoncelli);
RAD_FILTER(gradient);
RAD_FILTER(square);
RAD_FILTER(squareroot);
RAD_FILTER(logarithm);
RAD_FILTER(exponential);
RAD_FILTER(lbp);

#ifdef __cplusplus
}
#endif
#endif
