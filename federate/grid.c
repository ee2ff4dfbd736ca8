#include "grid.h"

#include <math.h>
#include <string.h>

/* Features that their definition bounds, by the start of their tag. */
static const struct {
    const char *tag;
    double from, to;
} bounded[] = {
    {"morph_sphericity", 0, 1},
    {"morph_comp_1", 0, 0.0625},
    {"morph_comp_2", 0, 1},
    {"morph_pca_elongation", 0, 1},
    {"morph_pca_flatness", 0, 1},
    {"morph_vol_dens_", 0, 2},
    {"morph_moran_i", -1, 1},

    {"ih_qcod", 0, 1},
    {"ih_uniformity", 0, 1},
    {"ivh_v10", 0, 1},
    {"ivh_v90", 0, 1},
    {"ivh_diff_v10_v90", 0, 1},
    {"cm_joint_max", 0, 1},
    {"cm_energy", 0, 1},
    {"cm_inv_diff", 0, 1},
    {"cm_corr", -1, 1},
    {"cm_info_corr1", -1, 0},
    {"cm_info_corr2", 0, 1},
    {"rlm_sre", 0, 1},
    {"rlm_glnu_norm", 0, 1},
    {"rlm_rlnu_norm", 0, 1},
    {"rlm_r_perc", 0, 1},
    {"szm_sze", 0, 1},
    {"szm_glnu_norm", 0, 1},
    {"szm_zsnu_norm", 0, 1},
    {"szm_z_perc", 0, 1},
    {"dzm_sde", 0, 1},
    {"dzm_glnu_norm", 0, 1},
    {"dzm_zdnu_norm", 0, 1},
    {"dzm_z_perc", 0, 1},
    {"ngl_lde", 0, 1},
    {"ngl_glnu_norm", 0, 1},
    {"ngl_dcnu_norm", 0, 1},
    {"ngl_dc_perc", 0, 1},
    {"ngl_dc_energy", 0, 1},
};

rad_grid rad_grid_default(const char *tag) {
    for (size_t i = 0; i < sizeof bounded / sizeof bounded[0]; i++)
        if (!strncmp(tag, bounded[i].tag, strlen(bounded[i].tag)))
            return (rad_grid){
                .kind = RAD_GRID_LINEAR, .from = bounded[i].from, .to = bounded[i].to, .cells = 254};
    return (rad_grid){.kind = RAD_GRID_RELATIVE, .bits = 7};
}

uint32_t rad_grid_cells(const rad_grid *g) {
    return g->kind == RAD_GRID_RELATIVE ? (uint32_t)1 << (12 + g->bits) : g->cells + 2;
}

/* Bits of a double, in the order of the values. */
static uint64_t order_of(double x) {
    uint64_t bits;
    const double positive_zero = x + 0.0;
    memcpy(&bits, &positive_zero, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

uint32_t rad_grid_cell(const rad_grid *g, double x) {
    if (g->kind == RAD_GRID_RELATIVE) return (uint32_t)(order_of(x) >> (52 - g->bits));
    if (x < g->from) return 0;
    if (x >= g->to) return g->cells + 1;
    const double at = (x - g->from) / (g->to - g->from) * g->cells;
    uint32_t cell = at >= g->cells ? g->cells : (uint32_t)at + 1;
    while (cell > 1 && x < rad_grid_edge(g, cell)) cell--; /* the division may round across an edge */
    while (cell < g->cells && x >= rad_grid_edge(g, cell + 1)) cell++;
    return cell;
}

double rad_grid_edge(const rad_grid *g, uint32_t cell) {
    if (g->kind == RAD_GRID_LINEAR) {
        if (!cell) return -INFINITY;
        if (cell > g->cells + 1) return INFINITY;
        return cell == g->cells + 1 ? g->to : g->from + (g->to - g->from) * (cell - 1) / g->cells;
    }
    const uint64_t order = (uint64_t)cell << (52 - g->bits), half = (uint64_t)1 << 63;
    if (cell >> (12 + g->bits)) return INFINITY;
    const uint64_t bits = order >= half ? order - half : (half - order) | half;
    double edge;
    memcpy(&edge, &bits, sizeof edge);
    return isnan(edge) ? order >= half ? INFINITY : -INFINITY : edge + 0.0;
}

/* cell[0..count) lie in first..end: one interval, or two where an edge leaves enough on both sides. The
 * coarsest such edge is the one with the most zero bits between a and b. */
static size_t count_between(uint32_t first, uint32_t end, const uint32_t *cell, size_t count, size_t least,
                            rad_grid_count *out) {
    if (count >= 2 * least && cell[least - 1] < cell[count - least]) {
        const uint32_t a = cell[least - 1], b = cell[count - least];
        const uint32_t edge = b >> (31 - __builtin_clz(a ^ b)) << (31 - __builtin_clz(a ^ b));
        size_t left = least; /* the first value that is not left of the edge */
        while (cell[left] < edge) left++;
        const size_t used = count_between(first, edge, cell, left, least, out);
        return used + count_between(edge, end, cell + left, count - left, least, out + used);
    }
    *out = (rad_grid_count){first, end, count};
    return 1;
}

/* Cell by cell, without a minimum. */
static size_t count_each(const uint32_t *cell, size_t count, rad_grid_count *out) {
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (used && out[used - 1].first == cell[i])
            out[used - 1].count++;
        else
            out[used++] = (rad_grid_count){cell[i], cell[i] + 1, 1};
    return used;
}

size_t rad_grid_count_cells(const rad_grid *g, const uint32_t *cell, size_t count, size_t least,
                            rad_grid_count *out) {
    if (!least) return count_each(cell, count, out);
    if (count < least) return 0;
    const uint32_t cells = rad_grid_cells(g);
    if (count < 2 * least) { /* the least-th value from one end is too near the other */
        *out = (rad_grid_count){0, cells, count};
        return 1;
    }
    const uint32_t low = cell[least - 1], high = cell[count - least];
    uint32_t step = (uint32_t)1 << g->bits;
    while (g->kind == RAD_GRID_LINEAR && step * 8 < cells) step *= 2;
    uint32_t first = low / step * step, end = (high / step + 1) * step;
    if (g->kind == RAD_GRID_LINEAR && low && !first) first = 1; /* the ends of the grid are public */
    if (g->kind == RAD_GRID_LINEAR && high < cells - 1 && end > cells - 1) end = cells - 1;
    return count_between(first, end < cells ? end : cells, cell, count, least, out);
}

bool rad_grid_counts_fit(const rad_grid *g, const rad_grid_count *counts, size_t count) {
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts[i].count || counts[i].first < next || counts[i].end <= counts[i].first) return false;
        next = counts[i].end;
    }
    return next <= rad_grid_cells(g);
}
