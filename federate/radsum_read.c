#include "radsum.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/number.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/file.h"
#include "../io/tree.h"
#include "analyses.h"
#include "sealed.h"
#include "step.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VARIABLES_MAX = 20000 };

static rad_status read_text(const rad_member_reader *r, const json_t *object, const char *key, char *to,
                            size_t size) {
    const char *text = json_string_value(json_object_get(object, key));
    uint32_t code;
    if (!text || strlen(text) >= size) return rad_member_damaged(r, key);
    if (!rad_printable_plain(text, &code))
        return rad_fail(r->error, RAD_UNREADABLE,
                        "%s: %s contains U+%04X, which a terminal obeys or nobody sees", r->name, key,
                        (unsigned)code);
    snprintf(to, size, "%s", text);
    return RAD_OK;
}

static rad_status read_sum(const rad_member_reader *r, const json_t *value, rad_exact *to) {
    rad_error why = {0};
    const char *text = json_string_value(value);
    if (!text) return rad_member_damaged(r, "a sum");
    return rad_exact_read(text, to, &why) == RAD_OK ? RAD_OK : rad_member_damaged(r, why.text);
}

/* most: powers that the study asks for. */
static rad_status read_moments(const rad_member_reader *r, const json_t *array, size_t most,
                               rad_moments *to) {
    const size_t size = json_array_size(array);
    if (json_is_null(array)) return RAD_OK;
    if (size != 3 && !(size == 5 && most == 4)) return rad_member_damaged(r, "sets");
    rad_status status =
        rad_member_read_count(r, json_array_get(array, 0), (json_int_t)r->summary->rows, "n", &to->n);
    for (size_t k = 0; k + 1 < size && status == RAD_OK; k++)
        status = read_sum(r, json_array_get(array, k + 1), &to->sum[k]);
    to->powers = (uint8_t)(size - 1);
    return status;
}

static rad_status read_grid(const rad_member_reader *r, const json_t *object, rad_grid *g) {
    const json_t *bits = json_object_get(object, "bits"), *from = json_object_get(object, "from"),
                 *to = json_object_get(object, "to");
    uint64_t count = 0;
    if (bits) {
        *g = (rad_grid){.kind = RAD_GRID_RELATIVE};
        rad_status status = rad_member_read_count(r, bits, RAD_GRID_BITS_MAX, "grid", &count);
        g->bits = (unsigned)count;
        return status == RAD_OK && !count ? rad_member_damaged(r, "grid") : status;
    }
    *g = (rad_grid){.kind = RAD_GRID_LINEAR, .from = json_number_value(from), .to = json_number_value(to)};
    rad_status status =
        rad_member_read_count(r, json_object_get(object, "cells"), RAD_GRID_CELLS_MAX, "grid", &count);
    g->cells = (uint32_t)count;
    if (status == RAD_OK && (!json_is_number(from) || !json_is_number(to) || !(g->from < g->to) || !count))
        return rad_member_damaged(r, "grid");
    return status;
}

static rad_status read_histogram(const rad_member_reader *r, const json_t *array, rad_summary_variable *v) {
    size_t i;
    json_t *entry;
    rad_status status = RAD_OK;
    if (json_is_null(array)) return RAD_OK;
    if (!json_is_array(array)) return rad_member_damaged(r, "histogram");
    v->counted = true;
    v->counts = rad_new(json_array_size(array), sizeof *v->counts, r->error);
    if (!v->counts) return RAD_NO_MEMORY;
    json_array_foreach(array, i, entry) {
        uint64_t field[3];
        for (size_t k = 0; k < 3 && status == RAD_OK; k++)
            status = rad_member_read_count(r, json_array_get(entry, k), k == 2 ? RAD_COUNT_MAX : UINT32_MAX,
                                           "histogram", &field[k]);
        if (status != RAD_OK) return status;
        v->counts[v->count_count++] = (rad_grid_count){(uint32_t)field[0], (uint32_t)field[1], field[2]};
    }
    return rad_grid_counts_fit(&v->grid, v->counts, v->count_count) ? RAD_OK
                                                                    : rad_member_damaged(r, "histogram");
}

