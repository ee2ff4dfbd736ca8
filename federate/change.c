#include "change.h"

static size_t stride(const rad_study *s) {
    return 1 + 2 * (s->occasion_count ? s->occasion_count - 1 : 0);
}

size_t rad_change_level(const rad_study *s, size_t factor, size_t level) {
    size_t levels = level;
    for (size_t f = 0; f < factor; f++) levels += s->changes_by[f] ? s->factors[f].levels : 0;
    return 1 + levels * stride(s);
}

size_t rad_change_cells(const rad_study *s) {
    return rad_change_level(s, s->factor_count, 0);
}

rad_moments rad_change_moments(const rad_summary *summary, const rad_study *s, size_t variable, size_t factor,
                               size_t level, size_t occasion) {
    const rad_blocks *b = &summary->blocks[RAD_CHANGE];
    if (!b->cells || !b->shown[variable]) return (rad_moments){.powers = 0};
    const rad_exact *of = &b->sums[variable * b->cells + rad_change_level(s, factor, level)];
    return (rad_moments){.powers = 2,
                         .n = (uint64_t)rad_exact_double(&of[0]),
                         .sum = {of[2 * occasion - 1], of[2 * occasion]}};
}
