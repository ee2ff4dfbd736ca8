#include "extract.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../io/nifti.h"
#include "diagnostics.h"
#include "plan.h"
#include "prepare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What all ROIs of a case share. */
typedef struct job {
    const rad_volume *image;
    const rad_mask *mask;
    const rad_settings *settings;
    const rad_extract_options *options;
    rad_plan plan;
    rad_image_diagnostics initial, interpolated;
    rad_table *table;
    size_t first_row;
    const rad_label *labels;
} job;

/* One ROI while its tasks run. */
typedef struct roi_job {
    const job *all;
    rad_roi roi;
    rad_levels levels[RAD_DISCRETISATIONS_MAX];
    rad_row *row;
    rad_error *errors; /* one per task */
} roi_job;

static void fill(rad_value *values, size_t count, rad_reason reason) {
    for (size_t i = 0; i < count; i++) values[i] = rad_undefined(reason);
}

static rad_status run_pass(const roi_job *r, const rad_task *task, rad_value *const out[RAD_PASS_FAMILIES],
                           rad_error *error) {
    const rad_pass *pass = task->pass;
    const bool shape_only = !r->roi.intensity_count; /* morphology alone can do without intensities */
    if (shape_only && strcmp(pass->families[0]->key, rad_family_words[RAD_FAMILY_MORPH]) != 0) return RAD_OK;
    const rad_feature_input input = {
        .roi = &r->roi,
        .levels = pass->levels == RAD_NO_LEVELS ? NULL : &r->levels[task->level_set],
        .settings = r->all->settings,
        .threads = r->all->options->threads,
    };
    return pass->run(&input, out, error);
}

static void run_task(size_t index, void *context) {
    roi_job *r = context;
    const rad_task *task = &r->all->plan.tasks[index];
    rad_value *out[RAD_PASS_FAMILIES] = {0};
    rad_status status = RAD_OK;
    for (int f = 0; f < RAD_PASS_FAMILIES && status == RAD_OK; f++) {
        if (!task->family[f]) continue;
        const rad_family *family = task->pass->families[f];
        const size_t count = family->aggregations->count * family->count;
        out[f] = rad_new(count, sizeof *out[f], &r->errors[index]);
        if (!out[f])
            status = RAD_NO_MEMORY;
        else
            fill(out[f], count, r->roi.intensity_count ? RAD_NOT_COMPUTED : RAD_EMPTY_INTENSITY);
    }
    if (status == RAD_OK) status = run_pass(r, task, out, &r->errors[index]);
    size_t column = task->column;
    for (int f = 0; f < RAD_PASS_FAMILIES; f++) {
        if (status == RAD_OK && out[f])
            column =
                rad_plan_place(r->all->settings, task->pass->families[f], out[f], r->row->values, column);
        rad_free(out[f]);
    }
}

static rad_status discretise_all(roi_job *r, const char *what, rad_error *error) {
    const rad_settings *s = r->all->settings;
    rad_status status = RAD_OK;
    bool needed = false;
    for (size_t t = 0; t < r->all->plan.count; t++)
        needed = needed || r->all->plan.tasks[t].pass->levels != RAD_NO_LEVELS;
    for (size_t d = 0; needed && d < s->discretisation_count && status == RAD_OK; d++)
        status = rad_discretise(&r->roi, s->discretisations[d], what, &r->levels[d], error);
    return status;
}

static rad_status run_roi(const job *j, const rad_label *label, rad_row *row, int threads, rad_error *error) {
    roi_job r = {.all = j, .row = row};
    char what[512];
    snprintf(what, sizeof what, "%.400s: label %" PRId64, j->options->case_name, label->value);
    rad_status status = rad_roi_prepare(j->image, j->mask, label, j->settings, threads, what, &r.roi, error);
    if (status != RAD_OK) return status;
    if (!r.roi.morphological_count) {
        fill(row->values, j->table->column_count, RAD_NO_VOXELS);
        return RAD_OK;
    }
    r.errors = rad_new(j->plan.count, sizeof *r.errors, error);
    status = r.errors ? discretise_all(&r, what, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) rad_parallel_for(j->plan.count, threads, run_task, &r);
    for (size_t t = 0; t < j->plan.count && status == RAD_OK; t++)
        if (r.errors[t].status != RAD_OK)
            status = rad_fail(error, r.errors[t].status, "%.300s: %.600s", what, r.errors[t].text);
    if (status == RAD_OK && j->settings->diagnostics)
        status = rad_roi_diagnose(j->image, j->mask, label, &r.roi, &j->initial, &j->interpolated,
                                  &row->values[j->plan.diagnostics], error);
    for (size_t d = 0; d < RAD_DISCRETISATIONS_MAX; d++) rad_levels_free(&r.levels[d]);
    rad_roi_free(&r.roi);
    rad_free(r.errors);
    return status;
}

/* Row of one label. */
static void run_label(size_t index, void *context) {
    const job *j = context;
    rad_row *row = &j->table->rows[j->first_row + index];
    rad_error error = {0};
    snprintf(row->roi, sizeof row->roi, "%" PRId64, j->labels[index].value);
    row->status = run_roi(j, &j->labels[index], row, j->options->threads, &error);
    if (row->status == RAD_OK) return;
    fill(row->values, j->table->column_count, RAD_NOT_COMPUTED);
    snprintf(row->text, sizeof row->text, "%.500s", error.text);
}

