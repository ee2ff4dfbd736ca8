#include "fft.h"

#include "memory.h"

#include <fftw3.h>
#include <limits.h>
#include <pthread.h>

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER; /* FFTW's planner is not reentrant */

size_t rad_fft_good_size(size_t n) {
    static const size_t primes[] = {2, 3, 5, 7};
    for (n += n % 2;; n += 2) {
        size_t left = n ? n : 2;
        for (int i = 0; i < 4; i++)
            while (left % primes[i] == 0) left /= primes[i];
        if (left == 1) return n ? n : 2;
    }
}

static rad_status too_large(size_t n, size_t count, rad_error *error) {
    return rad_fail(error, RAD_NO_MEMORY, "%zu Fourier transforms of %zu values cannot be planned", count, n);
}

typedef enum transform { REAL, BACK, COMPLEX } transform;

static fftw_plan plan_lines(int n, int count, transform kind, double *in, double *out) {
    const int half = n / 2 + 1;
    if (kind == BACK) return fftw_plan_dft_c2r_1d(n, (fftw_complex *)in, out, FFTW_ESTIMATE);
    if (kind == REAL)
        return fftw_plan_many_dft_r2c(1, &n, count, in, NULL, 1, n, (fftw_complex *)out, NULL, 1, half,
                                      FFTW_ESTIMATE);
    return fftw_plan_many_dft(1, &n, count, (fftw_complex *)out, NULL, 1, n, (fftw_complex *)out, NULL, 1, n,
                              FFTW_FORWARD, FFTW_ESTIMATE);
}

/* Plans look at the place of the data, not at its content. */
static rad_status make(size_t n, size_t count, transform kind, rad_fft_lines *lines, rad_error *error) {
    size_t doubles = 0;
    lines->plan = NULL;
    if (!rad_multiply(2 * (n + 2), count, &doubles) || doubles > INT_MAX) return too_large(n, count, error);
    double *in = rad_new_raw(doubles, sizeof *in, error), *out = rad_new_raw(doubles, sizeof *out, error);
    if (in && out) {
        pthread_mutex_lock(&planner);
        lines->plan = plan_lines((int)n, (int)count, kind, in, out);
        pthread_mutex_unlock(&planner);
    }
    rad_free(in);
    rad_free(out);
    return lines->plan ? RAD_OK : too_large(n, count, error);
}

rad_status rad_fft_make_real(size_t n, size_t count, rad_fft_lines *lines, rad_error *error) {
    return make(n, count, REAL, lines, error);
}

rad_status rad_fft_make_back(size_t n, rad_fft_lines *lines, rad_error *error) {
    return make(n, 1, BACK, lines, error);
}

rad_status rad_fft_make_complex(size_t n, size_t count, rad_fft_lines *lines, rad_error *error) {
    return make(n, count, COMPLEX, lines, error);
}

void rad_fft_run_real(const rad_fft_lines *lines, double *in, double *out) {
    fftw_execute_dft_r2c(lines->plan, in, (fftw_complex *)out);
}

void rad_fft_run_back(const rad_fft_lines *lines, double *in, double *out) {
    fftw_execute_dft_c2r(lines->plan, (fftw_complex *)in, out);
}

void rad_fft_run_complex(const rad_fft_lines *lines, double *data) {
    fftw_execute_dft(lines->plan, (fftw_complex *)data, (fftw_complex *)data);
}

void rad_fft_free(rad_fft_lines *lines) {
    if (!lines->plan) return;
    pthread_mutex_lock(&planner);
    fftw_destroy_plan(lines->plan);
    pthread_mutex_unlock(&planner);
    lines->plan = NULL;
}
