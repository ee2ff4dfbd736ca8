#include "extract.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/printable.h"
#include "groups.h"
#include "mask_fit.h"
#include "oddities.h"
#include "prepare.h"
#include "pyr_case.h"

#include <stdio.h>
#include <string.h>

static rad_status run_original(rad_roi_job *r, rad_error *error) {
    const rad_job *j = r->all;
    const int threads = j->options->threads;
    rad_status status = rad_prepare_check(r->label, r->what, error);
    if (status == RAD_OK)
        status = rad_prepare_roi(j->image, &(rad_target){j->mask, r->label, r->what}, j->settings, threads,
                                 &r->roi, error);
    const rad_onlooker *looks = j->options->onlooker;
    if (status == RAD_OK && looks && looks->prepared)
        status = looks->prepared(&r->roi, r->row->roi, looks->context, error);
    if (status == RAD_OK) {
        r->row->voxels = r->roi.morphological_count;
        memcpy(r->row->spacing, r->roi.grid.spacing, sizeof r->row->spacing);
        status = rad_roi_job_leave(r, j->settings, &r->left, error);
        if (r->left) return status;
        if (status == RAD_OK) status = rad_oddity_roi(r, error);
    }
    if (status == RAD_OK) status = rad_roi_job_run(r, error);
    if (status == RAD_OK && j->settings->diagnostics)
        status = rad_diagnostics_roi(j->image, j->mask, r->label, &r->roi, &j->whole,
                                     &r->row->values[j->plan->diagnostics], error);
    return status;
}

/* The original image: ROIs are kept for the response maps, if there are any. */
static void run_label(size_t index, void *context) {
    rad_roi_job *r = &((const rad_job *)context)->rois[index];
    rad_error error = {0};
    if (run_original(r, &error) != RAD_OK) rad_roi_job_fail(r, &error);
    if (r->all->settings->image_count) return;
    rad_roi_free(&r->roi);
    rad_border_clear(&r->border);
}

/* The worst that happened: memory was short or the caller cancelled, all rows failed, some did, or none. A
 * ROI without memory is no property of the ROI: the same command may have it a moment later, and a table of
 * the others would look whole. */
static rad_status sum_up(const rad_job *j, rad_error *error) {
    size_t failed = 0;
    const rad_row *first = NULL;
    for (size_t i = 0; i < j->count; i++) {
        const rad_row *row = j->rois[i].row;
        if (row->status == RAD_NO_MEMORY || row->status == RAD_CANCELLED)
            return rad_fail(error, row->status, "%s", row->text);
        if (row->status == RAD_OK) continue;
        if (!failed++) first = row;
    }
    if (!failed) return RAD_OK;
    if (failed == j->count) return rad_fail(error, first->status, "%s", first->text);
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROI%s failed; the first: %s", failed, j->count,
                    rad_plural(j->count), first->text);
}

/* What there is to remark about the ROIs becomes warnings. */
static rad_status tell_remarks(const rad_job *j, rad_error *error) {
    rad_remarked *rois = rad_new(j->count, sizeof *rois, error);
    if (!rois) return RAD_NO_MEMORY;
    for (size_t i = 0; i < j->count; i++) rois[i] = (rad_remarked){j->rois[i].row->roi, &j->rois[i].remarks};
    rad_remarks_tell(rois, j->count, j->options->warnings);
    rad_free(rois);
    return RAD_OK;
}

static rad_status run_case(rad_job *j, rad_error *error) {
    size_t first = 0;
    rad_status status = rad_table_add_rows(j->table, j->count, j->options->case_name, &first, error);
    if (status != RAD_OK) return status;
    j->rois = rad_new(j->count, sizeof *j->rois, error);
    if (!j->rois) return RAD_NO_MEMORY;
    for (size_t i = 0; i < j->count; i++) {
        rad_roi_job *r = &j->rois[i];
        r->all = j;
        r->label = &j->mask->labels[i];
        r->row = &j->table->rows[first + i];
        r->row->status = RAD_OK;
        rad_border_begin(&r->border);
        rad_label_text(r->label, r->row->roi, sizeof r->row->roi);
        snprintf(r->what, sizeof r->what, "%.380s: ROI %s", j->options->case_name, r->row->roi);
    }
    j->plan = &j->plans[0];
    rad_parallel_for(j->count, j->options->threads, run_label, j);
    if (j->settings->image_count) status = rad_groups_run(j, error);
    if (status == RAD_OK) status = tell_remarks(j, error);
    for (size_t i = 0; i < j->count; i++) {
        rad_roi_free(&j->rois[i].roi);
        rad_border_end(&j->rois[i].border);
        rad_remarks_free(&j->rois[i].remarks);
    }
    if (status == RAD_OK) status = sum_up(j, error);
    rad_free(j->rois);
    return status;
}

