#include "roi_job.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/printable.h"
#include "../features/families.h"

#include <math.h>
#include <stdio.h>

static void fill(rad_value *values, size_t count, rad_reason reason) {
    for (size_t i = 0; i < count; i++) values[i] = rad_undefined(reason);
}

static rad_status run_pass(rad_roi_job *r, const rad_task *task, rad_value *const out[RAD_PASS_FAMILIES],
                           rad_error *error) {
    const rad_pass *pass = task->pass;
    const rad_feature_settings own = rad_plan_settings(r->all->plan->settings, task);
    const rad_feature_input input = {
        .roi = &r->roi,
        .levels = pass->levels == RAD_NO_LEVELS ? NULL : &r->levels[task->level_set],
        .settings = &own,
        .threads = r->all->options->threads,
        .border = &r->border,
    };
    return pass->run(&input, out, error);
}

static rad_status run_task(size_t index, void *context, rad_error *error) {
    rad_roi_job *r = context;
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
    const rad_feature_settings own = rad_plan_settings(r->all->plan->settings, task);
    for (int f = 0; f < RAD_PASS_FAMILIES; f++) {
        if (status == RAD_OK && out[f])
            rad_plan_place(&own, task->pass->families[f], out[f], r->row->values, task->column[f]);
        rad_free(out[f]);
    }
    return status;
}

/* Narrower bins, where those of this width are the reason that there are few: about 32, a width of one digit.
 */
static const char *advise(const rad_roi_job *r, rad_discretisation d, double extent, char *text,
                          size_t length) {
    char better[48];
    *text = '\0';
    const bool wide = d.binning == RAD_BIN_FBS || d.binning == RAD_BIN_WIDTH;
    if (!wide || !(extent > 0 && extent < RAD_LEVELS_FEW * d.amount)) return text;
    const double power = pow(10, floor(log10(extent / 32)));
    d.amount = rint(extent / 32 / power) * power;
    if (r->all->settings->standard == RAD_PYRADIOMICS)
        snprintf(text, length, "; choose narrower bins (binWidth: %g) or binCount: 32", d.amount);
    else
        snprintf(text, length, "; choose narrower bins (%s) or fbn32",
                 rad_discretisation_name(d, better, sizeof better));
    return text;
}

/* Few levels are no error, and no texture either. */
static rad_status remark_levels(rad_roi_job *r, const rad_levels *levels, rad_discretisation d,
                                rad_error *error) {
    char about[64], word[48], advice[96];
    if (!rad_levels_are_few(levels, d)) return RAD_OK;
    snprintf(about, sizeof about, "discretisation %s", rad_discretisation_name(d, word, sizeof word));
    return rad_remarks_add(&r->remarks, r->all->mapped ? r->all->mapped->name : NULL, about, error,
                           "%s %g..%g fall into %u grey level%s; textures say %s%s",
                           r->all->mapped ? "responses" : "intensities", levels->low, levels->high,
                           levels->different, rad_plural(levels->different),
                           levels->different == 1 ? "nothing" : "little",
                           advise(r, d, levels->high - levels->low, advice, sizeof advice));
}

static bool has_ivh_bins(const rad_feature_settings *settings) {
    return (settings->families & rad_family_bit(&rad_family_ivh)) &&
           settings->ivh.row[0].binning == RAD_BIN_FBS;
}

/* The same for the bins of the volume histogram, which no texture sees. */
static rad_status remark_ivh(rad_roi_job *r, const rad_feature_settings *settings, const double extremes[2],
                             rad_error *error) {
    char about[64], word[48], advice[96];
    const rad_discretisation d = settings->ivh.row[0];
    const double low = extremes[0], high = extremes[1];
    if (!(high - low < d.amount)) return RAD_OK;
    snprintf(about, sizeof about, "ivh %s", rad_discretisation_name(d, word, sizeof word));
    return rad_remarks_add(&r->remarks, r->all->mapped ? r->all->mapped->name : NULL, about, error,
                           "%s %g..%g are narrower than one bin; the volume histogram says little%s",
                           r->all->mapped ? "responses" : "intensities", low, high,
                           advise(r, d, high - low, advice, sizeof advice));
}

