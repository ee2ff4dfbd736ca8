#include "extract.h"

#include "../core/interpolate.h"
#include "../core/memory.h"
#include "../core/pace.h"
#include "../core/parallel.h"
#include "../core/regrid.h"
#include "../features/families.h"
#include "../filters/spectrum.h"
#include "case_files.h"
#include "diagnostics.h"
#include "plan.h"
#include "prepare.h"
#include "remarks.h"
#include "response.h"
#include "stamps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What all ROIs of a case share. */
typedef struct job {
    const rad_volume *image;
    const rad_mask *mask;
    const rad_settings *settings;
    const rad_extract_options *options;
    rad_plan *plans; /* of the original and of each of settings->images */
    rad_image_diagnostics initial, interpolated;
    rad_table *table;
    struct roi_job *rois; /* one per label */
    size_t count;
    const rad_plan *plan;    /* of the image that is the turn of */
    const rad_image *mapped; /* that image, where it is a response map */
    rad_pace *pace;
} job;

/* One ROI. */
typedef struct roi_job {
    const job *all;
    const rad_label *label;
    rad_row *row;
    rad_roi roi;
    char what[512]; /* names it in errors */
    rad_levels levels[RAD_DISCRETISATIONS_MAX];
    rad_remarks remarks;
} roi_job;

static void fill(rad_value *values, size_t count, rad_reason reason) {
    for (size_t i = 0; i < count; i++) values[i] = rad_undefined(reason);
}

static rad_status run_pass(const roi_job *r, const rad_task *task, rad_value *const out[RAD_PASS_FAMILIES],
                           rad_error *error) {
    const rad_pass *pass = task->pass;
    const rad_feature_input input = {
        .roi = &r->roi,
        .levels = pass->levels == RAD_NO_LEVELS ? NULL : &r->levels[task->level_set],
        .settings = r->all->plan->settings,
        .threads = r->all->options->threads,
    };
    return pass->run(&input, out, error);
}

static rad_status run_task(size_t index, void *context, rad_error *error) {
    roi_job *r = context;
    const rad_task *task = &r->all->plan->tasks[index];
    rad_value *out[RAD_PASS_FAMILIES] = {0};
    rad_status status = rad_pace_check(r->all->pace, error);
    for (int f = 0; f < RAD_PASS_FAMILIES && status == RAD_OK; f++) {
        if (!task->family[f]) continue;
        const rad_family *family = task->pass->families[f];
        const size_t count = family->aggregations->count * family->count;
        out[f] = rad_new(count, sizeof *out[f], error);
        if (!out[f])
            status = RAD_NO_MEMORY;
        else
            fill(out[f], count, RAD_NOT_COMPUTED);
    }
    if (status == RAD_OK) status = run_pass(r, task, out, error);
    rad_pace_add(r->all->pace, 1);
    size_t column = task->column;
    for (int f = 0; f < RAD_PASS_FAMILIES; f++) {
        if (status == RAD_OK && out[f])
            column = rad_plan_place(r->all->plan->settings, task->pass->families[f], out[f], r->row->values,
                                    column);
        rad_free(out[f]);
    }
    return status;
}

/* Narrower bins, where those of this width are the reason that there are few: about 32, a width of one digit.
 */
static const char *advise(rad_discretisation d, double extent, char *text, size_t length) {
    char better[48];
    *text = '\0';
    if (d.binning != RAD_BIN_FBS || !(extent > 0 && extent < RAD_LEVELS_FEW * d.amount)) return text;
    const double power = pow(10, floor(log10(extent / 32)));
    d.amount = rint(extent / 32 / power) * power;
    snprintf(text, length, "; choose narrower bins (%s) or fbn32",
             rad_discretisation_name(d, better, sizeof better));
    return text;
}

/* Few levels are no error, and no texture either. */
static rad_status remark_levels(roi_job *r, const rad_levels *levels, rad_discretisation d,
                                rad_error *error) {
    char about[64], word[48], advice[96];
    if (!rad_levels_are_few(levels, d)) return RAD_OK;
    snprintf(about, sizeof about, "discretisation %s", rad_discretisation_name(d, word, sizeof word));
    return rad_remarks_add(&r->remarks, r->all->mapped ? r->all->mapped->name : NULL, about, error,
                           "%s %g..%g fall into %u grey level%s; textures say %s%s",
                           r->all->mapped ? "responses" : "intensities", levels->low, levels->high,
                           levels->different, levels->different == 1 ? "" : "s",
                           levels->different == 1 ? "nothing" : "little",
                           advise(d, levels->high - levels->low, advice, sizeof advice));
}

