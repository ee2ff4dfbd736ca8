#include "families.h"

static const rad_aggregation volume[] = {{"", "DHQ4", "3D", RAD_3D, 0}};
static const rad_aggregation direction[] = {
    [RAD_2D_AVG] = {"2D_avg", "BTW3", "2D, averaged", RAD_2D, RAD_AVERAGED},
    [RAD_2D_COMB] = {"2D_comb", "SUJT", "2D, slice-merged", RAD_2D, RAD_MERGED},
    [RAD_2_5D_AVG] = {"2_5D_avg", "JJUI", "2.5D, direction-merged", RAD_2_5D, RAD_AVERAGED},
    [RAD_2_5D_COMB] = {"2_5D_comb", "ZW7Z", "2.5D, merged", RAD_2_5D, RAD_MERGED},
    [RAD_3D_AVG] = {"3D_avg", "ITBB", "3D, averaged", RAD_3D, RAD_AVERAGED},
    [RAD_3D_COMB] = {"3D_comb", "IAZD", "3D, merged", RAD_3D, RAD_MERGED},
};
static const rad_aggregation neighbourhood[] = {
    [RAD_SLICES] = {"2D", "8QNN", "2D", RAD_2D, 0},
    [RAD_SLICES_MERGED] = {"2_5D", "62GR", "2.5D", RAD_2_5D, 0},
    [RAD_VOLUME] = {"3D", "KOBO", "3D", RAD_3D, 0},
};

#define ROWS(table)                                                                                          \
    { table, sizeof table / sizeof table[0] }
const rad_aggregations rad_by_volume = ROWS(volume);
const rad_aggregations rad_by_direction = ROWS(direction);
const rad_aggregations rad_by_neighbourhood = ROWS(neighbourhood);

#define ROW(word)  &rad_family_##word,
#define WORD(word) #word,
const rad_family *const rad_families[] = {RAD_FAMILIES(ROW) NULL};
const char *const rad_family_words[] = {RAD_FAMILIES(WORD) NULL};
_Static_assert(sizeof rad_families / sizeof rad_families[0] <= 33, "a set of families is 32 bits");

unsigned rad_family_bit(const rad_family *family) {
    unsigned bit = 0;
    while (rad_families[bit] != family) bit++;
    return 1U << bit;
}

unsigned rad_families_default(bool of_maps) {
    unsigned families = 0;
    for (unsigned f = 0; rad_families[f]; f++)
        if (of_maps ? rad_families[f]->of_maps : rad_families[f]->of_original) families |= 1U << f;
    return families;
}

bool rad_families_have_texture(unsigned families) {
    for (unsigned f = 0; rad_families[f]; f++)
        if (families >> f & 1 && rad_families[f]->aggregations->count > 1) return true;
    return false;
}

void rad_families_margin(unsigned families, const double spacing[3], size_t margin[3]) {
    for (int a = 0; a < 3; a++) margin[a] = 0;
    for (unsigned f = 0; rad_families[f]; f++) {
        size_t own[3] = {0};
        if (!(families >> f & 1) || !rad_families[f]->margin) continue;
        rad_families[f]->margin(spacing, own);
        for (int a = 0; a < 3; a++) margin[a] = own[a] > margin[a] ? own[a] : margin[a];
    }
}
