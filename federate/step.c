#include "step.h"

#include <math.h>
#include <string.h>

/* Features whose usual deviation is far from 1: their step is 2^power. Others have 2^-16, which resolves a
 * deviation of 0.0003, and counts up to 2^28. */
static const struct {
    const char *tag;
    int power;
} scales[] = {
    {"morph_integ_int", -8}, {"stat_var", -12},  {"stat_energy", 0}, {"cm_clust_prom", -8},
    {"rlm_lgre", -30},       {"rlm_srlge", -30}, {"rlm_lrlge", -30}, {"szm_lze", -8},
    {"szm_lgze", -30},       {"szm_szlge", -30}, {"szm_lzlge", -16}, {"szm_lzhge", 0},
    {"szm_zs_var", -8},      {"dzm_lgze", -30},  {"dzm_sdlge", -30}, {"dzm_ldlge", -30},
    {"ngl_lgce", -30},       {"ngl_ldlge", -30}, {"ngl_hdlge", -30}, {"ngt_coarseness", -30},
};
enum { USUAL = -16, LOGARITHM = -16, RANGE = -20 };

int rad_step_power(double step) {
    int power;
    frexp(step, &power);
    return power - 1;
}

/* Is the tag a part of the name, between underscores or its ends? */
static bool has_tag(const char *name, const char *tag) {
    const size_t length = strlen(tag);
    for (const char *at = strstr(name, tag); at; at = strstr(at + 1, tag))
        if ((at == name || at[-1] == '_') && (!at[length] || at[length] == '_')) return true;
    return false;
}

int rad_step_default(const char *name, bool logarithm, const rad_grid *grid) {
    if (grid && grid->kind == RAD_GRID_LINEAR) {
        const int power = rad_step_power(grid->to - grid->from) + RANGE;
        return power < RAD_STEP_LEAST ? RAD_STEP_LEAST : power > RAD_STEP_MOST ? RAD_STEP_MOST : power;
    }
    if (logarithm) return LOGARITHM;
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
        if (has_tag(name, scales[i].tag)) return scales[i].power;
    return USUAL;
}

double rad_step_rounded(double x, int power) {
    return isfinite(x) ? ldexp(nearbyint(ldexp(x, -power)), power) + 0.0 : x;
}

bool rad_step_holds(const rad_exact *sum, int power, int order) {
    return rad_exact_last(sum) >= power * order;
}

int32_t rad_step_limb(int power, int order) {
    const int bit = power * order;
    return bit >= 0 ? bit / 64 : -((63 - bit) / 64);
}
