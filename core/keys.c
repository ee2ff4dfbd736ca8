#include "keys.h"

#include "discretise.h"
#include "number.h"

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

static bool read_binning(const char *word, rad_discretisation *d) {
    *d = (rad_discretisation){0};
    if (!strcmp(word, "none")) return true;
    const bool size = !strncmp(word, "fbs", 3);
    if (!size && strncmp(word, "fbn", 3) != 0) return false;
    if (!rad_number_read(word + 3, &d->amount) || !(d->amount > 0) || !isfinite(d->amount)) return false;
    d->binning = size ? RAD_BIN_FBS : RAD_BIN_FBN;
    return size || (d->amount == floor(d->amount) && d->amount <= RAD_LEVELS_MAX);
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

static bool set_range(member *m, const char *const *words, size_t count) {
    return count == 2 && rad_number_read(words[0], &m->numbers[0]) &&
           rad_number_read(words[1], &m->numbers[1]) && m->numbers[0] < m->numbers[1];
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
        if (!read_binning(words[i], &d[i])) return false;
        for (size_t j = 0; j < i; j++)
            if (d[j].binning == d[i].binning && d[j].amount == d[i].amount) return false;
    }
    return true;
}

static bool set_text(member *m, const char *word) {
    const size_t length = strlen(word);
    if (!length || length >= sizeof m->text) return false;
    for (const char *c = word; *c; c++)
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && *c != '.' && *c != '_')) return false;
    memset(m->text, 0, sizeof m->text);
    memcpy(m->text, word, length);
    return true;
}

static bool set_scalar(const rad_key *key, member *m, const char *word) {
    int index = 0;
    switch (key->kind) {
    case RAD_KEY_NUMBER:
        return read_number(key, word, &m->number);
    case RAD_KEY_INTEGER:
        return read_integer(key, word, &m->integer);
    case RAD_KEY_WORD:
        return read_word(key->words, word, &m->integer);
    case RAD_KEY_TRUTH:
        if (!read_word(truths, word, &index)) return false;
        m->truth = index;
        return true;
    case RAD_KEY_TEXT:
        return set_text(m, word);
    case RAD_KEY_OPTIONAL:
        m->number = NAN;
        return !strcmp(word, key->words[0]) || read_number(key, word, &m->number);
    default:
        return false;
    }
}

static bool set_member(const rad_key *key, member *m, const char *const *words, size_t count) {
    switch (key->kind) {
    case RAD_KEY_SPACING:
        return set_spacing(key, m, words, count);
    case RAD_KEY_TRIPLE:
        return set_triple(key, m, words, count);
    case RAD_KEY_RANGE:
        return set_range(m, words, count);
    case RAD_KEY_WORDS:
        return set_bits(key, m, words, count);
    case RAD_KEY_BINNINGS:
        return set_binnings(key, m, words, count);
    default:
        return count == 1 && set_scalar(key, m, words[0]);
    }
}

static size_t size_of(rad_kind kind) {
    switch (kind) {
    case RAD_KEY_NUMBER:
    case RAD_KEY_OPTIONAL:
        return sizeof(double);
    case RAD_KEY_INTEGER:
    case RAD_KEY_WORD:
    case RAD_KEY_WORDS:
        return sizeof(int);
    case RAD_KEY_SPACING:
        return 3 * sizeof(double);
    case RAD_KEY_TRIPLE:
        return 3 * sizeof(int);
    case RAD_KEY_RANGE:
        return 2 * sizeof(double);
    case RAD_KEY_TRUTH:
        return sizeof(bool);
    case RAD_KEY_BINNINGS:
        return sizeof(rad_binnings);
    case RAD_KEY_TEXT:
        return RAD_TEXT_MAX;
    }
    return 0;
}

/* Levenshtein distance, for "nearest"; long words are not near to anything. */
static size_t edit_distance(const char *a, const char *b) {
    enum { LONGEST = 64 };
    size_t n = strlen(b), line[LONGEST + 1];
    if (n > LONGEST || strlen(a) > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= n; j++) line[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = line[0];
        line[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (*a != b[j - 1]);
            if (line[j] + 1 < best) best = line[j] + 1;
            if (line[j - 1] + 1 < best) best = line[j - 1] + 1;
            diagonal = line[j];
            line[j] = best;
        }
    }
    return line[n];
}

