/* The state of a model that is fitted in rounds, as a file: at which coefficients the sites compute what, and
 * all that the coordinator needs to go on. What the file says is what there is: a coordinator that dies goes
 * on from the last one, and a round can be repeated. */
#ifndef RAD_ROUND_STATE_H
#define RAD_ROUND_STATE_H

#include "../io/sink.h"
#include "design.h"
#include "signer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    RAD_ROUND_POINTS = 64,
    RAD_ROUND_SITES = 1024,
    RAD_ROUND_STATE_MAX = 1 << 24,
    RAD_ROUND_BETA = 1000000 /* no coefficient is larger */
};

/* A column of the model: a number, a feature, or a level ("sex=M") as 0 and 1; (value - centre) / scale. */
typedef struct rad_round_term {
    char name[2 * RAD_NAME];
    double centre, scale;
} rad_round_term;

/* What is asked at coefficients, beside the log likelihood. */
typedef enum rad_round_ask {
    RAD_ASK_ORDER, /* how well the predictor orders the patients of one site, of families that have an order
                    */
    RAD_ASK_DEVIANCE,
    RAD_ASK_SCORE,
    RAD_ASK_INFORMATION,
    RAD_ASK_MOMENTS, /* the score, and what tells the spread of the columns: of the first round */
    RAD_ASKS
} rad_round_ask;

/* Sums are made of contributions of patients that are rounded to 2^digits of a public size, so that a round
 * tells no more digits than the fit can use there. */
enum { RAD_ROUND_FINE = -30, RAD_ROUND_COARSE = 4, RAD_ROUND_GUESS = -4 };

typedef struct rad_round_point {
    rad_round_ask ask;
    int digits, fineness;                   /* of likelihood and score; of the information */
    char only[RAD_SITE], without[RAD_SITE]; /* whom it is for: one site, all but one; "": all */
    double beta[RAD_DESIGN_MAX + 1];        /* the intercept first, where there is one */
} rad_round_point;

/* A file of a site that was added up for this state. */
typedef struct rad_round_summed {
    char site[RAD_SITE], digest[65];
} rad_round_summed;

typedef struct rad_round_state {
    char study[RAD_NAME], study_hash[65], model[64];
    uint32_t round;               /* of the points */
    char previous[65];            /* digest of the state before; "" of the first */
    char result[32];              /* "": goes on; else how it ended: there are no points then */
    char lambda[32];              /* at work, in words */
    bool intercept;               /* the first column */
    bool sized;                   /* the sizes of the columns are known: after the first round */
    int size[RAD_DESIGN_MAX + 1]; /* 2^size, about the deviation of each column */
    rad_round_term *terms;        /* owned */
    size_t term_count;
    rad_round_point *points; /* owned */
    size_t point_count;
    rad_round_summed *summed; /* owned */
    size_t summed_count;
    rad_bytes memory; /* the coordinator's own, which sites do not look at; owned */
    char digest[65];  /* of the file, where it was read or written */
} rad_round_state;

/* Columns of coefficients. */
size_t rad_round_columns(const rad_round_state *state);

/* Is the point for that site? */
bool rad_round_concerns(const rad_round_point *point, const char *site);

/* The text of a state, and the whole file, signed where a signer is given (else NULL); its digest is set. */
rad_status rad_round_state_write(const char *path, rad_round_state *state, const rad_signer *signer,
                                 rad_error *error) RAD_MUST_CHECK;

/* RAD_UNTRUSTED: a coordinator is given (else NULL), and the signature is not its; or it does not fit.
 * RAD_UNREADABLE: no state. *is_signed: it was, by whomever. */
rad_status rad_round_state_read(const char *path, const rad_trusted *coordinator, rad_round_state *state,
                                bool *is_signed, rad_error *error) RAD_MUST_CHECK;
rad_status rad_round_state_parse(const char *bytes, size_t length, const char *name, rad_round_state *state,
                                 rad_error *error) RAD_MUST_CHECK;

/* The text with its signature for that purpose; signer NULL: with its end alone. */
rad_status rad_round_sign(const rad_bytes *body, const char *purpose, const rad_signer *signer,
                          rad_bytes *whole, rad_error *error) RAD_MUST_CHECK;

void rad_round_state_free(rad_round_state *state);

#ifdef __cplusplus
}
#endif
#endif
