/* Boxes and masks out of the rows of a raster. */
#include "../../core/memory.h"
#include "../../core/printable.h"
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Where the voxels of a box go. */
typedef struct keeper {
    const rad_volume *volume;
    size_t first, top; /* the first voxel of the box, its first row */
    ptrdiff_t step[3];
} keeper;

/* Slices across what becomes the rows: so many at a time that rows are written by stretches. */
static size_t depth_for(const rad_box *box, const rad_geometry *stored, const keeper *k) {
    enum { MOST = 16 };
    const size_t bytes = stored->size[0] * (box->end[1] - box->begin[1]) * rad_type_size(k->volume->type),
                 fit = ((size_t)4 << 20) / (bytes ? bytes : 1);
    const bool across = k->step[2] == 1 || k->step[2] == -1;
    return !across || !fit ? 1 : fit < MOST ? fit : MOST;
}

/* Cuts rows to the box. */
static rad_status keep_slices(const rad_raster_walk *w, unsigned char *rows, const size_t from[2],
                              size_t slices, rad_error *error) {
    const keeper *k = w->target;
    const size_t bytes = rad_type_size(k->volume->type), across = w->box.end[0] - w->box.begin[0],
                 down = w->box.end[1] - w->box.begin[1];
    const ptrdiff_t at = (ptrdiff_t)k->first + (ptrdiff_t)(from[0] - w->box.begin[2]) * k->step[2] +
                         (ptrdiff_t)(w->box.begin[1] - k->top) * k->step[1],
                    row = k->step[1] * (ptrdiff_t)bytes;
    unsigned char *out = (unsigned char *)k->volume->voxels + at * (ptrdiff_t)bytes;
    rows += w->box.begin[0] * bytes;
    if (slices == 1) rad_order_put_rows(rows, w->row, (const size_t[]){across, down}, bytes, out, k->step);
    for (size_t y = 0; y < down && slices > 1; y++)
        rad_order_put_rows(rows + y * w->row, w->slice, (const size_t[]){across, slices}, bytes,
                           out + (ptrdiff_t)y * row, (const ptrdiff_t[]){k->step[0], k->step[2]});
    (void)error;
    return RAD_OK;
}

static rad_status check_channels(const rad_raster *r, rad_error *error) {
    if (r->channels == 1 || r->chosen) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: holds %zu %s; an image has one: choose it with --volume 1..%zu", r->files[0],
                    r->channels, r->planar ? "frames" : "values a voxel (colour, vectors or a list)",
                    r->channels);
}

rad_status rad_raster_read_box(const rad_raster *raster, const rad_order *order, const rad_box *box,
                               bool verify, rad_volume *volume, rad_error *error) {
    const rad_geometry *stored = &raster->header.geometry;
    *volume = raster->header;
    rad_status status = check_channels(raster, error);
    if (status == RAD_OK) status = rad_raster_check_files(raster, error);
    if (status != RAD_OK) return status;
    if (order) volume->order = *order;
    volume->geometry = rad_order_grid(&volume->order, stored);
    volume->held = box ? *box : rad_geometry_box(&volume->geometry);
    volume->voxels = rad_new_raw(rad_box_count(&volume->held), rad_type_size(volume->type), error);
    if (!volume->voxels) return RAD_NO_MEMORY;
    keeper k = {.volume = volume};
    k.first = rad_order_steps(&volume->order, &volume->held, k.step);
    rad_raster_walk w = {.box = rad_order_box(&volume->order, &volume->geometry, &volume->held),
                         .channel_begin = raster->chosen ? raster->chosen - 1 : 0,
                         .channel_end = raster->chosen ? raster->chosen : 1,
                         .take = keep_slices,
                         .target = &k,
                         .to_end = verify};
    k.top = w.box.begin[1];
    w.depth = depth_for(&w.box, stored, &k);
    status = rad_raster_walk_rows(raster, &w, error);
    if (status != RAD_OK) rad_volume_free(volume);
    return status;
}

/* A mask that is being read. */
typedef struct marking {
    const rad_raster *raster;
    rad_mask *mask;
    double *row;     /* of several channels */
    size_t *unnamed; /* voxels of named layers that no name is of */
    bool numbered;   /* values of labels say which ROI, over all channels */
} marking;

static rad_status mark_rows(const rad_raster_walk *w, unsigned char *rows, const size_t from[2],
                            size_t slices, rad_error *error) {
    const marking *m = w->target;
    rad_status status = RAD_OK;
    for (size_t k = 0; k < slices; k++)
        for (size_t y = w->box.begin[1]; y < w->box.end[1] && status == RAD_OK; y++)
            status = rad_mask_add_row(m->mask, rows + k * w->slice + (y - w->box.begin[1]) * w->row, y,
                                      from[0] + k, m->raster->files[0], error);
    return status;
}

static int64_t number_of(const marking *m, size_t label) {
    return m->numbered ? m->raster->labels[label].value : (int64_t)label + 1;
}

