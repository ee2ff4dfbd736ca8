/* Parametric maps: what their stored values stand for. */
#ifndef RAD_PARAMETRIC_H
#define RAD_PARAMETRIC_H

#include "instance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Slope, intercept and unit of a frame by the first RealWorldValueMappingSequence item that is linear, where
 * the frame has no rescaling of its own. */
void rad_parametric_read(const rad_dicom_item *shared, const rad_dicom_item *own, rad_instance *instance,
                         rad_frame *frame);

#ifdef __cplusplus
}
#endif
#endif
