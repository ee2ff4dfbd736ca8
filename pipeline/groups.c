#include "groups.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../filters/shared.h"
#include "response.h"

#include <stdio.h>
#include <string.h>

/* ROIs that share a response map. */
typedef struct group {
    const rad_job *all;
    const rad_image *image;
    rad_box box;
    rad_visible visible;
    size_t *rois; /* indices into all->rois */
    size_t count;
    const double *map;
    bool single; /* precision of the map */
} group;

/* The map's part of a ROI takes the place of its intensities: the map itself goes before features are
 * computed.
 */
static void place_map(size_t index, void *context) {
    const group *g = context;
    rad_roi_job *r = &g->all->rois[g->rois[index]];
    rad_response_place(&r->roi, &g->box, g->map);
    r->roi.single = g->single;
}

static void run_mapped(size_t index, void *context) {
    const group *g = context;
    rad_roi_job *r = &g->all->rois[g->rois[index]];
    rad_error error = {0};
    if (rad_roi_job_run(r, &error) != RAD_OK) rad_roi_job_fail(r, &error);
}

/* The field that filters saw last, for the next filter that sees the same box. */
typedef struct seen {
    rad_box box;
    rad_field field;
    bool finite; /* has the image been looked at? */
    rad_shared shared;
    const rad_filter *filter; /* that ran last */
} seen;

static void forget(seen *last) {
    rad_shared_clear(&last->shared);
    rad_free(last->field.data);
    *last = (seen){.finite = last->finite};
}

static void note_group(const group *g) {
    char text[512];
    const rad_extract_options *o = g->all->options;
    if (!o->note) return;
    static const char *const ways[] = {[RAD_SEES_ALL] = "the whole image",
                                       [RAD_SEES_BOX] = "a box that gives what the whole image would",
                                       [RAD_SEES_CUT] = "a box cut at filter_margin_mm"};
    snprintf(text, sizeof text, "%.95s sees %s: %zu x %zu x %zu voxels for %zu %s", g->image->name,
             ways[g->visible], g->box.end[0] - g->box.begin[0], g->box.end[1] - g->box.begin[1],
             g->box.end[2] - g->box.begin[2], g->count, g->count == 1 ? "ROI" : "ROIs");
    o->note(text, o->note_context);
}

/* Filters where it counts: the box of all ROIs in the group. */
static rad_box wanted_of(const group *g) {
    const rad_roi_job *rois = g->all->rois;
    rad_box all = rois[g->rois[0]].roi.box;
    for (size_t i = 1; i < g->count; i++) all = rad_box_join(&all, &rois[g->rois[i]].roi.box);
    for (int a = 0; a < 3; a++) {
        all.begin[a] -= g->box.begin[a];
        all.end[a] -= g->box.begin[a];
    }
    return all;
}

static rad_status run_group(group *g, seen *last, rad_error *error) {
    const rad_job *j = g->all;
    const char *what = j->options->case_name;
    rad_status status = rad_pace_check(j->pace, error);
    if (status == RAD_OK && (!last->field.data || memcmp(&last->box, &g->box, sizeof g->box) != 0)) {
        forget(last);
        last->box = g->box;
        status = rad_response_field(j->image, &j->settings->sampling, &g->box, last->finite ? NULL : what,
                                    j->options->threads, &last->field, error);
        last->field.shared = &last->shared;
        last->finite = last->finite || status == RAD_OK;
    }
    if (status != RAD_OK) return status;
    const rad_filter *filter = g->image->options.filter;
    const char *unfit =
        filter->unfit ? filter->unfit(&g->image->options, last->field.size, last->field.spacing) : NULL;
    if (unfit) {
        rad_warn(j->options->warnings, "%.95s is left out: %.300s", g->image->name, unfit);
        return RAD_OK;
    }
    if (last->filter != filter) rad_shared_clear_volumes(&last->shared, 0);
    last->filter = filter;
    g->single = filter->gives == RAD_GIVES_SINGLE || (filter->gives == RAD_GIVES_ALIKE && last->field.single);
    last->field.wanted = wanted_of(g);
    double *map = rad_new_raw(rad_field_count(&last->field), sizeof *map, error);
    status = map ? rad_filter_run(&last->field, &g->image->options, j->options->threads, map, error)
                 : RAD_NO_MEMORY;
    g->map = map;
    if (status == RAD_OK) rad_parallel_for(g->count, j->options->threads, place_map, g);
    rad_free(map);
    g->map = NULL;
    if (status == RAD_OK) rad_parallel_for(g->count, j->options->threads, run_mapped, g);
    return status;
}

/* Joins groups whose box together is no larger than their boxes apart; boxes that are cut stay as they are,
 * since a ROI's values must not depend on other ROIs. Every ROI begins in a group of its own. */
static size_t join_groups(group *groups, size_t count, size_t *rois) {
    enum { CANDIDATES = 64 }; /* groups that a ROI is tried with */
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = kept > CANDIDATES ? kept - CANDIDATES : 0;
        for (; k < kept && groups[i].visible != RAD_SEES_CUT; k++) {
            const rad_box both = rad_box_join(&groups[k].box, &groups[i].box);
            if (rad_box_count(&both) <= rad_box_count(&groups[k].box) + rad_box_count(&groups[i].box)) break;
        }
        if (groups[i].visible == RAD_SEES_CUT) k = kept;
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

static rad_status run_groups(const rad_job *j, const rad_image *image, group *groups, size_t *rois,
                             seen *last, rad_error *error) {
    size_t count = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < j->count && status == RAD_OK; i++) {
        if (j->rois[i].row->status != RAD_OK || j->rois[i].left) continue;
        group *g = &groups[count];
        const rad_roi *roi = &j->rois[i].roi;
        rois[count] = i;
        *g = (group){.all = j, .image = image, .rois = &rois[count++], .count = 1};
        status = rad_response_box(&roi->grid, &roi->box, image, j->settings, &g->box, &g->visible, error);
    }
    if (status != RAD_OK) return status;
    count = join_groups(groups, count, rois);
    for (size_t i = 0; i < count; i++) {
        rad_error why = {0};
        note_group(&groups[i]);
        if (run_group(&groups[i], last, &why) == RAD_OK) continue;
        for (size_t k = 0; k < groups[i].count; k++) rad_roi_job_fail(&j->rois[groups[i].rois[k]], &why);
    }
    return RAD_OK;
}

rad_status rad_groups_run(rad_job *j, rad_error *error) {
    seen last = {0};
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
