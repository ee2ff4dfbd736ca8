/* What a feature is, as one id: of how it was computed, whatever its column is called. */
#ifndef RAD_DEFINITION_H
#define RAD_DEFINITION_H

#include "../io/tree.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_DEFINITION = 33 };

/* Hash of image, tag, IBSI code, aggregation, discretisation and unit, from the entry of a column in
 * columns.json; of the name where there is none (NULL). */
void rad_definition_compute(const json_t *column, const char *name, char text[RAD_DEFINITION]);

/* A text of the entry, "" without one. */
const char *rad_definition_text(const json_t *column, const char *key);

#ifdef __cplusplus
}
#endif
#endif
