/* Pairs of patients of whom the one had the event and the other was there longer (also who was censored at
 * that very time), without a look at each of them. */
#ifndef RAD_OUTCOMES_H
#define RAD_OUTCOMES_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_outcomes {
    const double *time; /* [patient] finite */
    const bool *event;
    size_t count;
} rad_outcomes;

typedef struct rad_outcomes_visitor {
    void (*put)(void *context, size_t patient);
    void (*compare)(void *context, size_t patient, bool first); /* with those who were put */
    void (*clear)(void *context);                               /* nobody is put any more */
    void *context;
} rad_outcomes_visitor;

/* Twice through all patients: whoever had the event is compared (first) with those who were there longer,
 * and everybody with those who had it before. O(n log n). */
rad_status rad_outcomes_walk(const rad_outcomes *of, const rad_outcomes_visitor *visitor,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
