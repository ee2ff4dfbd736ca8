#include "radsum.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/number.h"
#include "../io/bytes.h"
#include "../io/file.h"
#include "../io/tree.h"
#include "design.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VARIABLES_MAX = 20000 };
static const json_int_t count_max = (json_int_t)1 << 53;

/* What the readers below share; the first fault is reported. */
typedef struct reader {
    const char *name; /* of the file */
    const rad_study *study;
    const char *products; /* the text of the largest member, which stays out of the tree */
    size_t products_length;
    rad_summary *s;
    rad_error *error;
} reader;

static rad_status damaged(const reader *r, const char *what) {
    return rad_fail(r->error, RAD_UNREADABLE, "%s: is no radsum file: %s", r->name, what);
}

static rad_status take_text(const reader *r, const json_t *object, const char *key, char *to, size_t room) {
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || strlen(text) >= room) return damaged(r, key);
    snprintf(to, room, "%s", text);
    return RAD_OK;
}

static rad_status take_count(const reader *r, const json_t *value, json_int_t most, const char *what,
                             uint64_t *to) {
    const json_int_t count = json_is_integer(value) ? json_integer_value(value) : -1;
    if (count < 0 || count > most) return damaged(r, what);
    *to = (uint64_t)count;
    return RAD_OK;
}

static rad_status take_sum(const reader *r, const json_t *value, rad_exact *to) {
    rad_error why = {0};
    const char *text = json_string_value(value);
    if (!text) return damaged(r, "a sum");
    return rad_exact_read(text, to, &why) == RAD_OK ? RAD_OK : damaged(r, why.text);
}

static rad_status take_moments(const reader *r, const json_t *array, rad_moments *to) {
    const size_t size = json_array_size(array);
    if (json_is_null(array)) return RAD_OK;
    if (size != 3 && size != 5) return damaged(r, "sets");
    rad_status status = take_count(r, json_array_get(array, 0), (json_int_t)r->s->rows, "n", &to->n);
    for (size_t k = 0; k + 1 < size && status == RAD_OK; k++)
        status = take_sum(r, json_array_get(array, k + 1), &to->sum[k]);
    to->powers = (uint8_t)(size - 1);
    return status;
}

static rad_status take_grid(const reader *r, const json_t *object, rad_grid *g) {
    const json_t *bits = json_object_get(object, "bits"), *from = json_object_get(object, "from"),
                 *to = json_object_get(object, "to");
    uint64_t count = 0;
    if (bits) {
        *g = (rad_grid){.kind = RAD_GRID_RELATIVE};
        rad_status status = take_count(r, bits, RAD_GRID_BITS_MAX, "grid", &count);
        g->bits = (unsigned)count;
        return status == RAD_OK && !count ? damaged(r, "grid") : status;
    }
    *g = (rad_grid){.kind = RAD_GRID_LINEAR, .from = json_number_value(from), .to = json_number_value(to)};
    rad_status status = take_count(r, json_object_get(object, "cells"), RAD_GRID_CELLS_MAX, "grid", &count);
    g->cells = (uint32_t)count;
    if (status == RAD_OK && (!json_is_number(from) || !json_is_number(to) || !(g->from < g->to) || !count))
        return damaged(r, "grid");
    return status;
}

static rad_status take_histogram(const reader *r, const json_t *array, rad_summary_variable *v) {
    size_t i;
    json_t *entry;
    rad_status status = RAD_OK;
    if (json_is_null(array)) return RAD_OK;
    if (!json_is_array(array)) return damaged(r, "histogram");
    v->counted = true;
    v->counts = rad_new(json_array_size(array), sizeof *v->counts, r->error);
    if (!v->counts) return RAD_NO_MEMORY;
    json_array_foreach(array, i, entry) {
        uint64_t field[3];
        for (size_t k = 0; k < 3 && status == RAD_OK; k++)
            status = take_count(r, json_array_get(entry, k), k == 2 ? count_max : UINT32_MAX, "histogram",
                                &field[k]);
        if (status != RAD_OK) return status;
        v->counts[v->count_count++] = (rad_grid_count){(uint32_t)field[0], (uint32_t)field[1], field[2]};
    }
    return rad_grid_counts_fit(&v->grid, v->counts, v->count_count) ? RAD_OK : damaged(r, "histogram");
}

