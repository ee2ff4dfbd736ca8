/* The smallest box with a face on a facet of the hull. */
#include "enclosing.h"
#include "width.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Facets whose dot product with a direction is at most this lie along it. */
static const double VERTICAL = 1e-12;

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Two unit vectors at right angles to n and to each other. */
static void complete_basis(const double n[3], double u[3], double v[3]) {
    const int least = fabs(n[0]) <= fabs(n[1]) && fabs(n[0]) <= fabs(n[2]) ? 0
                      : fabs(n[1]) <= fabs(n[2])                           ? 1
                                                                           : 2;
    double e[3] = {0};
    e[least] = 1;
    for (int i = 0; i < 3; i++) u[i] = n[(i + 1) % 3] * e[(i + 2) % 3] - n[(i + 2) % 3] * e[(i + 1) % 3];
    const double norm = sqrt(dot(u, u));
    for (int i = 0; i < 3; i++) u[i] /= norm;
    for (int i = 0; i < 3; i++) v[i] = n[(i + 1) % 3] * u[(i + 2) % 3] - n[(i + 2) % 3] * u[(i + 1) % 3];
}

/* Rotating callipers: for each edge of the polygon the furthest corners along it, across it, and behind it.
 * The three indices only ever move on, less than twice around: room for 2n + 2 corners. */
static void least_rectangle(double (*p)[2], size_t n, double side[2]) {
    double least = INFINITY;
    size_t far = 1, across = 1, behind = 1;
    for (size_t k = n; n && k < 2 * n + 2; k++) memcpy(p[k], p[k - n], sizeof *p);
    for (size_t i = 0; i < n; i++) {
        const double *a = p[i], *b = p[i + 1], dx = b[0] - a[0], dy = b[1] - a[1],
                     norm = sqrt(dx * dx + dy * dy);
        const double e[2] = {dx / norm, dy / norm};
#define ALONG(k)  (p[k][0] * e[0] + p[k][1] * e[1])
#define ACROSS(k) (p[k][1] * e[0] - p[k][0] * e[1])
        if (far < i + 1) far = i + 1;
        while (far < i + n && ALONG(far + 1) > ALONG(far)) far++;
        if (across < far) across = far;
        while (across < i + n && ACROSS(across + 1) > ACROSS(across)) across++;
        if (behind < across) behind = across;
        while (behind < i + n && ALONG(behind + 1) < ALONG(behind)) behind++;
        const double width = ALONG(far) - ALONG(behind), height = ACROSS(across) - ACROSS(i);
#undef ALONG
#undef ACROSS
        if (width * height >= least) continue;
        least = width * height;
        side[0] = width;
        side[1] = height;
    }
}

/* Drops corners that rounding alone tells from the one before: their edges point anywhere. */
static size_t drop_twins(double (*p)[2], size_t n) {
    double extent = 0;
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) extent = fmax(extent, fabs(p[i][0] - p[0][0]) + fabs(p[i][1] - p[0][1]));
    for (size_t i = 0; i < n; i++) {
        const double *before = kept ? p[kept - 1] : p[n - 1];
        if (fabs(p[i][0] - before[0]) + fabs(p[i][1] - before[1]) > 1e-9 * extent)
            memmove(p[kept++], p[i], sizeof *p);
    }
    return kept;
}

/* What all directions share: vertices by coordinate with room for whole LANES, widths; and one slot per block
 * of facets for its result. */
typedef struct box_job {
    const rad_hull *hull;
    double *vertex[3];
    size_t vertices; /* whole LANES */
    rad_widths widths;
    double *bound;      /* of the box on each facet: its volume is at least this */
    double first;       /* the volume of one box: none above it needs a look */
    double (*sides)[3]; /* of the best box of each block of facets */
} box_job;

enum { FACETS_AT_A_TIME = 64, LANES = 8 };

typedef struct outline_buffers {
    uint8_t *up; /* [facet]: does it look along the direction? */
    uint32_t *next, *corners;
    double (*flat)[2];
} outline_buffers;

/* Edges between facets that look along n and others, as next[from] = to: the outline of the hull seen along
 * n. Returns their number; corners[] are where they begin. */
