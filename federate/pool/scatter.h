/* Centred sums of a variable and the columns of a model, and least squares from them. */
#ifndef RAD_SCATTER_H
#define RAD_SCATTER_H

#include "../design.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Means, and sums of squares and products about them, of one variable y and the columns d of a model. */
typedef struct rad_scatter {
    double n, y, yy;
    double d[RAD_DESIGN_MAX], dy[RAD_DESIGN_MAX],
        dd[RAD_DESIGN_MAX * RAD_DESIGN_MAX]; /* dd[i * columns + j] */
} rad_scatter;

/* Of the cells of a summary; numerators are exact. */
rad_status rad_scatter_compute(const rad_exact *cells, size_t columns, rad_scatter *out,
                               rad_error *error) RAD_MUST_CHECK;

/* Nothing yet. */
void rad_scatter_clear(rad_scatter *scatter, size_t columns);

/* Adds products; means are not touched. */
void rad_scatter_add(rad_scatter *to, const rad_scatter *from, size_t columns);

/* Forgets all columns but the first `keep`. */
void rad_scatter_drop(rad_scatter *scatter, size_t columns, size_t keep);

/* The same, after least squares took the other columns out of these and of y: of 0 and 1 for batches, what is
 * left are sums about the means of each batch. What the batches explain all of (but a 1e-12th) is 0. */
void rad_scatter_within(rad_scatter *scatter, size_t columns, size_t keep);

/* Least squares: slopes and the inverse of dd, NaN for columns that do not vary. False: columns that depend
 * on each other. */
typedef struct rad_fit {
    double slope[RAD_DESIGN_MAX], inverse[RAD_DESIGN_MAX * RAD_DESIGN_MAX];
    double residual; /* sum of squares */
    size_t used;     /* columns that vary */
} rad_fit;
bool rad_scatter_fit(const rad_scatter *s, size_t columns, rad_fit *out);

#ifdef __cplusplus
}
#endif
#endif
