/* Rehearsals of sites, joined: what a pool would have, before anything is released. */
#ifndef RAD_POOL_REHEARSALS_H
#define RAD_POOL_REHEARSALS_H

#include "../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the table that `output` names; NULL: rehearsed.csv. */
rad_status rad_pool_rehearsals(const rad_pool_options *options, char **said, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