static rad_status take_variable(const reader *r, const json_t *object, size_t at) {
    static const char *const kinds[] = {"feature", "covariate", "outcome"};
    rad_summary *s = r->s;
    rad_summary_variable *v = &s->variables[at];
    const json_t *sets = json_object_get(object, "sets"), *centre = json_object_get(object, "centre");
    char kind[16] = "", transform[16] = "";
    rad_status status = take_text(r, object, "name", v->name, sizeof v->name);
    v->panel = -1;
    if (status == RAD_OK) status = take_text(r, object, "definition", v->definition, sizeof v->definition);
    if (status == RAD_OK) status = take_text(r, object, "unit", v->unit, sizeof v->unit);
    if (status == RAD_OK) status = take_text(r, object, "kind", kind, sizeof kind);
    if (status == RAD_OK) status = take_text(r, object, "transform", transform, sizeof transform);
    if (status != RAD_OK) return status;
    while (v->kind < RAD_OUTCOME && strcmp(kinds[v->kind], kind) != 0) v->kind++;
    v->logarithm = !strcmp(transform, "log");
    v->centre = json_number_value(centre);
    if (!json_is_number(centre) || json_array_size(sets) != s->sets) return damaged(r, "centre or sets");
    status = take_grid(r, json_object_get(object, "grid"), &v->grid);
    for (size_t k = 0; k < s->sets && status == RAD_OK; k++)
        status = take_moments(r, json_array_get(sets, k), &s->moments[k * s->count + at]);
    return status == RAD_OK ? take_histogram(r, json_object_get(object, "histogram"), v) : status;
}

/* A count, or null for one that is withheld. */
static rad_status take_cell(const reader *r, const json_t *value, int64_t *to) {
    uint64_t count = 0;
    *to = -1;
    if (json_is_null(value)) return RAD_OK;
    rad_status status = take_count(r, value, count_max, "a count", &count);
    *to = (int64_t)count;
    return status;
}

static rad_status take_levels(const reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (json_array_size(all) != study->factor_count) return damaged(r, "levels");
    for (size_t f = 0; f < study->factor_count && status == RAD_OK; f++) {
        const json_t *counts = json_array_get(all, f);
        if (json_array_size(counts) != study->factors[f].levels + 1) return damaged(r, "levels");
        for (size_t l = 0; l <= study->factors[f].levels && status == RAD_OK; l++)
            status = take_cell(r, json_array_get(counts, l), &r->s->levels[f * (RAD_FACTOR_LEVELS + 1) + l]);
    }
    return status;
}

static rad_status take_tables(const reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (json_array_size(all) != study->table_count) return damaged(r, "tables");
    for (size_t t = 0; t < study->table_count && status == RAD_OK; t++) {
        const size_t rows = study->factors[study->tables[t][0]].levels + 1,
                     columns = study->factors[study->tables[t][1]].levels + 1;
        const json_t *table = json_array_get(all, t);
        if (json_array_size(table) != rows) return damaged(r, "tables");
        for (size_t i = 0; i < rows * columns && status == RAD_OK; i++) {
            const json_t *row = json_array_get(table, i / columns);
            if (json_array_size(row) != columns) return damaged(r, "tables");
            status = take_cell(r, json_array_get(row, i % columns), &r->s->tables[t][i]);
        }
    }
    return status;
}

static rad_status decode(const reader *r, const char *text, size_t size, unsigned char **bytes,
                         size_t *length) {
    *bytes = text ? rad_new_raw(size / 4 * 3 + 3, 1, r->error) : NULL;
    if (!*bytes) return text ? RAD_NO_MEMORY : damaged(r, "covariance");
    if (sodium_base642bin(*bytes, size / 4 * 3 + 3, text, size, NULL, length, NULL,
                          sodium_base64_VARIANT_ORIGINAL))
        return damaged(r, "covariance");
    return RAD_OK;
}

static bool is_withheld(const unsigned char *bytes, size_t length, size_t *at) {
    if (length - *at < 4 || bytes[*at + 2] != 0xFF || bytes[*at + 3] != 0xFF) return false;
    *at += 4;
    return true;
}

