/* Parts of what may leave: rows that join those of a class of variables together, or not at all. */
#ifndef RAD_PARTS_H
#define RAD_PARTS_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets of patients, and weights of all patients. */
typedef struct rad_part {
    rad_sets sets;
    size_t patients, count, capacity, places;
    double *weights;  /* [row][patient] */
    size_t *measured; /* [row] which variable's measurements; RAD_PART_SCORE: a few values */
} rad_part;           /* all owned */

#define RAD_PART_SCORE SIZE_MAX

rad_part rad_part_make(const rad_cohort *cohort);
void rad_part_free(rad_part *part);

/* The values of a variable among some patients, as weights of what is summed over these; a variable of two
 * values makes a set. */
rad_status rad_part_add_variable(rad_part *part, const rad_permitting *m, size_t variable,
                                 const uint64_t *set) RAD_MUST_CHECK;

/* What the rows of a class and those of the part tell together. */
rad_status rad_part_try(const rad_permitting *m, size_t class, const rad_part *part,
                        rad_audit_verdict *verdict) RAD_MUST_CHECK;

/* The same, and the part is of the class where that is fine. */
rad_status rad_part_admit(rad_permitting *m, size_t class, const rad_part *part,
                          rad_audit_verdict *verdict) RAD_MUST_CHECK;

/* A part of one set, which is not empty. */
rad_status rad_part_admit_set(rad_permitting *m, size_t class, const uint64_t *set,
                              bool *fits) RAD_MUST_CHECK;

/* Appends to some sets of a class what is left over where one of them lies in another set of the class, or
 * the other way round: what holds for sets holds for these. Sets that the analyses before had, too, were
 * looked at with all others then, or these stay at home. What such sets make up together is left out. Then,
 * as differences, what two have beyond each other where neither lies in the other. */
rad_status rad_part_add_remainders(const rad_class *class, rad_sets *sets, rad_error *error) RAD_MUST_CHECK;

/* Appends the difference of a set and of the sets of a factor that lie in it for the most part, where these
 * are two and more: of a grouping and one that is coarser. Not where more than `most` are in it. */
rad_status rad_part_add_nearest(const rad_sets *levels, const uint64_t *set, size_t most, rad_sets *sets,
                                rad_error *error) RAD_MUST_CHECK;

/* May the sums of a variable over each of these sets, or their differences, leave? Not where all but a few
 * have one value (on either side of a difference), where two patients dominate, or where few in a set have a
 * value of a score. values: room for all patients. */
rad_status rad_part_look(const rad_permitting *m, size_t variable, const rad_sets *sets, double *values,
                         bool *fine, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
