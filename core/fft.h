/* Fourier transforms of batches of lines: the only user of FFTW. It lives in core because features and
 * filters both need it.
 *
 * Transforms in space are made of lines by their users, plane by plane, so that zero lines cost nothing and
 * the same bits come out for any number of threads. Plans are FFTW_ESTIMATE ones, made under one lock and
 * shared by threads. Buffers come from rad_new. No transform is scaled. */
#ifndef RAD_FFT_H
#define RAD_FFT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_fft_lines {
    void *plan;
} rad_fft_lines;

/* The next even number from n on whose only prime factors are 2, 3, 5 and 7. */
size_t rad_fft_good_size(size_t n);

/* Lines of n reals, one after the other, to lines of n / 2 + 1 complex numbers; and back (which destroys its
 * input). Lines begin on 16 bytes: several at a time need an even n. */
rad_status rad_fft_make_real(size_t n, size_t count, rad_fft_lines *lines, rad_error *error) RAD_MUST_CHECK;
rad_status rad_fft_make_back(size_t n, rad_fft_lines *lines, rad_error *error) RAD_MUST_CHECK;

/* Lines of n complex numbers, one after the other, in place. */
rad_status rad_fft_make_complex(size_t n, size_t count, rad_fft_lines *lines,
                                rad_error *error) RAD_MUST_CHECK;

/* False where memory was short: what came out is nothing. */
bool rad_fft_run_real(const rad_fft_lines *lines, double *in, double *out) RAD_MUST_CHECK;
bool rad_fft_run_back(const rad_fft_lines *lines, double *in, double *out) RAD_MUST_CHECK;
bool rad_fft_run_complex(const rad_fft_lines *lines, double *data) RAD_MUST_CHECK;

/* Which library, and its version where it says one. */
const char *rad_fft_library(void);

/* May be called twice. */
void rad_fft_free(rad_fft_lines *lines);

#ifdef __cplusplus
}
#endif
#endif