static rad_status take_products(const reader *r) {
    rad_summary *s = r->s;
    unsigned char *bytes;
    size_t length = 0, at = 0;
    rad_error why = {0};
    rad_status status = decode(r, r->products, r->products_length, &bytes, &length);
    for (size_t i = 0; i < s->panel * (s->panel + 1) / 2 && status == RAD_OK; i++) {
        s->product_shown[i] = !is_withheld(bytes, length, &at);
        if (s->product_shown[i]) status = rad_exact_unpack(bytes, length, &at, &s->products[i], &why);
        if (status != RAD_OK) damaged(r, why.text);
    }
    if (status == RAD_OK && at != length) status = damaged(r, "covariance");
    rad_free(bytes);
    return status;
}

static rad_status take_partial(const reader *r, const json_t *value) {
    rad_summary *s = r->s;
    unsigned char *bytes;
    size_t length = 0, at = 0;
    rad_error why = {0};
    rad_exact n = {0};
    const char *text = json_string_value(value);
    rad_status status = decode(r, text, text ? strlen(text) : 0, &bytes, &length);
    for (size_t i = 0; i < s->panel * s->patterns && status == RAD_OK; i++) {
        rad_moments *m = &s->partial[i];
        if (i % s->patterns == s->variables[s->of[i / s->patterns]].pattern ||
            is_withheld(bytes, length, &at))
            continue;
        status = rad_exact_unpack(bytes, length, &at, &n, &why);
        const double count = rad_exact_double(&n);
        rad_exact_free(&n);
        m->powers = 2;
        m->n = count >= 0 && count <= (double)s->rows && count == floor(count) ? (uint64_t)count : 0;
        for (size_t k = 0; k < 2 && status == RAD_OK; k++)
            status = rad_exact_unpack(bytes, length, &at, &m->sum[k], &why);
        if (status != RAD_OK) damaged(r, why.text);
    }
    if (status == RAD_OK && at != length) status = damaged(r, "covariance");
    rad_free(bytes);
    return status;
}

static rad_status take_covariance(const reader *r, const json_t *object) {
    rad_summary *s = r->s;
    const json_t *panel = json_object_get(object, "panel"), *patterns = json_object_get(object, "patterns");
    const size_t size = json_array_size(panel);
    uint64_t variable = 0, pattern = 0, most = 0;
    if (json_is_null(object)) return RAD_OK;
    if (!size || size > s->count || json_array_size(patterns) != size) return damaged(r, "covariance");
    for (size_t i = 0; i < size; i++) {
        rad_status status =
            take_count(r, json_array_get(patterns, i), (json_int_t)size - 1, "covariance", &pattern);
        if (status != RAD_OK) return status;
        most = pattern > most ? pattern : most;
    }
    if (most >= RAD_PATTERNS_MAX + 1) return damaged(r, "covariance");
    rad_status status = rad_summary_panel(s, size, most + 1, r->error);
    for (size_t i = 0; i < size && status == RAD_OK; i++) {
        status = take_count(r, json_array_get(panel, i), (json_int_t)s->count - 1, "covariance", &variable);
        if (status != RAD_OK) break;
        if (s->variables[variable].panel >= 0) return damaged(r, "covariance");
        s->of[i] = (size_t)variable;
        s->variables[variable].panel = (int64_t)i;
        s->variables[variable].pattern = (uint16_t)json_integer_value(json_array_get(patterns, i));
    }
    if (status == RAD_OK) status = take_partial(r, json_object_get(object, "partial"));
    return status == RAD_OK ? take_products(r) : status;
}

static rad_status take_blocks(const reader *r, const json_t *all, size_t cells, rad_blocks *b) {
    rad_summary *s = r->s;
    size_t v;
    json_t *entry;
    rad_error why = {0};
    if (json_is_null(all)) return RAD_OK;
    if (json_array_size(all) != s->count) return damaged(r, "models or repeats");
    rad_status status = rad_blocks_room(b, s->count, cells, r->error);
    json_array_foreach(all, v, entry) {
        unsigned char *bytes = NULL;
        size_t length = 0, at = 0;
        const char *text = json_string_value(entry);
        if (status != RAD_OK || json_is_null(entry)) continue;
        status = decode(r, text, text ? strlen(text) : 0, &bytes, &length);
        for (size_t i = 0; i < cells && status == RAD_OK; i++) {
            status = rad_exact_unpack(bytes, length, &at, &b->sums[v * cells + i], &why);
            if (status != RAD_OK) damaged(r, why.text);
        }
        const double n = status == RAD_OK ? rad_exact_double(&b->sums[v * cells]) : 0;
        if (status == RAD_OK && (at != length || !(n >= 0 && n <= (double)s->rows && n == floor(n))))
            status = damaged(r, "models or repeats");
        b->shown[v] = status == RAD_OK;
        rad_free(bytes);
    }
    return status;
}

