/* Sums of ranks that cannot be. */
#include "plausible.h"

#include "../ranked.h"

#include <math.h>

/* Ranks of all are those of 1 to n; those of n of them lie between those of the first and of the last n. */
static rad_status judge_group(const rad_judging *j, size_t v, size_t factor, const rad_exact *cell) {
    const size_t at = rad_ranked_group(j->study, factor), levels = j->study->factors[factor].levels;
    const char *name = j->site->variables[v].name, *group = j->study->factors[factor].name;
    double all = 0, sum = 0;
    for (size_t k = 0; k <= 2 * levels; k++)
        if (!rad_exact_is_whole(&cell[at + k]) || rad_exact_sign(&cell[at + k]) < 0)
            return rad_plausible_fail(j, name, "its ranks by %.60s are no whole numbers", group);
    for (size_t l = 0; l < levels; l++) all += rad_exact_double(&cell[at + 2 * l]);
    const double ties = rad_exact_double(&cell[at + 2 * levels]);
    if (all > rad_exact_double(cell) || ties > all * all * all)
        return rad_plausible_fail(j, name, "its groups of %.60s have more patients than it has", group);
    for (size_t l = 0; l < levels; l++) {
        const double n = rad_exact_double(&cell[at + 2 * l]), ranks = rad_exact_double(&cell[at + 2 * l + 1]);
        sum += ranks;
        if (ranks < n * (n + 1) || ranks > n * (2 * all - n + 1))
            return rad_plausible_fail(j, name, "it has ranks of %.60s that lie beyond all", group);
    }
    if (sum != all * (all + 1))
        return rad_plausible_fail(j, name, "its ranks by %.60s are not those of all patients", group);
    return RAD_OK;
}

rad_status rad_plausible_ranks(const rad_judging *j) {
    const rad_blocks *b = &j->site->blocks[RAD_RANKS];
    rad_status status = RAD_OK;
    for (size_t v = 0; v < j->site->count && b->cells && status == RAD_OK; v++)
        for (size_t f = 0; f < j->study->factor_count && b->shown[v] && status == RAD_OK; f++)
            if (j->study->factors[f].group) status = judge_group(j, v, f, b->sums + v * b->cells);
    return status;
}
