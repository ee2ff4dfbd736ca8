/* What was assumed or left out of ROIs: remarks, which become few warnings, however many ROIs and response
 * maps have the same one. */
#ifndef RAD_REMARKS_H
#define RAD_REMARKS_H

#include "../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Remarks of one ROI about one thing, such as a discretisation: of the original image, or of its response
 * maps, of which the first is told and the others are counted. */
typedef struct rad_remark {
    char about[64], text[320];
    char map[96]; /* the first response map; "": the original */
    size_t maps;
} rad_remark;

/* Of one ROI, in the order in which they were made. */
typedef struct rad_remarks {
    rad_remark *row; /* owned */
    size_t count, room;
} rad_remarks;

/* map: name of the response map, or NULL. RAD_NO_MEMORY. */
rad_status rad_remarks_add(rad_remarks *remarks, const char *map, const char *about, rad_error *error,
                           const char *format, ...) RAD_MUST_CHECK RAD_PRINTF(5, 6);

/* A ROI and what is remarked about it; borrowed. */
typedef struct rad_remarked {
    const char *name;
    const rad_remarks *remarks;
} rad_remarked;

/* One warning for each thing, of all ROIs that have a remark about it: the text of the first one, then the
 * names of the others. */
void rad_remarks_tell(const rad_remarked *rois, size_t count, rad_warnings *warnings);

void rad_remarks_free(rad_remarks *remarks);

#ifdef __cplusplus
}
#endif
#endif
