/* Neighbourhood grey tone difference matrix (IPET) and neighbouring grey level dependence matrix (REK0),
 * counted in one walk over the neighbourhoods. */
#include "aggregate.h"
#include "families.h"
#include "texture.h"
#include "tone.h"
#include "weighted_neighbours.h"

#include "../core/memory.h"
#include "../core/simd.h"
#include "../core/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const rad_feature tone_features[] = {
    {"ngt_coarseness", "QCDE", "1", "Coarseness", .of.tone = rad_tone_coarseness},
    {"ngt_contrast", "65HE", "1", "Contrast", .of.tone = rad_tone_contrast},
    {"ngt_busyness", "NQ30", "1", "Busyness", .of.tone = rad_tone_busyness},
    {"ngt_complexity", "HDEZ", "1", "Complexity", .of.tone = rad_tone_complexity},
    {"ngt_strength", "1X9X", "1", "Strength", .of.tone = rad_tone_strength},
};

static const rad_feature dependence_features[] = {
    {"ngl_lde", "SODN", "1", "Low dependence emphasis", .of.texture = rad_texture_short},
    {"ngl_hde", "IMOQ", "1", "High dependence emphasis", .of.texture = rad_texture_long},
    {"ngl_lgce", "TL9H", "1", "Low grey level count emphasis", .of.texture = rad_texture_low},
    {"ngl_hgce", "OAE7", "level2", "High grey level count emphasis", .of.texture = rad_texture_high},
    {"ngl_ldlge", "EQ3F", "1", "Low dependence low grey level emphasis", .of.texture = rad_texture_short_low},
    {"ngl_ldhge", "JA6D", "1", "Low dependence high grey level emphasis",
     .of.texture = rad_texture_short_high},
    {"ngl_hdlge", "NBZI", "1", "High dependence low grey level emphasis", .of.texture = rad_texture_long_low},
    {"ngl_hdhge", "9QMG", "1", "High dependence high grey level emphasis",
     .of.texture = rad_texture_long_high},
    {"ngl_glnu", "FP8K", "1", "Grey level non-uniformity", .of.texture = rad_texture_level_nonuniformity},
    {"ngl_glnu_norm", "5SPA", "1", "Normalised grey level non-uniformity",
     .of.texture = rad_texture_level_nonuniformity_normalised},
    {"ngl_dcnu", "Z87G", "1", "Dependence count non-uniformity",
     .of.texture = rad_texture_size_nonuniformity},
    {"ngl_dcnu_norm", "OKJI", "1", "Normalised dependence count non-uniformity",
     .of.texture = rad_texture_size_nonuniformity_normalised},
    {"ngl_dc_perc", "6XV8", "1", "Dependence count percentage", .of.texture = rad_texture_percentage},
    {"ngl_gl_var", "1PFV", "level2", "Grey level variance", .of.texture = rad_texture_level_variance},
    {"ngl_dc_var", "DNX2", "1", "Dependence count variance", .of.texture = rad_texture_size_variance},
    {"ngl_dc_entr", "FCBV", "bit", "Dependence count entropy", .of.texture = rad_texture_entropy},
    {"ngl_dc_energy", "CAS9", "1", "Dependence count energy", .of.texture = rad_texture_energy},
};

static const rad_pass pass;

const rad_family rad_family_ngt = {
    .key = "ngt",
    .code = "IPET",
    .name = "Neighbourhood grey tone difference matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_neighbourhood,
    .reaches = true,
    .features = tone_features,
    .count = sizeof tone_features / sizeof tone_features[0],
    .pass = &pass,
};
const rad_family rad_family_ngl = {
    .key = "ngl",
    .code = "REK0",
    .name = "Neighbouring grey level dependence matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_neighbourhood,
    .reaches = true,
    .features = dependence_features,
    .count = sizeof dependence_features / sizeof dependence_features[0],
    .pass = &pass,
};

enum { TONE, DEPENDENCE };
enum { TONES_MAX = 1 << 22 }; /* cells of tone; beyond, they are kept as they occur */

