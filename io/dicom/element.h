/* Elements of data sets and of functional groups; numbers are NaN where they are absent. */
#ifndef RAD_ELEMENT_H
#define RAD_ELEMENT_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first number of a decimal string (DS, IS). */
double rad_element_number(const rad_dicom_item *item, uint32_t tag);

/* The first item of a functional group: of the frame's own, else of the one that all share; or NULL. */
const rad_dicom_item *rad_element_group(const rad_dicom_item *shared, const rad_dicom_item *own,
                                        uint32_t tag);

/* Exactly that many numbers, or NaN for each. */
void rad_element_vector(const rad_dicom_item *item, uint32_t tag, double *values, size_t count);

/* Exactly that many doubles (FD), or NaN for each. */
void rad_element_doubles(const rad_dicom_item *item, uint32_t tag, double *values, size_t count);

/* RAD_UNREADABLE, with its text: the element is there, but is not that many numbers. */
rad_status rad_element_check(const rad_dicom_item *item, rad_tag tag, size_t count, const char *path,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
