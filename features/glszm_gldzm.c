/* Size zone matrix (9SAK) and distance zone matrix (VMDZ): zones of connected voxels of equal level, by their
 * number of voxels and by their least distance to the border of the morphological mask. One walk finds the
 * zones of both. */
#include "aggregate.h"
#include "border.h"
#include "families.h"
#include "texture.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <stdlib.h>
#include <string.h>

static const rad_feature size_features[] = {
    {"szm_sze", "5QRC", "1", "Small zone emphasis", .of.texture = rad_texture_short},
    {"szm_lze", "48P8", "voxel2", "Large zone emphasis", .of.texture = rad_texture_long},
    {"szm_lgze", "XMSY", "1", "Low grey level emphasis", .of.texture = rad_texture_low},
    {"szm_hgze", "5GN9", "level2", "High grey level emphasis", .of.texture = rad_texture_high},
    {"szm_szlge", "5RAI", "1", "Small zone low grey level emphasis", .of.texture = rad_texture_short_low},
    {"szm_szhge", "HW1V", "1", "Small zone high grey level emphasis", .of.texture = rad_texture_short_high},
    {"szm_lzlge", "YH51", "1", "Large zone low grey level emphasis", .of.texture = rad_texture_long_low},
    {"szm_lzhge", "J17V", "1", "Large zone high grey level emphasis", .of.texture = rad_texture_long_high},
    {"szm_glnu", "JNSA", "1", "Grey level non-uniformity", .of.texture = rad_texture_level_nonuniformity},
    {"szm_glnu_norm", "Y1RO", "1", "Normalised grey level non-uniformity",
     .of.texture = rad_texture_level_nonuniformity_normalised},
    {"szm_zsnu", "4JP3", "1", "Zone size non-uniformity", .of.texture = rad_texture_size_nonuniformity},
    {"szm_zsnu_norm", "VB3A", "1", "Normalised zone size non-uniformity",
     .of.texture = rad_texture_size_nonuniformity_normalised},
    {"szm_z_perc", "P30P", "1", "Zone percentage", .of.texture = rad_texture_percentage},
    {"szm_gl_var", "BYLV", "level2", "Grey level variance", .of.texture = rad_texture_level_variance},
    {"szm_zs_var", "3NSA", "voxel2", "Zone size variance", .of.texture = rad_texture_size_variance},
    {"szm_zs_entr", "GU8N", "bit", "Zone size entropy", .of.texture = rad_texture_entropy},
};

static const rad_feature distance_features[] = {
    {"dzm_sde", "0GBI", "1", "Small distance emphasis", .of.texture = rad_texture_short},
    {"dzm_lde", "MB4I", "voxel2", "Large distance emphasis", .of.texture = rad_texture_long},
    {"dzm_lgze", "S1RA", "1", "Low grey level emphasis", .of.texture = rad_texture_low},
    {"dzm_hgze", "K26C", "level2", "High grey level emphasis", .of.texture = rad_texture_high},
    {"dzm_sdlge", "RUVG", "1", "Small distance low grey level emphasis", .of.texture = rad_texture_short_low},
    {"dzm_sdhge", "DKNJ", "1", "Small distance high grey level emphasis",
     .of.texture = rad_texture_short_high},
    {"dzm_ldlge", "A7WM", "1", "Large distance low grey level emphasis", .of.texture = rad_texture_long_low},
    {"dzm_ldhge", "KLTH", "1", "Large distance high grey level emphasis",
     .of.texture = rad_texture_long_high},
    {"dzm_glnu", "VFT7", "1", "Grey level non-uniformity", .of.texture = rad_texture_level_nonuniformity},
    {"dzm_glnu_norm", "7HP3", "1", "Normalised grey level non-uniformity",
     .of.texture = rad_texture_level_nonuniformity_normalised},
    {"dzm_zdnu", "V294", "1", "Zone distance non-uniformity", .of.texture = rad_texture_size_nonuniformity},
    {"dzm_zdnu_norm", "IATH", "1", "Normalised zone distance non-uniformity",
     .of.texture = rad_texture_size_nonuniformity_normalised},
    {"dzm_z_perc", "VIWW", "1", "Zone percentage", .of.texture = rad_texture_percentage},
    {"dzm_gl_var", "QK93", "level2", "Grey level variance", .of.texture = rad_texture_level_variance},
    {"dzm_zd_var", "7WT1", "voxel2", "Zone distance variance", .of.texture = rad_texture_size_variance},
    {"dzm_zd_entr", "GBDU", "bit", "Zone distance entropy", .of.texture = rad_texture_entropy},
};

static const rad_pass pass;