/* Levels by each discretisation; the extremes of the ROI are found once. */
typedef struct levelling {
    rad_roi_job *roi;
    double extremes[2];
    char what[400];
} levelling;

static rad_status make_levels(size_t index, void *context, rad_error *error) {
    const levelling *l = context;
    const rad_feature_settings *settings = l->roi->all->plan->settings;
    rad_discretisation how = settings->discretisation.row[index];
    how.origin = settings->bin_origin;
    return rad_discretise_within(&l->roi->roi, l->extremes, how, l->what, &l->roi->levels[index], error);
}

/* Remarks go in the order of the discretisations, whichever was done first. */
static rad_status discretise(rad_roi_job *r, rad_error *error) {
    const rad_plan *plan = r->all->plan;
    const rad_binnings *binnings = &plan->settings->discretisation;
    const size_t sets = rad_plan_has_levels(plan) ? binnings->count : 0;
    levelling l = {.roi = r};
    snprintf(l.what, sizeof l.what, "%.300s%s%.95s", r->what, r->all->mapped ? ": " : "",
             r->all->mapped ? r->all->mapped->name : "");
    const bool bins = has_ivh_bins(plan->settings);
    if (!sets && !bins) return RAD_OK;
    rad_roi_extremes(&r->roi, &l.extremes[0], &l.extremes[1]);
    rad_status status = bins ? remark_ivh(r, plan->settings, l.extremes, error) : RAD_OK;
    if (status != RAD_OK) return status;
    status = rad_parallel_try(sets, r->all->options->threads, make_levels, &l, error);
    if (sets && !r->all->mapped) r->row->levels = r->levels[0].count;
    for (size_t d = 0; d < sets && (status == RAD_OK || r->levels[d].level);
         d++) { /* up to the one that failed */
        const rad_status told = remark_levels(r, &r->levels[d], binnings->row[d], error);
        if (told != RAD_OK) return told;
    }
    return status;
}

rad_status rad_roi_job_run(rad_roi_job *r, rad_error *error) {
    rad_status status = discretise(r, error);
    if (status == RAD_OK) {
        rad_error why = {0};
        status = rad_parallel_try(r->all->plan->count, r->all->options->threads, run_task, r, &why);
        if (status != RAD_OK) rad_fail(error, status, "%.300s: %.600s", r->what, why.text);
    }
    for (size_t d = 0; d < RAD_DISCRETISATIONS_MAX; d++) rad_levels_free(&r->levels[d]);
    return status;
}

rad_status rad_roi_job_leave(rad_roi_job *r, const rad_settings *s, bool *left, rad_error *error) {
    const double *side = r->roi.grid.spacing;
    const double volume = (double)r->roi.morphological_count * side[0] * side[1] * side[2] / 1000;
    char asked[64];
    *left = r->roi.morphological_count < (size_t)s->least_voxels || volume < s->least_volume;
    if (!*left) return RAD_OK;
    fill(r->row->values, r->all->table->column_count, RAD_SMALL);
    if (r->roi.morphological_count < (size_t)s->least_voxels)
        snprintf(asked, sizeof asked, "%d voxel%s", s->least_voxels, rad_plural((size_t)s->least_voxels));
    else
        snprintf(asked, sizeof asked, "%g mL", s->least_volume);
    return rad_remarks_add(
        &r->remarks, NULL, "size", error,
        "%zu voxel%s of %g mL: less than the %s that minimum_roi asks for; it has no values",
        r->roi.morphological_count, rad_plural(r->roi.morphological_count), volume, asked);
}

void rad_roi_job_fail(rad_roi_job *r, const rad_error *error) {
    r->row->status = error->status;
    fill(r->row->values, r->all->table->column_count, RAD_NOT_COMPUTED);
    snprintf(r->row->text, sizeof r->row->text, "%.500s", error->text);
    rad_roi_free(&r->roi);
}
