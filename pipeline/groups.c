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
    size_t image; /* of settings->images */
    rad_box box;
    rad_visible visible;
    size_t *rois; /* indices into all->rois */
    size_t count;
    double *map; /* owned, until it is in place */
    bool single; /* precision of the map */
} group;

static const rad_image *image_of(const group *g) {
    return &g->all->settings->images[g->image];
}

/* A ROI that failed meanwhile has nothing to put it in. */
static rad_roi_job *sound(const group *g, size_t index) {
    rad_roi_job *r = &g->all->rois[g->rois[index]];
    return r->row->status == RAD_OK ? r : NULL;
}

/* The map's part of a ROI takes the place of its intensities: the map itself goes before features are
 * computed.
 */
static void place_map(size_t index, void *context) {
    const group *g = context;
    rad_roi_job *r = sound(g, index);
    if (!r) return;
    rad_response_place(&r->roi, &g->box, g->map);
    r->roi.single = g->single;
}

static void measure(size_t index, void *context) {
    rad_roi_job *r = sound(context, index);
    rad_error error = {0};
    if (r && rad_roi_job_run(r, &error) != RAD_OK) rad_roi_job_fail(r, &error);
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
    snprintf(text, sizeof text, "%.95s sees %s: %zu x %zu x %zu voxels for %zu %s", image_of(g)->name,
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

/* The field over the box of the group; that of the group before, where it is the same. */
static rad_status see_field(const group *g, seen *last, rad_error *error) {
    const rad_job *j = g->all;
    if (last->field.data && !memcmp(&last->box, &g->box, sizeof g->box)) return RAD_OK;
    forget(last);
    last->box = g->box;
    rad_status status = rad_response_field(j->image, &j->settings->sampling, &g->box,
                                           last->finite ? NULL : j->options->case_name, j->options->threads,
                                           &last->field, error);
    last->field.shared = &last->shared;
    last->finite = last->finite || status == RAD_OK;
    return status;
}

/* What the filter gives over the box; none where the image does not suit it, which is a warning. */
static rad_status make_map(group *g, seen *last, rad_error *error) {
    const rad_job *j = g->all;
    const rad_image *image = image_of(g);
    const rad_filter *filter = image->options.filter;
    rad_status status = rad_pace_check(j->pace, error);
    if (status == RAD_OK) status = see_field(g, last, error);
    if (status != RAD_OK) return status;
    const char *unfit =
        filter->unfit ? filter->unfit(&image->options, last->field.size, last->field.spacing) : NULL;
    if (unfit) {
        rad_warn(j->options->warnings, "%.95s is left out: %.300s", image->name, unfit);
        return RAD_OK;
    }
    if (last->filter != filter) rad_shared_clear_volumes(&last->shared, 0);
    last->filter = filter;
    g->single = filter->gives == RAD_GIVES_SINGLE || (filter->gives == RAD_GIVES_ALIKE && last->field.single);
    last->field.wanted = wanted_of(g);
    double *map = rad_new_raw(rad_field_count(&last->field), sizeof *map, error);
    status =
        map ? rad_filter_run(&last->field, &image->options, j->options->threads, map, error) : RAD_NO_MEMORY;
    g->map = map;
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

/* The groups of an image that are still to come. */
typedef struct walk {
    const rad_job *all;
    group *groups; /* of two images, in turns: those of the last one may be at work */
    size_t *rois;
    size_t image, next, count; /* the image after this one; of its groups */
} walk;

static rad_status find_groups(walk *w, rad_error *error) {
    const rad_job *j = w->all;
    const size_t image = w->image++, first = image % 2 * j->count;
    group *groups = w->groups + first;
    size_t *rois = w->rois + first, count = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < j->count && status == RAD_OK; i++) {
        if (j->rois[i].row->status != RAD_OK || j->rois[i].left) continue;
        group *g = &groups[count];
        const rad_roi *roi = &j->rois[i].roi;
        rois[count] = i;
        *g = (group){.all = j, .image = image, .rois = &rois[count++], .count = 1};
        status =
            rad_response_box(&roi->grid, &roi->box, image_of(g), j->settings, &g->box, &g->visible, error);
    }
    w->next = 0;
    w->count = status == RAD_OK ? join_groups(groups, count, rois) : 0;
    return status;
}

/* *g: NULL behind the last one. */
static rad_status next_group(walk *w, group **g, rad_error *error) {
    rad_status status = RAD_OK;
    while (status == RAD_OK && w->next == w->count && w->image < w->all->settings->image_count)
        status = find_groups(w, error);
    const bool some = status == RAD_OK && w->next < w->count;
    *g = some ? &w->groups[(w->image - 1) % 2 * w->all->count + w->next++] : NULL;
    if (some) note_group(*g);
    return status;
}

/* A group is measured while the map of the next one is made. */
typedef struct turn {
    group *measured, *mapped; /* NULL: none */
    seen last;
    rad_status status; /* of the map */
    rad_error error;
} turn;

static void take_turn(size_t index, void *context) {
    turn *t = context;
    const group *g = t->measured;
    if (index == 0 && g) rad_parallel_for(g->count, g->all->options->threads, measure, t->measured);
    if (index == 1 && t->mapped) t->status = make_map(t->mapped, &t->last, &t->error);
}

/* Large ROIs keep all threads busy by themselves, and what they hold would come on top of the map's. */
enum { SMALL = 1 << 16 };

static bool is_small(const group *g) {
    size_t voxels = 0;
    for (size_t i = 0; g && i < g->count; i++) voxels += rad_box_count(&g->all->rois[g->rois[i]].roi.box);
    return voxels <= SMALL;
}

/* The map of the group is in place, and its turn to be measured has come. */
static void settle(rad_job *j, turn *t) {
    group *g = t->mapped;
    t->measured = t->status == RAD_OK && g && g->map ? g : NULL;
    if (!g) return;
    for (size_t i = 0; i < g->count && t->status != RAD_OK; i++)
        if (sound(g, i)) rad_roi_job_fail(sound(g, i), &t->error);
    if (t->measured) rad_parallel_for(g->count, j->options->threads, place_map, g);
    rad_free(g->map);
    g->map = NULL;
    j->plan = &j->plans[g->image + 1];
    j->mapped = image_of(g);
}

rad_status rad_groups_run(rad_job *j, rad_error *error) {
    walk w = {.all = j};
    turn t = {0};
    w.groups = rad_new(2 * j->count, sizeof *w.groups, error);
    w.rois = rad_new(2 * j->count, sizeof *w.rois, error);
    rad_status status = w.groups && w.rois ? RAD_OK : RAD_NO_MEMORY;
    while (status == RAD_OK) {
        t.status = RAD_OK;
        t.error = (rad_error){0};
        status = next_group(&w, &t.mapped, error);
        if (status != RAD_OK || (!t.mapped && !t.measured)) break;
        rad_parallel_for(2, is_small(t.measured) ? j->options->threads : 1, take_turn, &t);
        settle(j, &t);
    }
    forget(&t.last);
    rad_free(w.groups);
    rad_free(w.rois);
    return status;
}
