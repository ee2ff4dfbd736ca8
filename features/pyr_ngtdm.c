/* PyRadiomics' class ngtdm: voxels without a neighbour in the ROI count, without a difference. */
#include "aggregate.h"
#include "families.h"
#include "pyr_classes.h"
#include "tone.h"

#include "../core/memory.h"
#include "../core/sort.h"

#include <math.h>
#include <string.h>

enum { BUSYNESS, COARSENESS, COMPLEXITY, CONTRAST, STRENGTH, FEATURES };

static const rad_feature features[FEATURES] = {
    [BUSYNESS] = {"ngtdm_Busyness", "NQ30", "1", "Busyness", .of.own = NULL},
    [COARSENESS] = {"ngtdm_Coarseness", "QCDE", "1", "Coarseness", .of.own = NULL},
    [COMPLEXITY] = {"ngtdm_Complexity", "HDEZ", "1", "Complexity", .of.own = NULL},
    [CONTRAST] = {"ngtdm_Contrast", "65HE", "1", "Contrast", .of.own = NULL},
    [STRENGTH] = {"ngtdm_Strength", "1X9X", "1", "Strength", .of.own = NULL},
};

/* Voxels and sums of differences of each level. */
static void count_tones(const rad_pyr_grid *grid, double *n, double *s) {
    const rad_levels *l = grid->levels;
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    for (size_t v = 0; v < size; v++) {
        const uint16_t level = l->level[v];
        double sum = 0, count = 0;
        if (!level) continue;
        for (size_t k = 0; k < 2 * grid->steps; k++) {
            const uint16_t other = *(l->level + v + grid->step[k].jump);
            sum += other;
            count += other != 0;
        }
        n[level]++;
        s[level] += count > 0 ? fabs(level - sum / count) : 0;
    }
}

/* The same from the matrix of tones: voxels of a level by their number of neighbours. */
typedef struct tones {
    double *n, *s;
} tones;

static rad_status see_tones(const rad_matrix *matrices, size_t directions, void *context, rad_error *error) {
    const tones *t = context;
    (void)directions, (void)error;
    for (size_t k = 0; k < matrices[0].count; k++)
        t->s[matrices[0].cells[k].i] += matrices[0].cells[k].sum / matrices[0].cells[k].j;
    return RAD_OK;
}

/* Voxels without neighbours are in no cell: levels are counted by themselves. */
static rad_status walk_tones(const rad_feature_input *input, double *n, double *s, rad_error *error) {
    const rad_levels *l = input->levels;
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    tones t = {n, s};
    const rad_matrix_view view = {input->settings->pyr.flat >= 0, see_tones, &t};
    for (size_t v = 0; v < size; v++)
        if (l->level[v]) n[l->level[v]]++;
    return rad_pyr_walk(input, &rad_family_ngt, &view, error);
}

static rad_status evaluate(const rad_levels *levels, const double *n, const double *s, rad_value *out,
                           rad_error *error) {
    const size_t room = (size_t)levels->count;
    double *i = rad_new(room, 4 * sizeof *i, error);
    if (!i) return RAD_NO_MEMORY;
    double *p = i + room, *difference = p + room, *products = difference + room;
    rad_tone t = {.i = i, .p = p, .s = difference, .products = products, .voxels = (double)levels->voxels};
    for (size_t level = 1; level <= room; level++) {
        if (!(n[level] > 0)) continue;
        i[t.levels] = (double)level;
        p[t.levels] = n[level] / t.voxels;
        difference[t.levels] = s[level];
        products[t.levels] = i[t.levels] * p[t.levels];
        t.difference += s[level];
        t.levels++;
    }
    const double weighted = rad_tone_weighted(&t);
    rad_status status = rad_sort(products, t.levels, error);
    out[BUSYNESS] = rad_tone_busyness(&t);
    if (out[BUSYNESS].reason == RAD_ZERO_DIVISOR) out[BUSYNESS] = rad_defined(0);
    out[COARSENESS] = rad_defined(weighted != 0 ? 1 / weighted : 1e6);
    out[COMPLEXITY] = rad_tone_complexity(&t);
    out[CONTRAST] = rad_tone_contrast(&t);
    out[STRENGTH] = rad_tone_strength(&t);
    rad_free(i);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_pyr_settings *settings = &input->settings->pyr;
    const size_t room = (size_t)input->levels->count + 1;
    rad_pyr_grid grid;
    rad_status status = rad_pyr_grid_make(input->levels, settings, settings->distances, &grid, error);
    if (status != RAD_OK) return status;
    double *n = rad_new(room, 2 * sizeof *n, error);
    if (n) {
        if (rad_pyr_has_walk(settings, settings->distances))
            status = walk_tones(input, n, n + room, error);
        else
            count_tones(&grid, n, n + room);
        if (status == RAD_OK) status = evaluate(input->levels, n, n + room, out[0], error);
    } else {
        status = RAD_NO_MEMORY;
    }
    rad_free(n);
    rad_pyr_grid_free(&grid);
    return status;
}

static const rad_pass pass = {"PyRadiomics ngtdm", RAD_TEXTURE_LEVELS, {&rad_family_pyr_ngtdm}, run};

const rad_family rad_family_pyr_ngtdm = {.key = "ngtdm",
                                         .code = "",
                                         .name = "PyRadiomics: tone differences",
                                         .aggregations = &rad_by_volume,
                                         .features = features,
                                         .count = FEATURES,
                                         .pass = &pass,
                                         .bare = true,
                                         .choice = RAD_PYR_NGTDM};
