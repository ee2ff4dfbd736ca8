#include "pair.h"

#include "../../core/memory.h"

#include <string.h>
#include <unistd.h>

const char *rad_pair_ending(const char *path) {
    const size_t length = strlen(path), tail = length > 3 && !strcmp(path + length - 3, ".gz") ? 3 : 0;
    if (length < tail + 5) return NULL;
    const char *end = path + length - tail - 4;
    return !memcmp(end, ".hdr", 4) || !memcmp(end, ".img", 4) ? end : NULL;
}

char *rad_pair_name(const char *path, const char *ending, rad_error *error) {
    const char *end = rad_pair_ending(path);
    if (!end) return rad_text_copy(path, error);
    const size_t stem = (size_t)(end - path);
    char *name = rad_new(stem + sizeof ".hdr.gz", 1, error);
    if (!name) return NULL;
    memcpy(name, path, stem);
    memcpy(name + stem, ending, strlen(".hdr"));
    const bool plain = !access(name, F_OK);
    memcpy(name + stem + 4, ".gz", sizeof ".gz");
    const bool gzipped = !access(name, F_OK);
    if (plain != gzipped ? plain : !end[4]) name[stem + 4] = '\0';
    return name;
}

rad_status rad_pair_parts(const char *path, rad_source_part *part, void *context, rad_error *error) {
    const char *end = rad_pair_ending(path);
    if (!end) return RAD_OK;
    char *other = rad_pair_name(path, end[1] == 'h' ? ".img" : ".hdr", error);
    const rad_status status = other ? part(other, context, error) : RAD_NO_MEMORY;
    rad_free(other);
    return status;
}
