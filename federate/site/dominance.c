#include "dominance.h"

#include <math.h>

double rad_dominance_share(const double *x, size_t count, double centre, int power) {
    double sum = 0, first = 0, second = 0;
    for (size_t i = 0; i < count; i++) {
        double v = fabs(x[i] - centre);
        if (power > 1) v *= v;
        if (power > 2) v *= v;
        sum += v;
        if (v > first) {
            second = first;
            first = v;
        } else if (v > second) {
            second = v;
        }
    }
    return sum > 0 ? (first + second) / sum : 0;
}

size_t rad_dominance_others(const double *x, size_t count) {
    size_t most = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && x[end] == x[i];) end++;
        if (end - i > most) most = end - i;
    }
    return most > 1 ? count - most : count;
}

bool rad_dominance_holds(const double *x, size_t count, double limit) {
    return rad_dominance_share(x, count, 0, 1) >= limit || rad_dominance_share(x, count, 0, 2) >= limit ||
           (count && rad_dominance_share(x, count, x[count / 2], 1) >= limit);
}

uint8_t rad_dominance_powers(const double *x, size_t count, double limit) {
    const double median = count ? x[count / 2] : 0;
    if (rad_dominance_holds(x, count, limit)) return 0;
    return rad_dominance_share(x, count, 0, 4) >= limit ||
                   rad_dominance_share(x, count, median, 2) >= limit ||
                   rad_dominance_share(x, count, median, 4) >= limit
               ? 2
               : 4;
}
