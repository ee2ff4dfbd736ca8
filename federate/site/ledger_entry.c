#include "ledger_entry.h"

#include "../../core/memory.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t keyed(const rad_ledger *l, const char *what, const void *bytes, size_t length) {
    rad_hash state;
    unsigned char hash[16];
    uint64_t out;
    rad_hash_begin(&state, sizeof hash, l->secret, sizeof l->secret);
    rad_hash_add(&state, what, strlen(what) + 1);
    rad_hash_add(&state, bytes, length);
    rad_hash_end(&state, hash);
    memcpy(&out, hash, sizeof out);
    return out;
}

uint64_t rad_ledger_column(const rad_ledger *l, const char *name) {
    return keyed(l, "column", name, strlen(name));
}

void rad_ledger_entry_free(rad_ledger_entry *e) {
    json_decref(e->line);
    rad_persons_free(&e->who);
    *e = (rad_ledger_entry){.line = NULL};
}

/* The first five digits as a whole number, and which power of ten they are of. */
static void find_digits(double value, int32_t digits[2]) {
    int power = value == 0 ? 0 : (int)floor(log10(fabs(value))) - 4;
    double whole = power < 0 ? value * pow(10, -power) : value / pow(10, power);
    if (isfinite(whole) && fabs(round(whole)) >= 1e5) { /* 99999.7 */
        whole /= 10;
        power++;
    }
    digits[0] = isfinite(whole) ? (int32_t)round(whole) : 0; /* below 1e-304: all alike */
    digits[1] = power;
}

static uint32_t keyed_value(const unsigned char *key, double value) {
    int32_t digits[2];
    uint64_t fine, coarse;
    if (!isfinite(value)) return 0;
    if (value == 0) value = 0; /* without a sign */
    find_digits(value, digits);
    crypto_shorthash((unsigned char *)&fine, (const unsigned char *)&value, sizeof value, key);
    crypto_shorthash((unsigned char *)&coarse, (const unsigned char *)digits, sizeof digits, key);
    const uint32_t low = (uint32_t)(coarse & 0xffff), both = (uint32_t)(fine & 0xffff) << 16 | low;
    return low ? both : both | 1;
}

typedef struct chosen {
    uint64_t key;
    size_t column;
} chosen;

static int by_key(const void *a, const void *b) {
    const chosen *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->column > y->column) - (x->column < y->column);
}

/* The columns in the order of the hashes of their names, which nobody knows outside: of too many the first.
 */
static chosen *choose_columns(const rad_ledger *l, const rad_cohort *c, rad_error *error) {
    chosen *list = rad_new(c->sampled, sizeof *list, error);
    for (size_t k = 0; list && k < c->sampled; k++)
        list[k] = (chosen){rad_ledger_column(l, c->sample_name[k]), k};
    if (list && c->sampled > 1) qsort(list, c->sampled, sizeof *list, by_key);
    return list;
}

enum { MEASURED, COUNTED, NUMBERED };

/* What the values of a column are. Whole numbers in a range that the patients nearly fill are counted (years,
 * scores), and tell nobody from another by themselves; where no two patients have the same, they number rows,
 * and are dealt anew with the names. */
static int find_kind(const rad_cohort *c, size_t column, uint8_t *seen) {
    double low = INFINITY, high = -INFINITY;
    for (size_t r = 0; r < c->rows; r++) {
        const double value = (double)c->sample[r * c->sampled + column];
        if (isnan(value)) continue;
        if (value != floor(value)) return MEASURED;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (high - low >= 2 * (double)c->rows) return MEASURED;
    memset(seen, 0, 2 * c->rows);
    for (size_t r = 0; r < c->rows; r++) {
        const double value = (double)c->sample[r * c->sampled + column];
        if (!isnan(value) && seen[(size_t)(value - low)]++) return COUNTED;
    }
    return NUMBERED;
}

rad_status rad_ledger_entry_make(const rad_ledger *l, const rad_cohort *c, rad_ledger_entry *e,
                                 rad_error *error) {
    unsigned char key[crypto_shorthash_KEYBYTES];
    size_t most = c->rows ? RAD_PERSONS_VALUES / c->rows : 0;
    if (l->columns && l->columns < most) most = l->columns;
    *e = (rad_ledger_entry){.renamed = l->renamed,
                            .who = {.patients = c->rows, .sampled = c->sampled < most ? c->sampled : most}};
    memcpy(key, l->secret, sizeof key);
    chosen *list = choose_columns(l, c, error);
    uint8_t *seen = rad_new(c->rows, 2, error);
    rad_status status = list && seen ? rad_persons_allocate(&e->who, error) : RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows && status == RAD_OK; r++)
        e->who.id[r] = keyed(l, "patient", c->patients[r], strlen(c->patients[r]));
    for (size_t k = 0; k < e->who.sampled && status == RAD_OK; k++) {
        e->who.column[k] = list[k].key;
        const int kind = find_kind(c, list[k].column, seen);
        e->who.counts[k] = kind == COUNTED;
        for (size_t r = 0; r < c->rows && kind != NUMBERED; r++)
            e->who.sample[k * c->rows + r] =
                keyed_value(key, (double)c->sample[r * c->sampled + list[k].column]);
    }
    sodium_memzero(key, sizeof key);
    rad_free(list);
    rad_free(seen);
    return status;
}

