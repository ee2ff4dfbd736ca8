#include "shared.h"

#include "../core/memory.h"

#include <stdio.h>
#include <string.h>

rad_spectrum *rad_shared_find(const rad_field *field, const char *key) {
    rad_shared *s = field->shared;
    return s && s->spectrum.data && !strcmp(s->key, key) ? &s->spectrum : NULL;
}

rad_spectrum *rad_shared_keep(const rad_field *field, const char *key, rad_spectrum *spectrum) {
    rad_shared *s = field->shared;
    if (!s) return spectrum;
    rad_shared_clear(s);
    snprintf(s->key, sizeof s->key, "%s", key);
    s->spectrum = *spectrum;
    *spectrum = (rad_spectrum){0};
    return &s->spectrum;
}

void *rad_shared_find_volume(const rad_shared *shared, size_t slot, const char *key) {
    const rad_shared_volume *v = &shared->volume[slot];
    return v->data && !strcmp(v->key, key) ? v->data : NULL;
}

void rad_shared_keep_volume(rad_shared *shared, size_t slot, const char *key, void *data) {
    rad_shared_volume *v = &shared->volume[slot];
    rad_spectrum_free(&shared->spectrum);
    snprintf(v->key, sizeof v->key, "%s", key);
    v->data = data;
}

void rad_shared_clear_volumes(rad_shared *shared, size_t slot) {
    for (; slot < RAD_SHARED_VOLUMES; slot++) {
        rad_free(shared->volume[slot].data);
        shared->volume[slot].data = NULL;
    }
}

void rad_shared_clear(rad_shared *shared) {
    if (!shared) return;
    rad_spectrum_free(&shared->spectrum);
    rad_shared_clear_volumes(shared, 0);
}
