/* RT structure sets: contours of ROIs become a mask on the grid of an image. */
#ifndef RAD_RTSTRUCT_H
#define RAD_RTSTRUCT_H

#include "../../core/choice.h"
#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a mask is drawn for. */
typedef struct rad_drawing {
    const rad_geometry *grid;       /* of the image */
    const rad_geometry *stored;     /* the same, as its file has it ... */
    const rad_geometry *other;      /* another that its file gives, at odds with that; of size 0: none */
    int reversed;                   /* ... with that many axes the other way round */
    const char *frame_of_reference; /* UID of the image's; "" or NULL where it has none */
    const char *series;             /* its SeriesInstanceUID; "" or NULL where it has none */
    bool any_frame;                 /* do not compare frames of reference */
    bool clip;                      /* leave out what of a ROI lies beyond the image */
    double
        widest; /* of a grid between slices at uneven distances: the largest of them, in its slices; else 0 */
    const struct rad_even *even; /* those distances (even.h); or NULL */
    bool slabs; /* the image need not have the planes of the contours: each reaches half way to the next */
    size_t channel;   /* of a mask of several, the one that is read, from 1; 0: all, as ROIs */
    double fractions; /* the same of masks of other formats; 0: those that hold fractions are refused */
    double threshold; /* part of a voxel from which on it belongs to a segment */
    const struct rad_flat *flat; /* the image is a picture without a place; or NULL */
    const rad_choice *choice;    /* other ROIs are listed, not drawn */
} rad_drawing;

/* RAD_CONFIG: `what` of the file has another frame of reference than the image. */
rad_status rad_drawing_check_frame(const rad_drawing *drawing, const char *path, const char *what,
                                   const char *frame, rad_error *error) RAD_MUST_CHECK;

/* A warning where a name in the items of a sequence is read by a guess of its character set. */
void rad_drawing_warn_names(const rad_dicom *file, const char *path, rad_tag sequence, rad_tag name,
                            rad_warnings *warnings);

typedef struct rad_structure {
    int64_t number;
    char name[129];
    char frame_of_reference[65];
    size_t contours;
} rad_structure;

/* The ROIs of a structure set, owned by the caller (rad_free). */
rad_status rad_rtstruct_list(const char *path, rad_structure **structures, size_t *count,
                             rad_error *error) RAD_MUST_CHECK;

/* A voxel belongs to a ROI when its centre is inside of its contours (CLOSED_PLANAR, INTERPOLATED_PLANAR,
 * CLOSEDPLANAR_XOR), of all items that the ROI has. Contours lie in planes parallel to two axes of the grid
 * (points may be off by half a slice in all: a warning); those of one plane combine by even-odd, and one that
 * is there twice counts once, but for XOR; a plane goes to the nearest slice; planes of one slice are joined.
 * With slabs each plane reaches half the usual distance of planes, and a slice takes the nearest plane that
 * reaches its centre. Label values are ROI numbers. A ROI that cannot be drawn (contours that are open, not
 * in a plane, beyond the image and not to be clipped; none at all) has its fault in its label.
 * RAD_UNREADABLE: not a structure set, damaged. RAD_CONFIG: another frame of reference than the image. */
rad_status rad_rtstruct_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                             rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
