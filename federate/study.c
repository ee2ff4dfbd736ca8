#include "study.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"
#include "analyses.h"
#include "plain.h"
#include "study_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A key of the study: how its node is read. */
typedef struct row {
    const char *key;
    rad_status (*read)(rad_study_reader *r, const rad_node *node);
} row;

static const row *find_row(const row *rows, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].key, key)) return &rows[i];
    return NULL;
}

static rad_status unknown_key(rad_study_reader *r, const rad_node *node, const row *rows, size_t count) {
    char known[512] = "";
    for (size_t k = 0, used = 0; k < count && used < sizeof known; k++)
        if (find_row(rows, k, rows[k].key) == NULL) /* some are read in two steps */
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", rows[k].key);
    return RAD_STUDY_FAIL(r, node, "%.60s is not a key of a study; the keys are %s", node->key, known);
}

static rad_status read_id(rad_study_reader *r, const rad_node *node) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    rad_status status = rad_study_reader_text(r, node, &r->s->id);
    if (status == RAD_OK && (r->s->id[strspn(r->s->id, allowed)] || strlen(r->s->id) > 80))
        status =
            RAD_STUDY_FAIL(r, node, "study: an id of letters, digits, dot, - and _ is expected, at most 80");
    return status;
}

static rad_status read_title(rad_study_reader *r, const rad_node *node) {
    return rad_study_reader_text(r, node, &r->s->title);
}

static rad_status read_patient(rad_study_reader *r, const rad_node *node) {
    return rad_study_reader_text(r, node, &r->s->patient);
}

static rad_status read_settings(rad_study_reader *r, const rad_node *node) {
    return rad_study_reader_text(r, node, &r->s->settings);
}

static rad_status read_features(rad_study_reader *r, const rad_node *node) {
    r->s->features = node;
    const rad_status status = rad_study_reader_list(r, node, 1);
    return status == RAD_OK ? rad_patterns_make(node, &r->s->feature_names, r->error) : status;
}

static rad_status read_covariance(rad_study_reader *r, const rad_node *node) {
    r->s->covariance = node;
    const rad_status status = rad_study_reader_list(r, node, 1);
    return status == RAD_OK ? rad_patterns_make(node, &r->s->panel_names, r->error) : status;
}

static rad_status unknown_analysis(rad_study_reader *r, const rad_node *node) {
    char known[256] = "";
    for (size_t k = 0, used = 0; k < RAD_ANALYSES && used < sizeof known; k++)
        used +=
            (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", rad_analyses[k].word);
    return RAD_STUDY_FAIL(r, node, "%.60s is not an analysis; the analyses are %s", node->text, known);
}

static rad_status read_analyses(rad_study_reader *r, const rad_node *node) {
    rad_status status = rad_study_reader_list(r, node, 1);
    r->s->analyses = 0;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        size_t k = 0;
        while (k < RAD_ANALYSES && strcmp(rad_analyses[k].word, node->child[i].text) != 0) k++;
        if (k == RAD_ANALYSES)
            status = unknown_analysis(r, &node->child[i]);
        else
            r->s->analyses |= 1U << k;
    }
    return status;
}

static rad_status read_quantiles(rad_study_reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST || node->count > RAD_QUANTILES_MAX)
        return RAD_STUDY_FAIL(r, node, "quantiles: a list of at most %d numbers is expected",
                              RAD_QUANTILES_MAX);
    r->s->quantile_count = 0;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        double *q = &r->s->quantiles[r->s->quantile_count++];
        status = rad_study_reader_number(r, &node->child[i], q);
        if (status == RAD_OK && !(*q > 0 && *q < 1))
            status = RAD_STUDY_FAIL(
                r, &node->child[i],
                "a quantile must lie between 0 and 1; minimum and maximum are single patients");
    }
    return status;
}

static rad_status read_reference(rad_study_reader *r, const rad_node *node) {
    return rad_study_reader_text(r, node, &r->s->reference);
}

