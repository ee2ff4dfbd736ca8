/* PyRadiomics' classes glrlm, glszm and gldm: runs, zones and dependences. */
#include "aggregate.h"
#include "families.h"
#include "pyr_classes.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>

/* A row of features in the order of PyRadiomics, and which of the common numbers each is. */

static const rad_feature run_features[] = {
    {"glrlm_GrayLevelNonUniformity", "R5YN", "1", "Grey level non-uniformity", .of.own = NULL},
    {"glrlm_GrayLevelNonUniformityNormalized", "OVBL", "1", "Normalised grey level non-uniformity",
     .of.own = NULL},
    {"glrlm_GrayLevelVariance", "8CE5", "level2", "Grey level variance", .of.own = NULL},
    {"glrlm_HighGrayLevelRunEmphasis", "G3QZ", "level2", "High grey level run emphasis", .of.own = NULL},
    {"glrlm_LongRunEmphasis", "W4KF", "voxel2", "Long run emphasis", .of.own = NULL},
    {"glrlm_LongRunHighGrayLevelEmphasis", "3KUM", "1", "Long run high grey level emphasis", .of.own = NULL},
    {"glrlm_LongRunLowGrayLevelEmphasis", "IVPO", "1", "Long run low grey level emphasis", .of.own = NULL},
    {"glrlm_LowGrayLevelRunEmphasis", "V3SW", "1", "Low grey level run emphasis", .of.own = NULL},
    {"glrlm_RunEntropy", "HJ9O", "bit", "Run entropy", .of.own = NULL},
    {"glrlm_RunLengthNonUniformity", "W92Y", "1", "Run length non-uniformity", .of.own = NULL},
    {"glrlm_RunLengthNonUniformityNormalized", "IC23", "1", "Normalised run length non-uniformity",
     .of.own = NULL},
    {"glrlm_RunPercentage", "9ZK5", "1", "Run percentage", .of.own = NULL},
    {"glrlm_RunVariance", "SXLW", "voxel2", "Run length variance", .of.own = NULL},
    {"glrlm_ShortRunEmphasis", "22OV", "1", "Short run emphasis", .of.own = NULL},
    {"glrlm_ShortRunHighGrayLevelEmphasis", "GD3A", "1", "Short run high grey level emphasis",
     .of.own = NULL},
    {"glrlm_ShortRunLowGrayLevelEmphasis", "HTZT", "1", "Short run low grey level emphasis", .of.own = NULL},
};
static const int run_numbers[] = {RAD_PYR_LEVELS_UNEVEN,
                                  RAD_PYR_LEVELS_UNEVEN_NORMALISED,
                                  RAD_PYR_LEVEL_VARIANCE,
                                  RAD_PYR_HIGH,
                                  RAD_PYR_LONG,
                                  RAD_PYR_LONG_HIGH,
                                  RAD_PYR_LONG_LOW,
                                  RAD_PYR_LOW,
                                  RAD_PYR_ENTROPY,
                                  RAD_PYR_SIZES_UNEVEN,
                                  RAD_PYR_SIZES_UNEVEN_NORMALISED,
                                  RAD_PYR_SHARE,
                                  RAD_PYR_SIZE_VARIANCE,
                                  RAD_PYR_SHORT,
                                  RAD_PYR_SHORT_HIGH,
                                  RAD_PYR_SHORT_LOW};

