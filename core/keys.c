#include "keys.h"

#include "discretise.h"
#include "nearest.h"
#include "number.h"
#include "printable.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *const truths[] = {"no", "yes", NULL};

/* Room for any member. */
typedef union member {
    double number, numbers[3];
    int integer, integers[3];
    unsigned bits;
    bool truth;
    rad_binnings binnings;
    char text[RAD_TEXT_MAX];
    rad_origin origin;
    rad_numbers list;
} member;

static bool read_number(const rad_key *key, const char *word, double *value) {
    return rad_number_read(word, value) && *value >= key->low && *value <= key->high;
}

static bool read_integer(const rad_key *key, const char *word, int *value) {
    double number;
    if (!read_number(key, word, &number) || number != floor(number)) return false;
    *value = (int)number;
    return true;
}

static bool read_word(const char *const *words, const char *word, int *index) {
    for (int i = 0; words[i]; i++)
        if (!strcmp(word, words[i])) {
            *index = i;
            return true;
        }
    return false;
}

static bool set_number(const rad_key *key, member *m, const char *const *words, size_t count) {
    (void)count;
    return read_number(key, words[0], &m->number);
}

static bool set_integer(const rad_key *key, member *m, const char *const *words, size_t count) {
    (void)count;
    return read_integer(key, words[0], &m->integer);
}

static bool set_word(const rad_key *key, member *m, const char *const *words, size_t count) {
    (void)count;
    return read_word(key->words, words[0], &m->integer);
}

static bool set_truth(const rad_key *key, member *m, const char *const *words, size_t count) {
    int index = 0;
    (void)key, (void)count;
    if (!read_word(truths, words[0], &index)) return false;
    m->truth = index;
    return true;
}

static bool set_optional(const rad_key *key, member *m, const char *const *words, size_t count) {
    (void)count;
    m->number = NAN;
    return !strcmp(words[0], key->words[0]) || read_number(key, words[0], &m->number);
}

static bool set_spacing(const rad_key *key, member *m, const char *const *words, size_t count) {
    if (count != 1 && count != 3) return false;
    for (size_t a = 0; a < 3; a++)
        if (!read_number(key, words[count == 3 ? a : 0], &m->numbers[a])) return false;
    return true;
}

static bool set_triple(const rad_key *key, member *m, const char *const *words, size_t count) {
    for (size_t a = 0; a < 3 && count == 3; a++)
        if (!read_integer(key, words[a], &m->integers[a])) return false;
    return count == 3;
}

static bool set_range(const rad_key *key, member *m, const char *const *words, size_t count) {
    const bool bounded = key->low < key->high;
    return count == 2 && rad_number_read(words[0], &m->numbers[0]) &&
           rad_number_read(words[1], &m->numbers[1]) && m->numbers[0] < m->numbers[1] &&
           (!bounded || (m->numbers[0] >= key->low && m->numbers[1] <= key->high));
}

static bool set_bits(const rad_key *key, member *m, const char *const *words, size_t count) {
    m->bits = 0;
    for (size_t i = 0; i < count; i++) {
        int bit = 0;
        if (!read_word(key->words, words[i], &bit) || m->bits >> bit & 1) return false;
        m->bits |= 1U << bit;
    }
    return (double)count >= key->low;
}

static bool set_binnings(const rad_key *key, member *m, const char *const *words, size_t count) {
    rad_discretisation *d = m->binnings.row;
    if (count < 1 || (double)count > key->high) return false;
    m->binnings = (rad_binnings){.count = count};
    for (size_t i = 0; i < count; i++) {
        if (!rad_discretisation_read(words[i], &d[i])) return false;
        for (size_t j = 0; j < i; j++)
            if (d[j].binning == d[i].binning && d[j].amount == d[i].amount) return false;
    }
    return true;
}

static bool set_text(const rad_key *key, member *m, const char *const *words, size_t count) {
    const char *word = words[0];
    const size_t length = strlen(word);
    (void)key, (void)count;
    if (!length || length >= sizeof m->text) return false;
    for (const char *c = word; *c; c++)
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && *c != '.' && *c != '_')) return false;
    memset(m->text, 0, sizeof m->text);
    memcpy(m->text, word, length);
    return true;
}

static bool set_origin(const rad_key *key, member *m, const char *const *words, size_t count) {
    (void)count;
    m->origin = (rad_origin){0, 0};
    if (read_word(key->words, words[0], &m->origin.from)) return true;
    while (key->words[m->origin.from]) m->origin.from++;
    return read_number(key, words[0], &m->origin.number);
}

