#include "lattice_hull.h"

#include "../core/memory.h"

#include <math.h>

static const uint32_t NONE = UINT32_MAX;

/* A triangle of the hull so far, counter-clockwise seen from outside; beyond its edge v[i] -> v[i + 1] lies
 * beside[i]. A point q is above it where normal . q > offset. */
typedef struct triangle {
    uint32_t v[3], beside[3];
    int64_t normal[3], offset;
    uint32_t outside, furthest; /* the points above it that no other triangle has: a list, and its furthest */
    int64_t reach;              /* of that one */
    uint32_t mark;              /* when a point looked at it last: 2 step + (is it seen?); gone: NONE */
} triangle;

typedef struct hulling {
    rad_lattice_point *points;
    triangle *triangles;
    size_t count, capacity;
    uint32_t *next;          /* of each point in the list that it is in */
    uint32_t *begins, *ends; /* of each point: the new triangle whose horizon edge begins, ends there */
    uint32_t *seen, *fresh;  /* triangles that the point sees; those that take their place */
    size_t seen_count, seen_capacity, fresh_count, fresh_capacity;
    uint32_t *idle; /* triangles that are gone, to be used again */
    size_t idle_count, idle_capacity;
    uint32_t *added; /* points that became vertices, in that order */
    size_t added_count;
    uint32_t *waiting; /* triangles that have had points above them */
    size_t waiting_count, waiting_capacity;
    uint32_t step;
    rad_error *error;
} hulling;

static void cross(const rad_lattice_point a, const rad_lattice_point b, const rad_lattice_point c,
                  int64_t out[3]) {
    for (int i = 0; i < 3; i++) {
        const int j = (i + 1) % 3, k = (i + 2) % 3;
        out[i] = (int64_t)(b[j] - a[j]) * (c[k] - a[k]) - (int64_t)(b[k] - a[k]) * (c[j] - a[j]);
    }
}

static int64_t along(const int64_t n[3], const rad_lattice_point p) {
    return n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
}

static bool push(uint32_t **list, size_t *count, size_t *capacity, uint32_t value, rad_error *error) {
    if (rad_grow(list, *count, capacity, sizeof **list, error) != RAD_OK) return false;
    (*list)[(*count)++] = value;
    return true;
}

/* A triangle in the place of one that is gone, or behind the last; NONE without memory. */
static uint32_t make_triangle(hulling *h, uint32_t a, uint32_t b, uint32_t c) {
    uint32_t t = (uint32_t)h->count;
    if (h->idle_count)
        t = h->idle[--h->idle_count];
    else if (rad_grow(&h->triangles, h->count, &h->capacity, sizeof *h->triangles, h->error) == RAD_OK)
        h->count++;
    else
        return NONE;
    triangle *n = &h->triangles[t];
    *n = (triangle){.v = {a, b, c}, .outside = NONE};
    cross(h->points[a], h->points[b], h->points[c], n->normal);
    n->offset = along(n->normal, h->points[a]);
    return t;
}

/* Gives the point to the first triangle of the list that it is above; it is inside where there is none. */
static bool place(hulling *h, uint32_t q, const uint32_t *list, size_t count) {
    for (size_t k = 0; k < count; k++) {
        triangle *t = &h->triangles[list[k]];
        const int64_t reach = along(t->normal, h->points[q]) - t->offset;
        if (reach <= 0) continue;
        if (t->outside == NONE &&
            !push(&h->waiting, &h->waiting_count, &h->waiting_capacity, list[k], h->error))
            return false;
        if (reach > t->reach) {
            t->reach = reach;
            t->furthest = q;
        }
        h->next[q] = t->outside;
        t->outside = q;
        return true;
    }
    return true;
}

/* The edge of triangle `of` that it has in common with triangle `with`. */
static int edge_with(const triangle *of, uint32_t with) {
    return of->beside[0] == with ? 0 : of->beside[1] == with ? 1 : 2;
}

/* A new triangle from the edge of a seen triangle to the point; beyond the edge is one that is not seen. */
static bool cover_edge(hulling *h, uint32_t t, int edge, uint32_t p) {
    const uint32_t a = h->triangles[t].v[edge], b = h->triangles[t].v[(edge + 1) % 3],
                   other = h->triangles[t].beside[edge];
    const uint32_t made = make_triangle(h, a, b, p);
    if (made == NONE || !push(&h->fresh, &h->fresh_count, &h->fresh_capacity, made, h->error)) return false;
    h->triangles[made].beside[0] = other;
    h->triangles[other].beside[edge_with(&h->triangles[other], t)] = made;
    h->begins[a] = made;
    h->ends[b] = made;
    return true;
}

