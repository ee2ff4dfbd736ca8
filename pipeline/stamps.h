/* Are image and mask of a case still what they were when it was begun? */
#ifndef RAD_STAMPS_H
#define RAD_STAMPS_H

#include "../io/scan/fingerprint.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_stamps {
    rad_fingerprint image, mask;
} rad_stamps;

/* Before either is read. A path is NULL where there is no file. */
rad_status rad_stamps_take(const char *image, const char *mask, rad_stamps *stamps,
                           rad_error *error) RAD_MUST_CHECK;

/* After both are. RAD_UNREADABLE: one of them was changed, replaced or removed in between. */
rad_status rad_stamps_check(const char *image, const char *mask, const rad_stamps *before,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
