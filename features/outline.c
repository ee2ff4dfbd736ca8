#include "outline.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Facets whose dot product with a direction is at most this lie along it. */
static const double VERTICAL = 1e-12;

/* Far more than what rounding does to a dot product of unit vectors, and than VERTICAL. */
static const double MARGIN = 1e-9;

enum { EDGES = 8, CELLS = 16 };

/* Where an edge looks: a cell on the faces of a cube, snaking through its rows. */
typedef struct place {
    uint32_t cell, edge;
} place;

static uint32_t cell_of(const rad_hull *hull, const rad_hull_edge *edge) {
    const double *l = hull->normals[edge->left], *r = hull->normals[edge->right];
    const double v[3] = {l[0] + r[0], l[1] + r[1], l[2] + r[2]};
    int most = fabs(v[1]) > fabs(v[0]) ? 1 : 0;
    if (fabs(v[2]) > fabs(v[most])) most = 2;
    uint32_t at[2];
    for (int k = 0; k < 2; k++) {
        const double part = v[(most + 1 + k) % 3] / fabs(v[most]);
        at[k] = part >= -1 && part <= 1 ? (uint32_t)fmin((part + 1) / 2 * CELLS, CELLS - 1) : 0;
    }
    if (at[0] % 2) at[1] = CELLS - 1 - at[1];
    return ((uint32_t)(2 * most + (v[most] < 0)) * CELLS + at[0]) * CELLS + at[1];
}

static int by_cell(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->cell != y->cell) return x->cell < y->cell ? -1 : 1;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static double distance(const double *a, const double b[3]) {
    const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return sqrt(x * x + y * y + z * z);
}

/* The mean of the normals of a block, and how far any of them is from it. */
static void bound_block(rad_outlines *o, size_t block) {
    const rad_hull *hull = o->hull;
    const size_t first = block * EDGES,
                 end = first + EDGES < hull->edge_count ? first + EDGES : hull->edge_count;
    double centre[3] = {0}, reach = 0;
    for (size_t k = first; k < end; k++)
        for (int a = 0; a < 3; a++) {
            const rad_hull_edge *e = &hull->edges[o->edge[k]];
            centre[a] +=
                (hull->normals[e->left][a] + hull->normals[e->right][a]) / (2.0 * (double)(end - first));
        }
    for (size_t k = first; k < end; k++) {
        const rad_hull_edge *e = &hull->edges[o->edge[k]];
        reach = fmax(reach, distance(hull->normals[e->left], centre));
        reach = fmax(reach, distance(hull->normals[e->right], centre));
    }
    for (int a = 0; a < 3; a++) o->centre[a][block] = centre[a];
    o->reach[block] = reach + MARGIN;
}

/* What fills the last block up has one facet on both sides: it is on no outline. */
static void copy_sides(rad_outlines *o, double *room) {
    const size_t length = o->blocks * EDGES;
    for (size_t k = 0; k < 6; k++) o->side[k / 3][k % 3] = room + k * length;
    for (size_t i = 0; i < length; i++) {
        const bool filled = i < o->hull->edge_count;
        const rad_hull_edge *e = &o->hull->edges[o->edge[filled ? i : 0]];
        for (int a = 0; a < 3; a++) {
            o->side[0][a][i] = o->hull->normals[e->left][a];
            o->side[1][a][i] = o->hull->normals[filled ? e->right : e->left][a];
        }
    }
}

rad_status rad_outlines_make(const rad_hull *hull, rad_outlines *o, rad_error *error) {
    const size_t blocks = (hull->edge_count + EDGES - 1) / EDGES;
    *o = (rad_outlines){.hull = hull, .blocks = blocks};
    double *room = rad_new_raw((4 + 6 * EDGES) * blocks, sizeof *room, error);
    place *places = rad_new_raw(hull->edge_count, sizeof *places, error);
    o->edge = rad_new_raw(hull->edge_count, sizeof *o->edge, error);
    o->centre[0] = room;
    if (!room || !places || !o->edge) {
        rad_free(places);
        rad_outlines_free(o);
        return RAD_NO_MEMORY;
    }
    for (size_t a = 1; a < 3; a++) o->centre[a] = room + a * blocks;
    o->reach = room + 3 * blocks;
    for (size_t e = 0; e < hull->edge_count; e++)
        places[e] = (place){cell_of(hull, &hull->edges[e]), (uint32_t)e};
    qsort(places, hull->edge_count, sizeof *places, by_cell);
    for (size_t e = 0; e < hull->edge_count; e++) o->edge[e] = places[e].edge;
    for (size_t b = 0; b < blocks; b++) bound_block(o, b);
    copy_sides(o, room + 4 * blocks);
    rad_free(places);
    return RAD_OK;
}

