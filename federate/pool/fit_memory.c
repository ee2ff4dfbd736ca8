#include "fit.h"

#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../io/tree.h"
#include "../round_terms.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

/* What is closed begins with this, what is open with a brace. */
enum { CLOSED = 1, CLOSED_HEAD = 1 + crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES };
enum {
    VERSION = 2, /* of what is remembered */
    ORDER = 9    /* numbers of a site that was left out */
};

static json_t *numbers_list(const double *x, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) rad_tree_add(&list, isfinite(x[i]) ? json_real(x[i]) : json_null());
    return list;
}

static json_t *track_object(const rad_fit_track *t, size_t c) {
    return json_pack("{s:s, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:o, s:o, s:o, s:o, s:o}",
                     "without", t->without, "digits", t->digits, "asked", t->asked, "phase", (int)t->phase,
                     "at", (json_int_t)t->at, "halvings", (json_int_t)t->halvings, "rounds",
                     (json_int_t)t->rounds, "halved", (json_int_t)t->halved, "term", (json_int_t)t->term,
                     "likelihood", t->likelihood, "null", t->null, "weight", t->weight, "base",
                     numbers_list(t->base, c), "score", numbers_list(t->score, c), "trial",
                     numbers_list(t->trial, c), "curvature", numbers_list(t->curvature, c * c), "start",
                     numbers_list(t->start, c * c));
}

static json_t *found_object(const rad_fit_found *x, size_t c) {
    const double single[] = {x->likelihood, x->left_out, x->intercept_se},
                 order[] = {x->order.told,           x->order.value,     x->order.variance,
                            x->order.expected,       x->order.squares,   x->order.slope,
                            x->order.slope_variance, x->order.intercept, x->order.intercept_variance};
    json_t *found = json_pack(
        "{s:I, s:I, s:I, s:I, s:b, s:o, s:o, s:o}", "track", (json_int_t)x->track, "at", (json_int_t)x->at,
        "rounds", (json_int_t)x->rounds, "halved", (json_int_t)x->halved, "converged", (int)x->converged,
        "numbers", numbers_list(single, 3), "beta", numbers_list(x->beta, c), "se", numbers_list(x->se, c));
    bool joint = false;
    for (size_t j = 0; j < c; j++) joint = joint || !isnan(x->joint[j]);
    if (joint) rad_tree_set(&found, "joint", numbers_list(x->joint, c));
    if (x->order.asked) rad_tree_set(&found, "order", numbers_list(order, ORDER));
    return found;
}

static json_t *fit_object(const rad_rounds_fit *f) {
    const size_t c = rad_round_columns(&f->state);
    json_t *sites = json_array(), *tracks = json_array(), *found = json_array();
    for (size_t i = 0; i < f->site_count; i++)
        rad_tree_add(&sites, json_pack("[s, f, f, f]", f->sites[i].name, f->sites[i].patients,
                                       f->sites[i].events, f->sites[i].saturated));
    for (size_t i = 0; i < f->track_count; i++) rad_tree_add(&tracks, track_object(&f->tracks[i], c));
    for (size_t i = 0; i < f->found_count; i++) rad_tree_add(&found, found_object(&f->found[i], c));
    return json_pack("{s:i, s:s, s:o, s:o, s:o, s:o}", "version", VERSION, "gone", f->gone, "sites", sites,
                     "lambda", numbers_list(f->lambda, f->lambdas), "tracks", tracks, "found", found);
}

/* What a coordinator remembers has sums of single sites in it: their own eyes only. The nonce follows from
 * the text, so that the same round gives the same bytes. */
static rad_status close_memory(const rad_bytes *text, const rad_signer *me, rad_bytes *closed,
                               rad_error *error) {
    unsigned char secret[RAD_DERIVED];
    closed->length = CLOSED_HEAD + text->length;
    closed->data = rad_new_raw(closed->length, 1, error);
    if (!closed->data) return RAD_NO_MEMORY;
    unsigned char *nonce = closed->data + 1;
    closed->data[0] = CLOSED;
    rad_signer_derive(me, "memory of a model", secret);
    crypto_generichash(nonce, crypto_secretbox_NONCEBYTES, text->data, text->length, secret, sizeof secret);
    crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, text->data, text->length, nonce, secret);
    sodium_memzero(secret, sizeof secret);
    return RAD_OK;
}

rad_status rad_fit_remember(rad_rounds_fit *f, const rad_signer *me, rad_error *error) {
    rad_bytes text = {0};
    rad_status status = rad_tree_text(fit_object(f), JSON_COMPACT, &text, error);
    rad_bytes_free(&f->state.memory);
    if (status != RAD_OK || !me) {
        f->state.memory = text;
        return status;
    }
    status = close_memory(&text, me, &f->state.memory, error);
    rad_bytes_free(&text);
    return status;
}

