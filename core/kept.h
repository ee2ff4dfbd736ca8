/* Texts that stay for the life of the process, each once: what tables borrow, and no table of ours holds. */
#ifndef RAD_KEPT_H
#define RAD_KEPT_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The text, as it is kept; NULL: no memory. For few texts, that settings make; any thread may call it. */
const char *rad_kept(const char *text, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
