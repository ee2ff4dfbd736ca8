/* Batches within a site (scanners): the levels of a factor, of which small ones are one batch together. */
#ifndef RAD_BATCHED_H
#define RAD_BATCHED_H

#include "../design.h"
#include "cohort.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_batched {
    int8_t of[RAD_FACTOR_LEVELS]; /* of each level the first one of its batch; -1: it has no patients */
    uint64_t patients[RAD_FACTOR_LEVELS]; /* of the batch that begins there */
    size_t small; /* the first level of a batch that has too few patients; or the levels */
} rad_batched;

/* Of a design with batches, among the patients who have a level and all covariates (columns: [column][row],
 * these at least). Where the study says so, the smallest batch is joined to the next smallest while it has
 * fewer patients than the minimum. */
void rad_batched_find(const rad_cohort *cohort, const rad_study *study, const rad_design *design,
                      const double *columns, rad_batched *batches);

#ifdef __cplusplus
}
#endif
#endif
