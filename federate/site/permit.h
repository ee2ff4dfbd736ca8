/* What of a cohort may leave: the rules applied to its rows, before anything is summed. */
#ifndef RAD_PERMIT_H
#define RAD_PERMIT_H

#include "audit.h"
#include "lifetables.h"
#include "scores.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_ANY_CLASS = UINT16_MAX };

/* Variables that have values for the same patients are one class: they share all sets. */
typedef struct rad_class {
    uint64_t *present; /* owned; patients with values */
    size_t size;
    rad_sets sets;  /* over which sums of these variables leave */
    size_t before;  /* sets of the analyses before that at work */
    double *scored; /* [scores][patients]: of few values, by which they leave */
    size_t scores, score_capacity;
    rad_sets weighed; /* the same of measurements: of whom, */
    size_t *weight;   /* and of which variable; owned */
    size_t weight_capacity;
    rad_audit audit;                                /* all that is summed with them: sets and weights */
    bool shown[RAD_FACTORS_MAX][RAD_FACTOR_LEVELS]; /* levels of the groups */
    uint8_t pattern;                                /* of the covariance; RAD_PATTERNS_MAX: none */
} rad_class;

/* Of a score and its outcome: do its numbers leave, at which cuts, and do sums of what it predicts? */
typedef struct rad_score_permit {
    bool shown, predicted;
    bool *edge; /* [cuts + 2], as of rad_cutting; owned */
} rad_score_permit;

typedef struct rad_permit {
    size_t cell;        /* minimum in force; 0: no rules */
    rad_class *classes; /* owned */
    size_t class_count, class_capacity;
    uint16_t *of; /* class of each variable */
    uint8_t
        *powers; /* [1 + factor][variable]: sums of powers that leave: 0, 2 or (row 0, of all patients) 4 */
    rad_score *scores; /* of each variable; owned */
    bool *uncounted;   /* of each variable: does its histogram stay at home? owned */
    bool covariance;
    bool *panel;                /* of each variable: is it a column of the covariance? owned */
    uint64_t *apart, *unjoined; /* of each variable, a bit per pattern of the covariance: over whose patients
                                   its sums stay at home; to whose variables it is no weight; owned */
    bool *
        blocks[RAD_ANALYSES]; /* of each variable: may its sums leave? For analyses that have blocks; owned */
    bool *ranked;             /* [factor][variable]: may sums of ranks leave? NULL: not asked for; owned */
    rad_lifetables lifetables[RAD_SURVIVALS_MAX]; /* of each time to an event; withheld ones stay at home */
    rad_score_permit score_permits[RAD_PERFORMANCES_MAX]; /* of each score */
    bool *joint; /* [class][class]: may sums over the patients of both leave? */
    bool hidden[RAD_FACTORS_MAX][RAD_FACTOR_LEVELS + 1]; /* counts of levels; the last is missing */
    rad_sets counted;      /* sets whose number of patients leaves with every summary (counted.h) */
    rad_refusal *refusals; /* owned */
    size_t refusal_count, refusal_capacity;
    size_t withheld; /* cells and sets that are suppressed without being asked for by name */
} rad_permit;

/* rules NULL: everything is allowed (for tests and benches; no command does it). RAD_OK also when things are
 * refused: they stand in the list, and what they concern is not allowed by the rest of the permit. */
rad_status rad_permit_make(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                           int threads, rad_permit *permit, rad_error *error) RAD_MUST_CHECK;

void rad_permit_free(rad_permit *permit);

/* The rules at work. */
typedef struct rad_permitting {
    const rad_cohort *cohort;
    const rad_study *study;
    const rad_rules *rules; /* NULL: none */
    rad_permit *permit;
    int threads;
    rad_error *error;
} rad_permitting;

/* 4 moments of fewer patients than this, beyond the minimum, would be equations for the patients. */
enum { RAD_FOUR_MOMENTS = 8 };

/* Notes that a rule forbids something, in words that travel: with the rule, and no number that depends on
 * patients; RAD_OK. The second is for what no threshold is about. */
rad_status rad_permit_refuse(rad_permitting *m, const char *what, rad_rule rule, const char *format, ...)
    RAD_PRINTF(4, 5) RAD_MUST_CHECK;
rad_status rad_permit_refuse_as(rad_permitting *m, rad_status code, const char *what, const char *why,
                                const char *format, ...) RAD_PRINTF(5, 6) RAD_MUST_CHECK;

/* Beside the last refusal, for the site's screen: how many patients it is about, which does not travel.
 * Returns `status`, that of the refusal. */
rad_status rad_permit_here(rad_permitting *m, rad_status status, const char *format, ...)
    RAD_PRINTF(3, 4) RAD_MUST_CHECK;

/* May sums of these values of a variable leave? Not where all but a few are the same, where two patients
 * dominate, or where few have a value of a score: of all patients, or of these alone. x sorted. */
bool rad_permit_values(const rad_permitting *m, size_t variable, const double *x, size_t count);

/* Two columns whose products are summed: values of each patient, and which score they are. */
typedef struct rad_product {
    const double *a, *b;
    const rad_score *score_a, *score_b;
    size_t rows;
} rad_product;

typedef struct rad_limits {
    size_t cell; /* 0: none */
    double dominance;
} rad_limits;

/* May the sum leave? Not where two patients make it up; where one column has two values it is a sum over a
 * set, and where both have few it counts the cells of their table. values: room for all patients. */
rad_status rad_permit_product(const rad_product *product, const rad_limits *limits, double *values,
                              bool *fine, rad_error *error) RAD_MUST_CHECK;

/* Do the rules for sets and weights let the product of two columns of the covariance leave? */
bool rad_permit_joins(const rad_permit *permit, size_t a, size_t b);

#ifdef __cplusplus
}
#endif
#endif
