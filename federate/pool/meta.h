/* Random-effects meta-analysis of the sites' estimates: a check of heterogeneity beside every pooled
 * estimate. */
#ifndef RAD_META_H
#define RAD_META_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_meta_method { RAD_META_REML, RAD_META_PM, RAD_META_DL, RAD_META_METHODS } rad_meta_method;
extern const char *const rad_meta_words[RAD_META_METHODS]; /* "REML", "PM", "DL" */

/* NaN where undefined (fewer than two sites). */
typedef struct rad_meta {
    size_t sites;
    double tau2, estimate, se;
    double low, high; /* 95 %, modified Knapp and Hartung: the factor is at least 1 (Roever 2015) */
    double q, q_p;    /* Cochran's Q and its p-value */
    double i2;        /* per cent, from tau2 and the typical variance (Higgins and Thompson 2002) */
    double predict_low, predict_high; /* 95 % prediction interval, t with sites - 1 degrees of freedom */
} rad_meta;

/* Estimates y with variances v > 0. REML by Fisher scoring, Paule and Mandel by Newton's method, to 1e-13;
 * DerSimonian and Laird in closed form. */
void rad_meta_analyse(const double *y, const double *v, size_t sites, rad_meta_method method, rad_meta *out);

#ifdef __cplusplus
}
#endif
#endif