/* Runs of all that is not 0 in a row: a channel without labels is a ROI of its own. */
static rad_status mark_whole(const marking *m, size_t channel, size_t y, size_t z, rad_error *error) {
    const size_t width = m->mask->volume.geometry.size[0];
    rad_status status = RAD_OK;
    for (size_t x = 0, end; x < width && status == RAD_OK; x = end + 1) {
        for (end = x; end < width && m->row[end] != 0; end++) {
        }
        if (end > x) status = rad_mask_add_run(m->mask, (int64_t)channel + 1, x, end, y, z, error);
    }
    return status;
}

/* Runs of the labels of one channel in a row. */
static rad_status mark_runs(const marking *m, size_t channel, size_t y, size_t z, rad_error *error) {
    const size_t width = m->mask->volume.geometry.size[0];
    rad_status status = RAD_OK;
    for (size_t x = 0, end; x < width && status == RAD_OK; x = end) {
        for (end = x + 1; end < width && m->row[end] == m->row[x]; end++) {
        }
        if (m->row[x] == 0) continue;
        size_t named = 0;
        for (size_t i = 0; i < m->raster->label_count && status == RAD_OK; i++)
            if (m->raster->labels[i].channel == channel && (double)m->raster->labels[i].value == m->row[x]) {
                status = rad_mask_add_run(m->mask, number_of(m, i), x, end, y, z, error);
                named++;
            }
        if (!named) *m->unnamed += end - x;
    }
    return status;
}

static rad_status mark_channel(const rad_raster_walk *w, unsigned char *rows, const size_t from[2],
                               size_t slices, rad_error *error) {
    const marking *m = w->target;
    const rad_volume *v = &m->mask->volume;
    rad_status status = RAD_OK;
    for (size_t k = 0; k < slices; k++)
        for (size_t y = w->box.begin[1]; y < w->box.end[1] && status == RAD_OK; y++) {
            const unsigned char *row = rows + k * w->slice + (y - w->box.begin[1]) * w->row;
            if (v->intercept == 0 && rad_is_zero(row, w->row)) continue;
            rad_volume_convert(v, row, v->geometry.size[0], m->row);
            status = rad_mask_round(m->mask, m->row, y, from[0] + k, m->raster->files[0], error);
            if (status == RAD_OK)
                status = m->raster->label_count ? mark_runs(m, from[1], y, from[0] + k, error)
                                                : mark_whole(m, from[1], y, from[0] + k, error);
        }
    return status;
}

/* Does each label have a value of its own? */
static bool are_distinct(const rad_raster *r) {
    for (size_t i = 0; i < r->label_count; i++)
        for (size_t j = 0; j < i; j++)
            if (r->labels[i].value == r->labels[j].value) return false;
    return true;
}

rad_status rad_raster_read_mask(const rad_raster *raster, rad_mask *mask, rad_error *error) {
    enum { CHANNELS_MAX = 65536 };
    const bool layers = raster->channels > 1 && !raster->chosen;
    *mask = (rad_mask){.volume = raster->header, .least = raster->least};
    size_t unnamed = 0;
    marking m = {
        .raster = raster, .mask = mask, .unnamed = &unnamed, .numbered = !layers || are_distinct(raster)};
    rad_status status = rad_raster_check_files(raster, error);
    if (status == RAD_OK && raster->channels > CHANNELS_MAX)
        status = rad_fail(error, RAD_UNREADABLE, "%s: holds %zu channels; a mask has at most %d",
                          raster->files[0], raster->channels, CHANNELS_MAX);
    if (status == RAD_OK) status = rad_mask_begin(mask, error);
    if (status == RAD_OK && layers) {
        m.row = rad_new_raw(raster->header.geometry.size[0], sizeof *m.row, error);
        status = m.row ? RAD_OK : RAD_NO_MEMORY;
    }
    rad_raster_walk w = {.box = rad_geometry_box(&raster->header.geometry),
                         .channel_begin = raster->chosen ? raster->chosen - 1 : 0,
                         .channel_end = raster->chosen ? raster->chosen : raster->channels,
                         .take = layers ? mark_channel : mark_rows,
                         .target = &m,
                         .to_end = true,
                         .depth = 1};
    if (status == RAD_OK) status = rad_raster_walk_rows(raster, &w, error);
    for (size_t i = 0; i < raster->label_count && status == RAD_OK; i++)
        if (!raster->chosen || raster->labels[i].channel + 1 == raster->chosen)
            status = rad_mask_add_label(mask, number_of(&m, i), raster->labels[i].name, NULL, error);
    for (size_t c = 0; c < raster->channels && layers && !raster->label_count && status == RAD_OK; c++) {
        char name[40];
        snprintf(name, sizeof name, "channel:%zu", c + 1);
        status = rad_mask_add_label(mask, (int64_t)c + 1, name, NULL, error);
    }
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    if (status == RAD_OK && !layers) status = rad_mask_check(mask, raster->files[0], error);
    if (status == RAD_OK) rad_mask_warn(mask, raster->files[0], raster->warnings);
    if (status == RAD_OK && unnamed)
        rad_warn(raster->warnings, "%.300s: %zu voxel%s of no segment that the header names %s left out",
                 raster->files[0], unnamed, rad_plural(unnamed), unnamed == 1 ? "is" : "are");
    if (status != RAD_OK) rad_mask_free(mask);
    rad_free(m.row);
    return status;
}