/* All triangles that the point is above hang together: from one of them over their edges. */
static bool find_seen(hulling *h, uint32_t from, uint32_t p) {
    const uint32_t unseen = 2 * ++h->step, seen = unseen + 1;
    h->seen_count = h->fresh_count = 0;
    h->triangles[from].mark = seen;
    if (!push(&h->seen, &h->seen_count, &h->seen_capacity, from, h->error)) return false;
    for (size_t k = 0; k < h->seen_count; k++)
        for (int e = 0; e < 3; e++) {
            const uint32_t beside = h->triangles[h->seen[k]].beside[e];
            triangle *t = &h->triangles[beside];
            if (t->mark == seen || t->mark == unseen) continue;
            t->mark = along(t->normal, h->points[p]) > t->offset ? seen : unseen;
            if (t->mark == seen && !push(&h->seen, &h->seen_count, &h->seen_capacity, beside, h->error))
                return false;
        }
    return true;
}

/* The furthest point above a triangle becomes a vertex: a cone from the horizon to it in place of what it
 * sees. No edge of the horizon points at it, since it would lie in the plane of a triangle that it sees. */
static bool add_point(hulling *h, uint32_t from) {
    const uint32_t p = h->triangles[from].furthest;
    h->added[h->added_count++] = p;
    if (!find_seen(h, from, p)) return false;
    const uint32_t seen = 2 * h->step + 1;
    for (size_t k = 0; k < h->seen_count; k++)
        for (int e = 0; e < 3; e++) {
            const uint32_t t = h->seen[k];
            if (h->triangles[h->triangles[t].beside[e]].mark != seen && !cover_edge(h, t, e, p)) return false;
        }
    for (size_t k = 0; k < h->fresh_count; k++) {
        triangle *t = &h->triangles[h->fresh[k]];
        t->beside[1] = h->begins[t->v[1]];
        t->beside[2] = h->ends[t->v[0]];
    }
    for (size_t k = 0; k < h->seen_count; k++) {
        triangle *t = &h->triangles[h->seen[k]];
        for (uint32_t q = t->outside, following; q != NONE; q = following) {
            following = h->next[q];
            if (q != p && !place(h, q, h->fresh, h->fresh_count)) return false;
        }
        t->outside = NONE;
        t->mark = NONE;
        if (!push(&h->idle, &h->idle_count, &h->idle_capacity, h->seen[k], h->error)) return false;
    }
    return true;
}

/* Four points that span space: the first and the last along x, then what is furthest from their line, and
 * from the plane of three. */
static bool find_simplex(const hulling *h, size_t count, uint32_t corner[4]) {
    double most = 0;
    int64_t normal[3], highest = 0;
    corner[0] = corner[1] = corner[2] = corner[3] = 0;
    for (size_t i = 1; i < count; i++) {
        if (h->points[i][0] < h->points[corner[0]][0]) corner[0] = (uint32_t)i;
        if (h->points[i][0] > h->points[corner[1]][0]) corner[1] = (uint32_t)i;
    }
    for (size_t i = 0; i < count; i++) {
        cross(h->points[corner[0]], h->points[corner[1]], h->points[i], normal);
        const double size = (double)normal[0] * (double)normal[0] + (double)normal[1] * (double)normal[1] +
                            (double)normal[2] * (double)normal[2];
        if (size > most) {
            most = size;
            corner[2] = (uint32_t)i;
        }
    }
    cross(h->points[corner[0]], h->points[corner[1]], h->points[corner[2]], normal);
    for (size_t i = 0; i < count; i++) {
        const int64_t away = along(normal, h->points[i]) - along(normal, h->points[corner[0]]);
        if ((away < 0 ? -away : away) <= (highest < 0 ? -highest : highest)) continue;
        highest = away;
        corner[3] = (uint32_t)i;
    }
    if (highest > 0) { /* the fourth is below the first three */
        const uint32_t swap = corner[1];
        corner[1] = corner[2];
        corner[2] = swap;
    }
    return highest != 0;
}

