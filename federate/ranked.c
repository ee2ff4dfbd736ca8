#include "ranked.h"

static size_t cells_of(const rad_factor *f) {
    return f->group ? 2 * f->levels + 1 : 0;
}

size_t rad_ranked_group(const rad_study *s, size_t factor) {
    size_t at = 1;
    for (size_t f = 0; f < factor; f++) at += cells_of(&s->factors[f]);
    return at;
}

size_t rad_ranked_cells(const rad_study *s) {
    return rad_ranked_group(s, s->factor_count);
}

size_t rad_ranked_ties(const rad_study *s, size_t factor) {
    return rad_ranked_group(s, factor) + 2 * s->factors[factor].levels;
}
