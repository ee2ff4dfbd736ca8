#include "round_state.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "radsum.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

static const char *const asks[RAD_ASKS] = {"order", "deviance", "score", "information", "moments"};

size_t rad_round_columns(const rad_round_state *s) {
    return s->term_count + s->intercept;
}

bool rad_round_concerns(const rad_round_point *p, const char *site) {
    return *p->only ? !strcmp(p->only, site) : strcmp(p->without, site) != 0;
}

void rad_round_state_free(rad_round_state *s) {
    rad_free(s->terms);
    rad_free(s->points);
    rad_free(s->summed);
    rad_bytes_free(&s->memory);
    *s = (rad_round_state){.round = 0};
}

/* A list of the state, one element a line. */
static rad_status put_list(FILE *out, const char *key, json_t *list, rad_error *error) {
    rad_status status = list ? RAD_OK : RAD_NO_MEMORY;
    fprintf(out, ",\n \"%s\": [", key);
    for (size_t i = 0; i < json_array_size(list) && status == RAD_OK; i++) {
        fputs(i ? ",\n  " : "\n  ", out);
        status = rad_tree_put(out, json_incref(json_array_get(list, i)), JSON_COMPACT, error);
    }
    fputs("]", out);
    json_decref(list);
    return status;
}

static json_t *points_list(const rad_round_state *s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->point_count; i++) {
        const rad_round_point *p = &s->points[i];
        json_t *beta = json_array();
        for (size_t k = 0; k < rad_round_columns(s); k++) rad_tree_add(&beta, json_real(p->beta[k]));
        rad_tree_add(&list, json_pack("[s, s, s, i, i, o]", asks[p->ask], p->only, p->without, p->digits,
                                      p->fineness, beta));
    }
    return list;
}

static rad_status put_head(FILE *out, const rad_round_state *s, rad_error *error) {
    fputs("{\n \"format\": \"radiomill state 1\",\n \"study\": ", out);
    rad_status status = rad_tree_put(out, json_pack("{s:s, s:s}", "id", s->study, "hash", s->study_hash),
                                     JSON_COMPACT, error);
    fprintf(out,
            ",\n \"model\": \"%s\",\n \"round\": %u,\n \"previous\": \"%s\",\n \"result\": \"%s\",\n "
            "\"lambda\": \"%s\",\n \"intercept\": %s",
            s->model, s->round, s->previous, s->result, s->lambda, s->intercept ? "true" : "false");
    return status;
}

static rad_status put_state(FILE *out, void *context, rad_error *error) {
    const rad_round_state *s = context;
    json_t *terms = json_array(), *summed = json_array();
    for (size_t i = 0; i < s->term_count; i++)
        rad_tree_add(&terms, json_pack("[s, f, f]", s->terms[i].name, s->terms[i].centre, s->terms[i].scale));
    for (size_t i = 0; i < s->summed_count; i++)
        rad_tree_add(&summed, json_pack("[s, s]", s->summed[i].site, s->summed[i].digest));
    char *memory =
        rad_new(sodium_base64_encoded_len(s->memory.length, sodium_base64_VARIANT_ORIGINAL), 1, error);
    rad_status status = memory ? put_head(out, s, error) : RAD_NO_MEMORY;
    rad_status each = put_list(out, "terms", terms, error);
    status = status == RAD_OK ? each : status;
    fputs(",\n \"sizes\": [", out);
    for (size_t k = 0; k < rad_round_columns(s) && s->sized; k++)
        fprintf(out, "%s%d", k ? ", " : "", s->size[k]);
    fputs("]", out);
    each = put_list(out, "points", points_list(s), error);
    status = status == RAD_OK ? each : status;
    each = put_list(out, "summed", summed, error);
    status = status == RAD_OK ? each : status;
    if (memory)
        fprintf(out, ",\n \"memory\": \"%s\"",
                sodium_bin2base64(memory,
                                  sodium_base64_encoded_len(s->memory.length, sodium_base64_VARIANT_ORIGINAL),
                                  s->memory.data, s->memory.length, sodium_base64_VARIANT_ORIGINAL));
    rad_free(memory);
    return status;
}

