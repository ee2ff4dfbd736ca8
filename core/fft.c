#include "fft.h"

#include "memory.h"
#include "parallel.h"

#include <fftw3.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

/* Columns that the pass along z transforms at a time: few enough to stay in cache. */
enum { COLUMNS = 16 };

/* Plans of one direction. */
typedef struct passes {
    fftw_plan row;           /* all rows of a plane along x */
    fftw_plan plane;         /* all columns of a plane along y */
    fftw_plan columns, rest; /* COLUMNS columns along z, and what is left over */
} passes;

typedef struct rad_fft_plans {
    passes forward, inverse;
} rad_fft_plans;

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER; /* FFTW's planner is not reentrant */

size_t rad_fft_good_size(size_t n) {
    static const size_t primes[] = {2, 3, 5, 7};
    for (;; n++) {
        size_t left = n ? n : 1;
        for (int i = 0; i < 4; i++)
            while (left % primes[i] == 0) left /= primes[i];
        if (left == 1) return n ? n : 1;
    }
}

size_t rad_fft_doubles(const rad_fft *fft) {
    return 2 * fft->pitch * fft->size[1] * fft->size[2];
}

static fftw_plan plan_along(int length, int count, size_t stride, size_t distance, fftw_complex *data,
                            int sign) {
    return fftw_plan_many_dft(1, &length, count, data, NULL, (int)stride, (int)distance, data, NULL,
                              (int)stride, (int)distance, sign, FFTW_ESTIMATE | FFTW_UNALIGNED);
}

static bool make_passes(const rad_fft *fft, double *data, int sign, passes *p) {
    const int n[3] = {(int)fft->size[0], (int)fft->size[1], (int)fft->size[2]}, pitch = (int)fft->pitch;
    fftw_complex *c = (fftw_complex *)data;
    const size_t plane = fft->pitch * fft->size[1];
    const unsigned flags = FFTW_ESTIMATE | FFTW_UNALIGNED;
    p->row = sign == FFTW_FORWARD
                 ? fftw_plan_many_dft_r2c(1, n, 1, data, NULL, 1, 2 * pitch, c, NULL, 1, pitch, flags)
                 : fftw_plan_many_dft_c2r(1, n, 1, c, NULL, 1, pitch, data, NULL, 1, 2 * pitch, flags);
    p->plane = plan_along(n[1], pitch, fft->pitch, 1, c, sign);
    p->columns = plan_along(n[2], COLUMNS, plane, 1, c, sign);
    p->rest = plane % COLUMNS ? plan_along(n[2], (int)(plane % COLUMNS), plane, 1, c, sign) : NULL;
    return p->row && p->plane && p->columns && (p->rest || plane % COLUMNS == 0);
}

rad_status rad_fft_make(const size_t size[3], rad_fft *fft, rad_error *error) {
    *fft = (rad_fft){.size = {size[0], size[1], size[2]}, .pitch = size[0] / 2 + 1};
    size_t plane = 0, all = 0;
    if (!rad_multiply(2 * fft->pitch, size[1], &plane) || !rad_multiply(plane, size[2], &all) ||
        plane > INT_MAX)
        return rad_fail(error, RAD_NO_MEMORY, "a Fourier transform of %zux%zux%zu is too large", size[0],
                        size[1], size[2]);
    fft->plans = rad_new(1, sizeof *fft->plans, error);
    double *data =
        rad_new_raw(all, sizeof *data, error); /* ESTIMATE plans look at the place, not at the content */
    bool made = fft->plans && data;
    if (made) {
        pthread_mutex_lock(&planner);
        made = make_passes(fft, data, FFTW_FORWARD, &fft->plans->forward) &&
               make_passes(fft, data, FFTW_BACKWARD, &fft->plans->inverse);
        pthread_mutex_unlock(&planner);
    }
    rad_free(data);
    if (made) return RAD_OK;
    rad_fft_free(fft);
    return rad_fail(error, RAD_NO_MEMORY, "out of memory: a Fourier transform of %zux%zux%zu", size[0],
                    size[1], size[2]);
}

static void destroy(passes *p) {
    fftw_plan plans[] = {p->row, p->plane, p->columns, p->rest};
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        if (plans[i]) fftw_destroy_plan(plans[i]);
}

void rad_fft_free(rad_fft *fft) {
    if (fft->plans) {
        pthread_mutex_lock(&planner);
        destroy(&fft->plans->forward);
        destroy(&fft->plans->inverse);
        pthread_mutex_unlock(&planner);
    }
    rad_free(fft->plans);
    *fft = (rad_fft){0};
}

typedef struct job {
    const rad_fft *fft;
    const passes *p;
    double *data;
    size_t rows; /* of a plane */
    bool forward;
} job;

/* Rows of a plane along x, and the plane along y, in the order of the direction. */
static void transform_plane(size_t z, void *context) {
    const job *j = context;
    const size_t pitch = j->fft->pitch;
    fftw_complex *plane = (fftw_complex *)j->data + z * pitch * j->fft->size[1];
    if (!j->forward) fftw_execute_dft(j->p->plane, plane, plane);
    for (size_t y = 0; y < j->rows; y++) {
        fftw_complex *row = plane + y * pitch;
        if (j->forward)
            fftw_execute_dft_r2c(j->p->row, (double *)row, row);
        else
            fftw_execute_dft_c2r(j->p->row, row, (double *)row);
    }
    if (j->forward) fftw_execute_dft(j->p->plane, plane, plane);
}

static void transform_columns(size_t block, void *context) {
    const job *j = context;
    const size_t plane = j->fft->pitch * j->fft->size[1], first = block * COLUMNS;
    fftw_complex *at = (fftw_complex *)j->data + first;
    fftw_execute_dft(plane - first < COLUMNS ? j->p->rest : j->p->columns, at, at);
}

void rad_fft_forward(const rad_fft *fft, double *data, const size_t used[3], int threads) {
    job j = {fft, &fft->plans->forward, data, used[1], true};
    rad_parallel_for(used[2], threads, transform_plane, &j);
    rad_parallel_for((fft->pitch * fft->size[1] + COLUMNS - 1) / COLUMNS, threads, transform_columns, &j);
}

void rad_fft_inverse(const rad_fft *fft, double *data, const size_t used[3], int threads) {
    job j = {fft, &fft->plans->inverse, data, used[1], false};
    rad_parallel_for((fft->pitch * fft->size[1] + COLUMNS - 1) / COLUMNS, threads, transform_columns, &j);
    rad_parallel_for(used[2], threads, transform_plane, &j);
}
