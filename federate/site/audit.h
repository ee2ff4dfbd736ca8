/* What linear combinations of sums tell. Everything that is summed with one variable is a row of weights over
 * patients: 1 for those of a set, a score, the value of another variable. Whoever has the sums has every
 * combination of them, so the rows are looked at as a space:
 *
 * - no combination may rest on fewer patients than the minimum, wherever they lie (found exactly);
 * - none may nearly do so (looked for where weights are measurements);
 * - there may not be too many independent rows for the patients that they can be confined to: sums and sums
 *   of squares would be as many equations as there are unknowns.
 *
 * Nothing here knows of studies, variables or files. */
#ifndef RAD_AUDIT_H
#define RAD_AUDIT_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A space of rows, modulo a prime and reduced: at its pivot a row is 1, and the others are 0. */
typedef struct rad_audit_space {
    size_t rank, capacity;
    uint64_t *basis; /* [rank][patients], owned */
    size_t *pivot;   /* [rank], owned */
} rad_audit_space;

typedef struct rad_audit {
    size_t patients;
    rad_audit_space all, exact; /* every row; those that are no measurements */
    size_t normals, capacity;
    double *normal; /* [normals][patients] orthonormal, of every row; owned; fewer than rows where a double
                       does not tell them apart */
} rad_audit;

typedef struct rad_audit_limits {
    size_t least; /* patients behind a combination, 1 or more */
    double share; /* independent rows per patient */
} rad_audit_limits;

typedef enum rad_audit_verdict {
    RAD_AUDIT_FINE,
    RAD_AUDIT_FEW,  /* a combination rests, or nearly rests, on fewer than `least` */
    RAD_AUDIT_MANY, /* more rows than the share allows; where that is of some patients only, FEW goes first */
    RAD_AUDIT_UNSURE /* the search was given up: no combination was found, and there may be one */
} rad_audit_verdict;

/* Adds a row of finite weights; `measured`: measurements, rather than a few whole numbers. What follows from
 * the rows before adds nothing. O(rank patients). */
rad_status rad_audit_add(rad_audit *audit, const double *weights, bool measured,
                         rad_error *error) RAD_MUST_CHECK;

/* 1 for the patients of a set, 0 for others. */
rad_status rad_audit_add_set(rad_audit *audit, const uint64_t *set, rad_error *error) RAD_MUST_CHECK;

/* What the rows tell together. Rows that are no measurements are searched to the end; with those that are, as
 * far as it is quick (some 50 rows or 100 patients), and for combinations that nearly rest on few. */
rad_status rad_audit_look(const rad_audit *audit, const rad_audit_limits *limits, rad_audit_verdict *verdict,
                          rad_error *error) RAD_MUST_CHECK;

rad_status rad_audit_copy(const rad_audit *audit, rad_audit *copy, rad_error *error) RAD_MUST_CHECK;
void rad_audit_free(rad_audit *audit);

#ifdef __cplusplus
}
#endif
#endif
