/* Which frame of a picture a frame of a segmentation is of: by reference, where there is no place to go by.
 */
#ifndef RAD_DERIVATION_H
#define RAD_DERIVATION_H

#include "flat.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Another picture, or a frame that was not chosen; no reference that says which frame. */
#define RAD_DERIVATION_OTHER   SIZE_MAX
#define RAD_DERIVATION_UNKNOWN (SIZE_MAX - 1)

/* The slice of the picture, of `kept`, that belongs to a frame of a segmentation, by its
 * DerivationImageSequence or that which all share. */
size_t rad_derivation_slice(const rad_dicom_item *shared, const rad_dicom_item *own, const rad_flat *picture,
                            size_t kept);

#ifdef __cplusplus
}
#endif
#endif
