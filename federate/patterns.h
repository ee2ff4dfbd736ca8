/* Names and patterns of a study: `*` and `?` match any text and any character. Plain names are looked up, so
 * that a study of a hundred thousand of them costs what it is long. */
#ifndef RAD_PATTERNS_H
#define RAD_PATTERNS_H

#include "../core/names.h"
#include "../io/document.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_patterns {
    const rad_node *list; /* borrowed: texts, or a mapping, whose keys count */
    rad_names plain;      /* those without `*` and `?` */
    size_t *wild;         /* places of the others, ascending; owned */
    size_t wild_count;
} rad_patterns;

rad_status rad_patterns_make(const rad_node *list, rad_patterns *patterns, rad_error *error) RAD_MUST_CHECK;
void rad_patterns_free(rad_patterns *patterns);

/* Names times bytes of patterns that a study may have in itself, and with the columns of a table: each is
 * compared with each, some seconds at most. */
#define RAD_PATTERNS_WITHIN 1e8
#define RAD_PATTERNS_BESIDE 1e9

/* RAD_CONFIG: more than that, of all texts and keys of the document at `path`. */
rad_status rad_patterns_bound(const rad_node *document, const char *path, size_t columns,
                              rad_error *error) RAD_MUST_CHECK;

/* The first place, from that one on, whose pattern matches the name; SIZE_MAX: none does. */
size_t rad_patterns_next(const rad_patterns *patterns, size_t from, const char *name);

/* Does any match? */
bool rad_patterns_match(const rad_patterns *patterns, const char *name);

#ifdef __cplusplus
}
#endif
#endif