static rad_status open_memory(const rad_bytes *closed, const rad_signer *me, rad_bytes *text,
                              rad_error *error) {
    unsigned char secret[RAD_DERIVED];
    const bool is_closed = closed->length > CLOSED_HEAD && closed->data[0] == CLOSED;
    text->length = closed->length - (is_closed ? CLOSED_HEAD : 0);
    text->data = rad_new_raw(text->length + 1, 1, error);
    if (!text->data) return RAD_NO_MEMORY;
    bool fine = !is_closed;
    if (!is_closed) {
        memcpy(text->data, closed->data, closed->length);
    } else if (me) {
        const unsigned char *nonce = closed->data + 1;
        rad_signer_derive(me, "memory of a model", secret);
        fine = !crypto_secretbox_open_easy(text->data, nonce + crypto_secretbox_NONCEBYTES,
                                           closed->length - 1 - crypto_secretbox_NONCEBYTES, nonce, secret);
        sodium_memzero(secret, sizeof secret);
    }
    if (fine) return RAD_OK;
    rad_bytes_free(text);
    return rad_fail(error, RAD_UNTRUSTED,
                    "the state was made with %s: the key of the coordinator that began the model is needed "
                    "(--key)",
                    me ? "another key" : "a key");
}

/* What is read, and whether all of it was as it should be. */
typedef struct reading {
    rad_rounds_fit *f;
    bool fine;
} reading;

static void read_numbers(reading *r, const json_t *list, size_t count, double *to) {
    r->fine = r->fine && json_array_size(list) == count;
    for (size_t i = 0; i < count && r->fine; i++) {
        const json_t *one = json_array_get(list, i);
        r->fine = json_is_number(one) || json_is_null(one);
        to[i] = json_is_null(one) ? NAN : json_number_value(one);
    }
}

static size_t read_count(reading *r, const json_t *object, const char *key, size_t most) {
    const json_t *value = json_object_get(object, key);
    const json_int_t count = json_integer_value(value);
    r->fine = r->fine && json_is_integer(value) && count >= 0 && (uint64_t)count <= most;
    return r->fine ? (size_t)count : 0;
}

static double read_number(reading *r, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    r->fine = r->fine && json_is_number(value);
    return json_number_value(value);
}

static void read_name(reading *r, const json_t *value, char to[RAD_SITE]) {
    const char *text = json_string_value(value);
    r->fine = r->fine && text && strlen(text) < RAD_SITE;
    if (r->fine) memcpy(to, text, strlen(text) + 1);
}

static rad_status read_sites(reading *r, const json_t *list, rad_error *error) {
    const size_t count = json_array_size(list);
    r->fine = r->fine && count <= RAD_ROUND_SITES;
    r->f->sites = rad_new(count, sizeof *r->f->sites, error);
    if (!r->f->sites) return RAD_NO_MEMORY;
    for (; r->fine && r->f->site_count < count; r->f->site_count++) {
        const json_t *one = json_array_get(list, r->f->site_count);
        rad_fit_site *s = &r->f->sites[r->f->site_count];
        read_name(r, json_array_get(one, 0), s->name);
        s->patients = json_number_value(json_array_get(one, 1));
        s->events = json_number_value(json_array_get(one, 2));
        s->saturated = json_number_value(json_array_get(one, 3));
    }
    return RAD_OK;
}

static rad_status read_track(reading *r, const json_t *one, rad_fit_track *t, rad_error *error) {
    const size_t c = rad_round_columns(&r->f->state);
    t->curvature = rad_new(c, c * sizeof *t->curvature, error);
    t->start = rad_new(c, c * sizeof *t->start, error);
    if (!t->curvature || !t->start) return RAD_NO_MEMORY;
    read_name(r, json_object_get(one, "without"), t->without);
    t->phase = (rad_fit_phase)read_count(r, one, "phase", RAD_FIT_WAITING);
    t->at = read_count(r, one, "at", r->f->lambdas);
    t->digits = (int)read_number(r, one, "digits");
    t->asked = (int)read_number(r, one, "asked");
    t->halvings = read_count(r, one, "halvings", RAD_FIT_HALVINGS + 1);
    t->rounds = read_count(r, one, "rounds", 1000000);
    t->halved = read_count(r, one, "halved", 1000000);
    t->term = read_count(r, one, "term", c - 1);
    const bool moves = t->phase == RAD_FIT_SEARCH || t->phase == RAD_FIT_FINAL;
    r->fine = r->fine && (!moves || t->at < r->f->lambdas);
    t->likelihood = read_number(r, one, "likelihood");
    t->null = read_number(r, one, "null");
    t->weight = read_number(r, one, "weight");
    read_numbers(r, json_object_get(one, "base"), c, t->base);
    read_numbers(r, json_object_get(one, "score"), c, t->score);
    read_numbers(r, json_object_get(one, "trial"), c, t->trial);
    read_numbers(r, json_object_get(one, "curvature"), c * c, t->curvature);
    read_numbers(r, json_object_get(one, "start"), c * c, t->start);
    return RAD_OK;
}

