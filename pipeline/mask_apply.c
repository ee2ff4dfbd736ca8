#include "mask_apply.h"

#include "../core/choice.h"
#include "../core/connected.h"
#include "../core/distances.h"
#include "../core/memory.h"
#include "../core/regrid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double tie = 1e-9; /* of a squared distance: rounding does not decide what lies at mm */

/* One step on its way. */
typedef struct working {
    const rad_mask *in;
    const rad_mask_step *step;
    const char *path;
    rad_warnings *warnings;
    rad_mask chosen, other; /* the ROIs that it is done to, and the second ones */
    rad_drawn *made;        /* one for each that is chosen */
} working;

/* Sides of the axes that distances go along; the rest are 0. */
static void find_sides(const working *w, double side[3]) {
    const rad_geometry *g = &w->in->volume.geometry;
    for (int a = 0; a < 3; a++) side[a] = g->size[a] > 1 && a < w->step->dimension ? g->spacing[a] : 0;
}

static rad_box box_around(const working *w, const rad_label *label) {
    double side[3];
    size_t margin[3] = {0, 0, 0};
    const bool shrinks = w->step->op == RAD_MASK_SHRINK;
    find_sides(w, side);
    for (int a = 0; a < 3; a++)
        if (side[a] > 0) margin[a] = shrinks ? 1 : (size_t)(w->step->mm / side[a]) + 1;
    return rad_box_grow(label->box, margin, &w->in->volume.geometry);
}

static void say_border(const working *w, const rad_label *label, const rad_box *reached) {
    const rad_geometry *g = &w->in->volume.geometry;
    char axes[16] = "", name[64];
    double side[3];
    find_sides(w, side);
    for (int a = 0; a < 3; a++)
        if (side[a] > 0 && (reached->begin[a] == 0 || reached->end[a] == g->size[a]))
            snprintf(axes + strlen(axes), sizeof axes - strlen(axes), "%s%c", *axes ? ", " : "", "xyz"[a]);
    if (*axes && w->warnings)
        rad_warn(w->warnings,
                 "ROI %s: %s by %g mm meets the border of the image along %s, beyond which is nothing",
                 rad_label_text(label, name, sizeof name), rad_mask_step_word(w->step), w->step->mm, axes);
}

/* The voxels that are set, on the grid of the mask; an empty box where none is. */
static rad_box bounds(const rad_drawn *d) {
    const rad_box *b = &d->box;
    rad_box found = {{0}, {0}};
    size_t i = 0;
    for (size_t z = b->begin[2]; z < b->end[2]; z++)
        for (size_t y = b->begin[1]; y < b->end[1]; y++)
            for (size_t x = b->begin[0]; x < b->end[0]; x++) {
                const rad_box here = {{x, y, z}, {x + 1, y + 1, z + 1}};
                if (d->inside[i++]) found = found.end[0] ? rad_box_join(&found, &here) : here;
            }
    return found;
}

static void box_size(const rad_box *box, size_t size[3]) {
    for (int a = 0; a < 3; a++) size[a] = box->end[a] - box->begin[a];
}

/* Grow, shrink and ring, of what was drawn in its box. */
static rad_status go_far(const working *w, const rad_label *label, rad_drawn *d, rad_error *error) {
    const rad_mask_step *s = w->step;
    const size_t count = rad_box_count(&d->box);
    const bool shrinks = s->op == RAD_MASK_SHRINK;
    const double far = s->mm * s->mm * (1 + tie), near = s->inner * s->inner * (1 + tie);
    size_t size[3];
    rad_distance_of of = {.inside = d->inside, .size = size};
    box_size(&d->box, size);
    find_sides(w, of.side);
    double *square = rad_new_raw(count, sizeof *square, error);
    if (!square) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count && shrinks; i++) d->inside[i] = !d->inside[i];
    rad_status status = rad_distance_squared(&of, square, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        d->inside[i] = shrinks                  ? square[i] > far
                       : s->op == RAD_MASK_RING ? square[i] > near && square[i] <= far
                                                : square[i] <= far;
    rad_free(square);
    const rad_box reached = shrinks ? label->box : bounds(d);
    if (status == RAD_OK && reached.end[0]) say_border(w, label, &reached);
    return status;
}

