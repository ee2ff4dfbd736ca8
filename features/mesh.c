#include "mesh.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { X = 4, Y = 1, Z = 2, CONFIGURATIONS = 256, EDGES = 12 };

/* Corners of the six faces, counter-clockwise seen from outside the cube. */
static const int faces[6][4] = {
    {0, Z, Y | Z, Y},     {X, X | Y, X | Y | Z, X | Z}, {0, X, X | Z, Z},
    {Y, Y | Z, X | Y | Z, X | Y}, {0, Y, X | Y, X},     {Z, X | Z, X | Y | Z, Y | Z},
};

/* Number of the edge between two corners: its axis (the bit that differs) and its lower corner. */
static int edge_between(int a, int b) {
    const int axis = a ^ b, low = a & b, others = 7 ^ axis;
    const int first = others & -others; /* the two other bits number the four edges of an axis */
    const int index = ((low & first) != 0) + 2 * ((low & (others ^ first)) != 0);
    return (axis == Y ? 0 : axis == Z ? 4 : 8) + index;
}

static void middle_of(int a, int b, double vertex[3]) {
    vertex[0] = (((a & X) != 0) + ((b & X) != 0)) / 2.0;
    vertex[1] = (((a & Y) != 0) + ((b & Y) != 0)) / 2.0;
    vertex[2] = (((a & Z) != 0) + ((b & Z) != 0)) / 2.0;
}

void rad_mesh_cube(unsigned configuration, rad_cube *cube) {
    int next[EDGES];
    double middle[EDGES][3];
    for (int e = 0; e < EDGES; e++) next[e] = -1;
    for (int f = 0; f < 6; f++)
        for (int k = 0; k < 4; k++) { /* each run of mask corners is cut off by one segment */
            const int out = faces[f][k], in = faces[f][(k + 1) % 4];
            if ((configuration >> out & 1) || !(configuration >> in & 1)) continue;
            int last = (k + 1) % 4;
            while (configuration >> faces[f][(last + 1) % 4] & 1) last = (last + 1) % 4;
            const int enter = edge_between(out, in), a = faces[f][last], b = faces[f][(last + 1) % 4];
            next[enter] = edge_between(a, b);
            middle_of(out, in, middle[enter]);
        }
    *cube = (rad_cube){0};
    for (int e = 0; e < EDGES; e++) {
        if (next[e] < 0) continue;
        int length = 0;
        for (int at = e, then; next[at] >= 0; at = then) {
            memcpy(cube->vertex[cube->loops][length++], middle[at], sizeof middle[at]);
            then = next[at];
            next[at] = -1;
        }
        cube->length[cube->loops++] = length;
    }
}

/* What a cube of a configuration adds, by the divergence theorem along z: z * flux + moment, z its layer in mm. */
typedef struct share {
    double flux, moment, area;
} share;

static void add_triangle(const double a[3], const double b[3], const double c[3], share *s) {
    double u[3], v[3], n[3];
    for (int i = 0; i < 3; i++) {
        u[i] = b[i] - a[i];
        v[i] = c[i] - a[i];
    }
    for (int i = 0; i < 3; i++) n[i] = (u[(i + 1) % 3] * v[(i + 2) % 3] - u[(i + 2) % 3] * v[(i + 1) % 3]) / 2;
    s->flux += n[2];
    s->moment += n[2] * (a[2] + b[2] + c[2]) / 3;
    s->area += sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
}

static share share_of(unsigned configuration, const double spacing[3]) {
    rad_cube cube;
    share s = {0};
    rad_mesh_cube(configuration, &cube);
    for (int l = 0; l < cube.loops; l++) {
        double centre[3] = {0};
        const int n = cube.length[l];
        for (int k = 0; k < n; k++)
            for (int a = 0; a < 3; a++) {
                cube.vertex[l][k][a] *= spacing[a];
                centre[a] += cube.vertex[l][k][a] / n;
            }
        for (int k = 0; k < n; k++) add_triangle(centre, cube.vertex[l][k], cube.vertex[l][(k + 1) % n], &s);
    }
    return s;
}

/* One row of the mask with a zero on each side; rows outside the box are empty. */
static void copy_row(const uint8_t *mask, const size_t size[3], const rad_box *box, size_t y, size_t z, uint8_t *row) {
    const size_t width = box->end[0] - box->begin[0];
    const bool inside = y >= 1 && y <= box->end[1] - box->begin[1] && z >= 1 && z <= box->end[2] - box->begin[2];
    memset(row, 0, width + 2);
    if (inside)
        memcpy(row + 1, mask + ((box->begin[2] + z - 1) * size[1] + box->begin[1] + y - 1) * size[0] + box->begin[0], width);
}

/* Counts the configurations of the layer of cubes between slices z and z + 1 (padded). */
static void count_layer(const uint8_t *mask, const size_t size[3], const rad_box *box, size_t z, uint8_t *rows,
                        uint32_t counts[CONFIGURATIONS]) {
    const size_t width = box->end[0] - box->begin[0] + 2, height = box->end[1] - box->begin[1] + 2;
    uint8_t *corner[4], *column = rows + 4 * width;
    for (int i = 0; i < 4; i++) corner[i] = rows + (size_t)i * width;
    copy_row(mask, size, box, 0, z, corner[0]);
    copy_row(mask, size, box, 0, z + 1, corner[2]);
    for (size_t y = 0; y + 1 < height; y++) {
        copy_row(mask, size, box, y + 1, z, corner[1]);
        copy_row(mask, size, box, y + 1, z + 1, corner[3]);
        for (size_t x = 0; x < width; x++)
            column[x] = (uint8_t)(corner[0][x] | corner[1][x] << 1 | corner[2][x] << 2 | corner[3][x] << 3);
        for (size_t x = 0; x + 1 < width; x++) counts[column[x] | column[x + 1] << 4]++;
        memcpy(corner[0], corner[1], width);
        memcpy(corner[2], corner[3], width);
    }
}

rad_status rad_mesh_measure(const uint8_t *mask, const size_t size[3], const rad_box *box, const double spacing[3],
                            rad_mesh *mesh, rad_error *error) {
    share shares[CONFIGURATIONS];
    *mesh = (rad_mesh){0};
    uint8_t *rows = rad_new(box->end[0] - box->begin[0] + 2, 5, error);
    if (!rows) return RAD_NO_MEMORY;
    for (unsigned c = 0; c < CONFIGURATIONS; c++) shares[c] = share_of(c, spacing);
    for (size_t z = 0; z <= box->end[2] - box->begin[2]; z++) {
        uint32_t counts[CONFIGURATIONS] = {0};
        count_layer(mask, size, box, z, rows, counts);
        for (unsigned c = 1; c + 1 < CONFIGURATIONS; c++) {
            mesh->volume += counts[c] * ((double)z * spacing[2] * shares[c].flux + shares[c].moment);
            mesh->area += counts[c] * shares[c].area;
        }
    }
    free(rows);
    return RAD_OK;
}
