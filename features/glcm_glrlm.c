/* Co-occurrence of neighbours and run lengths from one walk: a voxel of the level of its neighbour carries a
 * run on, and is a pair of that level; any other begins a run, and is a pair of two levels or at the border.
 * One count says both, half of what the passes of the two families count one by one. */
#include "families.h"
#include "glcm.h"
#include "texture.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <string.h>

enum { CM, RLM };
/* Counts of all directions side by side. Where they are merged, fewer lanes stay in the cache; with one alone
 * counts of equal pairs would wait for each other. */
enum { LANES_FEW = 4, LANES = 16 };
enum { CHUNK = 128, BLOCK = 16 }; /* voxels of a row at a time, and of a kernel's step */
enum { SLICE_DIRECTIONS = 4 };    /* whose neighbours are in the slice; those of others in the one before */

typedef struct scratch {
    uint32_t **row; /* [level][column][lane]; columns: levels of neighbours, then lengths from 2 on */
    uint32_t *table;
    size_t width, longest, lanes;
    uint16_t *reached; /* [direction][parity of the slice][y][x]: lengths that runs have reached */
    size_t plane;
    uint16_t place[RAD_DIRECTIONS_MAX][CHUNK]; /* column times lanes, and the lane */
    uint16_t spare[CHUNK];
} scratch;

static size_t columns_of(const scratch *s) {
    return s->width + s->longest - 1;
}

typedef struct position {
    uint16_t runs, lanes, lane; /* runs: the column of length 0, if there were one */
} position;

RAD_KERNEL_LOOP void place_some(const uint16_t *here, const uint16_t *there, const uint16_t *before,
                                position at, size_t width, uint16_t *restrict reached,
                                uint16_t *restrict place) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) {
        const uint16_t same = here[x] == there[x] ? UINT16_MAX : 0;
        const uint16_t run = (uint16_t)((before[x] & same) + 1);
        reached[x] = run;
        const uint16_t column = (uint16_t)((there[x] & ~same) | ((run + at.runs) & same));
        place[x] = (uint16_t)(column * at.lanes + at.lane);
    }
}

/* One direction of a row: what neighbours are, lengths that their runs have reached and that those of the row
 * reach, and the places. */
typedef struct way {
    const uint16_t *there, *before;
    uint16_t *reached, *place;
    position at;
} way;

/* All directions, a block at a time, the last one over a part of the one before: twice the same. */
RAD_KERNEL_LOOP void place_row_loop(const uint16_t *here, const way *ways, size_t count, size_t width) {
    for (const way *w = ways; w < ways + count; w++) {
        for (size_t x = 0; width >= BLOCK && x < width; x += BLOCK) {
            if (x > width - BLOCK) x = width - BLOCK;
            place_some(here + x, w->there + x, w->before + x, w->at, BLOCK, w->reached + x, w->place + x);
        }
        if (width < BLOCK) place_some(here, w->there, w->before, w->at, width, w->reached, w->place);
    }
}
RAD_KERNEL(place_row, (const uint16_t *here, const way *ways, size_t count, size_t width),
           (here, ways, count, width))

/* Along the row itself every voxel waits for the one before. */
static void carry_along(const uint16_t *here, uint16_t *reached, size_t width) {
    uint16_t run = 0;
    for (size_t x = 0; x < width; x++) {
        run = (uint16_t)((here[x] == *(here + x - 1) ? run : 0) + 1);
        reached[x] = run;
    }
}

/* All directions of a voxel at once; `directions` is a constant at each call, so that the loop is unrolled.
 */
static inline void count_row(const uint16_t *here, size_t width, scratch *s, const size_t directions) {
    for (size_t x = 0; x < width; x++) {
        uint32_t *to = s->row[here[x]];
        if (!here[x]) continue;
        for (size_t d = 0; d < directions; d++) to[s->place[d][x]]++;
    }
}

