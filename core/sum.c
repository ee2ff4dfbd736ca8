#include "sum.h"

#include "simd.h"

#include <math.h>

enum { BLOCK = 4096, LANES = 8 };

static double add_lanes(const double lane[LANES]) {
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* Defines a sum over blocks of the expression TERM of x[i]. */
#define DEFINE_SUM(name, TERM)                                                                               \
    RAD_KERNEL_LOOP void name##_lanes_loop(const double *x, size_t count, double centre,                     \
                                           double *restrict lane) {                                          \
        (void)centre;                                                                                        \
        for (size_t i = 0; i < count; i += LANES)                                                            \
            _Pragma("omp simd") for (size_t l = 0; l < LANES; l++) lane[l] += TERM(x[i + l]);                \
    }                                                                                                        \
    RAD_KERNEL(name##_lanes, (const double *x, size_t count, double centre, double *restrict lane),          \
               (x, count, centre, lane))                                                                     \
    static double name##_block(const double *x, size_t count, double centre) {                               \
        double lane[LANES] = {0};                                                                            \
        size_t i = count - count % LANES;                                                                    \
        name##_lanes(x, i, centre, lane);                                                                    \
        for (size_t l = 0; i < count; i++, l++) lane[l] += TERM(x[i]);                                       \
        return add_lanes(lane);                                                                              \
    }                                                                                                        \
    static double name(const double *x, size_t count, double centre) {                                       \
        double sum = 0;                                                                                      \
        for (size_t i = 0; i < count; i += BLOCK)                                                            \
            sum += name##_block(x + i, count - i < BLOCK ? count - i : BLOCK, centre);                       \
        return sum;                                                                                          \
    }
#define PLAIN(v)    (v)
#define SQUARE(v)   ((v) * (v))
#define ABSOLUTE(v) fabs((v)-centre)
DEFINE_SUM(sum_plain, PLAIN)
DEFINE_SUM(sum_squares, SQUARE)
DEFINE_SUM(sum_absolute, ABSOLUTE)

double rad_sum(const double *x, size_t count) {
    return sum_plain(x, count, 0);
}

double rad_sum_squares(const double *x, size_t count) {
    return sum_squares(x, count, 0);
}

double rad_sum_absolute(const double *x, size_t count, double centre) {
    return sum_absolute(x, count, centre);
}

static inline void add_powers(double x, size_t l, double lane[4][LANES]) {
    const double square = x * x;
    lane[0][l] += x;
    lane[1][l] += square;
    lane[2][l] += square * x;
    lane[3][l] += square * square;
}

/* The lanes stay where the processor is fastest with them. */
RAD_KERNEL_LOOP void add_power_lanes_loop(const double *x, size_t count, double centre,
                                          double (*restrict lane)[LANES]) {
    double first[LANES] = {0}, second[LANES] = {0}, third[LANES] = {0}, fourth[LANES] = {0};
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double v = x[i + l] - centre, square = v * v;
            first[l] += v;
            second[l] += square;
            third[l] += square * v;
            fourth[l] += square * square;
        }
    for (size_t l = 0; l < LANES; l++) {
        lane[0][l] = first[l];
        lane[1][l] = second[l];
        lane[2][l] = third[l];
        lane[3][l] = fourth[l];
    }
}
RAD_KERNEL(add_power_lanes, (const double *x, size_t count, double centre, double (*restrict lane)[LANES]),
           (x, count, centre, lane))

void rad_sum_powers(const double *x, size_t count, double centre, double powers[4]) {
    for (int k = 0; k < 4; k++) powers[k] = 0;
    for (size_t first = 0; first < count; first += BLOCK) {
        double lane[4][LANES];
        const size_t here = count - first < BLOCK ? count - first : BLOCK, whole = here - here % LANES;
        add_power_lanes(x + first, whole, centre, lane);
        for (size_t i = whole; i < here; i++) add_powers(x[first + i] - centre, i - whole, lane);
        for (int k = 0; k < 4; k++) powers[k] += add_lanes(lane[k]);
    }
}
