/* Taps of wavelets as tables, which wavelet_taps.py writes. */
#ifndef RAD_WAVELET_TAPS_H
#define RAD_WAVELET_TAPS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_wavelet_row {
    const char *name; /* NULL behind the last row */
    size_t length;
    const double *low, *dual; /* of analysis and, where it is another, of synthesis */
} rad_wavelet_row;

extern const rad_wavelet_row rad_wavelet_daubechies[], rad_wavelet_symlets[], rad_wavelet_coiflets[],
    rad_wavelet_biorthogonal[];

#ifdef __cplusplus
}
#endif
#endif