/* A power of two. */
static bool read_step(const json_t *number, int *power) {
    const double step = json_number_value(number);
    if (!(step >= ldexp(1, RAD_STEP_LEAST) && step <= ldexp(1, RAD_STEP_MOST))) return false;
    *power = rad_step_power(step);
    return ldexp(1, *power) == step;
}

/* Sums of multiples of a step are multiples of its powers. */
static bool check_steps(const rad_summary *s, size_t variable) {
    for (size_t k = 0; k < s->sets; k++) {
        const rad_moments *m = &s->moments[k * s->count + variable];
        for (int p = 0; p < m->powers; p++)
            if (!rad_step_holds(&m->sum[p], s->variables[variable].step, p + 1)) return false;
    }
    return true;
}

static rad_status read_variable(const rad_member_reader *r, const json_t *object, size_t at) {
    static const char *const kinds[] = {"feature", "covariate", "outcome"};
    rad_summary *s = r->summary;
    rad_summary_variable *v = &s->variables[at];
    const json_t *sets = json_object_get(object, "sets"), *centre = json_object_get(object, "centre");
    char kind[16] = "", transform[16] = "";
    rad_status status = read_text(r, object, "name", v->name, sizeof v->name);
    v->panel = -1;
    if (status == RAD_OK) status = read_text(r, object, "definition", v->definition, sizeof v->definition);
    if (status == RAD_OK) status = read_text(r, object, "unit", v->unit, sizeof v->unit);
    if (status == RAD_OK) status = read_text(r, object, "kind", kind, sizeof kind);
    if (status == RAD_OK) status = read_text(r, object, "transform", transform, sizeof transform);
    if (status != RAD_OK) return status;
    while (v->kind < RAD_OUTCOME && strcmp(kinds[v->kind], kind) != 0) v->kind++;
    v->logarithm = !strcmp(transform, "log");
    v->centre = json_number_value(centre);
    if (!json_is_number(centre) || json_array_size(sets) != s->sets)
        return rad_member_damaged(r, "centre or sets");
    if (!read_step(json_object_get(object, "step"), &v->step)) return rad_member_damaged(r, "step");
    status = read_grid(r, json_object_get(object, "grid"), &v->grid);
    for (size_t k = 0; k < s->sets && status == RAD_OK; k++)
        status =
            read_moments(r, json_array_get(sets, k), !k && rad_study_asks(r->study, RAD_SKEWNESS) ? 4 : 2,
                         &s->moments[k * s->count + at]);
    if (status == RAD_OK && !check_steps(s, at))
        return rad_member_damaged(r, "sums, which are no multiples of the step");
    return status == RAD_OK ? read_histogram(r, json_object_get(object, "histogram"), v) : status;
}

static rad_status read_levels(const rad_member_reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (json_array_size(all) != study->factor_count) return rad_member_damaged(r, "levels");
    for (size_t f = 0; f < study->factor_count && status == RAD_OK; f++) {
        const json_t *counts = json_array_get(all, f);
        if (json_array_size(counts) != study->factors[f].levels + 1) return rad_member_damaged(r, "levels");
        for (size_t l = 0; l <= study->factors[f].levels && status == RAD_OK; l++)
            status = rad_member_read_cell(r, json_array_get(counts, l),
                                          &r->summary->levels[f * (RAD_FACTOR_LEVELS + 1) + l]);
    }
    return status;
}

static rad_status read_rules(const rad_member_reader *r, const json_t *object) {
    rad_summary *s = r->summary;
    rad_error why = {0};
    for (size_t i = 0; i < RAD_RULES; i++) {
        const json_t *pair = json_object_get(object, rad_rule_rows[i].key.name);
        const char *text = json_string_value(json_array_get(pair, 0)),
                   *owner = json_string_value(json_array_get(pair, 1));
        if (!text || !owner || rad_key_set(&rad_rule_rows[i].key, &s->rules, &text, 1, &why) != RAD_OK)
            return rad_member_damaged(r, "rules");
        while (s->rules.owner[i] < RAD_OWNER_SITE && strcmp(rad_owner_words[s->rules.owner[i]], owner) != 0)
            s->rules.owner[i]++;
    }
    return RAD_OK;
}

