/* Names of columns for programs that take few characters. */
#ifndef RAD_SHORT_NAMES_H
#define RAD_SHORT_NAMES_H

#include "../core/table.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_SHORT_NAME = 33 };

/* At most 32 characters: without "original_", with aggregations as two or three letters (3D_comb: 3c); what
 * is longer still is cut, and ends in eight digits of a hash of its whole name. Returns text. */
const char *rad_short_name(const rad_column *column, char text[RAD_SHORT_NAME]);

#ifdef __cplusplus
}
#endif
#endif
