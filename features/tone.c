#include "tone.h"

#include <math.h>

/* sum of p_i s_i */
double rad_tone_weighted(const rad_tone *t) {
    double sum = 0;
    for (size_t k = 0; k < t->levels; k++) sum += t->p[k] * t->s[k];
    return sum;
}

/* A homogeneous ROI has no differences: the manual sets 10^6. */
rad_value rad_tone_coarseness(const rad_tone *t) {
    const double sum = rad_tone_weighted(t);
    return rad_defined(sum > 0 ? fmin(1 / sum, 1e6) : 1e6);
}

/* sum over k of p_k i^power */
static double level_moment(const rad_tone *t, int power) {
    double sum = 0;
    for (size_t k = 0; k < t->levels; k++) sum += t->p[k] * pow(t->i[k], power);
    return sum;
}

/* sum over pairs of p_i p_j (i - j)^2 = 2 (E i^2 - (E i)^2), summed about the mean. */
rad_value rad_tone_contrast(const rad_tone *t) {
    const double n = (double)t->levels, mean = level_moment(t, 1);
    double spread = 0;
    if (t->levels < 2) return rad_defined(0); /* as the manual says */
    for (size_t k = 0; k < t->levels; k++) spread += t->p[k] * (t->i[k] - mean) * (t->i[k] - mean);
    return rad_defined(2 * spread / (n * (n - 1)) * t->difference / t->voxels);
}

/* sum over pairs of |i p_i - j p_j|: each of the sorted products counts once for every smaller one. */
static double pairwise_spread(const rad_tone *t) {
    double sum = 0;
    for (size_t k = 0; k < t->levels; k++) sum += t->products[k] * (2 * (double)k + 1 - (double)t->levels);
    return 2 * sum;
}

rad_value rad_tone_busyness(const rad_tone *t) {
    if (t->levels < 2) return rad_defined(0); /* as the manual says */
    const double spread = pairwise_spread(t);
    return spread == 0 ? rad_undefined(RAD_ZERO_DIVISOR) : rad_defined(rad_tone_weighted(t) / spread);
}

rad_value rad_tone_complexity(const rad_tone *t) {
    double sum = 0;
    for (size_t a = 0; a < t->levels; a++)
        for (size_t b = 0; b < a; b++)
            sum += (t->i[a] - t->i[b]) * (t->p[a] * t->s[a] + t->p[b] * t->s[b]) / (t->p[a] + t->p[b]);
    return rad_defined(2 * sum / t->voxels);
}

/* sum over pairs of (p_i + p_j) (i - j)^2 = 2 sum_i p_i sum_j (i - j)^2; 0 without differences, as the manual
 * says. */
rad_value rad_tone_strength(const rad_tone *t) {
    if (!(t->difference > 0)) return rad_defined(0);
    double first = 0, second = 0, sum = 0;
    for (size_t k = 0; k < t->levels; k++) {
        first += t->i[k];
        second += t->i[k] * t->i[k];
    }
    for (size_t k = 0; k < t->levels; k++)
        sum += t->p[k] * ((double)t->levels * t->i[k] * t->i[k] - 2 * t->i[k] * first + second);
    return rad_defined(2 * sum / t->difference);
}
