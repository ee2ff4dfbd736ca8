/* JSON in memory. What could not be made is NULL, and so becomes what it was to be part of: no step is looked
 * at, and the root tells of all. (json_pack does so by itself.) */
#ifndef RAD_TREE_H
#define RAD_TREE_H

#include "sink.h"

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A member, an element; value is given away. */
void rad_tree_set(json_t **object, const char *key, json_t *value);
void rad_tree_add(json_t **array, json_t *value);

/* Names of files need not be UTF-8: "(not UTF-8)" then. */
json_t *rad_tree_name(const char *text);

/* Puts the root out as Jansson's flags say (numbers with 17 digits) and releases it. RAD_NO_MEMORY. */
rad_status rad_tree_put(FILE *out, json_t *root, size_t flags, rad_error *error) RAD_MUST_CHECK;

/* The same, as text in memory; as a file that ends with a line end. */
rad_status rad_tree_text(json_t *root, size_t flags, rad_bytes *text, rad_error *error) RAD_MUST_CHECK;
rad_status rad_tree_write(const char *path, json_t *root, rad_error *error) RAD_MUST_CHECK;

/* The root of a text, of a file; the caller's to json_decref. RAD_UNREADABLE says what is wrong of `name`. */
rad_status rad_tree_parse(const void *text, size_t length, const char *name, json_t **root,
                          rad_error *error) RAD_MUST_CHECK;
rad_status rad_tree_read(const char *path, json_t **root, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