/* What the neighbours of each voxel of a row amount to. */
typedef struct row_sums {
    uint32_t *sum;   /* of their levels */
    uint32_t *count; /* in the ROI */
    uint32_t *alike; /* within the coarseness of the voxel */
} row_sums;

typedef struct scratch {
    rad_tally dependence;
    rad_tally tones; /* where there is no memory for tone */
    uint64_t *tone;  /* [level][neighbours]: voxels, then sum of |level * neighbours - sum| */
    size_t width;    /* of tone */
    row_sums rows;
    uint16_t *columns; /* two rows of sums, for sum_nearest */
    bool narrow;       /* sums of 26 levels fit 16 bits */
    bool asked[RAD_PASS_FAMILIES];
    bool weighted[RAD_PASS_FAMILIES]; /* asked, and neighbours weigh by their distance */
    const double *spacing;
} scratch;

/* Adds one neighbour to every voxel of a row. */
RAD_KERNEL_LOOP void add_neighbour_loop(const uint16_t *here, const uint16_t *there, size_t width,
                                        uint32_t coarseness, uint32_t *restrict sum, uint32_t *restrict count,
                                        uint32_t *restrict alike) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) {
        const uint32_t a = here[x], b = there[x], in = b != 0;
        sum[x] += b;
        count[x] += in;
        alike[x] += in & ((a > b ? a - b : b - a) <= coarseness);
    }
}
RAD_KERNEL(add_neighbour,
           (const uint16_t *here, const uint16_t *there, size_t width, uint32_t coarseness,
            uint32_t *restrict sum, uint32_t *restrict count, uint32_t *restrict alike),
           (here, there, width, coarseness, sum, count, alike))

static void sum_row(const rad_part *part, const uint16_t *row, size_t width, int reach, row_sums *r) {
    const size_t *size = part->levels->size;
    const int depth = part->flat ? 0 : reach;
    memset(r->sum, 0, width * sizeof *r->sum);
    memset(r->count, 0, width * sizeof *r->count);
    memset(r->alike, 0, width * sizeof *r->alike);
    for (int dz = -depth; dz <= depth; dz++)
        for (int dy = -reach; dy <= reach; dy++)
            for (int dx = -reach; dx <= reach; dx++)
                if (dx || dy || dz)
                    add_neighbour(row, row + dx + (ptrdiff_t)size[0] * (dy + (ptrdiff_t)size[1] * dz), width,
                                  (uint32_t)part->settings->ngldm_coarseness, r->sum, r->count, r->alike);
}

/* The columns of a row and its eight neighbouring rows (or two, in a slice): sums of levels and of voxels.
 * They have one more element on each side than the row. */
RAD_KERNEL_LOOP void sum_columns_loop(const uint16_t *const *rows, size_t row_count, size_t width,
                                      uint16_t *restrict sum, uint16_t *restrict count) {
    for (size_t x = 0; x < width + 2; x += RAD_BLOCK) {
        rad_block all = {0}, some = {0};
        for (size_t k = 0; k < row_count; k++) {
            const rad_block level = *(const rad_block *)(rows[k] + x - 1);
            all += level;
            some -= (rad_block)(level != 0);
        }
        *(rad_block *)(sum + x) = all;
        *(rad_block *)(count + x) = some;
    }
}
RAD_KERNEL(sum_columns,
           (const uint16_t *const *rows, size_t row_count, size_t width, uint16_t *restrict sum,
            uint16_t *restrict count),
           (rows, row_count, width, sum, count))

/* Neighbours whose level is near the voxel's own, by at most so much, which is no more than there are levels;
 * the voxel counts itself. */
