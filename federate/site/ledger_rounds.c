#include "ledger_rounds.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "ledger_entry.h"

#include <string.h>

/* The most patients and weights of a line that is read. */
enum { PATIENTS_MAX = 1 << 24, ROWS_MAX = 1 << 20 };

static const char *text_of(const json_t *line, const char *key) {
    const char *text = json_string_value(json_object_get(line, key));
    return text ? text : "";
}

static bool is_count(const json_t *line, const char *key, json_int_t most) {
    const json_t *value = json_object_get(line, key);
    return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= most;
}

/* Lines of versions before, and of some rounds, have none. */
static bool has_rows(const json_t *line, const char *count, const char *rows) {
    return !json_object_get(line, count) ||
           (is_count(line, count, ROWS_MAX) && json_is_string(json_object_get(line, rows)));
}

rad_status rad_ledger_round_read(rad_ledger *l, json_t *line, size_t number, rad_error *error) {
    const bool fine = is_count(line, "round", 1000000) && is_count(line, "patients", PATIENTS_MAX) &&
                      is_count(line, "rows", ROWS_MAX) && *text_of(line, "model") &&
                      json_is_string(json_object_get(line, "persons")) &&
                      json_is_string(json_object_get(line, "weights")) &&
                      has_rows(line, "orders", "ordered") && has_rows(line, "columns", "taken");
    if (!fine) {
        json_decref(line);
        return rad_ledger_distrust(l, number, "is no release and no round", error);
    }
    if (!l->rounds) l->rounds = json_array();
    if (!l->rounds || json_array_append_new(l->rounds, line))
        return rad_fail(error, RAD_NO_MEMORY, "out of memory: a ledger");
    return RAD_OK;
}

/* What the model takes of the rows, in whatever order, as the sum of a keyed hash of each. */
static rad_status hash_rows(const rad_ledger *l, const rad_round_rows *r, char text[RAD_DIGEST_TEXT],
                            rad_error *error) {
    uint64_t sum[4] = {0}, one[4];
    const size_t count = r->columns + 3;
    double *values = rad_new_raw(count, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t i = 0; i < r->n; i++) {
        rad_hash hash;
        values[0] = r->y[i];
        values[1] = r->offset[i];
        values[2] = r->time[i];
        for (size_t j = 0; j < r->columns; j++) values[3 + j] = rad_round_value(r, j, i) + 0.0;
        rad_hash_begin(&hash, sizeof one, l->secret, sizeof l->secret);
        rad_hash_add(&hash, values, count * sizeof *values);
        rad_hash_end(&hash, one);
        for (size_t k = 0; k < 4; k++) sum[k] += one[k];
    }
    rad_free(values);
    rad_hash_text(sum, sizeof sum, text);
    return RAD_OK;
}

static rad_status hash_sums(const rad_round_sums *s, char text[RAD_DIGEST_TEXT], rad_error *error) {
    rad_bytes body = {0};
    rad_status status = rad_round_sums_text(s, &body, error);
    if (status == RAD_OK) rad_hash_digest(body.data, body.length, text);
    rad_bytes_free(&body);
    return status;
}

static bool is_named(const json_t *line, const char *study_hash, const char *model) {
    return !strcmp(text_of(line, "study_hash"), study_hash) && !strcmp(text_of(line, "model"), model);
}

static bool is_model(const json_t *line, const rad_ledger_round *r) {
    return is_named(line, r->study->hash, r->state->model);
}

static size_t first_of(const rad_ledger *l, const char *study_hash, const char *model) {
    size_t i = 0;
    while (i < json_array_size(l->rounds) && !is_named(json_array_get(l->rounds, i), study_hash, model)) i++;
    return i;
}

size_t rad_ledger_round_model(const rad_ledger *l, size_t at) {
    const json_t *line = json_array_get(l->rounds, at);
    return first_of(l, text_of(line, "study_hash"), text_of(line, "model"));
}

size_t rad_ledger_round_first(const rad_ledger *l, const rad_ledger_round *r) {
    return first_of(l, r->study->hash, r->state->model);
}