static bool set_numbers(const rad_key *key, member *m, const char *const *words, size_t count) {
    memset(&m->list, 0, sizeof m->list);
    if (count > RAD_LIST_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_number(key, words[i], &m->list.row[i])) return false;
        for (size_t k = 0; k < i; k++)
            if (m->list.row[k] == m->list.row[i]) return false;
    }
    m->list.count = count;
    return true;
}

static bool set_name(const rad_key *key, member *m, const char *const *words, size_t count) {
    const size_t length = strlen(words[0]);
    uint32_t code;
    (void)key, (void)count;
    if (length >= sizeof m->text || !rad_printable_plain(words[0], &code)) return false;
    memset(m->text, 0, sizeof m->text);
    memcpy(m->text, words[0], length);
    return true;
}

static void append(char *text, size_t length, const char *word) {
    const size_t used = strlen(text);
    snprintf(text + used, length - used, "%s%s", used ? ", " : "", word);
}

static void append_numbers(char *text, size_t length, const double *x, size_t count) {
    char number[RAD_NUMBER_TEXT];
    for (size_t i = 0; i < count; i++) append(text, length, rad_number_write(x[i], number));
}

static void append_integers(char *text, size_t length, const int *x, size_t count) {
    for (size_t i = 0; i < count; i++) append_numbers(text, length, &(double){x[i]}, 1);
}

static void put_number(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_numbers(text, length, &m->number, 1);
}

static void put_optional(const rad_key *key, const member *m, char *text, size_t length) {
    if (isnan(m->number))
        append(text, length, key->words[0]);
    else
        put_number(key, m, text, length);
}

static void put_spacing(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_numbers(text, length, m->numbers, 3);
}

static void put_range(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_numbers(text, length, m->numbers, 2);
}

static void put_integer(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_integers(text, length, &m->integer, 1);
}

static void put_triple(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_integers(text, length, m->integers, 3);
}

static void put_word(const rad_key *key, const member *m, char *text, size_t length) {
    append(text, length, key->words[m->integer]);
}

static void put_truth(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append(text, length, truths[m->truth]);
}

static void put_bits(const rad_key *key, const member *m, char *text, size_t length) {
    for (int i = 0; key->words[i]; i++)
        if (m->bits >> i & 1) append(text, length, key->words[i]);
}

static void put_binnings(const rad_key *key, const member *m, char *text, size_t length) {
    char name[64];
    (void)key;
    for (size_t i = 0; i < m->binnings.count; i++)
        append(text, length, rad_discretisation_name(m->binnings.row[i], name, sizeof name));
}

static void put_text(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append(text, length, m->text);
}

static void put_origin(const rad_key *key, const member *m, char *text, size_t length) {
    if (key->words[m->origin.from])
        append(text, length, key->words[m->origin.from]);
    else
        append_numbers(text, length, &m->origin.number, 1);
}

static void put_numbers(const rad_key *key, const member *m, char *text, size_t length) {
    (void)key;
    append_numbers(text, length, m->list.row, m->list.count);
}

/* In quotes, as YAML has them. */
static void put_name(const rad_key *key, const member *m, char *text, size_t length) {
    char quoted[2 * RAD_TEXT_MAX + 3], *to = quoted;
    (void)key;
    *to++ = '"';
    for (const char *c = m->text; *c; *to++ = *c++)
        if (*c == '"' || *c == '\\') *to++ = '\\';
    *to++ = '"';
    *to = '\0';
    append(text, length, quoted);
}

/* What a kind of key is: the size of its member, whether it takes a list (one word otherwise), what is
 * allowed where a key does not say it, before its bounds; from words, and back to them. */
