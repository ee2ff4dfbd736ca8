#include "regrid.h"

#include "memory.h"
#include "parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parts of a voxel that positions are rounded to: the products of their weights are exact in double
 * precision. */
static const double PARTS = 1024;
/* How far, in voxels of the mask, a position moves where it lies half-way: less than half a part. */
static const double NUDGE = 1.0 / 4096;

bool rad_regrid_box(const rad_geometry *own, const rad_label *label, const rad_geometry *grid, rad_box *box) {
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    *box = (rad_box){{0}, {0}};
    for (int corner = 0; corner < 8; corner++) { /* a voxel reaches as far as its neighbours' centres */
        double at[3], world[3];
        for (int a = 0; a < 3; a++)
            at[a] = corner >> a & 1 ? (double)label->box.end[a] : (double)label->box.begin[a] - 1;
        rad_geometry_world(own, at, world);
        if (!rad_geometry_index(grid, world, at)) return false;
        for (int a = 0; a < 3; a++) {
            low[a] = fmin(low[a], at[a]);
            high[a] = fmax(high[a], at[a]);
        }
    }
    bool any = true;
    for (int a = 0; a < 3; a++) {
        const double size = (double)grid->size[a];
        box->begin[a] = (size_t)fmin(fmax(floor(low[a]), 0), size);
        box->end[a] = (size_t)fmin(fmax(ceil(high[a]) + 1, (double)box->begin[a]), size);
        any = any && box->begin[a] < box->end[a];
    }
    return any;
}

/* The runs of one label, row by row of its box, ascending. */
typedef struct shape {
    rad_box box;
    size_t *begin; /* of the runs of each row, and the end of the last row; owned */
    rad_run *runs; /* owned */
} shape;

static void shape_free(shape *s) {
    rad_free(s->begin);
    rad_free(s->runs);
}

static size_t rows_of(const rad_box *box) {
    return (box->end[1] - box->begin[1]) * (box->end[2] - box->begin[2]);
}

/* Runs of a row come in any order and are few. */
static void put_sorted(rad_run *runs, size_t count, rad_run run) {
    while (count && runs[count - 1].begin > run.begin) {
        runs[count] = runs[count - 1];
        count--;
    }
    runs[count] = run;
}

/* Counts the runs of the label, and puts them where there is room. */
static size_t copy_runs(const rad_mask *mask, const rad_label *label, shape *s) {
    const size_t height = mask->volume.geometry.size[1];
    size_t count = 0, row = 0;
    for (size_t z = label->box.begin[2]; z < label->box.end[2]; z++)
        for (size_t y = label->box.begin[1]; y < label->box.end[1]; y++, row++) {
            const size_t first = count, at = z * height + y;
            s->begin[row] = first;
            for (size_t r = mask->row_begin[at]; r < mask->row_begin[at + 1]; r++) {
                if (mask->runs[r].label != label->value) continue;
                if (s->runs) put_sorted(s->runs + first, count - first, mask->runs[r]);
                count++;
            }
        }
    s->begin[row] = count;
    return count;
}

static rad_status shape_take(const rad_mask *mask, const rad_label *label, shape *s, rad_error *error) {
    *s = (shape){.box = label->box};
    s->begin = rad_new(rows_of(&label->box) + 1, sizeof *s->begin, error);
    if (!s->begin) return RAD_NO_MEMORY;
    s->runs = rad_new_raw(copy_runs(mask, label, s), sizeof *s->runs, error);
    if (!s->runs) return RAD_NO_MEMORY;
    copy_runs(mask, label, s);
    return RAD_OK;
}

