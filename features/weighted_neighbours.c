#include "weighted_neighbours.h"
#include "weighting.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS_MOST = 1000000 };

typedef struct neighbour {
    ptrdiff_t jump;
    double weight;
} neighbour;

typedef struct around {
    neighbour *row; /* owned */
    size_t count;
} around;

/* All of a neighbourhood of tones, or of dependences, in memory order. */
static rad_status list(const rad_part *part, const double spacing[3], bool tones, around *to,
                       rad_error *error) {
    const rad_feature_settings *s = part->settings;
    const rad_weighting by = (rad_weighting)(tones ? s->ngtdm_weighting : s->ngldm_weighting);
    const int reach = tones ? s->ngtdm_distance : s->ngldm_distance;
    const size_t side = 2 * (size_t)reach + 1, *size = part->levels->size;
    const int depth = part->flat ? 0 : reach;
    *to = (around){rad_new(side * side * side, sizeof *to->row, error), 0};
    if (!to->row) return RAD_NO_MEMORY;
    for (int z = -depth; z <= depth; z++)
        for (int y = -reach; y <= reach; y++)
            for (int x = -reach; x <= reach; x++) {
                if (!x && !y && !z) continue;
                const ptrdiff_t jump = x + (ptrdiff_t)size[0] * (y + (ptrdiff_t)size[1] * z);
                to->row[to->count++] = (neighbour){jump, rad_weight(s, by, spacing, (const int[3]){x, y, z})};
            }
    return RAD_OK;
}

/* Visits the voxels of the part that have a level. */
typedef void visit(const uint16_t *here, const around *neighbours, const rad_part *part, void *context);

static void each(const rad_part *part, const around *neighbours, visit *see, void *context) {
    const rad_levels *l = part->levels;
    for (size_t z = part->begin; z < part->end; z++)
        for (size_t y = part->pad; y < l->size[1] - part->pad; y++) {
            size_t begin, end;
            if (!rad_levels_span(l, y, z, &begin, &end)) continue;
            const uint16_t *row = l->level + (z * l->size[1] + y) * l->size[0];
            for (size_t x = begin; x < end; x++)
                if (row[x]) see(row + x, neighbours, part, context);
        }
}

static void add_tone(const uint16_t *here, const around *neighbours, const rad_part *part, void *context) {
    rad_cell *cell = (rad_cell *)context + *here;
    double sum = 0, weight = 0;
    (void)part;
    for (size_t k = 0; k < neighbours->count; k++) {
        const uint16_t there = *(here + neighbours->row[k].jump);
        if (!there) continue;
        sum += neighbours->row[k].weight * there;
        weight += neighbours->row[k].weight;
    }
    if (!(weight > 0)) return;
    cell->n++;
    cell->sum += fabs(*here - sum / weight);
}

rad_status rad_weighted_tones(const rad_part *part, const double spacing[3], rad_matrix *tones,
                              rad_error *error) {
    const size_t levels = part->levels->count;
    around neighbours;
    rad_cell *cells = rad_new(levels + 1, sizeof *cells, error);
    if (!cells) return RAD_NO_MEMORY;
    rad_status status = list(part, spacing, true, &neighbours, error);
    rad_matrix_clear(tones);
    if (status == RAD_OK) status = rad_matrix_reserve(tones, levels ? levels : 1, error);
    if (status == RAD_OK) each(part, &neighbours, add_tone, cells);
    for (size_t i = 1; i <= levels && status == RAD_OK; i++)
        if (cells[i].n > 0)
            tones->cells[tones->count++] = (rad_cell){(uint32_t)i, 1, cells[i].n, cells[i].sum};
    rad_free(neighbours.row);
    rad_free(cells);
    return status;
}

static void add_dependence(const uint16_t *here, const around *neighbours, const rad_part *part,
                           void *context) {
    const double coarseness = part->settings->ngldm_coarseness;
    double weight = 0;
    for (size_t k = 0; k < neighbours->count; k++) {
        const uint16_t there = *(here + neighbours->row[k].jump);
        if (there && abs(*here - there) <= coarseness) weight += neighbours->row[k].weight;
    }
    rad_tally_add(context, *here, (uint32_t)floor(1.5 + weight), 1);
}

rad_status rad_weighted_columns(const rad_feature_settings *settings, const double spacing[3],
                                size_t *columns, rad_error *error) {
    const rad_levels none = {.size = {1, 1, 1}};
    const rad_part part = {.levels = &none, .settings = settings};
    around neighbours;
    double sum = 1.5;
    rad_status status = list(&part, spacing, false, &neighbours, error);
    for (size_t k = 0; status == RAD_OK && k < neighbours.count; k++) sum += neighbours.row[k].weight;
    rad_free(neighbours.row);
    if (status != RAD_OK) return status;
    if (!(sum < COLUMNS_MOST))
        return rad_fail(
            error, RAD_CONFIG,
            "texture.ngldm_weighting: the weights of the neighbours of a voxel add up to more than %d; use "
            "texture.weighting_unit: voxels",
            COLUMNS_MOST);
    *columns = (size_t)floor(sum) + 2; /* sums of some of them may round up to one more */
    return RAD_OK;
}

rad_status rad_weighted_dependences(const rad_part *part, const double spacing[3], rad_tally *tally,
                                    rad_error *error) {
    around neighbours;
    rad_status status = list(part, spacing, false, &neighbours, error);
    if (status == RAD_OK) each(part, &neighbours, add_dependence, tally);
    rad_free(neighbours.row);
    return status;
}
