/* What tells how well a score that is fixed before does at one site: whole numbers of pairs of patients, a
 * table of the score's classes by outcome, sums of predictions. docs/federation.md has the formulas. */
#ifndef RAD_PERFORMANCE_H
#define RAD_PERFORMANCE_H

#include "exact.h"
#include "lifetable.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of two outcomes: DOUBLED is twice the concordant pairs (event, other) and once the tied ones; SPREAD is
 * what DeLong's variance is of: spread / (4 e^2 o^2 (e - 1) (o - 1)), of e events and o others.
 * Of times: PAIRS that can be compared, DOUBLED as before, and sums over patients of the squares and the
 * product of both numbers for their own pairs. */
enum { RAD_PERFORMED_DOUBLED, RAD_PERFORMED_SPREAD, RAD_PERFORMED_CLASSES };
enum {
    RAD_PERFORMED_TIMED_DOUBLED,
    RAD_PERFORMED_PAIRS,
    RAD_PERFORMED_DOUBLED2,
    RAD_PERFORMED_BOTH,
    RAD_PERFORMED_PAIRS2,
    RAD_PERFORMED_TIMES
};

typedef struct rad_performed {
    bool shown;
    uint64_t events, others; /* patients with score and outcome */
    rad_exact ranks[RAD_PERFORMED_TIMES];
    rad_lifetable classes; /* of two outcomes: edges are places among the cuts, 0 before the first; events and
                              others of each class of the score, none beyond */
    rad_exact *predicted;  /* of a probability: its sum in each class; NULL: withheld; owned */
    rad_exact squares;     /* of a probability: sum of (score - 1 or 0)^2 */
} rad_performed;

size_t rad_performed_ranks(const rad_performance *performance);
size_t rad_performed_classes(const rad_performed *performed);

/* Memory for classes at so many edges, and for what is predicted there. */
rad_status rad_performed_allocate(rad_performed *performed, size_t edges, bool predicted,
                                  rad_error *error) RAD_MUST_CHECK;
void rad_performed_free(rad_performed *performed);

/* AUC, or Harrell's C; its variance by DeLong, or by the infinitesimal jackknife, computed exactly and
 * rounded once. NaN where undefined. */
rad_status rad_performed_concordance(const rad_performance *performance, const rad_performed *performed,
                                     double *c, double *variance, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
