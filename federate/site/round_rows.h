/* The rows of a site as a model takes them: columns of the state, response, over the patients who have all of
 * them. */
#ifndef RAD_ROUND_ROWS_H
#define RAD_ROUND_ROWS_H

#include "../round_sums.h"
#include "../round_terms.h"
#include "cohort.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_round_rows {
    const rad_cohort *cohort;
    const rad_model *model;
    size_t n, columns;
    bool intercept;
    size_t *row;              /* of each patient, in the cohort; owned */
    double *x;                /* [column][patient], as the state scales them; owned */
    int *size;                /* [column]: 2^size, what its contributions are rounded by; owned */
    double *mean, *deviation; /* [column] here; 1 of the intercept; owned */
    double *y;                /* response: 0 and 1, a count, the event; owned */
    double *offset;           /* owned */
    double *time;             /* of Cox; owned */
    size_t events;            /* patients with y above 0 */
    double *middle;           /* [column]: of a level, between 0 and 1 as the state scales them; owned */
    size_t *variable;         /* [column]: in the cohort; SIZE_MAX: intercept, level; owned */
} rad_round_rows;

/* RAD_CONFIG: a term that is none of the model, a column that the tables have not, a count that is none. */
rad_status rad_round_rows_make(const rad_cohort *cohort, const rad_study *study, const rad_model *model,
                               const rad_round_state *state, rad_round_rows *rows,
                               rad_error *error) RAD_MUST_CHECK;
/* The value of a patient in a column, before the state scales it. */
double rad_round_value(const rad_round_rows *rows, size_t column, size_t patient);

void rad_round_rows_free(rad_round_rows *rows);

#ifdef __cplusplus
}
#endif
#endif
