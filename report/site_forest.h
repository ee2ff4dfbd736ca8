/* A forest of what sites estimate, with diamonds of what that is together. */
#ifndef RAD_SITE_FOREST_H
#define RAD_SITE_FOREST_H

#include "../federate/pool/pool_performance.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_forest_row {
    const char *name;
    rad_performance_estimate is;      /* value NaN: there is no row */
    double predict_low, predict_high; /* of a diamond, a dashed line; NaN: none */
} rad_forest_row;

typedef struct rad_site_forest {
    const char *title, *axis, *unit;
    double neutral;     /* an upright line */
    double least, most; /* what no axis goes beyond */
    size_t sites;
    rad_forest_row (*site)(const void *of, size_t site);
    const void *of;
    const rad_forest_row *sum;
    size_t sums;
} rad_site_forest;

/* Opens a figure and draws the forest; words may follow, and the end of the figure. */
void rad_site_forest_begin(FILE *out, const rad_site_forest *forest);

/* "0.61 to 0.74" */
enum { RAD_FOREST_RANGE = 80 };
const char *rad_forest_range(double low, double high, char text[RAD_FOREST_RANGE]);

/* The estimate of random effects with what is around it; share: it is of logits. */
rad_forest_row rad_forest_random(const rad_meta *meta, bool share);

/* "REML 0.7 (95 % 0.6 to 0.8); ..."; nothing where there is none. */
void rad_forest_say_random(FILE *out, const rad_meta *meta, bool share);

#ifdef __cplusplus
}
#endif
#endif
