/* Real 3D Fourier transforms: the only user of FFTW. It lives in core because features and filters both need
 * it.
 *
 * Own slabs of batched one-dimensional FFTW_ESTIMATE plans, so that the same bits come out for any number of
 * threads. A transform works in place on a buffer of rad_fft_doubles() elements: real element (x, y, z) at (z
 * * size[1] + y) * 2 * pitch + x, complex element at (z * size[1] + y) * pitch + kx, 0 <= kx < pitch. */
#ifndef RAD_FFT_H
#define RAD_FFT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_fft {
    size_t size[3];
    size_t pitch; /* complex elements of a row: size[0] / 2 + 1 */
    struct rad_fft_plans *plans;
} rad_fft;

/* The next number from n on whose only prime factors are 2, 3, 5 and 7. */
size_t rad_fft_good_size(size_t n);

rad_status rad_fft_make(const size_t size[3], rad_fft *fft, rad_error *error) RAD_MUST_CHECK;
void rad_fft_free(rad_fft *fft);

/* Doubles of a buffer. */
size_t rad_fft_doubles(const rad_fft *fft);

/* Forward, without scaling. Only rows y < used[1] of planes z < used[2] may hold anything but zero; work on
 * the others is spared. */
void rad_fft_forward(const rad_fft *fft, double *data, const size_t used[3], int threads);

/* Backward, without scaling; only rows y < used[1] of planes z < used[2] are wanted. */
void rad_fft_inverse(const rad_fft *fft, double *data, const size_t used[3], int threads);

#ifdef __cplusplus
}
#endif
#endif
