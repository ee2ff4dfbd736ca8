/* Covariates that a harmonisation cannot tell from the sites. */
#ifndef RAD_CONFOUNDING_H
#define RAD_CONFOUNDING_H

#include "pool_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The batches of a harmonisation, and the sums of one variable's patients in each of them. */
typedef struct rad_batches {
    const rad_study *study;
    const rad_design *design;
    char (*site)[RAD_SITE]; /* [site] */
    const size_t *batch;    /* of each site, by the first site of it; `sites`: left out */
    size_t sites;
    const rad_scatter *scatter; /* [first site] */
} rad_batches;

/* Are there covariates whose slopes cannot be had within the batches (`within`: their scatters added), though
 * they vary? Says in words which, and how the sites have them: one that differs between batches only, or some
 * of which one follows from the others, within each batch or everywhere. Levels that no patient or all
 * patients have are none. As R's sva, which looks at the rank of batches and covariates together. */
bool rad_confounding_find(const rad_batches *batches, const rad_scatter *within, char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
