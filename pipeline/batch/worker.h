/* Cases in processes of their own: one that crashes, hangs or eats memory takes nothing else down. */
#ifndef RAD_WORKER_H
#define RAD_WORKER_H

#include "../extract.h"
#include "journal.h"
#include "manifest.h"

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What all cases of a run share. */
typedef struct rad_work {
    const rad_manifest *manifest;
    const rad_settings *settings;
    rad_fingerprint settings_id; /* of the settings and the version of the engine */
    rad_extract_options options; /* resample_mask, any_frame, verify */
    const char *run;             /* the run directory; NULL: none */
    bool pictures;               /* draw each ROI that is computed */
    const char *masks, *images;  /* and write it as features use it, into files of that ending; NULL: no */
    size_t memory;               /* bytes that a worker may have; 0: no limit */
    bool check_only;             /* headers, geometry and ROIs, no features */
} rad_work;

/* A worker process, seen from its parent. */
typedef struct rad_worker {
    pid_t pid;
    int channel; /* socket + 1, so that 0 is none */
} rad_worker;

/* What a case is known by. */
typedef struct rad_identity {
    rad_fingerprint image_stamp, image, mask_stamp, mask, id;
} rad_identity;

typedef enum rad_answer { RAD_ANSWER_DEAD, RAD_ANSWER_IDENTITY, RAD_ANSWER_OUTCOME } rad_answer;

/* The id of a case, of the contents of its files and what is asked of them. */
void rad_identity_make(const rad_work *work, const rad_manifest_row *row, rad_identity *identity);

/* Forks a worker; the parent has no threads and keeps none of the worker's memory. */
rad_status rad_worker_start(const rad_work *work, rad_worker *worker, rad_error *error) RAD_MUST_CHECK;

/* Gives the worker a row. False: it is dead. It answers with the identity of the case, then, if it is told to
 * go on, with the outcome; or with another identity, where files were changed meanwhile. */
bool rad_worker_give(const rad_worker *worker, size_t row, int threads);
bool rad_worker_go_on(const rad_worker *worker, bool yes);

/* Reads the answer that has come. */
rad_answer rad_worker_receive(const rad_worker *worker, rad_identity *identity, rad_outcome *outcome);

/* Kills the worker and waits for it; says how it died, if it was dead before. */
void rad_worker_stop(rad_worker *worker, char *how, size_t length);

#ifdef __cplusplus
}
#endif
#endif
