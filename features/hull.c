#include "hull.h"
#include "lattice_hull.h"

#include "../core/bitset.h"
#include "../core/memory.h"
#include "../core/simd.h"

#include <endian.h>
#include <errno.h>
#include <libqhull_r/libqhull_r.h>
#include <libqhull_r/qhull_ra.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_points(const void *a, const void *b) {
    const double *p = a, *q = b;
    if (p[0] != q[0]) return p[0] < q[0] ? -1 : 1;
    return (p[1] > q[1]) - (p[1] < q[1]);
}

static double turn(const double a[2], const double b[2], const double c[2]) {
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

size_t rad_polygon_hull(double (*points)[2], size_t count, double (*buffer)[2]) {
    if (count < 3) return count;
    qsort(points, count, sizeof *points, compare_points);
    return rad_polygon_hull_of_sorted(points, count, buffer);
}

/* Andrew's monotone chain. */
size_t rad_polygon_hull_of_sorted(double (*points)[2], size_t count, double (*buffer)[2]) {
    size_t n = 0;
    if (count < 3) return count;
    for (size_t i = 0; i < count; i++) {
        while (n >= 2 && turn(buffer[n - 2], buffer[n - 1], points[i]) <= 0) n--;
        memcpy(buffer[n++], points[i], sizeof *points);
    }
    const size_t lower = n + 1;
    for (size_t i = count - 1; i-- > 0;) {
        while (n >= lower && turn(buffer[n - 2], buffer[n - 1], points[i]) <= 0) n--;
        memcpy(buffer[n++], points[i], sizeof *points);
    }
    memcpy(points, buffer, (n - 1) * sizeof *points); /* the first point came again at the end */
    return n - 1;
}

/* Voxels along an axis of which twice the number is one of 32 bits. */
enum { EXTENT_MOST = INT32_MAX / 2 };

/* The points of one plane by columns, in half voxels from -1 on, and the corners of all planes so far. Of a
 * column only the lowest and the highest point can be corners. */
typedef struct collector {
    int32_t *low, *high;        /* of each column; low > high: it has none */
    size_t columns, first, end; /* those that may have some: first .. end - 1 */
    rad_lattice_point *kept;
    size_t kept_count;
} collector;

static void add_point(collector *c, int32_t x, int32_t y) {
    const size_t column = (size_t)x + 1;
    if (y < c->low[column]) c->low[column] = y;
    if (y > c->high[column]) c->high[column] = y;
    if (column < c->first) c->first = column;
    if (column >= c->end) c->end = column + 1;
}

/* Puts a point behind the corners from `first` on; those that no longer turn left go. */
static void turn_to(collector *c, size_t first, int32_t x, int32_t y, int32_t z) {
    rad_lattice_point *k = c->kept;
    size_t n = c->kept_count;
    for (; n >= first + 2; n--) {
        const int32_t *p = k[n - 2], *q = k[n - 1];
        if ((int64_t)(q[0] - p[0]) * (y - p[1]) - (int64_t)(q[1] - p[1]) * (x - p[0]) > 0) break;
    }
    k[n][0] = x;
    k[n][1] = y;
    k[n][2] = z;
    c->kept_count = n + 1;
}

/* Keeps the corners of the polygon of the plane's points, counter-clockwise; columns are empty then. */
static void close_plane(collector *c, int32_t z) {
    const size_t first = c->kept_count;
    for (size_t i = c->first; i < c->end; i++)
        if (c->low[i] <= c->high[i]) turn_to(c, first, (int32_t)i - 1, c->low[i], z);
    if (c->kept_count == first) return;
    const size_t back = c->kept_count - 1;
    for (size_t i = c->end; i-- > c->first;) {
        if (c->low[i] > c->high[i]) continue;
        if (c->high[i] != c->kept[back][1] || (int32_t)i - 1 != c->kept[back][0])
            turn_to(c, back, (int32_t)i - 1, c->high[i], z);
        c->low[i] = INT32_MAX;
        c->high[i] = INT32_MIN;
    }
    c->first = c->columns;
    c->end = 0;
    const int32_t *end = c->kept[c->kept_count - 1], *begin = c->kept[first];
    if (c->kept_count > first + 1 && end[0] == begin[0] && end[1] == begin[1]) c->kept_count--;
}

/* The voxels of the box, a bit each; rows begin with a word. */
typedef struct view {
    uint64_t *bits; /* owned */
    size_t words, extent[3];
} view;

static uint64_t *row_of(const view *v, size_t y, size_t z) {
    return v->bits + (z * v->extent[1] + y) * v->words;
}

/* Eight voxels at a time: a product brings their lowest bits side by side. */
static void put_row(const uint8_t *row, size_t width, uint64_t *bits) {
    static const uint64_t side_by_side = 0x0102040810204080;
    size_t x = 0;
    for (; x + 8 <= width; x += 8) {
        uint64_t eight;
        memcpy(&eight, row + x, sizeof eight);
        bits[x / 64] |= (le64toh(eight) * side_by_side >> 56) << x % 64;
    }
    for (; x < width; x++) bits[x / 64] |= (uint64_t)row[x] << x % 64;
}

static rad_status make_view(const uint8_t *mask, const size_t size[3], const rad_box *box, view *v,
                            rad_error *error) {
    v->words = rad_bitset_words(v->extent[0]);
    v->bits = rad_new(v->extent[1] * v->extent[2], v->words * sizeof *v->bits, error);
    if (!v->bits) return RAD_NO_MEMORY;
    for (size_t z = 0; z < v->extent[2]; z++)
        for (size_t y = 0; y < v->extent[1]; y++)
            put_row(mask + ((z + box->begin[2]) * size[1] + y + box->begin[1]) * size[0] + box->begin[0],
                    v->extent[0], row_of(v, y, z));
    return RAD_OK;
}

/* Voxels of a row that are the first to be seen of their columns, as points at y. */
static void add_ends(const uint64_t *row, size_t words, uint64_t *seen, int32_t y, collector *c) {
    for (size_t w = 0; w < words; w++) {
        uint64_t fresh = row[w] & ~seen[w];
        seen[w] |= row[w];
        for (; fresh; fresh &= fresh - 1) add_point(c, 2 * (int32_t)(64 * w) + 2 * __builtin_ctzll(fresh), y);
    }
}

/* The first and the last voxel of a row. */
static void add_row(const uint64_t *row, size_t words, int32_t y, collector *c) {
    size_t first = 0, last = words;
    while (first < words && !row[first]) first++;
    while (last > first && !row[last - 1]) last--;
    if (first == last) return;
    add_point(c, 2 * ((int32_t)(64 * first) + __builtin_ctzll(row[first])) - 1, y);
    add_point(c, 2 * ((int32_t)(64 * last) - __builtin_clzll(row[last - 1])) - 1, y);
}

/* Ends of the rows along x and along y of one slice. */
static void collect_slice(const view *v, size_t z, uint64_t *seen, collector *c) {
    const size_t height = v->extent[1];
    for (size_t y = 0; y < height; y++) add_row(row_of(v, y, z), v->words, 2 * (int32_t)y, c);
    memset(seen, 0, v->words * sizeof *seen);
    for (size_t y = 0; y < height; y++) add_ends(row_of(v, y, z), v->words, seen, 2 * (int32_t)y - 1, c);
    memset(seen, 0, v->words * sizeof *seen);
    for (size_t y = height; y-- > 0;) add_ends(row_of(v, y, z), v->words, seen, 2 * (int32_t)y + 1, c);
    close_plane(c, 2 * (int32_t)z);
}

/* Lower (first = true) or upper ends along z, plane by plane. */
static void collect_ends(const view *v, uint64_t *seen, bool first, collector *c) {
    const size_t height = v->extent[1];
    memset(seen, 0, height * v->words * sizeof *seen);
    for (size_t k = 0; k < v->extent[2]; k++) {
        const size_t z = first ? k : v->extent[2] - 1 - k;
        for (size_t y = 0; y < height; y++)
            add_ends(row_of(v, y, z), v->words, seen + y * v->words, 2 * (int32_t)y, c);
        close_plane(c, 2 * (int32_t)z + (first ? -1 : 1));
    }
}

static rad_status collect(const view *v, rad_lattice_point **points, size_t *count, rad_error *error) {
    const size_t plane = v->extent[0] * v->extent[1], ends = 2 * (v->extent[0] + v->extent[1]);
    collector c = {.columns = 2 * v->extent[0] + 1, .first = 2 * v->extent[0] + 1};
    uint64_t *seen = rad_new_raw(v->extent[1], v->words * sizeof *seen, error);
    c.low = rad_new_raw(2 * c.columns, sizeof *c.low, error);
    c.high = c.low ? c.low + c.columns : NULL;
    for (size_t i = 0; i < c.columns && c.low; i++) {
        c.low[i] = INT32_MAX;
        c.high[i] = INT32_MIN;
    }
    c.kept = rad_new_raw(ends * v->extent[2] + 2 * plane + 2, sizeof *c.kept, error);
    const bool there = seen && c.low && c.kept;
    if (there) {
        for (size_t z = 0; z < v->extent[2]; z++) collect_slice(v, z, seen, &c);
        collect_ends(v, seen, true, &c);
        collect_ends(v, seen, false, &c);
    }
    rad_free(seen);
    rad_free(c.low);
    *points = c.kept;
    *count = c.kept_count;
    return there ? RAD_OK : RAD_NO_MEMORY;
}

/* Is the facet on the left of a -> b, seen from outside? */
static bool is_left(const facetT *facet, const vertexT *a, const vertexT *b) {
    vertexT *vertex, **vertexp;
    double centre[3] = {0}, count = 0, product = 0;
    FOREACHvertex_(facet->vertices) {
        for (int i = 0; i < 3; i++) centre[i] += vertex->point[i];
        count++;
    }
    for (int i = 0; i < 3; i++) {
        const int j = (i + 1) % 3, k = (i + 2) % 3;
        const double along = b->point[j] - a->point[j], up = b->point[k] - a->point[k];
        product += facet->normal[i] *
                   (along * (centre[k] / count - a->point[k]) - up * (centre[j] / count - a->point[j]));
    }
    return product > 0;
}

static void copy_edges(qhT *qh, rad_hull *hull) {
    facetT *facet;
    ridgeT *ridge, **ridgep;
    FORALLfacets {
        FOREACHridge_(facet->ridges) {
            if (ridge->top != facet) continue; /* its other facet has it too */
            const vertexT *a = SETfirst_(ridge->vertices), *b = SETsecond_(ridge->vertices);
            if (!is_left(facet, a, b)) {
                const vertexT *swap = a;
                a = b;
                b = swap;
            }
            hull->edges[hull->edge_count++] =
                (rad_hull_edge){(uint32_t)a->visitid, (uint32_t)b->visitid, (uint32_t)ridge->top->visitid,
                                (uint32_t)ridge->bottom->visitid};
        }
    }
}

static rad_status copy_hull(qhT *qh, rad_hull *hull, rad_error *error) {
    vertexT *vertex;
    facetT *facet;
    size_t ends = 0;
    qh_getarea(qh, qh->facet_list);
    hull->volume = qh->totvol;
    hull->area = qh->totarea;
    FORALLfacets {
        qh_makeridges(qh, facet);
        ends += (size_t)qh_setsize(qh, facet->ridges);
    }
    hull->vertices = rad_new((size_t)qh->num_vertices, sizeof *hull->vertices, error);
    hull->normals = rad_new((size_t)qh->num_facets, sizeof *hull->normals, error);
    hull->edges = rad_new(ends, sizeof *hull->edges, error);
    if (!hull->vertices || !hull->normals || !hull->edges) return RAD_NO_MEMORY;
    FORALLvertices {
        vertex->visitid = (unsigned)hull->vertex_count;
        memcpy(hull->vertices[hull->vertex_count++], vertex->point, sizeof(rad_point));
    }
    FORALLfacets {
        facet->visitid = (unsigned)hull->facet_count;
        memcpy(hull->normals[hull->facet_count++], facet->normal, sizeof(rad_point));
    }
    copy_edges(qh, hull);
    return RAD_OK;
}

/* Qhull ends the process where it knows no way back: by this function, which is found here before Qhull's
 * own. */
static _Thread_local jmp_buf *way_out;
RAD_API void qh_exit(int code) {
    if (way_out) longjmp(*way_out, code ? code : qh_ERRother); // NOLINT
    exit(code);
}

typedef struct hull_job {
    qhT *qh;
    FILE *silent;
    rad_point *points;
    size_t count;
    rad_hull *hull;
    rad_error *error;
} hull_job;

/* 0, or Qhull's code of what failed. */
static int run_qhull(const hull_job *j, rad_status *status) {
    char options[] = "qhull Pp";
    jmp_buf here;
    int code = _setjmp(here); // NOLINT
    if (code) {
        way_out = NULL;
        return code;
    }
    way_out = &here;
    qh_zero(j->qh, j->silent);
    code = qh_new_qhull(j->qh, 3, (int)j->count, j->points[0], False, options, NULL, j->silent);
    if (!code) *status = copy_hull(j->qh, j->hull, j->error);
    way_out = NULL;
    return code;
}

static rad_status make_hull(hull_job *j) {
    rad_status status = RAD_OK;
    int current = 0, total = 0;
    const int code = run_qhull(j, &status);
    if (code)
        status = rad_fail(j->error, code == qh_ERRmem ? RAD_NO_MEMORY : RAD_NO_RESULT,
                          code == qh_ERRmem ? "out of memory: the convex hull of %zu points"
                                            : "the convex hull of %zu points failed (code %d)",
                          j->count, code);
    qh_freeqhull(j->qh, !qh_ALL);
    qh_memfreeshort(j->qh, &current, &total);
    return status;
}

enum { LANES = 8 };

/* Largest squared distances of a point from others, in lanes. */
RAD_KERNEL_LOOP void find_furthest_loop(const double *const axis[3], const double *p, size_t count,
                                        double *restrict most) {
    const double *x = axis[0], *y = axis[1], *z = axis[2], a = p[0], b = p[1], c = p[2];
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double u = a - x[i + l], v = b - y[i + l], w = c - z[i + l], d = u * u + v * v + w * w;
            most[l] = d > most[l] ? d : most[l];
        }
}
RAD_KERNEL(find_furthest, (const double *const axis[3], const double *p, size_t count, double *restrict most),
           (axis, p, count, most))

