#include "ledger_entry.h"

#include "../../core/memory.h"

#include <math.h>
#include <sodium.h>
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

void rad_ledger_entry_free(rad_ledger_entry *e) {
    json_decref(e->line);
    rad_persons_free(&e->who);
    *e = (rad_ledger_entry){.line = NULL};
}

rad_status rad_ledger_entry_make(const rad_ledger *l, const rad_cohort *c, rad_ledger_entry *e,
                                 rad_error *error) {
    *e = (rad_ledger_entry){.who = {.patients = c->rows, .sampled = c->sampled}};
    if (rad_persons_allocate(&e->who, error) != RAD_OK) return RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows; r++)
        e->who.id[r] = keyed(l, "patient", c->patients[r], strlen(c->patients[r]));
    for (size_t k = 0; k < c->sampled; k++) {
        e->who.column[k] = keyed(l, "column", c->sample_name[k], strlen(c->sample_name[k]));
        for (size_t r = 0; r < c->rows; r++) {
            const double value = c->sample[r * c->sampled + k];
            if (!isnan(value))
                e->who.sample[k * c->rows + r] =
                    (uint32_t)keyed(l, c->sample_name[k], &value, sizeof value) | 1;
        }
    }
    return RAD_OK;
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

rad_status rad_ledger_distrust(const rad_ledger *l, size_t number, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: line %zu %s; restore the ledger from a copy, or have the data officer decide "
                    "whether to begin a new one",
                    l->source, number, what);
}

rad_status rad_ledger_entry_read(rad_ledger *l, json_t *line, size_t number, rad_error *error) {
    const json_int_t patients = json_integer_value(json_object_get(line, "patients")),
                     sampled = json_integer_value(json_object_get(line, "sampled"));
    rad_status status = rad_grow(&l->entries, l->count, &l->capacity, sizeof *l->entries, error);
    if (status != RAD_OK) {
        json_decref(line);
        return status;
    }
    rad_ledger_entry *e = &l->entries[l->count++];
    *e = (rad_ledger_entry){.line = line};
    if (patients < 1 || patients > INT32_MAX || sampled < 0 || sampled > RAD_SAMPLE ||
        json_string_length(json_object_get(line, "ids")) / sizeof *e->who.id < (size_t)patients)
        return rad_ledger_distrust(l, number, "is not a release", error); /* before memory is asked for */
    e->who.patients = (size_t)patients;
    e->who.sampled = (size_t)sampled;
    status = rad_persons_allocate(&e->who, error);
    if (status == RAD_OK &&
        (!rad_ledger_decode(json_object_get(line, "ids"), e->who.id, e->who.patients * sizeof *e->who.id) ||
         !rad_ledger_decode(json_object_get(line, "columns"), e->who.column,
                            e->who.sampled * sizeof *e->who.column) ||
         !rad_ledger_decode(json_object_get(line, "sample"), e->who.sample,
                            e->who.patients * e->who.sampled * sizeof *e->who.sample)))
        status = rad_ledger_distrust(l, number, "is not a release", error);
    return status;
}

rad_status rad_ledger_entry_number(const rad_ledger *l, rad_ledger_entry *e, size_t before, size_t *persons,
                                   size_t *shared, rad_error *error) {
    uint32_t *found = rad_new(e->who.patients, sizeof *found, error);
    rad_status status = found ? RAD_OK : RAD_NO_MEMORY;
    for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++) e->who.person[r] = SIZE_MAX;
    for (size_t i = 0; i < before && status == RAD_OK; i++) {
        const rad_ledger_entry *of = &l->entries[i];
        status = rad_persons_match(&e->who, &of->who, found, error);
        for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++) {
            if (found[r] == RAD_NOBODY) continue;
            if (shared) shared[i]++;
            if (e->who.person[r] == SIZE_MAX) e->who.person[r] = of->who.person[found[r]];
        }
    }
    for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++)
        if (e->who.person[r] == SIZE_MAX) e->who.person[r] = (*persons)++;
    rad_free(found);
    return status;
}

const char *rad_ledger_entry_text(const rad_ledger_entry *e, const char *key) {
    const char *text = json_string_value(json_object_get(e->line, key));
    return text ? text : "";
}
