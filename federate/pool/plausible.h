/* Sums that cannot be: whatever the patients of a site are, their exact sums keep to equalities and
 * inequalities of whole numbers. A file that breaks one is broken or forged. Parts that are withheld make an
 * equality an inequality of what is left. */
#ifndef RAD_PLAUSIBLE_H
#define RAD_PLAUSIBLE_H

#include "../summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RAD_UNTRUSTED: names site and variable, and says which inequality is broken. */
rad_status rad_plausible_check(const rad_summary *site, const rad_study *study,
                               rad_error *error) RAD_MUST_CHECK;

/* A site at the bar. */
typedef struct rad_judging {
    const rad_summary *site;
    const rad_study *study;
    rad_error *error;
} rad_judging;

/* RAD_UNTRUSTED: what of the site cannot be, and why. */
rad_status rad_plausible_fail(const rad_judging *j, const char *what, const char *format, ...)
    RAD_PRINTF(3, 4) RAD_MUST_CHECK;

typedef enum rad_fault {
    RAD_FAULT_NONE,
    RAD_FAULT_MORE,   /* a part of more patients than the whole */
    RAD_FAULT_EMPTY,  /* nobody, but sums that are not 0 */
    RAD_FAULT_FIRST,  /* n aa < a^2 */
    RAD_FAULT_SECOND, /* n bb < b^2 */
    RAD_FAULT_PAIR,   /* (n ab - a b)^2 > (n aa - a^2) (n bb - b^2) */
    RAD_FAULT_RANGE,  /* beyond all sums of doubles */
    RAD_FAULTS
} rad_fault;

/* Can two variables of n patients have these sums? */
rad_status rad_plausible_pair(const rad_pair_view *pair, rad_fault *fault, rad_error *error) RAD_MUST_CHECK;

/* Can n values have these sums of powers? With four, x and x^2 are a pair. No powers: yes. */
rad_status rad_plausible_moments(const rad_moments *moments, rad_fault *fault,
                                 rad_error *error) RAD_MUST_CHECK;

/* Can the patients of `part` be some of those of `all`? What is left has to be possible as well. */
rad_status rad_plausible_part(const rad_moments *all, const rad_moments *part, rad_fault *fault,
                              rad_error *error) RAD_MUST_CHECK;

/* Adds without running over. */
uint64_t rad_plausible_add(uint64_t a, uint64_t b);

/* By how much that many rounded counts may differ from the true ones, together. */
uint64_t rad_plausible_slack(const rad_judging *j, uint64_t counts);

/* What belongs to the analyses (plausible_counts.c, plausible_products.c, plausible_performance.c). */
rad_status rad_plausible_levels(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_histograms(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_tables(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_change(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_survival(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_covariance(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_model(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_reliability(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_performance(const rad_judging *j) RAD_MUST_CHECK;
rad_status rad_plausible_ranks(const rad_judging *j) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