/* A factor of the patients, which is not a covariate as well: its levels are taken out. */
static rad_status read_batch_by(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    rad_status status = rad_study_reader_text(r, node, &s->batch_by);
    if (status != RAD_OK) return status;
    if (rad_study_factor(s, s->batch_by) == s->factor_count)
        return RAD_STUDY_FAIL(r, node, "by: %.60s is no covariate with levels", s->batch_by);
    if (!s->model)
        return RAD_STUDY_FAIL(r, node, "by: harmonisation needs `model`, its covariates ([] for none)");
    for (size_t i = 0; i < s->model->count; i++)
        if (!strcmp(s->model->child[i].text, s->batch_by))
            return RAD_STUDY_FAIL(r, node, "by: %.60s is a covariate of `model`, which harmonisation keeps",
                                  s->batch_by);
    if (s->reference)
        return RAD_STUDY_FAIL(r, node, "by: batches within sites have no reference, which is a site");
    return RAD_OK;
}

/* CovBat: sites find the scores of components by themselves, each for itself. */
static rad_status read_batch_covariance(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    rad_status status = rad_study_reader_number(r, node, &s->batch_covariance);
    if (status == RAD_OK && !(s->batch_covariance > 0 && s->batch_covariance < 1))
        status = RAD_STUDY_FAIL(r, node, "covariance: a share above 0 and below 1 is expected, such as 0.95");
    if (status == RAD_OK && (s->batch_by || s->batch_merge || s->reference))
        status = RAD_STUDY_FAIL(
            r, node, "covariance: goes with sites as batches, without `by`, `small: merge` and a reference");
    if (status == RAD_OK && (!s->model || !rad_study_asks(s, RAD_COVARIANCE)))
        status = RAD_STUDY_FAIL(
            r, node, "covariance: needs `model` ([] for no covariates) and the analysis covariance");
    return status;
}

static rad_status read_batches(rad_study_reader *r, const rad_node *node) {
    static const char *const keys[] = {"minimum", "small", "by", "covariance", NULL};
    rad_study *s = r->s;
    double minimum = s->batch_minimum;
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "batches: {minimum: 20, small: merge} is expected");
    const rad_node *least = rad_node_find(node, "minimum"), *small = rad_node_find(node, "small"),
                   *by = rad_node_find(node, "by");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status == RAD_OK && least) status = rad_study_reader_number(r, least, &minimum);
    if (status == RAD_OK && !(minimum >= 2 && minimum <= 1000000 && minimum == floor(minimum)))
        status = RAD_STUDY_FAIL(r, least, "minimum: a whole number of patients, at least 2, is expected");
    const char *word = small && small->kind == RAD_NODE_TEXT ? small->text : small ? "" : "refuse";
    s->batch_merge = !strcmp(word, "merge");
    if (status == RAD_OK && !s->batch_merge && strcmp(word, "refuse") != 0)
        status = RAD_STUDY_FAIL(r, small, "small: refuse or merge is expected");
    if (status == RAD_OK) s->batch_minimum = (int)minimum;
    if (status == RAD_OK && by) status = read_batch_by(r, by);
    const rad_node *covariance = rad_node_find(node, "covariance");
    return status == RAD_OK && covariance ? read_batch_covariance(r, covariance) : status;
}

static rad_status read_redundancy(rad_study_reader *r, const rad_node *node) {
    rad_status status = rad_study_reader_number(r, node, &r->s->redundancy);
    if (status == RAD_OK && !(r->s->redundancy > 0 && r->s->redundancy <= 1))
        status = RAD_STUDY_FAIL(r, node, "redundancy: a number above 0, at most 1 is expected");
    return status;
}

static rad_status read_volume(rad_study_reader *r, const rad_node *node) {
    return rad_study_reader_text(r, node, &r->s->volume);
}

static rad_status read_missing(rad_study_reader *r, const rad_node *node) {
    const char *word = node->kind == RAD_NODE_TEXT ? node->text : "";
    r->s->complete = !strcmp(word, "complete");
    if (r->s->complete || !strcmp(word, "pairwise")) return RAD_OK;
    return RAD_STUDY_FAIL(r, node, "missing: pairwise or complete is expected");
}

static rad_status read_thresholds(rad_study_reader *r, const rad_node *node) {
    return rad_rules_read(node, r->name, &r->s->rules, r->error);
}