static const rad_feature zone_features[] = {
    {"glszm_GrayLevelNonUniformity", "JNSA", "1", "Grey level non-uniformity", .of.own = NULL},
    {"glszm_GrayLevelNonUniformityNormalized", "Y1RO", "1", "Normalised grey level non-uniformity",
     .of.own = NULL},
    {"glszm_GrayLevelVariance", "BYLV", "level2", "Grey level variance", .of.own = NULL},
    {"glszm_HighGrayLevelZoneEmphasis", "5GN9", "level2", "High grey level zone emphasis", .of.own = NULL},
    {"glszm_LargeAreaEmphasis", "48P8", "voxel2", "Large zone emphasis", .of.own = NULL},
    {"glszm_LargeAreaHighGrayLevelEmphasis", "J17V", "1", "Large zone high grey level emphasis",
     .of.own = NULL},
    {"glszm_LargeAreaLowGrayLevelEmphasis", "YH51", "1", "Large zone low grey level emphasis",
     .of.own = NULL},
    {"glszm_LowGrayLevelZoneEmphasis", "XMSY", "1", "Low grey level zone emphasis", .of.own = NULL},
    {"glszm_SizeZoneNonUniformity", "4JP3", "1", "Zone size non-uniformity", .of.own = NULL},
    {"glszm_SizeZoneNonUniformityNormalized", "VB3A", "1", "Normalised zone size non-uniformity",
     .of.own = NULL},
    {"glszm_SmallAreaEmphasis", "5QRC", "1", "Small zone emphasis", .of.own = NULL},
    {"glszm_SmallAreaHighGrayLevelEmphasis", "HW1V", "1", "Small zone high grey level emphasis",
     .of.own = NULL},
    {"glszm_SmallAreaLowGrayLevelEmphasis", "5RAI", "1", "Small zone low grey level emphasis",
     .of.own = NULL},
    {"glszm_ZoneEntropy", "GU8N", "bit", "Zone size entropy", .of.own = NULL},
    {"glszm_ZonePercentage", "P30P", "1", "Zone percentage", .of.own = NULL},
    {"glszm_ZoneVariance", "3NSA", "voxel2", "Zone size variance", .of.own = NULL},
};
static const int zone_numbers[] = {RAD_PYR_LEVELS_UNEVEN,  RAD_PYR_LEVELS_UNEVEN_NORMALISED,
                                   RAD_PYR_LEVEL_VARIANCE, RAD_PYR_HIGH,
                                   RAD_PYR_LONG,           RAD_PYR_LONG_HIGH,
                                   RAD_PYR_LONG_LOW,       RAD_PYR_LOW,
                                   RAD_PYR_SIZES_UNEVEN,   RAD_PYR_SIZES_UNEVEN_NORMALISED,
                                   RAD_PYR_SHORT,          RAD_PYR_SHORT_HIGH,
                                   RAD_PYR_SHORT_LOW,      RAD_PYR_ENTROPY,
                                   RAD_PYR_SHARE,          RAD_PYR_SIZE_VARIANCE};

static const rad_feature dependence_features[] = {
    {"gldm_DependenceEntropy", "FCBV", "bit", "Dependence entropy", .of.own = NULL},
    {"gldm_DependenceNonUniformity", "Z87G", "1", "Dependence non-uniformity", .of.own = NULL},
    {"gldm_DependenceNonUniformityNormalized", "OKJI", "1", "Normalised dependence non-uniformity",
     .of.own = NULL},
    {"gldm_DependenceVariance", "DNX2", "1", "Dependence variance", .of.own = NULL},
    {"gldm_GrayLevelNonUniformity", "FP8K", "1", "Grey level non-uniformity", .of.own = NULL},
    {"gldm_GrayLevelVariance", "1PFV", "level2", "Grey level variance", .of.own = NULL},
    {"gldm_HighGrayLevelEmphasis", "OAE7", "level2", "High grey level emphasis", .of.own = NULL},
    {"gldm_LargeDependenceEmphasis", "IMOQ", "1", "Large dependence emphasis", .of.own = NULL},
    {"gldm_LargeDependenceHighGrayLevelEmphasis", "9QMG", "1", "Large dependence high grey level emphasis",
     .of.own = NULL},
    {"gldm_LargeDependenceLowGrayLevelEmphasis", "NBZI", "1", "Large dependence low grey level emphasis",
     .of.own = NULL},
    {"gldm_LowGrayLevelEmphasis", "TL9H", "1", "Low grey level emphasis", .of.own = NULL},
    {"gldm_SmallDependenceEmphasis", "SODN", "1", "Small dependence emphasis", .of.own = NULL},
    {"gldm_SmallDependenceHighGrayLevelEmphasis", "JA6D", "1", "Small dependence high grey level emphasis",
     .of.own = NULL},
    {"gldm_SmallDependenceLowGrayLevelEmphasis", "EQ3F", "1", "Small dependence low grey level emphasis",
     .of.own = NULL},
};
static const int dependence_numbers[] = {
    RAD_PYR_ENTROPY,       RAD_PYR_SIZES_UNEVEN,  RAD_PYR_SIZES_UNEVEN_NORMALISED,
    RAD_PYR_SIZE_VARIANCE, RAD_PYR_LEVELS_UNEVEN, RAD_PYR_LEVEL_VARIANCE,
    RAD_PYR_HIGH,          RAD_PYR_LONG,          RAD_PYR_LONG_HIGH,
    RAD_PYR_LONG_LOW,      RAD_PYR_LOW,           RAD_PYR_SHORT,
    RAD_PYR_SHORT_HIGH,    RAD_PYR_SHORT_LOW};

