/* RT dose: a grid of doses, its planes at offsets from the first. */
#ifndef RAD_DOSE_H
#define RAD_DOSE_H

#include "instance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Planes of a dose, each with DoseGridScaling as its slope; offsets (GridFrameOffsetVector) count from the
 * first plane along the normal or, where the first is not 0, are places along z of axial planes (PS3.3
 * C.8.8.3.2). RAD_UNREADABLE: offsets that are missing or not as many as frames, no scaling above 0. */
rad_status rad_dose_read(const rad_dicom_item *root, rad_instance *instance, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