static const struct {
    size_t size;
    bool list;
    const char *takes;
    bool (*set)(const rad_key *key, member *m, const char *const *words, size_t count);
    void (*put)(const rad_key *key, const member *m, char *text, size_t length);
} kinds[] = {
    [RAD_KEY_NUMBER] = {sizeof(double), false, "", set_number, put_number},
    [RAD_KEY_INTEGER] = {sizeof(int), false, "a whole number in ", set_integer, put_integer},
    [RAD_KEY_SPACING] = {3 * sizeof(double), true, "", set_spacing, put_spacing},
    [RAD_KEY_TRIPLE] = {3 * sizeof(int), true, "three whole numbers in ", set_triple, put_triple},
    [RAD_KEY_RANGE] = {2 * sizeof(double), true, "", set_range, put_range},
    [RAD_KEY_WORD] = {sizeof(int), false, "", set_word, put_word},
    [RAD_KEY_TRUTH] = {sizeof(bool), false, "yes or no", set_truth, put_truth},
    [RAD_KEY_WORDS] = {sizeof(unsigned), true, "", set_bits, put_bits},
    [RAD_KEY_BINNINGS] = {sizeof(rad_binnings), true, "", set_binnings, put_binnings},
    [RAD_KEY_TEXT] = {RAD_TEXT_MAX, false, "", set_text, put_text},
    [RAD_KEY_OPTIONAL] = {sizeof(double), false, "", set_optional, put_optional},
    [RAD_KEY_ORIGIN] = {sizeof(rad_origin), false, "", set_origin, put_origin},
    [RAD_KEY_NUMBERS] = {sizeof(rad_numbers), true, "up to 16 numbers in ", set_numbers, put_numbers},
    [RAD_KEY_NAME] = {RAD_TEXT_MAX, false, "a text of at most 95 bytes without control characters", set_name,
                      put_name},
};
_Static_assert(sizeof kinds / sizeof kinds[0] == RAD_KEY_KINDS, "every kind has a row");

const rad_key *rad_key_find(const rad_key *keys, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(keys[i].name, name)) return &keys[i];
    return NULL;
}

const rad_key *rad_key_nearest(const rad_key *keys, size_t count, const char *name) {
    const rad_key *nearest = keys;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const size_t distance = rad_word_distance(name, keys[i].name);
        if (distance >= least) continue;
        least = distance;
        nearest = &keys[i];
    }
    return nearest;
}

bool rad_key_is_list(const rad_key *key) {
    return kinds[key->kind].list;
}

const char *rad_key_takes(const rad_key *key, char *text, size_t length) {
    const char *takes = key->takes ? key->takes : kinds[key->kind].takes;
    if (*takes && takes[strlen(takes) - 1] != ' ') return takes;
    snprintf(text, length, "%s", takes);
    for (size_t i = 0; key->words && key->words[i]; i++) {
        const size_t used = strlen(text);
        snprintf(text + used, length - used, "%s%s", i ? ", " : "", key->words[i]);
    }
    if (!key->words) snprintf(text, length, "%s%.10g..%.10g", takes, key->low, key->high);
    return text;
}

/* "400, -1000"; of many the first ones. */
static const char *join(const char *const *words, size_t count, char *text, size_t length) {
    size_t used = (size_t)snprintf(text, length, "%.80s", count ? words[0] : "nothing");
    for (size_t i = 1; i < count && used < length; i++) {
        const bool fits = used + strlen(words[i]) + 8 < length;
        used += (size_t)snprintf(text + used, length - used, ", %s", fits ? words[i] : "...");
        if (!fits) break;
    }
    return text;
}

static bool repeats(const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (!strcmp(words[i], words[k])) return true;
    return false;
}

rad_status rad_key_set(const rad_key *key, void *object, const char *const *words, size_t count,
                       rad_error *error) {
    member m;
    char takes[256];
    if ((kinds[key->kind].list || count == 1) && kinds[key->kind].set(key, &m, words, count)) {
        memcpy((char *)object + key->offset, &m, kinds[key->kind].size);
        return RAD_OK;
    }
    char given[96];
    const bool differs = key->kind == RAD_KEY_NUMBERS || key->kind == RAD_KEY_BINNINGS; /* must they? */
    return rad_fail(error, RAD_CONFIG, "`%s` must be %s, not %s%s", key->name,
                    rad_key_takes(key, takes, sizeof takes), join(words, count, given, sizeof given),
                    differs && repeats(words, count) ? "; one is there twice" : "");
}

void rad_keys_default(const rad_key *keys, size_t count, void *object) {
    for (size_t i = 0; i < count; i++) {
        char text[128];
        const char *words[RAD_KEY_WORDS_MAX];
        size_t n = 0;
        rad_error error = {0};
        if (!keys[i].standard) continue;
        snprintf(text, sizeof text, "%s", keys[i].standard);
        for (char *at = text; *at;) {
            words[n++] = at;
            at += strcspn(at, " ");
            if (*at) *at++ = '\0';
        }
        if (rad_key_set(&keys[i], object, words, n, &error) != RAD_OK)
            return; /* a test sees that it never does */
    }
}

const char *rad_key_words(const rad_key *key, const void *object, char *text, size_t length) {
    member m;
    memcpy(&m, (const char *)object + key->offset, kinds[key->kind].size);
    *text = '\0';
    kinds[key->kind].put(key, &m, text, length);
    return text;
}
