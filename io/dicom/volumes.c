#include "volumes.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../core/printable.h"
#include "moments.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Planes while they are told apart. */
typedef struct sorting {
    const rad_plane *planes;
    size_t count, most; /* most planes at one place: as many volumes there are */
    bool even;          /* as many planes at each place */
    rad_moments *moments;
    uint32_t *id[RAD_MOMENTS]; /* number of a plane's value among those of the element, from 0 */
    size_t ids[RAD_MOMENTS];   /* how many values there are */
    size_t key[2], keys;       /* elements that tell volumes apart */
    size_t *of;                /* volume of each plane */
} sorting;

/* Planes at the place of plane `at`: from it on. */
static size_t same_place(const rad_plane *planes, size_t count, size_t at) {
    size_t end = at + 1;
    while (end < count && planes[end].height - planes[end - 1].height < RAD_PLANE_SAME) end++;
    return end - at;
}

static void count_places(sorting *s) {
    s->most = 1;
    s->even = true;
    const size_t first = same_place(s->planes, s->count, 0);
    for (size_t i = 0, some; i < s->count; i += some) {
        some = same_place(s->planes, s->count, i);
        s->even = s->even && some == first;
        if (some > s->most) s->most = some;
    }
}

/* Numbers by value, and before texts. */
static int compare_values(const char *a, const char *b) {
    double x = NAN, y = NAN;
    const bool is_x = rad_number_read(a, &x) && !isnan(x), is_y = rad_number_read(b, &y) && !isnan(y);
    if (is_x != is_y) return is_x ? -1 : 1;
    return is_x ? (x > y) - (x < y) : strcmp(a, b);
}

typedef struct entry {
    const char *text;
    uint64_t value;
    size_t plane;
} entry;

static int by_text(const void *a, const void *b) {
    return compare_values(((const entry *)a)->text, ((const entry *)b)->text);
}

static int by_value(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return x->value != y->value ? x->value < y->value ? -1 : 1
                                : (x->plane > y->plane) - (x->plane < y->plane);
}

/* Most elements say the same of all planes. */
static bool are_alike(const sorting *s, size_t key) {
    size_t i = 1;
    while (i < s->count && !strcmp(s->moments[i].text[key], s->moments[0].text[key])) i++;
    return i == s->count;
}

/* Numbers the values of an element in their order. */
static rad_status number_values(sorting *s, size_t key, entry *entries, rad_error *error) {
    s->id[key] = rad_new(s->count, sizeof **s->id, error);
    if (!s->id[key]) return RAD_NO_MEMORY;
    s->ids[key] = 1;
    if (are_alike(s, key)) return RAD_OK;
    for (size_t i = 0; i < s->count; i++) entries[i] = (entry){.text = s->moments[i].text[key], .plane = i};
    qsort(entries, s->count, sizeof *entries, by_text);
    uint32_t id = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i && compare_values(entries[i - 1].text, entries[i].text) != 0) id++;
        s->id[key][entries[i].plane] = id;
    }
    s->ids[key] = (size_t)id + 1;
    return RAD_OK;
}

/* Does each place have each of these volumes at most once? */
static bool tells_apart(const sorting *s, const size_t *of, size_t *seen) {
    for (size_t v = 0; v < s->most; v++) seen[v] = SIZE_MAX;
    for (size_t i = 0, some; i < s->count; i += some) {
        some = same_place(s->planes, s->count, i);
        for (size_t k = i; k < i + some; k++) {
            if (seen[of[k]] == i) return false;
            seen[of[k]] = i;
        }
    }
    return true;
}

/* Volumes by one or two elements, if there are as many as planes at one place. */
static bool try_keys(sorting *s, size_t a, size_t b, entry *entries, size_t *seen) {
    for (size_t i = 0; i < s->count; i++)
        entries[i] = (entry){.value = (uint64_t)s->id[a][i] * s->ids[b] + s->id[b][i], .plane = i};
    qsort(entries, s->count, sizeof *entries, by_value);
    size_t volume = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i && entries[i - 1].value != entries[i].value) volume++;
        if (volume == s->most) return false;
        s->of[entries[i].plane] = volume;
    }
    s->key[0] = a;
    s->key[1] = b;
    s->keys = a == b ? 1 : 2;
    return volume + 1 == s->most && tells_apart(s, s->of, seen);
}

static bool can_be_key(const sorting *s, size_t key) {
    return s->ids[key] > 1 && s->ids[key] <= s->most;
}