static bool begin(hulling *h, size_t count, const uint32_t c[4]) {
    static const int faces[4][3] = {{0, 1, 2}, {0, 3, 1}, {1, 3, 2}, {2, 3, 0}},
                     beside[4][3] = {{1, 2, 3}, {3, 2, 0}, {1, 3, 0}, {2, 1, 0}};
    uint32_t made[4];
    for (int f = 0; f < 4; f++) {
        made[f] = make_triangle(h, c[faces[f][0]], c[faces[f][1]], c[faces[f][2]]);
        if (made[f] == NONE) return false;
        h->added[h->added_count++] = c[f];
    }
    for (int f = 0; f < 4; f++)
        for (int e = 0; e < 3; e++) h->triangles[made[f]].beside[e] = made[beside[f][e]];
    for (size_t i = 0; i < count; i++)
        if (!place(h, (uint32_t)i, made, 4)) return false;
    return true;
}

static bool run(hulling *h) {
    for (size_t k = 0; k < h->waiting_count; k++) {
        const triangle *t = &h->triangles[h->waiting[k]];
        if (t->mark != NONE && t->outside != NONE && !add_point(h, h->waiting[k])) return false;
    }
    return true;
}

static uint32_t find_root(uint32_t *facet, uint32_t t) {
    while (facet[t] != t) t = facet[t] = facet[facet[t]];
    return t;
}

/* Triangles in one plane are one facet: facet[t], counted from 0 in the order of the triangles. */
static void join_facets(const hulling *h, uint32_t *facet, uint32_t *number, rad_hull *hull) {
    for (uint32_t t = 0; t < h->count; t++) facet[t] = t;
    for (uint32_t t = 0; t < h->count; t++)
        for (int e = 0; e < 3 && h->triangles[t].mark != NONE; e++) {
            const triangle *here = &h->triangles[t], *there = &h->triangles[here->beside[e]];
            const uint32_t opposite = there->v[(edge_with(there, t) + 2) % 3];
            if (along(here->normal, h->points[opposite]) != here->offset) continue;
            const uint32_t a = find_root(facet, t), b = find_root(facet, here->beside[e]);
            facet[a > b ? a : b] = a > b ? b : a;
        }
    for (uint32_t t = 0; t < h->count; t++)
        if (h->triangles[t].mark != NONE && find_root(facet, t) == t)
            number[t] = (uint32_t)hull->facet_count++;
    for (uint32_t t = 0; t < h->count; t++) facet[t] = find_root(facet, t);
}

/* Areas times normals are whole numbers until the last step: neither depends on the triangles of a facet. */
static rad_status measure(const hulling *h, const uint32_t *facet, const uint32_t *number,
                          const double side[3], rad_hull *hull) {
    double volume = 0;
    int64_t(*sum)[3] = rad_new(hull->facet_count, sizeof *sum, h->error);
    if (!sum) return RAD_NO_MEMORY;
    for (size_t t = 0; t < h->count; t++) {
        const triangle *at = &h->triangles[t];
        if (at->mark == NONE) continue;
        volume += (double)(at->offset - along(at->normal, h->points[h->triangles[0].v[0]]));
        for (int a = 0; a < 3; a++) sum[number[facet[t]]][a] += at->normal[a];
    }
    hull->volume = volume / 6 * side[0] * side[1] * side[2];
    for (size_t f = 0; f < hull->facet_count; f++) {
        double n[3], size = 0;
        for (int a = 0; a < 3; a++) {
            n[a] = (double)sum[f][a] * side[(a + 1) % 3] * side[(a + 2) % 3];
            size += n[a] * n[a];
        }
        size = sqrt(size);
        hull->area += size / 2;
        for (int a = 0; a < 3; a++) hull->normals[f][a] = n[a] / size;
    }
    rad_free(sum);
    return RAD_OK;
}

/* Edges of one line with the same facets on both sides become one: a point between two of them is no corner.
 * meets[p]: the first two edges at point p, and how many there are. */
typedef struct meeting {
    uint32_t edge[2], count;
} meeting;

static void meet(meeting *m, uint32_t edge) {
    if (m->count < 2) m->edge[m->count] = edge;
    m->count++;
}

static void straighten(rad_hull *hull, meeting *meets, size_t points) {
    for (uint32_t p = 0; p < points; p++) {
        if (meets[p].count != 2) continue;
        const uint32_t kept = meets[p].edge[0], gone = meets[p].edge[1];
        rad_hull_edge *e = &hull->edges[kept], *other = &hull->edges[gone];
        const uint32_t end = other->a == p ? other->b : other->a;
        *(e->a == p ? &e->a : &e->b) = end;
        for (int i = 0; i < 2; i++)
            if (meets[end].edge[i] == gone) meets[end].edge[i] = kept;
        other->a = other->b = NONE;
        meets[p].count = 0;
    }
}

