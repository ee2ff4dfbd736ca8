/* Pairs of patients that a score puts in the order of their outcomes, counted in whole numbers. Nothing here
 * knows of studies, variables or files. */
#ifndef RAD_CONCORDANCE_H
#define RAD_CONCORDANCE_H

#include "../exact.h"
#include "outcomes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No number below overflows up to so many patients. */
enum { RAD_CONCORDANCE_MAX = 1 << 20 };

/* Of pairs that can be compared: doubled counts a concordant one twice and one of tied scores once. The sums
 * of squares are over patients, of what both are for a patient's own pairs. */
typedef struct rad_concordance {
    uint64_t events, others;
    uint64_t pairs, doubled;
    uint64_t doubled2_events, doubled2_others; /* of two outcomes */
    uint64_t doubled2, both, pairs2;           /* of times: of doubled, of doubled times pairs, of pairs */
    uint64_t most;                             /* pairs of the patient who has most */
} rad_concordance;

/* Two outcomes: every patient with the event and every other are a pair, concordant where the former has the
 * larger score. O(n log n). x finite. */
rad_status rad_concordance_of_two(const double *x, const bool *event, size_t count, rad_concordance *out,
                                  rad_error *error) RAD_MUST_CHECK;

/* What DeLong's variance is of, of two outcomes (performance.h). */
rad_status rad_concordance_spread(const rad_concordance *of, rad_exact *spread,
                                  rad_error *error) RAD_MUST_CHECK;

/* Times: a pair is one who had the event and one who was there longer (also who was censored at that very
 * time), concordant where the former has the larger score. O(n log n). x and times finite. */
rad_status rad_concordance_of_times(const double *x, const double *time, const bool *event, size_t count,
                                    rad_concordance *out, rad_error *error) RAD_MUST_CHECK;

/* What each patient has of those pairs. */
rad_status rad_concordance_each(const double *x, const rad_outcomes *of, uint64_t *doubled, uint64_t *pairs,
                                rad_error *error) RAD_MUST_CHECK;

/* At least so many patients have to be left out that two outcomes with times order the others alike, with
 * the same events; 0 where both are alike, ties among them. O(n log n). */
rad_status rad_concordance_differ(const double *time, const bool *event, const double *other_time,
                                  const bool *other_event, size_t count, size_t *differ,
                                  rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