RAD_KERNEL_LOOP void count_alike_loop(const uint16_t *const *rows, size_t row_count, const uint16_t *here,
                                      size_t width, uint16_t coarseness, uint16_t *restrict alike) {
    const uint16_t reach = (uint16_t)(2 * coarseness);
    for (size_t x = 0; x < width; x += RAD_BLOCK) {
        const rad_block level = *(const rad_block *)(here + x), least = level - coarseness;
        rad_block all = {0};
        for (size_t k = 0; k < row_count; k++) {
            const rad_block a = *(const rad_block *)(rows[k] + x - 1), b = *(const rad_block *)(rows[k] + x),
                            c = *(const rad_block *)(rows[k] + x + 1);
            if (!coarseness)
                all -= (rad_block)((a == level) + (b == level) + (c == level));
            else
                all -= (rad_block)(((a - least <= reach) & (a != 0)) + ((b - least <= reach) & (b != 0)) +
                                   ((c - least <= reach) & (c != 0)));
        }
        *(rad_block *)(alike + x) = all;
    }
}
RAD_KERNEL(count_alike,
           (const uint16_t *const *rows, size_t row_count, const uint16_t *here, size_t width,
            uint16_t coarseness, uint16_t *restrict alike),
           (rows, row_count, here, width, coarseness, alike))

/* Differences of three columns, less the voxel itself, from its level: |level * count - sum|, and count. */
RAD_KERNEL_LOOP void compare_tones_loop(const uint16_t *here, const uint16_t *sum, const uint16_t *count,
                                        size_t width, uint16_t *restrict difference,
                                        uint16_t *restrict neighbours) {
    for (size_t from = 0; from < width; from += RAD_BLOCK)
#pragma omp simd
        for (size_t x = from; x < from + RAD_BLOCK; x++) {
            const uint16_t n = (uint16_t)(count[x] + count[x + 1] + count[x + 2] - 1);
            const uint16_t all = (uint16_t)(sum[x] + sum[x + 1] + sum[x + 2] - here[x]);
            const uint16_t scaled = (uint16_t)(here[x] * n);
            difference[x] = (uint16_t)(scaled > all ? scaled - all : all - scaled);
            neighbours[x] = n;
        }
}
RAD_KERNEL(compare_tones,
           (const uint16_t *here, const uint16_t *sum, const uint16_t *count, size_t width,
            uint16_t *restrict difference, uint16_t *restrict neighbours),
           (here, sum, count, width, difference, neighbours))

/* A row and the rows beside it. */
static size_t rows_around(const rad_part *part, const uint16_t *here, const uint16_t *rows[9]) {
    const ptrdiff_t row = (ptrdiff_t)part->levels->size[0], plane = row * (ptrdiff_t)part->levels->size[1];
    size_t count = 0;
    for (ptrdiff_t dz = part->flat ? 0 : -1; dz <= (part->flat ? 0 : 1); dz++)
        for (ptrdiff_t dy = -1; dy <= 1; dy++) rows[count++] = here + dy * row + dz * plane;
    return count;
}

static inline void count_tone(scratch *s, uint64_t level, uint64_t n, uint64_t difference) {
    if (!s->tone) {
        rad_tally_add_sparse(&s->tones, (uint32_t)level, (uint32_t)n, 1, (double)difference);
        return;
    }
    uint64_t *cell = s->tone + 2 * (level * s->width + n);
    cell[0]++;
    cell[1] += difference;
}

/* Both families at distance 1, in 16 bits. */
static void count_nearest(const rad_part *part, const uint16_t *here, size_t width, scratch *s) {
    const rad_levels *l = part->levels;
    const size_t buffer = l->size[0] + 2 * RAD_BLOCK;
    const uint32_t coarseness = (uint32_t)part->settings->ngldm_coarseness;
    uint16_t *sum = s->columns, *count = sum + buffer, *difference = count + buffer, *n = difference + buffer,
             *alike = n + buffer;
    const uint16_t *rows[9];
    const size_t row_count = rows_around(part, here, rows);
    if (s->asked[TONE]) {
        sum_columns(rows, row_count, width, sum, count);
        compare_tones(here, sum, count, width, difference, n);
    }
    if (s->asked[DEPENDENCE])
        count_alike(rows, row_count, here, width, (uint16_t)(coarseness < l->count ? coarseness : l->count),
                    alike);
    if (s->asked[TONE] && s->asked[DEPENDENCE])
        for (size_t x = 0; x < width; x++) {
            if (!here[x]) continue;
            if (n[x]) count_tone(s, here[x], n[x], difference[x]);
            rad_tally_add(&s->dependence, here[x], alike[x], 1);
        }
    else
        for (size_t x = 0; x < width; x++) {
            if (!here[x]) continue;
            if (s->asked[TONE] && n[x]) count_tone(s, here[x], n[x], difference[x]);
            if (s->asked[DEPENDENCE]) rad_tally_add(&s->dependence, here[x], alike[x], 1);
        }
}

