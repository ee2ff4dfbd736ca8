/* What a filter is: one row, in a file of its own, which holds its word, its options, its reach and its
 * function.
 *
 * A filter takes a field (the intensities of a grid) and makes a response map of the same size. */
#ifndef RAD_FILTER_H
#define RAD_FILTER_H

#include "../core/geometry.h"
#include "filter_options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rad_shared; /* shared.h */

typedef struct rad_field {
    size_t size[3];
    double spacing[3]; /* mm */
    double *data;      /* x fastest */
    bool single;       /* of an image in single precision */
    bool whole;        /* of an image whose type has whole numbers only, */
    double ends[2];    /* from the one to the other */
    rad_box wanted;    /* voxels whose response counts, others may stay undefined; all where it is empty */
    struct rad_shared *shared; /* what filters of the same field leave for each other, or NULL */
} rad_field;

size_t rad_field_count(const rad_field *field);

/* The voxels whose response counts. */
rad_box rad_field_wanted(const rad_field *field);

/* A response depends on all voxels of the axis. */
#define RAD_REACH_ALL SIZE_MAX

/* The reach of a filter whose responses depend on the whole field. */
rad_status rad_reach_all(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                         rad_error *error);

/* Precision of response maps: double, single, that of the field. */
typedef enum rad_gives { RAD_GIVES_DOUBLE, RAD_GIVES_SINGLE, RAD_GIVES_ALIKE } rad_gives;

typedef struct rad_filter {
    const char *name;
    const char *code; /* IBSI identifier, "" where there is none */
    const char *help;
    /* Words of its options, in the order of errors: those that are part of the name of every map, and those
     * that are where they differ from their default. */
    const char *named, *others;
    const rad_key *const *keys; /* of these options, in the order of tables; the last one is NULL */
    /* Checks the options, and adds to reach (which comes in as 0) the voxels on either side of a voxel that
     * its response depends on. NULL: on the voxel alone, and all options are allowed. */
    rad_status (*reach)(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error);
    /* out has the size of the field; it may not overlap it, and is of rad_new: until the response is there,
     * and beside what is wanted, it may hold anything. The options have passed `reach`. */
    rad_status (*run)(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error);
    /* What a map of that name would not tell by itself, or NULL. */
    void (*warn)(const rad_filter_options *options, const char *name, const double spacing[3],
                 rad_warnings *warnings);
    bool (*flat)(const rad_filter_options *options); /* slice by slice? NULL: where dimension is 2 */
    /* Why there is no map of a grid of that size, or NULL. */
    const char *(*unfit)(const rad_filter_options *options, const size_t size[3], const double spacing[3]);
    rad_gives gives; /* precision of its maps */
} rad_filter;

/* All filters; the last one is NULL. */
extern const rad_filter *const rad_filters[];

/* The filter of that name, or NULL. */
const rad_filter *rad_filter_find(const char *name);

/* The options of a filter as they are when nobody sets them. */
void rad_filter_default(const rad_filter *filter, rad_filter_options *options);

/* Does the filter go slice by slice? */
bool rad_filter_is_flat(const rad_filter_options *options);

/* What a response map of that name would not tell by itself: a Gaussian that is narrower than the voxels, a
 * kernel that reaches further than the whole grid. */
rad_status rad_filter_warn(const rad_filter_options *options, const char *name, const rad_geometry *grid,
                           rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Checks the options; reach as in the row. */
rad_status rad_filter_reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                            rad_error *error) RAD_MUST_CHECK;

/* Checks the options and runs the filter. */
rad_status rad_filter_run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
