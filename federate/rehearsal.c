#include "rehearsal.h"

#include "../core/bitset.h"
#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"
#include "analyses.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { TEXTS_MAX = 6, NUMBER_MAX = 1000000 };

/* What is put out, and what was before. */
typedef struct writing {
    const rad_summary *summary;
    const rad_study *study;
    uint32_t number;
    FILE *out;
    size_t count;
    rad_status status;
    rad_error *error;
} writing;

/* A part, as texts that end with NULL, and whether it fits. */
static void put_part(writing *w, bool fits, const char *first, ...) {
    va_list list;
    json_t *part = json_array();
    va_start(list, first);
    for (const char *text = first; text; text = va_arg(list, const char *))
        rad_tree_add(&part, json_string(text));
    va_end(list);
    rad_tree_add(&part, json_boolean(fits));
    if (w->status != RAD_OK) {
        json_decref(part);
        return;
    }
    fputs(w->count++ ? ",\n  " : "\n  ", w->out);
    w->status = rad_tree_put(w->out, part, JSON_COMPACT, w->error);
}

static const char *level_of(const rad_factor *f, size_t level) {
    return level < f->levels ? f->level[level] : "";
}

static void put_variable(writing *w, size_t v) {
    const rad_summary *s = w->summary;
    const rad_study *study = w->study;
    const rad_summary_variable *x = &s->variables[v];
    put_part(w, s->moments[v].powers > 0, "moments", x->name, NULL);
    if (rad_study_asks(study, RAD_SKEWNESS))
        put_part(w, s->moments[v].powers == 4, "skewness", x->name, NULL);
    for (size_t f = 0; f < study->factor_count && rad_study_asks(study, RAD_GROUPS); f++)
        for (size_t l = 0; l < study->factors[f].levels && study->factors[f].group; l++)
            put_part(w, rad_summary_level(s, study, f, l, v)->powers > 0, "groups", x->name,
                     study->factors[f].name, study->factors[f].level[l], NULL);
    if (rad_study_asks(study, RAD_HISTOGRAMS)) put_part(w, x->counted, "histograms", x->name, NULL);
    for (size_t a = 0; a < RAD_ANALYSES; a++)
        if (s->blocks[a].cells && x->kind == RAD_FEATURE)
            put_part(w, s->blocks[a].shown[v], rad_analyses[a].word, x->name, NULL);
}

static void put_counts(writing *w) {
    const rad_summary *s = w->summary;
    const rad_study *study = w->study;
    for (size_t f = 0; f < study->factor_count; f++)
        for (size_t l = 0; l <= study->factors[f].levels; l++)
            put_part(w, s->levels[f * (RAD_FACTOR_LEVELS + 1) + l] >= 0, "levels", study->factors[f].name,
                     level_of(&study->factors[f], l), NULL);
    for (size_t t = 0; t < study->table_count && rad_study_asks(study, RAD_TABLES); t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++)
            put_part(w, s->tables[t][i] >= 0, "tables", a->name, level_of(a, i / (b->levels + 1)), b->name,
                     level_of(b, i % (b->levels + 1)), NULL);
    }
}

static void put_pairs(writing *w) {
    const rad_summary *s = w->summary;
    if (!s->panel && rad_study_asks(w->study, RAD_COVARIANCE)) put_part(w, false, "covariance", NULL);
    for (size_t j = 0; j < s->panel; j++)
        for (size_t i = 0; i <= j; i++)
            put_part(w, s->product_shown[j * (j + 1) / 2 + i], "covariance", s->variables[s->of[i]].name,
                     s->variables[s->of[j]].name, NULL);
}

/* Which times of the grid the life table of a stratum would have. */
static void put_times(writing *w, const rad_survival *v, const rad_lifetable *t, const char *factor,
                      const char *level) {
    for (size_t g = 1, e = 1; g < v->times; g++) {
        char time[32];
        while (e < t->edges && t->edge[e] < g) e++;
        snprintf(time, sizeof time, "%.17g", v->grid[g]);
        put_part(w, e < t->edges && t->edge[e] == g, "survival", v->name, factor, level, time, NULL);
    }
}

