/* What came of one case: its rows, or why there are none; and the same as bytes, for the journal and for the
 * way from a worker. */
#ifndef RAD_OUTCOME_H
#define RAD_OUTCOME_H

#include "../../core/table.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_outcome {
    rad_status status; /* RAD_OK, RAD_PARTIAL, or why no ROI has values */
    char reason[1024];
    char warnings[2048]; /* separated by " | " */
    double seconds;
    size_t memory; /* peak of the process, bytes */
    size_t rois, failed;
    unsigned char *rows; /* owned */
    size_t length;
} rad_outcome;

/* Fills rows, rois and failed from the rows of the table, all of which belong to the case. */
rad_status rad_outcome_pack(const rad_table *table, rad_outcome *outcome, rad_error *error) RAD_MUST_CHECK;

/* Calls put(row, context) for each row; row->values has columns of table. RAD_UNREADABLE: the bytes are not
 * such rows. */
typedef rad_status rad_put_row(const rad_row *row, void *context, rad_error *error);
rad_status rad_outcome_unpack(const unsigned char *rows, size_t length, size_t columns, rad_put_row *put,
                              void *context, rad_error *error) RAD_MUST_CHECK;

void rad_outcome_free(rad_outcome *outcome);

#ifdef __cplusplus
}
#endif
#endif
