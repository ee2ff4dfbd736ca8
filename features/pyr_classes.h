/* PyRadiomics' feature classes, by its definitions: their matrices are counted by direction, levels that do
 * not occur are no rows, and formulas have its rules for what divides by zero. docs/pyradiomics.md. */
#ifndef RAD_PYR_CLASSES_H
#define RAD_PYR_CLASSES_H

#include "feature.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const rad_family rad_family_pyr_firstorder;
extern const rad_family rad_family_pyr_glcm;
extern const rad_family rad_family_pyr_gldm;
extern const rad_family rad_family_pyr_glrlm;
extern const rad_family rad_family_pyr_glszm;
extern const rad_family rad_family_pyr_ngtdm;
extern const rad_family rad_family_pyr_shape;
extern const rad_family rad_family_pyr_shape2D;

/* By RAD_PYR_...; the last one is NULL. Tags are class_Feature: "glcm_Contrast". */
extern const rad_family *const rad_pyr_classes[RAD_PYR_CLASSES + 1];

/* The features that are on by default, as bits: all but those that are deprecated. */
uint32_t rad_pyr_standard(int class_index);

/* The bit of a feature by its name without the class, or -1. */
int rad_pyr_find(int class_index, const char *feature);

/* log2(p + 2^-52), as there. */
double rad_pyr_log2(double p);

/* Mean over directions of the values that are numbers. */
typedef struct rad_pyr_mean {
    double sum;
    size_t count;
} rad_pyr_mean;
void rad_pyr_mean_add(rad_pyr_mean *mean, double value);
rad_value rad_pyr_mean_value(const rad_pyr_mean *mean);

/* A step from a voxel to a neighbour. */
typedef struct rad_pyr_step {
    int at[3];      /* voxels along x, y, z */
    ptrdiff_t jump; /* in the level volume */
} rad_pyr_step;

/* Levels with room around them for every step, and the steps. */
typedef struct rad_pyr_grid {
    const rad_levels *levels; /* own, where steps are longer than its margin */
    rad_levels wide;
    rad_pyr_step *step; /* owned; those whose last coordinate that is not 0 is above 0 come first */
    size_t steps;       /* of one direction each; as many again, turned round, follow */
} rad_pyr_grid;

/* distances: bit d. */
rad_status rad_pyr_grid_make(const rad_levels *levels, const rad_pyr_settings *settings, uint32_t distances,
                             rad_pyr_grid *grid, rad_error *error) RAD_MUST_CHECK;
void rad_pyr_grid_free(rad_pyr_grid *grid);

/* Length of a step in mm by the norm of the weighting; 1 where directions count alike. */
double rad_pyr_length(const rad_pyr_step *step, const double spacing[3], int weighting);

/* A cell of a matrix: level i, and what is counted beside it. */
typedef struct rad_pyr_cell {
    uint32_t i, j;
    double n;
} rad_pyr_cell;

typedef struct rad_pyr_cells {
    rad_pyr_cell *row; /* owned; ascending i, then j */
    size_t count, room;
} rad_pyr_cells;

struct rad_matrix;
/* Adds a matrix of counts times a weight; rad_pyr_cells_join then sorts, and joins equal cells. */
rad_status rad_pyr_cells_add(rad_pyr_cells *cells, const struct rad_matrix *matrix, double weight,
                             rad_error *error) RAD_MUST_CHECK;
void rad_pyr_cells_join(rad_pyr_cells *cells);
void rad_pyr_cells_free(rad_pyr_cells *cells);

/* The matrices of another family's pass (rlm, szm, ngl, cm), whose walks are made for neighbours at distance
 * 1 in space or in slices across z; false where the settings ask for others. `families`: of the pass. */
bool rad_pyr_has_walk(const rad_pyr_settings *settings, uint32_t distances);
rad_status rad_pyr_walk(const rad_feature_input *input, const rad_family *family, const rad_matrix_view *view,
                        rad_error *error) RAD_MUST_CHECK;

/* What the matrices of runs, zones and dependences have in common. */
enum {
    RAD_PYR_SHORT,
    RAD_PYR_LONG,
    RAD_PYR_LOW,
    RAD_PYR_HIGH,
    RAD_PYR_SHORT_LOW,
    RAD_PYR_SHORT_HIGH,
    RAD_PYR_LONG_LOW,
    RAD_PYR_LONG_HIGH,
    RAD_PYR_LEVELS_UNEVEN,
    RAD_PYR_LEVELS_UNEVEN_NORMALISED,
    RAD_PYR_SIZES_UNEVEN,
    RAD_PYR_SIZES_UNEVEN_NORMALISED,
    RAD_PYR_SHARE, /* of all counts in the sum of sizes */
    RAD_PYR_LEVEL_VARIANCE,
    RAD_PYR_SIZE_VARIANCE,
    RAD_PYR_ENTROPY,
    RAD_PYR_SIZE_FEATURES
};

/* All of these from cells that are joined; NaN where there is none. */
rad_status rad_pyr_sizes(const rad_pyr_cells *cells, double out[RAD_PYR_SIZE_FEATURES],
                         rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