static rad_status measure_diameter(rad_hull *hull, rad_error *error) {
    const size_t n = hull->vertex_count, length = (n + LANES - 1) / LANES * LANES;
    double *points = rad_new(3 * length + 1, sizeof *points, error), most[LANES] = {0};
    const double *axis[3] = {points, points + length, points + 2 * length};
    if (!points) return RAD_NO_MEMORY;
    for (size_t i = 0; i < length && n; i++) /* the last lanes hold the first point again */
        for (size_t a = 0; a < 3; a++) points[a * length + i] = hull->vertices[i < n ? i : 0][a];
    for (size_t i = 0; i < n; i++) find_furthest(axis, hull->vertices[i], (i + LANES) / LANES * LANES, most);
    for (size_t l = 1; l < LANES; l++) most[0] = most[l] > most[0] ? most[l] : most[0];
    hull->diameter = sqrt(most[0]);
    rad_free(points);
    return RAD_OK;
}

/* By Qhull, in mm. */
static rad_status make_by_qhull(rad_lattice_point *points, size_t count, const double side[3], rad_hull *hull,
                                rad_error *error) {
    rad_point *scaled = rad_new_raw(count, sizeof *scaled, error);
    hull_job job = {.points = scaled, .count = count, .hull = hull, .error = error};
    if (!scaled) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        for (int a = 0; a < 3; a++) scaled[i][a] = points[i][a] * side[a];
    rad_status status = RAD_NO_MEMORY;
    job.silent = fopen("/dev/null", "w"); /* Qhull wants a stream for its errors */
    job.qh = rad_new(1, sizeof *job.qh, error);
    if (!job.silent) rad_fail(error, status, "/dev/null: %s", strerror(errno));
    if (job.qh && job.silent) status = make_hull(&job);
    rad_free(job.qh);
    if (job.silent) fclose(job.silent);
    rad_free(scaled);
    return status;
}