/* Covariates and outcomes come before what names them, whatever their order in the file. */
static const row rows[] = {
    {"study", read_id},
    {"title", read_title},
    {"patient", read_patient},
    {"settings", read_settings},
    {"where", rad_study_read_where},
    {"features", read_features},
    {"covariates", rad_study_read_covariates},
    {"outcomes", rad_study_read_outcomes},
    {"repeats", rad_study_read_repeats},
    {"derived", rad_study_read_derived},
    {"variables", rad_study_read_variables},
    {"groups", rad_study_read_groups},
    {"outcomes", rad_study_read_strata},
    {"tables", rad_study_read_tables},
    {"performance", rad_study_read_performance},
    {"covariance", read_covariance},
    {"analyses", read_analyses},
    {"quantiles", read_quantiles},
    {"model", rad_study_read_model},
    {"models", rad_study_read_models},
    {"reference", read_reference},
    {"batches", read_batches},
    {"redundancy", read_redundancy},
    {"volume", read_volume},
    {"missing", read_missing},
    {"thresholds", read_thresholds},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static rad_status read_study(rad_study_reader *r) {
    rad_study *s = r->s;
    rad_status status = rad_plain_check(&s->document, r->name, r->error);
    if (status == RAD_OK) status = rad_patterns_bound(&s->document, r->name, 0, r->error);
    if (status == RAD_OK) status = rad_rules_read(NULL, r->name, &s->rules, r->error);
    for (size_t i = 0; i < s->document.count && status == RAD_OK; i++)
        if (!find_row(rows, ROWS, s->document.child[i].key))
            return unknown_key(r, &s->document.child[i], rows, ROWS);
    for (size_t i = 0; i < ROWS && status == RAD_OK; i++) {
        const rad_node *node = rad_node_find(&s->document, rows[i].key);
        if (node) status = rows[i].read(r, node);
    }
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_analyses[i].needs && !rad_analyses[i].needs(s)) s->analyses &= ~(1U << i);
    if (status == RAD_OK) status = rad_study_check_models(r);
    if (status == RAD_OK) status = rad_study_check_where(r);
    if (status == RAD_OK && !s->id) status = RAD_STUDY_FAIL(r, &s->document, "study: an id is needed");
    if (status == RAD_OK && !s->features)
        status = RAD_STUDY_FAIL(r, &s->document, "features: a panel is needed");
    return status;
}

rad_status rad_study_parse(const char *text, size_t length, const char *name, rad_study *study,
                           rad_error *error) {
    *study = (rad_study){.patient = "case",
                         .title = "",
                         .volume = "",
                         .redundancy = 0.9,
                         .batch_minimum = 10,
                         .quantiles = {0.25, 0.5, 0.75},
                         .quantile_count = 3};
    for (size_t i = 0; i < RAD_ANALYSES; i++) study->analyses |= (unsigned)rad_analyses[i].standard << i;
    rad_study_reader r = {study, name, error};
    rad_status status = rad_document_parse(text, length, name, &study->document, error);
    study->path = status == RAD_OK ? rad_text_copy(name, error) : NULL;
    if (status == RAD_OK && !study->path) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = read_study(&r);
    rad_hash_digest(text, length, study->hash);
    if (status != RAD_OK) rad_study_free(study);
    return status;
}

rad_status rad_study_read(const char *path, rad_study *study, rad_error *error) {
    rad_bytes bytes;
    *study = (rad_study){.path = NULL};
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    status = rad_study_parse((const char *)bytes.data, bytes.length, path, study, error);
    rad_bytes_free(&bytes);
    return status;
}

void rad_study_free(rad_study *study) {
    rad_patterns_free(&study->feature_names);
    rad_patterns_free(&study->panel_names);
    rad_patterns_free(&study->variable_names);
    rad_study_free_models(study);
    rad_node_free(&study->document);
    rad_free(study->path);
    *study = (rad_study){.path = NULL};
}

bool rad_study_asks(const rad_study *study, rad_analysis analysis) {
    return study->analyses >> analysis & 1;
}

size_t rad_study_factor(const rad_study *study, const char *name) {
    size_t i = 0;
    while (i < study->factor_count && strcmp(study->factors[i].name, name) != 0) i++;
    return i;
}
