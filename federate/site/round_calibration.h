/* Calibration of a predictor at a site that had no part in it: the model of the response with the predictor
 * as its one term, fitted to the site's own patients in one go. */
#ifndef RAD_ROUND_CALIBRATION_H
#define RAD_ROUND_CALIBRATION_H

#include "../rules.h"
#include "round_order.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Slope and its variance, of logistic regression intercept and its variance, behind the order's numbers
 * (cells->count RAD_SLOPE_CELLS, RAD_CALIBRATED_CELLS), to 2^-50; and behind the order's weights those by
 * which they tell, as a part for each estimate. Nothing where there is no estimate, or where two patients
 * dominate it. It adds to columns: how each number changes with each predictor, taken as told exactly; to
 * outcomes: how an estimate changes with each, since its equation is a sum over the events. */
rad_status rad_round_calibrate(const rad_round_rows *rows, const double *eta, const rad_rules *rules,
                               rad_round_cells *cells, rad_round_order *order,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