rad_status rad_round_sign(const rad_bytes *body, const char *purpose, const rad_signer *me, rad_bytes *whole,
                          rad_error *error) {
    unsigned char signature[RAD_SIGNATURE];
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1], tail[RAD_RADSUM_TAIL_LENGTH + 1] = "\n}\n";
    if (me) {
        rad_signer_sign(me, purpose, body->data, body->length, signature);
        snprintf(tail, sizeof tail, RAD_RADSUM_TAIL, rad_hash_text(me->public_key, RAD_KEY_BYTES, key),
                 rad_hash_text(signature, sizeof signature, value));
    }
    whole->length = body->length + strlen(tail);
    whole->data = rad_new_raw(whole->length, 1, error);
    if (!whole->data) return RAD_NO_MEMORY;
    memcpy(whole->data, body->data, body->length);
    memcpy(whole->data + body->length, tail, strlen(tail));
    return RAD_OK;
}

rad_status rad_round_state_write(const char *path, rad_round_state *s, const rad_signer *me,
                                 rad_error *error) {
    rad_bytes body = {0}, whole = {0};
    rad_status status = rad_sink_collect(put_state, s, &body, error);
    if (status == RAD_OK) status = rad_round_sign(&body, "state", me, &whole, error);
    if (status == RAD_OK) {
        rad_hash_digest(whole.data, whole.length, s->digest);
        status = rad_bytes_write(path, &whole, 1, error);
    }
    rad_bytes_free(&body);
    rad_bytes_free(&whole);
    return status;
}

/* What is read, and whether all of it was as it should be. */
typedef struct reading {
    const char *name;
    rad_round_state *s;
    rad_error *error;
} reading;

static rad_status damaged(const reading *r, const char *what) {
    return rad_fail(r->error, RAD_UNREADABLE,
                    "%s: is not the state of a model, or is damaged: %s; ask the coordinator for the file "
                    "that `radiomill fit` wrote",
                    r->name, what);
}

static bool copy_text(const json_t *value, char *to, size_t size) {
    const char *text = json_string_value(value);
    if (!text || strlen(text) >= size) return false;
    memcpy(to, text, strlen(text) + 1);
    return true;
}

static bool copy_site(const json_t *value, char to[RAD_SITE]) {
    return copy_text(value, to, RAD_SITE) && (!*to || rad_signer_is_name(to));
}

static bool copy_number(const json_t *value, double least, double most, double *to) {
    *to = json_number_value(value);
    return json_is_number(value) && isfinite(*to) && *to >= least && *to <= most;
}

static rad_status read_terms(const reading *r, const json_t *list) {
    rad_round_state *s = r->s;
    const size_t count = json_array_size(list);
    if (!count || count > RAD_DESIGN_MAX) return damaged(r, "terms");
    s->terms = rad_new(count, sizeof *s->terms, r->error);
    if (!s->terms) return RAD_NO_MEMORY;
    for (; s->term_count < count; s->term_count++) {
        const json_t *one = json_array_get(list, s->term_count);
        rad_round_term *t = &s->terms[s->term_count];
        if (json_array_size(one) != 3 || !copy_text(json_array_get(one, 0), t->name, sizeof t->name) ||
            !copy_number(json_array_get(one, 1), -1e15, 1e15, &t->centre) ||
            !copy_number(json_array_get(one, 2), 1e-15, 1e15, &t->scale))
            return damaged(r, "terms");
    }
    return RAD_OK;
}

static bool copy_digits(const json_t *value, int *to) {
    *to = (int)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= RAD_ROUND_FINE &&
           json_integer_value(value) <= RAD_ROUND_COARSE;
}