/* The same for the bins of the volume histogram, which no texture sees. */
static rad_status remark_ivh(roi_job *r, const rad_feature_settings *settings, rad_error *error) {
    char about[64], word[48], advice[96];
    const rad_discretisation d = settings->ivh.row[0];
    double low, high;
    if (!(settings->families & rad_family_bit(&rad_family_ivh)) || d.binning != RAD_BIN_FBS) return RAD_OK;
    rad_roi_extremes(&r->roi, &low, &high);
    if (!(high - low < d.amount)) return RAD_OK;
    snprintf(about, sizeof about, "ivh %s", rad_discretisation_name(d, word, sizeof word));
    return rad_remarks_add(&r->remarks, r->all->mapped ? r->all->mapped->name : NULL, about, error,
                           "%s %g..%g are narrower than one bin; the volume histogram says little%s",
                           r->all->mapped ? "responses" : "intensities", low, high,
                           advise(d, high - low, advice, sizeof advice));
}

/* The tasks of the image whose turn it is. */
static rad_status run_tasks(roi_job *r, rad_error *error) {
    const rad_plan *plan = r->all->plan;
    const rad_binnings *binnings = &plan->settings->discretisation;
    rad_status status = remark_ivh(r, plan->settings, error);
    for (size_t d = 0; rad_plan_has_levels(plan) && d < binnings->count && status == RAD_OK; d++) {
        status = rad_discretise(&r->roi, binnings->row[d], r->what, &r->levels[d], error);
        if (status == RAD_OK) status = remark_levels(r, &r->levels[d], binnings->row[d], error);
    }
    if (status == RAD_OK) {
        rad_error why = {0};
        status = rad_parallel_try(plan->count, r->all->options->threads, run_task, r, &why);
        if (status != RAD_OK) rad_fail(error, status, "%.300s: %.600s", r->what, why.text);
    }
    for (size_t d = 0; d < RAD_DISCRETISATIONS_MAX; d++) rad_levels_free(&r->levels[d]);
    return status;
}

/* A ROI that fails has no values; nothing more is done for it. */
static void fail_roi(roi_job *r, const rad_error *error) {
    r->row->status = error->status;
    fill(r->row->values, r->all->table->column_count, RAD_NOT_COMPUTED);
    snprintf(r->row->text, sizeof r->row->text, "%.500s", error->text);
    rad_roi_free(&r->roi);
}

/* A ROI of which much is lost or added says so. */
static rad_status remark_changes(roi_job *r, rad_error *error) {
    const double *own = r->all->mask->volume.geometry.spacing, *grid = r->roi.grid.spacing;
    const double before = (double)r->label->voxels * own[0] * own[1] * own[2],
                 after = (double)r->roi.morphological_count * grid[0] * grid[1] * grid[2];
    char text[80];
    rad_status status = RAD_OK;
    if (after < before / 2 || after > before * 2)
        status = rad_remarks_add(&r->remarks, NULL, "interpolation", error,
                                 "%g mm3 become %g mm3 on the grid of %s", before, after,
                                 rad_roi_grid_text(&r->roi, text, sizeof text));
    if (status == RAD_OK && r->roi.intensity_count < r->roi.morphological_count / 2)
        status = rad_remarks_add(&r->remarks, NULL, "resegmentation", error, "%zu of %zu voxels are left",
                                 r->roi.intensity_count, r->roi.morphological_count);
    return status;
}

/* A ROI that has a fault, or no voxel, cannot be prepared. */
static rad_status check_drawn(const rad_label *label, const char *what, rad_error *error) {
    if (label->fault) return rad_fail(error, RAD_UNREADABLE, "%s: %s", what, label->fault);
    if (label->voxels) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: no voxel centre of the image lies inside it", what);
}