/* Two ROIs become one; both are drawn in the box of both. */
static rad_status combine(const working *w, rad_drawn *d, rad_error *error) {
    const size_t count = rad_box_count(&d->box);
    uint8_t *second = rad_new(count, 1, error), *part = rad_new_raw(count, 1, error);
    rad_status status = second && part ? RAD_OK : RAD_NO_MEMORY;
    for (size_t l = 0; l < w->other.label_count && status == RAD_OK; l++) {
        rad_mask_crop(&w->other, w->other.labels[l].value, &d->box, part);
        for (size_t i = 0; i < count; i++) second[i] |= part[i];
    }
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const uint8_t a = d->inside[i], b = second[i];
        d->inside[i] = w->step->op == RAD_MASK_UNION          ? a | b
                       : w->step->op == RAD_MASK_INTERSECTION ? a & b
                       : w->step->op == RAD_MASK_MINUS        ? a & !b
                                                              : a ^ b;
    }
    rad_free(second);
    rad_free(part);
    return status;
}

static rad_status make(const working *w, const rad_label *label, rad_drawn *d, rad_error *error) {
    const int op = w->step->op;
    const bool far = op == RAD_MASK_GROW || op == RAD_MASK_SHRINK || op == RAD_MASK_RING;
    size_t size[3], parts;
    d->box = far ? box_around(w, label) : label->box;
    for (size_t l = 0; l < w->other.label_count; l++)
        if (w->other.labels[l].voxels) d->box = rad_box_join(&d->box, &w->other.labels[l].box);
    d->inside = rad_new_raw(rad_box_count(&d->box), 1, error);
    if (!d->inside) return RAD_NO_MEMORY;
    rad_mask_crop(&w->chosen, label->value, &d->box, d->inside);
    box_size(&d->box, size);
    if (far) return go_far(w, label, d, error);
    if (op == RAD_MASK_LARGEST) return rad_components_largest(d->inside, size, &parts, error);
    if (op == RAD_MASK_FILL) return rad_components_fill(d->inside, size, w->step->dimension == 2, error);
    return combine(w, d, error);
}

/* The ROI of the mask that has that name. */
static const rad_label *find_named(const rad_mask *mask, const char *name) {
    char text[RAD_TEXT_MAX * 3];
    for (size_t i = 0; i < mask->label_count; i++)
        if (!strcmp(rad_label_text(&mask->labels[i], text, sizeof text), name)) return &mask->labels[i];
    return NULL;
}

/* Does a step put something in its place? */
static bool is_replaced(const working *w, const rad_label *label) {
    char text[RAD_TEXT_MAX * 3];
    return !*w->step->name && find_named(&w->chosen, rad_label_text(label, text, sizeof text));
}

static void make_name(const working *w, const rad_label *label, char *name, size_t length) {
    const char *star = strchr(w->step->name, '*');
    char own[RAD_TEXT_MAX * 3];
    rad_label_text(label, own, sizeof own);
    if (!*w->step->name)
        snprintf(name, length, "%s", own);
    else if (star)
        snprintf(name, length, "%.*s%s%s", (int)(star - w->step->name), w->step->name, own, star + 1);
    else
        snprintf(name, length, "%s", w->step->name);
}

static rad_status put_runs(const rad_drawn *d, int64_t value, rad_mask *out, rad_error *error) {
    const rad_box *b = &d->box;
    const size_t width = b->end[0] - b->begin[0];
    const uint8_t *row = d->inside;
    rad_status status = RAD_OK;
    for (size_t z = b->begin[2]; z < b->end[2]; z++)
        for (size_t y = b->begin[1]; y < b->end[1]; y++, row += width)
            for (size_t x = 0, end; x < width && status == RAD_OK; x = end) {
                for (end = x + 1; end < width && row[end] == row[x]; end++) {
                }
                if (row[x])
                    status = rad_mask_add_run(out, value, b->begin[0] + x, b->begin[0] + end, y, z, error);
            }
    return status;
}

/* What the step made of a ROI. */
static rad_status put_made(const working *w, size_t index, int64_t fresh, rad_mask *out, rad_error *error) {
    const rad_label *label = &w->chosen.labels[index];
    const rad_drawn *d = &w->made[index];
    char name[RAD_TEXT_MAX * 4], fault[120] = "";
    make_name(w, label, name, sizeof name);
    const rad_label *old = find_named(w->in, name);
    if (old && *w->step->name)
        return rad_fail(
            error, RAD_CONFIG,
            "%.200s: masks: %s: there is a ROI %.95s already; give another name, with * for that of the "
            "ROI where there are several, or none to change the ROI itself",
            w->path, rad_mask_step_word(w->step), name);
    const bool empty = d->inside && !bounds(d).end[0];
    if (empty && w->step->mm > 0)
        snprintf(fault, sizeof fault, "%s by %g mm leaves no voxel of it", rad_mask_step_word(w->step),
                 w->step->mm);
    else if (empty)
        snprintf(fault, sizeof fault, "%s leaves no voxel of it", rad_mask_step_word(w->step));
    const int64_t value = old ? old->value : fresh;
    rad_status status = rad_mask_add_label(out, value, name,
                                           *fault      ? fault
                                           : d->inside ? NULL
                                                       : label->fault,
                                           error);
    return status == RAD_OK && d->inside ? put_runs(d, value, out, error) : status;
}

