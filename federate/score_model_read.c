#include "score_model.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/names.h"
#include "../core/number.h"
#include "../io/bytes.h"
#include "plain.h"
#include "study_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct reader {
    rad_study_reader r; /* of texts and numbers; no study */
    rad_score_model *p;
} reader;

/* A key of a signature: how its node is read. */
typedef struct row {
    const char *key;
    rad_status (*read)(reader *d, const rad_node *node);
} row;

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

static rad_status read_word(reader *d, const rad_node *node, const char *const *words, size_t count,
                            size_t *at) {
    char known[128] = "";
    const char *word = node->kind == RAD_NODE_TEXT ? node->text : "";
    for (*at = 0; *at < count; ++*at)
        if (!strcmp(words[*at], word)) return RAD_OK;
    for (size_t k = 0, used = 0; k < count; k++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", words[k]);
    return RAD_STUDY_FAIL(&d->r, node, "%.60s: one of %s is expected", node->key, known);
}

/* Digits of a hash. */
static rad_status read_digits(reader *d, const rad_node *node, size_t digits, const char **text) {
    rad_status status = rad_study_reader_text(&d->r, node, text);
    if (status == RAD_OK && (strlen(*text) != digits || strspn(*text, "0123456789abcdef") != digits))
        status = RAD_STUDY_FAIL(&d->r, node, "%.60s: %zu digits of a hash (0-9, a-f) are expected",
                                node->key ? node->key : "here", digits);
    return status;
}

static rad_status read_id(reader *d, const rad_node *node) {
    rad_status status = rad_study_reader_text(&d->r, node, &d->p->id);
    if (status == RAD_OK && (d->p->id[strspn(d->p->id, letters)] || strlen(d->p->id) > 80))
        status = RAD_STUDY_FAIL(&d->r, node,
                                "signature: an id of letters, digits, dot, - and _ is expected, at most 80");
    return status;
}

static rad_status read_title(reader *d, const rad_node *node) {
    return rad_study_reader_text(&d->r, node, &d->p->title);
}

static rad_status read_settings(reader *d, const rad_node *node) {
    return rad_study_reader_text(&d->r, node, &d->p->settings);
}

static rad_status read_harmonisation(reader *d, const rad_node *node) {
    if (node->kind == RAD_NODE_TEXT && !strcmp(node->text, "none")) return RAD_OK;
    return read_digits(d, node, RAD_DIGEST_TEXT - 1, &d->p->harmonisation);
}

static rad_status read_provenance(reader *d, const rad_node *node) {
    static const char *const keys[] = {"study", "date", "version", NULL};
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(&d->r, node,
                              "provenance: {study: hash, date: 2026-11-26, version: 1} is expected");
    const rad_node *study = rad_node_find(node, "study"), *date = rad_node_find(node, "date"),
                   *version = rad_node_find(node, "version");
    rad_status status = rad_study_reader_keys(&d->r, node, keys);
    if (status == RAD_OK && study) status = read_digits(d, study, RAD_DIGEST_TEXT - 1, &d->p->study);
    if (status == RAD_OK && date) status = rad_study_reader_text(&d->r, date, &d->p->date);
    return status == RAD_OK && version ? rad_study_reader_text(&d->r, version, &d->p->version) : status;
}

static rad_status read_kind(reader *d, const rad_node *node) {
    size_t at;
    const rad_status status = read_word(d, node, rad_score_model_words, RAD_SCORE_MODEL_KINDS, &at);
    if (status == RAD_OK) d->p->kind = (rad_score_model_kind)at;
    return status;
}

static rad_status read_link(reader *d, const rad_node *node) {
    size_t at;
    if (d->p->kind != RAD_LOGISTIC) return RAD_STUDY_FAIL(&d->r, node, "link: only a logistic model has one");
    const rad_status status = read_word(d, node, rad_link_words, RAD_LINKS, &at);
    if (status == RAD_OK) d->p->link = (rad_link)at;
    return status;
}

static rad_status read_intercept(reader *d, const rad_node *node) {
    if (d->p->kind == RAD_COX)
        return RAD_STUDY_FAIL(
            &d->r, node,
            "intercept: a Cox model has none; where its score is 0 is said by the centres of the features");
    return rad_study_reader_number(&d->r, node, &d->p->intercept);
}

static rad_status read_horizon(reader *d, const rad_node *node, const rad_node *before) {
    rad_score_model *p = d->p;
    double *time = &p->time[p->horizons], *survival = &p->survival[p->horizons];
    if (!rad_number_read(node->key, time) || !isfinite(*time) || *time < 0 || strlen(node->key) > 24 ||
        strspn(node->key, letters) != strlen(node->key))
        return RAD_STUDY_FAIL(&d->r, node, "survival: a time of 0 or more is expected, such as 24: 0.8");
    rad_status status = rad_study_reader_number(&d->r, node, survival);
    if (status == RAD_OK && !(*survival > 0 && *survival <= 1))
        status = RAD_STUDY_FAIL(&d->r, node, "survival: a share above 0, at most 1, is expected by time %s",
                                node->key);
    if (status == RAD_OK && before && (time[-1] >= *time || survival[-1] < *survival))
        status = RAD_STUDY_FAIL(&d->r, node, "survival: times rise and shares do not, unlike %s and %s",
                                before->key, node->key);
    if (status == RAD_OK) snprintf(p->risk[p->horizons++], sizeof p->risk[0], "risk_%s", node->key);
    return status;
}

static rad_status read_baseline(reader *d, const rad_node *node) {
    static const char *const keys[] = {"unit", "survival", NULL};
    const bool map = node->kind == RAD_NODE_MAP;
    if (d->p->kind != RAD_COX) return RAD_STUDY_FAIL(&d->r, node, "baseline: only a Cox model has one");
    const rad_node *unit = map ? rad_node_find(node, "unit") : NULL,
                   *survival = map ? rad_node_find(node, "survival") : NULL;
    if (!survival || survival->kind != RAD_NODE_MAP || !survival->count || survival->count > RAD_HORIZONS_MAX)
        return RAD_STUDY_FAIL(
            &d->r, node,
            "baseline: {unit: months, survival: {12: 0.91, 24: 0.83}} is expected, of 1 to %d times",
            RAD_HORIZONS_MAX);
    rad_status status = rad_study_reader_keys(&d->r, node, keys);
    if (status == RAD_OK && unit) status = rad_study_reader_text(&d->r, unit, &d->p->unit);
    for (size_t i = 0; i < survival->count && status == RAD_OK; i++)
        status = read_horizon(d, &survival->child[i], i ? &survival->child[i - 1] : NULL);
    return status;
}

static rad_status read_rescaling(reader *d, const rad_node *node, rad_term *t) {
    const char *words[16];
    for (size_t i = 0; i < rad_rescaling_count; i++) words[i] = rad_rescalings[i].word;
    return read_word(d, node, words, rad_rescaling_count, &t->rescaling);
}

static rad_status read_term(reader *d, const rad_node *node, rad_term *t) {
    static const char *const keys[] = {"name", "definition", "transform", "centre", "scale", "weight", NULL};
    const bool map = node->kind == RAD_NODE_MAP;
    const rad_node *name = map ? rad_node_find(node, "name") : NULL,
                   *weight = map ? rad_node_find(node, "weight") : NULL;
    *t = (rad_term){.scale = 1};
    if (!name || !weight)
        return RAD_STUDY_FAIL(&d->r, node,
                              "features: {name: column, weight: 0.4} is expected, and definition, transform, "
                              "centre and scale where they are known");
    const rad_node *definition = rad_node_find(node, "definition"),
                   *transform = rad_node_find(node, "transform"), *centre = rad_node_find(node, "centre"),
                   *scale = rad_node_find(node, "scale");
    rad_status status = rad_study_reader_keys(&d->r, node, keys);
    if (status == RAD_OK) status = rad_study_reader_text(&d->r, name, &t->name);
    if (status == RAD_OK && definition)
        status = read_digits(d, definition, RAD_DEFINITION - 1, &t->definition);
    if (status == RAD_OK && transform) status = read_rescaling(d, transform, t);
    if (status == RAD_OK && centre) status = rad_study_reader_number(&d->r, centre, &t->centre);
    if (status == RAD_OK && scale) status = rad_study_reader_number(&d->r, scale, &t->scale);
    if (status == RAD_OK && !(t->scale > 0))
        status = RAD_STUDY_FAIL(&d->r, scale, "scale: a number above 0 is expected");
    return status == RAD_OK ? rad_study_reader_number(&d->r, weight, &t->weight) : status;
}

/* Is no feature there twice, by its name or by what it is? */
static rad_status check_terms(reader *d, const rad_node *list, bool by_name) {
    const rad_score_model *p = d->p;
    rad_names names;
    rad_status status = rad_names_allocate(&names, p->term_count, d->r.error);
    if (status != RAD_OK) return status;
    size_t count = 0;
    for (size_t i = 0; i < p->term_count; i++) {
        const char *text = by_name ? p->terms[i].name : p->terms[i].definition;
        if (text) names.row[count++] = (rad_name){text, i};
    }
    names.count = count;
    rad_names_sort(&names);
    const size_t twice = rad_names_repeated(&names);
    rad_names_free(&names);
    if (twice == SIZE_MAX) return RAD_OK;
    return RAD_STUDY_FAIL(&d->r, &list->child[twice], "features: %.80s is given twice%s",
                          p->terms[twice].name, by_name ? "" : ", by its definition");
}

static rad_status read_features(reader *d, const rad_node *node) {
    rad_score_model *p = d->p;
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST || !node->count || node->count > RAD_SCORE_MODEL_FEATURES)
        return RAD_STUDY_FAIL(&d->r, node, "features: a list of 1 to %d is expected",
                              RAD_SCORE_MODEL_FEATURES);
    p->terms = rad_new(node->count, sizeof *p->terms, d->r.error);
    if (!p->terms) return RAD_NO_MEMORY;
    for (; p->term_count < node->count && status == RAD_OK; p->term_count++)
        status = read_term(d, &node->child[p->term_count], &p->terms[p->term_count]);
    if (status == RAD_OK) status = check_terms(d, node, true);
    return status == RAD_OK ? check_terms(d, node, false) : status;
}

