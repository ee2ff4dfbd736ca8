/* How well a predictor orders the patients of one site: of a fit to the others, at the site that was left
 * out. */
#ifndef RAD_ROUND_ORDER_H
#define RAD_ROUND_ORDER_H

#include "../rules.h"
#include "round_answer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers and weights up to a part. */
enum { RAD_ROUND_PARTS = 3 };
typedef struct rad_round_part {
    size_t cells, columns, outcomes;
} rad_round_part;

/* What such numbers tell: of a column, as rows of weights like those of sums; and of the outcomes. */
typedef struct rad_round_order {
    size_t point; /* of which it is */
    bool some;
    rad_round_weights columns, outcomes;
    size_t parts; /* the order, then the slope of the calibration, then its intercept */
    rad_round_part part[RAD_ROUND_PARTS]; /* how much there is up to each */
} rad_round_order;

/* The numbers behind the log likelihood of a point, with their weights. They stay at home (cells->count 1)
 * where fewer pairs are in order, or out of order, than the patient has who has most: who knows the order
 * would know whose outcome it is; and of families without an order. The predictor is continuous to an
 * attacker who guesses values: the slope of a count of pairs is that of a triangular kernel of Silverman's
 * width. O(n log n), and the calibration: of times some answers to a round of one column. */
rad_status rad_round_order_find(const rad_round_rows *rows, const rad_round_point *point,
                                const rad_rules *rules, rad_round_cells *cells, rad_round_order *order,
                                rad_error *error) RAD_MUST_CHECK;

/* Up to so many parts, those of the calibration being found with it (round_calibration.h). */
void rad_round_order_cut(rad_round_order *order, rad_round_cells *cells, size_t parts);

/* So far it goes: a part, up to that many numbers. */
void rad_round_order_part(rad_round_order *order, size_t cells);
void rad_round_order_free(rad_round_order *order);

#ifdef __cplusplus
}
#endif
#endif
