/* Tests on sums: t, Welch, analysis of variance, tables of counts, many tests at once. */
#ifndef RAD_INFERENCE_H
#define RAD_INFERENCE_H

#include "../summary.h"
#include "basis.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is undefined is NaN: a test of fewer than two groups, of groups without spread. */
typedef struct rad_test {
    rad_basis basis; /* a test of what too few stand on is undefined */
    uint64_t n;
    double statistic, df1, df2; /* df2: of F */
    double p;                   /* two-sided; of F and chi-square the upper tail */
    double estimate, low, high; /* difference of means, 95 % confidence interval; odds ratio */
    double effect;              /* eta squared: between over total sum of squares */
} rad_test;

/* Means of two groups, a - b: Student's t with one variance, or Welch's with two. */
rad_status rad_inference_means(const rad_moments *a, const rad_moments *b, bool welch, rad_test *out,
                               rad_error *error) RAD_MUST_CHECK;

/* One-way analysis of variance of the groups; those without patients are passed over. */
rad_status rad_inference_anova(const rad_moments *const *groups, size_t count, rad_test *out,
                               rad_error *error) RAD_MUST_CHECK;

/* Several estimates together, are all of them 0: b' V^-1 b of those in `at`, of whose lower triangle V
 * ([columns][columns]) is a part; NaN: V is not positive. With the inverse of X'X that is the sum of squares
 * by which the residual grows without these columns, with a covariance Wald's chi-square. */
double rad_inference_joint(const double *estimate, const double *v, size_t columns, const size_t *at,
                           size_t count);

/* F of such a sum of squares against the residual of the model; effect: partial eta squared. */
void rad_inference_f(double square, size_t df1, double residual, double df2, rad_test *out);

/* Pearson's chi-square without correction, over rows and columns that are not empty. */
void rad_inference_chi_square(const int64_t *counts, size_t rows, size_t columns, rad_test *out);

/* Fisher's exact test of a 2 x 2 table: the sum of the probabilities that are not larger; estimate: sample
 * odds ratio. */
void rad_inference_fisher(const int64_t counts[4], rad_test *out);

/* p-values adjusted by Benjamini and Hochberg; NaN stay out. */
rad_status rad_inference_adjust(const double *p, size_t count, double *adjusted,
                                rad_error *error) RAD_MUST_CHECK;

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
rad_status rad_inference_allocate(size_t count, rad_tests *tests, rad_error *error) RAD_MUST_CHECK;
rad_status rad_inference_adjust_tests(rad_tests *tests, size_t count, rad_error *error) RAD_MUST_CHECK;
void rad_inference_free(rad_tests *tests);

#ifdef __cplusplus
}
#endif
#endif
