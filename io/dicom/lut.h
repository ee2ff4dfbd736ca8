/* Tables that stored values are looked up in: the Modality LUT, and palettes, which become grey. */
#ifndef RAD_LUT_H
#define RAD_LUT_H

#include "../../core/volume.h"
#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_lut_kind { RAD_LUT_NONE, RAD_LUT_MODALITY, RAD_LUT_PALETTE } rad_lut_kind;

typedef struct rad_lut {
    double *values; /* owned; of stored values below the first that of the first, beyond the last that of the
                       last */
    size_t count;
    double first;  /* the stored value that the table begins with */
    bool words;    /* entries of more than 8 bits */
    bool coloured; /* a palette whose entries are not all grey: luminance, 0.299 R + 0.587 G + 0.114 B */
} rad_lut;

/* Which table the file has; a palette where PhotometricInterpretation says so. */
rad_lut_kind rad_lut_kind_of(const rad_dicom_item *root, const char *photometric);

/* Reads the table of that kind. RAD_UNREADABLE, with path: a descriptor that is not three numbers, a table
 * that is missing or shorter than it should be, segments that are damaged. */
rad_status rad_lut_read(const rad_dicom_item *root, rad_lut_kind kind, const rad_pixel_format *format,
                        const char *path, rad_lut *lut, rad_error *error) RAD_MUST_CHECK;

/* The same of a file. */
rad_status rad_lut_open(const char *path, rad_lut_kind kind, const rad_pixel_format *format, rad_lut *lut,
                        rad_error *error) RAD_MUST_CHECK;

/* Looks up values in place. */
void rad_lut_apply(const rad_lut *lut, double *values, size_t count);

/* May be called twice. */
void rad_lut_free(rad_lut *lut);

#ifdef __cplusplus
}
#endif
#endif
