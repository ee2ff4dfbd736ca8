#include "round_sums.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "radsum.h"
#include "sealed.h"

#include <inttypes.h>
#include <string.h>

size_t rad_round_score_cell(size_t column) {
    return 1 + column;
}

size_t rad_round_information_cell(size_t columns, size_t i, size_t j) {
    return 1 + columns + j * (j + 1) / 2 + i;
}

size_t rad_round_moment_cell(size_t columns, int power, size_t column) {
    return 1 + (size_t)power * columns + column;
}

size_t rad_round_cell_count(rad_round_ask ask, size_t columns) {
    return ask == RAD_ASK_ORDER      ? RAD_CALIBRATED_CELLS
           : ask == RAD_ASK_DEVIANCE ? 1
           : ask == RAD_ASK_SCORE    ? 1 + columns
           : ask == RAD_ASK_MOMENTS  ? 1 + 3 * columns
                                     : 1 + columns + columns * (columns + 1) / 2;
}

rad_status rad_round_sums_allocate(rad_round_sums *s, const rad_round_state *state, const char *site,
                                   rad_error *error) {
    *s = (rad_round_sums){.round = state->round};
    snprintf(s->site, sizeof s->site, "%s", site);
    memcpy(s->study_hash, state->study_hash, sizeof s->study_hash);
    memcpy(s->model, state->model, sizeof s->model);
    memcpy(s->state, state->digest, sizeof s->state);
    s->points = rad_new(state->point_count, sizeof *s->points, error);
    rad_status status = s->points ? RAD_OK : RAD_NO_MEMORY;
    for (; s->point_count < state->point_count && status == RAD_OK; s->point_count++) {
        const rad_round_point *p = &state->points[s->point_count];
        rad_round_cells *to = &s->points[s->point_count];
        if (!rad_round_concerns(p, site)) continue;
        to->sums = rad_new(rad_round_cell_count(p->ask, rad_round_columns(state)), sizeof *to->sums, error);
        if (to->sums) to->count = rad_round_cell_count(p->ask, rad_round_columns(state));
        to->ordered = p->ask == RAD_ASK_ORDER;
        status = to->sums ? RAD_OK : RAD_NO_MEMORY;
    }
    if (status != RAD_OK) rad_round_sums_free(s);
    return status;
}

void rad_round_cells_cut(rad_round_cells *cells, size_t count) {
    while (cells->count > count) rad_exact_free(&cells->sums[--cells->count]);
}

void rad_round_sums_free(rad_round_sums *s) {
    for (size_t i = 0; i < s->point_count && s->points; i++) {
        for (size_t k = 0; k < s->points[i].count && s->points[i].sums; k++)
            rad_exact_free(&s->points[i].sums[k]);
        rad_free(s->points[i].sums);
    }
    rad_free(s->points);
    rad_exact_free(&s->saturated);
    *s = (rad_round_sums){.round = 0};
}

static rad_status put_sums(FILE *out, void *context, rad_error *error) {
    const rad_round_sums *s = context;
    char *text = rad_new_raw(RAD_EXACT_TEXT, 1, error);
    if (!text) return RAD_NO_MEMORY;
    fprintf(out,
            "{\n \"format\": \"radiomill round 1\",\n \"study\": \"%s\",\n \"model\": \"%s\",\n \"state\": "
            "\"%s\",\n \"round\": %" PRIu32 ",\n \"site\": \"%s\",\n \"patients\": %" PRIu64
            ",\n \"events\": %" PRIu64 ",\n \"saturated\": \"%s\",\n \"points\": [",
            s->study_hash, s->model, s->state, s->round, s->site, s->patients, s->events,
            rad_exact_write(&s->saturated, text));
    for (size_t i = 0; i < s->point_count; i++) {
        fputs(i ? ",\n  [" : "\n  [", out);
        for (size_t k = 0; k < s->points[i].count; k++)
            fprintf(out, "%s\"%s\"", k ? "," : "", rad_exact_write(&s->points[i].sums[k], text));
        fputs("]", out);
    }
    fputs("]", out);
    rad_free(text);
    return RAD_OK;
}

rad_status rad_round_sums_text(const rad_round_sums *s, rad_bytes *text, rad_error *error) {
    return rad_sink_collect(put_sums, (void *)s, text, error);
}

rad_status rad_round_sums_write(const char *path, const rad_round_sums *s, const rad_signer *me,
                                const unsigned char *key, rad_error *error) {
    rad_bytes body = {0}, whole = {0}, sealed = {0};
    rad_status status = rad_round_sums_text(s, &body, error);
    if (status == RAD_OK) status = rad_round_sign(&body, "round", me, &whole, error);
    if (status == RAD_OK && key) status = rad_sealed_make(&whole, key, &sealed, error);
    if (status == RAD_OK) status = rad_bytes_write(path, key ? &sealed : &whole, 1, error);
    rad_bytes_free(&body);
    rad_bytes_free(&whole);
    rad_bytes_free(&sealed);
    return status;
}

static rad_status damaged(const char *name, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: is not the answer of a site to a round, or is damaged: %s; ask for the file that "
                    "`radiomill step` wrote",
                    name, what);
}

static bool copy_text(const json_t *all, const char *key, char *to, size_t size) {
    const char *text = json_string_value(json_object_get(all, key));
    if (!text || strlen(text) >= size) return false;
    memcpy(to, text, strlen(text) + 1);
    return true;
}

