/* Status, error and warnings: caller-owned, no globals. Who detects a problem writes one line that names the
 * file, the value, what is allowed and what to do; who passes it on adds nothing. rad_status and rad_error
 * are those of the public header. */
#ifndef RAD_STATUS_H
#define RAD_STATUS_H

#include "../include/radiomill.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_WARNINGS_KEPT = 16 };

/* The first RAD_WARNINGS_KEPT warnings of a job; count goes on past them. */
typedef struct rad_warnings {
    size_t count;
    char text[RAD_WARNINGS_KEPT][512];
} rad_warnings;

#if defined(__GNUC__)
#define RAD_MUST_CHECK   __attribute__((warn_unused_result))
#define RAD_PRINTF(a, b) __attribute__((format(printf, a, b)))
#else
#define RAD_MUST_CHECK
#define RAD_PRINTF(a, b)
#endif

/* Writes status and text into *error (which may be NULL) and returns status, for `return rad_fail(...)`.
 * Names in the text may come from anywhere: what must not be shown becomes escapes (printable.h). */
rad_status rad_fail(rad_error *error, rad_status status, const char *format, ...) RAD_PRINTF(3, 4);

/* RAD_NO_MEMORY where errno says so, whatever could not be done for want of it; else the status that is
 * given. */
rad_status rad_errno_status(rad_status status);

/* Adds a warning; warnings may be NULL. */
void rad_warn(rad_warnings *warnings, const char *format, ...) RAD_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif
#endif
