#include "status.h"

#include "printable.h"

#include <errno.h>

rad_status rad_fail(rad_error *error, rad_status status, const char *format, ...) {
    if (!error) return status;
    error->status = status;
    va_list args;
    va_start(args, format);
    rad_printable_format(error->text, sizeof error->text, format, args);
    va_end(args);
    return status;
}

void rad_warn(rad_warnings *warnings, const char *format, ...) {
    if (!warnings) return;
    if (warnings->count < RAD_WARNINGS_KEPT) {
        va_list args;
        va_start(args, format);
        rad_printable_format(warnings->text[warnings->count], sizeof warnings->text[0], format, args);
        va_end(args);
    }
    warnings->count++;
}

rad_status rad_errno_status(rad_status status) {
    return errno == ENOMEM ? RAD_NO_MEMORY : status;
}
