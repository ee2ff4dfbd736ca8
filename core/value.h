/* A feature value, or why there is none: rad_value and rad_reason of the public header. */
#ifndef RAD_VALUE_H
#define RAD_VALUE_H

#include "../include/radiomill.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A value; one that is not finite becomes undefined, RAD_TOO_LARGE. */
rad_value rad_defined(double value);

/* NaN with its reason. */
rad_value rad_undefined(rad_reason reason);

#ifdef __cplusplus
}
#endif
#endif