const rad_family rad_family_szm = {
    .key = "szm",
    .code = "9SAK",
    .name = "Size zone matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_neighbourhood,
    .features = size_features,
    .count = sizeof size_features / sizeof size_features[0],
    .pass = &pass,
};
const rad_family rad_family_dzm = {
    .key = "dzm",
    .code = "VMDZ",
    .name = "Distance zone matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_neighbourhood,
    .features = distance_features,
    .count = sizeof distance_features / sizeof distance_features[0],
    .pass = &pass,
};

enum { SIZE, DISTANCE };

typedef struct zone {
    uint32_t parent; /* of the union-find forest; itself for a root */
    uint32_t voxels;
    uint16_t level, distance;
} zone;

typedef struct scratch {
    rad_tally tally[RAD_PASS_FAMILIES];
    uint32_t *zone_of; /* provisional zone per voxel of two slices, in turns */
    zone *zones;
    rad_border *border;
    const uint16_t *distance; /* of the morphological mask, padded; NULL: nobody asks */
    uint16_t *alike;          /* per voxel of a row: which neighbours have its level */
    const rad_roi *roi;
    bool asked[RAD_PASS_FAMILIES];
} scratch;

static uint32_t find(zone *zones, uint32_t z) {
    while (zones[z].parent != z) {
        zones[z].parent = zones[zones[z].parent].parent;
        z = zones[z].parent;
    }
    return z;
}

/* Joins two zones under the older one. */
static uint32_t join(zone *zones, uint32_t a, uint32_t b) {
    a = find(zones, a);
    b = find(zones, b);
    if (a == b) return a;
    if (b < a) {
        const uint32_t swap = a;
        a = b;
        b = swap;
    }
    zones[b].parent = a;
    zones[a].voxels += zones[b].voxels;
    if (zones[b].distance < zones[a].distance) zones[a].distance = zones[b].distance;
    return a;
}

/* Earlier neighbours as bits, those first that touch the most others. */
typedef struct neighbour {
    const int *at;
    ptrdiff_t step;  /* in the level volume */
    uint16_t beside; /* the neighbours that touch it: with an equal level they are in its zone already */
} neighbour;

static size_t list_neighbours(const rad_part *part, neighbour *list) {
    static const size_t flat[] = {2, 0, 1, 3}, solid[] = {4, 2, 5, 6, 7, 8, 0, 1, 3, 9, 10, 11, 12};
    const size_t count = part->flat ? 4 : RAD_DIRECTIONS_MAX;
    const size_t *order = part->flat ? flat : solid, *size = part->levels->size;
    for (size_t k = 0; k < count; k++) {
        const int *v = rad_directions[order[k]];
        list[k] = (neighbour){v, v[0] + (ptrdiff_t)size[0] * (v[1] + (ptrdiff_t)size[1] * v[2]), 0};
        for (size_t other = 0; other < count; other++) {
            const int *w = rad_directions[order[other]];
            if (abs(v[0] - w[0]) <= 1 && abs(v[1] - w[1]) <= 1 && abs(v[2] - w[2]) <= 1)
                list[k].beside |= (uint16_t)(1U << other);
        }
    }
    return count;
}

/* Bit k of alike[x]: neighbour k has the level of the voxel. */
RAD_KERNEL_LOOP void compare_neighbours_loop(const uint16_t *here, const neighbour *list, size_t count,
                                             size_t width, uint16_t *restrict alike) {
    for (size_t x = 0; x < width; x += RAD_BLOCK) {
        const rad_block level = *(const rad_block *)(here + x);
        rad_block all = {0};
        for (size_t k = 0; k < count; k++)
            all |= (rad_block)(level == *(const rad_block *)(here + x + list[k].step)) & (uint16_t)(1U << k);
        *(rad_block *)(alike + x) = all;
    }
}
RAD_KERNEL(compare_neighbours,
           (const uint16_t *here, const neighbour *list, size_t count, size_t width,
            uint16_t *restrict alike),
           (here, list, count, width, alike))

/* The zone of a voxel from the neighbours with its level, or 0 where there is none. */
static uint32_t zone_from_neighbours(unsigned alike, const ptrdiff_t *step, const neighbour *list,
                                     const uint32_t *zone_of, zone *zones) {
    uint32_t found = 0;
    while (alike) {
        const int k = __builtin_ctz(alike);
        const uint32_t other = zone_of[step[k]];
        if (other != found) found = found ? join(zones, found, other) : find(zones, other);
        alike &= ~(unsigned)list[k].beside;
    }
    return found;
}

