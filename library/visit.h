/* What every function of the public header does first and last, and what handles hold. */
#ifndef RAD_VISIT_H
#define RAD_VISIT_H

#include "../io/scan/source.h"
#include "../io/sink.h"
#include "../pipeline/settings.h"

#include <locale.h>

/* Ends the function with RAD_CONFIG where an argument is NULL, and names it. */
#define RAD_NEEDS(pointer)                                                                                   \
    do {                                                                                                     \
        if (!(pointer)) return rad_fail(error, RAD_CONFIG, "%s: %s is NULL", __func__, #pointer);            \
    } while (0)

/* First of all: clears the error, which stands for one of the function's own where the caller's is NULL;
 * until the function returns, numbers have a point, whatever the locale of the caller. */
#define RAD_VISIT(error)                                                                                     \
    rad_error own_;                                                                                          \
    __attribute__((unused, cleanup(rad_visit_leave))) locale_t locale_ = rad_visit_enter(&(error), &own_)
locale_t rad_visit_enter(rad_error **error, rad_error *own);
void rad_visit_leave(locale_t *before);

/* Threads that the caller allows. */
int rad_visit_threads(const rad_control *control);

/* A text for the caller, who releases it with rad_text_free. */
rad_status rad_visit_text(const void *bytes, size_t length, char **text, rad_error *error) RAD_MUST_CHECK;

/* What body puts, for the caller; said may be NULL. */
rad_status rad_visit_say(rad_put_body *body, void *context, char **said, rad_error *error) RAD_MUST_CHECK;

/* Lines for people: of functions that have a control, warnings as the command prints them. */
void rad_visit_note(const rad_control *control, const char *format, ...) RAD_PRINTF(2, 3);
void rad_visit_warn(const rad_control *control, const rad_warnings *warnings);

struct rad_scan {
    const char *path; /* of a file, or the name of the array; owned, like series and volume */
    const char *series, *volume;
    bool ignore_frame_of_reference, verify;
    bool is_array;
    rad_array array;
};

/* Opens an image as its scan names it; checksums are looked at. */
rad_status rad_visit_open(const rad_scan *image, const rad_settings *settings, int threads,
                          rad_source_options *how, rad_source *source, rad_warnings *warnings,
                          rad_error *error) RAD_MUST_CHECK;

#endif