static size_t find_outline(const rad_hull *hull, const double n[3], const outline_buffers *b) {
    size_t count = 0;
    for (size_t g = 0; g < hull->facet_count; g++) b->up[g] = dot(n, hull->normals[g]) > VERTICAL;
    for (size_t e = 0; e < hull->edge_count; e++) { /* without a jump that nobody can foresee */
        b->corners[count] = (uint32_t)e;
        count += b->up[hull->edges[e].left] != b->up[hull->edges[e].right];
    }
    for (size_t k = 0; k < count; k++) {
        const rad_hull_edge *edge = &hull->edges[b->corners[k]];
        const bool forward = b->up[edge->left];
        b->corners[k] = forward ? edge->a : edge->b;
        b->next[b->corners[k]] = forward ? edge->b : edge->a;
    }
    return count;
}

/* The outline as a polygon, counter-clockwise; where rounding breaks it, the hull of its corners. */
static size_t project_outline(const rad_hull *hull, const double u[3], const double v[3], size_t count,
                              outline_buffers *buffer) {
    size_t n = 0;
    for (uint32_t at = buffer->corners[0]; n < count; at = buffer->next[at]) {
        if (n && at == buffer->corners[0]) break;
        buffer->flat[n][0] = dot(hull->vertices[at], u);
        buffer->flat[n++][1] = dot(hull->vertices[at], v);
    }
    if (n == count && buffer->next[buffer->corners[0]] != buffer->corners[0])
        return drop_twins(buffer->flat, n);
    for (n = 0; n < count; n++) {
        buffer->flat[n][0] = dot(hull->vertices[buffer->corners[n]], u);
        buffer->flat[n][1] = dot(hull->vertices[buffer->corners[n]], v);
    }
    return drop_twins(buffer->flat, rad_polygon_hull(buffer->flat, n, buffer->flat + n));
}

/* Lowest and highest vertex along n, in lanes. */
RAD_KERNEL_LOOP void span_vertices_loop(double *const vertex[3], const double *n, size_t count,
                                        double *restrict low, double *restrict high) {
    const double *x = vertex[0], *y = vertex[1], *z = vertex[2], a = n[0], b = n[1], c = n[2];
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double h = x[i + l] * a + y[i + l] * b + z[i + l] * c;
            low[l] = h < low[l] ? h : low[l];
            high[l] = h > high[l] ? h : high[l];
        }
}
RAD_KERNEL(span_vertices,
           (double *const vertex[3], const double *n, size_t count, double *restrict low,
            double *restrict high),
           (vertex, n, count, low, high))

static double height_along(const box_job *job, const double n[3]) {
    double low[LANES], high[LANES];
    for (int l = 0; l < LANES; l++) low[l] = -(high[l] = -INFINITY);
    span_vertices(job->vertex, n, job->vertices, low, high);
    for (int l = 1; l < LANES; l++) {
        low[0] = low[l] < low[0] ? low[l] : low[0];
        high[0] = high[l] > high[0] ? high[l] : high[0];
    }
    return high[0] - low[0];
}

static void try_facet(const box_job *job, size_t f, outline_buffers *buffer, double side[3]) {
    const rad_hull *hull = job->hull;
    const double *n = hull->normals[f];
    double u[3], v[3], box[2] = {0};
    if (job->bound[f] > job->first || job->bound[f] > side[0] * side[1] * side[2]) return;
    complete_basis(n, u, v);
    const size_t count = find_outline(hull, n, buffer);
    if (count < 3) return;
    least_rectangle(buffer->flat, project_outline(hull, u, v, count, buffer), box);
    const double height = height_along(job, n);
    if (box[0] * box[1] * height >= side[0] * side[1] * side[2]) return;
    side[0] = box[0];
    side[1] = box[1];
    side[2] = height;
}

static rad_status make_buffers(const rad_hull *hull, outline_buffers *buffer, rad_error *error) {
    *buffer = (outline_buffers){rad_new_raw(hull->facet_count, 1, error),
                                rad_new_raw(hull->vertex_count, sizeof(uint32_t), error),
                                rad_new_raw(hull->edge_count + 1, sizeof(uint32_t), error),
                                rad_new_raw(3 * hull->edge_count + 2, sizeof(double[2]), error)};
    return buffer->up && buffer->next && buffer->corners && buffer->flat ? RAD_OK : RAD_NO_MEMORY;
}

