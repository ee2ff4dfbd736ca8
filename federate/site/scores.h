/* Numbers of few values. Their sums of powers are equations for how many patients have each value, so they
 * are as telling as counts of levels, and keep the rules of these. */
#ifndef RAD_SCORES_H
#define RAD_SCORES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_SCORE_VALUES = 10 };

typedef struct rad_score {
    uint8_t count; /* 0: no score */
    double value[RAD_SCORE_VALUES];
} rad_score;

/* A score has 2 to RAD_SCORE_VALUES values; of many patients they repeat, of few they are evenly spaced (ages
 * of twelve patients are no score, though they are ten numbers). x sorted. */
void rad_score_find(const double *x, size_t count, rad_score *score);

/* The place of a value, -1: it has none. */
int8_t rad_score_place(const rad_score *score, double x);

/* Has every value at least so many patients? */
bool rad_score_fits(const rad_score *score, const double *x, size_t count, size_t least);

/* Places of two scores, or levels of two factors, of each patient, -1 for none: has every cell of their
 * table, beyond rows and columns without anybody, at least so many? */
enum { RAD_SCORE_PLACES = 64 };
bool rad_score_table_fits(const int8_t *a, const int8_t *b, size_t count, size_t least);

#ifdef __cplusplus
}
#endif
#endif