/* The planes at each place in the order of an element that grows in time. */
static bool try_order(sorting *s, size_t key, entry *entries) {
    if (!rad_moment_is_time(key) || !s->even) return false;
    for (size_t i = 0; i < s->count; i += s->most) {
        for (size_t k = 0; k < s->most; k++) entries[k] = (entry){.value = s->id[key][i + k], .plane = i + k};
        qsort(entries, s->most, sizeof *entries, by_value);
        for (size_t k = 0; k < s->most; k++) {
            if (k && entries[k].value == entries[k - 1].value) return false;
            s->of[entries[k].plane] = k;
        }
    }
    s->key[0] = s->key[1] = key;
    s->keys = 1;
    return true;
}

static bool find_volumes(sorting *s, entry *entries, size_t *seen) {
    for (size_t a = 0; a < RAD_MOMENTS; a++)
        if (can_be_key(s, a) && try_keys(s, a, a, entries, seen)) return true;
    for (size_t a = 0; a < RAD_MOMENTS; a++)
        for (size_t b = a + 1; b < RAD_MOMENTS; b++)
            if (can_be_key(s, a) && can_be_key(s, b) && try_keys(s, a, b, entries, seen)) return true;
    for (size_t a = 0; a < RAD_MOMENTS; a++)
        if (try_order(s, a, entries)) return true;
    return false;
}

/* Each volume in words, by the values of its first slice. */
static rad_status name_volumes(const sorting *s, rad_volumes *volumes, rad_error *error) {
    volumes->row = rad_new(s->most, sizeof *volumes->row, error);
    if (!volumes->row) return RAD_NO_MEMORY;
    volumes->count = s->most;
    for (size_t i = 0; i < s->count; i++) {
        rad_volume_choice *v = &volumes->row[s->of[i]];
        size_t used = 0;
        for (size_t k = 0; k < s->keys && !v->slices; k++)
            used +=
                (size_t)snprintf(v->words + used, sizeof v->words - used, "%s%s=%s", k ? "," : "",
                                 rad_tag_keyword(rad_moment_tag(s->key[k])), s->moments[i].text[s->key[k]]);
        v->slices++;
    }
    return RAD_OK;
}

/* "1: EchoTime=2.3 (30 slices), 2: ..." */
static const char *list_volumes(const rad_volumes *volumes, char *text, size_t size) {
    size_t used = 0;
    for (size_t i = 0; i < volumes->count; i++) {
        if (used + 240 > size) {
            snprintf(text + used, size - used, ", ... and %zu more (radiomill info lists them)",
                     volumes->count - i);
            break;
        }
        const rad_volume_choice *v = &volumes->row[i];
        used += (size_t)snprintf(text + used, size - used, "%s%zu: %s (%zu slice%s)", i ? ", " : "", i + 1,
                                 v->words, v->slices, rad_plural(v->slices));
    }
    return text;
}

/* The element that a word names: a keyword, or its number as (0018,0081) or 00180081; RAD_MOMENTS: none. */
static size_t find_element(const char *word, size_t length) {
    char digits[16];
    size_t made = 0;
    for (size_t i = 0; i < length && made + 1 < sizeof digits; i++)
        if (isxdigit((unsigned char)word[i])) digits[made++] = word[i];
    digits[made] = '\0';
    const unsigned long number = made == 8 ? strtoul(digits, NULL, 16) : 0;
    for (size_t i = 0; i < RAD_MOMENTS; i++) {
        const rad_tag tag = rad_moment_tag(i);
        const char *keyword = rad_tag_keyword(tag);
        if ((strlen(keyword) == length && !strncasecmp(keyword, word, length)) ||
            number == (unsigned long)tag)
            return i;
    }
    return RAD_MOMENTS;
}

static bool same_value(const char *a, const char *b) {
    double x, y;
    if (rad_number_read(a, &x) && rad_number_read(b, &y)) return fabs(x - y) <= 1e-6 * fmax(fabs(x), fabs(y));
    return !strcasecmp(a, b);
}

/* Has every slice of the volume the value that one part of the choice, ELEMENT=VALUE, asks for? */
static bool has_value(const sorting *s, size_t volume, size_t key, const char *value, size_t length) {
    char text[RAD_MOMENT_TEXT];
    if (key == RAD_MOMENTS || length >= sizeof text) return false;
    memcpy(text, value, length);
    text[length] = '\0';
    for (size_t i = 0; i < s->count; i++)
        if (s->of[i] == volume && !same_value(s->moments[i].text[key], text)) return false;
    return true;
}