static void free_buffers(outline_buffers *buffer) {
    rad_free(buffer->up);
    rad_free(buffer->next);
    rad_free(buffer->corners);
    rad_free(buffer->flat);
}

/* Facets first .. end - 1 into side. */
static rad_status try_facets(const box_job *job, size_t first, size_t end, double side[3], rad_error *error) {
    outline_buffers buffer;
    const rad_status status = make_buffers(job->hull, &buffer, error);
    for (int a = 0; a < 3; a++) side[a] = INFINITY;
    for (size_t f = first; f < end && status == RAD_OK; f++) try_facet(job, f, &buffer, side);
    free_buffers(&buffer);
    return status;
}

static size_t end_of(const box_job *job, size_t block) {
    const size_t end = (block + 1) * FACETS_AT_A_TIME;
    return end < job->hull->facet_count ? end : job->hull->facet_count;
}

/* A box with a face on facet f is at least as high as the hull is wide there, over a rectangle; less a part
 * for rounding. */
static void bound_block(size_t block, void *context) {
    const box_job *job = context;
    for (size_t f = block * FACETS_AT_A_TIME; f < end_of(job, block); f++) {
        const double *n = job->hull->normals[f];
        double u[3], v[3];
        complete_basis(n, u, v);
        job->bound[f] =
            rad_widths_along(&job->widths, n) * rad_widths_rectangle(&job->widths, u, v) * (1 - 1e-6);
    }
}

static rad_status try_block(size_t block, void *context, rad_error *error) {
    const box_job *job = context;
    return try_facets(job, block * FACETS_AT_A_TIME, end_of(job, block), job->sides[block], error);
}

static size_t whole_lanes(size_t count) {
    return (count + LANES - 1) / LANES * LANES;
}

/* The box on the facet of the least bound, which leaves out most others. */
static rad_status try_likely(box_job *job, rad_error *error) {
    double side[3];
    size_t least = 0;
    for (size_t f = 1; f < job->hull->facet_count; f++) least = job->bound[f] < job->bound[least] ? f : least;
    const rad_status status = try_facets(job, least, least + 1, side, error);
    if (status == RAD_OK) job->first = fmin(job->first, side[0] * side[1] * side[2]);
    return status;
}

static rad_status bound_boxes(box_job *job, int threads, rad_error *error) {
    job->first = INFINITY;
    const rad_status status = rad_widths_make(job->hull, &job->widths, error);
    if (status != RAD_OK) return status;
    rad_parallel_for((job->hull->facet_count + FACETS_AT_A_TIME - 1) / FACETS_AT_A_TIME, threads, bound_block,
                     job);
    return try_likely(job, error);
}

static void place_coordinates(box_job *job, double *buffer) {
    const rad_hull *hull = job->hull;
    for (size_t a = 0; a < 3; a++) {
        job->vertex[a] = buffer + a * job->vertices;
        for (size_t v = 0; v < job->vertices; v++) /* the last lanes have the first vertex again */
            job->vertex[a][v] = hull->vertices[v < hull->vertex_count ? v : 0][a];
    }
    job->bound = buffer + 3 * job->vertices;
}

rad_status rad_enclosing_box(const rad_hull *hull, int threads, double side[3], rad_error *error) {
    const size_t n = hull->facet_count, blocks = (n + FACETS_AT_A_TIME - 1) / FACETS_AT_A_TIME;
    box_job job = {.hull = hull, .vertices = whole_lanes(hull->vertex_count)};
    double *buffer = rad_new(n + 3 * job.vertices, sizeof *buffer, error);
    job.sides = rad_new(blocks, sizeof *job.sides, error);
    rad_status status = buffer && job.sides ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        place_coordinates(&job, buffer);
        status = bound_boxes(&job, threads, error);
    }
    if (status == RAD_OK) status = rad_parallel_try(blocks, threads, try_block, &job, error);
    double least = INFINITY;
    for (size_t b = 0; b < blocks && status == RAD_OK; b++) {
        const double *s = job.sides[b], volume = s[0] * s[1] * s[2];
        if (volume >= least) continue;
        least = volume;
        memcpy(side, s, sizeof(double[3]));
    }
    rad_widths_free(&job.widths);
    rad_free(buffer);
    rad_free(job.sides);
    return status;
}