/* Is that a number of which the model has one for each row? */
static bool is_output(const rad_score_model *p, const char *name) {
    bool found = !strcmp(name, "score") || (p->kind == RAD_LOGISTIC && !strcmp(name, "probability"));
    for (size_t i = 0; i < p->horizons && !found; i++) found = !strcmp(name, p->risk[i]);
    return found;
}

static rad_status read_cut(reader *d, const rad_node *node) {
    rad_score_model *p = d->p;
    rad_cut *cut = &p->cuts[p->cut_count];
    rad_status status = rad_cut_read(node, d->r.name, cut, d->r.error);
    if (status != RAD_OK) return status;
    if (!is_output(p, cut->of))
        return RAD_STUDY_FAIL(&d->r, node, "%.60s: %.60s is not a number of this model; it has score%s%s",
                              node->key, cut->of, p->kind == RAD_LOGISTIC ? ", probability" : "",
                              p->horizons ? ", and risk_TIME of each time of its baseline" : "");
    if (node->key[strspn(node->key, letters)] || is_output(p, node->key) || !strcmp(node->key, "reason") ||
        !strcmp(node->key, "roi"))
        return RAD_STUDY_FAIL(&d->r, node,
                              "cutoffs: %.60s is no name of a class: letters, digits, dot, - and _, and none "
                              "of score, probability, risk_TIME, roi, reason",
                              node->key);
    p->cut_count++;
    return RAD_OK;
}

