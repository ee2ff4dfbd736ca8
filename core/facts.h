/* Where the intensities of an image come from: named facts for outputs, such as the factors of SUV. Never
 * anything that identifies a patient. */
#ifndef RAD_FACTS_H
#define RAD_FACTS_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_FACTS_MAX = 32 };

typedef struct rad_facts {
    size_t count;
    struct {
        const char *name; /* a literal */
        char text[128];
    } row[RAD_FACTS_MAX];
} rad_facts;

/* Appends a fact; facts may be NULL. */
void rad_facts_add(rad_facts *facts, const char *name, const char *format, ...) RAD_PRINTF(3, 4);

/* The text of the first fact of that name; "" where there is none. */
const char *rad_facts_find(const rad_facts *facts, const char *name);

#ifdef __cplusplus
}
#endif
#endif
