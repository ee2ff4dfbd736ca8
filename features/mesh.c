#include "mesh.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { X = 4, Y = 1, Z = 2, CONFIGURATIONS = 256, EDGES = 12 };

/* Corners of the six faces, counter-clockwise seen from outside the cube. */
static const int faces[6][4] = {
    {0, Z, Y | Z, Y}, {X, X | Y, X | Y | Z, X | Z}, {0, X, X | Z, Z}, {Y, Y | Z, X | Y | Z, X | Y},
    {0, Y, X | Y, X}, {Z, X | Z, X | Y | Z, Y | Z},
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

/* What a cube of a configuration adds, by the divergence theorem along z: z * flux + moment, z its layer in
 * mm. */
typedef struct share {
    double flux, moment, area;
} share;

/* The best triangulations of a part of a loop: their area in voxel units, their number, and the mean of what
 * they add. */
typedef struct choice {
    double area, number;
    share mean;
} choice;

static void normal_of(double (*p)[3], const int at[3], double n[3]) {
    const double *a = p[at[0]], *b = p[at[1]], *c = p[at[2]];
    for (int i = 0; i < 3; i++) {
        const int j = (i + 1) % 3, k = (i + 2) % 3;
        n[i] = ((b[j] - a[j]) * (c[k] - a[k]) - (b[k] - a[k]) * (c[j] - a[j])) / 2;
    }
}

static double length_of(const double n[3]) {
    return sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
}

/* A loop in voxel units and in millimetres. */
typedef struct loop {
    double (*voxel)[3], mm[RAD_LOOP_LENGTH_MAX][3];
    int length;
} loop;

static choice triangle(loop *l, int i, int j, int k) {
    double n[3], m[3];
    const int at[3] = {i, j, k};
    normal_of(l->voxel, at, n);
    normal_of(l->mm, at, m);
    return (choice){
        length_of(n), 1, {m[2], m[2] * (l->mm[i][2] + l->mm[j][2] + l->mm[k][2]) / 3, length_of(m)}};
}

/* A part of the loop cut at one vertex: what lies on both sides, and the triangle between. */
static choice joined(const choice *left, const choice *right, choice between) {
    between.area += left->area + right->area;
    between.number = left->number * right->number;
    between.mean.flux += left->mean.flux + right->mean.flux;
    between.mean.moment += left->mean.moment + right->mean.moment;
    between.mean.area += left->mean.area + right->mean.area;
    return between;
}

/* Keeps the better of two choices, the mean of equal ones. */
static void take(choice *best, const choice *other) {
    const bool equal = best->number > 0 && fabs(best->area - other->area) <= 1e-9;
    if (!equal) {
        if (best->number == 0 || other->area > best->area) *best = *other;
        return;
    }
    const double all = best->number + other->number, a = best->number / all, b = other->number / all;
    best->mean.flux = a * best->mean.flux + b * other->mean.flux;
    best->mean.moment = a * best->mean.moment + b * other->mean.moment;
    best->mean.area = a * best->mean.area + b * other->mean.area;
    best->number = all;
}

/* The triangulation of a loop with the largest area, found part by part. */
static share share_of_loop(loop *l) {
    choice part[RAD_LOOP_LENGTH_MAX][RAD_LOOP_LENGTH_MAX];
    for (int i = 0; i + 1 < l->length; i++) part[i][i + 1] = (choice){.number = 1};
    for (int length = 2; length < l->length; length++)
        for (int i = 0; i + length < l->length; i++) {
            const int j = i + length;
            part[i][j] = (choice){0};
            for (int k = i + 1; k < j; k++) {
                const choice c = joined(&part[i][k], &part[k][j], triangle(l, i, k, j));
                take(&part[i][j], &c);
            }
        }
    return part[0][l->length - 1].mean;
}

static share share_of(unsigned configuration, const double spacing[3]) {
    rad_cube cube;
    share s = {0};
    rad_mesh_cube(configuration, &cube);
    for (int i = 0; i < cube.loops; i++) {
        loop l = {.voxel = cube.vertex[i], .length = cube.length[i]};
        for (int k = 0; k < l.length; k++)
            for (int a = 0; a < 3; a++) l.mm[k][a] = l.voxel[k][a] * spacing[a];
        const share of_loop = share_of_loop(&l);
        s.flux += of_loop.flux;
        s.moment += of_loop.moment;
        s.area += of_loop.area;
    }
    return s;
}

/* What each configuration adds. Of the spacing that was asked for last it is known, whoever asked; who would
 * have to wait for that (or for a thread that a fork has left behind) finds it anew. */
static void find_shares(const double spacing[3], share shares[CONFIGURATIONS]) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static share known[CONFIGURATIONS];
    static double known_spacing[3]; /* none is 0 */
    const bool mine = !pthread_mutex_trylock(&lock);
    if (mine && !memcmp(known_spacing, spacing, sizeof known_spacing)) {
        memcpy(shares, known, sizeof known);
    } else {
        for (unsigned c = 0; c < CONFIGURATIONS; c++) shares[c] = share_of(c, spacing);
        if (mine) memcpy(known, shares, sizeof known);
        if (mine) memcpy(known_spacing, spacing, sizeof known_spacing);
    }
    if (mine) pthread_mutex_unlock(&lock);
}

