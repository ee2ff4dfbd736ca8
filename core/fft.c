#include "fft.h"

#include "memory.h"

#include <fftw3.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

/* FFTW ends the process when memory is short: by this function, which is found here before FFTW's own. What
 * it had taken so far is lost; a run harms nothing else, but a planner that was left in the middle of its
 * work makes no more plans. */
static _Thread_local jmp_buf *way_out;
RAD_API void fftw_assertion_failed(const char *what, int line, const char *file);
void fftw_assertion_failed(const char *what, int line, const char *file) {
    if (way_out) longjmp(*way_out, 1); // NOLINT
    (void)what, (void)line, (void)file;
    abort();
}

/* Calls step; false where memory was short. */
typedef void fft_step(void *context);
static bool attempt(fft_step *step, void *context) {
    jmp_buf here, *before = way_out;
    way_out = &here;
    const bool fine = !_setjmp(here); // NOLINT
    if (fine) step(context);
    way_out = before;
    return fine;
}

static bool planner_lost;
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

typedef struct planning {
    int n, count;
    transform kind;
    double *in, *out;
    fftw_plan plan;
} planning;

static void plan_step(void *context) {
    planning *p = context;
    p->plan = plan_lines(p->n, p->count, p->kind, p->in, p->out);
}

/* A child that is forked while another thread makes a plan finds the planner idle. */
static void before_fork(void) {
    pthread_mutex_lock(&planner);
}

static void after_fork(void) {
    pthread_mutex_unlock(&planner);
}

static void watch_forks(void) {
    pthread_atfork(before_fork, after_fork, after_fork);
}

static rad_status plan_at(planning *p, rad_error *error) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&planner);
    if (!planner_lost) planner_lost = !attempt(plan_step, p);
    const bool lost = planner_lost;
    pthread_mutex_unlock(&planner);
    if (p->plan) return RAD_OK;
    return !lost ? rad_fail(error, RAD_NO_RESULT, "FFTW has no plan for %d transforms of %d values", p->count,
                            p->n)
                 : rad_fail(error, RAD_NO_MEMORY,
                            "out of memory: a plan for %d Fourier transforms of %d values", p->count, p->n);
}

/* Plans look at the place of the data, not at its content. */
static rad_status make(size_t n, size_t count, transform kind, rad_fft_lines *lines, rad_error *error) {
    size_t doubles = 0;
    *lines = (rad_fft_lines){.plan = NULL};
    if (!rad_multiply(2 * (n + 2), count, &doubles) || doubles > INT_MAX)
        return rad_fail(error, RAD_CONFIG,
                        "%zu Fourier transforms of %zu values are more than can be planned", count, n);
    planning p = {.n = (int)n, .count = (int)count, .kind = kind};
    p.in = rad_new_raw(doubles, sizeof *p.in, error);
    p.out = rad_new_raw(doubles, sizeof *p.out, error);
    rad_status status = p.in && p.out ? plan_at(&p, error) : RAD_NO_MEMORY;
    lines->plan = p.plan;
    rad_free(p.in);
    rad_free(p.out);
    return status;
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

typedef struct run {
    fftw_plan plan;
    double *in, *out;
} run;

static void step_real(void *context) {
    const run *r = context;
    fftw_execute_dft_r2c(r->plan, r->in, (fftw_complex *)r->out);
}

static void step_back(void *context) {
    const run *r = context;
    fftw_execute_dft_c2r(r->plan, (fftw_complex *)r->in, r->out);
}

static void step_complex(void *context) {
    const run *r = context;
    fftw_execute_dft(r->plan, (fftw_complex *)r->in, (fftw_complex *)r->out);
}

static bool execute(const rad_fft_lines *lines, fft_step *step, double *in, double *out) {
    return attempt(step, &(run){lines->plan, in, out});
}

bool rad_fft_run_real(const rad_fft_lines *lines, double *in, double *out) {
    return execute(lines, step_real, in, out);
}

bool rad_fft_run_back(const rad_fft_lines *lines, double *in, double *out) {
    return execute(lines, step_back, in, out);
}

bool rad_fft_run_complex(const rad_fft_lines *lines, double *data) {
    return execute(lines, step_complex, data, data);
}

void rad_fft_free(rad_fft_lines *lines) {
    if (!lines->plan) return;
    pthread_mutex_lock(&planner);
    fftw_destroy_plan(lines->plan);
    pthread_mutex_unlock(&planner);
    lines->plan = NULL;
}

const char *rad_fft_library(void) {
    return fftw_version;
}
