/* The sums of a site that its permit allows. */
#ifndef RAD_SUMMARISE_H
#define RAD_SUMMARISE_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of the summary depend neither on threads nor on the order of rows. */
rad_status rad_summarise(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                         const rad_permit *permit, int threads, rad_summary *summary,
                         rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