/* At most CHUNK voxels from `at` on, of slice z; runs along the row are there already. */
static void follow_chunk(const rad_part *part, size_t at, size_t z, size_t width, scratch *s) {
    const rad_levels *l = part->levels;
    const uint16_t *here = l->level + z * s->plane + at;
    way ways[RAD_DIRECTIONS_MAX];
    for (size_t d = 0; d < part->directions; d++) {
        const int *v = rad_directions[d];
        const ptrdiff_t within = v[0] + (ptrdiff_t)l->size[0] * v[1];
        uint16_t *rows = s->reached + 2 * d * s->plane, *reached = rows + z % 2 * s->plane + at;
        const uint16_t *before = d < SLICE_DIRECTIONS ? reached : rows + (z + 1) % 2 * s->plane + at;
        ways[d] = (way){.there = here + within + (ptrdiff_t)s->plane * v[2],
                        .before = before + within,
                        .reached = d ? reached : s->spare,
                        .place = s->place[d],
                        .at = {(uint16_t)(s->width - 2), (uint16_t)s->lanes, (uint16_t)(d % s->lanes)}};
    }
    place_row(here, ways, part->directions, width);
    if (part->flat)
        count_row(here, width, s, SLICE_DIRECTIONS);
    else
        count_row(here, width, s, RAD_DIRECTIONS_MAX);
}

static void follow_row(const rad_part *part, size_t y, size_t z, scratch *s) {
    const rad_levels *l = part->levels;
    const size_t at = y * l->size[0];
    size_t begin, end;
    if (!rad_levels_span(l, y, z, &begin, &end)) return;
    carry_along(l->level + z * s->plane + at + begin, s->reached + z % 2 * s->plane + at + begin,
                end - begin);
    for (; begin < end; begin += CHUNK)
        follow_chunk(part, at + begin, z, end - begin < CHUNK ? end - begin : CHUNK, s);
}

/* The lanes of each count become one. */
static void fold(scratch *s) {
    const size_t columns = columns_of(s);
    const uint32_t *from = s->table;
    for (size_t cell = 0; cell < s->width * columns; cell++, from += LANES_FEW) {
        uint32_t sum = 0;
        for (size_t l = 0; l < LANES_FEW; l++) sum += from[l];
        s->table[cell] = sum;
    }
    for (size_t i = 0; i < s->width; i++) s->row[i] = s->table + i * columns;
    s->lanes = 1;
}

static bool any(const uint32_t *counts, size_t lanes) {
    uint32_t all = 0;
    for (size_t d = 0; d < lanes; d++) all |= counts[d];
    return all;
}

/* Adds the cell (i, j) to the matrix of each direction. */
static rad_status put(rad_matrix *matrices, size_t directions, size_t i, size_t j, const uint32_t *counts,
                      rad_error *error) {
    enum { FIRST = 64 };
    rad_status status = RAD_OK;
    for (size_t d = 0; d < directions && status == RAD_OK; d++) {
        rad_matrix *m = &matrices[d];
        if (!counts[d]) continue;
        if (m->count == m->capacity) status = rad_matrix_reserve(m, 2 * m->capacity + FIRST, error);
        if (status == RAD_OK) m->cells[m->count++] = (rad_cell){(uint32_t)i, (uint32_t)j, counts[d], 0};
    }
    return status;
}

/* G(k) voxels have reached length k, so that G(k) - G(k + 1) runs end there; `begun` is G(1). Fills how many
 * have gone on: sum of G(k) for k > 1. */
static rad_status collect_runs(const rad_part *part, size_t i, const uint32_t *begun, uint32_t *gone_on,
                               rad_matrix *matrices, rad_error *error) {
    const scratch *s = part->shared;
    const size_t lanes = s->lanes;
    const uint32_t *next = s->row[i] + s->width * lanes;
    uint32_t ended[LANES], reached[LANES];
    rad_status status = RAD_OK;
    memcpy(reached, begun, lanes * sizeof *reached);
    memset(gone_on, 0, lanes * sizeof *gone_on);
    for (size_t k = 1; status == RAD_OK && any(reached, lanes); k++, next += lanes) {
        for (size_t d = 0; d < lanes; d++) {
            const uint32_t more = k < s->longest ? next[d] : 0;
            ended[d] = reached[d] - more;
            gone_on[d] += more;
            reached[d] = more;
        }
        status = put(matrices, rad_part_matrices(part), i, k, ended, error);
    }
    return status;
}