static void count_tones(const uint16_t *row, size_t width, scratch *s) {
    for (size_t x = 0; x < width; x++) {
        const uint64_t n = s->rows.count[x], level = row[x];
        if (!level || !n) continue;
        const uint64_t scaled = level * n, sum = s->rows.sum[x];
        count_tone(s, level, n, scaled > sum ? scaled - sum : sum - scaled);
    }
}

static void count_dependences(const uint16_t *row, size_t width, scratch *s) {
    for (size_t x = 0; x < width; x++)
        if (row[x]) rad_tally_add(&s->dependence, row[x], s->rows.alike[x] + 1, 1);
}

static void count_any(const rad_part *part, const uint16_t *here, size_t width, scratch *s) {
    const int tone = part->settings->ngtdm_distance, dependence = part->settings->ngldm_distance;
    sum_row(part, here, width, tone, &s->rows);
    if (s->asked[TONE]) count_tones(here, width, s);
    if (dependence != tone) sum_row(part, here, width, dependence, &s->rows);
    if (s->asked[DEPENDENCE]) count_dependences(here, width, s);
}

static rad_status collect_tones(scratch *s, size_t levels, rad_matrix *matrix, rad_error *error) {
    size_t used = 0;
    if (!s->tone) return rad_tally_collect(&s->tones, matrix, error);
    for (size_t i = 0; i < (levels + 1) * s->width; i++) used += s->tone[2 * i] > 0;
    rad_matrix_clear(matrix);
    rad_status status = rad_matrix_reserve(matrix, used, error);
    if (status != RAD_OK) return status;
    for (size_t level = 1; level <= levels; level++)
        for (size_t n = 1; n < s->width; n++) {
            uint64_t *cell = s->tone + 2 * (level * s->width + n);
            if (!cell[0]) continue;
            matrix->cells[matrix->count++] =
                (rad_cell){(uint32_t)level, (uint32_t)n, (double)cell[0], (double)cell[1]};
            cell[0] = cell[1] = 0;
        }
    return RAD_OK;
}

static void count_part(const rad_part *part, scratch *s) {
    const rad_levels *l = part->levels;
    for (size_t z = part->begin; z < part->end; z++)
        for (size_t y = part->pad; y < l->size[1] - part->pad; y++) {
            size_t begin, end;
            if (!rad_levels_span(l, y, z, &begin, &end)) continue;
            (s->narrow ? count_nearest : count_any)(
                part, l->level + (z * l->size[1] + y) * l->size[0] + begin, end - begin, s);
        }
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    scratch *s = part->shared;
    rad_status status = RAD_OK;
    if (s->asked[TONE] || s->asked[DEPENDENCE]) count_part(part, s);
    if (s->weighted[TONE])
        status = rad_weighted_tones(part, s->spacing, &matrices[TONE], error);
    else if (s->asked[TONE])
        status = collect_tones(s, part->levels->count, &matrices[TONE], error);
    if (status == RAD_OK && s->weighted[DEPENDENCE])
        status = rad_weighted_dependences(part, s->spacing, &s->dependence, error);
    if (status == RAD_OK && (s->asked[DEPENDENCE] || s->weighted[DEPENDENCE]))
        status = rad_tally_collect(&s->dependence, &matrices[DEPENDENCE], error);
    return status;
}

