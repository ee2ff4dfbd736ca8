/* What every function of the public header does first and last, and what handles hold. */
#ifndef RAD_VISIT_H
#define RAD_VISIT_H

#include "../core/status.h"

/* RAD_CONFIG names the first of the arguments that is NULL; clears *error. */
#define RAD_NEEDS(error, ...)                                                                                \
    rad_visit_needs(__func__, #__VA_ARGS__, (const void *const[]){__VA_ARGS__},                              \
                    sizeof((const void *const[]){__VA_ARGS__}) / sizeof(const void *), error)
rad_status rad_visit_needs(const char *function, const char *names, const void *const *given, size_t count,
                           rad_error *error) RAD_MUST_CHECK;

/* Threads that the caller allows. */
int rad_visit_threads(const rad_control *control);

/* A text for the caller, who releases it with rad_text_free. */
rad_status rad_visit_text(const void *bytes, size_t length, char **text, rad_error *error) RAD_MUST_CHECK;

struct rad_scan {
    const char *path; /* of a file, or the name of the array; owned, like series */
    const char *series;
    bool ignore_frame_of_reference, verify;
    bool is_array;
    rad_array array;
};

#endif
