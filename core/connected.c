#include "connected.h"

#include "memory.h"

#include <string.h>

enum { FRESH = 1, KEPT = 2, GONE = 3, REACHED = 4 };

/* Voxels whose neighbours are still to be looked at. */
typedef struct flood {
    uint8_t *mark;
    const size_t *size;
    size_t *stack, count;
    int reach; /* steps along axes that a neighbour may be away: 3 with corners, 1 by faces */
    bool flat;
} flood;

static void visit(flood *f, size_t i, uint8_t from, uint8_t to) {
    if (f->mark[i] != from) return;
    f->mark[i] = to;
    f->stack[f->count++] = i;
}

/* All voxels of mark `from` around one. */
static void spread(flood *f, size_t i, uint8_t from, uint8_t to) {
    const size_t *n = f->size, at[3] = {i % n[0], i / n[0] % n[1], i / n[0] / n[1]};
    for (int dz = f->flat ? 0 : -1; dz <= !f->flat; dz++)
        for (int dy = -1; dy <= 1; dy++)
            for (int dx = -1; dx <= 1; dx++) {
                if (dx * dx + dy * dy + dz * dz > f->reach) continue;
                const size_t x = at[0] + (size_t)dx, y = at[1] + (size_t)dy, z = at[2] + (size_t)dz;
                if (x < n[0] && y < n[1] && z < n[2]) visit(f, (z * n[1] + y) * n[0] + x, from, to);
            }
}

/* From a voxel on; how many there are. */
static size_t flow(flood *f, size_t i, uint8_t from, uint8_t to) {
    size_t count = 0;
    visit(f, i, from, to);
    for (; f->count; count++) spread(f, f->stack[--f->count], from, to);
    return count;
}

static rad_status begin(flood *f, uint8_t *mark, const size_t size[3], rad_error *error) {
    *f = (flood){.mark = mark, .size = size};
    f->stack = rad_new_raw(size[0] * size[1] * size[2], sizeof *f->stack, error);
    return f->stack ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_components_largest(uint8_t *inside, const size_t size[3], size_t *parts, rad_error *error) {
    const size_t count = size[0] * size[1] * size[2];
    flood f;
    size_t most = 0, first = 0;
    rad_status status = begin(&f, inside, size, error);
    *parts = 0;
    if (status != RAD_OK) return status;
    f.reach = 3;
    for (size_t i = 0; i < count; i++) {
        if (inside[i] != FRESH) continue;
        const size_t here = flow(&f, i, FRESH, GONE);
        if (here > most) {
            most = here;
            first = i;
        }
        ++*parts;
    }
    if (most) flow(&f, first, GONE, KEPT);
    for (size_t i = 0; i < count; i++) inside[i] = inside[i] == KEPT;
    rad_free(f.stack);
    return RAD_OK;
}

rad_status rad_components_fill(uint8_t *inside, const size_t size[3], bool flat, rad_error *error) {
    const size_t count = size[0] * size[1] * size[2];
    flood f;
    rad_status status = begin(&f, inside, size, error);
    if (status != RAD_OK) return status;
    f.reach = 1;
    f.flat = flat;
    for (size_t i = 0; i < count; i++) {
        const size_t x = i % size[0], y = i / size[0] % size[1], z = i / size[0] / size[1];
        const bool edge = x == 0 || y == 0 || x + 1 == size[0] || y + 1 == size[1];
        if (edge || (!flat && (z == 0 || z + 1 == size[2]))) flow(&f, i, 0, REACHED);
    }
    for (size_t i = 0; i < count; i++) inside[i] = inside[i] != REACHED;
    rad_free(f.stack);
    return RAD_OK;
}
