#include "order.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Left, back and head in world coordinates, turned by a thousandth, so that ties are at no round angle and
 * rounding in a header decides none of them. */
static const double patient[3][3] = {{-1, -4e-4, 7e-4}, {4e-4, -1, 1e-3}, {7e-4, 1e-3, 1}};

static const int permutations[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

/* Cosine of axis a of the file with axis k of the patient. */
static double along(const rad_geometry *g, int a, int k) {
    const double *d = g->direction, *e = patient[k];
    return d[a] * e[0] + d[3 + a] * e[1] + d[6 + a] * e[2];
}

/* Which of the patient's axes the slices are across; -1: voxels do not tell. */
static int find_slices(const rad_geometry *stored, const int axis[3]) {
    const double clearly = 1.01;
    int single = 0, found = -1;
    for (int k = 0; k < 3; k++)
        if (stored->size[axis[k]] == 1) {
            single++;
            found = k;
        }
    if (single == 1) return found;
    for (int k = 0; k < 3; k++) {
        const double side = stored->spacing[axis[k]];
        if (side > clearly * stored->spacing[axis[(k + 1) % 3]] &&
            side > clearly * stored->spacing[axis[(k + 2) % 3]])
            return k;
    }
    return -1;
}

rad_order rad_order_find(const rad_geometry *stored) {
    rad_order order = {.turned = false};
    const int *nearest = permutations[0];
    double best = -1;
    for (int p = 0; p < 6; p++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) sum += fabs(along(stored, permutations[p][k], k));
        if (sum > best) {
            best = sum;
            nearest = permutations[p];
        }
    }
    const int told = find_slices(stored, nearest), slices = told < 0 ? 2 : told;
    order.assumed = told < 0;
    for (int k = 0, next = 0; k < 3; k++) {
        const int a = k == slices ? 2 : next++;
        order.axis[a] = nearest[k];
        order.backwards[a] = along(stored, nearest[k], k) < 0;
    }
    for (int a = 0; a < 3; a++) order.turned = order.turned || order.axis[a] != a || order.backwards[a];
    return order;
}

rad_geometry rad_order_grid(const rad_order *order, const rad_geometry *stored) {
    rad_geometry grid = *stored;
    double first[3] = {0};
    if (!order->turned) return grid;
    for (int a = 0; a < 3; a++) {
        const int s = order->axis[a];
        grid.size[a] = stored->size[s];
        grid.spacing[a] = stored->spacing[s];
        if (order->backwards[a]) first[s] = (double)stored->size[s] - 1;
        for (int r = 0; r < 3; r++)
            grid.direction[3 * r + a] = (order->backwards[a] ? -1 : 1) * stored->direction[3 * r + s] + 0.0;
    }
    rad_geometry_world(stored, first, grid.origin);
    return grid;
}

rad_order rad_order_inverse(const rad_order *order) {
    rad_order inverse = *order;
    for (int a = 0; order->turned && a < 3; a++) {
        inverse.axis[order->axis[a]] = a;
        inverse.backwards[order->axis[a]] = order->backwards[a];
    }
    return inverse;
}

rad_box rad_order_box(const rad_order *order, const rad_geometry *grid, const rad_box *box) {
    rad_box stored = *box;
    for (int a = 0; order->turned && a < 3; a++) {
        const bool back = order->backwards[a];
        stored.begin[order->axis[a]] = back ? grid->size[a] - box->end[a] : box->begin[a];
        stored.end[order->axis[a]] = back ? grid->size[a] - box->begin[a] : box->end[a];
    }
    return stored;
}

void rad_order_index(const rad_order *order, const rad_geometry *grid, const size_t index[3],
                     size_t stored[3]) {
    rad_box voxel;
    for (int a = 0; a < 3; a++) voxel.end[a] = (voxel.begin[a] = index[a]) + 1;
    voxel = rad_order_box(order, grid, &voxel);
    memcpy(stored, voxel.begin, sizeof voxel.begin);
}

size_t rad_order_steps(const rad_order *order, const rad_box *box, ptrdiff_t step[3]) {
    size_t first = 0, stride = 1;
    for (int a = 0; a < 3; a++) {
        const size_t length = box->end[a] - box->begin[a];
        const bool back = order->turned && order->backwards[a];
        step[order->turned ? order->axis[a] : a] = back ? -(ptrdiff_t)stride : (ptrdiff_t)stride;
        if (back) first += (length - 1) * stride;
        stride *= length;
    }
    return first;
}

#define PUT(type)                                                                                            \
    do {                                                                                                     \
        const type *from = row;                                                                              \
        type *to = out;                                                                                      \
        for (size_t i = 0; i < count; i++) to[(ptrdiff_t)i * step] = from[i];                                \
    } while (0)

void rad_order_put(const void *row, size_t count, size_t width, void *out, ptrdiff_t step) {
    if (step == 1)
        memcpy(out, row, count * width);
    else if (width == 1)
        PUT(uint8_t);
    else if (width == 2)
        PUT(uint16_t);
    else if (width == 4)
        PUT(uint32_t);
    else
        PUT(uint64_t);
}

/* Rows become columns, SIDE rows and elements at a time. */
#define TURN(type)                                                                                           \
    do {                                                                                                     \
        type *to = out;                                                                                      \
        for (size_t j = 0; j < count[1]; j += SIDE)                                                          \
            for (size_t i = 0; i < count[0]; i += SIDE)                                                      \
                for (size_t a = i; a < count[0] && a < i + SIDE; a++)                                        \
                    for (size_t b = j; b < count[1] && b < j + SIDE; b++)                                    \
                        to[(ptrdiff_t)a * step[0] + (ptrdiff_t)b * step[1]] =                                \
                            ((const type *)(const void *)(from + b * pitch))[a];                             \
    } while (0)

void rad_order_put_rows(const void *rows, size_t pitch, const size_t count[2], size_t width, void *out,
                        const ptrdiff_t step[2]) {
    enum { SIDE = 32 };
    const unsigned char *from = rows;
    const ptrdiff_t along = step[0] < 0 ? -step[0] : step[0], across = step[1] < 0 ? -step[1] : step[1];
    if (along <= across)
        for (size_t j = 0; j < count[1]; j++)
            rad_order_put(from + j * pitch, count[0], width,
                          (unsigned char *)out + (ptrdiff_t)j * step[1] * (ptrdiff_t)width, step[0]);
    else if (width == 1)
        TURN(uint8_t);
    else if (width == 2)
        TURN(uint16_t);
    else if (width == 4)
        TURN(uint32_t);
    else
        TURN(uint64_t);
}