static bool read_point(const json_t *one, size_t columns, rad_round_point *p) {
    const char *ask = json_string_value(json_array_get(one, 0));
    const json_t *beta = json_array_get(one, 5);
    size_t at = 0;
    while (ask && at < RAD_ASKS && strcmp(asks[at], ask) != 0) at++;
    p->ask = (rad_round_ask)at;
    bool fine = ask && at < RAD_ASKS && json_array_size(one) == 6 && json_array_size(beta) == columns &&
                copy_site(json_array_get(one, 1), p->only) && copy_site(json_array_get(one, 2), p->without);
    fine = fine && copy_digits(json_array_get(one, 3), &p->digits) &&
           copy_digits(json_array_get(one, 4), &p->fineness);
    for (size_t k = 0; k < columns && fine; k++)
        fine = copy_number(json_array_get(beta, k), -RAD_ROUND_BETA, RAD_ROUND_BETA, &p->beta[k]);
    return fine;
}

/* Sizes of the columns; none in the first round. */
static rad_status read_sizes(const reading *r, const json_t *list) {
    rad_round_state *s = r->s;
    s->sized = json_array_size(list) > 0;
    if (!json_is_array(list) || (s->sized && json_array_size(list) != rad_round_columns(s)))
        return damaged(r, "sizes");
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *one = json_array_get(list, k);
        if (!json_is_integer(one) || json_integer_value(one) < -200 || json_integer_value(one) > 200)
            return damaged(r, "sizes");
        s->size[k] = (int)json_integer_value(one);
    }
    return RAD_OK;
}

static rad_status read_points(const reading *r, const json_t *list) {
    rad_round_state *s = r->s;
    const size_t count = json_array_size(list);
    if (count > RAD_ROUND_POINTS || (!count) != (*s->result != '\0')) return damaged(r, "points");
    s->points = rad_new(count, sizeof *s->points, r->error);
    if (!s->points) return RAD_NO_MEMORY;
    for (; s->point_count < count; s->point_count++)
        if (!read_point(json_array_get(list, s->point_count), rad_round_columns(s),
                        &s->points[s->point_count]))
            return damaged(r, "points");
    return RAD_OK;
}

static rad_status read_summed(const reading *r, const json_t *list) {
    rad_round_state *s = r->s;
    const size_t count = json_array_size(list);
    if (count > RAD_ROUND_SITES) return damaged(r, "summed");
    s->summed = rad_new(count, sizeof *s->summed, r->error);
    if (!s->summed) return RAD_NO_MEMORY;
    for (; s->summed_count < count; s->summed_count++) {
        const json_t *one = json_array_get(list, s->summed_count);
        rad_round_summed *to = &s->summed[s->summed_count];
        if (json_array_size(one) != 2 || !copy_site(json_array_get(one, 0), to->site) || !*to->site ||
            !copy_text(json_array_get(one, 1), to->digest, sizeof to->digest))
            return damaged(r, "summed");
    }
    return RAD_OK;
}

static rad_status read_memory(const reading *r, const json_t *value) {
    const char *text = json_string_value(value);
    const size_t length = text ? strlen(text) : 0;
    rad_bytes *m = &r->s->memory;
    m->data = rad_new_raw(length / 4 * 3 + 4, 1, r->error);
    if (!m->data) return RAD_NO_MEMORY;
    if (!text || sodium_base642bin(m->data, length / 4 * 3 + 4, text, length, NULL, &m->length, NULL,
                                   sodium_base64_VARIANT_ORIGINAL))
        return damaged(r, "memory");
    return RAD_OK;
}