/* Pairs are unordered: those of (j, i) go to (i, j). */
static rad_status collect_pairs(const rad_part *part, size_t i, const uint32_t *alike, rad_matrix *matrices,
                                rad_error *error) {
    const scratch *s = part->shared;
    const size_t lanes = s->lanes;
    rad_status status = put(matrices, rad_part_matrices(part), i, i, alike, error);
    for (size_t j = i + 1; j < s->width && status == RAD_OK; j++) {
        const uint32_t *a = s->row[i] + j * lanes, *b = s->row[j] + i * lanes;
        uint32_t both[LANES];
        for (size_t d = 0; d < lanes; d++) both[d] = a[d] + b[d];
        if (any(both, lanes)) status = put(matrices, rad_part_matrices(part), i, j, both, error);
    }
    return status;
}

static rad_status collect(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    const scratch *s = part->shared;
    const size_t lanes = s->lanes;
    rad_status status = RAD_OK;
    for (size_t i = 1; i < s->width && status == RAD_OK; i++) {
        uint32_t begun[LANES] = {0}, gone_on[LANES];
        for (size_t j = 0; j < s->width; j++)
            for (size_t d = 0; d < lanes; d++) begun[d] += s->row[i][j * lanes + d];
        status = collect_runs(part, i, begun, gone_on, matrices + RLM * rad_part_matrices(part), error);
        if (status == RAD_OK)
            status = collect_pairs(part, i, gone_on, matrices + CM * rad_part_matrices(part), error);
    }
    return status;
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    scratch *s = part->shared;
    const rad_levels *l = part->levels;
    s->lanes = part->flat || part->merged ? LANES_FEW : LANES;
    const size_t row = columns_of(s) * s->lanes;
    memset(s->table, 0, s->width * row * sizeof *s->table);
    for (size_t i = 0; i < s->width; i++) s->row[i] = s->table + i * row;
    for (size_t z = part->begin; z < part->end; z++)
        for (size_t y = 1; y + 1 < l->size[1]; y++) follow_row(part, y, z, s);
    if (part->merged) fold(s);
    return collect(part, matrices, error);
}

static rad_status evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    return kind == CM ? rad_glcm_evaluate(matrix, levels, kind, out, error)
                      : rad_texture_evaluate(matrix, &rad_family_rlm, out, error);
}

static rad_status run_apart(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                            rad_error *error) {
    rad_status status = RAD_OK;
    for (int f = 0; f < RAD_PASS_FAMILIES && status == RAD_OK; f++) {
        rad_value *own[RAD_PASS_FAMILIES] = {out[f]};
        if (out[f]) status = rad_pass_glcm_glrlm.families[f]->pass->run(input, own, error);
    }
    return status;
}

/* Do places fit 16 bits and counts 32, and is the matrix of pairs one that is held? */
static bool fits(const scratch *s, size_t voxels) {
    return voxels <= UINT32_MAX / LANES && s->width <= RAD_DENSE_CELLS / s->width &&
           (s->width + s->longest) * LANES <= UINT16_MAX;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_levels *l = input->levels;
    scratch s = {.width = (size_t)l->count + 1,
                 .longest = rad_levels_longest(l) - 2, /* without the padding */
                 .plane = l->size[0] * l->size[1]};
    const rad_builder builder = {.reach = 1,
                                 .stride = 1,
                                 .directional = true,
                                 .merges = true,
                                 .kinds = 2,
                                 .build = build,
                                 .evaluate = evaluate,
                                 .shared = &s};
    if (!out[CM] || !out[RLM] || !fits(&s, l->voxels)) return run_apart(input, out, error);
    s.table = rad_new_raw(s.width * columns_of(&s), LANES * sizeof *s.table, error);
    s.row = rad_new(s.width, sizeof(uint32_t *), error);
    s.reached = rad_new(s.plane, 2 * RAD_DIRECTIONS_MAX * sizeof *s.reached, error);
    rad_status status = s.table && s.row && s.reached ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_aggregate(&builder, input, rad_pass_glcm_glrlm.families, out, error);
    rad_free(s.table);
    rad_free(s.row);
    rad_free(s.reached);
    return status;
}

const rad_pass rad_pass_glcm_glrlm = {
    "GLCM and GLRLM", RAD_TEXTURE_LEVELS, {&rad_family_cm, &rad_family_rlm}, run};
