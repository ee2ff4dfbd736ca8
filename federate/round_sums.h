/* What a site answers in a round: exact sums at the coefficients of a state, in a signed file. */
#ifndef RAD_ROUND_SUMS_H
#define RAD_ROUND_SUMS_H

#include "exact.h"
#include "round_state.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_ROUND_SUMS_MAX = 1 << 26 };

/* How well a predictor does at a site that had no part in it, behind the log likelihood. Of two outcomes
 * doubled pairs and spread as of performance.h, the sum of the probabilities, and that of the squares of
 * outcomes less these; of times the five numbers of performance.h in their order. Behind them how the
 * predictor is calibrated there: slope and its variance, of two outcomes intercept and its variance. What is
 * told is the order, or the order and the slope, or all. */
enum {
    RAD_ORDER_FIRST = 1,
    RAD_ORDER_EXPECTED = 3,
    RAD_ORDER_SQUARES,
    RAD_ORDER_CELLS = 6,
    RAD_SLOPE_CELLS = 8,
    RAD_CALIBRATED_CELLS = 10
};

/* Sums at one point: log likelihood, score by column, lower triangle of the information. */
typedef struct rad_round_cells {
    bool ordered;    /* asked for order and calibration, which may stay at home: the likelihood alone then */
    size_t count;    /* 0: the point is not for the site */
    rad_exact *sums; /* owned */
} rad_round_cells;

typedef struct rad_round_sums {
    char site[RAD_SITE], study_hash[65], model[64];
    char state[65]; /* digest of the state that it answers */
    uint32_t round;
    uint64_t patients, events;
    rad_exact saturated;     /* log likelihood of a model that fits each patient; 0 where that is no sum */
    rad_round_cells *points; /* owned */
    size_t point_count;
    char digest[65]; /* of the file it was read from */
} rad_round_sums;

/* Sums of a point of so many columns. */
size_t rad_round_cell_count(rad_round_ask ask, size_t columns);
size_t rad_round_score_cell(size_t column);
size_t rad_round_information_cell(size_t columns, size_t i, size_t j);  /* i <= j */
size_t rad_round_moment_cell(size_t columns, int power, size_t column); /* sum of w x, of w x^2 */

rad_status rad_round_sums_allocate(rad_round_sums *sums, const rad_round_state *state, const char *site,
                                   rad_error *error) RAD_MUST_CHECK;

/* What is signed. */
rad_status rad_round_sums_text(const rad_round_sums *sums, rad_bytes *text, rad_error *error) RAD_MUST_CHECK;

/* Signed; sealed to the coordinator's key, where one is given (else NULL). */
rad_status rad_round_sums_write(const char *path, const rad_round_sums *sums, const rad_signer *signer,
                                const unsigned char *key, rad_error *error) RAD_MUST_CHECK;

/* RAD_UNTRUSTED: no signature, a wrong one, of no trusted key, of another site's name. RAD_UNREADABLE: no
 * answer. RAD_CONFIG: to another study, model or state. */
rad_status rad_round_sums_read(const char *path, const rad_round_state *state, const rad_trusted *trusted,
                               const rad_signer *reader, rad_round_sums *sums,
                               rad_error *error) RAD_MUST_CHECK;
rad_status rad_round_sums_parse(const rad_bytes *file, const char *name, const rad_round_state *state,
                                const rad_trusted *trusted, rad_round_sums *sums,
                                rad_error *error) RAD_MUST_CHECK;

/* The cells from there on stay at home. */
void rad_round_cells_cut(rad_round_cells *cells, size_t count);

void rad_round_sums_free(rad_round_sums *sums);

#ifdef __cplusplus
}
#endif
#endif
