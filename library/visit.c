#include "visit.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../core/parallel.h"
#include "../core/printable.h"

#include <string.h>

void rad_memory_keep(size_t bytes) {
    rad_memory_limit(bytes);
}

const char *rad_version(void) {
    return RAD_VERSION;
}

void rad_text_free(char *text) {
    rad_free(text);
}

locale_t rad_visit_enter(rad_error **error, rad_error *own) {
    if (!*error) *error = own;
    **error = (rad_error){.status = RAD_OK};
    return uselocale(rad_number_locale());
}

void rad_visit_leave(locale_t *before) {
    uselocale(*before);
}

int rad_visit_threads(const rad_control *control) {
    return control && control->threads > 0 ? control->threads : rad_parallel_processors();
}

rad_status rad_visit_text(const void *bytes, size_t length, char **text, rad_error *error) {
    *text = rad_new_raw(length + 1, 1, error);
    if (!*text) return RAD_NO_MEMORY;
    memcpy(*text, bytes, length);
    (*text)[length] = '\0';
    return RAD_OK;
}

void rad_visit_note(const rad_control *control, const char *format, ...) {
    char text[2048];
    if (!control || !control->note) return;
    va_list words;
    va_start(words, format);
    rad_printable_format(text, sizeof text, format, words);
    va_end(words);
    control->note(text, control->context);
}

void rad_visit_warn(const rad_control *control, const rad_warnings *warnings) {
    for (size_t i = 0; i < warnings->count && i < RAD_WARNINGS_KEPT; i++)
        rad_visit_note(control, "warning: %s", warnings->text[i]);
    if (warnings->count > RAD_WARNINGS_KEPT)
        rad_visit_note(control, "warning: and %zu more", warnings->count - RAD_WARNINGS_KEPT);
}

rad_status rad_visit_say(rad_put_body *body, void *context, char **said, rad_error *error) {
    rad_bytes text = {.data = NULL};
    if (!said) return RAD_OK;
    rad_status status = rad_sink_collect(body, context, &text, error);
    if (status == RAD_OK) status = rad_visit_text(text.data, text.length, said, error);
    rad_bytes_free(&text);
    return status;
}
