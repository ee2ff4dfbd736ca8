/* Changes of repeated measurements from the first occasion, by the levels of factors: what leaves of a
 * variable. */
#ifndef RAD_CHANGE_H
#define RAD_CHANGE_H

#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cells: patients who have all occasions; then of each level of each factor that changes are described by:
 * its patients, and sums of the differences of each later occasion from the first and of their squares. */
size_t rad_change_cells(const rad_study *study);
size_t rad_change_level(const rad_study *study, size_t factor, size_t level);

/* The difference of that occasion (1, 2, ...) in a level, as moments that borrow the sums; no powers where
 * they are withheld. */
rad_moments rad_change_moments(const rad_summary *summary, const rad_study *study, size_t variable,
                               size_t factor, size_t level, size_t occasion);

#ifdef __cplusplus
}
#endif
#endif
