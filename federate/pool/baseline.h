/* Who the patients are: counts and shares of levels, means and spread of numbers, who misses them; of all, of
 * the levels of a group, of a site, and how far groups lie apart (standardised mean differences). */
#ifndef RAD_BASELINE_H
#define RAD_BASELINE_H

#include "../describe.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whose numbers a column of the table has. */
typedef enum rad_baseline_kind { RAD_BASELINE_ALL, RAD_BASELINE_LEVEL, RAD_BASELINE_SITE } rad_baseline_kind;
typedef struct rad_baseline_column {
    rad_baseline_kind kind;
    size_t factor, level, site;
} rad_baseline_column;

/* A count that is known, or not. */
typedef struct rad_baseline_count {
    bool known;
    uint64_t count;
} rad_baseline_count;

typedef struct rad_baseline_number {
    rad_basis basis;
    rad_description d; /* NaN where it is not shown */
    rad_baseline_count missing;
} rad_baseline_number;

typedef struct rad_baseline_level {
    rad_basis basis;
    rad_baseline_count count, of; /* of: all of the column who have a level of the factor */
    double percent;               /* NaN where one of them is not known, or nobody has a level */
} rad_baseline_level;

/* A number, in a column. */
rad_status rad_baseline_describe(const rad_pool *pool, const rad_baseline_column *column, size_t variable,
                                 rad_baseline_number *out, rad_error *error) RAD_MUST_CHECK;

/* Lower quartile, median, upper quartile of all patients: the middle of what is certain, where the study asks
 * for histograms and for that quantile, and half of the interval is at most a quarter of the standard
 * deviation; else NaN. */
rad_status rad_baseline_quartiles(const rad_pool *pool, size_t variable, double quartile[3],
                                  rad_error *error) RAD_MUST_CHECK;

/* A level of a factor (its count of levels: those without one) in a column. false: the study has no table of
 * the factor and that of the column. */
bool rad_baseline_tell(const rad_pool *pool, const rad_baseline_column *column, size_t factor, size_t level,
                       rad_baseline_level *out);

/* Does the table have that variable? Numbers that are no features, and those of which levels are derived. */
bool rad_baseline_has(const rad_pool *pool, size_t variable);

/* How far the levels of a group lie apart, of the sites that show all of them: the mean over pairs of levels
 * of |difference| over the root of the mean of both variances; of factors that of Yang and Dalton (2012).
 * NaN where it is not defined, or stands on too little. false: the study has no table of both. */
typedef struct rad_baseline_distance {
    rad_basis basis;
    double value;
} rad_baseline_distance;
rad_status rad_baseline_apart(const rad_pool *pool, size_t group, size_t variable, rad_baseline_distance *out,
                              rad_error *error) RAD_MUST_CHECK;
bool rad_baseline_apart_levels(const rad_pool *pool, size_t group, size_t factor, rad_baseline_distance *out);

/* Of two columns of counts of the same levels, which lie `step` apart; NaN where one is empty, or a
 * combination of levels has no spread. */
double rad_baseline_smd(const int64_t *a, const int64_t *b, size_t levels, size_t step);

/* Rows that a site read, for the flow of patients. known false: a part of them is not told. */
rad_baseline_count rad_baseline_read(const rad_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
