/* Status, error and warnings: caller-owned, no globals. Who detects a problem writes one line that names the
 * file, the value, what is allowed and what to do; who passes it on adds nothing. */
#ifndef RAD_STATUS_H
#define RAD_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The values are the exit codes of the command. */
typedef enum rad_status {
    RAD_OK = 0,
    RAD_MISMATCH = 1,   /* a compliance check found a value out of tolerance */
    RAD_USAGE = 2,      /* the command line is wrong */
    RAD_UNREADABLE = 3, /* an input cannot be read or cannot be used */
    RAD_CONFIG = 4,     /* settings are wrong, or two inputs do not fit each other */
    RAD_UNWRITABLE = 5, /* an output cannot be written */
    RAD_NO_MEMORY = 6,  /* the machine has not the memory that the job needs */
    RAD_NO_RESULT = 7,  /* a computation failed, or the system refuses processes or files */
    RAD_REFUSED = 10,   /* a disclosure rule forbids it */
    RAD_SPENT = 11,     /* earlier releases have used up what may leave */
    RAD_UNTRUSTED = 12, /* a signature is missing, wrong or not of a trusted key, or a file is out of date */
    RAD_PARTIAL = 20,   /* some cases or ROIs failed; each is listed with its reason */
    RAD_NOTHING = 126,  /* nothing to do */
    RAD_INTERRUPTED = 130, /* by SIGINT; what was done is kept */
    RAD_TERMINATED = 143   /* by SIGTERM */
} rad_status;

typedef struct rad_error {
    rad_status status;
    char text[1024];
} rad_error;

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