/* Runs along one step. A direction on which no line of the box meets two voxels of the ROI counts nothing. */
static void count_runs(const rad_levels *l, const rad_pyr_step *step, rad_tally *tally) {
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    for (size_t v = 0; v < size; v++) {
        const uint16_t level = l->level[v];
        if (!level || *(l->level + v - step->jump) == level) continue;
        uint32_t length = 1;
        for (const uint16_t *at = l->level + v + step->jump; *at == level; at += step->jump) length++;
        rad_tally_add(tally, level, length, 1);
    }
}

/* Does a line along the step meet two voxels of the ROI, whatever lies between? */
static bool meets_two(const rad_levels *l, const rad_pyr_step *step) {
    for (size_t z = 1; z + 1 < l->size[2]; z++)
        for (size_t y = 1; y + 1 < l->size[1]; y++)
            for (size_t x = 1; x + 1 < l->size[0]; x++) {
                size_t v = (z * l->size[1] + y) * l->size[0] + x;
                if (!l->level[v]) continue;
                ptrdiff_t at[3] = {(ptrdiff_t)x, (ptrdiff_t)y, (ptrdiff_t)z};
                for (;;) {
                    bool inside = true;
                    for (int a = 0; a < 3; a++) {
                        at[a] += step->at[a];
                        inside = inside && at[a] >= 1 && at[a] + 1 < (ptrdiff_t)l->size[a];
                    }
                    if (!inside) break;
                    v = (size_t)((ptrdiff_t)v + step->jump);
                    if (l->level[v]) return true;
                }
            }
    return false;
}

static void place(const double numbers[RAD_PYR_SIZE_FEATURES], const int *which, size_t count,
                  rad_pyr_mean *means) {
    for (size_t f = 0; f < count; f++) rad_pyr_mean_add(&means[f], numbers[which[f]]);
}

static rad_status add_sizes(rad_pyr_cells *cells, const int *which, size_t count, rad_pyr_mean *means,
                            rad_error *error) {
    double numbers[RAD_PYR_SIZE_FEATURES];
    rad_pyr_cells_join(cells);
    rad_status status = rad_pyr_sizes(cells, numbers, error);
    if (status == RAD_OK) place(numbers, which, count, means);
    cells->count = 0;
    return status;
}

enum { RUN_FEATURES = sizeof run_numbers / sizeof run_numbers[0] };

/* Runs of one direction after the other. */
typedef struct run_job {
    const rad_feature_input *input;
    rad_pyr_mean means[RUN_FEATURES];
    rad_pyr_cells cells;
} run_job;

static rad_status add_direction(run_job *j, const rad_matrix *matrix, const rad_pyr_step *step,
                                rad_error *error) {
    const rad_pyr_settings *s = &j->input->settings->pyr;
    bool several = false;
    for (size_t k = 0; k < matrix->count && !several; k++) several = matrix->cells[k].j > 1;
    if (!several && !meets_two(j->input->levels, step)) return RAD_OK;
    rad_status status = rad_pyr_cells_add(
        &j->cells, matrix, rad_pyr_length(step, j->input->roi->grid.spacing, s->weighting), error);
    if (status == RAD_OK && s->weighting == RAD_PYR_APART)
        status = add_sizes(&j->cells, run_numbers, RUN_FEATURES, j->means, error);
    return status;
}