rad_status rad_ledger_round_check(const rad_ledger *l, const rad_ledger_round *r, bool *known,
                                  rad_error *error) {
    char rows[RAD_DIGEST_TEXT], sums[RAD_DIGEST_TEXT] = "";
    size_t i, rounds = 0;
    json_t *line;
    *known = false;
    rad_status status = hash_rows(l, r->rows, rows, error);
    if (status == RAD_OK) status = hash_sums(r->sums, sums, error);
    json_array_foreach(l->rounds, i, line) {
        if (status != RAD_OK || !is_model(line, r)) continue;
        rounds++;
        if (strcmp(text_of(line, "of"), rows) != 0)
            status = rad_fail(error, RAD_REFUSED,
                              "refused (minimum_cell): the rows of model %s are others than "
                              "in round %lld, which was answered: two answers would tell by their "
                              "difference; fit the new rows by a study of its own, or restore the rows",
                              r->state->model, (long long)json_integer_value(json_object_get(line, "round")));
        if (status == RAD_OK && !strcmp(text_of(line, "state"), r->state->digest)) *known = true;
        if (status == RAD_OK && *known && strcmp(text_of(line, "answer"), sums) != 0)
            status = rad_fail(error, RAD_REFUSED,
                              "refused (minimum_cell): round %u of model %s was answered by other sums, with "
                              "another version of this program; go on with that one",
                              r->state->round, r->state->model);
        if (*known) return status;
    }
    for (size_t m = 0; m < r->study->model_count && status == RAD_OK; m++)
        if (!strcmp(r->study->models[m].name, r->state->model) &&
            rounds >= (size_t)r->study->models[m].rounds)
            status = rad_fail(error, RAD_SPENT,
                              "model %s has had %zu round%s, which is all that the study allows (rounds)",
                              r->state->model, rounds, rad_plural(rounds));
    return status;
}

/* Weights tell what the response of each patient was: they are kept as only this key can read them. */
static json_t *seal_weights(const rad_ledger *l, const rad_round_weights *w, rad_error *error) {
    const size_t count = w->count * (w->n + 1);
    float *weights = rad_new_raw(count, sizeof *weights, error);
    for (size_t i = 0; i < w->count * w->n && weights; i++) weights[i] = (float)w->row[i];
    for (size_t i = 0; i < w->count && weights; i++) weights[w->count * w->n + i] = (float)w->noise[i];
    json_t *value = weights ? rad_ledger_seal(l, weights, count * sizeof *weights) : NULL;
    rad_free(weights);
    return value;
}

/* So many rows of a round, and its patients. */
static rad_status read_rows(const rad_ledger *l, size_t at, const char *key, size_t rows,
                            rad_round_weights *out, uint32_t **person, rad_error *error) {
    const json_t *line = json_array_get(l->rounds, at);
    const size_t n = (size_t)json_integer_value(json_object_get(line, "patients"));
    size_t plain;
    *out = (rad_round_weights){.n = n};
    *person = NULL;
    if (!rad_multiply((n + 1) * sizeof(float), rows, &plain))
        return rad_fail(error, RAD_NO_MEMORY, "out of memory");
    float *weights = rad_new_raw(plain, 1, error);
    *person = rad_new_raw(n, sizeof **person, error);
    out->row = rad_new_raw(rows, n * sizeof *out->row, error);
    out->noise = rad_new_raw(rows, sizeof *out->noise, error);
    rad_status status = weights && *person && out->row && out->noise ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK &&
        !rad_ledger_decode(json_object_get(line, "persons"), *person, n * sizeof **person))
        status = rad_ledger_distrust(l, at + 1, "of a round cannot be read", error);
    if (status == RAD_OK)
        status = rad_ledger_unseal(l, json_object_get(line, key), weights, plain, at + 1, error);
    for (size_t i = 0; i < n * rows && status == RAD_OK; i++) out->row[i] = (double)weights[i];
    for (size_t i = 0; i < rows && status == RAD_OK; i++) out->noise[i] = (double)weights[n * rows + i];
    if (status == RAD_OK) out->count = rows;
    rad_free(weights);
    return status;
}

rad_status rad_ledger_round_weights(const rad_ledger *l, size_t at, rad_round_weights *out, uint32_t **person,
                                    rad_error *error) {
    const json_t *line = json_array_get(l->rounds, at);
    return read_rows(l, at, "weights", (size_t)json_integer_value(json_object_get(line, "rows")), out, person,
                     error);
}

static size_t count_of(const json_t *line, const char *key) {
    return (size_t)json_integer_value(json_object_get(line, key));
}

static rad_status read_some(const rad_ledger *l, size_t at, const char *count, const char *key,
                            rad_round_weights *out, uint32_t **person, rad_error *error) {
    const size_t rows = count_of(json_array_get(l->rounds, at), count);
    *out = (rad_round_weights){.n = 0};
    *person = NULL;
    return rows ? read_rows(l, at, key, rows, out, person, error) : RAD_OK;
}

rad_status rad_ledger_round_ranks(const rad_ledger *l, size_t at, rad_round_weights *out, uint32_t **person,
                                  rad_error *error) {
    return read_some(l, at, "orders", "ordered", out, person, error);
}

rad_status rad_ledger_round_columns(const rad_ledger *l, size_t at, rad_round_weights *out, uint32_t **person,
                                    rad_error *error) {
    return read_some(l, at, "columns", "taken", out, person, error);
}

size_t rad_ledger_round_told(const rad_ledger *l) {
    size_t i, rows = 0;
    json_t *line;
    json_array_foreach(l->rounds, i, line) rows += count_of(line, "orders") + count_of(line, "columns");
    return rows;
}

