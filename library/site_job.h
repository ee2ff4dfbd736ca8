/* A site at work: what commands that sum over its rows do first, and what they hold meanwhile. */
#ifndef RAD_SITE_JOB_H
#define RAD_SITE_JOB_H

#include "../core/pace.h"
#include "../federate/signed.h"
#include "../federate/site/ledger.h"
#include "../federate/site/summarise.h"
#include "visit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_site_job {
    const rad_site_options *options;
    const rad_control *control;
    char **said;
    rad_signer me;
    rad_trusted given, wanted;      /* keys of the coordinator: by the caller, by the policy */
    char by[2 * RAD_KEY_BYTES + 1]; /* whose signature the study has */
    rad_study study;
    rad_rules rules;
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    rad_ledger *ledger;
    rad_bytes body;
    const char *output;
    char usual_output[RAD_SITE + 16]; /* where none is named */
    bool known;                       /* the release left before */
    int threads;
    rad_pace pace;
} rad_site_job;

/* Key, study, rows, permit and summary: all that comes before the ledger. */
rad_status rad_site_job_prepare(rad_site_job *job, rad_error *error) RAD_MUST_CHECK;

/* The ledger of the key. */
rad_status rad_site_job_open(rad_site_job *job, rad_error *error) RAD_MUST_CHECK;

/* Whose studies count, and who may read what leaves; NULL: nobody is named. */
const rad_trusted *rad_site_job_coordinator(const rad_site_job *job);

void rad_site_job_free(rad_site_job *job);

#ifdef __cplusplus
}
#endif
#endif
