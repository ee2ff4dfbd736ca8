/* Fourier transforms of four lines side by side: value i of line l lies at [4 i + l], so that every step of a
 * transform is whole vectors, whatever the length. Real and imaginary parts lie apart.
 *
 * Plain additions and products in one order: the same bytes on every platform, for any number of threads. */
#ifndef RAD_FFT_FOUR_H
#define RAD_FFT_FOUR_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_FFT_LANES = 4, RAD_FFT_STAGES = 40 };

typedef struct rad_fft_four {
    size_t n, stages, radix[RAD_FFT_STAGES];
    double *turns; /* of each stage, cosines and sines; owned */
} rad_fft_four;

/* The next multiple of four from n on whose only prime factors are 2, 3, 5 and 7. */
size_t rad_fft_four_size(size_t n);

/* For lines of n values, a size of rad_fft_four_size. */
rad_status rad_fft_four_make(size_t n, rad_fft_four *plan, rad_error *error) RAD_MUST_CHECK;

/* Forward transforms, not scaled, into the first of two buffers of 8 n doubles each: [k] of the frequencies
 * in order, real parts first. `in` is only read: its imaginary parts lie in_plane doubles behind the real
 * ones. `half`: it holds the first n / 2 values of each line, and the others are zero. */
void rad_fft_four_run(const rad_fft_four *plan, const double *in, size_t in_plane, bool half,
                      double *const buffer[2]);

/* May be called twice. */
void rad_fft_four_free(rad_fft_four *plan);

#ifdef __cplusplus
}
#endif
#endif
