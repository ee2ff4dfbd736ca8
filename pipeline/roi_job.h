/* An extraction at work: what its ROIs share, and what belongs to each. */
#ifndef RAD_ROI_JOB_H
#define RAD_ROI_JOB_H

#include "../core/pace.h"
#include "../features/border.h"
#include "diagnostics.h"
#include "extract.h"
#include "plan.h"
#include "remarks.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What all ROIs of a case share. */
typedef struct rad_job {
    const rad_volume *image;
    const rad_mask *mask;
    const rad_settings *settings;
    const rad_extract_options *options;
    rad_plan *plans; /* of the original and of each of settings->images */
    rad_whole_diagnostics whole;
    rad_table *table;
    struct rad_roi_job *rois; /* one per label */
    size_t count;
    const rad_plan *plan;    /* of the image that is the turn of */
    const rad_image *mapped; /* that image, where it is a response map */
    rad_pace *pace;
} rad_job;

/* One ROI. */
typedef struct rad_roi_job {
    const rad_job *all;
    const rad_label *label;
    rad_row *row;
    rad_roi roi;
    char what[512]; /* names it in errors */
    rad_levels levels[RAD_DISCRETISATIONS_MAX];
    rad_border border; /* for all images and discretisations */
    rad_remarks remarks;
    bool left; /* it is too small: done, without values */
} rad_roi_job;

/* The tasks of the image whose turn it is. */
rad_status rad_roi_job_run(rad_roi_job *roi, rad_error *error) RAD_MUST_CHECK;

/* *left: the ROI is smaller than the settings ask for; its values say so, and a remark. */
rad_status rad_roi_job_leave(rad_roi_job *roi, const rad_settings *settings, bool *left,
                             rad_error *error) RAD_MUST_CHECK;

/* A ROI that fails has no values; nothing more is done for it. */
void rad_roi_job_fail(rad_roi_job *roi, const rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
