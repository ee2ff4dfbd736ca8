/* Reference data and presets that are built into the library. */
#ifndef RAD_REFERENCE_H
#define RAD_REFERENCE_H

#include "../../core/builtin.h"
#include "../../core/mask.h"
#include "../../core/volume.h"
#include "../../io/sheet.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One row of the reference tables. Strings live as long as the table. */
typedef struct rad_reference_value {
    const char *data_set; /* "digital_phantom", "config_a" ..., "ibsi2_1a" ... */
    const char *family;   /* "morph" ... "ngl", "diag" */
    const char *tag;      /* with aggregation: "cm_joint_max_2D_avg" */
    const char *text;     /* the value as published, "" where there is none */
    double value, tolerance;
    bool standardised;
} rad_reference_value;

typedef struct rad_reference_table {
    rad_sheet sheet[2]; /* the two tables, whose fields rows point into */
    rad_reference_value *rows;
    size_t count, room;
} rad_reference_table;

/* Opens a table that is built in, behind the comments that say where it comes from. */
rad_status rad_reference_open(const char *name, rad_sheet *sheet, rad_error *error) RAD_MUST_CHECK;

/* Reads the reference tables of IBSI-1 and IBSI-2, which are built in. */
rad_status rad_reference_read(rad_reference_table *table, rad_error *error) RAD_MUST_CHECK;
void rad_reference_free(rad_reference_table *table);

/* Does the value, rounded to three significant digits (or as many as the published value shows), lie within
 * the tolerance? */
bool rad_reference_meets(const rad_reference_value *reference, double value);

/* The IBSI digital phantom, image and mask (label 1). */
rad_status rad_phantom_make(rad_volume *image, rad_mask *mask, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
