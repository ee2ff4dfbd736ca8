#include "rehearsal.h"

#include "../core/bitset.h"
#include "../core/memory.h"

#include <string.h>

/* The texts of a part as one, which tells parts apart. */
static rad_status key_of(const json_t *part, char **key, rad_error *error) {
    size_t length = 1, at = 0;
    const size_t count = json_array_size(part) - 1;
    for (size_t i = 0; i < count; i++) length += json_string_length(json_array_get(part, i)) + 1;
    *key = rad_new_raw(length, 1, error);
    if (!*key) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(part, i));
        const size_t own = strlen(text);
        memcpy(*key + at, text, own);
        at += own;
        (*key)[at++] = '\x1f';
    }
    (*key)[at] = '\0';
    return RAD_OK;
}

/* Every part of every site under its key; place: site, then part. */
typedef struct joining {
    const rad_rehearsal *rehearsals;
    size_t count, *first; /* place of the first part of each site */
    char **key;           /* by place; owned */
    size_t *of;           /* by place: the part that all of its key are */
    rad_names names;
} joining;

static rad_status allocate(joining *j, rad_error *error) {
    size_t all = 0;
    j->first = rad_new(j->count + 1, sizeof *j->first, error);
    if (!j->first) return RAD_NO_MEMORY;
    for (size_t s = 0; s < j->count; s++) {
        j->first[s] = all;
        all += json_array_size(j->rehearsals[s].parts);
    }
    j->first[j->count] = all;
    j->key = rad_new(all, sizeof *j->key, error);
    j->of = rad_new(all, sizeof *j->of, error);
    rad_status status = j->key && j->of ? rad_names_allocate(&j->names, all, error) : RAD_NO_MEMORY;
    for (size_t s = 0; s < j->count; s++)
        for (size_t i = j->first[s]; i < j->first[s + 1] && status == RAD_OK; i++) {
            status = key_of(json_array_get(j->rehearsals[s].parts, i - j->first[s]), &j->key[i], error);
            j->names.row[i] = (rad_name){j->key[i], i};
        }
    if (status == RAD_OK) rad_names_sort(&j->names);
    return status;
}

static void release(joining *j) {
    for (size_t i = 0; j->key && i < j->first[j->count]; i++) rad_free(j->key[i]);
    rad_free(j->key);
    rad_free(j->first);
    rad_free(j->of);
    rad_names_free(&j->names);
}

static rad_status add(joining *j, size_t site, size_t place, rad_rehearsed *parts, size_t *count,
                      rad_error *error) {
    const json_t *part = json_array_get(j->rehearsals[site].parts, place - j->first[site]);
    const size_t first = rad_names_find(&j->names, j->key[place]);
    if (first == place) {
        parts[*count] = (rad_rehearsed){.analysis = json_string_value(json_array_get(part, 0)), .part = part};
        parts[*count].have = rad_new(rad_bitset_words(j->count), sizeof *parts->have, error);
        if (!parts[*count].have) return RAD_NO_MEMORY;
        j->of[place] = (*count)++;
    }
    rad_rehearsed *to = &parts[j->of[first]];
    if (json_is_true(json_array_get(part, json_array_size(part) - 1)) && !rad_bitset_has(to->have, site)) {
        rad_bitset_add(to->have, site);
        to->sites++;
    }
    return RAD_OK;
}

rad_status rad_rehearsal_join(const rad_rehearsal *rehearsals, size_t count, rad_rehearsed **parts,
                              size_t *part_count, rad_error *error) {
    joining j = {.rehearsals = rehearsals, .count = count};
    *parts = NULL;
    *part_count = 0;
    rad_status status = allocate(&j, error);
    if (status == RAD_OK) *parts = rad_new(j.first[count], sizeof **parts, error);
    if (status == RAD_OK && !*parts) status = RAD_NO_MEMORY;
    for (size_t s = 0; s < count; s++)
        for (size_t i = j.first ? j.first[s] : 0; status == RAD_OK && i < j.first[s + 1]; i++)
            status = add(&j, s, i, *parts, part_count, error);
    release(&j);
    if (status == RAD_OK) return status;
    rad_rehearsed_free(*parts, *part_count);
    *parts = NULL;
    *part_count = 0;
    return status;
}

void rad_rehearsed_free(rad_rehearsed *parts, size_t count) {
    for (size_t i = 0; parts && i < count; i++) rad_free(parts[i].have);
    rad_free(parts);
}
