#include "sampler.h"

#include <math.h>

/* A voxel and what follows from it, on an axis of n; -1 outside. */
static ptrdiff_t nearest(double index, size_t n) {
    return index >= -0.5 && index < (double)n - 0.5 ? (ptrdiff_t)(index + 0.5) : -1;
}

static size_t stride_of(const rad_sampler *s, int axis) {
    return axis == 0 ? 1 : axis == 1 ? s->size[0] : s->size[0] * s->size[1];
}

/* The places that axes with `of_row` as given make up at a pixel; -1: outside. */
static ptrdiff_t place_of(const rad_sampler *s, bool of_row, long i, long j) {
    ptrdiff_t place = 0;
    for (int a = 0; a < 3; a++) {
        if (s->of_row[a] != of_row) continue;
        const ptrdiff_t at =
            nearest(s->at[a] + (double)i * s->right[a] + (double)j * s->below[a], s->size[a]);
        if (at < 0) return -1;
        place += at * (ptrdiff_t)stride_of(s, a);
    }
    return place;
}

/* Does a voxel along the axis stay the same, but for rounding, from one end of the plane to the other? */
static bool is_still(double step, long pixels) {
    return fabs(step) * (double)pixels < 1e-6;
}

/* Columns of voxels follow each other without gaps. */
static void find_span(rad_sampler *s, long places) {
    s->begin = 0;
    s->end = places;
    if (!s->parted) return;
    while (s->begin < s->end && s->part[s->begin] < 0) s->begin++;
    while (s->end > s->begin && s->part[s->end - 1] < 0) s->end--;
}

bool rad_sampler_begin(const rad_geometry *grid, const rad_box *box, const rad_plane *plane, rad_sampler *s) {
    const double n = (double)plane->size, corner = (0.5 - n / 2) * plane->pixel;
    double first[3], right[3], below[3], index[3][3];
    for (int a = 0; a < 3; a++) {
        first[a] = plane->middle[a] + corner * (plane->across[a] + plane->down[a]);
        right[a] = first[a] + n * plane->pixel * plane->across[a];
        below[a] = first[a] + n * plane->pixel * plane->down[a];
    }
    if (!rad_geometry_index(grid, first, index[0]) || !rad_geometry_index(grid, right, index[1]) ||
        !rad_geometry_index(grid, below, index[2]))
        return false;
    s->parted = true;
    for (int a = 0; a < 3; a++) {
        s->size[a] = box->end[a] - box->begin[a];
        s->at[a] = index[0][a] - (double)box->begin[a];
        s->right[a] = (index[1][a] - index[0][a]) / n;
        s->below[a] = (index[2][a] - index[0][a]) / n;
        s->of_row[a] = is_still(s->right[a], plane->size);
        s->parted = s->parted && (s->of_row[a] || is_still(s->below[a], plane->size));
    }
    for (long i = -1; s->parted && i <= plane->size; i++) s->part[1 + i] = place_of(s, false, i, 0);
    find_span(s, plane->size + 2);
    return true;
}

bool rad_sampler_repeats(const rad_sampler *s, long j) {
    return s->parted && place_of(s, true, 0, j) == place_of(s, true, 0, j - 1);
}

static bool add_parts(const rad_sampler *s, long j, long pixels, ptrdiff_t *place) {
    const ptrdiff_t row = place_of(s, true, 0, j);
    const long begin = row < 0 ? pixels + 2 : s->begin;
    for (long i = 0; i < begin; i++) place[i] = -1;
    if (row < 0) return false;
    for (long i = begin; i < s->end; i++) place[i] = row + s->part[i];
    for (long i = s->end; i < pixels + 2; i++) place[i] = -1;
    return true;
}

bool rad_sampler_row(const rad_sampler *s, long j, long pixels, ptrdiff_t place[RAD_SAMPLER_ROW]) {
    if (s->parted) return add_parts(s, j, pixels, place);
    for (long i = -1; i <= pixels; i++) {
        ptrdiff_t all = 0;
        for (int a = 0; a < 3 && all >= 0; a++) {
            const ptrdiff_t at =
                nearest(s->at[a] + (double)i * s->right[a] + (double)j * s->below[a], s->size[a]);
            all = at < 0 ? -1 : all + at * (ptrdiff_t)stride_of(s, a);
        }
        place[1 + i] = all;
    }
    return true;
}