static char *encode(const void *bytes, size_t length) {
    const size_t size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *text = rad_new_raw(size, 1, NULL);
    if (text) sodium_bin2base64(text, size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
    return text;
}

json_t *rad_ledger_encoded(const void *bytes, size_t length) {
    char *text = encode(bytes, length);
    json_t *value = text ? json_string(text) : NULL;
    rad_free(text);
    return value;
}

/* Exactly `length` bytes from a text. */
bool rad_ledger_decode(const json_t *value, void *bytes, size_t length) {
    const char *text = json_string_value(value);
    size_t got = 0;
    return text &&
           !sodium_base642bin(bytes, length, text, strlen(text), NULL, &got, NULL,
                              sodium_base64_VARIANT_ORIGINAL) &&
           got == length;
}

enum { SEALED = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES };

json_t *rad_ledger_seal(const rad_ledger *l, const void *bytes, size_t length) {
    unsigned char *sealed = rad_new_raw(SEALED + length, 1, NULL);
    json_t *value = NULL;
    if (!sealed) return NULL;
    rad_hash hash; /* of what is sealed: the same has the same bytes again, and no other has its nonce */
    rad_hash_begin(&hash, crypto_secretbox_NONCEBYTES, l->secret, sizeof l->secret);
    rad_hash_add(&hash, "nonce", sizeof "nonce");
    rad_hash_add(&hash, bytes, length);
    rad_hash_end(&hash, sealed);
    if (!crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, bytes, length, sealed, l->secret))
        value = rad_ledger_encoded(sealed, SEALED + length);
    rad_free(sealed);
    return value;
}

rad_status rad_ledger_unseal(const rad_ledger *l, const json_t *value, void *bytes, size_t length,
                             size_t number, rad_error *error) {
    unsigned char *sealed = rad_new_raw(SEALED + length, 1, error);
    if (!sealed) return RAD_NO_MEMORY;
    const bool fine = rad_ledger_decode(value, sealed, SEALED + length) &&
                      !crypto_secretbox_open_easy(bytes, sealed + crypto_secretbox_NONCEBYTES,
                                                  length + crypto_secretbox_MACBYTES, sealed, l->secret);
    rad_free(sealed);
    return fine ? RAD_OK : rad_ledger_distrust(l, number, "has weights that cannot be read", error);
}

rad_status rad_ledger_distrust(const rad_ledger *l, size_t number, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: line %zu %s; restore the ledger from a copy, or have the data officer decide "
                    "whether to begin a new one",
                    l->source, number, what);
}

/* The same patients with the same values as in an earlier line are not written again. */
static rad_status copy_persons(const rad_ledger *l, size_t from, rad_persons *to, rad_error *error) {
    const rad_persons *p = &l->entries[from].who;
    to->sampled = p->sampled;
    rad_status status = rad_persons_allocate(to, error);
    if (status != RAD_OK) return status;
    memcpy(to->id, p->id, p->patients * sizeof *p->id);
    memcpy(to->column, p->column, p->sampled * sizeof *p->column);
    memcpy(to->counts, p->counts, p->sampled);
    memcpy(to->sample, p->sample, p->patients * p->sampled * sizeof *p->sample);
    return RAD_OK;
}

