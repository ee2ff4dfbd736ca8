/* Numbers that are computed of others (computed.h): ranks within the site, columns of a spline. What they
 * tell beside their source is looked at here; all else, sets, weights, products, is that of any variable. */
#ifndef RAD_COMPUTING_H
#define RAD_COMPUTING_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

bool rad_computed_is_rank(const rad_variable *variable);

/* Values of the source, in their place, become twice the midrank less the number of patients and one, among
 * the patients that count: whole numbers whose sum is 0. */
rad_status rad_computed_rank(rad_cohort *cohort, rad_error *error) RAD_MUST_CHECK;

/* After sums of all patients. A number is refused by name:
 * - ranks, where a few are tied with another, whose number the sum of squares tells;
 * - a spline, where between two knots fewer than the minimum are beyond the three values (two, of three
 *   knots) that are most frequent there, of all patients or of a level of the model: a combination of its
 * columns and its source is a cubic between knots, so that it would rest on few; and where its sums, and its
 * products with the columns of the model, are more equations for the source than the rule rows leaves;
 * - either, where sums of the source stay at home. */
rad_status rad_computed_permit(rad_permitting *m) RAD_MUST_CHECK;

/* May the product of two variables leave? Of ranks, where the squares of their differences add up to what a
 * patient does who has the first place in one order, and the last in the other, n (n - 1); and those from the
 * order the other way round, too: else the order of one would be told to who knows the other. */
bool rad_computed_product_fits(const rad_cohort *cohort, size_t a, size_t b);

#ifdef __cplusplus
}
#endif
#endif