static void put_survivals(writing *w) {
    const rad_study *study = w->study;
    const rad_lifetable none = {.edges = 0};
    for (size_t i = 0; i < study->survival_count && rad_study_asks(study, RAD_SURVIVAL); i++) {
        const rad_lifetables *all = &w->summary->lifetables[i];
        put_times(w, &study->survivals[i], all->strata ? &all->stratum[0] : &none, "", "");
        for (size_t f = 0; f < study->factor_count; f++)
            for (size_t l = 0; l < study->factors[f].levels && study->survivals[i].by[f]; l++)
                put_times(w, &study->survivals[i],
                          all->strata ? &all->stratum[rad_lifetable_stratum(study, i, f, l)] : &none,
                          study->factors[f].name, study->factors[f].level[l]);
    }
}

/* Whether ranks of a score fit, and at which of its cuts it would be told who is above. */
static void put_performances(writing *w) {
    const rad_study *study = w->study;
    for (size_t i = 0; i < study->performance_count && rad_study_asks(study, RAD_PERFORMANCE); i++) {
        const rad_performance *of = &study->performances[i];
        const rad_performed *p = &w->summary->performed[i];
        put_part(w, p->shown, "performance", of->name, NULL);
        for (size_t k = 1, e = 1; k <= of->cuts; k++) {
            char cut[32];
            while (e < p->classes.edges && p->classes.edge[e] < k) e++;
            snprintf(cut, sizeof cut, "%.17g", of->cut[k - 1]);
            put_part(w, e < p->classes.edges && p->classes.edge[e] == k, "performance", of->name, cut, NULL);
        }
        if (of->probability) put_part(w, p->predicted != NULL, "performance", of->name, "calibration", NULL);
    }
}

static rad_status write_body(FILE *out, void *context, rad_error *error) {
    writing *w = context;
    const rad_summary *s = w->summary;
    w->out = out;
    w->error = error;
    fprintf(out,
            "{\n \"format\": \"rehearsal 1\",\n \"study\": {\"id\": \"%s\", \"hash\": \"%s\"},\n \"site\": "
            "\"%s\",\n"
            " \"number\": %" PRIu32 ",\n \"engine\": \"%s\",\n \"check\": \"%s\",\n \"parts\": [",
            s->study, s->study_hash, s->site, w->number, s->engine, s->check);
    for (size_t v = 0; v < s->count && w->status == RAD_OK; v++) put_variable(w, v);
    put_counts(w);
    put_pairs(w);
    put_survivals(w);
    put_performances(w);
    fputs("]", out);
    return w->status;
}

rad_status rad_rehearsal_body(const rad_summary *s, const rad_study *study, uint32_t number, rad_bytes *body,
                              rad_error *error) {
    writing w = {.summary = s, .study = study, .number = number};
    rad_status status = rad_sink_collect(write_body, &w, body, error);
    if (status == RAD_OK && body->length > RAD_REHEARSAL_MAX) {
        rad_bytes_free(body);
        status = rad_fail(error, RAD_REFUSED, "the rehearsal is larger than %d MB; name fewer features",
                          RAD_REHEARSAL_MAX >> 20);
    }
    return status;
}

rad_status rad_rehearsal_write(const char *path, const rad_bytes *body, const rad_signer *me,
                               rad_error *error) {
    unsigned char signature[RAD_SIGNATURE];
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1], tail[RAD_RADSUM_TAIL_LENGTH + 1];
    rad_signer_sign(me, "rehearsal", body->data, body->length, signature);
    snprintf(tail, sizeof tail, RAD_RADSUM_TAIL, rad_hash_text(me->public_key, RAD_KEY_BYTES, key),
             rad_hash_text(signature, sizeof signature, value));
    const rad_bytes pieces[] = {*body, {(unsigned char *)tail, RAD_RADSUM_TAIL_LENGTH}};
    return rad_bytes_write(path, pieces, 2, error);
}

