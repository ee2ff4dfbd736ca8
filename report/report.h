/* The page of a pool, report.html: what the tables say, for a reader who signs it. */
#ifndef RAD_REPORT_H
#define RAD_REPORT_H

#include "../federate/pool/relations.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A body as in relations.h. Neither dates nor paths: the same pool gives the same bytes. */
rad_status rad_report_page(FILE *out, void *context, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
