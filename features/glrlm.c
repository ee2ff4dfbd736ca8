/* Grey level run length matrix (TP0I): stretches of equal levels along a direction. */
#include "aggregate.h"
#include "families.h"
#include "texture.h"

#include "../core/memory.h"

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

static const rad_family family = {
    "rlm", "TP0I", "Run length matrix", &rad_by_direction, features, sizeof features / sizeof features[0],
};

typedef struct scratch {
    rad_tally tally;  /* level, length of the run so far */
    uint16_t *so_far; /* per voxel of the padded volume; 0 outside the ROI */
} scratch;

/* Counts every voxel by the length that its run has reached there: G(k) voxels have reached k, so that
 * G(k) - G(k + 1) runs end at k. */
static void count_direction(const rad_part *part, const int direction[3], scratch *s) {
    const rad_levels *l = part->levels;
    const size_t *size = l->size, plane = size[0] * size[1];
    const ptrdiff_t step =
        direction[0] + (ptrdiff_t)size[0] * (direction[1] + (ptrdiff_t)size[1] * direction[2]);
    for (size_t v = part->begin * plane; v < part->end * plane; v++) {
        const uint16_t level = l->level[v];
        if (!level) continue;
        const uint16_t *before = l->level + v + step;
        const uint16_t reached = *before == level ? (uint16_t)(*(s->so_far + v + step) + 1) : 1;
        s->so_far[v] = reached;
        rad_tally_add(&s->tally, level, reached, 1);
    }
}

/* G(k) becomes G(k) - G(k + 1); the lengths that a level reached are without gaps. */
static void take_differences(rad_matrix *m) {
    size_t kept = 0;
    for (size_t k = 0; k < m->count; k++) {
        rad_cell cell = m->cells[k];
        if (k + 1 < m->count && m->cells[k + 1].i == cell.i) cell.n -= m->cells[k + 1].n;
        if (cell.n) m->cells[kept++] = cell;
    }
    m->count = kept;
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t d = 0; d < part->directions && status == RAD_OK; d++) {
        scratch *s = part->shared;
        count_direction(part, rad_directions[d], s);
        status = rad_tally_collect(&s->tally, &matrices[d], error);
        if (status == RAD_OK) take_differences(&matrices[d]);
    }
    return status;
}

static rad_status evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    (void)levels;
    (void)kind;
    return rad_texture_evaluate(matrix, &family, out, error);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_levels *l = input->levels;
    size_t longest = 0;
    for (int a = 0; a < 3; a++)
        if (l->size[a] > longest) longest = l->size[a];
    if (longest > UINT16_MAX)
        return rad_fail(error, RAD_CONFIG, "the ROI is %zu voxels long; run lengths hold at most %d", longest,
                        UINT16_MAX);
    scratch s = {.so_far = rad_new(l->size[0] * l->size[1] * l->size[2], sizeof *s.so_far, error)};
    const rad_builder builder = {1, true, 1, build, evaluate, &s};
    rad_status status = s.so_far ? rad_tally_make(l->count + 1, longest, &s.tally, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_aggregate(&builder, input, rad_pass_glrlm.families, out, error);
    rad_tally_free(&s.tally);
    free(s.so_far);
    return status;
}

const rad_pass rad_pass_glrlm = {"GLRLM", RAD_TEXTURE_LEVELS, {&family}, run};