const rad_key *rad_key_find(const rad_key *keys, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(keys[i].name, name)) return &keys[i];
    return NULL;
}

const rad_key *rad_key_nearest(const rad_key *keys, size_t count, const char *name) {
    const rad_key *nearest = keys;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const size_t distance = edit_distance(name, keys[i].name);
        if (distance >= least) continue;
        least = distance;
        nearest = &keys[i];
    }
    return nearest;
}

bool rad_key_is_list(const rad_key *key) {
    return key->kind == RAD_KEY_SPACING || key->kind == RAD_KEY_TRIPLE || key->kind == RAD_KEY_RANGE ||
           key->kind == RAD_KEY_WORDS || key->kind == RAD_KEY_BINNINGS;
}

static void append(char *text, size_t length, const char *word) {
    const size_t used = strlen(text);
    snprintf(text + used, length - used, "%s%s", used ? ", " : "", word);
}

const char *rad_key_takes(const rad_key *key, char *text, size_t length) {
    if (key->takes) return key->takes;
    *text = '\0';
    if (key->kind == RAD_KEY_TRUTH) return "yes or no";
    if (key->words)
        for (const char *const *word = key->words; *word; word++) append(text, length, *word);
    else
        snprintf(text, length, "%s%.10g..%.10g",
                 key->kind == RAD_KEY_INTEGER  ? "a whole number in "
                 : key->kind == RAD_KEY_TRIPLE ? "three whole numbers in "
                                               : "",
                 key->low, key->high);
    return text;
}

rad_status rad_key_set(const rad_key *key, void *object, const char *const *words, size_t count,
                       rad_error *error) {
    member m;
    char takes[256];
    if (set_member(key, &m, words, count)) {
        memcpy((char *)object + key->offset, &m, size_of(key->kind));
        return RAD_OK;
    }
    return rad_fail(error, RAD_CONFIG, "`%s` must be %s, not %.80s%s", key->name,
                    rad_key_takes(key, takes, sizeof takes), count ? words[0] : "nothing",
                    count > 1 ? ", ..." : "");
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

static void append_numbers(char *text, size_t length, const double *x, size_t count) {
    char number[RAD_NUMBER_TEXT];
    for (size_t i = 0; i < count; i++) append(text, length, rad_number_write(x[i], number));
}

static void append_integers(char *text, size_t length, const int *x, size_t count) {
    for (size_t i = 0; i < count; i++) append_numbers(text, length, &(double){x[i]}, 1);
}

const char *rad_key_words(const rad_key *key, const void *object, char *text, size_t length) {
    member m;
    char name[64];
    memcpy(&m, (const char *)object + key->offset, size_of(key->kind));
    *text = '\0';
    switch (key->kind) {
    case RAD_KEY_NUMBER:
        append_numbers(text, length, &m.number, 1);
        break;
    case RAD_KEY_OPTIONAL:
        if (isnan(m.number))
            append(text, length, key->words[0]);
        else
            append_numbers(text, length, &m.number, 1);
        break;
    case RAD_KEY_SPACING:
        append_numbers(text, length, m.numbers, 3);
        break;
    case RAD_KEY_RANGE:
        append_numbers(text, length, m.numbers, 2);
        break;
    case RAD_KEY_INTEGER:
        append_integers(text, length, &m.integer, 1);
        break;
    case RAD_KEY_TRIPLE:
        append_integers(text, length, m.integers, 3);
        break;
    case RAD_KEY_WORD:
        append(text, length, key->words[m.integer]);
        break;
    case RAD_KEY_TRUTH:
        append(text, length, truths[m.truth]);
        break;
    case RAD_KEY_WORDS:
        for (int i = 0; key->words[i]; i++)
            if (m.bits >> i & 1) append(text, length, key->words[i]);
        break;
    case RAD_KEY_BINNINGS:
        for (size_t i = 0; i < m.binnings.count; i++)
            append(text, length, rad_discretisation_name(m.binnings.row[i], name, sizeof name));
        break;
    case RAD_KEY_TEXT:
        append(text, length, m.text);
        break;
    }
    return text;
}
