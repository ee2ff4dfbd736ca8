/* May a site answer a round? What can be said of the round by itself; what it tells with all that left before
 * is looked at by the ledger (rad_round_together). */
#ifndef RAD_ROUND_JUDGE_H
#define RAD_ROUND_JUDGE_H

#include "../rules.h"
#include "round_answer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RAD_REFUSED: few patients, few with or without the event; few who have the event or are in the cohort, and
 * miss a term; more columns than the rule parameters allows. */
rad_status rad_round_judge_rows(const rad_round_rows *rows, const rad_study *study, const rad_rules *rules,
                                rad_error *error) RAD_MUST_CHECK;

/* RAD_REFUSED: two patients make up most of a score at these weights (of whom first is that of residuals). */
rad_status rad_round_judge_weights(const rad_round_rows *rows, const rad_round_weights *weights, size_t first,
                                   const rad_rules *rules, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