static rad_status read_all(const reading *r, const json_t *all) {
    rad_round_state *s = r->s;
    char format[32];
    const json_t *study = json_object_get(all, "study"), *round = json_object_get(all, "round");
    if (!copy_text(json_object_get(all, "format"), format, sizeof format) ||
        strcmp(format, "radiomill state 1") != 0)
        return damaged(r, "format is not radiomill state 1");
    if (!copy_text(json_object_get(study, "id"), s->study, sizeof s->study) ||
        !copy_text(json_object_get(study, "hash"), s->study_hash, sizeof s->study_hash) ||
        !copy_text(json_object_get(all, "model"), s->model, sizeof s->model) ||
        !copy_text(json_object_get(all, "previous"), s->previous, sizeof s->previous) ||
        !copy_text(json_object_get(all, "result"), s->result, sizeof s->result) ||
        !copy_text(json_object_get(all, "lambda"), s->lambda, sizeof s->lambda))
        return damaged(r, "study, model, previous, result or lambda");
    if (!json_is_integer(round) || json_integer_value(round) < 0 || json_integer_value(round) > 1000000)
        return damaged(r, "round");
    s->round = (uint32_t)json_integer_value(round);
    if (!json_is_boolean(json_object_get(all, "intercept"))) return damaged(r, "intercept");
    s->intercept = json_is_true(json_object_get(all, "intercept"));
    rad_status status = read_terms(r, json_object_get(all, "terms"));
    if (status == RAD_OK) status = read_sizes(r, json_object_get(all, "sizes"));
    if (status == RAD_OK) status = read_points(r, json_object_get(all, "points"));
    if (status == RAD_OK) status = read_summed(r, json_object_get(all, "summed"));
    return status == RAD_OK ? read_memory(r, json_object_get(all, "memory")) : status;
}

rad_status rad_round_state_parse(const char *bytes, size_t length, const char *name, rad_round_state *s,
                                 rad_error *error) {
    const reading r = {name, s, error};
    json_t *all = NULL;
    *s = (rad_round_state){.round = 0};
    rad_status status = rad_tree_parse(bytes, length, name, &all, error);
    if (status == RAD_OK) status = read_all(&r, all);
    json_decref(all);
    if (status == RAD_OK) rad_hash_digest(bytes, length, s->digest);
    if (status != RAD_OK) rad_round_state_free(s);
    return status;
}

/* The key that the end of the file names, whoever that is. */
static bool find_key(const rad_bytes *file, rad_trusted *any, char name[1][RAD_SITE],
                     unsigned char key[1][RAD_KEY_BYTES]) {
    static const char mark[] = ",\n \"signature\": {\"algorithm\": \"Ed25519\", \"key\": \"";
    const char *end = file->length > RAD_RADSUM_TAIL_LENGTH
                          ? (const char *)file->data + file->length - RAD_RADSUM_TAIL_LENGTH
                          : NULL;
    if (!end || memcmp(end, mark, sizeof mark - 1) != 0 ||
        sodium_hex2bin(key[0], RAD_KEY_BYTES, end + sizeof mark - 1, (size_t)2 * RAD_KEY_BYTES, NULL, NULL,
                       NULL))
        return false;
    strcpy(name[0], "coordinator");
    *any = (rad_trusted){.name = name, .key = key, .count = 1};
    return true;
}

rad_status rad_round_state_read(const char *path, const rad_trusted *coordinator, rad_round_state *s,
                                bool *is_signed, rad_error *error) {
    char name[1][RAD_SITE];
    unsigned char key[1][RAD_KEY_BYTES];
    rad_trusted any;
    rad_bytes file = {0};
    const char *who = NULL;
    *s = (rad_round_state){.round = 0};
    rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    *is_signed = find_key(&file, &any, name, key);
    if (file.length > RAD_ROUND_STATE_MAX)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is too large for the state of a model", path);
    else if (coordinator && !*is_signed)
        status = rad_fail(error, RAD_UNTRUSTED,
                          "%s: is not signed by the coordinator; ask for the file that `radiomill fit --key` "
                          "wrote",
                          path);
    else if (*is_signed)
        status = rad_radsum_check_signature(path, "state", (const char *)file.data, file.length,
                                            coordinator ? coordinator : &any, &who, error);
    if (status == RAD_OK)
        status = rad_round_state_parse((const char *)file.data, file.length, path, s, error);
    rad_bytes_free(&file);
    return status;
}
