/* Rounds of models in the ledger: a line for each state that was answered, with the weights by which its sums
 * tell of patients, so that all rounds and releases are looked at together. */
#ifndef RAD_LEDGER_ROUNDS_H
#define RAD_LEDGER_ROUNDS_H

#include "../../io/tree.h"
#include "ledger.h"
#include "round_answer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A round at hand. */
typedef struct rad_ledger_round {
    const rad_study *study;
    const rad_round_state *state;
    const rad_round_rows *rows;
    const rad_round_sums *sums;
    const rad_permit *permit;
    const rad_rules *rules;
    const rad_round_weights *weights; /* of its points, as the ledger keeps them: in single precision */
    const rad_round_weights *ranks; /* of the outcomes, by the order of a predictor; none: no order leaves */
} rad_ledger_round;

/* Takes a line, which the ledger then owns. RAD_UNTRUSTED: it is no round. */
rad_status rad_ledger_round_read(rad_ledger *ledger, json_t *line, size_t number,
                                 rad_error *error) RAD_MUST_CHECK;

/* *known: that state was answered, with the same sums. RAD_REFUSED: with others, or the rows of the model are
 * others than in a round before. RAD_SPENT: the model has had as many rounds as the study allows. */
rad_status rad_ledger_round_check(const rad_ledger *ledger, const rad_ledger_round *round, bool *known,
                                  rad_error *error) RAD_MUST_CHECK;

/* Rounds of all models; the weights of one, and the numbers of its patients among all of the ledger, both to
 * be released, also where it fails. RAD_UNTRUSTED: they cannot be read. */
size_t rad_ledger_round_count(const rad_ledger *ledger);
size_t rad_ledger_round_rows(const rad_ledger *ledger); /* weights of all of them */

/* The first round of the model of a round, of the one at hand: how many there are, if it is the first. */
size_t rad_ledger_round_model(const rad_ledger *ledger, size_t at);
size_t rad_ledger_round_first(const rad_ledger *ledger, const rad_ledger_round *round);
rad_status rad_ledger_round_weights(const rad_ledger *ledger, size_t at, rad_round_weights *weights,
                                    uint32_t **person, rad_error *error) RAD_MUST_CHECK;

/* The weights by which the order of a predictor told of outcomes in that round; none mostly. */
rad_status rad_ledger_round_ranks(const rad_ledger *ledger, size_t at, rad_round_weights *ranks,
                                  uint32_t **person, rad_error *error) RAD_MUST_CHECK;

/* The columns of a model, with the first of its rounds; none with the others. */
rad_status rad_ledger_round_columns(const rad_ledger *ledger, size_t at, rad_round_weights *columns,
                                    uint32_t **person, rad_error *error) RAD_MUST_CHECK;

size_t rad_ledger_round_told(const rad_ledger *ledger); /* of both, of all rounds */

/* Did an order leave for that model? Of this state it leaves again, or stays at home again; a model has one.
 */
typedef enum rad_order_left {
    RAD_ORDER_NONE,
    RAD_ORDER_THIS,
    RAD_ORDER_WITHOUT,
    RAD_ORDER_OTHER
} rad_order_left;
rad_order_left rad_ledger_round_order(const rad_ledger *ledger, const rad_ledger_round *round,
                                      size_t *rows); /* of outcomes that left with that of this state */

/* Numbers of the patients of a cohort among all of the ledger, and how many these are. */
rad_status rad_ledger_round_persons(const rad_ledger *ledger, const rad_cohort *cohort, uint32_t *person,
                                    size_t *all, rad_error *error) RAD_MUST_CHECK;

/* What a round tells with all that left before. */
typedef struct rad_round_worth {
    double equations, most; /* for the values of a column, and how many there may be */
    double one;             /* share of a combination that rests on one patient, the largest */
} rad_round_worth;

/* round_together.c: what the weights of this round tell together with all that left: the releases of this
 * study and of others, all rounds. RAD_REFUSED: a combination nearly rests on few. RAD_SPENT: they are more
 * than the rule rows allows; a round has one equation where sums have two (of the value and of its square),
 * so twice as many. */
rad_status rad_round_together(const rad_ledger *ledger, const rad_ledger_round *round, rad_round_worth *worth,
                              rad_error *error) RAD_MUST_CHECK;

/* Appends the round: durable when it returns RAD_OK. */
rad_status rad_ledger_round_append(rad_ledger *ledger, const rad_ledger_round *round,
                                   rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