/* ROIs that the step leaves as they are. */
static rad_status put_others(const working *w, rad_mask *out, rad_error *error) {
    const rad_mask *m = w->in;
    const size_t height = m->volume.geometry.size[1], rows = height * m->volume.geometry.size[2];
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->label_count && status == RAD_OK; i++) {
        const rad_label *l = &m->labels[i];
        if (is_replaced(w, l)) continue;
        status = rad_mask_add_label(out, l->value, l->name, l->fault, error);
        for (size_t r = 0; r < rows && status == RAD_OK && l->voxels; r++)
            for (size_t k = m->row_begin[r]; k < m->row_begin[r + 1] && status == RAD_OK; k++)
                if (m->runs[k].label == l->value)
                    status = rad_mask_add_run(out, l->value, m->runs[k].begin, m->runs[k].end, r % height,
                                              r / height, error);
    }
    return status;
}

static rad_status put_all(const working *w, rad_mask *out, rad_error *error) {
    const rad_mask *m = w->in;
    int64_t fresh = m->label_count ? m->labels[m->label_count - 1].value : 0;
    *out = (rad_mask){.volume = {.geometry = m->volume.geometry, .type = RAD_FLOAT64, .slope = 1}};
    out->volume.order = m->volume.order;
    rad_status status = rad_mask_begin(out, error);
    if (status == RAD_OK) status = put_others(w, out, error);
    for (size_t i = 0; i < w->chosen.label_count && status == RAD_OK; i++)
        status = put_made(w, i, fresh > 0 ? ++fresh : (fresh = 1), out, error);
    if (status == RAD_OK) status = rad_mask_end(out, error);
    if (status != RAD_OK) rad_mask_free(out);
    return status;
}

static rad_status choose(const working *w, const char *word, rad_mask *to, rad_error *error) {
    return rad_mask_choose(w->in, &(rad_choice){&word, 1}, w->path, to, error);
}

static rad_status apply(working *w, rad_mask *out, rad_error *error) {
    const rad_mask_step *s = w->step;
    rad_status status = choose(w, *s->roi ? s->roi : "*", &w->chosen, error);
    if (status == RAD_OK && *s->other) status = choose(w, s->other, &w->other, error);
    const size_t count = status == RAD_OK ? w->chosen.label_count : 0;
    if (count > 1 && *s->name && !strchr(s->name, '*'))
        status = rad_fail(
            error, RAD_CONFIG,
            "%.200s: masks: %s of %zu ROIs gives as many; name %.95s needs * for the name of the ROI",
            w->path, rad_mask_step_word(s), count, s->name);
    w->made = rad_new(count, sizeof *w->made, error);
    if (!w->made) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const rad_label *l = &w->chosen.labels[i];
        if (l->voxels && !l->fault) status = make(w, l, &w->made[i], error);
    }
    if (status == RAD_OK) status = put_all(w, out, error);
    for (size_t i = 0; i < count && w->made; i++) rad_free(w->made[i].inside);
    rad_free(w->made);
    rad_mask_free(&w->chosen);
    rad_mask_free(&w->other);
    return status;
}

/* Every ROI has a name of its own, if it is its number. */
static rad_status name_all(rad_mask *mask, rad_error *error) {
    rad_status status = rad_mask_distinguish(mask, error);
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++) {
        char number[32];
        if (mask->labels[i].name) continue;
        mask->labels[i].name = rad_text_copy(rad_label_text(&mask->labels[i], number, sizeof number), error);
        if (!mask->labels[i].name) status = RAD_NO_MEMORY;
    }
    return status;
}

rad_status rad_mask_apply(rad_mask *mask, const rad_mask_step *steps, size_t count, const char *path,
                          rad_warnings *warnings, rad_error *error) {
    rad_status status = count ? name_all(mask, error) : RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_mask out;
        working w = {.in = mask, .step = &steps[i], .path = path, .warnings = warnings};
        status = apply(&w, &out, error);
        if (status != RAD_OK) return status;
        rad_mask_free(mask);
        *mask = out;
    }
    return status;
}
