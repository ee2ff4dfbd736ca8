/* Objects whose SOP class is lost or unknown, as some tools that remove identifiers leave it. */
#ifndef RAD_NAMELESS_H
#define RAD_NAMELESS_H

#include "classes.h"
#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an object of that SOP class is; of a class that is not known, what its modality says, where it has
 * what only such an object has. */
rad_object rad_nameless_find(const rad_dicom_item *root, const char *sop_class);

#ifdef __cplusplus
}
#endif
#endif
