/* A small YAML document as a tree: texts, lists and mappings, each with its place for messages. No anchors,
 * aliases, tags or second documents; keys are unique. */
#ifndef RAD_DOCUMENT_H
#define RAD_DOCUMENT_H

#include "../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_node_kind { RAD_NODE_TEXT, RAD_NODE_LIST, RAD_NODE_MAP } rad_node_kind;

typedef struct rad_node {
    rad_node_kind kind;
    char *key;                       /* in a mapping; owned */
    char *text;                      /* owned; "" for nothing */
    size_t line, column;             /* of the key, or of an element of a list */
    size_t value_line, value_column; /* of what the key stands for, or of the element */
    struct rad_node *child;          /* owned */
    size_t count, capacity;
} rad_node;

/* RAD_CONFIG names file, line and column; more than 1 MiB or 16 levels are refused, and what is no mapping.
 * An empty document is an empty mapping. */
rad_status rad_document_parse(const char *text, size_t length, const char *name, rad_node *root,
                              rad_error *error) RAD_MUST_CHECK;

/* The same, where `---` without more is an empty mapping too, and `wanted` says what a document of another
 * kind should have been. */
rad_status rad_document_parse_as(const char *text, size_t length, const char *name, const char *wanted,
                                 rad_node *root, rad_error *error) RAD_MUST_CHECK;

/* The same for a file; one that cannot be read is RAD_UNREADABLE. */
rad_status rad_document_read(const char *path, rad_node *root, rad_error *error) RAD_MUST_CHECK;

void rad_node_free(rad_node *node);

/* The child of a mapping with that key, or NULL. */
const rad_node *rad_node_find(const rad_node *map, const char *key);

/* RAD_CONFIG, `name:line:column: ...`, of the key and of the value. */
rad_status rad_node_fail(const rad_node *node, const char *name, rad_error *error, const char *format, ...)
    RAD_PRINTF(4, 5);
rad_status rad_node_fail_value(const rad_node *node, const char *name, rad_error *error, const char *format,
                               ...) RAD_PRINTF(4, 5);

#ifdef __cplusplus
}
#endif
#endif
