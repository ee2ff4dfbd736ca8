/* The sums of a site that its permit allows. */
#ifndef RAD_SUMMARISE_H
#define RAD_SUMMARISE_H

#include "../../core/parallel.h"
#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of the summary depend neither on threads nor on the order of rows. */
rad_status rad_summarise(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                         const rad_permit *permit, int threads, rad_summary *summary,
                         rad_error *error) RAD_MUST_CHECK;

/* What sums are made of. */
typedef struct rad_summing {
    const rad_cohort *cohort;
    const rad_study *study;
    const rad_rules *rules; /* NULL: none */
    const rad_permit *permit;
    rad_summary *summary;
    int threads;
    rad_error *error;
} rad_summing;

/* n and sums of powers over the patients of a set (NULL: all) who have a value. */
rad_status rad_summarise_set(const rad_summing *m, size_t variable, const uint64_t *set, unsigned powers,
                             rad_moments *out, rad_error *error) RAD_MUST_CHECK;

/* A count as it leaves: rounded where the rules want it. */
uint64_t rad_summarise_rounded(const rad_summing *m, uint64_t count);

/* body(variable, m) for every variable, on all threads. */
rad_status rad_summarise_each(const rad_summing *m, rad_attempt *body) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