static rad_status evaluate_tones(const rad_matrix *matrix, rad_value *out, rad_error *error) {
    double *buffer = rad_new(matrix->count, 4 * sizeof *buffer, error);
    if (!buffer) return RAD_NO_MEMORY;
    double *i = buffer, *p = buffer + matrix->count, *s = buffer + 2 * matrix->count;
    double *products = buffer + 3 * matrix->count;
    rad_tone t = {.i = i, .p = p, .s = s, .products = products};
    for (size_t k = 0; k < matrix->count; k++) {
        const rad_cell *c = &matrix->cells[k];
        if (!t.levels || i[t.levels - 1] != c->i) i[t.levels++] = c->i;
        p[t.levels - 1] += c->n;
        s[t.levels - 1] += c->sum / c->j;
        t.voxels += c->n;
    }
    for (size_t k = 0; k < t.levels; k++) {
        p[k] /= t.voxels;
        products[k] = i[k] * p[k];
        t.difference += s[k];
    }
    rad_status status = rad_sort(products, t.levels, error);
    for (size_t f = 0; f < rad_family_ngt.count; f++)
        out[f] = t.levels ? tone_features[f].of.tone(&t) : rad_undefined(RAD_NO_PAIRS);
    rad_free(buffer);
    return status;
}

static rad_status evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    (void)levels;
    if (kind == TONE) return evaluate_tones(matrix, out, error);
    return rad_texture_evaluate(matrix, &rad_family_ngl, out, error);
}

static size_t neighbours_of(int reach) {
    const size_t side = 2 * (size_t)reach + 1;
    return side * side * side - 1;
}

/* Which families are asked for, and which of them weigh. */
static void choose(const rad_feature_settings *settings, rad_value *const out[RAD_PASS_FAMILIES],
                   scratch *s) {
    const int weighting[RAD_PASS_FAMILIES] = {
        [TONE] = settings->ngtdm_weighting, [DEPENDENCE] = settings->ngldm_weighting};
    for (int k = 0; k < RAD_PASS_FAMILIES; k++) {
        s->asked[k] = out[k] && !weighting[k];
        s->weighted[k] = out[k] && weighting[k];
    }
}

static rad_status allocate(scratch *s, const rad_feature_input *input, rad_error *error) {
    const size_t row = input->levels->size[0], levels = input->levels->count;
    size_t columns = neighbours_of(input->settings->ngldm_distance) + 2;
    rad_status status = RAD_OK;
    if (s->weighted[DEPENDENCE]) status = rad_weighted_columns(input->settings, s->spacing, &columns, error);
    if (status != RAD_OK) return status;
    uint32_t *rows = rad_new(row, 3 * sizeof *rows, error);
    s->rows = (row_sums){rows, rows + row, rows + 2 * row};
    s->columns = rad_new(row + 2 * RAD_BLOCK, 5 * sizeof *s->columns, error);
    const bool many = levels + 1 > TONES_MAX / s->width;
    if (!many) s->tone = rad_new((levels + 1) * s->width, 2 * sizeof *s->tone, error);
    status = rows && (s->tone || many) && s->columns ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && many) status = rad_tally_make(levels + 1, s->width, &s->tones, error);
    return status == RAD_OK ? rad_tally_make(levels + 1, columns, &s->dependence, error) : status;
}

static void release(scratch *s) {
    rad_tally_free(&s->dependence);
    rad_tally_free(&s->tones);
    rad_free(s->tone);
    rad_free(s->rows.sum);
    rad_free(s->columns);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const int tone = input->settings->ngtdm_distance, dependence = input->settings->ngldm_distance;
    scratch s = {.width = neighbours_of(tone) + 1, .spacing = input->roi->grid.spacing};
    const rad_builder builder = {.reach = (size_t)(tone > dependence ? tone : dependence),
                                 .kinds = 2,
                                 .build = build,
                                 .evaluate = evaluate,
                                 .shared = &s};
    choose(input->settings, out, &s);
    s.narrow = tone == 1 && dependence == 1 && 27 * input->levels->count <= UINT16_MAX &&
               input->settings->ngldm_coarseness <= UINT16_MAX;
    rad_status status = allocate(&s, input, error);
    if (status == RAD_OK) status = rad_aggregate(&builder, input, pass.families, out, error);
    release(&s);
    return status;
}

static const rad_pass pass = {"NGTDM and NGLDM", RAD_TEXTURE_LEVELS, {&rad_family_ngt, &rad_family_ngl}, run};
