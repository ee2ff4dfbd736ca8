#include "pyr_mesh.h"

#include "hull.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Corners of a cube, x, y, z, in the order of its bits. */
static const int corner[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                 {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
/* Middles of its edges, in halves of a voxel. */
static const int edge[12][3] = {{1, 0, 0}, {2, 1, 0}, {1, 2, 0}, {0, 1, 0}, {1, 0, 2}, {2, 1, 2},
                                {1, 2, 2}, {0, 1, 2}, {0, 0, 1}, {2, 0, 1}, {2, 2, 1}, {0, 2, 1}};

/* Triangles of the configurations without corner 7, three edges each; those with it are the complement turned
 * round. */
static const char *const triangles[128] = {"",
                                           "083",
                                           "190",
                                           "183198",
                                           "12a",
                                           "08312a",
                                           "92a029",
                                           "2832a8a98",
                                           "b23",
                                           "b2008b",
                                           "190b23",
                                           "b2119b98b",
                                           "3a1ba3",
                                           "a1008a8ba",
                                           "9033b9ba9",
                                           "98aba8",
                                           "478",
                                           "043473",
                                           "190478",
                                           "194147173",
                                           "12a478",
                                           "34730412a",
                                           "92a902478",
                                           "2a9297273479",
                                           "478b23",
                                           "b47b24204",
                                           "190478b23",
                                           "47b94bb29192",
                                           "3a1ba3478",
                                           "ba114b10447b",
                                           "4789033b9ba9",
                                           "47b4b99ba",
                                           "954",
                                           "954083",
                                           "054015",
                                           "854835315",
                                           "12a954",
                                           "08312a954",
                                           "2a5542240",
                                           "2a5325354834",
                                           "954b23",
                                           "b2008b954",
                                           "054015b23",
                                           "215258b28548",
                                           "3a1ba3954",
                                           "549a1008a8ba",
                                           "54050ba5bb03",
                                           "548a58ba8",
                                           "789579",
                                           "309539357",
                                           "780017715",
                                           "157173",
                                           "78957912a",
                                           "12a309395357",
                                           "0288258572a5",
                                           "2a5253357",
                                           "579789b23",
                                           "579972209b27",
                                           "b23018178157",
                                           "21b17b157",
                                           "7895793a1ba3",
                                           "5705097b0a10ba0",
                                           "ba003ba50078570",
                                           "ba557b",
                                           "65a",
                                           "08365a",
                                           "19065a",
                                           "18319865a",
                                           "165126",
                                           "165126083",
                                           "965906026",
                                           "598582526832",
                                           "b2365a",
                                           "b2008b65a",
                                           "190b2365a",
                                           "b2119b98b65a",
                                           "63b653513",
                                           "08b0b50515b6",
                                           "63b036065059",
                                           "65969bb98",
                                           "47865a",
                                           "04347365a",
                                           "19047865a",
                                           "19414717365a",
                                           "478165126",
                                           "043473165126",
                                           "478965906026",
                                           "739479329596269",
                                           "b2347865a",
                                           "b47b2420465a",
                                           "190b2347865a",
                                           "47b94bb2919265a",
                                           "47863b653513",
                                           "51b5b610b47b04b",
                                           "47863b036065059",
                                           "65969b4797b9",
                                           "a4964a",
                                           "a4964a083",
                                           "01aa60640",
                                           "18316886461a",
                                           "149124264",
                                           "149124264083",
                                           "024426",
                                           "832824426",
                                           "b23a4964a",
                                           "b2008ba4964a",
                                           "b2301aa60640",
                                           "64161a148b2118b",
                                           "964369139b63",
                                           "18b081b61149641",
                                           "63b036640",
                                           "86468b",
                                           "67a78a89a",
                                           "67a0a709a073",
                                           "67a1a7178018",
                                           "67a1a7173",
                                           "126168189678",
                                           "269129679309739",
                                           "078706602",
                                           "273267",
                                           "b2367a78a89a",
                                           "207b2709767a9a7",
                                           "67a1a7178018b23",
                                           "b2117ba61167",
                                           "896678169b63136",
                                           "09167b",
                                           "07870603bb60",
                                           "67b"};

enum { CONFIGURATIONS = 256 };

static int edge_of(char digit) {
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/* What a cube adds, o mm from the origin: area, and six times the volume of the tetrahedra from there, which
 * is det + o . normal. A few rows of the table turn a triangle round, so that the volume does depend on o. */
typedef struct share {
    double det, normal[3], area;
} share;

static void cross(const double a[3], const double b[3], double out[3]) {
    for (int i = 0; i < 3; i++) out[i] = a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3];
}

static double dot(const double a[3], const double b[3]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static share share_of(unsigned configuration, const double spacing[3]) {
    share s = {0};
    const bool turned = configuration & 128;
    const double sign = turned ? 1 : -1; /* the table turns its triangles inwards */
    for (const char *t = triangles[turned ? configuration ^ 255 : configuration]; *t; t += 3) {
        double p[3][3], u[3], v[3], n[3], ab[3];
        for (int k = 0; k < 3; k++)
            for (int a = 0; a < 3; a++) p[k][a] = edge[edge_of(t[k])][a] / 2.0 * spacing[a];
        for (int a = 0; a < 3; a++) {
            u[a] = p[1][a] - p[0][a];
            v[a] = p[2][a] - p[0][a];
        }
        cross(u, v, n);
        cross(p[0], p[1], ab);
        s.area += 0.5 * sqrt(dot(n, n));
        s.det += sign * dot(ab, p[2]);
        for (int a = 0; a < 3; a++) s.normal[a] += sign * n[a];
    }
    return s;
}

/* A mask with a border of zeros. */
typedef struct padded {
    uint8_t *voxel; /* owned */
    size_t size[3];
} padded;

static rad_status pad_mask(const uint8_t *mask, const size_t size[3], const rad_box *box, padded *p,
                           rad_error *error) {
    for (int a = 0; a < 3; a++) p->size[a] = box->end[a] - box->begin[a] + 2;
    p->voxel = rad_new(p->size[0] * p->size[1], p->size[2], error);
    if (!p->voxel) return RAD_NO_MEMORY;
    for (size_t z = 1; z + 1 < p->size[2]; z++)
        for (size_t y = 1; y + 1 < p->size[1]; y++)
            memcpy(p->voxel + (z * p->size[1] + y) * p->size[0] + 1,
                   mask + ((box->begin[2] + z - 1) * size[1] + box->begin[1] + y - 1) * size[0] +
                       box->begin[0],
                   p->size[0] - 2);
    return RAD_OK;
}

/* Where the vertices of a column of a plane end, in halves of a voxel; high is 0 where there are none. */
typedef struct column {
    uint32_t low, high;
} column;

/* The planes across an axis, with a column for each half voxel along the shorter of the other two. */
typedef struct planes {
    column *columns; /* owned */
    size_t count, width;
    int shorter, longer;
} planes;

static void see_vertex(planes p[3], const size_t at[3]) {
    for (int a = 0; a < 3; a++) {
        column *c = &p[a].columns[at[a] * p[a].width + at[p[a].shorter]];
        const uint32_t v = (uint32_t)at[p[a].longer];
        if (!c->high || v < c->low) c->low = v;
        if (v > c->high) c->high = v;
    }
}

/* Vertices lie between a voxel and the next along each axis. */
static void see_vertices(const padded *m, planes p[3]) {
    const size_t step[3] = {1, m->size[0], m->size[0] * m->size[1]};
    for (size_t z = 0; z < m->size[2]; z++)
        for (size_t y = 0; y < m->size[1]; y++)
            for (size_t x = 0; x < m->size[0]; x++) {
                const size_t at[3] = {x, y, z}, i = x + step[1] * y + step[2] * z;
                for (size_t a = 0; a < 3; a++)
                    if (at[a] + 1 < m->size[a] && m->voxel[i] != m->voxel[i + step[a]])
                        see_vertex(p, (const size_t[]){2 * x + (a == 0), 2 * y + (a == 1), 2 * z + (a == 2)});
            }
}

/* Distances in one plane: only corners of the hull of its points count. */
static double widest(double (*points)[2], size_t count, double (*buffer)[2]) {
    double most = 0;
    count = rad_polygon_hull_of_sorted(points, count, buffer);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            const double x = points[i][0] - points[k][0], y = points[i][1] - points[k][1];
            most = fmax(most, x * x + y * y);
        }
    return most;
}

/* Of a column only the ends can be corners. */
static rad_status measure_planes(const planes *p, const double spacing[3], double *most, rad_error *error) {
    double(*points)[2] = rad_new_raw(4 * p->width + 1, sizeof *points, error);
    if (!points) return RAD_NO_MEMORY;
    *most = 0;
    for (size_t plane = 0; plane < p->count; plane++) {
        size_t n = 0;
        for (size_t i = 0; i < p->width; i++) {
            const column *c = &p->columns[plane * p->width + i];
            const double x = (double)i / 2.0 * spacing[p->shorter];
            if (c->high)
                memcpy(points[n++], (const double[]){x, c->low / 2.0 * spacing[p->longer]}, sizeof *points);
            if (c->high > c->low)
                memcpy(points[n++], (const double[]){x, c->high / 2.0 * spacing[p->longer]}, sizeof *points);
        }
        *most = fmax(*most, widest(points, n, points + 2 * p->width));
    }
    *most = sqrt(*most);
    rad_free(points);
    return RAD_OK;
}

static rad_status measure_all_planes(const padded *m, const double spacing[3], double most[3],
                                     rad_error *error) {
    planes p[3] = {0};
    rad_status status = RAD_OK;
    for (int a = 0; a < 3 && status == RAD_OK; a++) {
        const int b = a == 0 ? 1 : 0, c = a == 2 ? 1 : 2, turned = m->size[b] > m->size[c];
        p[a] = (planes){.count = 2 * m->size[a], .shorter = turned ? c : b, .longer = turned ? b : c};
        p[a].width = 2 * m->size[p[a].shorter];
        p[a].columns = rad_new(p[a].count, p[a].width * sizeof *p[a].columns, error);
        if (!p[a].columns) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK) see_vertices(m, p);
    for (int a = 0; a < 3 && status == RAD_OK; a++) status = measure_planes(&p[a], spacing, &most[a], error);
    for (int a = 0; a < 3; a++) rad_free(p[a].columns);
    return status;
}

static rad_status measure_diameters(const padded *p, const uint8_t *mask, const size_t size[3],
                                    const rad_box *box, const double spacing[3], rad_pyr_mesh *mesh,
                                    rad_error *error) {
    rad_hull hull;
    rad_status status = measure_all_planes(p, spacing, mesh->in_plane, error);
    if (status == RAD_OK) status = rad_hull_make(mask, size, box, spacing, &hull, error);
    if (status != RAD_OK) return status;
    mesh->diameter = hull.diameter;
    rad_hull_free(&hull);
    return RAD_OK;
}

static unsigned configuration_of(const padded *p, size_t x, size_t y, size_t z) {
    unsigned bits = 0;
    for (int c = 0; c < 8; c++) {
        const size_t at = x + (size_t)corner[c][0] +
                          p->size[0] * (y + (size_t)corner[c][1] + p->size[1] * (z + (size_t)corner[c][2]));
        bits |= (unsigned)p->voxel[at] << c;
    }
    return bits;
}

static void measure_surface(const padded *p, const double spacing[3], rad_pyr_mesh *mesh) {
    size_t counts[CONFIGURATIONS][4] = {{0}}; /* cubes, and the sums of their places */
    for (size_t z = 0; z + 1 < p->size[2]; z++)
        for (size_t y = 0; y + 1 < p->size[1]; y++)
            for (size_t x = 0; x + 1 < p->size[0]; x++) {
                size_t *n = counts[configuration_of(p, x, y, z)];
                n[0]++;
                n[1] += x;
                n[2] += y;
                n[3] += z;
            }
    for (unsigned c = 1; c + 1 < CONFIGURATIONS; c++) {
        if (!counts[c][0]) continue;
        const share s = share_of(c, spacing);
        mesh->area += (double)counts[c][0] * s.area;
        mesh->volume += (double)counts[c][0] * s.det / 6;
        for (int a = 0; a < 3; a++) mesh->volume += (double)counts[c][1 + a] * spacing[a] * s.normal[a] / 6;
    }
}

rad_status rad_pyr_mesh_measure(const uint8_t *mask, const size_t size[3], const rad_box *box,
                                const double spacing[3], rad_pyr_mesh *mesh, rad_error *error) {
    padded p = {NULL, {0}};
    *mesh = (rad_pyr_mesh){0};
    rad_status status = pad_mask(mask, size, box, &p, error);
    if (status == RAD_OK) measure_surface(&p, spacing, mesh);
    if (status == RAD_OK) status = measure_diameters(&p, mask, size, box, spacing, mesh, error);
    rad_free(p.voxel);
    return status;
}

uint8_t *rad_pyr_slice(const uint8_t *mask, const size_t size[3], const rad_box *box, int axis,
                       size_t slice[2], rad_error *error) {
    const int b = axis == 0 ? 1 : 0, c = axis == 2 ? 1 : 2;
    const size_t step[3] = {1, size[0], size[0] * size[1]};
    size_t first = 0;
    slice[0] = box->end[b] - box->begin[b];
    slice[1] = box->end[c] - box->begin[c];
    uint8_t *out = rad_new_raw(slice[0], slice[1], error);
    for (int a = 0; a < 3; a++) first += box->begin[a] * step[a];
    for (size_t v = 0; out && v < slice[1]; v++)
        for (size_t u = 0; u < slice[0]; u++) out[v * slice[0] + u] = mask[first + u * step[b] + v * step[c]];
    return out;
}

/* Corners of a square are its bits, clockwise from the first; edges lie behind their corner. */
static const int corner2[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
static const double edge2[4][2] = {{0.5, 0}, {1, 0.5}, {0.5, 1}, {0, 0.5}};
/* Lines of the squares, two edges each; the two that are ambiguous keep their corners apart. */
static const char *const lines[16] = {"",   "30", "01",   "31", "12", "1230", "02", "32",
                                      "23", "20", "0123", "21", "13", "10",   "03", ""};

rad_status rad_pyr_outline_measure(const uint8_t *mask, const size_t size[2], const double spacing[2],
                                   rad_pyr_outline *outline, rad_error *error) {
    const size_t wide = size[0] + 2, high = size[1] + 2, room = 4 * wide * high;
    double(*points)[2] = rad_new_raw(2 * room, sizeof *points, error), area = 0;
    size_t count = 0;
    *outline = (rad_pyr_outline){0};
    if (!points) return RAD_NO_MEMORY;
    for (size_t y = 0; y + 1 < high; y++)
        for (size_t x = 0; x + 1 < wide; x++) {
            unsigned bits = 0;
            for (int c = 0; c < 4; c++) {
                const size_t u = x + (size_t)corner2[c][0], v = y + (size_t)corner2[c][1];
                if (u && v && u <= size[0] && v <= size[1] && mask[(v - 1) * size[0] + u - 1])
                    bits |= 1U << c;
            }
            for (const char *l = lines[bits]; *l; l += 2) {
                double end[2][2];
                for (int k = 0; k < 2; k++) {
                    end[k][0] = ((double)x + edge2[l[k] - '0'][0]) * spacing[0];
                    end[k][1] = ((double)y + edge2[l[k] - '0'][1]) * spacing[1];
                    memcpy(points[count++], end[k], sizeof end[k]);
                }
                area += end[0][1] * end[1][0] - end[1][1] * end[0][0];
                outline->perimeter += hypot(end[1][0] - end[0][0], end[1][1] - end[0][1]);
            }
        }
    outline->area = area / 2;
    outline->diameter = sqrt(widest(points, count, points + room));
    rad_free(points);
    return RAD_OK;
}
