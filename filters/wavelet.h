/* The taps of a wavelet by its name. */
#ifndef RAD_WAVELET_H
#define RAD_WAVELET_H

#include "../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_WAVELET_LENGTH_MAX = 30 };

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