static rad_status read_cohort(const rad_member_reader *r, const json_t *object) {
    rad_summary *s = r->summary;
    const struct {
        const char *key;
        int64_t *to;
    } counts[] = {{"excluded", &s->excluded},
                  {"repeats", &s->repeats},
                  {"unmatched", &s->unmatched},
                  {"incomplete", &s->incomplete}};
    const char *code;
    json_t *value;
    rad_status status =
        rad_member_read_count(r, json_object_get(object, "patients"), RAD_COUNT_MAX, "patients", &s->rows);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && status == RAD_OK; i++)
        status = rad_member_read_cell(r, json_object_get(object, counts[i].key), counts[i].to);
    json_object_foreach(json_object_get(object, "failures"), code, value) {
        const long number = strtol(code, NULL, 10);
        if (number < 0 || number >= RAD_CODES) return rad_member_damaged(r, "failures");
        if (status == RAD_OK) status = rad_member_read_cell(r, value, &s->failures[number]);
    }
    return status;
}

static rad_status read_withheld(const rad_member_reader *r, const json_t *object) {
    rad_summary *s = r->summary;
    const json_t *refused = json_object_get(object, "refused");
    size_t i;
    json_t *entry;
    rad_status status =
        rad_member_read_count(r, json_object_get(object, "cells"), RAD_COUNT_MAX, "withheld", &s->withheld);
    if (status != RAD_OK) return status;
    s->refusals = rad_new(json_array_size(refused), sizeof *s->refusals, r->error);
    if (!s->refusals) return RAD_NO_MEMORY;
    json_array_foreach(refused, i, entry) {
        rad_refusal *to = &s->refusals[s->refused++];
        status = read_text(r, entry, "what", to->what, sizeof to->what);
        if (status == RAD_OK) status = read_text(r, entry, "rule", to->rule, sizeof to->rule);
        if (status == RAD_OK) status = read_text(r, entry, "words", to->words, sizeof to->words);
        if (status != RAD_OK) return status;
    }
    return RAD_OK;
}

/* A word of the ledger: letters and digits, so that it may stand anywhere. */
static rad_status read_word(const rad_member_reader *r, const json_t *object, const char *key, char *to,
                            size_t size) {
    rad_status status = read_text(r, object, key, to, size);
    if (status == RAD_OK && to[strspn(to, "abcdefghijklmnopqrstuvwxyz0123456789")])
        status = rad_member_damaged(r, key);
    return status;
}

/* What there was before this very release; a later one has more before it. */
static rad_status read_ledger(const rad_member_reader *r, const json_t *object) {
    rad_ledger_head *l = &r->summary->ledger;
    if (!object) return RAD_OK; /* of the first version */
    rad_status status = read_word(r, object, "id", l->id, sizeof l->id);
    if (status == RAD_OK) status = read_word(r, object, "begun", l->begun, sizeof l->begun);
    if (status == RAD_OK) status = read_word(r, object, "head", l->head, sizeof l->head);
    if (status == RAD_OK)
        status = rad_member_read_count(r, json_object_get(object, "entries"), RAD_COUNT_MAX, "ledger",
                                       &l->entries);
    if (status == RAD_OK && (!*l->id || !*l->head)) status = rad_member_damaged(r, "ledger");
    return status;
}

static rad_status check_study(const rad_member_reader *r) {
    if (strcmp(r->summary->study, r->study->id) != 0)
        return rad_fail(r->error, RAD_CONFIG, "%s: belongs to study %.80s, not to %s", r->name,
                        r->summary->study, r->study->id);
    if (strcmp(r->summary->study_hash, r->study->hash) != 0)
        return rad_fail(
            r->error, RAD_CONFIG,
            "%s: was made with a different text of study %s; all sites and the pool need the same file",
            r->name, r->study->id);
    return RAD_OK;
}

