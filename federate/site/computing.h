/* Numbers that are computed of others (computed.h): ranks within the site, columns of a spline. What they
 * tell beside their source is looked at here; all else, sets, weights, products, is that of any variable. */
#ifndef RAD_COMPUTING_H
#define RAD_COMPUTING_H

#include "permit.h"
#include "told.h"

#ifdef __cplusplus
extern "C" {
#endif

bool rad_computed_is_rank(const rad_variable *variable);

/* Values of the source, in their place, become twice the midrank less the number of patients and one, among
 * the patients that count: whole numbers whose sum is 0. */
rad_status rad_computed_rank(rad_cohort *cohort, rad_error *error) RAD_MUST_CHECK;

/* After sums of all patients. A number is refused by name:
 * - ranks, where a few are tied with another, whose number the sum of squares tells;
 * - a spline, where between two knots fewer than the minimum are beyond the six values (five, of three knots)
 *   that are most frequent there, of all patients, or of each level of a factor of the model and these added
 *   up; or of one level beyond three (two): a combination of its columns and its source is a cubic between
 *   knots, with their squares and products of degree 6, so that it would rest on few; and where its sums, and
 *   its products with the columns of the model, are more equations for the source than the rule rows leaves;
 * - ranks in `model`, whose products with levels no rule looks at as it does at ranks by groups;
 * - either, where sums of the source stay at home. */
rad_status rad_computed_permit(rad_permitting *m) RAD_MUST_CHECK;

/* Do third and fourth powers stay at home? Of what is computed, and of the source of a spline: with them a
 * combination could be 0 between all knots, and rest on those beyond. */
bool rad_computed_has_squares_only(const rad_permitting *m, size_t variable);

/* May the source of splines be counted in these intervals, too? A combination is of degree 6 less a constant
 * in each of them: it has one value more in each at which it may be 0. *fits becomes false, or stays. */
rad_status rad_computed_counts_fit(const rad_permitting *m, size_t source, const rad_binned *counted,
                                   bool *fits, rad_error *error) RAD_MUST_CHECK;

/* May the product of two variables leave? Of ranks with another column, where the squares of the differences
 * of both orders add up to what a patient does who has the first place in one order, and the last in the
 * other, n (n - 1), beyond the least that they can with as many ties; and those from the order the other way
 * round, too: else the order of one would be told to who knows the other. What is computed of one source has
 * one order, which is public. */
rad_status rad_computed_product_fits(const rad_cohort *cohort, size_t a, size_t b, bool *fits,
                                     rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
