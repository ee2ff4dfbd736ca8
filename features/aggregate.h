/* From levels to feature values under every aggregation (IBSI 5QB6). A family brings two functions: one that
 * counts the matrices of a part of the ROI (one slice, or all), one that evaluates a matrix. */
#ifndef RAD_AGGREGATE_H
#define RAD_AGGREGATE_H

#include "feature.h"
#include "matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_DIRECTIONS_MAX = 13, RAD_MATRICES_MAX = 26 };

/* Half of the 26 neighbours of a voxel, all of them earlier in memory order; the first four lie in the slice.
 */
extern const int rad_directions[RAD_DIRECTIONS_MAX][3];

/* A part of the padded level volume. */
typedef struct rad_part {
    const rad_levels *levels;
    const rad_feature_settings *settings;
    size_t pad;        /* voxels of padding on each side, at least the reach of a neighbour */
    size_t begin, end; /* slices, in padded indices */
    bool flat;         /* neighbours lie in the slice only */
    size_t directions; /* 4 or 13 for families with directions, else 1 */
    bool merged;       /* nobody asks for one of them: they are counted together, in one matrix */
    double voxels;     /* in the part */
    void *shared;      /* of the family's builder */
} rad_part;

/* Matrices of each kind. */
static inline size_t rad_part_matrices(const rad_part *part) {
    return part->merged ? 1 : part->directions;
}

typedef struct rad_builder {
    size_t reach;     /* padding that neighbours need */
    int stride;       /* of directional: voxels from one to the next in a direction */
    bool directional; /* one matrix per direction? */
    bool merges;      /* or one of all, where the part says merged? */
    size_t kinds;     /* families that are counted together: 1 or 2 */
    /* Counts matrices[kind * directions + direction] of the part, or matrices[kind] where they are merged;
     * they come in cleared. */
    rad_status (*build)(const rad_part *part, rad_matrix *matrices, rad_error *error);
    /* Fills one value per feature of family `kind` from a matrix. */
    rad_status (*evaluate)(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error);
    /* Or, of one directional family, values without matrices: of directions first..end - 1 of the part,
     * merged. NULL: build and evaluate. */
    rad_status (*measure)(const rad_part *part, size_t first, size_t end, rad_value *out, rad_error *error);
    void *shared;
} rad_builder;

/* Fills out[kind] for the dimensions that the settings ask for; the families of the pass must have the
 * aggregations rad_by_direction (directional) or rad_by_neighbourhood. Averages skip undefined values. */
rad_status rad_aggregate(const rad_builder *builder, const rad_feature_input *input,
                         const rad_family *const families[RAD_PASS_FAMILIES],
                         rad_value *const out[RAD_PASS_FAMILIES], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
