/* Histograms of one number that is counted more than once: in other units, or in an earlier release. Each is
 * fine by itself; between an edge of one and an edge of the other there may be few. */
#ifndef RAD_INTERVALS_H
#define RAD_INTERVALS_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The interval of each patient, counted from 0; -1: without a value. The outer ones hold what is beyond. */
void rad_intervals_place(const rad_cohort *cohort, size_t variable, const rad_grid_count *counts,
                         size_t count, int32_t *interval);

/* Do two countings fit together: of the patients who share an interval in each of both, and of those of an
 * interval who are not in the other counting, nobody or `least`? *fits. */
rad_status rad_intervals_fit(const int32_t *a, const int32_t *b, size_t patients, size_t least, bool *fits,
                             rad_error *error) RAD_MUST_CHECK;

/* Of variables that order all patients alike, or the other way round, whose histograms do not fit together,
 * the later ones keep theirs. Cost: all pairs, each until two patients are found whom they order otherwise.
 */
rad_status rad_intervals_permit(rad_permitting *m) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