static rad_status run_original(roi_job *r, rad_error *error) {
    const job *j = r->all;
    const int threads = j->options->threads;
    rad_status status = check_drawn(r->label, r->what, error);
    if (status == RAD_OK)
        status = rad_roi_prepare(j->image, j->mask, r->label, j->settings, threads, r->what, &r->roi, error);
    if (status == RAD_OK) status = remark_changes(r, error);
    if (status == RAD_OK) status = run_tasks(r, error);
    if (status == RAD_OK && j->settings->diagnostics)
        status = rad_roi_diagnose(j->image, j->mask, r->label, &r->roi, &j->initial, &j->interpolated,
                                  &r->row->values[j->plan->diagnostics], error);
    return status;
}

/* The original image: ROIs are kept for the response maps, if there are any. */
static void run_label(size_t index, void *context) {
    roi_job *r = &((const job *)context)->rois[index];
    rad_error error = {0};
    if (run_original(r, &error) != RAD_OK) fail_roi(r, &error);
    if (!r->all->settings->image_count) rad_roi_free(&r->roi);
}

/* ROIs that share a response map. */
typedef struct group {
    const job *all;
    const rad_image *image;
    rad_box box;
    rad_visible sight;
    size_t *rois; /* indices into all->rois */
    size_t count;
    const double *map;
} group;

static void run_mapped(size_t index, void *context) {
    const group *g = context;
    roi_job *r = &g->all->rois[g->rois[index]];
    rad_error error = {0};
    rad_roi_take_map(&r->roi, &g->box, g->map);
    if (run_tasks(r, &error) != RAD_OK) fail_roi(r, &error);
}

/* The field that filters saw last, for the next filter that sees the same box. */
typedef struct sight {
    rad_box box;
    rad_field field;
    rad_shared shared;
} sight;

static void forget(sight *last) {
    rad_shared_clear(&last->shared);
    rad_free(last->field.data);
    *last = (sight){0};
}

static void note_group(const group *g) {
    char text[512];
    const rad_extract_options *o = g->all->options;
    if (!o->note) return;
    static const char *const ways[] = {[RAD_SEES_ALL] = "the whole image",
                                       [RAD_SEES_BOX] = "a box that gives what the whole image would",
                                       [RAD_SEES_CUT] = "a box cut at filter_margin_mm"};
    snprintf(text, sizeof text, "%.95s sees %s: %zu x %zu x %zu voxels for %zu %s", g->image->name,
             ways[g->sight], g->box.end[0] - g->box.begin[0], g->box.end[1] - g->box.begin[1],
             g->box.end[2] - g->box.begin[2], g->count, g->count == 1 ? "ROI" : "ROIs");
    o->note(text, o->note_context);
}

/* Filters where it counts: the box of all ROIs in the group. */
static rad_box wanted_of(const group *g) {
    const roi_job *rois = g->all->rois;
    rad_box all = rois[g->rois[0]].roi.box;
    for (size_t i = 1; i < g->count; i++) all = rad_box_join(&all, &rois[g->rois[i]].roi.box);
    for (int a = 0; a < 3; a++) {
        all.begin[a] -= g->box.begin[a];
        all.end[a] -= g->box.begin[a];
    }
    return all;
}

static rad_status run_group(group *g, sight *last, rad_error *error) {
    const job *j = g->all;
    const char *what = j->options->case_name;
    rad_status status = rad_pace_check(j->pace, error);
    if (status == RAD_OK && (!last->field.data || memcmp(&last->box, &g->box, sizeof g->box) != 0)) {
        forget(last);
        last->box = g->box;
        status = rad_field_interpolate(j->image, &j->settings->sampling, &g->box, what, j->options->threads,
                                       &last->field, error);
        last->field.shared = &last->shared;
    }
    if (status != RAD_OK) return status;
    last->field.wanted = wanted_of(g);
    double *map = rad_new_raw(rad_field_count(&last->field), sizeof *map, error);
    status = map ? rad_filter_run(&last->field, &g->image->options, j->options->threads, map, error)
                 : RAD_NO_MEMORY;
    g->map = map;
    if (status == RAD_OK) rad_parallel_for(g->count, j->options->threads, run_mapped, g);
    rad_free(map);
    return status;
}

/* Joins groups whose box together is no larger than their boxes apart; boxes that are cut stay as they are,
 * since a ROI's values must not depend on other ROIs. Every ROI begins in a group of its own. */
