#include "visit.h"

#include "../core/memory.h"
#include "../core/parallel.h"

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

rad_status rad_visit_needs(const char *function, const char *names, const void *const *given, size_t count,
                           rad_error *error) {
    if (error) *error = (rad_error){.status = RAD_OK};
    for (size_t i = 0; i < count; i++) {
        const int length = (int)strcspn(names, ",");
        if (!given[i]) return rad_fail(error, RAD_CONFIG, "%s: %.*s is NULL", function, length, names);
        names += length + (i + 1 < count ? 2 : 0);
    }
    return RAD_OK;
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
