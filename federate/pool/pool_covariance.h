/* Covariances of a panel of variables, and what hangs together in it. */
#ifndef RAD_POOL_COVARIANCE_H
#define RAD_POOL_COVARIANCE_H

#include "correlations.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_covariance_results {
    rad_relation *pairs; /* [j (j + 1) / 2 + i], NaN where withheld; owned */
    rad_correlations correlations;
    rad_basis matrix;         /* the weakest of its pairs */
    bool mixed;               /* its pairs are not all of the same patients */
    size_t components;        /* of which there are vectors */
    double *values, *vectors; /* eigenvalues, eigenvectors of the correlations; owned */
    size_t *cluster;          /* [column of the correlations], owned */
    bool *kept;               /* likewise */
} rad_covariance_results;

/* What a pair i <= j of the panel stands on. */
rad_basis rad_pool_covariance_basis(const rad_results *results, size_t i, size_t j);

#ifdef __cplusplus
}
#endif
#endif
