/* The page of a pool, report.html: what the tables say, for a reader who signs it. */
#ifndef RAD_REPORT_H
#define RAD_REPORT_H

#include "pooled.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Neither dates nor paths: the same pool gives the same bytes. */
rad_pooled_body rad_report_page;

#ifdef __cplusplus
}
#endif
#endif
