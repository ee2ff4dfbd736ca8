/* What a validation found, for programs: one tree, which is written as JSON or as JUnit's XML. */
#ifndef RAD_VALIDATION_H
#define RAD_VALIDATION_H

#include "../io/tree.h"
#include "../pipeline/validate/maps.h"
#include "../pipeline/validate/validate.h"

/* A data set with its values; a response map. */
void rad_validation_add_set(json_t **sets, const rad_validation *validation);
void rad_validation_add_map(json_t **sets, const rad_map_check *check);

/* JUnit: a suite for each set, a case for each value. */
rad_status rad_validation_write_junit(const char *path, const json_t *sets, rad_error *error) RAD_MUST_CHECK;

#endif
