/* Paired tests of repeated measurements, of all patients and by group. */
#ifndef RAD_POOL_CHANGE_H
#define RAD_POOL_CHANGE_H

#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One occasion against an earlier one, of the same patients; NaN where undefined. */
typedef struct rad_paired {
    rad_basis basis;
    uint64_t n;
    double difference, deviation; /* of the differences, later less earlier */
    double t, df, p, low, high;
    double effect; /* difference in deviations of the differences (Cohen's d_z) */
} rad_paired;

/* Of all patients who have all occasions, i < j, from the sums of repeats. */
rad_status rad_change_of_pair(const rad_pool *pool, size_t variable, size_t i, size_t j, rad_paired *out,
                              rad_error *error) RAD_MUST_CHECK;

/* Of a level, occasion j against the first. */
rad_status rad_change_of_level(const rad_pool *pool, size_t variable, size_t factor, size_t level, size_t j,
                               rad_paired *out, rad_error *error) RAD_MUST_CHECK;

/* Whether changes differ between the levels of a factor. */
rad_status rad_change_between(const rad_pool *pool, size_t variable, size_t factor, size_t j,
                              rad_test_kind kind, rad_test *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
