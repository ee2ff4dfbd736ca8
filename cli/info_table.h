/* Tables of info, for people. */
#ifndef RAD_INFO_TABLE_H
#define RAD_INFO_TABLE_H

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "512 512 60" of an array, the text of anything else. */
void rad_info_cell(const json_t *value, char *text, size_t room);

/* An array of objects: a row each, a column for each of the keys (at most 16, then NULL) that any of them
 * has. On a terminal no row is wider than it: what is long is cut in its middle, and where that is not enough
 * each value has a line of its own. */
void rad_info_table(const json_t *rows, const char *const *keys, const char *indent);

#ifdef __cplusplus
}
#endif
#endif
