#include "others.h"

#include <stdio.h>
#include <string.h>

const char *rad_instance_words(const rad_instance *n, char *text, size_t size) {
    const char *words = rad_class_words(n->sop_class);
    if (words)
        snprintf(text, size, "%s", words);
    else
        snprintf(text, size, "object of SOP class %s", *n->sop_class ? n->sop_class : "(absent)");
    return text;
}

static bool is_alike(const rad_instance *a, const rad_instance *b) {
    return !strcmp(a->sop_class, b->sop_class) && !strcmp(a->modality, b->modality);
}

static bool is_damaged(const rad_instance *n) {
    return n->object == RAD_OBJECT_OTHER && n->error.status != RAD_OK;
}

const rad_instance *rad_others_next(const rad_folder *folder, size_t *at, size_t *count) {
    for (; *at < folder->count; ++*at) {
        const rad_instance *n = &folder->instances[*at];
        bool first = !is_damaged(n);
        for (size_t i = 0; i < *at && first; i++)
            first = is_damaged(&folder->instances[i]) || !is_alike(&folder->instances[i], n);
        if (!first) continue;
        *count = 0;
        for (size_t i = *at; i < folder->count; i++)
            *count += !is_damaged(&folder->instances[i]) && is_alike(&folder->instances[i], n);
        ++*at;
        return n;
    }
    return NULL;
}

const char *rad_others_list(const rad_folder *folder, char *text, size_t size) {
    size_t at = 0, used = 0, count = 0;
    *text = '\0';
    for (const rad_instance *n; (n = rad_others_next(folder, &at, &count));) {
        char words[128], times[32] = "";
        if (count > 1) snprintf(times, sizeof times, "%zu x ", count);
        if (used + 160 < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s%s (%s)", used ? ", " : "", times,
                                     rad_instance_words(n, words, sizeof words),
                                     *n->modality ? n->modality : "no modality");
    }
    return text;
}
