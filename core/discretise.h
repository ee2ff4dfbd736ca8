/* Grey levels of a ROI (IBSI 4R0B). */
#ifndef RAD_DISCRETISE_H
#define RAD_DISCRETISE_H

#include "roi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_binning {
    RAD_BIN_NONE = 0, /* intensities are grey levels already: whole numbers from 1 */
    RAD_BIN_FBS,      /* fixed bin size, Q3RU */
    RAD_BIN_FBN,      /* fixed bin number, K15C */
    RAD_BIN_WIDTH,    /* edges at multiples of the width, as PyRadiomics has them */
    RAD_BIN_COUNT     /* a number of bins, the edges those of PyRadiomics */
} rad_binning;

/* Where level 1 of bins of a fixed size begins: at the lower bound of the re-segmentation range, or the ROI
 * minimum where there is none; at the ROI minimum; at the multiple of the width that is next below it; at a
 * number. */
typedef enum rad_origins {
    RAD_ORIGIN_RANGE,
    RAD_ORIGIN_MINIMUM,
    RAD_ORIGIN_ZERO,
    RAD_ORIGIN_NUMBER
} rad_origins;

typedef struct rad_origin {
    int from; /* rad_origins */
    double number;
} rad_origin;

typedef struct rad_discretisation {
    rad_binning binning;
    double amount;     /* FBS, width: bin width in intensity units; FBN, count: number of bins */
    rad_origin origin; /* of FBS */
} rad_discretisation;

enum { RAD_DISCRETISATIONS_MAX = 16 };

typedef struct rad_binnings {
    size_t count;
    rad_discretisation row[RAD_DISCRETISATIONS_MAX];
} rad_binnings;

/* "none", "fbs25", "fbs2.5", "fbn32", "width25", "count32": the same word in settings and in column names. */
const char *rad_discretisation_name(rad_discretisation discretisation, char *text, size_t length);

/* The same word read; false: it is none. */
bool rad_discretisation_read(const char *word, rad_discretisation *discretisation);

enum { RAD_LEVELS_MAX = 65535, RAD_LEVELS_FEW = 4 };

/* Levels over the inner box of the ROI (bounding box of the morphological mask), padded by one voxel of 0 on
 * each side, so that neighbours need no bounds test. */
typedef struct rad_levels {
    size_t size[3];       /* padded: inner size + 2; voxel (x,y,z) of the inner box is at (x+1,y+1,z+1) */
    uint16_t *level;      /* 0 outside the intensity mask, else 1..count; x fastest; a block more (simd.h) */
    uint32_t count;       /* N_g: the highest level in the ROI */
    uint32_t lowest;      /* the lowest level in the ROI */
    size_t voxels;        /* N_v of the intensity mask */
    double origin;        /* lower edge of level 1 */
    double width;         /* bin width in intensity units */
    double top;           /* upper end of the range that was discretised: the range's, or the ROI's maximum */
    double low, high;     /* intensities of the ROI */
    unsigned different;   /* levels that occur, counted up to RAD_LEVELS_FEW */
    uint32_t (*spans)[2]; /* of each row: the part that has levels, begin == end for none; NULL: not known */
} rad_levels;

/* Discretises the intensity mask of the ROI.
 *   FBS: level = floor((X - X_min) / w) + 1, X_min the origin; from zero as width.
 *   FBN: level = floor(N (X - X_min) / (X_max - X_min)) + 1, the maximum in level N; a flat ROI is level 1.
 *   width: level = floor(X / w) - floor(X_min / w) + 1, X_min the ROI minimum.
 *   count: as FBN, but a level begins where rounding puts its edge, in single precision for images that have
 *        it.
 *   none: the intensities must be whole numbers in 1..65535.
 * An empty intensity mask gives voxels = 0. Errors: RAD_CONFIG when more than RAD_LEVELS_MAX levels would be
 * needed, `none` meets an intensity that is no grey level, or an intensity lies below the origin; `what`
 * names the case in the message. */
rad_status rad_discretise(const rad_roi *roi, rad_discretisation discretisation, const char *what,
                          rad_levels *levels, rad_error *error) RAD_MUST_CHECK;

/* The same, of a ROI whose extremes are known. */
rad_status rad_discretise_within(const rad_roi *roi, const double extremes[2],
                                 rad_discretisation discretisation, const char *what, rad_levels *levels,
                                 rad_error *error) RAD_MUST_CHECK;

/* Are there fewer than RAD_LEVELS_FEW levels, though the discretisation allows them? Textures say little
 * then. */
bool rad_levels_are_few(const rad_levels *levels, rad_discretisation discretisation);

/* The part of a row of the padded volume that reaches from its first voxel in the ROI past its last one;
 * false when none is. */
bool rad_levels_span(const rad_levels *levels, size_t y, size_t z, size_t *begin, size_t *end);

/* Voxels along the longest side of the padded volume. */
size_t rad_levels_longest(const rad_levels *levels);

/* The levels with more padding, for neighbours further away than one voxel. */
rad_status rad_levels_widen(const rad_levels *levels, size_t padding, rad_levels *wide,
                            rad_error *error) RAD_MUST_CHECK;

void rad_levels_free(rad_levels *levels);

#ifdef __cplusplus
}
#endif
#endif
