/* Every setting of an extraction: one struct, one table of keys (settings.c). A key exists in one row there;
 * parsing, validation, help, the echo into outputs and the canonical form all come from that row. */
#ifndef RAD_SETTINGS_H
#define RAD_SETTINGS_H

#include "../core/interpolate.h"
#include "images.h"
#include "mask_steps.h"
#include "normalise.h"
#include "pyr_settings.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_IMAGES_MAX = 128 };

/* The image as features and filters see it. */
typedef struct rad_sampling {
    double spacing[3]; /* interpolation.spacing, mm; 0 keeps that axis */
    rad_interpolation method;
    bool round;            /* intensities to whole numbers after interpolation */
    double instead_of_nan; /* what interpolation and filters see of NaN and infinity; NaN: refuse them */
} rad_sampling;

typedef struct rad_settings {
    int suv;                               /* rad_suv; of PET from DICOM */
    double suv_weight, suv_dose, suv_time; /* kg, Bq, s in place of what the file says; NaN: nothing */
    double slice_tolerance;                /* per cent by which distances of DICOM slices may differ */
    double image_spacing[3];               /* mm, of images whose files say none; 0: the file's */
    int uneven;            /* what becomes of DICOM slices beyond it: refused or, 1, interpolated */
    bool clip;             /* leave out what of a ROI lies beyond the image */
    double mask_fractions; /* from which on a voxel of a mask of fractions is in the ROI; NaN: refused */
    double frame;          /* of a picture of several, from 1; NaN: all */
    rad_sampling sampling;
    rad_normalisation normalisation;
    rad_interpolation mask_method; /* nearest or linear */
    double mask_threshold;         /* partial volume, (0, 1] */
    double range[2];               /* re-segmentation; -inf, +inf: none */
    double outliers;               /* standard deviations kept; 0: keep all */
    double relative;               /* part of the largest intensity from which voxels are kept; 0: all */
    double percentiles[2];         /* of the ROI's intensities between which voxels are kept; 0, 100: all */
    bool reshape;                  /* what re-segmentation keeps is the morphological mask, too */
    rad_feature_settings features; /* of the original image */
    int least_voxels;              /* of a ROI that is computed */
    double least_volume;           /* mL */
    bool diagnostics;
    bool unset;               /* of a file that sets no key */
    int filter_boundary;      /* rad_boundary; of images that have none of their own, as below */
    unsigned filter_families; /* bits of rad_families */
    rad_binnings filter_discretisation, filter_ivh;
    rad_origin filter_bin_origin;
    double filter_margin; /* mm of image around the ROI that filters see; +inf: all */
    rad_image *images;    /* response maps, beside the original; owned */
    size_t image_count, image_capacity;
    rad_mask_step *steps; /* done to masks; owned */
    size_t step_count, step_capacity;
    int standard;     /* rad_standard */
    rad_pyr_case pyr; /* where the standard is PyRadiomics' */
} rad_settings;

/* Everything as it is when no settings file says otherwise; rad_settings_clear frees what is added. */
void rad_settings_default(rad_settings *settings);

/* Forgets images and steps; can be called twice. */
void rad_settings_clear(rad_settings *settings);

/* A copy with images of its own; nothing to free where it fails. */
rad_status rad_settings_copy(const rad_settings *from, rad_settings *to, rad_error *error) RAD_MUST_CHECK;

/* Sets one key ("interpolation.spacing") from its words. RAD_CONFIG says what is allowed, or names the
 * nearest key when there is no such key. */
rad_status rad_settings_set_words(rad_settings *settings, const char *key, const char *const *words,
                                  size_t count, rad_error *error) RAD_MUST_CHECK;

/* Appends a copy of an image, which may be one of the settings; RAD_CONFIG when there are RAD_IMAGES_MAX. */
rad_status rad_settings_add_image(rad_settings *settings, const rad_image *image,
                                  rad_error *error) RAD_MUST_CHECK;

/* Appends a step of masks; RAD_CONFIG when there are RAD_MASK_STEPS_MAX. */
rad_status rad_settings_add_step(rad_settings *settings, const rad_mask_step *step,
                                 rad_error *error) RAD_MUST_CHECK;

/* After the last key: gives images what they did not set themselves, and names. RAD_CONFIG: two images have
 * the same name. Needed only for settings with images. */
rad_status rad_settings_finish(rad_settings *settings, rad_error *error) RAD_MUST_CHECK;

/* RAD_CONFIG: there is nothing to compute. */
rad_status rad_settings_check(const rad_settings *settings, rad_error *error) RAD_MUST_CHECK;

/* Is the key the name of a group of keys ("interpolation")? */
bool rad_settings_is_group(const char *key);

/* Is it a key of reading files, which a parameter file of PyRadiomics may have beside its own? */
bool rad_settings_is_beside(const char *key);

/* The table of all keys but the images. */
const rad_key *rad_settings_keys(size_t *count);

/* All settings as YAML that reads back to the same settings, in the order of the table. Returns the length
 * that the text has, as snprintf does. */
size_t rad_settings_write(const rad_settings *settings, char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