static rad_status take_lifetable(const reader *r, const json_t *object, size_t times, rad_lifetable *t) {
    const json_t *edges = json_object_get(object, "edges"), *counts = json_object_get(object, "counts");
    const size_t size = json_array_size(edges);
    uint64_t edge = 0;
    if (json_is_null(object)) return RAD_OK;
    if (size < 2 || size > times || json_array_size(counts) != rad_lifetable_cells(size))
        return damaged(r, "survival");
    rad_status status = rad_lifetable_room(t, size, r->error);
    for (size_t i = 0; i < size && status == RAD_OK; i++) {
        status = take_count(r, json_array_get(edges, i), (json_int_t)times - 1, "survival", &edge);
        if (status == RAD_OK && (i ? edge <= t->edge[i - 1] : edge != 0)) status = damaged(r, "survival");
        t->edge[i] = (uint16_t)edge;
    }
    for (size_t i = 0; i < rad_lifetable_cells(size) && status == RAD_OK; i++)
        status = take_count(r, json_array_get(counts, i), count_max, "survival", &t->counts[i]);
    return status;
}

static rad_status take_lifetables(const reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (!(study->analyses & RAD_ANALYSIS_SURVIVAL)) return RAD_OK;
    if (json_array_size(all) != study->survival_count) return damaged(r, "survival");
    for (size_t i = 0; i < study->survival_count && status == RAD_OK; i++) {
        const json_t *strata = json_array_get(all, i);
        rad_lifetables *t = &r->s->lifetables[i];
        status = rad_lifetables_room(t, rad_lifetable_strata(study, i), r->error);
        if (status == RAD_OK && json_array_size(strata) != t->strata) status = damaged(r, "survival");
        for (size_t k = 0; k < t->strata && status == RAD_OK; k++)
            status = take_lifetable(r, json_array_get(strata, k), study->survivals[i].times, &t->stratum[k]);
    }
    return status;
}

static rad_status take_models(const reader *r, const json_t *all) {
    rad_design *d = rad_new(1, sizeof *d, r->error);
    rad_status status = d ? rad_design_make(r->study, d, r->error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = take_blocks(r, all, rad_design_cells(d->count), &r->s->models);
    rad_free(d);
    return status;
}

static rad_status take_rules(const reader *r, const json_t *object) {
    rad_summary *s = r->s;
    rad_error why = {0};
    for (size_t i = 0; i < RAD_RULES; i++) {
        const json_t *pair = json_object_get(object, rad_rule_rows[i].key.name);
        const char *text = json_string_value(json_array_get(pair, 0)),
                   *owner = json_string_value(json_array_get(pair, 1));
        if (!text || !owner || rad_key_set(&rad_rule_rows[i].key, &s->rules, &text, 1, &why) != RAD_OK)
            return damaged(r, "rules");
        while (s->rules.owner[i] < RAD_OWNER_SITE && strcmp(rad_owner_words[s->rules.owner[i]], owner) != 0)
            s->rules.owner[i]++;
    }
    return RAD_OK;
}

static rad_status take_cohort(const reader *r, const json_t *object) {
    rad_summary *s = r->s;
    const struct {
        const char *key;
        uint64_t *to;
    } counts[] = {{"patients", &s->rows},
                  {"excluded", &s->excluded},
                  {"repeats", &s->repeats},
                  {"unmatched", &s->unmatched},
                  {"incomplete", &s->incomplete}};
    const char *code;
    json_t *value;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && status == RAD_OK; i++)
        status =
            take_count(r, json_object_get(object, counts[i].key), count_max, counts[i].key, counts[i].to);
    json_object_foreach(json_object_get(object, "failures"), code, value) {
        const long number = strtol(code, NULL, 10);
        if (number < 0 || number >= RAD_CODES) return damaged(r, "failures");
        if (status == RAD_OK) status = take_count(r, value, count_max, "failures", &s->failures[number]);
    }
    return status;
}