static size_t join_groups(group *groups, size_t count, size_t *rois) {
    enum { CANDIDATES = 64 }; /* groups that a ROI is tried with */
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = kept > CANDIDATES ? kept - CANDIDATES : 0;
        for (; k < kept && groups[i].sight != RAD_SEES_CUT; k++) {
            const rad_box both = rad_box_join(&groups[k].box, &groups[i].box);
            if (rad_box_count(&both) <= rad_box_count(&groups[k].box) + rad_box_count(&groups[i].box)) break;
        }
        if (groups[i].sight == RAD_SEES_CUT) k = kept;
        if (k == kept) {
            groups[kept++] = groups[i];
            continue;
        }
        groups[k].box = rad_box_join(&groups[k].box, &groups[i].box);
        /* ROIs of a group lie side by side: move those between to make room. */
        const size_t moved = groups[i].rois[0];
        const size_t at = (size_t)(groups[k].rois - rois) + groups[k].count;
        memmove(&rois[at + 1], &rois[at], (size_t)(groups[i].rois - rois - (ptrdiff_t)at) * sizeof *rois);
        rois[at] = moved;
        groups[k].count++;
        for (size_t m = k + 1; m < kept; m++) groups[m].rois++;
    }
    return kept;
}

static rad_status run_groups(const job *j, const rad_image *image, group *groups, size_t *rois, sight *last,
                             rad_error *error) {
    size_t count = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < j->count && status == RAD_OK; i++) {
        if (j->rois[i].row->status != RAD_OK) continue;
        group *g = &groups[count];
        const rad_roi *roi = &j->rois[i].roi;
        rois[count] = i;
        *g = (group){.all = j, .image = image, .rois = &rois[count++], .count = 1};
        status = rad_response_box(&roi->grid, &roi->box, image, j->settings, &g->box, &g->sight, error);
    }
    if (status != RAD_OK) return status;
    count = join_groups(groups, count, rois);
    for (size_t i = 0; i < count; i++) {
        rad_error why = {0};
        note_group(&groups[i]);
        if (run_group(&groups[i], last, &why) == RAD_OK) continue;
        for (size_t k = 0; k < groups[i].count; k++) fail_roi(&j->rois[groups[i].rois[k]], &why);
    }
    return RAD_OK;
}

/* The response maps, one after the other. */
static rad_status run_images(job *j, rad_error *error) {
    sight last = {0};
    group *groups = rad_new(j->count, sizeof *groups, error);
    size_t *rois = rad_new(j->count, sizeof *rois, error);
    rad_status status = groups && rois ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < j->settings->image_count && status == RAD_OK; i++) {
        j->plan = &j->plans[i + 1];
        j->mapped = &j->settings->images[i];
        status = run_groups(j, &j->settings->images[i], groups, rois, &last, error);
    }
    forget(&last);
    rad_free(groups);
    rad_free(rois);
    return status;
}

static size_t count_beyond(const rad_mask *mask, const rad_geometry *image) {
    size_t beyond = 0;
    for (size_t i = 0; i < mask->label_count; i++) beyond += rad_regrid_beyond(mask, &mask->labels[i], image);
    return beyond;
}

/* A mask whose voxels lie on those of the image, be it in another order or only in a part of it, is put there
 * without a loss; any other stays on its own grid, if that was asked for. */
static rad_status fit_mask(const rad_geometry *image, rad_mask *mask, const rad_extract_options *options,
                           rad_error *error) {
    char of_image[256], of_mask[256];
    const rad_geometry *own = &mask->volume.geometry;
    if (rad_geometry_same(image, own)) return RAD_OK;
    const bool coincides = rad_geometry_coincides(own, image),
               beyond = coincides && count_beyond(mask, image);
    if (coincides && !beyond) return rad_mask_resample(mask, image, options->mask_path, error);
    if (options->resample_mask) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%.200s: the mask is not on the grid of the image%s. image: %s; mask: %s. Give "
                    "--resample-mask to interpolate it from its own grid to that of the features",
                    options->mask_path, beyond ? ", and part of it lies beyond the image" : "",
                    rad_geometry_describe(image, of_image, sizeof of_image),
                    rad_geometry_describe(own, of_mask, sizeof of_mask));
}

