#include "choice.h"

#include "memory.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum way { EXACT, ANY_CASE, NUMBER, NUMBERED, PATTERN, WAYS } way;

static bool matches(way how, const char *word, const char *name, int64_t number) {
    char digits[24], numbered[256];
    switch (how) {
    case EXACT: return name && !strcmp(word, name);
    case ANY_CASE: return name && !strcasecmp(word, name);
    case NUMBER: snprintf(digits, sizeof digits, "%" PRId64, number); return !strcmp(word, digits);
    case NUMBERED: /* as a name that occurs twice comes out */
        snprintf(numbered, sizeof numbered, "%s (%" PRId64 ")", name ? name : "", number);
        return !strcmp(word, numbered);
    default: return name && strpbrk(word, "*?") && !fnmatch(word, name, FNM_CASEFOLD | FNM_NOESCAPE);
    }
}

/* The next part of words joined by +; *rest is NULL after the last. */
static const char *next_part(const char **rest, char *part, size_t length) {
    const char *plus = strchr(*rest, '+');
    snprintf(part, length, "%.*s", plus ? (int)(plus - *rest) : (int)strlen(*rest), *rest);
    *rest = plus ? plus + 1 : NULL;
    return part;
}

bool rad_choice_wants(const rad_choice *choice, const char *name, int64_t number) {
    bool wanted = !choice || !choice->count;
    for (size_t i = 0; !wanted && i < choice->count; i++) {
        const char *rest = choice->words[i];
        char part[256];
        for (way how = EXACT; how < WAYS; how++) wanted = wanted || matches(how, choice->words[i], name, number);
        while (rest && !wanted) {
            next_part(&rest, part, sizeof part);
            for (way how = EXACT; how < WAYS; how++) wanted = wanted || matches(how, part, name, number);
        }
    }
    return wanted;
}

/* A choice as it is worked out: each group becomes one ROI. */
typedef struct group {
    char *name;   /* of a union; NULL: that of its label */
    bool *member; /* one per label of the mask */
} group;

typedef struct choosing {
    const rad_mask *mask;
    const char *path;
    group *groups;
    size_t count, room;
} choosing;

static void list_labels(const rad_mask *mask, char *text, size_t room) {
    size_t used = 0;
    snprintf(text, room, "none");
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        if (used + 100 > room) {
            snprintf(text + used, room - used, ", ...");
            return;
        }
        used += (size_t)snprintf(text + used, room - used, "%s%" PRId64 "%s%.64s", i ? ", " : "", l->value,
                                 l->name ? " " : "", l->name ? l->name : "");
    }
}

static rad_status none(const choosing *c, const char *word, rad_error *error) {
    char there[640];
    list_labels(c->mask, there, sizeof there);
    return rad_fail(error, RAD_UNREADABLE, "%.200s: no ROI is %.100s; ROIs in the mask: %s", c->path, word, there);
}

static rad_status add_group(choosing *c, group **fresh, rad_error *error) {
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 64;
        group *more = rad_new(c->room, sizeof *more, error);
        if (!more) return RAD_NO_MEMORY;
        if (c->count) memcpy(more, c->groups, c->count * sizeof *more);
        rad_free(c->groups);
        c->groups = more;
    }
    *fresh = &c->groups[c->count];
    **fresh = (group){0};
    (*fresh)->member = rad_new(c->mask->label_count, sizeof(bool), error);
    if (!(*fresh)->member) return RAD_NO_MEMORY;
    c->count++;
    return RAD_OK;
}

/* Marks the labels that a word without + means; how many there are. */
static rad_status find(const choosing *c, const char *word, bool *member, size_t *found, rad_error *error) {
    const rad_mask *m = c->mask;
    *found = 0;
    for (way how = EXACT; how < WAYS && !*found; how++) {
        for (size_t i = 0; i < m->label_count; i++)
            if (matches(how, word, m->labels[i].name, m->labels[i].value)) {
                member[i] = true;
                ++*found;
            }
        if (*found < 2 || how == PATTERN) continue;
        size_t i = 0;
        while (!member[i]) i++;
        return rad_fail(error, RAD_UNREADABLE,
                        "%.300s: %zu ROIs are called %.100s; choose one by its number, the first is %" PRId64, c->path,
                        *found, word, m->labels[i].value);
    }
    return RAD_OK;
}

/* Is this label alone chosen already? */
static bool is_chosen(const choosing *c, size_t label) {
    for (size_t g = 0; g < c->count; g++)
        if (!c->groups[g].name && c->groups[g].member[label]) return true;
    return false;
}

/* One group for each label that is marked. */
static rad_status take_each(choosing *c, const bool *member, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->mask->label_count && status == RAD_OK; i++) {
        group *fresh = NULL;
        if (!member[i] || is_chosen(c, i)) continue;
        status = add_group(c, &fresh, error);
        if (status == RAD_OK) fresh->member[i] = true;
    }
    return status;
}

static rad_status take_union(choosing *c, const char *word, rad_error *error) {
    group *fresh = NULL;
    const size_t length = strlen(word) + 1;
    rad_status status = add_group(c, &fresh, error);
    if (status != RAD_OK) return status;
    fresh->name = rad_new(length, 1, error);
    if (!fresh->name) return RAD_NO_MEMORY;
    memcpy(fresh->name, word, length);
    const char *rest = word;
    while (rest && status == RAD_OK) {
        char part[256];
        size_t found = 0;
        status = find(c, next_part(&rest, part, sizeof part), fresh->member, &found, error);
        if (status == RAD_OK && !found) status = none(c, part, error);
    }
    return status;
}

