/* One image series of DICOM files: its slices in order, their grid, and their voxels box by box. */
#ifndef RAD_SERIES_H
#define RAD_SERIES_H

#include "../../core/volume.h"
#include "even.h"
#include "flat.h"
#include "members.h"
#include "suv.h"
#include "volumes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_series {
    rad_folder folder;         /* the instances that planes point to */
    const rad_instance *first; /* the instance of the first slice */
    rad_plane *planes;         /* along the normal, owned */
    size_t plane_count;
    rad_between *between; /* slices of the grid, where planes are at uneven distances; else NULL; owned */
    size_t slices;        /* how many of them */
    rad_even even;        /* the same, for masks */
    rad_volumes volumes;  /* that its files hold at one place, of which planes are one */
    rad_volume
        header;    /* geometry (RAS), type, slope and intercept; no voxels. RAD_FLOAT64 where slices differ */
    rad_flat flat; /* where it is a picture without a place */
    rad_facts facts; /* modality, SUV */
} rad_series;

/* How a series is taken. */
typedef struct rad_series_options {
    const char *uid;    /* SeriesInstanceUID; NULL: the only one */
    const char *volume; /* of several at one place: a number, or ELEMENT=VALUE; NULL: the only one */
    rad_suv suv;        /* of PET */
    rad_suv_given suv_given;
    rad_flat_options flat;
    double tolerance; /* per cent by which distances of slices may differ ... */
    bool uneven;      /* ... before they are interpolated to even ones; false: refused */
    int threads;
} rad_series_options;

/* Opens a series of a folder or file. Slices are ordered by position along
 * the normal (row x column); the grid is right-handed in the patient's coordinates.
 * RAD_UNREADABLE: what rad_members_choose and rad_volumes_choose refuse; an element that is missing; mixed
 * orientations, sizes or spacings; slices at one position, missing slices, gaps that differ by more than the
 * tolerance (below: a warning), slices that shift sideways (gantry tilt; a little back and forth: a warning);
 * what rad_suv_factor refuses. */
rad_status rad_series_open(const char *path, const rad_series_options *options, rad_series *series,
                           rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Reads the voxels of a box; box NULL reads all. With an order, grid and box are those that the series has in
 * that order; NULL: columns, rows, slices. Only slices of the box are read and decoded, in parallel.
 * RAD_UNREADABLE: the first slice that cannot be read; those after it may be left out. */
rad_status rad_series_read(const rad_series *series, const rad_order *order, const rad_box *box, int threads,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Of interpolated slices: the largest distance of planes, in slices of the grid; else 0. */
double rad_series_widest(const rad_series *series);

void rad_series_free(rad_series *series);

/* The planes of these instances in order, and their grid, with the checks of rad_series_open. */
rad_status rad_series_arrange(const rad_instance *const *members, size_t count,
                              const rad_series_options *options, rad_series *series, rad_warnings *warnings,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
