/* A first study for tables that a site has: columns by what they seem to be, scales and grids that are
 * public. */
#ifndef RAD_PROPOSE_H
#define RAD_PROPOSE_H

#include "../../io/sink.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The commented text of a study for a run directory or a table, and a clinical table or NULL. Nothing in it
 * is a value of a patient: levels are those of public scales, or of at least ten patients; steps are powers
 * of ten. What the rules would refuse of these rows is left out, by name, so that `summarise` takes it. */
rad_status rad_propose_study(const char *path, const char *clinical, rad_bytes *text,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
