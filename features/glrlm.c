/* Grey level run length matrix (TP0I): stretches of equal levels along a direction. */
#include "aggregate.h"
#include "families.h"
#include "texture.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <stdlib.h>
#include <string.h>

static const rad_feature features[] = {
    {"rlm_sre", "22OV", "1", "Short runs emphasis", .of.texture = rad_texture_short},
    {"rlm_lre", "W4KF", "voxel2", "Long runs emphasis", .of.texture = rad_texture_long},
    {"rlm_lgre", "V3SW", "1", "Low grey level run emphasis", .of.texture = rad_texture_low},
    {"rlm_hgre", "G3QZ", "level2", "High grey level run emphasis", .of.texture = rad_texture_high},
    {"rlm_srlge", "HTZT", "1", "Short run low grey level emphasis", .of.texture = rad_texture_short_low},
    {"rlm_srhge", "GD3A", "1", "Short run high grey level emphasis", .of.texture = rad_texture_short_high},
    {"rlm_lrlge", "IVPO", "1", "Long run low grey level emphasis", .of.texture = rad_texture_long_low},
    {"rlm_lrhge", "3KUM", "1", "Long run high grey level emphasis", .of.texture = rad_texture_long_high},
    {"rlm_glnu", "R5YN", "1", "Grey level non-uniformity", .of.texture = rad_texture_level_nonuniformity},
    {"rlm_glnu_norm", "OVBL", "1", "Normalised grey level non-uniformity",
     .of.texture = rad_texture_level_nonuniformity_normalised},
    {"rlm_rlnu", "W92Y", "1", "Run length non-uniformity", .of.texture = rad_texture_size_nonuniformity},
    {"rlm_rlnu_norm", "IC23", "1", "Normalised run length non-uniformity",
     .of.texture = rad_texture_size_nonuniformity_normalised},
    {"rlm_r_perc", "9ZK5", "1", "Run percentage", .of.texture = rad_texture_percentage},
    {"rlm_gl_var", "8CE5", "level2", "Grey level variance", .of.texture = rad_texture_level_variance},
    {"rlm_rl_var", "SXLW", "voxel2", "Run length variance", .of.texture = rad_texture_size_variance},
    {"rlm_rl_entr", "HJ9O", "bit", "Run entropy", .of.texture = rad_texture_entropy},
};

static const rad_pass pass;

const rad_family rad_family_rlm = {
    .key = "rlm",
    .code = "TP0I",
    .name = "Run length matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_direction,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

/* Directions 0..3 lie in the slice; their neighbours are in this row or the one before, those of the others
 * in the slice before. */
enum { SLICE_DIRECTIONS = 4 };

typedef struct scratch {
    rad_tally tally[RAD_DIRECTIONS_MAX]; /* level, length that the run has reached */
    uint16_t *reached;                   /* [direction][parity of the slice][y][x] of the padded volume */
    size_t plane;
} scratch;

static uint16_t *reached_in(const scratch *s, size_t direction, size_t z) {
    return s->reached + (2 * direction + z % 2) * s->plane;
}

/* A voxel of the level of its neighbour carries its run on, any other begins one. Rows overlap nowhere. */
RAD_KERNEL_LOOP void carry_on_loop(const uint16_t *here, const uint16_t *there, const uint16_t *before,
                                   uint16_t *restrict reached, size_t width) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) {
        const uint16_t same = here[x] == there[x] ? UINT16_MAX : 0;
        reached[x] = (uint16_t)((before[x] & same) + 1);
    }
}
RAD_KERNEL(carry_on,
           (const uint16_t *here, const uint16_t *there, const uint16_t *before, uint16_t *restrict reached,
            size_t width),
           (here, there, before, reached, width))

/* Along the row itself every voxel waits for the one before. */
static void carry_along(const uint16_t *here, uint16_t *reached, size_t width) {
    uint16_t run = 0;
    for (size_t x = 0; x < width; x++) {
        run = (uint16_t)((here[x] == *(here + x - 1) ? run : 0) + 1);
        reached[x] = run;
    }
}

/* All directions of a voxel at once; `count` is a constant at each call, so that the loop is unrolled. */
static inline void count_row(const uint16_t *here, const uint16_t *const *reached, size_t width, scratch *s,
                             const size_t count) {
    const size_t columns = s->tally[0].width;
    uint32_t *dense[RAD_DIRECTIONS_MAX];
    for (size_t d = 0; d < count; d++) dense[d] = s->tally[d].dense;
    for (size_t x = 0; x < width; x++) {
        if (!here[x]) continue;
        const size_t row = here[x] * columns;
        for (size_t d = 0; d < count; d++) dense[d][row + reached[d][x]]++;
    }
}

