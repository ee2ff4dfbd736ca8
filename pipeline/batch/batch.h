/* Many cases: a manifest, a run directory that may be returned to, worker processes, progress. */
#ifndef RAD_BATCH_H
#define RAD_BATCH_H

#include "worker.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_case_state {
    RAD_CASE_MISSING, /* not computed yet */
    RAD_CASE_DONE,
    RAD_CASE_FAILED,    /* no ROI has values */
    RAD_CASE_PARTIAL,   /* some have */
    RAD_CASE_ELSEWHERE, /* of another shard */
} rad_case_state;

typedef struct rad_batch_options {
    rad_work work;        /* manifest and settings are borrowed */
    const char *run;      /* the run directory */
    size_t shard, shards; /* 1..shards; 0 of 0: all cases */
    int threads;          /* budget of the whole run */
    double timeout;       /* seconds a case may take; 0: no limit */
    size_t memory;        /* bytes that all cases at work may take together; 0: no limit */
    size_t max_failures;  /* SIZE_MAX: no limit */
    bool retry_failed;    /* only cases that failed before */
    bool force;           /* all cases, and other settings than before */
    bool json_lines;      /* progress as one JSON object per case */
    bool quiet;
    struct json_t *made; /* who runs this, when, by what, for provenance; borrowed, may be NULL */
} rad_batch_options;

/* One case, by its row in the manifest. */
typedef struct rad_case {
    rad_fingerprint id;
    unsigned char state; /* rad_case_state */
    bool damaged;        /* missing, since its record was changed by something else than us */
} rad_case;

typedef struct rad_batch_result {
    size_t cases, done, failed, partial, missing, computed;
    size_t damaged;    /* records that were found so */
    size_t warned;     /* of those computed now, cases with warnings ... */
    char warning[256]; /* ... and the first of them with its first warning */
    int signal;        /* that stopped the run, or 0 */
} rad_batch_result;

/* Computes what is missing, failed or changed, in this process and its workers, into the journal of the run
 * directory; `cases`, of manifest->count, tells then where each row is. Must be called before the process has
 * threads. An interrupted run returns too, with the signal. RAD_CONFIG: the run directory has other settings;
 * cases that have one name. */
rad_status rad_batch_run(const rad_batch_options *options, rad_journal *journal, rad_case *cases,
                         rad_batch_result *result, rad_error *error) RAD_MUST_CHECK;

/* The id of a case whose files are known to the journal by their stamps, and whether it is done. */
rad_status rad_batch_look_up(const rad_work *work, rad_journal *journal, size_t row, rad_case *c,
                             rad_error *error) RAD_MUST_CHECK;

/* RAD_CONFIG names both rows: a case is there twice with the same roi. */
rad_status rad_batch_check_names(const rad_manifest *manifest, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