static rad_status damaged(const char *name, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: is not a rehearsal, or is damaged: %s", name, what);
}

/* A member of text that has a place. */
static bool read_text(const json_t *object, const char *key, char *to, size_t size) {
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || strlen(text) >= size) return false;
    memcpy(to, text, strlen(text) + 1);
    return true;
}

static bool is_part(const json_t *part) {
    const size_t count = json_array_size(part);
    bool fine = count >= 2 && count <= TEXTS_MAX && json_is_boolean(json_array_get(part, count - 1));
    for (size_t i = 0; i + 1 < count && fine; i++) fine = json_is_string(json_array_get(part, i));
    return fine;
}

static rad_status read_all(const char *name, const rad_study *study, json_t *all, rad_rehearsal *r,
                           rad_error *error) {
    const char *format = json_string_value(json_object_get(all, "format")), *hash, *id;
    const json_t *of = json_object_get(all, "study"), *number = json_object_get(all, "number");
    const json_int_t n = json_integer_value(number);
    if (!format || strcmp(format, "rehearsal 1") != 0)
        return damaged(name, "format is not rehearsal 1", error);
    id = json_string_value(json_object_get(of, "id"));
    hash = json_string_value(json_object_get(of, "hash"));
    if (!id || !hash) return damaged(name, "study", error);
    if (strcmp(id, study->id) != 0 || strcmp(hash, study->hash) != 0)
        return rad_fail(
            error, RAD_CONFIG,
            "%s: is a rehearsal of study %.80s, or of another text of it; all sites and the pool need "
            "the same file",
            name, id);
    if (!read_text(all, "site", r->site, sizeof r->site) || !rad_signer_is_name(r->site) ||
        !read_text(all, "engine", r->engine, sizeof r->engine) ||
        !read_text(all, "check", r->check, sizeof r->check))
        return damaged(name, "site, engine or check", error);
    if (!json_is_integer(number) || n < 0 || n > NUMBER_MAX) return damaged(name, "number", error);
    r->number = (uint32_t)n;
    r->parts = json_incref(json_object_get(all, "parts"));
    if (!json_array_size(r->parts)) return damaged(name, "parts", error);
    for (size_t i = 0; i < json_array_size(r->parts); i++)
        if (!is_part(json_array_get(r->parts, i))) return damaged(name, "parts", error);
    return RAD_OK;
}

rad_status rad_rehearsal_parse(const char *bytes, size_t length, const char *name, const rad_study *study,
                               const rad_trusted *trusted, rad_rehearsal *r, rad_error *error) {
    json_t *all = NULL;
    const char *signer = NULL;
    *r = (rad_rehearsal){.number = 0};
    rad_status status =
        trusted ? rad_radsum_check_signature(name, "rehearsal", bytes, length, trusted, &signer, error)
                : RAD_OK;
    if (status == RAD_OK) status = rad_tree_parse(bytes, length, name, &all, error);
    if (status == RAD_OK) status = read_all(name, study, all, r, error);
    json_decref(all);
    if (status == RAD_OK && signer && strcmp(signer, r->site) != 0)
        status =
            rad_fail(error, RAD_UNTRUSTED, "%s: claims to be from site %s, but is signed with the key of %s",
                     name, r->site, signer);
    if (status != RAD_OK) rad_rehearsal_free(r);
    return status;
}

rad_status rad_rehearsal_read(const char *path, const rad_study *study, const rad_trusted *trusted,
                              rad_rehearsal *r, rad_error *error) {
    rad_bytes file;
    *r = (rad_rehearsal){.number = 0};
    rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    status = file.length > RAD_REHEARSAL_MAX + RAD_RADSUM_TAIL_LENGTH
                 ? rad_fail(error, RAD_UNREADABLE, "%s: is too large for a rehearsal", path)
                 : rad_rehearsal_parse((const char *)file.data, file.length, path, study, trusted, r, error);
    rad_bytes_free(&file);
    return status;
}

void rad_rehearsal_free(rad_rehearsal *r) {
    json_decref(r->parts);
    *r = (rad_rehearsal){.number = 0};
}