static rad_status read_cutoffs(reader *d, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP || node->count > RAD_SCORE_MODEL_CUTS)
        return RAD_STUDY_FAIL(&d->r, node,
                              "cutoffs: at most %d, such as {high: \"score > 0.3\"}, are expected",
                              RAD_SCORE_MODEL_CUTS);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) status = read_cut(d, &node->child[i]);
    return status;
}

/* The model comes before what depends on its kind, whatever their order in the file. */
static const row rows[] = {
    {"signature", read_id},
    {"title", read_title},
    {"settings", read_settings},
    {"harmonisation", read_harmonisation},
    {"provenance", read_provenance},
    {"model", read_kind},
    {"link", read_link},
    {"intercept", read_intercept},
    {"baseline", read_baseline},
    {"features", read_features},
    {"cutoffs", read_cutoffs},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static rad_status read_all(reader *d) {
    static const char *const needed[] = {"signature", "harmonisation", "model", "features"};
    const rad_node *root = &d->p->document;
    rad_status status = rad_plain_check(root, d->r.name, d->r.error);
    for (size_t i = 0, k; i < root->count && status == RAD_OK; i++) {
        for (k = 0; k < ROWS && strcmp(rows[k].key, root->child[i].key) != 0;) k++;
        if (k == ROWS)
            status =
                RAD_STUDY_FAIL(&d->r, &root->child[i],
                               "%.60s is not a key of a signature; the keys are signature, title, settings, "
                               "harmonisation, provenance, model, link, intercept, baseline, features, "
                               "cutoffs",
                               root->child[i].key);
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0] && status == RAD_OK; i++)
        if (!rad_node_find(root, needed[i]))
            status =
                RAD_STUDY_FAIL(&d->r, root, "%s is missing%s", needed[i],
                               i == 1 ? ": none, or the hash of the harmonisation.json of its rows" : "");
    for (size_t i = 0; i < ROWS && status == RAD_OK; i++) {
        const rad_node *node = rad_node_find(root, rows[i].key);
        if (node) status = rows[i].read(d, node);
    }
    return status;
}

rad_status rad_score_model_parse(const char *text, size_t length, const char *name, rad_score_model *model,
                                 rad_error *error) {
    *model = (rad_score_model){.title = "", .unit = ""};
    reader d = {{NULL, name, error}, model};
    rad_status status = rad_document_parse(text, length, name, &model->document, error);
    if (status == RAD_OK) status = read_all(&d);
    rad_hash_digest(text, length, model->hash);
    if (status != RAD_OK) rad_score_model_free(model);
    return status;
}

rad_status rad_score_model_hash(const char *path, char hash[RAD_SCORE_MODEL_HASH], rad_error *error) {
    rad_bytes file;
    const rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    rad_hash_digest(file.data, file.length, hash);
    rad_bytes_free(&file);
    return RAD_OK;
}