static rad_status take_withheld(const reader *r, const json_t *object) {
    rad_summary *s = r->s;
    const json_t *refused = json_object_get(object, "refused");
    size_t i;
    json_t *entry;
    rad_status status = take_count(r, json_object_get(object, "cells"), count_max, "withheld", &s->withheld);
    if (status != RAD_OK) return status;
    s->refusals = rad_new(json_array_size(refused), sizeof *s->refusals, r->error);
    if (!s->refusals) return RAD_NO_MEMORY;
    json_array_foreach(refused, i, entry) {
        rad_refusal *to = &s->refusals[s->refused++];
        status = take_text(r, entry, "what", to->what, sizeof to->what);
        if (status == RAD_OK) status = take_text(r, entry, "rule", to->rule, sizeof to->rule);
        if (status == RAD_OK) status = take_text(r, entry, "words", to->words, sizeof to->words);
        if (status != RAD_OK) return status;
    }
    return RAD_OK;
}

static rad_status check_study(const reader *r) {
    if (strcmp(r->s->study, r->study->id) != 0)
        return rad_fail(r->error, RAD_CONFIG, "%s: is of study %.80s, not of %s", r->name, r->s->study,
                        r->study->id);
    if (strcmp(r->s->study_hash, r->study->hash) != 0)
        return rad_fail(
            r->error, RAD_CONFIG,
            "%s: was made with another text of study %s; all sites and the pool need the same file", r->name,
            r->study->id);
    return RAD_OK;
}

static rad_status take_all(const reader *r, const json_t *all) {
    rad_summary *s = r->s;
    const char *format = json_string_value(json_object_get(all, "format"));
    const json_t *study = json_object_get(all, "study"), *variables = json_object_get(all, "variables");
    const size_t count = json_array_size(variables);
    uint64_t release = 0;
    if (!format || strcmp(format, "radsum 1") != 0) return damaged(r, "format is not radsum 1");
    rad_status status = take_text(r, study, "id", s->study, sizeof s->study);
    if (status == RAD_OK) status = take_text(r, study, "hash", s->study_hash, sizeof s->study_hash);
    if (status == RAD_OK) status = check_study(r);
    if (status == RAD_OK) status = take_text(r, all, "site", s->site, sizeof s->site);
    if (status == RAD_OK && !rad_signer_is_name(s->site)) status = damaged(r, "site");
    if (status == RAD_OK)
        status = take_count(r, json_object_get(all, "release"), UINT32_MAX, "release", &release);
    s->release = (uint32_t)release;
    if (status == RAD_OK) status = take_text(r, all, "engine", s->engine, sizeof s->engine);
    if (status == RAD_OK) status = take_text(r, all, "check", s->check, sizeof s->check);
    if (status == RAD_OK) status = take_text(r, all, "settings", s->settings, sizeof s->settings);
    if (status == RAD_OK) status = take_rules(r, json_object_get(all, "rules"));
    if (status == RAD_OK) status = take_cohort(r, json_object_get(all, "cohort"));
    if (status == RAD_OK) status = take_withheld(r, json_object_get(all, "withheld"));
    if (status == RAD_OK && (!count || count > VARIABLES_MAX)) status = damaged(r, "variables");
    if (status == RAD_OK) status = rad_summary_room(s, r->study, count, r->error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        status = take_variable(r, json_array_get(variables, i), i);
    if (status == RAD_OK) status = take_levels(r, json_object_get(all, "levels"));
    if (status == RAD_OK) status = take_tables(r, json_object_get(all, "tables"));
    if (status == RAD_OK) status = take_models(r, json_object_get(all, "models"));
    if (status == RAD_OK)
        status = take_blocks(r, json_object_get(all, "repeats"), rad_repeats_cells(r->study->occasion_count),
                             &s->repeated);
    if (status == RAD_OK) status = take_lifetables(r, json_object_get(all, "survival"));
    return status == RAD_OK ? take_covariance(r, json_object_get(all, "covariance")) : status;
}

/* Checks the signature of the bytes; *name is that of the key. */
static rad_status check_signature(const reader *r, const char *bytes, size_t length,
                                  const rad_trusted *trusted, const char **name) {
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1], tail[RAD_RADSUM_TAIL_LENGTH + 1];
    char end[RAD_RADSUM_TAIL_LENGTH + 1] = "";
    unsigned char public_key[RAD_KEY_BYTES], signature[RAD_SIGNATURE];
    if (length > RAD_RADSUM_TAIL_LENGTH)
        memcpy(end, bytes + length - RAD_RADSUM_TAIL_LENGTH, RAD_RADSUM_TAIL_LENGTH);
    const char *begin_key = strstr(end, "\"key\": \""), *begin_value = strstr(end, "\"value\": \"");
    if (!begin_key || !begin_value || strlen(begin_value) < sizeof value + 9)
        return rad_fail(r->error, RAD_UNTRUSTED,
                        "%s: is not signed; ask the site for the file that `radiomill summarise` wrote",
                        r->name);
    snprintf(key, sizeof key, "%s", begin_key + 8);
    snprintf(value, sizeof value, "%s", begin_value + 10);
    snprintf(tail, sizeof tail, RAD_RADSUM_TAIL, key, value);
    const bool whole = !strcmp(tail, end) &&
                       !sodium_hex2bin(public_key, sizeof public_key, key, strlen(key), NULL, NULL, NULL) &&
                       !sodium_hex2bin(signature, sizeof signature, value, strlen(value), NULL, NULL, NULL);
    if (!whole || !rad_signer_holds(public_key, "radsum", bytes, length - RAD_RADSUM_TAIL_LENGTH, signature))
        return rad_fail(r->error, RAD_UNTRUSTED,
                        "%s: the signature does not hold: the file was changed after it was signed; ask the "
                        "site to send it again",
                        r->name);
    size_t i = 0;
    while (i < trusted->count && memcmp(trusted->key[i], public_key, sizeof public_key) != 0) i++;
    if (i == trusted->count)
        return rad_fail(r->error, RAD_UNTRUSTED,
                        "%s: is signed with key %.16s..., which is not in the list of trusted keys", r->name,
                        key);
    *name = trusted->name[i];
    return RAD_OK;
}