static rad_status read_persons(const rad_ledger *l, const json_t *line, rad_persons *p, size_t number,
                               rad_error *error) {
    const json_int_t sampled = json_integer_value(json_object_get(line, "sampled"));
    const json_t *counts = json_object_get(line, "counts"); /* none in lines of earlier versions */
    if (sampled < 0 || sampled > RAD_PERSONS_VALUES / (json_int_t)p->patients ||
        json_string_length(json_object_get(line, "ids")) / sizeof *p->id < p->patients ||
        json_string_length(json_object_get(line, "sample")) / sizeof *p->sample <
            p->patients * (size_t)sampled)
        return rad_ledger_distrust(l, number, "is not a release", error); /* before memory is asked for */
    p->sampled = (size_t)sampled;
    rad_status status = rad_persons_allocate(p, error);
    if (status == RAD_OK &&
        (!rad_ledger_decode(json_object_get(line, "ids"), p->id, p->patients * sizeof *p->id) ||
         !rad_ledger_decode(json_object_get(line, "columns"), p->column, p->sampled * sizeof *p->column) ||
         (counts && !rad_ledger_decode(counts, p->counts, p->sampled)) ||
         !rad_ledger_decode(json_object_get(line, "sample"), p->sample,
                            p->patients * p->sampled * sizeof *p->sample)))
        status = rad_ledger_distrust(l, number, "is not a release", error);
    return status;
}

rad_status rad_ledger_entry_read(rad_ledger *l, json_t *line, size_t number, rad_error *error) {
    const json_int_t patients = json_integer_value(json_object_get(line, "patients")),
                     as = json_integer_value(json_object_get(line, "as"));
    rad_status status = rad_grow(&l->entries, l->count, &l->capacity, sizeof *l->entries, error);
    if (status != RAD_OK) {
        json_decref(line);
        return status;
    }
    rad_ledger_entry *e = &l->entries[l->count++];
    *e = (rad_ledger_entry){.line = line, .renamed = json_is_true(json_object_get(line, "renamed"))};
    if (patients < 1 || patients > INT32_MAX || as < 0 || (size_t)as >= l->count ||
        (as && l->entries[as - 1].who.patients != (size_t)patients))
        return rad_ledger_distrust(l, number, "is not a release", error);
    e->who.patients = (size_t)patients;
    if (as) return copy_persons(l, (size_t)as - 1, &e->who, error);
    return read_persons(l, line, &e->who, number, error);
}

void rad_ledger_entry_allowed(const rad_ledger *l, json_t **line) {
    if (l->others)
        rad_tree_set(line, "others",
                     json_pack("{s:I, s:o}", "untold", (json_int_t)l->checked.untold, "ledgers",
                               l->alike ? json_deep_copy(l->alike) : json_array()));
    if (rad_ledger_rest(l) && l->aside)
        rad_tree_set(line, "aside", json_integer((json_int_t)rad_ledger_rest(l)));
}

void rad_ledger_entry_persons(const rad_ledger *l, const rad_ledger_entry *e, json_t **line) {
    const rad_persons *p = &e->who;
    if (e->renamed) rad_tree_set(line, "renamed", json_true());
    rad_tree_set(line, "patients", json_integer((json_int_t)p->patients));
    for (size_t i = 0; i < l->count; i++)
        if (rad_persons_same(p, &l->entries[i].who)) {
            rad_tree_set(line, "as", json_integer((json_int_t)i + 1));
            return;
        }
    rad_tree_set(line, "ids", rad_ledger_encoded(p->id, p->patients * sizeof *p->id));
    rad_tree_set(line, "sampled", json_integer((json_int_t)p->sampled));
    rad_tree_set(line, "columns", rad_ledger_encoded(p->column, p->sampled * sizeof *p->column));
    rad_tree_set(line, "counts", rad_ledger_encoded(p->counts, p->sampled));
    rad_tree_set(line, "sample", rad_ledger_encoded(p->sample, p->patients * p->sampled * sizeof *p->sample));
}

/* What an entry before knows: the newest for names, the first for values. */
typedef struct known {
    uint32_t *name, *value; /* of one entry */
    size_t *by_name;        /* persons */
    bool *named;            /* whom any entry knows by name */
} known;

