/* A label volume and what is in it. Label 0 is background; every other whole number is one ROI. */
#ifndef RAD_MASK_H
#define RAD_MASK_H

#include "volume.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_label {
    int64_t value;
    size_t voxels; /* may be 0 for a label that has a name */
    rad_box box;   /* bounding box in voxels of the mask */
    char *name;    /* of the ROI; NULL: it has none but its number. owned */
    char *fault;   /* why the ROI cannot be used, or NULL; owned */
} rad_label;

/* Voxels begin..end - 1 of a row have this label. */
typedef struct rad_run {
    int64_t label;
    uint32_t begin, end;
} rad_run;

/* Kept as runs of labels: memory goes with the surface of the ROIs, not with the image. */
typedef struct rad_mask {
    rad_volume volume; /* geometry, type, slope and intercept of the file; voxels only for rad_mask_index */
    size_t label_count;
    rad_label *labels; /* ascending values; owned */
    rad_run *runs;     /* row by row; runs of different labels may overlap; owned */
    size_t run_count, run_room;
    size_t *row_begin; /* first run of row y + size[1] * z, and the end of the last row; owned */
    size_t nan_voxels; /* of its rows: they are background */
    double rounded;    /* how far labels were from whole numbers, where that is more than 0.001; else 0 */
    double least; /* of fractions 0..1 in its rows: from which on a voxel is 1; 0: they are refused ... */
    bool partial; /* ... and are there fractions? */
    struct rad_census *census;
} rad_mask;

/* A mask comes in row by row, in memory order, between begin and end; mask->volume says how large it is and
 * what a row holds. Finds the labels, their voxel counts and boxes. Voxels must be whole numbers after slope
 * and intercept, to within 0.001 (programs that rescale when they save leave 1.00000006), of stored whole
 * numbers also to within half a slope of up to 0.1 (0, 1 and 2 in steps of 2/255 leave 0.996); NaN is
 * background, and counted; path names the file in errors. With `least`, numbers between 0 and 1 are
 * fractions: 1 from it on, also within 0.001 of 0, else 0; other labels than 1 are then refused. Errors:
 * RAD_UNREADABLE for a fraction, a value beyond 2^62 or more than 65,536 labels. */
rad_status rad_mask_begin(rad_mask *mask, rad_error *error) RAD_MUST_CHECK;
rad_status rad_mask_add_row(rad_mask *mask, const void *voxels, size_t y, size_t z, const char *path,
                            rad_error *error) RAD_MUST_CHECK;
rad_status rad_mask_end(rad_mask *mask, rad_error *error) RAD_MUST_CHECK;

/* Labels of a row as they were meant, in place: whole numbers, and 0 for NaN, which is counted. Errors as of
 * rad_mask_add_row. */
rad_status rad_mask_round(rad_mask *mask, double *row, size_t y, size_t z, const char *path,
                          rad_error *error) RAD_MUST_CHECK;

/* Of a mask whose rows are in. RAD_UNREADABLE: labels beside fractions. */
rad_status rad_mask_check(const rad_mask *mask, const char *path, rad_error *error) RAD_MUST_CHECK;

/* Of a mask whose rows are in: how many voxels are NaN, whether there were fractions. */
void rad_mask_warn(const rad_mask *mask, const char *path, rad_warnings *warnings);

/* In place of rows, runs in any order: voxels begin..end - 1 of row (y, z) have the label, which is not 0.
 * Runs of one label do not overlap. */
rad_status rad_mask_add_run(rad_mask *mask, int64_t label, size_t begin, size_t end, size_t y, size_t z,
                            rad_error *error) RAD_MUST_CHECK;

/* Between begin and end: a label that is listed even if it has no voxel. Name and fault may be NULL. */
rad_status rad_mask_add_label(rad_mask *mask, int64_t label, const char *name, const char *fault,
                              rad_error *error) RAD_MUST_CHECK;

/* All of these for the voxels in mask->volume. */
rad_status rad_mask_index(rad_mask *mask, const char *path, rad_error *error) RAD_MUST_CHECK;

/* The label of that value, or NULL. */
const rad_label *rad_mask_find(const rad_mask *mask, int64_t value);

/* out = 1 where the mask has the label, else 0, over the box. */
void rad_mask_crop(const rad_mask *mask, int64_t value, const rad_box *box, uint8_t *out);

/* Puts the mask on another grid by nearest neighbour (outside: 0), label by label. Labels that lose all
 * voxels are gone, unless they have a name. */
rad_status rad_mask_resample(rad_mask *mask, const rad_geometry *grid, const char *path,
                             rad_error *error) RAD_MUST_CHECK;

/* Puts the axes of a mask, as its file stores them, into the order of rad_order_find. */
rad_status rad_mask_turn(rad_mask *mask, rad_error *error) RAD_MUST_CHECK;

/* The name of the label, or its number. Returns text. */
const char *rad_label_text(const rad_label *label, char *text, size_t length);

void rad_mask_free(rad_mask *mask);

#ifdef __cplusplus
}
#endif
#endif