/* Is the voxel in the label? */
static bool holds(const shape *s, size_t x, size_t y, size_t z) {
    const rad_box *b = &s->box;
    if (y < b->begin[1] || y >= b->end[1] || z < b->begin[2] || z >= b->end[2]) return false;
    const size_t row = (z - b->begin[2]) * (b->end[1] - b->begin[1]) + y - b->begin[1];
    size_t low = s->begin[row], high = s->begin[row + 1];
    while (low < high) { /* the first run that ends behind x */
        const size_t middle = low + (high - low) / 2;
        if (s->runs[middle].end <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->begin[row + 1] && s->runs[low].begin <= x;
}

/* The partial volume at a position of the mask that lies within its borders. */
static double linear_at(const shape *s, const size_t size[3], const double at[3]) {
    size_t voxel[3][2];
    double weight[3][2], sum = 0;
    for (int a = 0; a < 3; a++) {
        const double x = fmin(fmax(at[a], 0), (double)size[a] - 1), first = floor(x);
        voxel[a][0] = (size_t)first;
        voxel[a][1] = voxel[a][0] + 1;
        weight[a][1] = x - first;
        weight[a][0] = 1 - weight[a][1];
    }
    for (int corner = 0; corner < 8; corner++) {
        const int i = corner & 1, j = corner >> 1 & 1, k = corner >> 2;
        const double w = weight[0][i] * weight[1][j] * weight[2][k];
        if (w > 0 && holds(s, voxel[0][i], voxel[1][j], voxel[2][k])) sum += w;
    }
    return sum;
}

static bool nearest_at(const shape *s, const size_t size[3], const double at[3]) {
    size_t voxel[3];
    for (int a = 0; a < 3; a++) {
        const double i = floor(fmax(at[a], 0) + 0.5);
        voxel[a] = i < (double)size[a] ? (size_t)i : size[a] - 1;
    }
    return holds(s, voxel[0], voxel[1], voxel[2]);
}

typedef struct drawing {
    shape shape;
    const size_t *size; /* of the mask */
    bool nearest;
    double threshold;
    double origin[3],
        step[3][3];  /* voxel (x, y, z) of the box in voxels of the mask: origin + x step[0] + ... */
    double nudge[3]; /* towards higher voxels of the grid, whatever the order of those of the mask */
    const rad_drawn *out;
} drawing;

/* Where the voxels of the box lie on the mask. */
static bool place(drawing *d, const rad_geometry *own, const rad_geometry *grid, const rad_box *box) {
    const double first[3] = {(double)box->begin[0], (double)box->begin[1], (double)box->begin[2]};
    double world[3];
    rad_geometry_world(grid, first, world);
    if (!rad_geometry_index(own, world, d->origin)) return false;
    for (int a = 0; a < 3; a++) {
        double next[3];
        memcpy(next, first, sizeof next);
        next[a] += 1;
        rad_geometry_world(grid, next, world);
        if (!rad_geometry_index(own, world, d->step[a])) return false;
        for (int b = 0; b < 3; b++) d->step[a][b] -= d->origin[b];
    }
    double most = 0;
    for (int b = 0; b < 3; b++) {
        d->nudge[b] = d->step[0][b] + d->step[1][b] + d->step[2][b];
        most = fmax(most, fabs(d->nudge[b]));
    }
    for (int b = 0; b < 3; b++) d->nudge[b] *= most > 0 ? NUDGE / most : 0;
    return true;
}

/* Exactly at the threshold, or half-way between two voxels, the position a little further on decides: then as
 * many voxels are won as are lost. */
static bool draw_voxel(const drawing *d, size_t x, size_t y, size_t z) {
    double at[3], further[3];
    for (int a = 0; a < 3; a++) {
        const double where =
            d->origin[a] + (double)x * d->step[0][a] + (double)y * d->step[1][a] + (double)z * d->step[2][a];
        at[a] = rint(where * PARTS) / PARTS;
        further[a] = at[a] + d->nudge[a];
        if (!(at[a] >= -0.5 && at[a] <= (double)d->size[a] - 0.5)) return false;
        if (at[a] <= (double)d->shape.box.begin[a] - 1 || at[a] >= (double)d->shape.box.end[a]) return false;
    }
    if (d->nearest) return nearest_at(&d->shape, d->size, further);
    const double part = linear_at(&d->shape, d->size, at);
    if (part != d->threshold || part == 1) return part >= d->threshold;
    return linear_at(&d->shape, d->size, further) >= d->threshold;
}

static void draw_row(size_t index, void *context) {
    const drawing *d = context;
    const rad_box *box = &d->out->box;
    const size_t width = box->end[0] - box->begin[0], height = box->end[1] - box->begin[1];
    for (size_t x = 0; x < width; x++)
        d->out->inside[index * width + x] = draw_voxel(d, x, index % height, index / height);
}

rad_status rad_regrid_draw(const rad_mask *mask, const rad_label *label, const rad_geometry *grid,
                           rad_regrid_way way, int threads, rad_drawn *out, rad_error *error) {
    const rad_geometry *own = &mask->volume.geometry;
    drawing d = {
        .size = own->size, .nearest = way.method == RAD_NEAREST, .threshold = way.threshold, .out = out};
    *out = (rad_drawn){.inside = NULL};
    if (!rad_regrid_box(own, label, grid, &out->box) || !place(&d, own, grid, &out->box)) {
        out->box = (rad_box){{0}, {0}};
        return RAD_OK;
    }
    rad_status status = shape_take(mask, label, &d.shape, error);
    if (status == RAD_OK) out->inside = rad_new_raw(rad_box_count(&out->box), 1, error);
    if (out->inside)
        rad_parallel_for(rows_of(&out->box), threads, draw_row, &d);
    else
        status = RAD_NO_MEMORY;
    shape_free(&d.shape);
    return status;
}

static bool is_within(const rad_geometry *own, const rad_geometry *grid, size_t x, size_t y, size_t z) {
    const double edge = 0.5 + 1 / PARTS;
    double at[3] = {(double)x, (double)y, (double)z}, world[3];
    rad_geometry_world(own, at, world);
    if (!rad_geometry_index(grid, world, at)) return false;
    for (int a = 0; a < 3; a++)
        if (!(at[a] >= -edge && at[a] <= (double)grid->size[a] - 1 + edge)) return false;
    return true;
}

size_t rad_regrid_beyond(const rad_mask *mask, const rad_label *label, const rad_geometry *grid) {
    const rad_geometry *own = &mask->volume.geometry;
    size_t beyond = 0;
    for (size_t z = label->box.begin[2]; z < label->box.end[2]; z++)
        for (size_t y = label->box.begin[1]; y < label->box.end[1]; y++) {
            const size_t row = z * own->size[1] + y;
            for (size_t r = mask->row_begin[row]; r < mask->row_begin[row + 1]; r++) {
                const rad_run *run = &mask->runs[r];
                if (run->label != label->value) continue;
                /* the grid is convex: a run whose ends lie on it does so as a whole */
                if (is_within(own, grid, run->begin, y, z) && is_within(own, grid, run->end - 1, y, z))
                    continue;
                for (size_t x = run->begin; x < run->end; x++) beyond += !is_within(own, grid, x, y, z);
            }
        }
    return beyond;
}
