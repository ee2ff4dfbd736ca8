/* Every filter, in the order of lists: one line here, and NAME.c defines rad_filter_NAME. */
#ifndef RAD_FILTERS_H
#define RAD_FILTERS_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_FILTERS(FILTER)                                                                                  \
    FILTER(mean)                                                                                             \
    FILTER(gaussian)                                                                                         \
    FILTER(log)                                                                                              \
    FILTER(laws)                                                                                             \
    FILTER(gabor)                                                                                            \
    FILTER(wavelet)                                                                                          \
    FILTER(simoncelli)                                                                                       \
    FILTER(gradient)                                                                                         \
    FILTER(square)                                                                                           \
    FILTER(squareroot)                                                                                       \
    FILTER(logarithm)                                                                                        \
    FILTER(exponential)                                                                                      \
    FILTER(lbp)

#define RAD_DECLARE_FILTER(name) extern const rad_filter rad_filter_##name;
RAD_FILTERS(RAD_DECLARE_FILTER)

#ifdef __cplusplus
}
#endif
#endif