static rad_status read_all(const rad_member_reader *r, const json_t *all) {
    rad_summary *s = r->summary;
    const char *format = json_string_value(json_object_get(all, "format"));
    const json_t *study = json_object_get(all, "study"), *variables = json_object_get(all, "variables");
    const size_t count = json_array_size(variables);
    uint64_t release = 0;
    if (!format || strcmp(format, "radsum 1") != 0) return rad_member_damaged(r, "format is not radsum 1");
    rad_status status = read_text(r, study, "id", s->study, sizeof s->study);
    if (status == RAD_OK) status = read_text(r, study, "hash", s->study_hash, sizeof s->study_hash);
    if (status == RAD_OK) status = check_study(r);
    if (status == RAD_OK) status = read_text(r, all, "site", s->site, sizeof s->site);
    if (status == RAD_OK && !rad_signer_is_name(s->site)) status = rad_member_damaged(r, "site");
    if (status == RAD_OK)
        status = rad_member_read_count(r, json_object_get(all, "release"), UINT32_MAX, "release", &release);
    s->release = (uint32_t)release;
    if (status == RAD_OK) status = read_ledger(r, json_object_get(all, "ledger"));
    if (status == RAD_OK) status = read_text(r, all, "engine", s->engine, sizeof s->engine);
    if (status == RAD_OK) status = read_text(r, all, "check", s->check, sizeof s->check);
    if (status == RAD_OK) status = read_text(r, all, "settings", s->settings, sizeof s->settings);
    if (status == RAD_OK) status = read_rules(r, json_object_get(all, "rules"));
    if (status == RAD_OK) status = read_cohort(r, json_object_get(all, "cohort"));
    if (status == RAD_OK) status = read_withheld(r, json_object_get(all, "withheld"));
    if (status == RAD_OK && (!count || count > VARIABLES_MAX)) status = rad_member_damaged(r, "variables");
    if (status == RAD_OK) status = rad_summary_allocate(s, r->study, count, r->error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        status = read_variable(r, json_array_get(variables, i), i);
    if (status == RAD_OK) status = read_levels(r, json_object_get(all, "levels"));
    return status == RAD_OK ? rad_analyses_read(r, all) : status;
}

rad_status rad_radsum_check_signature(const char *name, const char *purpose, const char *bytes, size_t length,
                                      const rad_trusted *trusted, const char **who, rad_error *error) {
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1], tail[RAD_RADSUM_TAIL_LENGTH + 1];
    char end[RAD_RADSUM_TAIL_LENGTH + 1] = "";
    unsigned char public_key[RAD_KEY_BYTES], signature[RAD_SIGNATURE];
    if (length > RAD_RADSUM_TAIL_LENGTH)
        memcpy(end, bytes + length - RAD_RADSUM_TAIL_LENGTH, RAD_RADSUM_TAIL_LENGTH);
    const char *begin_key = strstr(end, "\"key\": \""), *begin_value = strstr(end, "\"value\": \"");
    if (!begin_key || !begin_value || strlen(begin_value) < sizeof value + 9)
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: is not signed; ask the site for the file that `radiomill summarise` wrote",
                        name);
    snprintf(key, sizeof key, "%s", begin_key + 8);
    snprintf(value, sizeof value, "%s", begin_value + 10);
    snprintf(tail, sizeof tail, RAD_RADSUM_TAIL, key, value);
    const bool whole = !strcmp(tail, end) &&
                       !sodium_hex2bin(public_key, sizeof public_key, key, strlen(key), NULL, NULL, NULL) &&
                       !sodium_hex2bin(signature, sizeof signature, value, strlen(value), NULL, NULL, NULL);
    if (!whole || !rad_signer_holds(public_key, purpose, bytes, length - RAD_RADSUM_TAIL_LENGTH, signature))
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: the signature is not valid: the file was changed after it was signed; ask the "
                        "site to send it again",
                        name);
    size_t i = 0;
    while (i < trusted->count && memcmp(trusted->key[i], public_key, sizeof public_key) != 0) i++;
    if (i == trusted->count)
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: is signed with key %.16s..., which is not in the list of trusted keys", name,
                        key);
    *who = trusted->name[i];
    return RAD_OK;
}

/* The file as a tree, without the text of the products: megabytes that are not JSON's to look at. Their
 * member begins with a line end, which cannot stand inside of a string. */
