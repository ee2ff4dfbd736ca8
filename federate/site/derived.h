/* Levels that a study derives of a number by public cuts. Whoever writes the study chooses the cuts, and the
 * same number is counted in intervals and summed: what all this tells together is looked at here. */
#ifndef RAD_SITE_DERIVED_H
#define RAD_SITE_DERIVED_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* After sums of all patients, before those of groups: levels are sets of the variable that they are of, so
 * that they are audited with all that is summed with it, now and by the ledger. One that would tell of few is
 * refused by name, and its levels are hidden. */
rad_status rad_derived_permit(rad_permitting *m) RAD_MUST_CHECK;

/* A variable as it is counted: values ascending, the interval of each, and in it which values the cuts keep
 * apart (`part`: ascending over all intervals). */
typedef struct rad_derived_bins {
    size_t count, intervals; /* no intervals: it is not counted */
    double *x;
    uint32_t *interval, *part, *row; /* of each value; row: NULL where no cut is of the variable */
    rad_grid_count *counts;
} rad_derived_bins; /* all owned */

/* A variable, and what its cuts follow from: factors that are derived of it, or of what orders the patients
 * as it does (the same in other units). */
typedef struct rad_derived_of {
    const rad_cohort *cohort;
    const rad_study *study;
    const rad_permit *permit; /* levels that are hidden have no cuts; NULL: none is */
    size_t variable;
} rad_derived_of;

/* Intervals of the grid with `least` patients each; where cuts lie in one, it is joined with its neighbours
 * until nobody or `least` are on either side of each cut. intervals is 0 where that cannot be. */
rad_status rad_derived_count(const rad_derived_of *of, size_t least, rad_derived_bins *bins,
                             rad_error *error) RAD_MUST_CHECK;
void rad_derived_bins_free(rad_derived_bins *bins);

/* May counts and sums of powers up to `powers` leave together (rad_told_fits), of all and of each level of a
 * group that is derived? */
bool rad_derived_fits(const rad_derived_of *of, const rad_derived_bins *bins, unsigned powers, size_t least);

/* The cuts of a variable in words, "" where there are none. Returns text. */
const char *rad_derived_text(const rad_cohort *cohort, const rad_study *study, size_t variable, char *text,
                             size_t length);

#ifdef __cplusplus
}
#endif
#endif
