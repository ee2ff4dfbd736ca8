#include "sum.h"

#include <math.h>

enum { BLOCK = 4096, LANES = 8 };

static double add_lanes(const double lane[LANES]) {
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* Defines a sum over blocks of the expression TERM of x[i]. */
#define DEFINE_SUM(name, TERM)                                                                               \
    static double name##_block(const double *x, size_t count, double centre) {                               \
        double lane[LANES] = {0};                                                                            \
        size_t i = 0;                                                                                        \
        (void)centre;                                                                                        \
        for (; i + LANES <= count; i += LANES)                                                               \
            for (size_t l = 0; l < LANES; l++) lane[l] += TERM(x[i + l]);                                    \
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
#define ABSOLUTE(v) fabs((v)-centre)
DEFINE_SUM(sum_plain, PLAIN)
DEFINE_SUM(sum_absolute, ABSOLUTE)

double rad_sum(const double *x, size_t count) {
    return sum_plain(x, count, 0);
}

double rad_sum_absolute(const double *x, size_t count, double centre) {
    return sum_absolute(x, count, centre);
}

static void add_powers(double x, size_t l, double lane[4][LANES]) {
    const double square = x * x;
    lane[0][l] += x;
    lane[1][l] += square;
    lane[2][l] += square * x;
    lane[3][l] += square * square;
}

void rad_sum_powers(const double *x, size_t count, double centre, double powers[4]) {
    for (int k = 0; k < 4; k++) powers[k] = 0;
    for (size_t first = 0; first < count; first += BLOCK) {
        double lane[4][LANES] = {{0}};
        const size_t end = count - first < BLOCK ? count : first + BLOCK;
        size_t i = first;
        for (; i + LANES <= end; i += LANES)
            for (size_t l = 0; l < LANES; l++) add_powers(x[i + l] - centre, l, lane);
        for (size_t l = 0; i < end; i++, l++) add_powers(x[i] - centre, l, lane);
        for (int k = 0; k < 4; k++) powers[k] += add_lanes(lane[k]);
    }
}
