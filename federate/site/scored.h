/* The patients of a site who have a score and the outcome that it is to tell. */
#ifndef RAD_SCORED_H
#define RAD_SCORED_H

#include "concordance.h"
#include "cutting.h"
#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_scored {
    const rad_performance *of;
    size_t variable;
    uint64_t *both, *event, *other; /* sets: all of them, with the event and without; owned */
    size_t count;
    double *x, *time;           /* of each of them, in the order of the rows; x as it is taken; owned */
    double cut[RAD_SCORE_CUTS]; /* taken likewise: who is at a cut stays below it */
    bool *had;                  /* the event; owned */
} rad_scored;

/* RAD_CONFIG: the table has no column of that name. */
rad_status rad_scored_make(const rad_cohort *cohort, const rad_performance *performance, rad_scored *out,
                           rad_error *error) RAD_MUST_CHECK;
void rad_scored_free(rad_scored *scored);

/* Which pairs the score puts in order. */
rad_status rad_scored_concordance(const rad_scored *scored, rad_concordance *out,
                                  rad_error *error) RAD_MUST_CHECK;

/* Patients of the class that begins at edge k, of those within a set. */
void rad_scored_class(const rad_cohort *cohort, const rad_scored *scored, const bool *edge, size_t k,
                      const uint64_t *within, uint64_t *out);

/* Has the variable the order of the score, or the other way round, among those who have both? */
rad_status rad_scored_is_alike(const rad_cohort *cohort, const rad_scored *scored, size_t variable,
                               bool *alike, rad_error *error) RAD_MUST_CHECK;

/* Adds the sets of patients whose number leaves: either outcome, in each class between edges that are told.
 */
rad_status rad_scored_sets(const rad_cohort *cohort, const rad_scored *scored, const bool *edge,
                           bool outcomes, rad_sets *sets, rad_error *error) RAD_MUST_CHECK;

rad_cutting rad_scored_cutting(const rad_scored *scored, size_t least);

#ifdef __cplusplus
}
#endif
#endif
