/* Which numbers of a score may leave: the rules applied to the patients who have it and its outcome. */
#ifndef RAD_SCORE_PERMIT_H
#define RAD_SCORE_PERMIT_H

#include "scored.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Into permit->score_permits[performance], with refusals by its name. Without rules everything is allowed. */
rad_status rad_score_permit_make(rad_permitting *m, size_t performance, bool rules) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