/* What of the ROIs lies beyond the image is left out, and said; a ROI of which nothing is left has a fault.
 */
static rad_status cut_beyond(const rad_geometry *image, rad_mask *mask, rad_warnings *warnings,
                             rad_error *error) {
    size_t cut = 0, first = 0, voxels = 0;
    if (rad_geometry_same(image, &mask->volume.geometry)) return RAD_OK;
    for (size_t i = 0; i < mask->label_count; i++) {
        rad_label *l = &mask->labels[i];
        const size_t beyond = rad_regrid_beyond(mask, l, image);
        if (!beyond || l->fault) continue;
        if (beyond == l->voxels) {
            l->fault = rad_text_copy("all of it lies beyond the image", error);
            if (!l->fault) return RAD_NO_MEMORY;
        } else if (!cut++) {
            first = i;
            voxels = beyond;
        }
    }
    char name[64], more[64] = "";
    if (cut > 1) snprintf(more, sizeof more, "; the same for %zu more ROI%s", cut - 1, cut == 2 ? "" : "s");
    if (cut)
        rad_warn(warnings, "ROI %s: %zu of %zu voxels of the mask lie beyond the image and are left out%s",
                 rad_label_text(&mask->labels[first], name, sizeof name), voxels, mask->labels[first].voxels,
                 more);
    return RAD_OK;
}

/* The mask on the grid of the image or on its own, and of it the ROIs that are wanted: *wanted is the mask
 * itself, or `chosen`, which the caller frees. */
static rad_status settle_mask(const rad_geometry *image, rad_mask *mask, const rad_extract_options *options,
                              rad_mask *chosen, const rad_mask **wanted, rad_error *error) {
    const bool some = options->choice.count > 0;
    rad_mask *settled = some ? chosen : mask;
    rad_status status = fit_mask(image, mask, options, error);
    *wanted = settled;
    if (status == RAD_OK)
        status = some ? rad_mask_choose(mask, &options->choice, options->mask_path, chosen, error)
                      : rad_mask_distinguish(mask, error);
    if (status == RAD_OK) status = cut_beyond(image, settled, options->warnings, error);
    if (status != RAD_OK || settled->label_count) return status;
    return rad_fail(error, RAD_UNREADABLE, "%s: the mask is empty: all voxels are 0", options->mask_path);
}

/* The worst that happened: memory was short or the caller cancelled, all rows failed, some did, or none. A
 * ROI without memory is no property of the ROI: the same command may have it a moment later, and a table of
 * the others would look whole. */
static rad_status sum_up(const job *j, rad_error *error) {
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
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROIs failed; the first: %s", failed, j->count,
                    first->text);
}

/* What there is to remark about the ROIs becomes warnings. */
static rad_status tell_remarks(const job *j, rad_error *error) {
    rad_remarked *rois = rad_new(j->count, sizeof *rois, error);
    if (!rois) return RAD_NO_MEMORY;
    for (size_t i = 0; i < j->count; i++) rois[i] = (rad_remarked){j->rois[i].row->roi, &j->rois[i].remarks};
    rad_remarks_tell(rois, j->count, j->options->warnings);
    rad_free(rois);
    return RAD_OK;
}

static rad_status run_case(job *j, rad_error *error) {
    size_t first = 0;
    rad_status status = rad_table_add_rows(j->table, j->count, j->options->case_name, &first, error);
    if (status != RAD_OK) return status;
    j->rois = rad_new(j->count, sizeof *j->rois, error);
    if (!j->rois) return RAD_NO_MEMORY;
    for (size_t i = 0; i < j->count; i++) {
        roi_job *r = &j->rois[i];
        r->all = j;
        r->label = &j->mask->labels[i];
        r->row = &j->table->rows[first + i];
        r->row->status = RAD_OK;
        rad_label_text(r->label, r->row->roi, sizeof r->row->roi);
        snprintf(r->what, sizeof r->what, "%.380s: ROI %s", j->options->case_name, r->row->roi);
    }
    j->plan = &j->plans[0];
    rad_parallel_for(j->count, j->options->threads, run_label, j);
    if (j->settings->image_count) status = run_images(j, error);
    if (status == RAD_OK) status = tell_remarks(j, error);
    for (size_t i = 0; i < j->count; i++) {
        rad_roi_free(&j->rois[i].roi);
        rad_remarks_free(&j->rois[i].remarks);
    }
    if (status == RAD_OK) status = sum_up(j, error);
    rad_free(j->rois);
    return status;
}

