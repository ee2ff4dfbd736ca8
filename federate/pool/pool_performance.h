/* How well scores that are fixed before do, of all sites: AUC and C by site, stratified and by random
 * effects; classes of the score by outcome, on cuts that sites have in common. */
#ifndef RAD_POOL_PERFORMANCE_H
#define RAD_POOL_PERFORMANCE_H

#include "basis.h"
#include "meta.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An estimate with its standard error and 95 % interval; NaN where undefined. */
typedef struct rad_performance_estimate {
    double value, se, low, high;
} rad_performance_estimate;

/* A class of the score, ]from, to], or all patients above a cut. */
typedef struct rad_performance_class {
    double from, to; /* infinite at the ends */
    uint64_t events, others;
    double predicted; /* sum of the probabilities; NaN where it is not told */
} rad_performance_class;

/* Classes at common edges; none where too few sites have part. */
typedef struct rad_performance_classes {
    rad_basis basis;
    size_t count;
    rad_performance_class *class; /* owned */
    uint64_t events, others;
} rad_performance_classes;

typedef struct rad_performance_results {
    rad_basis basis;
    uint64_t events, others;
    rad_performance_estimate *site; /* [site], of AUC or C; owned */
    /* Pairs within sites, all of them together: AUC by DeLong's variances, C as of strata. Intervals are on
     * the logit. */
    rad_performance_estimate stratified;
    rad_meta random;                   /* of the logits of the sites (REML) */
    rad_performance_classes classes;   /* of sites that show classes */
    rad_performance_classes predicted; /* of those that also show sums of predictions */
    double auc_low,
        auc_high; /* of all pairs, those across sites too, it lies there for certain, by the classes */
    double precision_low, precision_high; /* average precision, likewise */
    double brier, brier_scaled;
    rad_basis told; /* sites that tell what they predict, whatever their classes */
    uint64_t told_events;
    rad_performance_estimate ratio;            /* observed by expected events of these; on the log */
    rad_performance_estimate slope, intercept; /* logistic calibration of the classes, of 3 or more */
} rad_performance_results;

/* With an interval on the logit, where it has one. */
rad_performance_estimate rad_performance_estimated(double value, double variance);

/* The logit of an estimate between 0 and 1, with its variance; false: it has none. */
bool rad_performance_logit(const rad_performance_estimate *estimate, double *y, double *v);
double rad_performance_share(double logit);

/* Patients above the edge at the beginning of class `at`. */
void rad_performance_above(const rad_performance_classes *classes, size_t at, uint64_t *events,
                           uint64_t *others);

/* The share of events of a class, with Wilson's interval. */
void rad_performance_observed(const rad_performance_class *class, rad_performance_estimate *out);

/* Net benefit of treating who is above the edge at the beginning of class `at`, which is the threshold t:
 * true positives less t / (1 - t) false ones, by all patients; the same of treating all; false positives that
 * are avoided against that, by patient. */
typedef struct rad_performance_benefit {
    double model, all, avoided;
} rad_performance_benefit;
void rad_performance_decide(const rad_performance_classes *classes, size_t at, rad_performance_benefit *out);

/* Observed by expected events of a site, where it tells them. */
void rad_performance_ratio(uint64_t events, uint64_t others, double predicted, rad_performance_estimate *out);

/* Sum of what one site predicts; false: it does not tell. */
rad_status rad_performance_predicted(const rad_performed *performed, double *out, bool *told,
                                     rad_error *error) RAD_MUST_CHECK;

/* Slope and intercept of a logistic regression of the events of classes on the logit of the mean prediction,
 * by maximum likelihood to 1e-12; NaN where it has none. */
void rad_performance_calibrate(const rad_performance_classes *classes, rad_performance_estimate *slope,
                               rad_performance_estimate *intercept);

#ifdef __cplusplus
}
#endif
#endif