static void collect_edges(const hulling *h, const uint32_t *facet, const uint32_t *number, meeting *meets,
                          rad_hull *hull) {
    for (uint32_t t = 0; t < h->count; t++)
        for (int e = 0; e < 3 && h->triangles[t].mark != NONE; e++) {
            const triangle *at = &h->triangles[t];
            const uint32_t a = at->v[e], b = at->v[(e + 1) % 3], beside = at->beside[e];
            if (beside < t || facet[beside] == facet[t]) continue;
            meet(&meets[a], (uint32_t)hull->edge_count);
            meet(&meets[b], (uint32_t)hull->edge_count);
            hull->edges[hull->edge_count++] = (rad_hull_edge){a, b, number[facet[t]], number[facet[beside]]};
        }
}

/* Corners, those that were found last first: of points that are alike the ascent to the ellipsoid takes the
 * first, and ends soonest with this order. Edges that are gone leave. */
static void number_vertices(const hulling *h, const meeting *meets, uint32_t *vertex, const double side[3],
                            rad_hull *hull) {
    for (size_t k = h->added_count; k-- > 0;) {
        const uint32_t p = h->added[k];
        if (meets[p].count < 3) continue;
        vertex[p] = (uint32_t)hull->vertex_count;
        for (int a = 0; a < 3; a++) hull->vertices[hull->vertex_count][a] = h->points[p][a] * side[a];
        hull->vertex_count++;
    }
    size_t kept = 0;
    for (size_t e = 0; e < hull->edge_count; e++) {
        const rad_hull_edge *edge = &hull->edges[e];
        if (edge->a == NONE) continue;
        hull->edges[kept++] = (rad_hull_edge){vertex[edge->a], vertex[edge->b], edge->left, edge->right};
    }
    hull->edge_count = kept;
}

/* What the triangles are, as polygons. */
static rad_status finish(const hulling *h, size_t points, const double side[3], rad_hull *hull) {
    uint32_t *facet = rad_new(2 * h->count, sizeof *facet, h->error), *vertex = NULL;
    meeting *meets = rad_new(points, sizeof *meets, h->error);
    rad_status status = facet && meets ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        join_facets(h, facet, facet + h->count, hull);
        hull->normals = rad_new(hull->facet_count, sizeof *hull->normals, h->error);
        hull->edges = rad_new(3 * h->count / 2 + 1, sizeof *hull->edges, h->error);
        hull->vertices = rad_new(h->count / 2 + 4, sizeof *hull->vertices, h->error);
        vertex = rad_new(points, sizeof *vertex, h->error);
        if (!hull->normals || !hull->edges || !hull->vertices || !vertex) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK) status = measure(h, facet, facet + h->count, side, hull);
    if (status == RAD_OK) {
        collect_edges(h, facet, facet + h->count, meets, hull);
        straighten(hull, meets, points);
        number_vertices(h, meets, vertex, side, hull);
    }
    rad_free(facet);
    rad_free(meets);
    rad_free(vertex);
    return status;
}

static void release(hulling *h) {
    rad_free(h->triangles);
    rad_free(h->next);
    rad_free(h->seen);
    rad_free(h->fresh);
    rad_free(h->idle);
    rad_free(h->waiting);
}

rad_status rad_lattice_hull(rad_lattice_point *points, size_t count, const double side[3], rad_hull *hull,
                            rad_error *error) {
    hulling h = {.points = points, .error = error, .next = rad_new(count, 4 * sizeof *h.next, error)};
    uint32_t corner[4] = {0};
    *hull = (rad_hull){0};
    rad_status status = h.next ? RAD_OK : RAD_NO_MEMORY;
    h.begins = h.next ? h.next + count : NULL;
    h.ends = h.next ? h.begins + count : NULL;
    h.added = h.next ? h.ends + count : NULL;
    if (status == RAD_OK && (count < 4 || !find_simplex(&h, count, corner)))
        status = rad_fail(error, RAD_NO_RESULT, "the convex hull of %zu points is flat", count);
    if (status == RAD_OK && (!begin(&h, count, corner) || !run(&h))) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = finish(&h, count, side, hull);
    release(&h);
    if (status != RAD_OK) rad_hull_free(hull);
    return status;
}
