#include "choice.h"

#include "memory.h"
#include "printable.h"

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
    case EXACT:
        return name && !strcmp(word, name);
    case ANY_CASE:
        return name && !strcasecmp(word, name);
    case NUMBER:
        snprintf(digits, sizeof digits, "%" PRId64, number);
        return !strcmp(word, digits);
    case NUMBERED: /* as a name that occurs twice comes out */
        snprintf(numbered, sizeof numbered, "%s (%" PRId64 ")", name ? name : "", number);
        return !strcmp(word, numbered);
    default:
        return name && strpbrk(word, "*?") && !fnmatch(word, name, FNM_CASEFOLD | FNM_NOESCAPE);
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
        for (way how = EXACT; how < WAYS; how++)
            wanted = wanted || matches(how, choice->words[i], name, number);
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
    size_t count, capacity;
} choosing;

static void list_labels(const rad_mask *mask, char *text, size_t size) {
    size_t used = 0;
    snprintf(text, size, "none");
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        if (used + 100 > size) {
            snprintf(text + used, size - used, ", ...");
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%" PRId64 "%s%.64s", i ? ", " : "", l->value,
                                 l->name ? " " : "", l->name ? l->name : "");
    }
}

static rad_status none(const choosing *c, const char *word, rad_error *error) {
    char there[640];
    list_labels(c->mask, there, sizeof there);
    return rad_fail(error, RAD_UNREADABLE, "%.200s: no ROI matches %.100s; ROIs in the mask: %s", c->path,
                    word, there);
}

static rad_status add_group(choosing *c, group **fresh, rad_error *error) {
    if (rad_grow(&c->groups, c->count, &c->capacity, sizeof *c->groups, error) != RAD_OK)
        return RAD_NO_MEMORY;
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
                        "%.300s: %zu ROIs are called %.100s; choose one by its number, the first is %" PRId64,
                        c->path, *found, word, m->labels[i].value);
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
static rad_status add_each(choosing *c, const bool *member, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->mask->label_count && status == RAD_OK; i++) {
        group *fresh = NULL;
        if (!member[i] || is_chosen(c, i)) continue;
        status = add_group(c, &fresh, error);
        if (status == RAD_OK) fresh->member[i] = true;
    }
    return status;
}

static rad_status add_union(choosing *c, const char *word, rad_error *error) {
    group *fresh = NULL;
    rad_status status = add_group(c, &fresh, error);
    if (status != RAD_OK) return status;
    fresh->name = rad_text_copy(word, error);
    if (!fresh->name) return RAD_NO_MEMORY;
    const char *rest = word;
    while (rest && status == RAD_OK) {
        char part[256];
        size_t found = 0;
        status = find(c, next_part(&rest, part, sizeof part), fresh->member, &found, error);
        if (status == RAD_OK && !found) status = none(c, part, error);
    }
    return status;
}

static rad_status add_word(choosing *c, const char *word, rad_error *error) {
    size_t found = 0;
    bool *member = rad_new(c->mask->label_count, sizeof *member, error);
    rad_status status = member ? find(c, word, member, &found, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && found) status = add_each(c, member, error);
    if (status == RAD_OK && !found)
        status = strchr(word, '+') ? add_union(c, word, error) : none(c, word, error);
    rad_free(member);
    return status;
}

/* A run of a row and the group that it goes to. */
typedef struct share {
    size_t group;
    uint32_t begin, end;
} share;

static int by_group(const void *a, const void *b) {
    const share *p = a, *q = b;
    if (p->group != q->group) return p->group < q->group ? -1 : 1;
    return (p->begin > q->begin) - (p->begin < q->begin);
}

static int by_value(const void *key, const void *label) {
    const int64_t value = *(const int64_t *)key, other = ((const rad_label *)label)->value;
    return (value > other) - (value < other);
}

/* The runs of a row, joined where runs of one group touch or overlap. */
static rad_status put_row(const choosing *c, size_t row, share *shares, rad_mask *to, rad_error *error) {
    const rad_mask *m = c->mask;
    const size_t height = m->volume.geometry.size[1];
    size_t count = 0;
    for (size_t r = m->row_begin[row]; r < m->row_begin[row + 1]; r++) {
        const rad_label *l = bsearch(&m->runs[r].label, m->labels, m->label_count, sizeof *l, by_value);
        for (size_t g = 0; l && g < c->count; g++)
            if (c->groups[g].member[l - m->labels])
                shares[count++] = (share){g, m->runs[r].begin, m->runs[r].end};
    }
    if (count > 1) qsort(shares, count, sizeof *shares, by_group);
    rad_status status = RAD_OK;
    for (size_t i = 0, next; i < count && status == RAD_OK; i = next) {
        share joined = shares[i];
        for (next = i + 1;
             next < count && shares[next].group == joined.group && shares[next].begin <= joined.end; next++)
            if (shares[next].end > joined.end) joined.end = shares[next].end;
        status = rad_mask_add_run(to, (int64_t)joined.group + 1, joined.begin, joined.end, row % height,
                                  row / height, error);
    }
    return status;
}