/* Finds all zones of the part; zone 0 stands for none. Returns how many were begun. */
static uint32_t find_zones(const rad_part *part, scratch *s) {
    const rad_levels *l = part->levels;
    const size_t plane = l->size[0] * l->size[1];
    neighbour list[RAD_DIRECTIONS_MAX];
    const size_t count = list_neighbours(part, list);
    uint32_t begun = 0;
    for (size_t z = part->begin; z < part->end; z++) {
        ptrdiff_t step[RAD_DIRECTIONS_MAX]; /* in the two slices of zone_of */
        for (size_t k = 0; k < count; k++)
            step[k] = list[k].step - list[k].at[2] * (ptrdiff_t)(z % 2 ? 0 : 2 * plane);
        for (size_t y = 1, begin, end; y + 1 < l->size[1]; y++) {
            if (!rad_levels_span(l, y, z, &begin, &end)) continue;
            const size_t row = y * l->size[0] + begin;
            const uint16_t *here = l->level + z * plane + row;
            const uint16_t *distance = s->distance ? s->distance + z * plane + row : here;
            uint32_t *zone_of = s->zone_of + z % 2 * plane + row;
            compare_neighbours(here, list, count, end - begin, s->alike);
            for (size_t x = 0; x < end - begin; x++) {
                if (!here[x]) continue;
                uint32_t found = zone_from_neighbours(s->alike[x], step, list, zone_of + x, s->zones);
                if (!found) {
                    found = ++begun;
                    s->zones[found] = (zone){found, 0, here[x], UINT16_MAX};
                }
                zone_of[x] = found;
                zone *in = &s->zones[found];
                in->voxels++;
                if (distance[x] < in->distance) in->distance = distance[x];
            }
        }
    }
    return begun;
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    scratch *s = part->shared;
    rad_status status = RAD_OK;
    if (s->asked[DISTANCE]) status = rad_border_distance(s->border, s->roi, part->flat, &s->distance, error);
    if (status != RAD_OK) return status;
    const uint32_t begun = find_zones(part, s);
    for (uint32_t z = 1; z <= begun; z++) {
        if (s->zones[z].parent != z) continue;
        if (s->asked[SIZE]) rad_tally_add(&s->tally[SIZE], s->zones[z].level, s->zones[z].voxels, 1);
        if (s->asked[DISTANCE])
            rad_tally_add(&s->tally[DISTANCE], s->zones[z].level, s->zones[z].distance, 1);
    }
    if (s->asked[SIZE]) status = rad_tally_collect(&s->tally[SIZE], &matrices[SIZE], error);
    if (status == RAD_OK && s->asked[DISTANCE])
        status = rad_tally_collect(&s->tally[DISTANCE], &matrices[DISTANCE], error);
    return status;
}

static rad_status evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    (void)levels;
    return rad_texture_evaluate(matrix, pass.families[kind], out, error);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_levels *l = input->levels;
    const size_t count = l->size[0] * l->size[1] * l->size[2];
    if (count > UINT32_MAX)
        return rad_fail(error, RAD_CONFIG,
                        "the box of the ROI has %zu voxels; zones can have at most %u; use a coarser spacing",
                        count, UINT32_MAX);
    rad_border own;
    scratch s = {.roi = input->roi,
                 .border = input->border ? input->border : &own,
                 .asked = {out[SIZE] != NULL, out[DISTANCE] != NULL}};
    const rad_builder builder = {.reach = 1, .kinds = 2, .build = build, .evaluate = evaluate, .shared = &s};
    s.zone_of = rad_new(l->size[0] * l->size[1], 2 * sizeof *s.zone_of, error);
    s.alike = rad_new(l->size[0] + RAD_BLOCK, sizeof *s.alike, error);
    s.zones = rad_new_raw(l->voxels + 1, sizeof *s.zones, error);
    rad_border_begin(&own);
    rad_status status = s.zone_of && s.zones && s.alike ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && s.asked[SIZE]) status = rad_tally_make_sparse(&s.tally[SIZE], error);
    if (status == RAD_OK && s.asked[DISTANCE])
        status =
            rad_tally_make(l->count + 1, l->size[0] + l->size[1] + l->size[2], &s.tally[DISTANCE], error);
    if (status == RAD_OK) status = rad_aggregate(&builder, input, pass.families, out, error);
    rad_tally_free(&s.tally[SIZE]);
    rad_tally_free(&s.tally[DISTANCE]);
    rad_free(s.zone_of);
    rad_free(s.zones);
    rad_border_end(&own);
    rad_free(s.alike);
    return status;
}

static const rad_pass pass = {"GLSZM and GLDZM", RAD_TEXTURE_LEVELS, {&rad_family_szm, &rad_family_dzm}, run};
