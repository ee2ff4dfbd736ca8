/* The cross products of the columns of a model at each site, found among the sums that the site sent. */
#ifndef RAD_CROSSED_H
#define RAD_CROSSED_H

#include "../closed.h"
#include "../summary.h"
#include "gram.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_crossed_column {
    bool level;        /* of a factor, else a variable */
    size_t variable;   /* of the summary */
    size_t factor, at; /* level */
    size_t term;       /* of the model */
    char name[2 * RAD_NAME];
} rad_crossed_column;

/* Terms in the order of the study, a pattern's in that of the table; the response, where it is a variable, is
 * the last. */
typedef struct rad_crossed_columns {
    size_t count, terms;
    bool response;
    rad_crossed_column *column; /* owned */
} rad_crossed_columns;

rad_status rad_crossed_columns_make(const rad_study *study, const rad_model *model,
                                    const rad_summary *summary, rad_crossed_columns *columns,
                                    rad_error *error) RAD_MUST_CHECK;
void rad_crossed_columns_free(rad_crossed_columns *columns);

/* Why a site has no part in a model. */
typedef enum rad_crossed_state {
    RAD_CROSSED_FINE,
    RAD_CROSSED_WITHHELD, /* its rules hold some of the sums back */
    RAD_CROSSED_MIXED,    /* not all of its patients have all columns */
    RAD_CROSSED_STATES
} rad_crossed_state;
extern const char *const rad_crossed_words[RAD_CROSSED_STATES];

/* Of one model: products of its columns, less their centres; of lda, n and the means of each level. */
typedef struct rad_crossed {
    rad_crossed_state state;
    rad_gram gram;
    size_t levels;
    double *n, *mean; /* [level], [level][columns]; owned */
} rad_crossed;

rad_status rad_crossed_make(const rad_study *study, const rad_model *model, const rad_summary *site,
                            rad_crossed *out, rad_error *error) RAD_MUST_CHECK;
void rad_crossed_free(rad_crossed *crossed);

#ifdef __cplusplus
}
#endif
#endif
