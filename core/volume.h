/* An image as the file holds it: geometry and voxels in the file's own type. Voxels become doubles when a box
 * is cut out of the volume. */
#ifndef RAD_VOLUME_H
#define RAD_VOLUME_H

#include "order.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_volume {
    rad_geometry geometry;
    rad_type type;
    double slope, intercept; /* intensity = slope * voxel + intercept; 1 and 0 where the file gives none */
    rad_box held;            /* the part that voxels hold; all of the grid where it is empty */
    rad_order order;         /* of the file that it was read from */
    bool singles;            /* what rescales voxels of the format gives floats: ITK's reader of NIfTI */
    double ends[2];          /* of the type of whole numbers that doubles are of; 0 and 0: of none */
    bool fills;              /* `fill` is seen in place of NaN and infinity */
    double fill;
    bool pads; /* intensities from pad[0] to pad[1] stand for voxels that were not measured */
    double pad[2];
    void *voxels;  /* one element per voxel held, host byte order; owned, from rad_new, ... */
    bool borrowed; /* ... unless they are the caller's, which are never written */
} rad_volume;

/* Bytes of one voxel, and the name users know ("int16"). */
size_t rad_type_size(rad_type type);
const char *rad_type_name(rad_type type);

/* The part that is held. */
rad_box rad_volume_held(const rad_volume *volume);

/* Voxels of the type of the volume as doubles, slope and intercept applied, and what stands for NaN. */
void rad_volume_convert(const rad_volume *volume, const void *voxels, size_t count, double *out);

/* A box in the part that is held as doubles, x fastest, slope and intercept applied. out has
 * rad_box_count(box) elements. */
void rad_volume_crop(const rad_volume *volume, const rad_box *box, double *out);

/* The voxels of a volume that is held as a whole, in the order of its file, whose geometry is given. */
void rad_volume_unturn(const rad_volume *volume, const rad_geometry *stored, void *voxels);

/* Puts a volume that is held as a whole back into the order of its file, whose geometry is given. */
rad_status rad_volume_restore(rad_volume *volume, const rad_geometry *stored,
                              rad_error *error) RAD_MUST_CHECK;

/* Are intensities of a type of whole numbers? Its ends; where the file rescales them, only whether they can
 * become negative is known. */
bool rad_volume_ends(const rad_volume *volume, double ends[2]);

/* May voxels be NaN or infinite? Those of whole types are not. */
bool rad_volume_may_lack(const rad_volume *volume);

/* Calls see(voxel, value, context) for the voxels of a box in the part that is held that are NaN or infinite,
 * in the order of memory, while it says true. */
typedef bool rad_see_voxel(const size_t voxel[3], double value, void *context);
void rad_volume_find_lacking(const rad_volume *volume, const rad_box *box, rad_see_voxel *see, void *context);

/* Releases the voxels; the volume may be empty. */
void rad_volume_free(rad_volume *volume);

#ifdef __cplusplus
}
#endif
#endif
