/* Response maps against those of the IBSI-2 reference. */
#ifndef RAD_MAPS_H
#define RAD_MAPS_H

#include "../../core/status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_map_check {
    char map[32];     /* "8_a_1" */
    char filter[32];  /* "simoncelli" */
    bool ran;         /* false: its data were not found */
    double deviation; /* largest, as a part of the range of the reference map */
    bool met;         /* deviation <= 0.01 */
} rad_map_check;

/* Runs the filter of the map with this index (from 0; *check without a name: there is none) over its digital
 * phantom. Phantoms and maps are looked for in digital_phantoms/ and response_maps/, below data or below
 * ibsi2/ there. */
rad_status rad_map_validate(size_t index, const char *data, int threads, rad_map_check *check,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
