#include "feature.h"

#include "families.h"

static const rad_aggregation volume[] = {{"", "DHQ4", "3D", RAD_3D}};
static const rad_aggregation direction[] = {
    [RAD_2D_AVG] = {"2D_avg", "BTW3", "2D, averaged", RAD_2D},
    [RAD_2D_COMB] = {"2D_comb", "SUJT", "2D, slice-merged", RAD_2D},
    [RAD_2_5D_AVG] = {"2_5D_avg", "JJUI", "2.5D, direction-merged", RAD_2_5D},
    [RAD_2_5D_COMB] = {"2_5D_comb", "ZW7Z", "2.5D, merged", RAD_2_5D},
    [RAD_3D_AVG] = {"3D_avg", "ITBB", "3D, averaged", RAD_3D},
    [RAD_3D_COMB] = {"3D_comb", "IAZD", "3D, merged", RAD_3D},
};
static const rad_aggregation neighbourhood[] = {
    [RAD_SLICES] = {"2D", "8QNN", "2D", RAD_2D},
    [RAD_SLICES_MERGED] = {"2_5D", "62GR", "2.5D", RAD_2_5D},
    [RAD_VOLUME] = {"3D", "KOBO", "3D", RAD_3D},
};

#define ROWS(table)                                                                                          \
    { table, sizeof table / sizeof table[0] }
const rad_aggregations rad_by_volume = ROWS(volume);
const rad_aggregations rad_by_direction = ROWS(direction);
const rad_aggregations rad_by_neighbourhood = ROWS(neighbourhood);

const rad_pass *const rad_passes[] = {
    &rad_pass_morphology, &rad_pass_local_intensity,
    &rad_pass_statistics, &rad_pass_histogram,
    &rad_pass_ivh,        &rad_pass_glcm,
    &rad_pass_glrlm,      &rad_pass_zones,
    &rad_pass_neighbours,
};
const size_t rad_pass_count = sizeof rad_passes / sizeof rad_passes[0];