static void count_row_sparse(const uint16_t *here, const uint16_t *const *reached, size_t width, scratch *s,
                             size_t count) {
    for (size_t x = 0; x < width; x++)
        for (size_t d = 0; here[x] && d < count; d++)
            rad_tally_add_sparse(&s->tally[d], here[x], reached[d][x], 1, 0);
}

/* Counts every voxel of a row by the length that its run has reached there: G(k) voxels have reached k, so
 * that G(k) - G(k + 1) runs end at k. */
static void follow_row(const rad_part *part, size_t y, size_t z, scratch *s) {
    const rad_levels *l = part->levels;
    const size_t at = y * l->size[0], from = z * s->plane + at;
    size_t begin, end;
    if (!rad_levels_span(l, y, z, &begin, &end)) return;
    const uint16_t *here = l->level + from + begin, *rows[RAD_DIRECTIONS_MAX];
    for (size_t d = 0; d < part->directions; d++) {
        const int *v = rad_directions[d];
        const ptrdiff_t within = v[0] + (ptrdiff_t)l->size[0] * v[1];
        uint16_t *reached = reached_in(s, d, z) + at + begin;
        rows[d] = reached;
        if (d == 0)
            carry_along(here, reached, end - begin);
        else
            carry_on(here, here + within + (ptrdiff_t)s->plane * v[2],
                     reached_in(s, d, d < SLICE_DIRECTIONS ? z : z - 1) + at + begin + within, reached,
                     end - begin);
    }
    if (!s->tally[0].dense)
        count_row_sparse(here, rows, end - begin, s, part->directions);
    else if (part->flat)
        count_row(here, rows, end - begin, s, SLICE_DIRECTIONS);
    else
        count_row(here, rows, end - begin, s, RAD_DIRECTIONS_MAX);
}

/* G(k) becomes G(k) - G(k + 1); the lengths that a level reached are without gaps. */
static void compute_differences(rad_matrix *m) {
    size_t kept = 0;
    for (size_t k = 0; k < m->count; k++) {
        rad_cell cell = m->cells[k];
        if (k + 1 < m->count && m->cells[k + 1].i == cell.i) cell.n -= m->cells[k + 1].n;
        if (cell.n > 0) m->cells[kept++] = cell;
    }
    m->count = kept;
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    scratch *s = part->shared;
    for (size_t z = part->begin; z < part->end; z++)
        for (size_t y = 1; y + 1 < part->levels->size[1]; y++) follow_row(part, y, z, s);
    rad_status status = RAD_OK;
    for (size_t d = 0; d < part->directions && status == RAD_OK; d++) {
        status = rad_tally_collect(&s->tally[d], &matrices[d], error);
        if (status == RAD_OK) compute_differences(&matrices[d]);
    }
    return status;
}

static rad_status evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    (void)levels;
    (void)kind;
    return rad_texture_evaluate(matrix, &rad_family_rlm, out, error);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_levels *l = input->levels;
    const size_t longest = rad_levels_longest(l);
    if (longest > UINT16_MAX)
        return rad_fail(error, RAD_CONFIG, "the ROI is %zu voxels long; run lengths can be at most %d",
                        longest, UINT16_MAX);
    scratch s = {.plane = l->size[0] * l->size[1]};
    const rad_builder builder = {.reach = 1,
                                 .stride = 1,
                                 .directional = true,
                                 .kinds = 1,
                                 .build = build,
                                 .evaluate = evaluate,
                                 .shared = &s};
    s.reached = rad_new(s.plane, 2 * RAD_DIRECTIONS_MAX * sizeof *s.reached, error);
    rad_status status = s.reached ? RAD_OK : RAD_NO_MEMORY;
    for (size_t d = 0; d < RAD_DIRECTIONS_MAX && status == RAD_OK; d++)
        status = rad_tally_make(l->count + 1, longest, &s.tally[d], error);
    if (status == RAD_OK) status = rad_aggregate(&builder, input, pass.families, out, error);
    for (size_t d = 0; d < RAD_DIRECTIONS_MAX; d++) rad_tally_free(&s.tally[d]);
    rad_free(s.reached);
    return status;
}

static const rad_pass pass = {"GLRLM", RAD_TEXTURE_LEVELS, {&rad_family_rlm}, run};