/* Neighbouring cubes are alike: counted in turns, no count waits for the one before. */
enum { TABLES = 4, AT_ONCE = 8 };

/* A row of the mask; one outside of the box is empty. */
static const uint8_t *find_row(const uint8_t *mask, const size_t size[3], const rad_box *box, size_t y,
                               size_t z, const uint8_t *empty) {
    if (y < 1 || y > box->end[1] - box->begin[1] || z < 1 || z > box->end[2] - box->begin[2]) return empty;
    return mask + ((box->begin[2] + z - 1) * size[1] + box->begin[1] + y - 1) * size[0] + box->begin[0];
}

/* The cubes between four rows, whose ends are empty: corners of lower x are the four lower bits. */
RAD_KERNEL_LOOP void join_rows_loop(const uint8_t *const corner[4], size_t width, uint8_t *restrict column,
                                    uint8_t *restrict cube) {
    const uint8_t *a = corner[0], *b = corner[1], *c = corner[2], *d = corner[3];
    for (size_t x = 0; x < width; x++) column[x + 1] = (uint8_t)(a[x] + 2 * b[x] + 4 * c[x] + 8 * d[x]);
    for (size_t x = 0; x <= width; x++) cube[x] = (uint8_t)(column[x] + 16 * column[x + 1]);
}
RAD_KERNEL(join_rows,
           (const uint8_t *const corner[4], size_t width, uint8_t *restrict column, uint8_t *restrict cube),
           (corner, width, column, cube))

/* Empty and full ones add nothing: eight that are all the one or all the other are not counted. */
static void count_row(const uint8_t *cube, size_t cubes, uint32_t counts[TABLES][CONFIGURATIONS]) {
    for (size_t x = 0; x < cubes; x += AT_ONCE) { /* behind the last they are empty */
        uint64_t all;
        memcpy(&all, cube + x, sizeof all);
        if (all + 1 <= 1) continue;
        for (size_t k = 0; k < AT_ONCE; k++) counts[k % TABLES][cube[x + k]]++;
    }
}

/* One that is empty; voxels of four side by side, a bit each; cubes, with room for AT_ONCE. */
typedef struct rows {
    uint8_t *empty, *column, *cube;
} rows;

/* Counts the configurations of the layer of cubes between slices z and z + 1 (padded). */
static void count_layer(const uint8_t *mask, const size_t size[3], const rad_box *box, size_t z,
                        const rows *r, uint32_t counts[TABLES][CONFIGURATIONS]) {
    const size_t width = box->end[0] - box->begin[0], height = box->end[1] - box->begin[1];
    for (size_t y = 0; y <= height; y++) {
        const uint8_t *const corner[4] = {
            find_row(mask, size, box, y, z, r->empty), find_row(mask, size, box, y + 1, z, r->empty),
            find_row(mask, size, box, y, z + 1, r->empty), find_row(mask, size, box, y + 1, z + 1, r->empty)};
        join_rows(corner, width, r->column, r->cube);
        count_row(r->cube, width + 1, counts);
    }
}

rad_status rad_mesh_measure(const uint8_t *mask, const size_t size[3], const rad_box *box,
                            const double spacing[3], rad_mesh *mesh, rad_error *error) {
    *mesh = (rad_mesh){0};
    const size_t width = box->end[0] - box->begin[0];
    rows r = {.empty = rad_new(3 * (width + AT_ONCE), 1, error)};
    if (!r.empty) return RAD_NO_MEMORY;
    r.column = r.empty + width + AT_ONCE;
    r.cube = r.column + width + AT_ONCE;
    share shares[CONFIGURATIONS];
    find_shares(spacing, shares);
    for (size_t z = 0; z <= box->end[2] - box->begin[2]; z++) {
        uint32_t counts[TABLES][CONFIGURATIONS] = {{0}};
        count_layer(mask, size, box, z, &r, counts);
        for (unsigned c = 1; c + 1 < CONFIGURATIONS; c++) {
            uint32_t count = 0;
            for (int t = 0; t < TABLES; t++) count += counts[t][c];
            if (!count) continue;
            mesh->volume += count * ((double)z * spacing[2] * shares[c].flux + shares[c].moment);
            mesh->area += count * shares[c].area;
        }
    }
    rad_free(r.empty);
    return RAD_OK;
}