static rad_status read_tracks(reading *r, const json_t *list, rad_error *error) {
    const size_t count = json_array_size(list);
    rad_status status = RAD_OK;
    r->fine = r->fine && count >= 1 && count <= RAD_ROUND_POINTS;
    r->f->tracks = rad_new(count, sizeof *r->f->tracks, error);
    if (!r->f->tracks) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count && r->fine && status == RAD_OK; i++) {
        r->f->track_count++;
        status = read_track(r, json_array_get(list, i), &r->f->tracks[i], error);
        r->fine = r->fine && (count == 1 || r->f->tracks[i].phase > RAD_FIT_NULL);
    }
    return status;
}

static void read_order(reading *r, const json_t *list, rad_fit_order *to) {
    double x[ORDER] = {0};
    read_numbers(r, list, ORDER, x);
    *to = (rad_fit_order){true, x[0] == 1, x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8]};
}

static rad_status read_found(reading *r, const json_t *list, rad_error *error) {
    const size_t c = rad_round_columns(&r->f->state), count = json_array_size(list);
    rad_status status = RAD_OK;
    r->fine = r->fine && count <= (r->f->lambdas ? (size_t)RAD_ROUND_POINTS * RAD_LAMBDAS_MAX : 0);
    for (size_t i = 0; i < count && r->fine && status == RAD_OK; i++) {
        const json_t *one = json_array_get(list, i);
        double single[3] = {0};
        status = rad_grow(&r->f->found, r->f->found_count, &r->f->found_capacity, sizeof *r->f->found, error);
        if (status != RAD_OK) return status;
        rad_fit_found *x = &r->f->found[r->f->found_count++];
        memset(x, 0, sizeof *x);
        x->track = read_count(r, one, "track", r->f->track_count - 1);
        x->at = read_count(r, one, "at", r->f->lambdas - 1);
        x->rounds = read_count(r, one, "rounds", 1000000);
        x->halved = read_count(r, one, "halved", 1000000);
        x->converged = json_is_true(json_object_get(one, "converged"));
        read_numbers(r, json_object_get(one, "numbers"), 3, single);
        x->likelihood = single[0];
        x->left_out = single[1];
        x->intercept_se = single[2];
        if (json_object_get(one, "order")) read_order(r, json_object_get(one, "order"), &x->order);
        read_numbers(r, json_object_get(one, "beta"), c, x->beta);
        read_numbers(r, json_object_get(one, "se"), c, x->se);
        const json_t *joint = json_object_get(one, "joint");
        for (size_t j = 0; j < c && !joint; j++) x->joint[j] = NAN;
        if (joint) read_numbers(r, joint, c, x->joint);
    }
    return status;
}

static rad_status read_all(reading *r, const json_t *all, rad_error *error) {
    rad_rounds_fit *f = r->f;
    const json_t *lambda = json_object_get(all, "lambda");
    const char *gone = json_string_value(json_object_get(all, "gone"));
    if (json_integer_value(json_object_get(all, "version")) != VERSION)
        return rad_fail(error, RAD_UNREADABLE,
                        "the state of model %s was written by another version of radiomill, and is not read "
                        "by this one: end the model with that version; or move the state away, and begin it "
                        "anew by `radiomill fit` without answers (ledgers of sites keep what they told)",
                        f->state.model);
    f->lambdas = json_array_size(lambda);
    r->fine = f->lambdas <= RAD_LAMBDAS_MAX && gone && strlen(gone) < sizeof f->gone;
    if (r->fine) memcpy(f->gone, gone, strlen(gone) + 1);
    if (r->fine) read_numbers(r, lambda, f->lambdas, f->lambda);
    rad_status status = read_sites(r, json_object_get(all, "sites"), error);
    if (status == RAD_OK) status = read_tracks(r, json_object_get(all, "tracks"), error);
    if (status == RAD_OK) status = read_found(r, json_object_get(all, "found"), error);
    if (status == RAD_OK && !r->fine)
        status = rad_fail(error, RAD_UNREADABLE, "the memory of the state is damaged");
    return status;
}

rad_status rad_fit_recall(const rad_study *study, const rad_signer *me, rad_rounds_fit *f, rad_error *error) {
    rad_bytes text = {0};
    json_t *all = NULL;
    reading r = {f, true};
    f->study = study;
    if (strcmp(f->state.study_hash, study->hash) != 0)
        return rad_fail(error, RAD_CONFIG,
                        "the state is of study %.80s, or of another text of it: the study of the model's "
                        "first round is needed",
                        f->state.study);
    rad_status status = rad_round_model(study, f->state.model, &f->model, error);
    if (status == RAD_OK) status = open_memory(&f->state.memory, me, &text, error);
    if (status == RAD_OK)
        status = rad_tree_parse(text.data, text.length, "the memory of the state", &all, error);
    if (status == RAD_OK) status = read_all(&r, all, error);
    json_decref(all);
    rad_bytes_free(&text);
    return status;
}
