/* The taps of a wavelet by its name. */
#ifndef RAD_WAVELET_H
#define RAD_WAVELET_H

#include "../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_WAVELET_LENGTH_MAX = 6 * 17 };

#define RAD_WAVELET_WORDS                                                                                    \
    "haar, db1 to db38, sym2 to sym20, coif1 to coif17, dmey, bior or rbio with 1.1, 1.3, 1.5, 2.2, 2.4, "   \
    "2.6, 2.8, 3.1, 3.3, 3.5, 3.7, 3.9, 4.4, 5.5, 6.8"

/* Of analysis. */
typedef struct rad_wavelet {
    double low[RAD_WAVELET_LENGTH_MAX], high[RAD_WAVELET_LENGTH_MAX];
    size_t length;
} rad_wavelet;

/* RAD_CONFIG: there is no wavelet of that name; says which there are. */
rad_status rad_wavelet_make(const char *name, rad_wavelet *wavelet, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