static rad_status check_grids(const rad_geometry *image, rad_mask *mask, const rad_extract_options *options,
                              rad_error *error) {
    char of_image[256], of_mask[256];
    if (rad_geometry_same(image, &mask->volume.geometry)) return RAD_OK;
    if (options->resample_mask) return rad_mask_resample(mask, image, options->mask_path, error);
    return rad_fail(error, RAD_CONFIG,
                    "%.200s: the mask is on another grid than the image. image: %s; mask: %s. Give "
                    "--resample-mask to put "
                    "the mask on the grid of the image by nearest neighbour",
                    options->mask_path, rad_geometry_describe(image, of_image, sizeof of_image),
                    rad_geometry_describe(&mask->volume.geometry, of_mask, sizeof of_mask));
}

static rad_status no_label(const rad_mask *mask, const rad_extract_options *options, rad_error *error) {
    char there[128] = "";
    for (size_t i = 0; i < mask->label_count && i < 10; i++) {
        const size_t used = strlen(there);
        snprintf(there + used, sizeof there - used, "%s%" PRId64, i ? ", " : "", mask->labels[i].value);
    }
    return rad_fail(error, RAD_UNREADABLE, "%.300s: no voxel has label %" PRId64 "; labels in the mask: %s%s",
                    options->mask_path, options->label, *there ? there : "none",
                    mask->label_count > 10 ? ", ..." : "");
}

/* The labels that were asked for: one, or all of the mask. */
static rad_status choose_labels(const rad_mask *mask, const rad_extract_options *options,
                                const rad_label **labels, size_t *count, rad_error *error) {
    *labels = options->one_label ? rad_mask_find(mask, options->label) : mask->labels;
    *count = options->one_label ? 1 : mask->label_count;
    if (options->one_label && !*labels) return no_label(mask, options, error);
    if (*count) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the mask is empty: all voxels are 0", options->mask_path);
}

/* The worst that happened: all rows failed, some did, or none. */
static rad_status sum_up(const job *j, size_t count, rad_error *error) {
    size_t failed = 0;
    const rad_row *first = NULL;
    for (size_t i = 0; i < count; i++) {
        const rad_row *row = &j->table->rows[j->first_row + i];
        if (row->status == RAD_OK) continue;
        if (!failed++) first = row;
    }
    if (!failed) return RAD_OK;
    if (failed == count) return rad_fail(error, first->status, "%s", first->text);
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROIs failed; the first: %s", failed, count, first->text);
}

static rad_status run_labels(job *j, size_t count, rad_error *error) {
    rad_parallel_for(count, j->options->threads, run_label, j);
    return sum_up(j, count, error);
}

rad_status rad_extract(const rad_volume *image, rad_mask *mask, const rad_settings *settings,
                       const rad_extract_options *options, rad_table *table, rad_error *error) {
    job j = {.image = image, .mask = mask, .settings = settings, .options = options, .table = table};
    rad_status status = check_grids(&image->geometry, mask, options, error);
    if (status != RAD_OK) return status;
    size_t count = 0;
    status = choose_labels(mask, options, &j.labels, &count, error);
    if (status != RAD_OK) return status;
    rad_table fresh = {0}; /* a table that has columns keeps them; planning anew gives the same ones */
    status = rad_plan_make(settings, "original", table->column_count ? &fresh : table, &j.plan, error);
    rad_table_free(&fresh);
    if (status == RAD_OK && settings->diagnostics) {
        rad_settings untouched = *settings;
        memset(untouched.spacing, 0, sizeof untouched.spacing);
        untouched.round = false;
        status = rad_image_diagnose(image, &untouched, options->threads, &j.initial, error);
        if (status == RAD_OK)
            status = rad_image_diagnose(image, settings, options->threads, &j.interpolated, error);
    }
    if (status == RAD_OK) status = rad_table_add_rows(table, count, options->case_name, &j.first_row, error);
    if (status == RAD_OK) status = run_labels(&j, count, error);
    rad_plan_free(&j.plan);
    return status;
}

/* The part of the image that the ROIs need. */
static rad_status read_image(const char *path, rad_mask *mask, const rad_settings *settings,
                             const rad_extract_options *options, rad_volume *image, rad_warnings *warnings,
                             rad_error *error) {
    const rad_label *labels = NULL;
    size_t count = 0;
    rad_box box = {{0}, {0}};
    rad_status status = rad_nifti_read_header(path, image, NULL, error);
    const rad_geometry geometry = image->geometry;
    if (status == RAD_OK) status = check_grids(&geometry, mask, options, error);
    if (status == RAD_OK) status = choose_labels(mask, options, &labels, &count, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        status = rad_roi_reach(&geometry, &labels[i], settings, &box, error);
    if (status != RAD_OK) return status;
    return rad_nifti_read_box(path, settings->diagnostics ? NULL : &box, options->verify, image, warnings,
                              error);
}

rad_status rad_extract_files(const char *image_path, const char *mask_path, const rad_settings *settings,
                             rad_extract_options options, rad_table *table, rad_warnings *warnings,
                             rad_error *error) {
    rad_volume image = {0};
    rad_mask mask = {0};
    options.mask_path = mask_path;
    if (!options.case_name) options.case_name = image_path;
    rad_status status = rad_nifti_read_mask(mask_path, &mask, warnings, error);
    if (status == RAD_OK) status = read_image(image_path, &mask, settings, &options, &image, warnings, error);
    if (status == RAD_OK) status = rad_extract(&image, &mask, settings, &options, table, error);
    rad_volume_free(&image);
    rad_mask_free(&mask);
    return status;
}
