#include "fineness.h"

#include "../step.h"

#include <math.h>

enum { LOSS = 12, CHANCE = 30, LEAST_STEPS = 8, FRACTIONS = 1000 };

rad_fineness rad_fineness_round(double *x, size_t count, int power) {
    double mean = 0, square = 0, lost = 0, largest = 0, n = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(x[i])) continue;
        const double d = x[i] - mean, rounded = rad_step_rounded(x[i], power);
        mean += d / ++n;
        square += d * (x[i] - mean);
        lost += (rounded - x[i]) * (rounded - x[i]);
        largest = fmax(largest, fabs(rounded));
        x[i] = rounded;
    }
    return largest > ldexp(1, power + RAD_STEP_BITS)  ? RAD_FINENESS_FINE
           : square > 0 && ldexp(lost, LOSS) > square ? RAD_FINENESS_COARSE
                                                      : RAD_FINENESS_GOOD;
}

/* What is looked at: values, their centre and step. */
typedef struct values {
    const double *x;
    size_t count, few;
    double centre, step, largest;
} values;

/* How many are not within half a step of a multiple of h; `most` where it is as many or more. *distinct: of
 * how many different values, other than 0, the rest are. */
static size_t count_off(const values *v, double h, size_t most, size_t *distinct) {
    size_t off = 0;
    *distinct = 0;
    for (size_t i = 0; i < v->count && off < most; i++) {
        const double y = v->x[i] + v->centre, nearest = h * nearbyint(y / h);
        const bool away = fabs(y - nearest) > v->step / 2 + fabs(y) * 0x1p-50;
        off += away;
        *distinct += !away && nearest != 0 && !(i && v->x[i] == v->x[i - 1]);
    }
    return off;
}

/* The probability that a value lies on the lattice of h by chance: all may lie on a fraction of h, as tenths
 * do. */
static double share_of(const values *v, double h) {
    size_t distinct;
    for (int q = 2; q <= FRACTIONS && h >= 4 * q * v->step; q++)
        if (!count_off(v, h / q, 1, &distinct)) return 1.0 / q;
    return v->step / h;
}

/* Do all but 1 to few - 1 values lie on the lattice of h, and is it less likely than 2^-CHANCE that so many
 * different ones do? */
static bool isolates(const values *v, double h) {
    size_t distinct;
    if (h < LEAST_STEPS * v->step || h > v->largest) return false;
    const size_t off = count_off(v, h, v->few, &distinct);
    if (!off || off >= v->few) return false;
    double bits = (double)distinct * log2(share_of(v, h));
    for (size_t i = 0; i < off; i++) bits += log2((double)(v->count - i) / (double)(i + 1));
    return bits < -CHANCE;
}

bool rad_fineness_isolates(const double *x, size_t count, const rad_transform *t, size_t cell) {
    values v = {x, count, cell / 2 > 3 ? cell / 2 : 3, t->centre, ldexp(1, t->step), 0};
    if (t->logarithm) return false;
    for (size_t i = 0; i < count; i++) v.largest = fmax(v.largest, fabs(x[i] + t->centre));
    for (int two = t->step; ldexp(1, two) <= v.largest; two++)
        if (isolates(&v, ldexp(1, two))) return true;
    for (int ten = (int)floor(log10(v.step)); pow(10, ten) <= v.largest; ten++)
        if (isolates(&v, pow(10, ten)) || isolates(&v, 2 * pow(10, ten)) || isolates(&v, 5 * pow(10, ten)))
            return true;
    return false;
}