static rad_status see_runs(const rad_matrix *matrices, size_t directions, void *context, rad_error *error) {
    run_job *j = context;
    const size_t *size = j->input->levels->size;
    rad_status status = RAD_OK;
    for (size_t d = 0; d < directions && status == RAD_OK; d++) {
        const int *v = rad_directions[d];
        const rad_pyr_step step = {{v[0], v[1], v[2]},
                                   v[0] + (ptrdiff_t)size[0] * (v[1] + (ptrdiff_t)size[1] * v[2])};
        status = add_direction(j, &matrices[d], &step, error);
    }
    return status;
}

/* The same for slices across another axis. */
static rad_status count_all_runs(run_job *j, rad_error *error) {
    const rad_levels *l = j->input->levels;
    rad_matrix matrix = {0};
    rad_tally tally = {0};
    rad_pyr_grid grid;
    rad_status status = rad_pyr_grid_make(l, &j->input->settings->pyr, 2, &grid, error);
    if (status == RAD_OK) status = rad_tally_make((size_t)l->count + 1, rad_levels_longest(l), &tally, error);
    for (size_t d = 0; d < grid.steps && status == RAD_OK; d++) {
        count_runs(l, &grid.step[d], &tally);
        status = rad_tally_collect(&tally, &matrix, error);
        if (status == RAD_OK) status = add_direction(j, &matrix, &grid.step[d], error);
    }
    rad_matrix_free(&matrix);
    rad_tally_free(&tally);
    rad_pyr_grid_free(&grid);
    return status;
}

static rad_status run_runs(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                           rad_error *error) {
    const rad_pyr_settings *s = &input->settings->pyr;
    run_job j = {.input = input};
    const rad_matrix_view view = {s->flat >= 0, see_runs, &j};
    rad_status status = rad_pyr_has_walk(s, 2) ? rad_pyr_walk(input, &rad_family_rlm, &view, error)
                                               : count_all_runs(&j, error);
    if (status == RAD_OK && s->weighting != RAD_PYR_APART)
        status = add_sizes(&j.cells, run_numbers, RUN_FEATURES, j.means, error);
    for (size_t f = 0; f < RUN_FEATURES; f++) out[0][f] = rad_pyr_mean_value(&j.means[f]);
    rad_pyr_cells_free(&j.cells);
    return status;
}

/* One matrix stands for the ROI. */
typedef struct whole {
    size_t kind; /* which of the pass */
    const int *which;
    size_t count;
    rad_value *out;
} whole;

static rad_status see_whole(const rad_matrix *matrices, size_t directions, void *context, rad_error *error) {
    const whole *w = context;
    rad_pyr_mean means[RAD_PYR_SIZE_FEATURES] = {{0}};
    rad_pyr_cells cells = {0};
    (void)directions;
    rad_status status = rad_pyr_cells_add(&cells, &matrices[w->kind], 1, error);
    if (status == RAD_OK) status = add_sizes(&cells, w->which, w->count, means, error);
    for (size_t f = 0; f < w->count; f++) w->out[f] = rad_pyr_mean_value(&means[f]);
    rad_pyr_cells_free(&cells);
    return status;
}

static rad_status finish(rad_tally *tally, whole *w, rad_error *error) {
    rad_matrix matrix = {0};
    rad_status status = rad_tally_collect(tally, &matrix, error);
    w->kind = 0;
    if (status == RAD_OK) status = see_whole(&matrix, 1, w, error);
    rad_matrix_free(&matrix);
    return status;
}

