/* What others call features: clinical words, and the names of PyRadiomics and LIFEx. */
#ifndef RAD_ALIASES_H
#define RAD_ALIASES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_alias {
    const char *tag;   /* of the feature */
    const char *names; /* separated by ", " */
    const char *note;  /* how the two differ, or NULL */
} rad_alias;

extern const rad_alias rad_aliases[];
extern const size_t rad_alias_count;

/* The 30 features that a first look needs: tags, in the order of tables. docs/features.md says why these. */
enum { RAD_CORE = 30 };
extern const char *const rad_core_tags[RAD_CORE];

bool rad_is_core(const char *tag);

#ifdef __cplusplus
}
#endif
#endif