static rad_status load(rad_member_reader *r, const char *bytes, size_t length, json_t **all) {
    static const char mark[] = "\n  \"products\": \"";
    const char *begin = memmem(bytes, length, mark, sizeof mark - 1);
    if (!begin) return rad_tree_parse(bytes, length, r->name, all, r->error);
    r->products = begin + sizeof mark - 1;
    const char *end = memchr(r->products, '"', length - (size_t)(r->products - bytes));
    const size_t before = (size_t)(r->products - bytes), after = end ? length - (size_t)(end - bytes) : 0;
    r->products_length = end ? (size_t)(end - r->products) : 0;
    char *text = rad_new_raw(before + after, 1, r->error);
    if (!text) return RAD_NO_MEMORY;
    memcpy(text, bytes, before);
    if (after) memcpy(text + before, end, after);
    rad_status status = rad_tree_parse(text, before + after, r->name, all, r->error);
    rad_free(text);
    return status;
}

rad_status rad_radsum_parse(const char *bytes, size_t length, const char *name, const rad_study *study,
                            const rad_trusted *trusted, rad_summary *summary, rad_error *error) {
    rad_member_reader r = {.name = name, .study = study, .summary = summary, .error = error};
    json_t *all = NULL;
    const char *signer = NULL;
    *summary = (rad_summary){.release = 0};
    rad_status status =
        trusted ? rad_radsum_check_signature(name, "radsum", bytes, length, trusted, &signer, error) : RAD_OK;
    if (status == RAD_OK) status = load(&r, bytes, length, &all);
    if (status == RAD_OK) status = read_all(&r, all);
    json_decref(all);
    if (status == RAD_OK && signer && strcmp(signer, summary->site) != 0)
        status =
            rad_fail(error, RAD_UNTRUSTED, "%s: claims to be from site %s, but is signed with the key of %s",
                     name, summary->site, signer);
    if (status != RAD_OK) rad_summary_free(summary);
    return status;
}

rad_status rad_radsum_digest(const char *path, const rad_signer *reader, char digest[65], rad_error *error) {
    rad_bytes file;
    rad_status status = rad_sealed_read(path, reader, &file, NULL, error);
    if (status != RAD_OK) return status;
    rad_hash_digest(file.data, file.length, digest);
    rad_bytes_free(&file);
    return RAD_OK;
}

enum { BEGIN = 2048 };

/* The first lines of a file, or of what is sealed in it. */
static rad_status read_begin(const char *path, const rad_signer *reader, char begin[BEGIN],
                             rad_error *error) {
    rad_moment moment;
    rad_bytes plain;
    int file;
    rad_status status = rad_file_open(path, &file, &moment, error);
    if (status != RAD_OK) return status;
    const ssize_t got = pread(file, begin, BEGIN - 1, 0);
    begin[got > 0 ? got : 0] = '\0';
    close(file);
    if (!rad_sealed_is(begin, strlen(begin))) return RAD_OK;
    status = rad_sealed_read(path, reader, &plain, NULL, error);
    if (status != RAD_OK) return status;
    const size_t length = plain.length < BEGIN - 1 ? plain.length : BEGIN - 1;
    memcpy(begin, plain.data, length);
    begin[length] = '\0';
    rad_bytes_free(&plain);
    return RAD_OK;
}

rad_status rad_radsum_peek(const char *path, const rad_signer *reader, rad_radsum_head *head,
                           rad_error *error) {
    char begin[BEGIN];
    *head = (rad_radsum_head){.release = 0};
    rad_status status = read_begin(path, reader, begin, error);
    if (status != RAD_OK) return status;
    const char *site = strstr(begin, "\n \"site\": \"");
    if (!site ||
        sscanf(site, "\n \"site\": \"%63[^\"]\",\n \"release\": %" SCNu32, head->site, &head->release) != 2)
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a radsum file", path);
    return RAD_OK;
}

rad_status rad_radsum_read(const char *path, const rad_study *study, const rad_trusted *trusted,
                           const rad_signer *reader, rad_summary *summary, rad_error *error) {
    rad_bytes file;
    bool sealed = false;
    *summary = (rad_summary){.release = 0};
    rad_status status = rad_sealed_read(path, reader, &file, &sealed, error);
    if (status != RAD_OK) return status;
    if (file.length > RAD_RADSUM_MAX)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is too large for a summary", path);
    else
        status = rad_radsum_parse((const char *)file.data, file.length, path, study, trusted, summary, error);
    if (status == RAD_OK) rad_hash_digest(file.data, file.length, summary->digest);
    summary->sealed = status == RAD_OK && sealed;
    rad_bytes_free(&file);
    return status;
}
