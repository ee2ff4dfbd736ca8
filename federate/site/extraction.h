/* What a run directory has beside its table of features. */
#ifndef RAD_EXTRACTION_H
#define RAD_EXTRACTION_H

#include "../../io/tree.h"
#include "../summary.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_extraction {
    char settings[65];          /* id */
    size_t failures[RAD_CODES]; /* cases without a row, by exit code */
    json_t *columns;            /* what the columns mean, by name; owned */
} rad_extraction;

/* RAD_UNREADABLE or RAD_CONFIG: a file of the run is missing, or not what runs have. */
rad_status rad_extraction_read(const char *run, rad_extraction *extraction, rad_error *error) RAD_MUST_CHECK;
void rad_extraction_free(rad_extraction *extraction);

#ifdef __cplusplus
}
#endif
#endif
