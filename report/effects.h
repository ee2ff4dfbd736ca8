/* Plots of what a model is made of: an effect for each name with its interval, and lines over lambda. */
#ifndef RAD_EFFECTS_H
#define RAD_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* low, high: NaN where there is no interval. */
typedef struct rad_effect {
    const char *name;
    double value, low, high;
} rad_effect;

typedef struct rad_effects {
    const char *title, *desc, *axis, *unit;
    const rad_effect *row;
    size_t count;
    double from, to; /* of the axis */
    bool ratio;      /* values are logarithms of ratios, which the axis has, with a line at 1 */
} rad_effects;

/* A figure: dots with their intervals, a row each. */
void rad_effects_put(FILE *out, const rad_effects *effects);

/* The range of all, and of 0. */
void rad_effects_range(rad_effects *effects);

typedef struct rad_path {
    const char *title, *desc, *axis, *unit;
    const double *lambda; /* [step], falling, above 0 */
    size_t steps, lines;
    size_t chosen; /* a step with an upright line; from `steps` on: none */
    double (*at)(const void *of, size_t step, size_t line); /* NaN: not known */
    const void *of;
    const rad_effect *row; /* the first of these have names and colours, */
    const size_t *line;    /* [row]: and are those lines */
    size_t rows;
} rad_path;

/* A figure: a line for each over the logarithm of lambda. */
void rad_path_put(FILE *out, const rad_path *path);

#ifdef __cplusplus
}
#endif
#endif