rad_status rad_hull_make_by(rad_hull_way way, const uint8_t *mask, const size_t size[3], const rad_box *box,
                            const double spacing[3], rad_hull *hull, rad_error *error) {
    *hull = (rad_hull){0};
    view v = {
        .extent = {box->end[0] - box->begin[0], box->end[1] - box->begin[1], box->end[2] - box->begin[2]}};
    const double side[3] = {spacing[0] / 2, spacing[1] / 2, spacing[2] / 2};
    rad_lattice_point *points = NULL;
    size_t count = 0;
    for (int a = 0; a < 3; a++) {
        if (v.extent[a] > EXTENT_MOST)
            return rad_fail(error, RAD_CONFIG,
                            "the box of the ROI has %zu voxels along an axis; a convex hull can have at most "
                            "%d; use a coarser spacing",
                            v.extent[a], EXTENT_MOST);
        if (v.extent[a] > (RAD_LATTICE_MOST - 2) / 2) way = RAD_HULL_QHULL;
    }
    rad_status status = make_view(mask, size, box, &v, error);
    if (status == RAD_OK) status = collect(&v, &points, &count, error);
    rad_free(v.bits);
    if (status == RAD_OK)
        status = (way == RAD_HULL_QHULL ? make_by_qhull : rad_lattice_hull)(points, count, side, hull, error);
    if (status == RAD_OK) status = measure_diameter(hull, error);
    rad_free(points);
    if (status != RAD_OK) rad_hull_free(hull);
    return status;
}

rad_status rad_hull_make(const uint8_t *mask, const size_t size[3], const rad_box *box,
                         const double spacing[3], rad_hull *hull, rad_error *error) {
    return rad_hull_make_by(RAD_HULL_LATTICE, mask, size, box, spacing, hull, error);
}

void rad_hull_free(rad_hull *hull) {
    rad_free(hull->vertices);
    rad_free(hull->normals);
    rad_free(hull->edges);
    *hull = (rad_hull){0};
}