static size_t longest_row(const rad_mask *mask) {
    const size_t rows = mask->volume.geometry.size[1] * mask->volume.geometry.size[2];
    size_t most = 0;
    for (size_t i = 0; i < rows; i++) {
        const size_t here = mask->row_begin[i + 1] - mask->row_begin[i];
        if (here > most) most = here;
    }
    return most;
}

/* Is it a name that several ROIs have? */
static bool is_twice(const rad_mask *mask, const char *name) {
    size_t found = 0;
    for (size_t i = 0; i < mask->label_count; i++)
        found += mask->labels[i].name && !strcmp(mask->labels[i].name, name);
    return found > 1;
}

static char *name_of(const rad_mask *mask, const rad_label *label, rad_error *error) {
    const size_t length = (label->name ? strlen(label->name) : 0) + 32;
    char *name = rad_new_raw(length, 1, error);
    if (!name) return NULL;
    rad_label_text(label, name, length);
    if (label->name && is_twice(mask, label->name))
        snprintf(name, length, "%s (%" PRId64 ")", label->name, label->value);
    return name;
}

/* The name of a union or of the only member; the first fault of any. */
static rad_status put_name(const choosing *c, size_t index, rad_mask *to, rad_error *error) {
    const group *g = &c->groups[index];
    const rad_mask *m = c->mask;
    const char *fault = NULL;
    char *own = NULL;
    for (size_t i = 0; i < m->label_count; i++) {
        if (!g->member[i]) continue;
        if (!fault) fault = m->labels[i].fault;
        if (!g->name && !own) own = name_of(m, &m->labels[i], error);
    }
    if (!g->name && !own) return RAD_NO_MEMORY;
    rad_status status = rad_mask_add_label(to, (int64_t)index + 1, g->name ? g->name : own, fault, error);
    rad_free(own);
    return status;
}

static rad_status put_groups(const choosing *c, rad_mask *to, rad_error *error) {
    size_t most = 0;
    if (!rad_multiply(longest_row(c->mask), c->count, &most)) return RAD_NO_MEMORY;
    share *shares = rad_new_raw(most, sizeof *shares, error);
    rad_status status = shares ? rad_mask_begin(to, error) : RAD_NO_MEMORY;
    for (size_t g = 0; g < c->count && status == RAD_OK; g++) status = put_name(c, g, to, error);
    const size_t rows = c->mask->volume.geometry.size[1] * c->mask->volume.geometry.size[2];
    for (size_t i = 0; i < rows && status == RAD_OK; i++)
        if (c->mask->row_begin[i + 1] > c->mask->row_begin[i]) status = put_row(c, i, shares, to, error);
    rad_free(shares);
    return status == RAD_OK ? rad_mask_end(to, error) : status;
}

rad_status rad_mask_distinguish(rad_mask *mask, rad_error *error) {
    char **names = rad_new(mask->label_count, sizeof *names, error);
    rad_status status = names ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++)
        if (mask->labels[i].name && !(names[i] = name_of(mask, &mask->labels[i], error)))
            status = RAD_NO_MEMORY;
    for (size_t i = 0; i < mask->label_count && names; i++) {
        if (!names[i]) continue;
        rad_free(mask->labels[i].name);
        mask->labels[i].name = names[i];
    }
    rad_free(names);
    return status;
}

rad_status rad_mask_choose(const rad_mask *mask, const rad_choice *choice, const char *path, rad_mask *chosen,
                           rad_error *error) {
    choosing c = {.mask = mask, .path = path};
    *chosen = (rad_mask){.volume = {.geometry = mask->volume.geometry, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < choice->count && status == RAD_OK; i++)
        status = add_word(&c, choice->words[i], error);
    if (status == RAD_OK) status = put_groups(&c, chosen, error);
    for (size_t g = 0; g < c.count; g++) {
        rad_free(c.groups[g].name);
        rad_free(c.groups[g].member);
    }
    rad_free(c.groups);
    if (status != RAD_OK) rad_mask_free(chosen);
    return status;
}

void rad_mask_drop_empty(rad_mask *mask, const rad_choice *choice, const char *path, rad_warnings *warnings) {
    char first[64] = "";
    size_t kept = 0, dropped = 0;
    if (choice && choice->count) return;
    for (size_t i = 0; i < mask->label_count; i++) {
        rad_label *l = &mask->labels[i];
        if (l->voxels || l->fault) {
            mask->labels[kept++] = *l;
            continue;
        }
        if (!dropped++) rad_label_text(l, first, sizeof first);
        rad_free(l->name);
        l->name = NULL;
    }
    mask->label_count = kept;
    if (dropped)
        rad_warn(warnings, "%.300s: %zu ROI%s without a voxel %s left out, the first %s", path, dropped,
                 rad_plural(dropped), dropped == 1 ? "is" : "are", first);
}
