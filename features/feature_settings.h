/* What features are computed, and how. */
#ifndef RAD_FEATURE_SETTINGS_H
#define RAD_FEATURE_SETTINGS_H

#include "../core/discretise.h"
#include "../core/number.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bits of rad_feature_settings.dimensions. */
typedef enum rad_dimension { RAD_2D = 1, RAD_2_5D = 2, RAD_3D = 4 } rad_dimension;

/* Bits of rad_feature_settings.merging: what becomes of the matrices of several directions. Features of each
 * are averaged, or the matrices are merged before. */
typedef enum rad_merging { RAD_AVERAGED = 1, RAD_MERGED = 2 } rad_merging;

/* The furthest neighbours of texture that `distances` may name. */
enum { RAD_DISTANCE_MOST = 16 };

/* What a neighbour counts for by its distance d: all alike, exp(-d^2), 1/d. */
typedef enum rad_weighting { RAD_UNWEIGHTED, RAD_WEIGHTED_EXPONENTIAL, RAD_WEIGHTED_INVERSE } rad_weighting;
typedef enum rad_norm { RAD_NORM_EUCLIDEAN, RAD_NORM_MANHATTAN, RAD_NORM_CHEBYSHEV } rad_norm;

/* The classes of PyRadiomics, in the order of its names. */
enum {
    RAD_PYR_FIRSTORDER,
    RAD_PYR_GLCM,
    RAD_PYR_GLDM,
    RAD_PYR_GLRLM,
    RAD_PYR_GLSZM,
    RAD_PYR_NGTDM,
    RAD_PYR_SHAPE,
    RAD_PYR_SHAPE2D,
    RAD_PYR_CLASSES
};

/* How matrices of several directions become one (PyRadiomics' weightingNorm): not at all, all alike, or by
 * the length of the direction in mm. */
typedef enum rad_pyr_weighting {
    RAD_PYR_APART,
    RAD_PYR_ALIKE,
    RAD_PYR_MANHATTAN,
    RAD_PYR_EUCLIDEAN,
    RAD_PYR_INFINITY
} rad_pyr_weighting;

enum { RAD_PYR_DISTANCE_MAX = 16 };

/* What PyRadiomics' classes take. */
typedef struct rad_pyr_settings {
    uint32_t chosen[RAD_PYR_CLASSES];     /* bits of the features of each class; 0: not computed */
    unsigned char order[RAD_PYR_CLASSES]; /* of the classes in tables */
    uint32_t distances;                   /* bit d: neighbours at Chebyshev distance d */
    int weighting;                        /* rad_pyr_weighting */
    int flat;                             /* the axis that no neighbour lies along; -1: none */
    bool symmetric;                       /* co-occurrence counted both ways */
    int alike;                            /* difference of levels up to which neighbours depend */
    double shift;                         /* added to intensities that are squared */
} rad_pyr_settings;

typedef struct rad_feature_settings {
    rad_binnings discretisation; /* of histogram and texture */
    rad_binnings ivh;            /* one */
    rad_numbers percentiles;     /* family points: of the intensities, in per cent, */
    rad_numbers volume_at;       /* shares of the volume from these intensities on, */
    rad_numbers volume_at_part;  /* and from these parts of the range on, in per cent; */
    rad_numbers intensity_at;    /* intensities that these parts of the volume have at least, in per cent */
    rad_origin bin_origin;       /* of bins of a fixed size, of histogram and texture */
    unsigned dimensions;         /* of texture: rad_dimension bits */
    unsigned merging;            /* of its directions: rad_merging bits; 0: all */
    int glcm_distance;           /* Chebyshev, voxels */
    int ngtdm_distance;
    int ngldm_distance;
    bool directions;       /* families of directions are computed again for each of them in space, ... */
    int direction;         /* ... which is this one, from 1; 0: all of them */
    rad_numbers distances; /* at which families that reach are computed again, all of them, ... */
    rad_numbers glcm_distances, ngtdm_distances, ngldm_distances; /* ... or each at its own */
    int weighting;                        /* rad_weighting of directions where they are merged, ... */
    int ngtdm_weighting, ngldm_weighting; /* ... of neighbourhoods, ... */
    int norm;                             /* ... by the rad_norm of distances, ... */
    int weighted_in_voxels;               /* ... which are mm (0), or voxels (1) */
    double ngldm_coarseness;
    unsigned families; /* bits of rad_families */
    bool spatial;      /* Moran's I and Geary's C are part of the morphology */
    rad_pyr_settings pyr;
} rad_feature_settings;

#ifdef __cplusplus
}
#endif
#endif