/* The file as a tree, without the text of the products: megabytes that are not JSON's to look at. Their
 * member begins with a line end, which cannot stand inside of a string. */
static rad_status load(reader *r, const char *bytes, size_t length, json_t **all) {
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
    reader r = {.name = name, .study = study, .s = summary, .error = error};
    json_t *all = NULL;
    const char *signer = NULL;
    *summary = (rad_summary){.release = 0};
    rad_status status = trusted ? check_signature(&r, bytes, length, trusted, &signer) : RAD_OK;
    if (status == RAD_OK) status = load(&r, bytes, length, &all);
    if (status == RAD_OK) status = take_all(&r, all);
    json_decref(all);
    if (status == RAD_OK && signer && strcmp(signer, summary->site) != 0)
        status = rad_fail(error, RAD_UNTRUSTED, "%s: says it is of site %s, but is signed with the key of %s",
                          name, summary->site, signer);
    if (status != RAD_OK) rad_summary_free(summary);
    return status;
}

rad_status rad_radsum_digest(const char *path, char digest[65], rad_error *error) {
    rad_bytes file;
    rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    rad_hash_digest(file.data, file.length, digest);
    rad_bytes_free(&file);
    return RAD_OK;
}

rad_status rad_radsum_peek(const char *path, rad_radsum_head *head, rad_error *error) {
    char begin[2048];
    rad_moment moment;
    int file;
    *head = (rad_radsum_head){.release = 0};
    rad_status status = rad_file_open(path, &file, &moment, error);
    if (status != RAD_OK) return status;
    const ssize_t got = pread(file, begin, sizeof begin - 1, 0);
    begin[got > 0 ? got : 0] = '\0';
    close(file);
    const char *site = strstr(begin, "\n \"site\": \"");
    if (!site ||
        sscanf(site, "\n \"site\": \"%63[^\"]\",\n \"release\": %" SCNu32, head->site, &head->release) != 2)
        return rad_fail(error, RAD_UNREADABLE, "%s: is no radsum file", path);
    return RAD_OK;
}

rad_status rad_radsum_read(const char *path, const rad_study *study, const rad_trusted *trusted,
                           rad_summary *summary, rad_error *error) {
    rad_bytes file;
    *summary = (rad_summary){.release = 0};
    rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    if (file.length > RAD_RADSUM_MAX)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is too large for a summary", path);
    else
        status = rad_radsum_parse((const char *)file.data, file.length, path, study, trusted, summary, error);
    if (status == RAD_OK) rad_hash_digest(file.data, file.length, summary->digest);
    rad_bytes_free(&file);
    return status;
}
