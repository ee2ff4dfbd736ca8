/* Features of the neighbourhood grey tone differences (IPET) from what stands for each level. */
#ifndef RAD_TONE_H
#define RAD_TONE_H

#include "../core/value.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tone differences of the levels that occur, ascending; only voxels that have neighbours count. */
typedef struct rad_tone {
    size_t levels;          /* N_g,p */
    const double *i;        /* the level */
    const double *p;        /* its share n_i / N_v,c */
    const double *s;        /* sum of |i - mean of the neighbours| */
    const double *products; /* i p_i, ascending */
    double voxels;          /* N_v,c */
    double difference;      /* sum of s_i */
} rad_tone;

/* sum of p_i s_i */
double rad_tone_weighted(const rad_tone *tone);

rad_value rad_tone_coarseness(const rad_tone *tone);
rad_value rad_tone_contrast(const rad_tone *tone);
rad_value rad_tone_busyness(const rad_tone *tone);
rad_value rad_tone_complexity(const rad_tone *tone);
rad_value rad_tone_strength(const rad_tone *tone);

#ifdef __cplusplus
}
#endif
#endif
