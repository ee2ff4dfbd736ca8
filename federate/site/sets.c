#include "sets.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "audit.h"

#include <string.h>

size_t rad_sets_values(const uint64_t *set, const double *x, size_t rows, double *out) {
    size_t count = 0;
    for (size_t r = 0; r < rows; r++)
        if (rad_bitset_has(set, r)) out[count++] = x[r];
    return count;
}

rad_status rad_sets_add(rad_sets *s, const uint64_t *set, rad_error *error) {
    rad_status status = rad_grow(&s->bits, s->count, &s->capacity, s->words * sizeof *s->bits, error);
    if (status == RAD_OK) memcpy(s->bits + s->count++ * s->words, set, s->words * sizeof *set);
    return status;
}

bool rad_sets_have(const rad_sets *s, size_t count, const uint64_t *set) {
    for (size_t i = 0; i < count; i++)
        if (!memcmp(s->bits + i * s->words, set, s->words * sizeof *set)) return true;
    return false;
}

size_t rad_sets_nearest(const rad_sets *s, const uint64_t *set, size_t most, uint64_t *all) {
    size_t count = 0;
    memset(all, 0, s->words * sizeof *all);
    for (size_t i = 0; i < s->count; i++) {
        const uint64_t *part = s->bits + i * s->words;
        if (rad_bitset_common(part, set, s->words) <= rad_bitset_beyond(part, set, s->words) ||
            rad_bitset_count(part, s->words) > most || rad_bitset_common(part, all, s->words))
            continue;
        for (size_t w = 0; w < s->words; w++) all[w] |= part[w];
        count++;
    }
    return count;
}

rad_status rad_sets_add_difference(rad_sets *s, const uint64_t *sides, rad_error *error) {
    rad_status status = rad_sets_add(s, sides, error);
    if (status == RAD_OK) status = rad_sets_add(s, sides + s->words, error);
    s->differences += status == RAD_OK;
    return status;
}

void rad_sets_free(rad_sets *s) {
    rad_free(s->bits);
    *s = (rad_sets){.words = s->words};
}

rad_status rad_sets_isolate(const rad_sets *s, size_t least, bool *isolates, rad_error *error) {
    const rad_audit_limits limits = {least, 1};
    rad_audit audit = {.patients = s->words * 64};
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    rad_status status = RAD_OK;
    for (size_t k = 0; k < s->count && status == RAD_OK; k++)
        status = rad_audit_add_set(&audit, s->bits + k * s->words, error);
    if (status == RAD_OK) status = rad_audit_look(&audit, &limits, &verdict, error);
    *isolates = verdict != RAD_AUDIT_FINE;
    rad_audit_free(&audit);
    return status;
}