static rad_status take_word(choosing *c, const char *word, rad_error *error) {
    size_t found = 0;
    bool *member = rad_new(c->mask->label_count, sizeof *member, error);
    rad_status status = member ? find(c, word, member, &found, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && found) status = take_each(c, member, error);
    if (status == RAD_OK && !found) status = strchr(word, '+') ? take_union(c, word, error) : none(c, word, error);
    rad_free(member);
    return status;
}

static int by_begin(const void *a, const void *b) {
    const rad_run *p = a, *q = b;
    return (p->begin > q->begin) - (p->begin < q->begin);
}

/* The runs of a row that belong to the group, joined where they touch or overlap. */
static rad_status join_row(const choosing *c, const group *g, size_t row, int64_t value, rad_run *runs,
                           rad_mask *to, rad_error *error) {
    const rad_mask *m = c->mask;
    const size_t height = m->volume.geometry.size[1];
    size_t count = 0;
    for (size_t r = m->row_begin[row]; r < m->row_begin[row + 1]; r++)
        if (g->member[rad_mask_find(m, m->runs[r].label) - m->labels]) runs[count++] = m->runs[r];
    if (count > 1) qsort(runs, count, sizeof *runs, by_begin);
    rad_status status = RAD_OK;
    for (size_t i = 0, next; i < count && status == RAD_OK; i = next) {
        rad_run joined = runs[i];
        for (next = i + 1; next < count && runs[next].begin <= joined.end; next++)
            if (runs[next].end > joined.end) joined.end = runs[next].end;
        status = rad_mask_add_run(to, value, joined.begin, joined.end, row % height, row / height, error);
    }
    return status;
}

/* One ROI of the new mask: value, name and fault come from its first label. */
static rad_status put_group(const choosing *c, const group *g, int64_t value, rad_mask *to, rad_error *error) {
    const rad_mask *m = c->mask;
    const rad_label *first = NULL;
    const char *fault = NULL;
    rad_box box = {{0}, {0}};
    for (size_t i = 0; i < m->label_count; i++) {
        const rad_label *l = &m->labels[i];
        if (!g->member[i]) continue;
        if (!first) first = l;
        if (!fault) fault = l->fault;
        if (l->voxels) box = box.end[2] ? rad_box_join(&box, &l->box) : l->box;
    }
    if (!first) return RAD_OK;
    char text[256];
    rad_status status =
        rad_mask_add_label(to, value, g->name ? g->name : rad_label_text(first, text, sizeof text), fault, error);
    size_t most = 0;
    const size_t height = m->volume.geometry.size[1];
    for (size_t i = 0; i < height * m->volume.geometry.size[2]; i++)
        if (m->row_begin[i + 1] - m->row_begin[i] > most) most = m->row_begin[i + 1] - m->row_begin[i];
    rad_run *runs = rad_new_raw(most, sizeof *runs, error);
    if (!runs) return RAD_NO_MEMORY;
    for (size_t z = box.begin[2]; z < box.end[2]; z++)
        for (size_t y = box.begin[1]; y < box.end[1] && status == RAD_OK; y++)
            status = join_row(c, g, z * height + y, value, runs, to, error);
    rad_free(runs);
    return status;
}

/* Values 1, 2, ...: labels come out in the order of the groups. */
static rad_status put_groups(const choosing *c, rad_mask *fresh, rad_error *error) {
    rad_status status = rad_mask_begin(fresh, error);
    for (size_t g = 0; g < c->count && status == RAD_OK; g++)
        status = put_group(c, &c->groups[g], (int64_t)g + 1, fresh, error);
    return status == RAD_OK ? rad_mask_end(fresh, error) : status;
}

/* Is a name that several ROIs have; then numbers tell them apart. */
static bool is_twice(const rad_mask *mask, const char *name) {
    size_t found = 0;
    for (size_t i = 0; i < mask->label_count; i++)
        found += mask->labels[i].name && !strcmp(mask->labels[i].name, name);
    return found > 1;
}

static rad_status distinguish(rad_mask *mask, rad_error *error) {
    bool *twice = rad_new(mask->label_count, sizeof *twice, error);
    if (!twice) return RAD_NO_MEMORY;
    for (size_t i = 0; i < mask->label_count; i++)
        twice[i] = mask->labels[i].name && is_twice(mask, mask->labels[i].name);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++) {
        rad_label *l = &mask->labels[i];
        if (!twice[i]) continue;
        const size_t length = strlen(l->name) + 32;
        char *name = rad_new_raw(length, 1, error);
        if (!name) status = RAD_NO_MEMORY;
        if (!name) continue;
        snprintf(name, length, "%s (%" PRId64 ")", l->name, l->value);
        rad_free(l->name);
        l->name = name;
    }
    rad_free(twice);
    return status;
}

rad_status rad_mask_choose(rad_mask *mask, const rad_choice *choice, const char *path, rad_error *error) {
    if (!choice || !choice->count) return distinguish(mask, error);
    choosing c = {.mask = mask, .path = path};
    rad_mask fresh = {.volume = {.geometry = mask->volume.geometry, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < choice->count && status == RAD_OK; i++) status = take_word(&c, choice->words[i], error);
    if (status == RAD_OK) status = distinguish(mask, error);
    if (status == RAD_OK) status = put_groups(&c, &fresh, error);
    for (size_t g = 0; g < c.count; g++) {
        rad_free(c.groups[g].name);
        rad_free(c.groups[g].member);
    }
    rad_free(c.groups);
    if (status != RAD_OK) {
        rad_mask_free(&fresh);
        return status;
    }
    rad_mask_free(mask);
    *mask = fresh;
    return RAD_OK;
}
