/* What several tables of a pool and its page need, computed once: descriptions, tests of all variables,
 * clusters. */
#ifndef RAD_FINDINGS_H
#define RAD_FINDINGS_H

#include "components.h"
#include "../describe.h"
#include "inference.h"
#include "reliability.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tests of a group; t and Welch are of two levels only. */
typedef enum rad_test_kind { RAD_TEST_T, RAD_TEST_WELCH, RAD_TEST_ANOVA, RAD_TEST_KINDS } rad_test_kind;
extern const char *const rad_test_words[RAD_TEST_KINDS]; /* "t", "welch", "anova" */

/* One test of every variable, p adjusted over them. */
typedef struct rad_tests {
    size_t factor;
    rad_test_kind kind;
    rad_test *test;   /* [variable], owned */
    double *adjusted; /* [variable], owned */
} rad_tests;

typedef struct rad_findings {
    rad_description *all;  /* [variable], owned */
    rad_description *site; /* [variable][site], owned */
    rad_tests *groups;     /* of each group in turn, by kind; owned */
    size_t group_count;
    rad_tests sites;          /* analysis of variance over the sites */
    size_t *cluster;          /* [column of the correlations], owned */
    bool *kept;               /* likewise */
    rad_reliability *repeats; /* [variable], owned; NULL: the study has no repeats */
} rad_findings;

rad_status rad_findings_take(const rad_pool *pool, const rad_correlations *correlations, rad_findings *out,
                             rad_error *error) RAD_MUST_CHECK;
void rad_findings_free(rad_findings *findings);

/* The tests of that kind of a group; NULL: none. */
const rad_tests *rad_findings_tests(const rad_findings *findings, size_t factor, rad_test_kind kind);

#ifdef __cplusplus
}
#endif
#endif