/* The plans of the original and of the response maps; a table that has columns keeps them, since planning
 * anew gives the same ones. */
static rad_status make_plans(job *j, rad_error *error) {
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

static void free_plans(job *j) {
    for (size_t i = 0; j->plans && i <= j->settings->image_count; i++) rad_plan_free(&j->plans[i]);
    rad_free(j->plans);
}

static rad_status diagnose_image(job *j, rad_error *error) {
    const rad_sampling untouched = {.method = j->settings->sampling.method};
    rad_status status = rad_image_diagnose(j->image, &untouched, j->options->threads, &j->initial, error);
    if (status == RAD_OK)
        status = rad_image_diagnose(j->image, &j->settings->sampling, j->options->threads, &j->interpolated,
                                    error);
    return status;
}

static rad_status run_all(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                          const rad_extract_options *options, rad_table *table, rad_error *error) {
    job j = {.image = image,
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
    rad_status status = settle_mask(&image->geometry, mask, options, &chosen, &wanted, error);
    if (status == RAD_OK) status = run_all(image, wanted, settings, options, table, error);
    rad_mask_free(&chosen);
    return status;
}

/* The part of the image that the ROIs need. */
static rad_status find_reach(const rad_geometry *image, const rad_mask *mask, const rad_settings *settings,
                             rad_box *box, rad_error *error) {
    rad_status status = RAD_OK;
    *box = (rad_box){{0}, {0}};
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++)
        if (mask->labels[i].voxels && !mask->labels[i].fault)
            status = rad_roi_reach(image, &mask->volume.geometry, &mask->labels[i], settings, box, error);
    if (!box->end[0]) *box = (rad_box){{0, 0, 0}, {1, 1, 1}}; /* no ROI has a voxel */
    return status;
}

static bool has_slices(const rad_feature_settings *f) {
    return rad_families_have_texture(f->families) && f->dimensions & (RAD_2D | RAD_2_5D);
}

static bool goes_by_slices(const rad_settings *s) {
    bool slices = has_slices(&s->features);
    for (size_t i = 0; i < s->image_count; i++) {
        const rad_image *image = &s->images[i];
        slices = slices || has_slices(&image->features) || rad_filter_is_flat(&image->options);
    }
    return slices;
}

/* Slices of a file that are not those of the grid. */
static void warn_of_slices(const rad_source *source, const rad_settings *settings, rad_warnings *warnings) {
    const rad_order *order = &source->header.order;
    if (!order->turned || !order->assumed || order->axis[2] == 2 || !goes_by_slices(settings)) return;
    const char *across = order->axis[0] == 2 ? "x (left and right)" : "y (front and back)";
    rad_warn(warnings,
             "%.300s: the file stores slices across %s, and no side of its voxels is longer than the others: "
             "what goes slice by slice takes slices across z (feet and head)",
             source->path, across);
}

/* Filters that do not fit the grid that they will see. */
static rad_status warn_of_filters(const rad_geometry *image, const rad_settings *settings,
                                  rad_warnings *warnings, rad_error *error) {
    rad_geometry grid;
    rad_status status = rad_interpolation_grid(image, settings->sampling.spacing, &grid, error);
    for (size_t i = 0; i < settings->image_count && status == RAD_OK; i++)
        rad_filter_warn(&settings->images[i].options, settings->images[i].name, grid.spacing, warnings);
    return status;
}

/* An image that is open, its mask, and the ROIs that are wanted. */
typedef struct inputs {
    rad_source_options how;
    rad_source source;
    rad_mask mask, chosen;
    const rad_mask *wanted;
} inputs;

static rad_status open_inputs(const char *image_path, const char *mask_path, const rad_settings *settings,
                              const rad_extract_options *options, inputs *in, rad_warnings *warnings,
                              rad_error *error) {
    *in = (inputs){.how = rad_case_source_options(settings, options->series, options->threads)};
    in->how.any_frame = options->any_frame;
    in->how.verify = options->verify;
    in->how.image = options->image;
    in->how.mask = options->mask;
    rad_status status = rad_source_open(image_path, &in->how, &in->source, warnings, error);
    if (status == RAD_OK) warn_of_slices(&in->source, settings, warnings);
    if (status == RAD_OK) status = warn_of_filters(&in->source.header.geometry, settings, warnings, error);
    if (status == RAD_OK)
        status = rad_source_read_mask(mask_path, &in->source, &in->how, &options->choice, &in->mask, warnings,
                                      error);
    if (status == RAD_OK)
        status =
            settle_mask(&in->source.header.geometry, &in->mask, options, &in->chosen, &in->wanted, error);
    return status;
}

static void close_inputs(inputs *in) {
    rad_source_close(&in->source);
    rad_mask_free(&in->mask);
    rad_mask_free(&in->chosen);
}

rad_status rad_extract_files(const char *image_path, const char *mask_path, const rad_settings *settings,
                             rad_extract_options options, rad_table *table, rad_facts *facts,
                             rad_warnings *warnings, rad_error *error) {
    inputs in;
    rad_volume image = {0};
    rad_box box;
    rad_stamps stamps;
    const char *image_file = options.image ? NULL : image_path, *mask_file = options.mask ? NULL : mask_path;
    rad_error unstamped = {0}; /* of no account where reading fails as well, and says why */
    const rad_status stamped =
        options.stamped ? RAD_OK : rad_stamps_take(image_file, mask_file, &stamps, &unstamped);
    options.mask_path = mask_path;
    options.warnings = warnings;
    if (!options.case_name) options.case_name = image_path;
    rad_status status = open_inputs(image_path, mask_path, settings, &options, &in, warnings, error);
    if (facts) *facts = in.source.facts;
    if (status == RAD_OK) status = find_reach(&in.source.header.geometry, in.wanted, settings, &box, error);
    if (status == RAD_OK)
        status = rad_source_read(&in.source, &in.how, settings->diagnostics ? NULL : &box, &image, warnings,
                                 error);
    rad_source_close(&in.source);
    if (status == RAD_OK) status = run_all(&image, in.wanted, settings, &options, table, error);
    rad_volume_free(&image);
    close_inputs(&in);
    if (options.stamped || (status != RAD_OK && status != RAD_PARTIAL)) return status;
    if (stamped != RAD_OK) return rad_fail(error, stamped, "%s", unstamped.text);
    const rad_status unchanged = rad_stamps_check(image_file, mask_file, &stamps, error);
    return unchanged == RAD_OK ? status : unchanged;
}

/* Is there a voxel of the label on the grid of the features? */
static rad_status check_label(const inputs *in, const rad_label *label, const rad_settings *settings,
                              int threads, rad_error *error) {
    char what[80] = "ROI ";
    rad_roi roi = {.morphological_count = 0};
    rad_label_text(label, what + 4, sizeof what - 4);
    rad_status status = check_drawn(label, what, error);
    if (status != RAD_OK) return status;
    status = rad_roi_shape(&in->source.header.geometry, in->wanted, label, settings, threads, &roi, error);
    if (status == RAD_OK && !roi.morphological_count) status = rad_roi_lost(&roi, what, error);
    rad_roi_free(&roi);
    return status;
}

rad_status rad_extract_check(const char *image_path, const char *mask_path, const rad_settings *settings,
                             rad_extract_options options, size_t *rois, rad_warnings *warnings,
                             rad_error *error) {
    inputs in;
    size_t failed = 0;
    options.mask_path = mask_path;
    options.warnings = warnings;
    rad_status status = open_inputs(image_path, mask_path, settings, &options, &in, warnings, error);
    *rois = status == RAD_OK ? in.wanted->label_count : 0;
    for (size_t i = 0; i < *rois && status == RAD_OK; i++) {
        rad_error why = {0};
        if (check_label(&in, &in.wanted->labels[i], settings, options.threads, &why) == RAD_OK) continue;
        failed++;
        rad_warn(warnings, "%.400s", why.text);
    }
    if (failed)
        status = rad_fail(error, failed == *rois ? RAD_UNREADABLE : RAD_PARTIAL,
                          "%zu of %zu ROIs cannot be used", failed, *rois);
    close_inputs(&in);
    return status;
}