static void take_over(rad_ledger_entry *e, const rad_ledger_entry *of, known *k, size_t *shared) {
    for (size_t r = 0; r < e->who.patients; r++) {
        if (e->renamed) k->name[r] = RAD_NOBODY;
        k->named[r] = k->named[r] || k->name[r] != RAD_NOBODY;
        if (k->name[r] != RAD_NOBODY) k->by_name[r] = of->who.person[k->name[r]];
        if (k->value[r] != RAD_NOBODY && e->who.person[r] == SIZE_MAX)
            e->who.person[r] = of->who.person[k->value[r]];
        if (shared) *shared += k->name[r] != RAD_NOBODY || k->value[r] != RAD_NOBODY;
    }
}

/* Values first; a name that is somebody else's, or of a patient whose values are another row's, is a
 * conflict. */
static rad_status settle_persons(rad_ledger_entry *e, const known *k, size_t persons, rad_error *error) {
    bool *taken = rad_new(persons, sizeof *taken, error);
    if (!taken) return RAD_NO_MEMORY;
    for (size_t r = 0; r < e->who.patients; r++) {
        const size_t p = e->who.person[r];
        if (p == SIZE_MAX) continue;
        e->conflicts += k->by_name[r] != SIZE_MAX && k->by_name[r] != p;
        if (taken[p]) e->who.person[r] = SIZE_MAX; /* twins: one is that patient, the other a new one */
        taken[p] = true;
    }
    for (size_t r = 0; r < e->who.patients; r++) {
        const size_t p = k->by_name[r];
        if (e->who.person[r] != SIZE_MAX || p == SIZE_MAX) continue;
        e->conflicts += taken[p];
        if (!taken[p]) e->who.person[r] = p;
        taken[p] = true;
    }
    rad_free(taken);
    return RAD_OK;
}

/* Where most names are new, they tell nothing of who is new: patients of whom nothing is known, but who may,
 * by their values, be some who left before and are nobody else now. */
static rad_status count_untold(const rad_ledger *l, rad_ledger_entry *e, size_t before, const known *k,
                               size_t persons, rad_error *error) {
    size_t named = 0;
    bool *here = rad_new(persons, sizeof *here, error);
    if (!here) return RAD_NO_MEMORY;
    for (size_t r = 0; r < e->who.patients; r++) {
        named += k->named[r];
        if (e->who.person[r] != SIZE_MAX) here[e->who.person[r]] = true;
    }
    for (size_t r = 0; r < e->who.patients && 2 * named < e->who.patients; r++) {
        bool found = e->who.person[r] != SIZE_MAX;
        for (size_t i = 0; i < before && !found; i++) {
            const rad_persons *of = &l->entries[i].who;
            for (size_t o = 0; o < of->patients && !found; o++)
                found = !here[of->person[o]] && rad_persons_may_be(&e->who, r, of, o);
            e->untold += found;
        }
    }
    rad_free(here);
    return RAD_OK;
}

rad_status rad_ledger_entry_number(const rad_ledger *l, rad_ledger_entry *e, size_t before, size_t *persons,
                                   size_t *shared, rad_error *error) {
    const size_t n = e->who.patients;
    known k = {rad_new(n, sizeof *k.name, error), rad_new(n, sizeof *k.value, error),
               rad_new(n, sizeof *k.by_name, error), rad_new(n, sizeof *k.named, error)};
    rad_status status = k.name && k.value && k.by_name && k.named ? RAD_OK : RAD_NO_MEMORY;
    for (size_t r = 0; r < n && status == RAD_OK; r++) e->who.person[r] = k.by_name[r] = SIZE_MAX;
    for (size_t i = 0; i < before && status == RAD_OK; i++) {
        status = rad_persons_match(&e->who, &l->entries[i].who, k.name, k.value, error);
        if (status == RAD_OK) take_over(e, &l->entries[i], &k, shared ? &shared[i] : NULL);
    }
    if (status == RAD_OK) status = settle_persons(e, &k, *persons, error);
    if (status == RAD_OK && !e->line) status = count_untold(l, e, before, &k, *persons, error);
    for (size_t r = 0; r < n && status == RAD_OK; r++)
        if (e->who.person[r] == SIZE_MAX) e->who.person[r] = (*persons)++;
    rad_free(k.name);
    rad_free(k.value);
    rad_free(k.by_name);
    rad_free(k.named);
    return status;
}

const char *rad_ledger_entry_text(const rad_ledger_entry *e, const char *key) {
    const char *text = json_string_value(json_object_get(e->line, key));
    return text ? text : "";
}
