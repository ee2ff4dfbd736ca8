/* ROIs in groups that share a response map. */
#ifndef RAD_GROUPS_H
#define RAD_GROUPS_H

#include "roi_job.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The response maps of a job, one after the other, of ROIs that are prepared and did not fail. */
rad_status rad_groups_run(rad_job *job, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
