#include "patterns.h"

#include "../core/memory.h"

#include <string.h>

static const char *text_of(const rad_node *list, size_t place) {
    return list->kind == RAD_NODE_MAP ? list->child[place].key : list->child[place].text;
}

rad_status rad_patterns_make(const rad_node *list, rad_patterns *p, rad_error *error) {
    *p = (rad_patterns){.list = list};
    p->wild = rad_new_raw(list->count, sizeof *p->wild, error);
    rad_status status = p->wild ? rad_names_allocate(&p->plain, list->count, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) p->plain.count = 0;
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) {
        const char *text = text_of(list, i);
        if (text[strcspn(text, "*?")])
            p->wild[p->wild_count++] = i;
        else
            p->plain.row[p->plain.count++] = (rad_name){text, i};
    }
    if (status == RAD_OK)
        rad_names_sort(&p->plain);
    else
        rad_patterns_free(p);
    return status;
}

void rad_patterns_free(rad_patterns *p) {
    rad_names_free(&p->plain);
    rad_free(p->wild);
    *p = (rad_patterns){.list = NULL};
}

/* In time that grows with the product of the lengths at most: studies come from outside. */
static bool matches(const char *pattern, const char *name) {
    const char *star = NULL, *back = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            back = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++back;
        } else {
            return false;
        }
    }
    return !pattern[strspn(pattern, "*")];
}

size_t rad_patterns_next(const rad_patterns *p, size_t from, const char *name) {
    const size_t plain = rad_names_find(&p->plain, name);
    size_t low = 0, high = p->wild_count;
    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (p->wild[at] < from)
            low = at + 1;
        else
            high = at;
    }
    while (low < p->wild_count && !matches(text_of(p->list, p->wild[low]), name)) low++;
    const size_t wild = low < p->wild_count ? p->wild[low] : SIZE_MAX;
    return plain >= from && plain < wild ? plain : wild;
}

bool rad_patterns_match(const rad_patterns *p, const char *name) {
    return rad_patterns_next(p, 0, name) != SIZE_MAX;
}