/* The plans of the original and of the response maps; a table that has columns keeps them, since planning
 * anew gives the same ones. */
static rad_status make_plans(rad_job *j, rad_error *error) {
    const rad_settings *s = j->settings;
    rad_table fresh = {0}, *table = j->table->column_count ? &fresh : j->table;
    j->plans = rad_new(s->image_count + 1, sizeof *j->plans, error);
    rad_status status = j->plans ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK)
        status = rad_plan_make(&s->features, "original", s->diagnostics, table, &j->plans[0], error);
    for (size_t i = 0; i < s->image_count && status == RAD_OK; i++)
        status =
            rad_plan_make(&s->images[i].features, s->images[i].name, false, table, &j->plans[i + 1], error);
    rad_table_free(&fresh);
    return status;
}

static void free_plans(rad_job *j) {
    for (size_t i = 0; j->plans && i <= j->settings->image_count; i++) rad_plan_free(&j->plans[i]);
    rad_free(j->plans);
}

rad_status rad_extract_columns(const rad_settings *settings, rad_table *table, rad_error *error) {
    rad_job j = {.settings = settings, .table = table};
    const rad_status status = make_plans(&j, error);
    free_plans(&j);
    return status;
}

static rad_status diagnose_image(rad_job *j, rad_error *error) {
    const rad_sampling untouched = {.method = j->settings->sampling.method};
    rad_status status =
        rad_diagnostics_image(j->image, &untouched, j->options->threads, &j->whole.initial, error);
    if (status == RAD_OK)
        status = rad_diagnostics_image(j->image, &j->settings->sampling, j->options->threads,
                                       &j->whole.interpolated, error);
    return status;
}

rad_status rad_extract_run(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                           const rad_extract_options *options, rad_table *table, rad_error *error) {
    return (settings->standard == RAD_PYRADIOMICS ? rad_pyr_case_run : rad_extract_prepared)(
        image, mask, settings, options, table, error);
}

rad_status rad_extract_prepared(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                                const rad_extract_options *options, rad_table *table, rad_error *error) {
    rad_job j = {.image = image,
                 .mask = mask,
                 .settings = settings,
                 .options = options,
                 .table = table,
                 .count = mask->label_count};
    rad_pace pace;
    size_t tasks = 0;
    rad_status status = make_plans(&j, error);
    for (size_t i = 0; i <= settings->image_count && status == RAD_OK; i++) tasks += j.plans[i].count;
    rad_pace_begin(&pace, options->control, tasks * j.count);
    j.pace = &pace;
    if (status == RAD_OK) status = rad_pace_check(&pace, error);
    if (status == RAD_OK && settings->diagnostics) status = diagnose_image(&j, error);
    if (status == RAD_OK) status = run_case(&j, error);
    if (status == RAD_OK) status = rad_pace_check(&pace, error);
    free_plans(&j);
    return status;
}

rad_status rad_extract_volume(const rad_volume *image, rad_mask *mask, const rad_settings *settings,
                              const rad_extract_options *options, rad_table *table, rad_error *error) {
    rad_mask chosen = {.label_count = 0};
    const rad_mask *wanted = NULL;
    rad_status status = rad_mask_fit(&image->geometry, mask, settings, options, &chosen, &wanted, error);
    if (status == RAD_OK) status = rad_extract_run(image, wanted, settings, options, table, error);
    rad_mask_free(&chosen);
    return status;
}
