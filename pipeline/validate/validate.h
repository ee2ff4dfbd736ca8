/* Compliance with the reference tables of IBSI-1 and IBSI-2. */
#ifndef RAD_VALIDATE_H
#define RAD_VALIDATE_H

#include "../../core/table.h"
#include "../settings.h"
#include "reference.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One reference value beside ours. */
typedef struct rad_check {
    const rad_reference_value *reference;
    const rad_column *column; /* NULL when no feature has the reference's tag */
    rad_value value;
    bool met;
} rad_check;

/* The checks of one data set, in the order of the reference table. */
typedef struct rad_validation {
    const char *data_set;
    bool ran;          /* false: its data were not found */
    char skipped[256]; /* why */
    rad_table table;
    rad_check *checks;
    size_t count;
} rad_validation;

/* A data set of the reference tables, and the preset that computes it. */
typedef struct rad_data_set {
    const char *name, *preset;
} rad_data_set;

enum { RAD_DATA_SETS = 24 };
/* "digital_phantom", "config_a" ... "config_e", "ibsi2_1a" ... "ibsi2_9b" */
extern const rad_data_set rad_data_sets[RAD_DATA_SETS];

/* Runs one data set with its preset. The digital phantom is built in; the CT phantom is looked for as image
 * and mask below data (image.nii.gz and mask.nii.gz there, in nifti/, or in ibsi1/ct_phantom/nifti/). */
rad_status rad_validate(const char *data_set, const rad_reference_table *reference, const char *data,
                        int threads, rad_validation *out, rad_error *error) RAD_MUST_CHECK;

void rad_validation_free(rad_validation *validation);

/* The settings of a preset ("ibsi-a") or of a settings file. */
rad_status rad_preset_read(const char *name_or_path, rad_settings *settings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