static bool copy_count(const json_t *all, const char *key, uint64_t *to) {
    const json_t *value = json_object_get(all, key);
    const json_int_t count = json_integer_value(value);
    *to = (uint64_t)count;
    return json_is_integer(value) && count >= 0 && count <= INT32_MAX;
}

/* Sums are multiples of a public step: no more than that many bits below 1 are read. */
static rad_status read_sum(const char *name, const json_t *value, rad_exact *to, rad_error *error) {
    const char *text = json_string_value(value);
    if (!text || strlen(text) > 120 || rad_exact_read(text, to, NULL) != RAD_OK)
        return damaged(name, "points", error);
    return RAD_OK;
}

static rad_status read_points(const char *name, const json_t *list, rad_round_sums *s, rad_error *error) {
    rad_status status = json_array_size(list) == s->point_count ? RAD_OK : damaged(name, "points", error);
    for (size_t i = 0; i < s->point_count && status == RAD_OK; i++) {
        const json_t *one = json_array_get(list, i);
        const size_t told = json_array_size(one);
        if (s->points[i].ordered && (told == 1 || told == RAD_ORDER_CELLS || told == RAD_SLOPE_CELLS))
            s->points[i].count = told;
        if (!json_is_array(one) || json_array_size(one) != s->points[i].count)
            status = damaged(name, "points", error);
        for (size_t k = 0; k < s->points[i].count && status == RAD_OK; k++)
            status = read_sum(name, json_array_get(one, k), &s->points[i].sums[k], error);
    }
    return status;
}

static rad_status read_all(const char *name, const json_t *all, const rad_round_state *state,
                           rad_round_sums *s, rad_error *error) {
    rad_round_sums head = {.round = 0};
    char format[32];
    const json_t *round = json_object_get(all, "round");
    if (!copy_text(all, "format", format, sizeof format) || strcmp(format, "radiomill round 1") != 0)
        return damaged(name, "format is not radiomill round 1", error);
    if (!copy_text(all, "site", head.site, sizeof head.site) || !rad_signer_is_name(head.site) ||
        !copy_text(all, "study", head.study_hash, sizeof head.study_hash) ||
        !copy_text(all, "model", head.model, sizeof head.model) ||
        !copy_text(all, "state", head.state, sizeof head.state) || !json_is_integer(round) ||
        json_integer_value(round) < 0 || json_integer_value(round) > 1000000)
        return damaged(name, "site, study, model, state or round", error);
    if (strcmp(head.study_hash, state->study_hash) != 0 || strcmp(head.model, state->model) != 0)
        return rad_fail(error, RAD_CONFIG,
                        "%s: answers model %.60s of another study, or of another text of it; all sites need "
                        "the same state",
                        name, head.model);
    if (strcmp(head.state, state->digest) != 0)
        return rad_fail(error, RAD_CONFIG,
                        "%s: site %s answers another state (of round %lld); this one is of round %u: send "
                        "the site this state, or take the file that answers it",
                        name, head.site, (long long)json_integer_value(round), state->round);
    rad_status status = rad_round_sums_allocate(s, state, head.site, error);
    if (status == RAD_OK && (!copy_count(all, "patients", &s->patients) ||
                             !copy_count(all, "events", &s->events) || s->events > INT32_MAX))
        status = damaged(name, "patients or events", error);
    if (status == RAD_OK) status = read_sum(name, json_object_get(all, "saturated"), &s->saturated, error);
    return status == RAD_OK ? read_points(name, json_object_get(all, "points"), s, error) : status;
}

rad_status rad_round_sums_parse(const rad_bytes *file, const char *name, const rad_round_state *state,
                                const rad_trusted *trusted, rad_round_sums *s, rad_error *error) {
    json_t *all = NULL;
    const char *signer = NULL;
    *s = (rad_round_sums){.round = 0};
    rad_status status = trusted ? rad_radsum_check_signature(name, "round", (const char *)file->data,
                                                             file->length, trusted, &signer, error)
                                : RAD_OK;
    if (status == RAD_OK) status = rad_tree_parse(file->data, file->length, name, &all, error);
    if (status == RAD_OK) status = read_all(name, all, state, s, error);
    json_decref(all);
    if (status == RAD_OK && signer && strcmp(signer, s->site) != 0)
        status =
            rad_fail(error, RAD_UNTRUSTED, "%s: claims to be from site %s, but is signed with the key of %s",
                     name, s->site, signer);
    if (status == RAD_OK) rad_hash_digest(file->data, file->length, s->digest);
    if (status != RAD_OK) rad_round_sums_free(s);
    return status;
}

rad_status rad_round_sums_read(const char *path, const rad_round_state *state, const rad_trusted *trusted,
                               const rad_signer *reader, rad_round_sums *s, rad_error *error) {
    rad_bytes file;
    *s = (rad_round_sums){.round = 0};
    rad_status status = rad_sealed_read(path, reader, &file, NULL, error);
    if (status != RAD_OK) return status;
    status = file.length > RAD_ROUND_SUMS_MAX
                 ? rad_fail(error, RAD_UNREADABLE, "%s: is too large for an answer", path)
                 : rad_round_sums_parse(&file, path, state, trusted, s, error);
    rad_bytes_free(&file);
    return status;
}
