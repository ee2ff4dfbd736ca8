#include "names.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

rad_status rad_names_allocate(rad_names *names, size_t count, rad_error *error) {
    *names = (rad_names){rad_new_raw(count, sizeof *names->row, error), count};
    return names->row ? RAD_OK : RAD_NO_MEMORY;
}

static int by_text(const void *a, const void *b) {
    const rad_name *x = a, *y = b;
    const int order = strcmp(x->text, y->text);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

void rad_names_sort(rad_names *names) {
    if (names->count > 1) qsort(names->row, names->count, sizeof *names->row, by_text);
}

void rad_names_free(rad_names *names) {
    rad_free(names->row);
    *names = (rad_names){.count = 0};
}

size_t rad_names_find(const rad_names *names, const char *text) {
    size_t low = 0, high = names->count;
    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (strcmp(names->row[at].text, text) < 0)
            low = at + 1;
        else
            high = at;
    }
    return low < names->count && !strcmp(names->row[low].text, text) ? names->row[low].place : SIZE_MAX;
}

size_t rad_names_repeated(const rad_names *names) {
    size_t first = SIZE_MAX;
    for (size_t i = 1; i < names->count; i++)
        if (!strcmp(names->row[i - 1].text, names->row[i].text) && names->row[i].place < first)
            first = names->row[i].place;
    return first;
}