static uint32_t find_root(uint32_t *parent, uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

/* Zones of equal level by union of neighbours; voxel v counts from 1. */
static void find_zones(const rad_pyr_grid *grid, uint32_t *parent, uint32_t *voxels) {
    const rad_levels *l = grid->levels;
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    for (size_t v = 0; v < size; v++) {
        if (!l->level[v]) continue;
        uint32_t root = (uint32_t)v;
        parent[v] = root;
        voxels[v] = 1;
        for (size_t k = grid->steps; k < 2 * grid->steps; k++) { /* steps back */
            const size_t w = (size_t)((ptrdiff_t)v + grid->step[k].jump);
            if (l->level[w] != l->level[v]) continue;
            const uint32_t other = find_root(parent, (uint32_t)w);
            if (other == root) continue;
            parent[root] = other;
            voxels[other] += voxels[root];
            root = other;
        }
    }
}

static rad_status run_zones(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                            rad_error *error) {
    const rad_levels *l = input->levels;
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    whole w = {0, zone_numbers, sizeof zone_numbers / sizeof zone_numbers[0], out[0]};
    const rad_matrix_view view = {input->settings->pyr.flat >= 0, see_whole, &w};
    rad_pyr_grid grid;
    rad_tally tally = {0};
    if (rad_pyr_has_walk(&input->settings->pyr, 2)) return rad_pyr_walk(input, &rad_family_szm, &view, error);
    if (size > UINT32_MAX)
        return rad_fail(error, RAD_CONFIG,
                        "the box of the ROI has %zu voxels; zones can have at most %u; use a coarser spacing",
                        size, UINT32_MAX);
    rad_status status = rad_pyr_grid_make(l, &input->settings->pyr, 2, &grid, error);
    if (status != RAD_OK) return status;
    uint32_t *parent = rad_new_raw(size, 2 * sizeof *parent, error), *voxels = parent + size;
    status = parent ? rad_tally_make_sparse(&tally, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        find_zones(&grid, parent, voxels);
        for (size_t v = 0; v < size; v++)
            if (l->level[v] && parent[v] == v) rad_tally_add(&tally, l->level[v], voxels[v], 1);
        status = finish(&tally, &w, error);
    }
    rad_free(parent);
    rad_tally_free(&tally);
    rad_pyr_grid_free(&grid);
    return status;
}

static void count_dependences(const rad_pyr_grid *grid, int alike, rad_tally *tally) {
    const rad_levels *l = grid->levels;
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    for (size_t v = 0; v < size; v++) {
        const int level = l->level[v];
        uint32_t found = 1;
        if (!level) continue;
        for (size_t k = 0; k < 2 * grid->steps; k++) {
            const int other = *(l->level + v + grid->step[k].jump);
            found += other && abs(other - level) <= alike;
        }
        rad_tally_add(tally, (uint32_t)level, found, 1);
    }
}

static rad_status run_dependences(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                                  rad_error *error) {
    const rad_pyr_settings *s = &input->settings->pyr;
    whole w = {1, dependence_numbers, sizeof dependence_numbers / sizeof dependence_numbers[0], out[0]};
    const rad_matrix_view view = {s->flat >= 0, see_whole, &w};
    rad_pyr_grid grid;
    rad_tally tally = {0};
    if (rad_pyr_has_walk(s, s->distances)) return rad_pyr_walk(input, &rad_family_ngl, &view, error);
    rad_status status = rad_pyr_grid_make(input->levels, s, s->distances, &grid, error);
    if (status != RAD_OK) return status;
    status = rad_tally_make((size_t)input->levels->count + 1, 2 * grid.steps + 2, &tally, error);
    if (status == RAD_OK) {
        count_dependences(&grid, s->alike, &tally);
        status = finish(&tally, &w, error);
    }
    rad_tally_free(&tally);
    rad_pyr_grid_free(&grid);
    return status;
}

#define CLASS(word, title, table, index, function)                                                           \
    static const rad_pass word##_pass = {                                                                    \
        "PyRadiomics " #word, RAD_TEXTURE_LEVELS, {&rad_family_pyr_##word}, function};                       \
    const rad_family rad_family_pyr_##word = {.key = #word,                                                  \
                                              .code = "",                                                    \
                                              .name = "PyRadiomics: " title,                                 \
                                              .aggregations = &rad_by_volume,                                \
                                              .features = table,                                             \
                                              .count = sizeof table / sizeof table[0],                       \
                                              .pass = &word##_pass,                                          \
                                              .bare = true,                                                  \
                                              .choice = index}
CLASS(glrlm, "run lengths", run_features, RAD_PYR_GLRLM, run_runs);
CLASS(glszm, "size zones", zone_features, RAD_PYR_GLSZM, run_zones);
CLASS(gldm, "dependences", dependence_features, RAD_PYR_GLDM, run_dependences);