void rad_outlines_free(rad_outlines *o) {
    rad_free(o->centre[0]);
    rad_free(o->edge);
    *o = (rad_outlines){.hull = NULL};
}

rad_status rad_outline_room_make(const rad_outlines *o, rad_outline_room *room, rad_error *error) {
    room->open = rad_new_raw(o->blocks, 1, error);
    room->blocks = rad_new_raw(o->blocks, sizeof *room->blocks, error);
    room->along = rad_new_raw(2 * EDGES, o->blocks, error);
    room->found = rad_new(o->hull->edge_count / 64 + 1, sizeof *room->found, error);
    room->forward = rad_new_raw(o->hull->edge_count, 1, error);
    return room->open && room->blocks && room->along && room->found && room->forward ? RAD_OK : RAD_NO_MEMORY;
}

void rad_outline_room_free(rad_outline_room *room) {
    rad_free(room->open);
    rad_free(room->blocks);
    rad_free(room->along);
    rad_free(room->found);
    rad_free(room->forward);
}

/* open[b]: normals of block b may look either way. */
RAD_KERNEL_LOOP void open_blocks_loop(const rad_outlines *o, const double *n, uint8_t *restrict open) {
    const double *x = o->centre[0], *y = o->centre[1], *z = o->centre[2], *reach = o->reach;
    const double a = n[0], b = n[1], c = n[2];
    const size_t blocks = o->blocks;
#pragma omp simd
    for (size_t k = 0; k < blocks; k++) open[k] = fabs(a * x[k] + b * y[k] + c * z[k]) <= reach[k];
}
RAD_KERNEL(open_blocks, (const rad_outlines *o, const double *n, uint8_t *restrict open), (o, n, open))

/* Which facets beside the edges of open blocks look along n. */
RAD_KERNEL_LOOP void look_along_loop(const rad_outlines *o, const uint32_t *blocks, size_t count,
                                     const double *n, uint8_t *restrict along) {
    const double a = n[0], b = n[1], c = n[2];
    for (size_t k = 0; k < 2 * count; k++) {
        const size_t first = (size_t)blocks[k / 2] * EDGES;
        const double *x = o->side[k % 2][0] + first, *y = o->side[k % 2][1] + first,
                     *z = o->side[k % 2][2] + first;
#pragma omp simd
        for (size_t e = 0; e < EDGES; e++) along[k * EDGES + e] = a * x[e] + b * y[e] + c * z[e] > VERTICAL;
    }
}
RAD_KERNEL(look_along,
           (const rad_outlines *o, const uint32_t *blocks, size_t count, const double *n,
            uint8_t *restrict along),
           (o, blocks, count, n, along))

/* Marks the edges of an open block that lie between facets of both kinds. */
static void mark_edges(const rad_outlines *o, rad_outline_room *room, size_t open) {
    const uint8_t *left = room->along + 2 * open * EDGES, *right = left + EDGES;
    if (!memcmp(left, right, EDGES)) return;
    for (size_t k = 0; k < EDGES; k++) {
        if (left[k] == right[k]) continue;
        const uint32_t e = o->edge[(size_t)room->blocks[open] * EDGES + k];
        room->found[e / 64] |= (uint64_t)1 << e % 64;
        room->forward[e] = left[k];
    }
}

size_t rad_outline_find(const rad_outlines *o, rad_outline_room *room, const double n[3], uint32_t *next,
                        uint32_t *corners) {
    size_t count = 0, open = 0;
    open_blocks(o, n, room->open);
    for (size_t b = 0; b < o->blocks; b++) {
        room->blocks[open] = (uint32_t)b;
        open += room->open[b];
    }
    look_along(o, room->blocks, open, n, room->along);
    for (size_t k = 0; k < open; k++) mark_edges(o, room, k);
    for (size_t w = 0; w <= o->hull->edge_count / 64; w++) {
        for (uint64_t bits = room->found[w]; bits; bits &= bits - 1) {
            const size_t e = 64 * w + (size_t)__builtin_ctzll(bits);
            const rad_hull_edge *edge = &o->hull->edges[e];
            const uint32_t from = room->forward[e] ? edge->a : edge->b;
            corners[count++] = from;
            next[from] = room->forward[e] ? edge->b : edge->a;
        }
        room->found[w] = 0;
    }
    return count;
}