rad_order_left rad_ledger_round_order(const rad_ledger *l, const rad_ledger_round *r, size_t *rows) {
    rad_order_left left = RAD_ORDER_NONE;
    size_t i;
    json_t *line;
    json_array_foreach(l->rounds, i, line) {
        if (!is_model(line, r)) continue;
        *rows = count_of(line, "orders");
        if (!strcmp(text_of(line, "state"), r->state->digest))
            return *rows ? RAD_ORDER_THIS : RAD_ORDER_WITHOUT;
        if (count_of(line, "orders")) left = RAD_ORDER_OTHER;
    }
    return left;
}

size_t rad_ledger_round_count(const rad_ledger *l) {
    return json_array_size(l->rounds);
}

size_t rad_ledger_round_rows(const rad_ledger *l) {
    size_t i, rows = 0;
    json_t *line;
    json_array_foreach(l->rounds, i, line) rows += (size_t)json_integer_value(json_object_get(line, "rows"));
    return rows;
}

rad_status rad_ledger_round_persons(const rad_ledger *l, const rad_cohort *c, uint32_t *person, size_t *all,
                                    rad_error *error) {
    rad_ledger_entry now = {.line = NULL};
    *all = l->persons;
    rad_status status = rad_ledger_entry_make(l, c, &now, error);
    if (status == RAD_OK) status = rad_ledger_entry_number(l, &now, l->count, all, NULL, error);
    for (size_t i = 0; i < c->rows && status == RAD_OK; i++) person[i] = (uint32_t)now.who.person[i];
    rad_ledger_entry_free(&now);
    return status;
}

/* Numbers of the patients of the model among all that the ledger knows. */
static json_t *persons_of(const rad_ledger *l, const rad_round_rows *r, rad_error *error) {
    size_t all;
    json_t *value = NULL;
    uint32_t *every = rad_new_raw(r->cohort->rows, sizeof *every, error),
             *person = rad_new_raw(r->n, sizeof *person, error);
    if (every && person && rad_ledger_round_persons(l, r->cohort, every, &all, error) == RAD_OK) {
        for (size_t i = 0; i < r->n; i++) person[i] = every[r->row[i]];
        value = rad_ledger_encoded(person, r->n * sizeof *person);
    }
    rad_free(every);
    rad_free(person);
    return value;
}

/* Beside the first round of a model: its columns, by which every round of it tells of the response. */
static void put_columns(const rad_ledger *l, const rad_ledger_round *r, json_t **line, rad_error *error) {
    const rad_round_rows *rows = r->rows;
    rad_round_weights w = {.n = rows->n};
    size_t i;
    json_t *before;
    json_array_foreach(l->rounds, i, before) if (is_model(before, r) && count_of(before, "columns")) return;
    rad_status status = RAD_OK;
    for (size_t j = 0; j < rows->columns && status == RAD_OK; j++)
        status = rad_round_weights_add(&w, rows->x + j * rows->n, 0, error);
    rad_tree_set(line, "columns", json_integer((json_int_t)rows->columns));
    rad_tree_set(line, "taken", status == RAD_OK ? seal_weights(l, &w, error) : NULL);
    rad_round_weights_free(&w);
}

rad_status rad_ledger_round_append(rad_ledger *l, const rad_ledger_round *r, rad_error *error) {
    char rows[RAD_DIGEST_TEXT], sums[RAD_DIGEST_TEXT] = "", tail[RAD_LEDGER_TAIL];
    rad_bytes text = {0}, pieces[2];
    rad_status status = hash_rows(l, r->rows, rows, error);
    if (status == RAD_OK) status = hash_sums(r->sums, sums, error);
    if (status != RAD_OK) return status;
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:I, s:I, s:o, s:o}", "previous", l->last,
                  "study", r->study->id, "study_hash", r->study->hash, "model", r->state->model, "round",
                  (json_int_t)r->state->round, "state", r->state->digest, "of", rows, "answer", sums,
                  "patients", (json_int_t)r->rows->n, "rows", (json_int_t)r->weights->count, "persons",
                  persons_of(l, r->rows, error), "weights", seal_weights(l, r->weights, error));
    if (line && r->ranks->count) {
        rad_tree_set(&line, "orders", json_integer((json_int_t)r->ranks->count));
        rad_tree_set(&line, "ordered", seal_weights(l, r->ranks, error));
    }
    if (line) put_columns(l, r, &line, error);
    status = rad_tree_text(line, JSON_COMPACT, &text, error);
    if (status == RAD_OK) {
        rad_ledger_sign(l->me, &text, tail, pieces);
        status = rad_ledger_file_add(l, pieces, error);
    }
    rad_bytes_free(&text);
    return status;
}