/* Where the value of a part ends: at its end, or before a comma behind which another ELEMENT= stands. */
static size_t value_length(const char *value) {
    for (size_t i = 0; value[i]; i++) {
        if (value[i] != ',') continue;
        const char *equals = strchr(value + i + 1, '=');
        if (equals && find_element(value + i + 1, (size_t)(equals - (value + i + 1))) < RAD_MOMENTS) return i;
    }
    return strlen(value);
}

static bool is_meant(const sorting *s, const rad_volumes *volumes, size_t volume, const char *wanted) {
    char *end;
    if (!strcasecmp(volumes->row[volume].words, wanted)) return true;
    const unsigned long number = strtoul(wanted, &end, 10);
    if (isdigit((unsigned char)*wanted) && !*end) return number == volume + 1;
    for (const char *at = wanted; at;) {
        const char *equals = strchr(at, '=');
        if (!equals) return false;
        const size_t length = value_length(equals + 1);
        if (!has_value(s, volume, find_element(at, (size_t)(equals - at)), equals + 1, length)) return false;
        at = equals[1 + length] ? equals + 2 + length : NULL;
    }
    return true;
}

/* The volume that is meant, of which there must be one. */
static rad_status pick(const sorting *s, const rad_volumes *volumes, const char *wanted, size_t *found,
                       rad_error *error) {
    char there[700];
    size_t meant = 0;
    const char *path = s->planes[0].instance->path;
    list_volumes(volumes, there, sizeof there);
    if (!wanted)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%.160s: its series holds %zu volumes at one place; choose one with --volume NUMBER or "
            "--volume ELEMENT=VALUE: %s",
            path, volumes->count, there);
    for (size_t v = 0; v < volumes->count; v++)
        if (is_meant(s, volumes, v, wanted)) {
            meant++;
            *found = v;
        }
    if (meant == 1) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%.160s: %zu of its %zu volumes %s --volume %.60s; there are %s",
                    path, meant, volumes->count, meant == 1 ? "is" : "are", wanted, there);
}

static rad_status sort_volumes(sorting *s, const char *wanted, rad_volumes *volumes, size_t *found,
                               bool *told, rad_error *error) {
    entry *entries = rad_new(s->count, sizeof *entries, error);
    size_t *seen = rad_new(s->most, sizeof *seen, error);
    s->of = rad_new(s->count, sizeof *s->of, error);
    s->moments = rad_new(s->count, sizeof *s->moments, error);
    rad_status status = entries && seen && s->of && s->moments ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_moments_read(s->planes, s->count, s->moments, error);
    for (size_t k = 0; k < RAD_MOMENTS && status == RAD_OK; k++) status = number_values(s, k, entries, error);
    *told = status == RAD_OK && find_volumes(s, entries, seen);
    if (*told) status = name_volumes(s, volumes, error);
    if (*told && status == RAD_OK) status = pick(s, volumes, wanted, found, error);
    for (size_t k = 0; k < RAD_MOMENTS; k++) rad_free(s->id[k]);
    rad_free(s->moments);
    rad_free(entries);
    rad_free(seen);
    return status;
}

rad_status rad_volumes_choose(rad_plane *planes, size_t *count, const char *wanted, rad_volumes *volumes,
                              rad_error *error) {
    sorting s = {.planes = planes, .count = *count};
    size_t found = 0, kept = 0;
    bool told = false;
    *volumes = (rad_volumes){.count = 0};
    count_places(&s);
    if (s.most == 1 && wanted && strcmp(wanted, "1") != 0)
        return rad_fail(error, RAD_UNREADABLE,
                        "%.300s: its series holds one volume; --volume %.60s is not there",
                        planes[0].instance->path, wanted);
    if (s.most == 1) return RAD_OK;
    rad_status status = sort_volumes(&s, wanted, volumes, &found, &told, error);
    for (size_t i = 0; i < s.count && status == RAD_OK && told; i++)
        if (s.of[i] == found) planes[kept++] = planes[i];
    if (told && status == RAD_OK) *count = kept;
    rad_free(s.of);
    return status;
}

void rad_volumes_free(rad_volumes *volumes) {
    rad_free(volumes->row);
    *volumes = (rad_volumes){.count = 0};
}
