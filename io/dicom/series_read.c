/* Voxels of a series, box by box. */
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "frames.h"
#include "object.h"
#include "series.h"

#include <math.h>

/* Reading a box: slices go to threads; each writes its own part of the volume. */
typedef struct reading {
    const rad_series *series;
    rad_volume *volume;
    rad_box box; /* of the series */
    size_t first;
    ptrdiff_t step[3];  /* of its columns, rows and slices in the volume */
    rad_frames *shared; /* open, where one file holds all slices */
    rad_decoders *decoders;
    rad_tint *tint;
} reading;

/* Stored values become intensities; those that stand for nothing become what the volume has for that. */
static void scale(const reading *r, const rad_plane *p, const rad_lut *lut, size_t count, double *values) {
    const rad_instance *n = p->instance;
    for (size_t i = 0; i < count; i++) {
        const bool nothing = n->pads && values[i] >= n->pad[0] && values[i] <= n->pad[1];
        if (lut) rad_lut_apply(lut, &values[i], 1);
        values[i] = nothing ? r->volume->pad[0] : p->slope * values[i] + p->intercept;
    }
}

/* The rows of a slice in the type of the volume. */
static rad_status read_rows(const reading *r, const rad_plane *p, const rad_frames *frames, void *out,
                            rad_error *error) {
    const rad_box *box = &r->box;
    const rad_instance *n = p->instance;
    if (r->volume->type == frames->type)
        return rad_frames_read(frames, p->frame, box->begin, box->end, out, error);
    const size_t count = (box->end[0] - box->begin[0]) * (box->end[1] - box->begin[1]);
    rad_lut lut = {.values = NULL};
    void *voxels = rad_new_raw(count, rad_type_size(frames->type), error);
    rad_status status = voxels ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && n->lut) status = rad_lut_open(n->path, n->lut, &n->format, &lut, error);
    if (status == RAD_OK) status = rad_frames_read(frames, p->frame, box->begin, box->end, voxels, error);
    const rad_volume stored = {.type = frames->type, .slope = 1};
    if (status == RAD_OK) {
        rad_volume_convert(&stored, voxels, count, out);
        scale(r, p, n->lut ? &lut : NULL, count, out);
    }
    rad_lut_free(&lut);
    rad_free(voxels);
    return status;
}

/* The same in a volume of another order: row by row to their places. */
static rad_status read_turned(const reading *r, const rad_plane *p, const rad_frames *frames,
                              unsigned char *out, rad_error *error) {
    const size_t width = r->box.end[0] - r->box.begin[0], rows = r->box.end[1] - r->box.begin[1];
    const size_t size = rad_type_size(r->volume->type);
    unsigned char *plain = rad_new_raw(width * rows, size, error);
    rad_status status = plain ? read_rows(r, p, frames, plain, error) : RAD_NO_MEMORY;
    for (size_t y = 0; y < rows && status == RAD_OK; y++)
        rad_order_put(plain + y * width * size, width, size,
                      out + (ptrdiff_t)y * r->step[1] * (ptrdiff_t)size, r->step[0]);
    rad_free(plain);
    return status;
}

/* A plane as it lies in its file, or where `out` has another order, row by row in it. */
static rad_status read_one(const reading *r, const rad_plane *p, bool turned, void *out, rad_error *error) {
    const rad_instance *n = p->instance;
    rad_frames own = {0};
    rad_status status = RAD_OK;
    if (!r->shared)
        status = rad_frames_open(n->path, &n->format, &n->data, n->frame_count, r->decoders, &own, error);
    if (status != RAD_OK) return status;
    own.tint = r->tint;
    const rad_frames *frames = r->shared ? r->shared : &own;
    status = turned ? read_turned(r, p, frames, out, error) : read_rows(r, p, frames, out, error);
    rad_frames_close(&own);
    return status;
}

/* A slice of the grid between two planes. */
static rad_status read_between(const reading *r, const rad_between *b, unsigned char *out, rad_error *error) {
    const size_t width = r->box.end[0] - r->box.begin[0], rows = r->box.end[1] - r->box.begin[1];
    const rad_plane *p = &r->series->planes[b->below];
    double *below = rad_new_raw(2 * width, rows * sizeof *below, error);
    if (!below) return RAD_NO_MEMORY;
    double *above = below + width * rows;
    rad_status status = read_one(r, p, false, below, error);
    if (status == RAD_OK) status = read_one(r, p + 1, false, above, error);
    if (status == RAD_OK)
        rad_even_blend(below, b->weight, width * rows, r->volume->pads ? r->volume->pad[0] : NAN, above);
    for (size_t y = 0; y < rows && status == RAD_OK; y++)
        rad_order_put(above + y * width, width, sizeof *above,
                      out + (ptrdiff_t)y * r->step[1] * (ptrdiff_t)sizeof *above, r->step[0]);
    rad_free(below);
    return status;
}

static rad_status read_slice(size_t index, void *context, rad_error *error) {
    const reading *r = context;
    const size_t slice = r->box.begin[2] + index;
    const ptrdiff_t at = (ptrdiff_t)r->first + (ptrdiff_t)index * r->step[2];
    unsigned char *out = (unsigned char *)r->volume->voxels + at * (ptrdiff_t)rad_type_size(r->volume->type);
    return r->series->between ? read_between(r, &r->series->between[slice], out, error)
                              : read_one(r, &r->series->planes[slice], r->volume->order.turned, out, error);
}

rad_status rad_series_read(const rad_series *series, const rad_order *order, const rad_box *box, int threads,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    *volume = series->header;
    if (order) volume->order = *order;
    volume->geometry = rad_order_grid(&volume->order, &series->header.geometry);
    volume->held = box ? *box : rad_geometry_box(&volume->geometry);
    const rad_instance *n = series->first;
    const bool one_file = n->frame_count == series->plane_count;
    rad_frames shared = {0};
    rad_decoders decoders = {0};
    rad_tint tint = {0};
    reading r = {.series = series,
                 .volume = volume,
                 .shared = one_file ? &shared : NULL,
                 .decoders = &decoders,
                 .tint = &tint};
    r.box = rad_order_box(&volume->order, &volume->geometry, &volume->held);
    r.first = rad_order_steps(&volume->order, &volume->held, r.step);
    const size_t slices = r.box.end[2] - r.box.begin[2];
    rad_status status = RAD_OK;
    if (one_file)
        status = rad_frames_open(n->path, &n->format, &n->data, n->frame_count, &decoders, &shared, error);
    shared.tint = &tint;
    if (status == RAD_OK) {
        volume->voxels = rad_new_raw(rad_box_count(&volume->held), rad_type_size(volume->type), error);
        if (!volume->voxels) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK) status = rad_parallel_try(slices, threads, read_slice, &r, error);
    rad_frames_close(&shared);
    rad_decoders_end(&decoders, n->path, warnings);
    if (status == RAD_OK) rad_object_tell_colour(series, &tint, rad_box_count(&volume->held), warnings);
    if (status != RAD_OK) rad_volume_free(volume);
    return status;
}

double rad_series_widest(const rad_series *s) {
    double widest = 0;
    for (size_t i = 0; i + 1 < s->plane_count && s->between; i++)
        widest =
            fmax(widest, (s->planes[i + 1].height - s->planes[i].height) / s->header.geometry.spacing[2]);
    return widest;
}
